// item.c -- what handles stand for.
//
// Each item is one own handle of some instance's, so the store counts them too; here they are
// limited as the host's.

#include "wasi/p2/state.h"

#include <stdlib.h>

WasiErrno p2_trap(P2Call *c, Trap trap, const char *why)
{
    c->trap = exec_trap(&component_store(c->run)->exec, trap, "%s", why);
    return P2_E_trap;
}

P2Item *p2_item(P2Call *c, u32 arg, P2Kind kind)
{
    u64 number = c->args[arg].of.handle;
    if (number && number < c->p2->count && c->p2->items[number].kind == kind)
        return &c->p2->items[number];
    p2_trap(c, TRAP_unknown_handle, "what WASI gave is of another kind");
    return NULL;
}

static Trap grow(P2 *p2)
{
    u32 cap = p2->cap ? p2->cap * 2 : 16;
    if (cap > P2_MOST_ITEMS) return TRAP_too_many_handles;
    P2Item *items = realloc(p2->items, cap * sizeof *items);
    if (!items) return TRAP_out_of_memory;
    p2->items = items;
    p2->cap = cap;
    if (!p2->count) items[p2->count++] = (P2Item){0};
    return TRAP_none;
}

P2Item *p2_new_item(P2Call *c, P2Kind kind, P2File *file, CValue *out)
{
    P2 *p2 = c->p2;
    u32 number = p2->free;
    Trap trap = !number && p2->count == p2->cap ? grow(p2) : TRAP_none;
    if (trap) {
        p2_give_up(p2, file);
        p2_trap(c, trap, "for what WASI gives");
        return NULL;
    }
    if (number) p2->free = (u32)p2->items[number].at;
    else number = p2->count++;
    p2->items[number] = (P2Item){.kind = (u8)kind, .file = file};
    *out = (CValue){.kind = WEFT_CVALUE_OWN, .of.handle = number};
    return &p2->items[number];
}

void p2_drop_item(P2 *p2, u64 number)
{
    if (!number || number >= p2->count || !p2->items[number].kind) return;
    P2File *file = p2->items[number].file;
    p2->items[number] = (P2Item){.at = p2->free};
    p2->free = (u32)number;
    if (p2->listed.of == number) p2->listed.of = 0;
    p2_give_up(p2, file);
}

P2File *p2_new_file(P2Call *c, u32 number, bool owned)
{
    const u64 args[] = {number};
    P2File *file = malloc(sizeof *file);
    if (file) {
        *file = (P2File){number, 1, owned};
        return file;
    }
    if (owned) p2_via(c->p2, wasi_fd_close, args);
    p2_trap(c, TRAP_out_of_memory, "for a descriptor");
    return NULL;
}

P2File *p2_share(P2File *file)
{
    if (file) file->users++;
    return file;
}

void p2_give_up(P2 *p2, P2File *file)
{
    if (!file || --file->users) return;
    const u64 args[] = {file->number};
    if (file->owned) p2_via(p2, wasi_fd_close, args);
    free(file);
}
