// uses.c -- what imports of modules stand for, by their names. See maker.h.
//
//     wasi:io/poll@0.2.0  poll              of an interface; or with [async-lower] in front
//     $root               f                 of the world itself
//     .. or [export]..    [resource-drop]r  a builtin, about what the world imports or exports
//     env                 memory            the main module's; all else under __main_module__
//     NAME                f                 of an adapter of that name
//
// And the names of BuildTargets: cm32p2|wasi:io/poll@0.2 poll, cm32p2|_ex_.. r_drop.

#include "component/tool/maker.h"

#include "component/wit/resolver.h"

#include <stdlib.h>

static bool cut(Bytes *text, const char *front)
{
    size_t len = strlen(front);
    if (!bytes_begin(*text, front)) return false;
    *text = (Bytes){text->data + len, text->len - len};
    return true;
}

static bool cut_end(Bytes *text, const char *end)
{
    size_t len = strlen(end);
    if (text->len <= len || memcmp(text->data + text->len - len, end, len)) return false;
    text->len -= len;
    return true;
}

static _Noreturn void fail_import(Maker *m, const Use *u, const char *why)
{
    maker_fail(m, "%s%simport \"%.*s\" \"%.*s\": %s", u->part->library ? part_who(m, u->part) : "",
               u->part->library ? ": " : "", WIT_SAY(u->import->module),
               WIT_SAY(u->import->name), why);
}

// ---- Items of the world

Bytes maker_canonical(Bytes name)
{
    const u8 *at = memchr(name.data, '@', name.len);
    if (!at) return name;
    Bytes version = {at + 1, name.len - (size_t)(at + 1 - name.data)};
    return (Bytes){name.data, (size_t)(at + 1 - name.data) + wit_version_track(version).len};
}

// As it is called; or the latest version that does as well.
static ItemInfo *find_item(Maker *m, bool exports, Bytes name)
{
    Bytes track = maker_canonical(name);
    const u32 *at = map_get(&m->item_names[exports], name.data, name.len);
    const u32 *latest = map_get(&m->tracks[exports], track.data, track.len);
    if (latest && !(at && exports)) at = latest;
    return at ? &m->items[exports][*at] : NULL;
}

static const WitFunc *find_func(Maker *m, ItemInfo *item, Bytes name)
{
    const WitInterface *i = item->item->interface;
    if (!i) return item->item->func && bytes_same(item->item->func->name, name) ? item->item->func
                                                                              : NULL;
    if (!item->funcs.count) {
        map_init(&item->funcs, m->arena);
        for (u32 k = 0; k < i->func_count; k++)
            map_add(&item->funcs, i->funcs[k]->name.data, i->funcs[k]->name.len, k);
    }
    const u32 *at = map_get(&item->funcs, name.data, name.len);
    return at ? i->funcs[*at] : NULL;
}

static const WitType *find_resource(Maker *m, const ItemInfo *item, Bytes name)
{
    const WitType *t = NULL;
    if (!item) {
        const u32 *at = map_get(&m->world->imports.by_name, name.data, name.len);
        t = at ? m->world->imports.items[*at].type : NULL;
    } else if (item->item->interface) {
        const WitInterface *i = item->item->interface;
        const u32 *at = map_get(&i->names, name.data, name.len);
        t = at && *at < i->type_count ? i->types[*at] : NULL;
    }
    return t && t->kind == WIT_resource ? t : NULL;
}

// ---- Builtins

// The row's name in brackets, with '-' for '.': what stands behind it.
static bool cut_row(Bytes *name, Canon row)
{
    const char *text = canon_info[row].text;
    size_t len = strlen(text);
    if (name->len < len + 2 || name->data[0] != '[') return false;
    for (size_t i = 0; i < len; i++)
        if (name->data[i + 1] != (text[i] == '.' ? '-' : (u8)text[i])) return false;
    u8 next = name->data[len + 1];
    if (next != ']' && next != '-') return false;
    *name = (Bytes){name->data + len + 1, name->len - len - 1};
    return true;
}

// The longest that fits: stream.cancel-read, not stream.cancel.
static bool find_row(Bytes *name, Canon *row)
{
    size_t best = 0;
    Bytes rest = *name;
    for (u32 i = CANON_resource_new; i < CANON_COUNT; i++) {
        Bytes at = *name;
        if (!cut_row(&at, (Canon)i) || strlen(canon_info[i].text) <= best) continue;
        best = strlen(canon_info[i].text);
        *row = (Canon)i;
        rest = at;
    }
    *name = rest;
    return best != 0;
}

