// emit.c -- the component itself: what it imports, its modules and their instances, builtins. See
// maker.h.

#include "component/tool/maker.h"

#include "component/wit/resolver.h"

static CWriter *writer(Maker *m) { return &m->root.outer.w; }

// ---- Which types are needed

static void mark(Maker *m, u8 *live, const WitType *t)
{
    if (t && t->index < m->wit.type_count) live[t->index] = 1;
}

static void mark_func(Maker *m, u8 *live, const WitFunc *f)
{
    for (u32 i = 0; i < f->param_count; i++) mark(m, live, f->params[i].type);
    mark(m, live, f->result);
    mark(m, live, f->resource);
}

void maker_spread(Maker *m, u8 *live)
{
    for (u32 i = m->wit.type_count; i-- > 0;) {
        const WitType *t = m->wit.types[i];
        if (!live[i]) continue;
        mark(m, live, t->of);
        mark(m, live, t->second);
        for (u32 k = 0; k < t->part_count; k++) mark(m, live, t->parts[k].type);
    }
}

void maker_mark_interface(Maker *m, u8 *live, const WitInterface *i, bool types)
{
    for (u32 k = 0; types && k < i->type_count; k++) mark(m, live, i->types[k]);
    for (u32 k = 0; k < i->func_count; k++) mark_func(m, live, i->funcs[k]);
}

// Lowered functions are in `used`; those by address, so the world is walked for them.
static void mark_items(Maker *m, u8 *live, bool exports)
{
    const WitItems *items = exports ? &m->world->exports : &m->world->imports;
    for (u32 i = 0; i < items->count; i++) {
        const WitInterface *of = items->items[i].interface;
        const WitFunc *f = items->items[i].func;
        if (exports && of) maker_mark_interface(m, live, of, true);
        mark(m, live, items->items[i].type);
        for (u32 k = 0; !exports && of && k < of->func_count; k++)
            if (map_get(&m->used, &of->funcs[k], sizeof f)) mark_func(m, live, of->funcs[k]);
        if (f && (exports || map_get(&m->used, &f, sizeof f))) mark_func(m, live, f);
    }
}

static void mark_uses(Maker *m, u8 *live, bool exports)
{
    for (u32 i = 0; i < m->part_count; i++)
        for (u32 k = 0; m->parts[i].kept && k < m->parts[i].module->import_count; k++)
            if (m->parts[i].uses[k].exports == exports) mark(m, live, m->parts[i].uses[k].type);
}

// Of what is imported. What exports need is imported, unless it is what they export.
static u8 *find_live(Maker *m)
{
    u8 *live[2];
    Map exported;
    map_init(&exported, m->arena);
    for (u32 i = 0; i < m->world->exports.count; i++) {
        const WitItem *item = &m->world->exports.items[i];
        if (item->interface && !item->name.len)
            map_add(&exported, arena_copy(m->arena, &item->interface, sizeof item->interface),
                    sizeof item->interface, 0);
    }
    for (u32 side = 0; side < 2; side++) {
        live[side] = NEW_ARRAY(m->arena, u8, (size_t)m->wit.type_count + 1);
        mark_items(m, live[side], side);
        mark_uses(m, live[side], side);
        maker_spread(m, live[side]);
    }
    for (u32 i = 0; i < m->wit.type_count; i++) {
        const WitInterface *of = m->wit.types[i]->interface;
        if (live[1][i] && !map_get(&exported, &of, sizeof of)) live[0][i] = 1;
    }
    return live[0];
}

// ---- Imports

static void put_import(Maker *m, ItemInfo *info)
{
    const WitItem *item = info->item;
    if (item->type) {
        if (m->root.live[item->type->index]) wit_encode_type(&m->root, item->type);
        return;
    }
    if (item->func && !info->used) return;
    u32 type = item->func ? wit_encode_func(&m->root, item->func)
                          : wit_encode_instance(&m->root, item->interface, true);
    if (type == NO_INDEX) return;
    CEntityKind kind = item->func ? CENTITY_func : CENTITY_instance;
    u32 index = cwriter_import(writer(m), wit_item_name(m->arena, item), kind, type);
    if (item->func) info->index = index;
    else info->instance = index;
    if (item->interface && (!item->name.len || !item->interface->name.len))
        wit_remember_instance(&m->root, item->interface, index);
}

// ---- Core instances

