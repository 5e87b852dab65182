// dummy.c -- a module for a world that does nothing: it imports all that it may, and exports what
// it has to, by the names that uses.c and lifts.c know. See tool.h.

#include "component/tool/coretext.h"

#include "component/wit/resolver.h"
#include "component/wit/symbol.h"

#include <stdio.h>

typedef struct {
    Maker *m;
    const WitWorld *world;
    Buf types;     // of the world
    DummyNames names;
    DummyAsync async;
    Buf text;      // imports first,
    Buf exports;   // then these
} Dummy;

static bool is_plain(const Dummy *d) { return d->names == DUMMY_standard32; }
static Bytes nothing(void) { return (Bytes){(const u8 *)"", 0}; }

// Is the function called and lifted async?
static bool is_async(const Dummy *d, const WitFunc *f) { return f->is_async && d->async; }

// ---- Imports

// What functions of an item are imported from.
static Bytes module_name(Dummy *d, const ItemInfo *item, bool exported)
{
    Maker *m = d->m;
    bool root = !item || !item->item->interface;
    if (!is_plain(d))
        return wit_symbol_module(m->arena, root ? nothing() : item->name, exported);
    if (root) return bytes_of(exported ? "cm32p2|_ex_" : "cm32p2");
    return maker_join(m, exported ? "cm32p2|_ex_" : "cm32p2|", cname_canonical(item->name), "",
                      nothing());
}

static void put_import(Dummy *d, Bytes module, Bytes name, const FlatSig *sig)
{
    text_put(&d->text, "(import ");
    text_string(&d->text, module);
    text_put(&d->text, " ");
    text_string(&d->text, name);
    text_put(&d->text, " (func");
    text_sig(&d->text, sig);
    text_put(&d->text, "))\n");
}

// As a row says; NUMBER behind it, if it is about a stream or future of a function.
static void put_builtin(Dummy *d, Bytes module, Canon row, const char *number, Bytes name)
{
    const CanonInfo *info = &canon_info[row];
    FlatSig sig;
    Bytes text = wit_symbol_builtin(d->m->arena, row, number, name);
    if (info->immediates == CANON_IMM_type_opts)
        text = maker_join(d->m, "[async-lower]", text, "", nothing());
    canon_flatten(row, (CanonLetters){0}, &sig);
    put_import(d, module, text, &sig);
}

static void put_ends(Dummy *d, Bytes module, const WitFunc *f)
{
    const WitType *end;
    for (u32 n = 0; (end = maker_end(d->m, f, n)) != NULL; n++) {
        CanonOf of = end->kind == WIT_stream ? CANON_OF_stream : CANON_OF_future;
        char number[16];
        snprintf(number, sizeof number, "-%u", n);
        for (u32 row = 0; row < CANON_COUNT; row++)
            if (canon_info[row].of == of) put_builtin(d, module, (Canon)row, number, f->name);
    }
}

static void put_func(Dummy *d, const ItemInfo *item, const WitFunc *f)
{
    Maker *m = d->m;
    FlatSig sig;
    bool async = is_async(d, f);
    Bytes name = async ? maker_join(m, "[async-lower]", f->name, "", nothing()) : f->name;
    Bytes module = module_name(d, item, false);
    cfunc_flatten(&m->typed->types, maker_func(m, item, f), (FlatWay){.async = async}, &sig);
    put_import(d, module, name, &sig);
    if (d->async) put_ends(d, module, f);
}

static void put_resource_builtin(Dummy *d, Bytes module, Canon row, const char *end, Bytes name)
{
    const FlatSig sig = {.params = {'i'}, .count = 1, .results = {'i'},
                         .result_count = row != CANON_resource_drop};
    if (is_plain(d)) put_import(d, module, maker_join(d->m, "", name, end, nothing()), &sig);
    else put_builtin(d, module, row, "", name);
}

static void put_drop(Dummy *d, Bytes module, const WitType *t)
{
    if (t->kind == WIT_resource)
        put_resource_builtin(d, module, CANON_resource_drop, "_drop", t->name);
}

static void put_imported(Dummy *d, const ItemInfo *item)
{
    const WitInterface *i = item->item->interface;
    Bytes module = module_name(d, item, false);
    if (item->item->func) put_func(d, item, item->item->func);
    if (item->item->type) put_drop(d, module, item->item->type);
    for (u32 k = 0; i && k < i->func_count; k++) put_func(d, item, i->funcs[k]);
    for (u32 k = 0; i && k < i->type_count; k++) put_drop(d, module, i->types[k]);
}

// Those that are about no type of the world.
static void put_root_builtins(Dummy *d)
{
    for (u32 row = 0; row < CANON_COUNT; row++) {
        const CanonInfo *info = &canon_info[row];
        bool fits = info->immediates == CANON_IMM_none || info->immediates == CANON_IMM_async ||
                    info->immediates == CANON_IMM_cancel ||
                    info->immediates == CANON_IMM_cancel_memory;
        bool root = info->of == CANON_OF_none && info->since == FEATURE_cm_async;
        bool exported = row == CANON_task_cancel;
        if (fits && root) put_builtin(d, module_name(d, NULL, exported), (Canon)row, "", nothing());
    }
}

// ---- Exports

static void put_export(Dummy *d, Bytes name, const FlatSig *sig, const char *body)
{
    text_put(&d->exports, "(func (export ");
    text_string(&d->exports, name);
    text_put(&d->exports, ")");
    text_sig(&d->exports, sig);
    text_put(&d->exports, "%s)\n", body);
}