// Behind `-`, up to the bracket.
static Bytes cut_argument(Bytes *rest)
{
    const u8 *end = memchr(rest->data, ']', rest->len);
    Bytes arg = {rest->data + 1, 0};
    if (rest->data[0] != '-' || !end) return (Bytes){0};
    arg.len = (size_t)(end - arg.data);
    *rest = (Bytes){end + 1, rest->len - (size_t)(end + 1 - rest->data)};
    return arg;
}

static bool parse_number(Bytes text, u32 *out)
{
    *out = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (text.data[i] < '0' || text.data[i] > '9' || *out > 100000) return false;
        *out = *out * 10 + (text.data[i] - '0');
    }
    return text.len != 0;
}

static const WitType *without_aliases(Maker *m, const WitType *t)
{
    for (; t && t->kind == WIT_alias; t = t->of) wit_spend(&m->wit, 1);
    return t;
}

// Streams and futures in a type, each behind those that it is made of; NULL: fewer than *left.
static const WitType *find_end(Maker *m, const WitType *t, u32 *left)
{
    const WitType *found = NULL;
    t = without_aliases(m, t);
    if (!t || t->kind < WIT_list) return NULL;
    wit_spend(&m->wit, 1);
    if (t->of) found = find_end(m, t->of, left);
    if (!found && t->second) found = find_end(m, t->second, left);
    for (u32 i = 0; i < t->part_count && !found; i++) found = find_end(m, t->parts[i].type, left);
    if (found || (t->kind != WIT_stream && t->kind != WIT_future)) return found;
    return (*left)-- == 0 ? t : NULL;
}

const WitType *maker_end(Maker *m, const WitFunc *f, u32 number)
{
    const WitType *found = NULL;
    for (u32 i = 0; i < f->param_count && !found; i++)
        found = find_end(m, f->params[i].type, &number);
    return found ? found : find_end(m, f->result, &number);
}

static const WitType *unit_end(Maker *m, bool stream)
{
    WitType *t = NEW(m->arena, WitType);
    *t = (WitType){.kind = stream ? WIT_stream : WIT_future, .index = WIT_LEFT_OUT - 1 - stream};
    return t;
}

static void take_end(Maker *m, Use *u, Bytes arg, Bytes func)
{
    bool stream = canon_info[u->canon].of == CANON_OF_stream;
    u32 number;
    if (bytes_are(arg, "unit")) {
        u->type = unit_end(m, stream);
        return;
    }
    if (!u->item) u->item = find_item(m, u->exports, func);
    u->func = u->item ? find_func(m, u->item, func) : NULL;
    if (!u->func) fail_import(m, u, "the world has no such function");
    if (!parse_number(arg, &number)) fail_import(m, u, "no number is behind its name");
    u->type = maker_end(m, u->func, number);
    if (!u->type || u->type->kind != (stream ? WIT_stream : WIT_future))
        fail_import(m, u, "the function has no such stream or future");
}

static bool holds_list(Maker *m, const WitType *t)
{
    t = without_aliases(m, t);
    if (!t || t->kind < WIT_string) return false;
    wit_spend(&m->wit, 1);
    if (t->kind == WIT_string || t->kind == WIT_list || t->kind == WIT_map) return true;
    if (t->kind == WIT_own || t->kind == WIT_borrow || t->kind == WIT_stream ||
        t->kind == WIT_future)
        return false;
    bool holds = holds_list(m, t->of) || holds_list(m, t->second);
    for (u32 i = 0; i < t->part_count && !holds; i++) holds = holds_list(m, t->parts[i].type);
    return holds;
}

static void take_slot(Maker *m, Use *u, Bytes arg)
{
    u->slot_type = cut(&arg, "i64-") ? 'l' : 'i';
    if (u->slot_type == 'i') cut(&arg, "i32-");
    if (!parse_number(arg, &u->slot)) fail_import(m, u, "no number of a slot is behind its name");
}

static void take_strings(Maker *m, Use *u, Bytes arg)
{
    static const char *const names[] = {"utf8", "utf16", "latin1+utf16"};
    u32 i = 0;
    while (i < STRINGS_COUNT && !bytes_are(arg, names[i])) i++;
    if (i == STRINGS_COUNT) fail_import(m, u, "no encoding of strings is behind its name");
    u->strings = (WitStrings)i;
}