u32 maker_core_alias(Maker *m, CoreSort sort, u32 instance, Bytes name)
{
    Buf key;
    buf_init(&key, m->arena);
    buf_leb_u(&key, instance);
    buf_byte(&key, (u8)sort);
    buf_bytes(&key, name.data, name.len);
    const u32 *known = map_get(&m->aliases, key.data, key.len);
    if (known) return *known;
    u32 index = cwriter_alias_core(writer(m), sort, instance, name);
    map_add(&m->aliases, key.data, key.len, index);
    return index;
}

typedef struct { Bytes name; CoreSort sort; u32 index; } Given;

static u32 put_bag(Maker *m, const Given *given, u32 count)
{
    Buf *b = cwriter_item(writer(m), CSECTION_core_instance);
    buf_byte(b, 0x01);
    buf_leb_u(b, count);
    for (u32 i = 0; i < count; i++) {
        buf_name(b, given[i].name.data, given[i].name.len);
        cwrite_core_sort(b, given[i].sort);
        buf_leb_u(b, given[i].index);
    }
    return cwriter_core_count(writer(m), CORE_SORT_instance);
}

static u32 put_instance(Maker *m, u32 module, const Given *args, u32 count)
{
    Buf *b = cwriter_item(writer(m), CSECTION_core_instance);
    buf_byte(b, 0x00);
    buf_leb_u(b, module);
    buf_leb_u(b, count);
    for (u32 i = 0; i < count; i++) {
        buf_name(b, args[i].name.data, args[i].name.len);
        cwrite_core_sort(b, CORE_SORT_instance);
        buf_leb_u(b, args[i].index);
    }
    return cwriter_core_count(writer(m), CORE_SORT_instance);
}

static u32 shim_func(Maker *m, u32 shim)
{
    return maker_core_alias(m, CORE_SORT_func, m->shim_instance, maker_number_name(m, shim));
}

// ---- Options

void maker_put_opts(Maker *m, Buf *b, MakerOpts o, u32 realloc)
{
    bool memory = o.memory || o.realloc;
    if (memory && m->memory == NO_INDEX)
        maker_fail(m, "the module exports no memory, which what it passes needs");
    buf_leb_u(b, (memory ? 2u : 0u) + o.realloc + o.async + (o.post != NO_INDEX) +
                     (o.callback != NO_INDEX));
    if (memory) {
        buf_byte(b, coption_info[COPTION_utf8 + o.strings].code);
        buf_byte(b, coption_info[COPTION_memory].code);
        buf_leb_u(b, m->memory);
    }
    const struct { bool there; COption option; u32 func; } funcs[] = {
        {o.realloc, COPTION_realloc, realloc}, {o.post != NO_INDEX, COPTION_post_return, o.post},
        {o.callback != NO_INDEX, COPTION_callback, o.callback}};
    if (o.async) buf_byte(b, coption_info[COPTION_async].code);
    for (u32 i = 0; i < COUNT_OF(funcs); i++) {
        if (!funcs[i].there) continue;
        buf_byte(b, coption_info[funcs[i].option].code);
        buf_leb_u(b, funcs[i].func);
    }
}

u32 maker_realloc(Maker *m, const Part *p, bool imports)
{
    const char *names[] = {imports ? "cabi_import_realloc" : "cabi_export_realloc", "cabi_realloc",
                           "canonical_abi_realloc", "cm32p2_realloc"};
    for (u32 i = 0; i < COUNT_OF(names); i++)
        if (part_export(p, bytes_of(names[i]), EXTERN_func))
            return maker_core_alias(m, CORE_SORT_func, p->instance, bytes_of(names[i]));
    for (u32 i = 0; i < COUNT_OF(names) && !p->main; i++) {
        const Part *main = maker_main(m, bytes_of(names[i]), EXTERN_func);
        if (main) return maker_core_alias(m, CORE_SORT_func, main->instance, bytes_of(names[i]));
    }
    maker_fail(m, "%s exports no cabi_realloc, which what it is given needs",
               m->linker ? "no library" : "the module");
}

// ---- Builtins and lowered functions

// The type's index at the root, on the side that it is of.
static CValType root_type(Maker *m, const Use *u, const WitType *t)
{
    const WitItem *item = u->item ? u->item->item : NULL;
    const WitInterface *of = item ? item->interface : NULL;
    // an interface under a name of its own may be there several times
    bool apart = of && (u->exports || (item->name.len && of->name.len));
    if (apart) maker_begin_export(m, u->item);
    if (apart && !u->exports) {
        m->root.interface = NULL;
        wit_remember_instance(&m->root, of, u->item->instance);
    } else if (apart) {
        maker_order_export(m, u->item);
    }
    CValType type = wit_encode_type(&m->root, t);
    if (apart) maker_end_export(m, u->item);
    return type;
}