static Bytes export_name(Dummy *d, const char *front, const ItemInfo *item, Bytes member)
{
    Maker *m = d->m;
    bool root = !item->item->interface;
    if (!is_plain(d))
        return wit_symbol_export(m->arena, front, root ? nothing() : item->name, member);
    return root ? maker_join(m, "cm32p2||", member, front, nothing())
                : maker_join(m, "cm32p2|", cname_canonical(item->name), "|",
                             maker_join(m, "", member, front, nothing()));
}

static void put_task_return(Dummy *d, const ItemInfo *item, const WitFunc *f)
{
    Maker *m = d->m;
    FlatSig sig;
    CField result = {.type = maker_func(m, item, f)->result};
    CFunc taken = {.params = &result, .count = result.type != CTYPE_NONE, .result = CTYPE_NONE,
                   .async = true};
    cfunc_flatten(&m->typed->types, &taken, (FlatWay){0}, &sig);
    put_import(d, module_name(d, item, true), maker_join(m, "[task-return]", f->name, "",
                                                        nothing()), &sig);
}

static void put_lifted(Dummy *d, const ItemInfo *item, const WitFunc *f)
{
    static const FlatSig callback = {.params = "iii", .count = 3, .results = "i",
                                     .result_count = 1};
    Maker *m = d->m;
    FlatSig sig, post = {0};
    FlatWay way = {.lift = true, .async = is_async(d, f)};
    way.callback = way.async && d->async == DUMMY_callback;
    const char *front = !way.async ? "" : way.callback ? "[async-lift]" : "[async-lift-stackful]";
    cfunc_flatten(&m->typed->types, maker_func(m, item, f), way, &sig);
    put_export(d, export_name(d, front, item, f->name), &sig, " unreachable");
    if (d->async) put_ends(d, module_name(d, item, true), f);
    if (way.async) put_task_return(d, item, f);
    if (way.callback)
        put_export(d, export_name(d, "[callback][async-lift]", item, f->name), &callback,
                   " unreachable");
    memcpy(post.params, sig.results, sig.result_count);
    post.count = sig.result_count;
    if (!way.async)
        put_export(d, export_name(d, is_plain(d) ? "_post" : WIT_SYMBOL_POST, item, f->name), &post,
                   "");
}

static void put_defined(Dummy *d, const ItemInfo *item, const WitType *t)
{
    Bytes module = module_name(d, item, true);
    const FlatSig one = {.params = {'i'}, .count = 1};
    if (t->kind != WIT_resource) return;
    put_resource_builtin(d, module, CANON_resource_drop, "_drop", t->name);
    put_resource_builtin(d, module, CANON_resource_new, "_new", t->name);
    put_resource_builtin(d, module, CANON_resource_rep, "_rep", t->name);
    Bytes dtor = is_plain(d) ? export_name(d, "_dtor", item, t->name)
                             : export_name(d, "", item, wit_symbol_dtor(d->m->arena, t->name));
    put_export(d, dtor, &one, "");
}

static void put_exported(Dummy *d, const ItemInfo *item)
{
    const WitInterface *i = item->item->interface;
    if (item->item->func) put_lifted(d, item, item->item->func);
    for (u32 k = 0; i && k < i->func_count; k++) put_lifted(d, item, i->funcs[k]);
    for (u32 k = 0; i && k < i->type_count; k++) put_defined(d, item, i->types[k]);
}

// ---- All of it

static void put_items(Dummy *d, bool exports)
{
    const WitItems *items = exports ? &d->world->exports : &d->world->imports;
    for (u32 i = 0; i < items->count; i++) {
        ItemInfo item = {.item = &items->items[i], .exports = exports};
        item.name = wit_item_name(d->m->arena, item.item).name;
        if (exports) put_exported(d, &item);
        else put_imported(d, &item);
    }
}

static void make(Maker *m, void *what)
{
    Dummy *d = what;
    const bool plain = is_plain(d);
    m->world = (WitWorld *)d->world;
    maker_type_world(m, buf_view(&d->types));
    buf_init(&d->text, m->arena);
    buf_init(&d->exports, m->arena);
    text_put(&d->text, "(module\n");
    put_items(d, false);
    if (d->async) put_root_builtins(d);
    put_items(d, true); // whose imports are still in front of all exports
    buf_bytes(&d->text, d->exports.data, d->exports.len);
    text_put(&d->text, "(memory (export \"%s\") 0)\n", plain ? "cm32p2_memory" : "memory");
    text_put(&d->text, "(func (export \"%s\") (param i32 i32 i32 i32) (result i32) unreachable)\n",
             plain ? "cm32p2_realloc" : WIT_SYMBOL_REALLOC);
    text_put(&d->text, "(func (export \"%s\")))", plain ? "cm32p2_initialize" : "_initialize");
    Bytes bytes = text_assemble(m, &d->text);
    buf_init(&d->types, m->arena);
    buf_bytes(&d->types, bytes.data, bytes.len);
}

bool tool_dummy(Wit *wit, const WitWorld *w, DummyNames names, DummyAsync async, Buf *out)
{
    Dummy d = {.world = w, .names = names, .async = async};
    Diag diag;
    buf_init(&d.types, wit->arena);
    if (!wit_encode_world(wit, w, STRINGS_utf8, &d.types)) return false;
    Maker m = {.arena = wit->arena, .diag = &diag, .wit = *wit};
    d.m = &m;
    if (!maker_run(&m, make, &d)) {
        wit->diag = diag;
        return false;
    }
    buf_bytes(out, d.types.data, d.types.len);
    return true;
}