static void take_task_return(Maker *m, Use *u, Bytes func)
{
    if (!u->item) u->item = find_item(m, true, func);
    u->func = u->item ? find_func(m, u->item, func) : NULL;
    if (!u->func || !u->exports) fail_import(m, u, "the world exports no such function");
    FlatSig sig;
    CFunc f = {.result = CTYPE_NONE, .async = true};
    CField result = {.type = maker_func(m, u->item, u->func)->result};
    f.params = &result;
    f.count = result.type != CTYPE_NONE;
    u->needs = cfunc_flatten(&m->typed->types, &f, (FlatWay){0}, &sig);
}

static void check_resource(Maker *m, Use *u, Bytes name)
{
    u->type = find_resource(m, u->item, name);
    if (!u->type) fail_import(m, u, "the world has no such resource there");
    if (!u->exports && u->canon != CANON_resource_drop)
        fail_import(m, u, "only who defines a resource makes one, or looks into it");
}

// As the row says, of 32 bits.
static void check_builtin(Maker *m, const Part *p, const Use *u)
{
    const char *text = canon_info[u->canon].sig;
    FlatSig sig = {0};
    bool result = false;
    if (!strcmp(text, "flat")) return;
    for (; *text; text++) {
        u8 letter = *text == 't' && u->slot_type ? u->slot_type : *text == 'l' ? 'l' : 'i';
        if (*text == '_') result = true;
        else if (result) sig.results[sig.result_count++] = letter;
        else sig.params[sig.count++] = letter;
    }
    maker_check_sig(m, p, u->import->name, p->module->funcs[u->import->index].type, &sig);
}

// Whether it is one.
static bool find_builtin(Maker *m, Use *u, Bytes name)
{
    bool cancellable = cut(&name, "[cancellable]"), async = cut(&name, "[async-lower]");
    Bytes arg = {0};
    if (bytes_are(name, "[thread-new-indirect-v0]")) name = bytes_of("[thread-new-indirect]");
    if (!find_row(&name, &u->canon)) return false;
    const CanonInfo *info = &canon_info[u->canon];
    if (name.data[0] == '-') arg = cut_argument(&name);
    else cut(&name, "]");
    u->kind = USE_canon;
    u->async = async;
    u->cancellable = cancellable;
    u->needs = info->needs & (CANON_MEMORY | CANON_REALLOC);
    switch (info->immediates) {
    case CANON_IMM_result_opts: take_task_return(m, u, name); break;
    case CANON_IMM_value_index: take_slot(m, u, arg); break;
    case CANON_IMM_opts: take_strings(m, u, arg); break;
    case CANON_IMM_type: case CANON_IMM_type_opts: case CANON_IMM_type_async:
        if (info->of == CANON_OF_resource || info->of == CANON_OF_local_resource)
            check_resource(m, u, name);
        else take_end(m, u, arg, name);
        if (info->immediates != CANON_IMM_type_opts) break;
        u->needs = CANON_MEMORY;
        if (info->needs & CANON_LIFTS && holds_list(m, u->type->of)) u->needs |= CANON_REALLOC;
    }
    return true;
}

// The names of BuildTargets: r_drop, r_new, r_rep.
static bool find_plain_builtin(Maker *m, Use *u, Bytes name)
{
    if (cut_end(&name, "_drop")) u->canon = CANON_resource_drop;
    else if (cut_end(&name, "_new")) u->canon = CANON_resource_new;
    else if (cut_end(&name, "_rep")) u->canon = CANON_resource_rep;
    else return false;
    if (!find_resource(m, u->item, name)) return false;
    u->kind = USE_canon;
    check_resource(m, u, name);
    return true;
}

// ---- Functions

static void take_func(Maker *m, Part *p, Use *u, bool async)
{
    FlatSig sig;
    FlatWay way = {.async = async};
    u->kind = USE_lower;
    u->async = async;
    u->needs = cfunc_flatten(&m->typed->types, maker_func(m, u->item, u->func), way, &sig);
    maker_check_sig(m, p, u->import->name, p->module->funcs[u->import->index].type, &sig);
    const void *key = arena_copy(m->arena, &u->func, sizeof u->func);
    map_add(&m->used, key, sizeof u->func, 0);
    u->item->used = true;
}

