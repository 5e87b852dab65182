// p2.c -- imports of components: found in the table, checked, called, told of.

#include "wasi/p2/p2.h"

#include "base/utf8.h"
#include "component/abi/wave.h"
#include "component/type/text.h"
#include "wasi/p2/state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// ---- The table

typedef enum {
#define INTERFACE(id, ...) IN_##id,
#include "wasi/p2/p2.def"
    INTERFACE_COUNT
} InterfaceId;

static const struct { const char *name; WasiAsks asks; } interfaces[INTERFACE_COUNT] = {
#define INTERFACE(id, name, asks) [IN_##id] = {name, ASKS_##asks},
#include "wasi/p2/p2.def"
};

typedef struct {
    u8 interface;
    const char *name, *type, *text;
    P2Handler *call;
} P2Func;

static const P2Func funcs[] = {
#define FUNC(interface, name, type, handler, text)                                                 \
    {IN_##interface, name, type, text, p2_##handler},
#include "wasi/p2/p2.def"
};

bool p2_func(u32 index, P2Info *out)
{
    if (index >= COUNT_OF(funcs)) return false;
    const P2Func *f = &funcs[index];
    *out = (P2Info){f->name, f->type, f->text, interfaces[f->interface].name,
                    interfaces[f->interface].asks};
    return true;
}

// Of versions that begin so each does for another: 0.2 alone is the canonical name of all.
// spec: Explainer/canonical interface names
Bytes p2_interface(Bytes name)
{
    static const char prefix[] = "wasi:", version[] = "@0.2";
    const u8 *at = name.len ? memchr(name.data, '@', name.len) : NULL;
    size_t head = sizeof prefix - 1, tail = sizeof version - 1;
    size_t len = at ? (size_t)(at - name.data) : 0;
    if (len <= head || memcmp(name.data, prefix, head)) return (Bytes){0};
    if (name.len < len + tail || memcmp(at, version, tail)) return (Bytes){0};
    Bytes patch = {at + tail, name.len - len - tail};
    if (patch.len == 1 || (patch.len && patch.data[0] != '.')) return (Bytes){0};
    for (size_t i = 1; i < patch.len; i++)
        if (patch.data[i] < '0' || patch.data[i] > '9') return (Bytes){0};
    return (Bytes){name.data + head, len - head};
}

static const P2Func *find_func(Bytes interface, Bytes name)
{
    for (size_t i = 0; i < COUNT_OF(funcs); i++)
        if (bytes_are(name, funcs[i].name) &&
            bytes_are(interface, interfaces[funcs[i].interface].name))
            return &funcs[i];
    return NULL;
}

bool p2_asks(Bytes interface, WasiAsks *out)
{
    for (u32 i = 0; i < INTERFACE_COUNT; i++) {
        if (!bytes_are(interface, interfaces[i].name)) continue;
        *out = interfaces[i].asks;
        return true;
    }
    return false;
}

bool p2_is_run(const Plan *plan, CType func)
{
    return p2_type_is(plan, func, "func() -> result", "cli");
}

// ---- Calls, as lines

// What is longer is cut; a character may be, and then ends in '?'.
enum { SHOWN = 600 };

static void add_cut(Buf *line, const Buf *text, bool json)
{
    size_t len = MIN(text->len, (size_t)SHOWN);
    while (len < text->len && len && (text->data[len] & 0xc0) == 0x80) len--;
    for (size_t i = 0; i < len; i++) {
        if (json && (text->data[i] == '"' || text->data[i] == '\\')) buf_byte(line, '\\');
        buf_byte(line, text->data[i]);
    }
    if (len < text->len) buf_bytes(line, "...", 3);
}

static void add_text(Buf *line, const char *text) { buf_bytes(line, text, strlen(text)); }

static const char *ending(WasiErrno err)
{
    return err == WASI_E_exits ? "exits" : err == WASI_E_interrupted ? "interrupted" : "traps";
}

struct P2Link {
    P2Link *next;
    P2 *p2;
    const P2Func *func;
    const CFunc *type;
};

// wasi:cli/exit exit(ok) = exits
static void tell(const P2Link *l, const P2Call *c, WasiErrno err)
{
    const WasiWorld *w = l->p2->ctx->world;
    const CTypes *types = &component_plan(c->run)->component->types;
    bool json = w->trace_json;
    Buf line, args, result;
    buf_init(&line, c->arena);
    buf_init(&args, c->arena);
    buf_init(&result, c->arena);
    for (u32 i = 0; i < l->type->count; i++) {
        if (i) buf_bytes(&args, ", ", 2);
        wave_print(types, l->type->params[i].type, &c->args[i], &args);
    }
    if (err) add_text(&result, ending(err));
    else if (l->type->result != CTYPE_NONE) wave_print(types, l->type->result, c->result, &result);
    add_text(&line, json ? "{\"thread\":0,\"call\":\"wasi:" : "wasi:");
    add_text(&line, interfaces[l->func->interface].name);
    add_text(&line, json ? "." : " ");
    add_text(&line, l->func->name);
    add_text(&line, json ? "\",\"arguments\":\"" : "(");
    add_cut(&line, &args, json);
    add_text(&line, json ? "\"" : ")");
    if (result.len) add_text(&line, json ? ",\"result\":\"" : " = ");
    add_cut(&line, &result, json);
    if (json) add_text(&line, result.len ? "\"}" : "}");
    w->trace(w->trace_env, (const char *)line.data, line.len);
}

// ---- Calls

static WasiErrno handle(const P2Link *l, P2Call *c)
{
    jmp_buf failed;
    c->arena->on_failure = &failed;
    if (setjmp(failed)) return p2_trap(c, TRAP_out_of_memory, "for what WASI answers");
    WasiErrno err = l->func->call(c);
    if (l->p2->ctx->world->trace) tell(l, c, err);
    return err;
}

static Trap call(void *env, ComponentRun *run, const CValue *args, CValue *result, Arena *arena)
{
    const P2Link *l = env;
    WasiCtx *ctx = l->p2->ctx;
    P2Call c = {l->p2, run, args, result, arena, TRAP_none};
    wasi_set_aside(ctx, false, NULL); // as a module's call in this store may have been
    ctx_begin(ctx);
    WasiErrno err = handle(l, &c);
    switch (err ? err : ctx_ask(ctx)) {
    case WASI_E_success: return TRAP_none;
    case WASI_E_interrupted: return (Trap)wasi_stopped_for(ctx);
    case WASI_E_exits:
        component_store(run)->exec.exit_status = (int)wasi_exit_status(ctx);
        return TRAP_exit;
    case P2_E_trap: break;
    default: p2_trap(&c, TRAP_host, "WASI has no answer"); // which would be none of its type
    }
    return c.trap;
}

// ---- Imports

// What there is: the functions of an interface, or all interfaces.
static void list_there(Bytes interface, char *out, size_t size)
{
    size_t len = 0;
    for (size_t k = 0; k < COUNT_OF(funcs) && len < size - 1; k++) {
        const char *in = interfaces[funcs[k].interface].name;
        bool first = !k || funcs[k - 1].interface != funcs[k].interface;
        const char *name = bytes_are(interface, in) ? funcs[k].name
                           : !interface.len && first ? in : NULL;
        if (!name) continue;
        int n = snprintf(out + len, size - len, "%s%s", len ? ", " : "", name);
        len = MIN(len + (size_t)MAX(n, 0), size - 1);
    }
    if (!len) snprintf(out, size, "no such interface");
}

static bool refuse_unknown(const PlanImport *i, Bytes outer, Diag *diag)
{
    char there[600];
    list_there(p2_interface(outer), there, sizeof there);
    return diag_fail(diag, ERR_unknown_import, 0,
                     "%s \"%.*s\"%s%.*s%s; of WASI 0.2.12 there is: %s",
                     centity_text[i->kind], (int)MIN(i->name.len, 80), (const char *)i->name.data,
                     outer.len ? " of \"" : "", (int)MIN(outer.len, 80),
                     (const char *)outer.data, outer.len ? "\"" : "", there);
}

static bool find(void *env, const Plan *plan, const PlanImport *i, Bytes outer, HostImport *out,
                 Diag *diag)
{
    P2 *p2 = env;
    Bytes interface = p2_interface(outer);
    if (i->kind == CENTITY_instance) return true; // what is in it is asked for by itself
    if (i->kind == CENTITY_type && p2_kind_of(interface, i->name)) return true;
    const P2Func *f = i->kind == CENTITY_func ? find_func(interface, i->name) : NULL;
    if (!f) return refuse_unknown(i, outer, diag);
    const char *name = interfaces[f->interface].name;
    char package[20], type[300];
    snprintf(package, sizeof package, "%.*s", (int)strcspn(name, "/"), name);
    if (!p2_type_is(plan, i->type, f->type, package)) {
        ctype_describe(&plan->component->types, i->type, type, sizeof type);
        return diag_fail(diag, ERR_incompatible_import, 0,
                         "\"%s\" of \"%.*s\" is %s, and WASI 0.2.12 has %s", f->name,
                         (int)MIN(outer.len, 80), (const char *)outer.data, type, f->type);
    }
    P2Link *l = malloc(sizeof *l);
    if (!l) return diag_fail(diag, ERR_out_of_memory, 0, "for an import");
    const CTypes *types = &plan->component->types;
    *l = (P2Link){p2->links, p2, f, ctype_def(types, i->type)->func};
    p2->links = l;
    *out = (HostImport){call, l};
    return true;
}

static void drop(void *env, const PlanImport *resource, u64 rep) { p2_drop_item(env, rep); }

// ---- All of it

P2 *p2_new(WasiCtx *ctx)
{
    P2 *p2 = calloc(1, sizeof *p2);
    if (!p2) return NULL;
    p2->ctx = ctx;
    p2->host = (ComponentHost){.find = find, .drop = drop, .env = p2};
    return p2;
}

void p2_free(P2 *p2)
{
    if (!p2) return;
    for (u32 i = 1; i < p2->count; i++) p2_drop_item(p2, i);
    for (P2Link *l = p2->links, *next; l; l = next) {
        next = l->next;
        free(l);
    }
    free(p2->items);
    free(p2);
}

const ComponentHost *p2_host(P2 *p2) { return &p2->host; }