// What a thread begins with, and the table where that stands.
static u32 put_thread_new(Maker *m)
{
    const Part *main = &m->parts[0];
    Bytes name = bytes_of("__indirect_function_table");
    if (!part_export(main, name, EXTERN_table))
        maker_fail(m, "the module makes threads, and exports no __indirect_function_table");
    u32 table = maker_core_alias(m, CORE_SORT_table, main->instance, name);
    buf_bytes(cwriter_item(writer(m), CSECTION_core_type), (u8[]){0x60, 1, 0x7f, 0}, 4);
    u32 type = cwriter_core_count(writer(m), CORE_SORT_type);
    Buf *b = cwriter_item(writer(m), CSECTION_canon);
    buf_byte(b, canon_info[CANON_thread_new_indirect].code);
    buf_leb_u(b, type);
    buf_leb_u(b, table);
    return cwriter_core_count(writer(m), CORE_SORT_func);
}

static u32 put_builtin(Maker *m, const Use *u, const Part *p)
{
    if (u->canon == CANON_thread_new_indirect) return put_thread_new(m);
    const CanonInfo *info = &canon_info[u->canon];
    const WitType *result = info->immediates == CANON_IMM_result_opts ? u->func->result : NULL;
    CValType type = {0};
    u32 realloc = u->needs & CANON_REALLOC ? maker_realloc(m, p, true) : NO_INDEX;
    if (u->type || result) type = root_type(m, u, u->type ? u->type : result);
    Buf *b = cwriter_item(writer(m), CSECTION_canon);
    MakerOpts opts = {.memory = u->needs & CANON_MEMORY, .realloc = u->needs & CANON_REALLOC,
                      .async = u->async, .strings = u->strings, .post = NO_INDEX,
                      .callback = NO_INDEX};
    buf_byte(b, info->code);
    switch (info->immediates) {
    case CANON_IMM_type: case CANON_IMM_type_async: case CANON_IMM_type_opts:
        buf_leb_u(b, type.index);
        break;
    case CANON_IMM_cancel: case CANON_IMM_cancel_memory: buf_byte(b, u->cancellable); break;
    case CANON_IMM_value_index:
        buf_byte(b, u->slot_type == 'l' ? 0x7e : 0x7f);
        buf_leb_u(b, u->slot);
        break;
    case CANON_IMM_result_opts:
        buf_byte(b, result ? 0x00 : 0x01);
        if (result) cwrite_valtype(b, type);
        else buf_byte(b, 0x00);
        opts.async = opts.realloc = false;
    }
    if (info->immediates == CANON_IMM_async || info->immediates == CANON_IMM_type_async)
        buf_byte(b, u->async);
    if (info->immediates == CANON_IMM_cancel_memory) buf_leb_u(b, m->memory);
    if (info->immediates == CANON_IMM_type_opts || info->immediates == CANON_IMM_opts ||
        info->immediates == CANON_IMM_result_opts)
        maker_put_opts(m, b, opts, realloc);
    return cwriter_core_count(writer(m), CORE_SORT_func);
}

static u32 put_lower(Maker *m, const Use *u, const Part *p)
{
    const ItemInfo *item = u->item;
    u32 realloc = u->needs & CANON_REALLOC ? maker_realloc(m, p, true) : NO_INDEX;
    u32 func = item->item->func ? item->index
                                : cwriter_alias_export(writer(m), CENTITY_func, item->instance,
                                                       u->func->name);
    Buf *b = cwriter_item(writer(m), CSECTION_canon);
    buf_bytes(b, (u8[]){canon_info[CANON_lower].code, 0x00}, 2);
    buf_leb_u(b, func);
    maker_put_opts(m, b, (MakerOpts){u->needs & CANON_MEMORY, u->needs & CANON_REALLOC, u->async,
                                     u->strings, NO_INDEX, NO_INDEX}, realloc);
    return cwriter_core_count(writer(m), CORE_SORT_func);
}

// ---- Parts

static const CoreSort sorts[] = {
    [EXTERN_func] = CORE_SORT_func, [EXTERN_table] = CORE_SORT_table,
    [EXTERN_memory] = CORE_SORT_memory, [EXTERN_global] = CORE_SORT_global,
    [EXTERN_tag] = CORE_SORT_tag};