// Where threads share code, linkers have it by functions.
static bool find_stack_pointer(Maker *m, const Part *p, Use *u, Bytes name)
{
    const TypeDef *def = type_def(m->distinct, p->module->funcs[u->import->index].type);
    bool wide = def->param_count + def->result_count == 1u && def->params[0] == TYPE_i64;
    u->slot_type = wide ? 'l' : 'i';
    u->kind = USE_canon;
    u->canon = CANON_context_get;
    u->slot = bytes_are(name, "__wasm_set_tls_base");
    if (u->slot || bytes_are(name, "__wasm_get_tls_base")) u->kind = USE_tls;
    else if (bytes_are(name, "__wasm_set_stack_pointer")) u->canon = CANON_context_set;
    else if (!bytes_are(name, "__wasm_get_stack_pointer")) return false;
    if (u->slot) u->canon = CANON_context_set;
    if (u->kind == USE_tls) m->tls = u->slot_type;
    return true;
}

static void find_world_use(Maker *m, Part *p, Use *u)
{
    Bytes module = u->import->module, name = u->import->name;
    if (bytes_are(module, "env") && find_stack_pointer(m, p, u, name)) {
        check_builtin(m, p, u);
        return;
    }
    bool plain = cut(&module, "cm32p2");
    bool root = plain ? !module.len : bytes_are(module, "$root");
    if (plain && !root && !cut(&module, "|")) fail_import(m, u, "no name that is known");
    u->exports = cut(&module, plain ? "_ex_" : "[export]");
    if (u->exports && bytes_are(module, plain ? "" : "$root")) root = true;
    if (!root) {
        u->item = find_item(m, u->exports, module);
        if (!u->item || !u->item->item->interface) {
            u->item = NULL;
            fail_import(m, u, u->exports ? "the world exports no such interface"
                                         : "the world imports no such interface, and no --adapt is "
                                           "of that name");
        }
    }
    if (plain ? find_plain_builtin(m, u, name) : find_builtin(m, u, name)) {
        check_builtin(m, p, u);
        return;
    }
    if (u->exports) fail_import(m, u, "no builtin that is known");
    bool async = !plain && cut(&name, "[async-lower]");
    if (root) u->item = find_item(m, false, name);
    u->func = u->item ? find_func(m, u->item, name) : NULL;
    if (!u->func)
        fail_import(m, u, root ? "the world imports no such function"
                               : "the interface has no such function");
    take_func(m, p, u, async);
}

static Part *find_adapter(Maker *m, Bytes name)
{
    for (u32 i = 1 + m->library_count; i < m->part_count; i++)
        if (bytes_same(m->parts[i].name, name)) return &m->parts[i];
    return NULL;
}

static void need_export(Maker *m, Part *p, const Use *u)
{
    const Export *e = part_export(p, u->import->name, EXTERN_func);
    if (!e) fail_import(m, u, "the adapter exports no such function");
    map_add(&p->needed, e->name.data, e->name.len, 0);
}

static void find_use(Maker *m, Part *p, Use *u)
{
    const Import *i = u->import;
    u->shim = NO_SHIM;
    u->strings = p->strings;
    u->part = p;
    if (link_find_use(m, p, u)) return;
    if (i->kind == EXTERN_memory && bytes_are(i->module, "env") && bytes_are(i->name, "memory")) {
        u->kind = USE_memory;
        if (p->main) m->shim_memory = &p->module->memories[i->index].type.limits;
        return;
    }
    if (!p->main && bytes_are(i->module, "__main_module__")) {
        u->kind = USE_main;
        return;
    }
    if (i->kind != EXTERN_func)
        fail_import(m, u, "what makes a component imports functions, and \"env\" \"memory\"");
    u->adapter = find_adapter(m, i->module);
    if (u->adapter) {
        u->kind = USE_adapter;
        if (u->adapter <= p) fail_import(m, u, "an adapter may use those behind it only");
        need_export(m, u->adapter, u);
    } else {
        find_world_use(m, p, u);
    }
    bool table = u->kind == USE_canon && canon_info[u->canon].immediates == CANON_IMM_start_table;
    if (u->kind == USE_adapter || u->needs || table)
        u->shim = maker_shim(m, (Shim){.part = p, .use = u});
}

u32 maker_shim(Maker *m, Shim shim)
{
    ARENA_PUSH(m->arena, m->shims, m->shim_count, m->shim_cap) = shim;
    return m->shim_count - 1;
}

void maker_find_uses(Maker *m, Part *p)
{
    p->uses = NEW_ARRAY(m->arena, Use, (size_t)p->module->import_count + 1);
    for (u32 i = 0; i < p->module->import_count; i++) {
        p->uses[i].import = &p->module->imports[i];
        find_use(m, p, &p->uses[i]);
    }
}
