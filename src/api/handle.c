// handle.c -- see handle.h.

#include "api/api.h"
#include "run/heap.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

// ---- The table

void handles_begin(weft_store *ws)
{
    exec_hold(&ws->s->exec, &ws->handles.held, NULL, NULL, 0);
}

void handles_end(weft_store *ws)
{
    HandleTable *t = &ws->handles;
    while (t->scope) {
        Scope *outer = t->scope->outer;
        free(t->scope);
        t->scope = outer;
    }
    exec_let_go(&ws->s->exec, &t->held);
    free(t->types);
    free(t->slots);
    free(t->all);
}

// The same memory, or another; false: it is as it was.
static bool resize(void *array, size_t count, size_t size)
{
    void *old, *now;
    size_t bytes;
    memcpy(&old, array, sizeof old);
    now = size_fits(count, size, &bytes) ? realloc(old, bytes) : NULL;
    if (now) memcpy(array, &now, sizeof now);
    return now;
}

static bool grow(HandleTable *t)
{
    u32 count = t->held.count, cap = count ? 2 * count : 16;
    if (count > UINT32_MAX / 2 || !resize(&t->types, cap, sizeof *t->types)) return false;
    t->held.types = t->types;
    if (!resize(&t->slots, cap, sizeof *t->slots)) return false;
    t->held.slots = t->slots;
    if (!resize(&t->all, cap, sizeof *t->all)) return false;
    for (u32 i = cap; i-- > count;) {
        t->types[i] = type_ref(true, HEAP_any);
        t->slots[i] = REF_NULL;
        t->all[i] = (Handle){.generation = 1, .next = t->free};
        if (i) t->free = i; // 0 is null's
    }
    t->held.count = cap;
    return true;
}

bool handles_reserve(weft_store *ws, u32 count)
{
    HandleTable *t = &ws->handles;
    if (!count) return true;
    // before there is room for more than there may be
    if (!handles_take(ws->s, count)) return false;
    while (t->held.count <= (u64)t->live + t->worn + count) {
        if (grow(t)) continue;
        store_give(ws->s, STORE_handles, count);
        return false;
    }
    return true;
}

bool handles_freed(weft_store *ws)
{
    if (ws->s->met != STORE_handles || !ws->s->hosts.ended || ws->finalizing) return false;
    finalize_ended(ws);
    return true;
}

weft_ref handle_make(weft_store *ws, Type type, Ref ref)
{
    HandleTable *t = &ws->handles;
    u32 i = t->free;
    assert(i); // it was reserved
    Handle *h = &t->all[i];
    t->free = h->next;
    t->live++;
    t->types[i] = type_ref(true, type_top(ws->s->types, type));
    t->slots[i] = ref;
    h->local = t->scope;
    h->kept = !h->local;
    t->kept += h->kept;
    h->next = 0;
    if (h->local) {
        h->next = t->scope->first;
        t->scope->first = i;
    }
    return (weft_ref){ws->id, (u64)h->generation << 32 | i};
}

static void drop(weft_store *ws, u32 i)
{
    HandleTable *t = &ws->handles;
    Handle *h = &t->all[i];
    t->slots[i] = REF_NULL;
    t->live--;
    store_give(ws->s, STORE_handles, 1);
    if (++h->generation) {
        h->next = t->free;
        t->free = i;
    } else t->worn++;
}

static Handle *find(const weft_store *ws, weft_ref ref)
{
    const HandleTable *t = &ws->handles;
    u32 i = (u32)ref.handle;
    if (ref.store != ws->id || !i || i >= t->held.count) return NULL;
    Handle *h = &t->all[i];
    return h->generation == ref.handle >> 32 && (h->local || h->kept) ? h : NULL;
}

bool handle_find(const weft_store *ws, weft_ref ref, Handed *out)
{
    const Handle *h = find(ws, ref);
    if (!h) return false;
    u32 i = (u32)(h - ws->handles.all);
    *out = (Handed){(Ref)ws->handles.slots[i], ws->handles.types[i]};
    return true;
}

weft_status api_handle(const weft_store *ws, weft_ref ref, Handed *out, weft_diag *diag)
{
    if (ref.handle && handle_find(ws, ref, out)) return WEFT_OK;
    if (!ref.handle) return api_refuse(diag, API_null_reference, "%s", "an object is wanted");
    if (ref.store != ws->id) return api_refuse(diag, API_wrong_store, "%s", "the reference");
    return api_refuse(diag, API_stale_reference, "%s", "its scope was closed, or it was released");
}

// ---- Kept ones

weft_status weft_ref_keep(weft_store *ws, weft_ref ref, weft_diag *diag)
{
    Handed given;
    if (!ref.handle) return WEFT_OK;
    if (api_handle(ws, ref, &given, diag) != WEFT_OK) return WEFT_ERROR;
    Handle *h = find(ws, ref);
    if (h->kept == UINT32_MAX)
        return api_refuse(diag, API_wrong_count, "%s", "it is kept too often");
    ws->handles.kept += !h->kept++;
    return WEFT_OK;
}

weft_status weft_ref_release(weft_store *ws, weft_ref ref, weft_diag *diag)
{
    Handed given;
    if (!ref.handle) return WEFT_OK;
    if (api_handle(ws, ref, &given, diag) != WEFT_OK) return WEFT_ERROR;
    Handle *h = find(ws, ref);
    if (!h->kept)
        return api_refuse(diag, API_stale_reference, "%s", "nobody keeps it but its scope");
    if (--h->kept) return WEFT_OK;
    ws->handles.kept--;
    if (!h->local) drop(ws, (u32)ref.handle);
    return WEFT_OK;
}

// ---- Scopes

static void let_go(weft_store *ws, const Scope *scope)
{
    Handle *all = ws->handles.all;
    for (u32 i = scope->first, next; i; i = next) {
        next = all[i].next;
        all[i].local = false;
        if (!all[i].kept) drop(ws, i);
    }
}

// Which was opened, and is the innermost.
static void close_innermost(weft_store *ws)
{
    Scope *scope = ws->handles.scope;
    ws->handles.scope = scope->outer;
    let_go(ws, scope);
    store_give(ws->s, STORE_handles, 1);
    free(scope);
}

void scope_end(weft_store *ws, Scope *scope)
{
    while (ws->handles.scope != scope) close_innermost(ws);
    ws->handles.scope = scope->outer;
    let_go(ws, scope);
}

weft_status weft_scope_open(weft_store *ws, weft_scope *out, weft_diag *diag)
{
    if (!handles_take(ws->s, 1)) return api_short(diag, ws, "for a scope");
    Scope *scope = malloc(sizeof *scope);
    if (!scope) {
        store_give(ws->s, STORE_handles, 1);
        return api_error(diag, ERR_out_of_memory, "%s", "for a scope");
    }
    *scope = (Scope){ws->handles.scope, ++ws->handles.scopes, 0};
    ws->handles.scope = scope;
    *out = (weft_scope){ws->id, scope->number};
    return WEFT_OK;
}

weft_status weft_scope_close(weft_store *ws, weft_scope scope, weft_diag *diag)
{
    if (scope.store != ws->id) return api_refuse(diag, API_wrong_store, "%s", "the scope");
    // none beyond a call's
    const Scope *s = ws->handles.scope;
    while (s && s->number > scope.scope) s = s->outer;
    if (!s || !s->number || s->number != scope.scope)
        return api_refuse(diag, API_wrong_scope, "%s",
                          "it is closed, or was not opened within this host function");
    for (bool last = false; !last;) {
        last = ws->handles.scope == s;
        close_innermost(ws);
    }
    return WEFT_OK;
}