static Given of_main(Maker *m, const Use *u)
{
    const Part *main = maker_main(m, u->import->name, u->import->kind);
    Given g = {u->import->name, sorts[u->import->kind], 0};
    u32 instance = main ? main->instance : NO_INDEX;
    if (!main) {
        bool realloc = bytes_are(g.name, "cabi_realloc") && m->memory != NO_INDEX;
        if (!realloc)
            maker_fail(m, "an adapter needs the module's export \"%.*s\", which it has not",
                       WIT_SAY(g.name));
        if (m->realloc_instance == NO_INDEX) {
            u32 module = cwriter_module(writer(m), maker_realloc_module(m));
            Given memory = {bytes_of("memory"), CORE_SORT_memory, m->memory};
            Given bag = {(Bytes){(const u8 *)"", 0}, CORE_SORT_instance, put_bag(m, &memory, 1)};
            m->realloc_instance = put_instance(m, module, &bag, 1);
        }
        instance = m->realloc_instance;
    }
    g.index = maker_core_alias(m, g.sort, instance, g.name);
    return g;
}

static Given give(Maker *m, const Part *p, const Use *u)
{
    Given g = {u->import->name, CORE_SORT_func, 0};
    if (u->shim != NO_SHIM) {
        g.index = shim_func(m, u->shim);
    } else if (u->kind == USE_memory) {
        g.sort = CORE_SORT_memory;
        g.index = m->memory;
        if (m->memory == NO_INDEX) maker_fail(m, "the module exports no memory for an adapter");
    } else if (u->kind == USE_link) {
        g.sort = sorts[u->import->kind];
        g.index = maker_core_alias(m, g.sort, u->from->instance, u->from_name);
    } else if (u->kind == USE_tls) {
        Bytes name = bytes_of(u->slot ? "$set-tls" : "$get-tls");
        g.index = maker_core_alias(m, CORE_SORT_func, m->shim_instance, name);
    } else if (u->kind == USE_main) {
        return of_main(m, u);
    } else {
        g.index = u->kind == USE_canon ? put_builtin(m, u, p) : put_lower(m, u, p);
    }
    return g;
}

// What comes from one name.
static u32 give_all(Maker *m, const Part *p, u32 first, u8 *done)
{
    Bytes module = p->uses[first].import->module;
    Given *given = NULL;
    u32 count = 0, cap = 0;
    Map names;
    map_init(&names, m->arena);
    for (u32 i = first; i < p->module->import_count; i++) {
        const Use *u = &p->uses[i];
        if (done[i] || !bytes_same(u->import->module, module)) continue;
        done[i] = 1;
        if (!map_add(&names, u->import->name.data, u->import->name.len, 0)) continue;
        Given g = give(m, p, u);
        ARENA_PUSH(m->arena, given, count, cap) = g;
    }
    return put_bag(m, given, count);
}

static void instantiate(Maker *m, Part *p, u32 module)
{
    Given *args = NULL;
    u32 count = 0, cap = 0;
    u8 *done = NEW_ARRAY(m->arena, u8, (size_t)p->module->import_count + 1);
    for (u32 i = 0; i < p->module->import_count; i++) {
        if (done[i]) continue;
        if (count == COMPONENT_MOST_instances) maker_fail(m, "it imports of too many names");
        Given g = {p->uses[i].import->module, CORE_SORT_instance, give_all(m, p, i, done)};
        ARENA_PUSH(m->arena, args, count, cap) = g;
    }
    p->instance = put_instance(m, module, args, count);
}

static void take_memory(Maker *m)
{
    static const char *const names[] = {"memory", "cm32p2_memory"};
    const Part *main = &m->parts[0];
    for (u32 i = 0; i < COUNT_OF(names) && m->memory == NO_INDEX; i++)
        if (part_export(main, bytes_of(names[i]), EXTERN_memory))
            m->memory = maker_core_alias(m, CORE_SORT_memory, main->instance, bytes_of(names[i]));
}

// ---- Shims

static void put_shims(Maker *m)
{
    if (!m->shim_count && !m->shim_memory && !m->tls) return;
    u32 module = cwriter_module(writer(m), maker_shim_module(m));
    m->shim_instance = put_instance(m, module, NULL, 0);
    if (m->shim_memory)
        m->memory = maker_core_alias(m, CORE_SORT_memory, m->shim_instance, bytes_of("$memory"));
}

// The resources that the world exports: modules need them before they are there.
static void put_resource(Maker *m, ItemInfo *item, const WitType *t)
{
    const u32 key[2] = {item->number, t->index};
    const u32 *shim = map_get(&m->dtors, key, sizeof key);
    u32 dtor = shim ? shim_func(m, *shim) : NO_INDEX;
    Buf *b = cwriter_item(writer(m), CSECTION_type);
    buf_bytes(b, (u8[]){cform_info[CFORM_resource].code, 0x7f, dtor != NO_INDEX}, 3);
    if (dtor != NO_INDEX) buf_leb_u(b, dtor);
    u32 index = cwriter_count(writer(m), CENTITY_type);
    cidmap_set(&m->root.outer.types, t->index, index);
}

static void put_resources(Maker *m)
{
    for (u32 i = 0; i < m->world->exports.count; i++) {
        ItemInfo *item = &m->items[1][i];
        const WitInterface *of = item->item->interface;
        for (u32 k = 0; of && k < of->type_count; k++) {
            if (of->types[k]->kind != WIT_resource) continue;
            maker_begin_export(m, item);
            put_resource(m, item, of->types[k]);
            maker_end_export(m, item);
        }
    }
}

static u32 behind_shim(Maker *m, const Shim *s)
{
    const Use *u = s->use;
    if (!u) return maker_core_alias(m, CORE_SORT_func, s->part->instance, s->dtor);
    if (u->kind == USE_adapter)
        return maker_core_alias(m, CORE_SORT_func, u->adapter->instance, u->import->name);
    return u->kind == USE_canon ? put_builtin(m, u, s->part) : put_lower(m, u, s->part);
}

static void fix_up(Maker *m)
{
    const Part *main = &m->parts[0];
    static const char *const names[] = {"_initialize", "cm32p2_initialize"};
    Bytes start = {0};
    for (u32 i = 0; i < COUNT_OF(names); i++)
        if (part_export(main, bytes_of(names[i]), EXTERN_func)) start = bytes_of(names[i]);
    if (!m->shim_count && !start.len) return;
    Given *given = NEW_ARRAY(m->arena, Given, (size_t)m->shim_count + 2);
    u32 count = 0;
    for (; count < m->shim_count; count++)
        given[count] = (Given){maker_number_name(m, count), CORE_SORT_func,
                               behind_shim(m, &m->shims[count])};
    if (start.len)
        given[count++] = (Given){bytes_of("_initialize"), CORE_SORT_func,
                                 maker_core_alias(m, CORE_SORT_func, main->instance, start)};
    if (m->shim_count) {
        Bytes table = bytes_of("$imports");
        given[count++] = (Given){table, CORE_SORT_table, maker_core_alias(m, CORE_SORT_table,
                                                                          m->shim_instance, table)};
    }
    u32 module = cwriter_module(writer(m), maker_fixup_module(m, start.len));
    Given bag = {(Bytes){(const u8 *)"", 0}, CORE_SORT_instance, put_bag(m, given, count)};
    put_instance(m, module, &bag, 1);
}

// What starts libraries, once all are there and imports are behind the shims.
static void put_init(Maker *m)
{
    if (!m->init.len) return;
    Given *given = NEW_ARRAY(m->arena, Given, (size_t)m->init_count + 1);
    for (u32 i = 0; i < m->init_count; i++) {
        const MakerGiven *g = &m->inits[i];
        given[i] = (Given){maker_number_name(m, i), g->sort,
                           maker_core_alias(m, g->sort, g->part->instance, g->name)};
    }
    u32 module = cwriter_module(writer(m), m->init);
    Given bag = {(Bytes){(const u8 *)"", 0}, CORE_SORT_instance, put_bag(m, given, m->init_count)};
    put_instance(m, module, &bag, 1);
}

// ---- All of it

void maker_emit(Maker *m, Buf *out)
{
    u32 *modules = NEW_ARRAY(m->arena, u32, m->part_count);
    wit_encoder_init(&m->root, &m->wit, CWRITE_component, NAMES_imported);
    m->root.live = find_live(m);
    m->root.used = &m->used;
    m->memory = m->realloc_instance = NO_INDEX;
    m->wit.work = 0;
    map_init(&m->aliases, m->arena);
    for (u32 i = 0; i < m->world->imports.count; i++) put_import(m, &m->items[0][i]);
    for (u32 i = 0; i < m->part_count; i++)
        if (m->parts[i].kept) modules[i] = cwriter_module(writer(m), m->parts[i].bytes);
    put_shims(m);
    put_resources(m);
    for (u32 i = 0; i < m->part_count; i++) {
        if (m->parts[i].kept) instantiate(m, &m->parts[i], modules[i]);
        if (!i) take_memory(m);
    }
    fix_up(m);
    put_init(m);
    for (u32 i = 0; i < m->world->exports.count; i++) maker_export(m, &m->items[1][i]);
    Bytes whole = cwriter_finish(writer(m));
    buf_bytes(out, whole.data, whole.len);
}
