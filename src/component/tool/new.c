// new.c -- modules to a component. See tool.h, maker.h.

#include "component/tool/maker.h"

#include "binary/decode.h"
#include "component/wit/resolver.h"
#include "valid/valid.h"

#include <stdarg.h>
#include <stdio.h>

void maker_fail(Maker *m, const char *fmt, ...)
{
    char text[sizeof m->diag->detail];
    va_list args;
    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    diag_fail(m->diag, ERR_componentize, 0, "%s", text);
    arena_fail(m->arena);
}

void maker_fail_as(Maker *m, const Diag *diag)
{
    *m->diag = *diag;
    arena_fail(m->arena);
}

Bytes maker_join(Maker *m, const char *before, Bytes name, const char *between, Bytes member)
{
    Buf b;
    buf_init(&b, m->arena);
    buf_bytes(&b, before, strlen(before));
    buf_bytes(&b, name.data, name.len);
    buf_bytes(&b, between, strlen(between));
    buf_bytes(&b, member.data, member.len);
    return buf_view(&b);
}

const char *part_who(Maker *m, const Part *p)
{
    Bytes who = p->library ? maker_join(m, "library ", p->name, "", (Bytes){0})
                           : bytes_of(p->main ? "the module" : "an adapter");
    return arena_strdup(m->arena, (const char *)who.data, who.len);
}

// ---- Modules

Module *maker_decode(Maker *m, Bytes bytes)
{
    Module *module;
    Diag diag = {0};
    Module **place = &ARENA_PUSH(m->arena, m->modules, m->module_count, m->module_cap);
    if (!module_decode(bytes.data, bytes.len, features_all, m->distinct, &module, &diag))
        maker_fail_as(m, &diag);
    *place = module;
    return module;
}

const Export *part_export(const Part *p, Bytes name, ExternKind kind)
{
    const u32 *at = map_get(&p->exports, name.data, name.len);
    const Export *e = at ? &p->module->exports[*at] : NULL;
    return e && e->kind == kind ? e : NULL;
}

const Part *maker_main(Maker *m, Bytes name, ExternKind kind)
{
    if (part_export(&m->parts[0], name, kind) && !m->linker) return &m->parts[0];
    return m->linker ? link_main(m, name, kind) : NULL;
}

void maker_validate(Maker *m, Module *module)
{
    Diag diag = {0};
    if (!module_validate(module, &diag)) maker_fail_as(m, &diag);
}

static void take_world(Maker *m, Part *p, Bytes section, bool first)
{
    static const CModuleLoader loader = {.names_all = true};
    Diag diag = {0};
    Component **place = &ARENA_PUSH(m->arena, m->worlds, m->world_count, m->world_cap);
    *place = component_load(section.data, section.len, features_all, m->store, &loader, &diag);
    if (!*place) maker_fail_as(m, &diag);
    Bytes encoding = component_custom(*place, WIT_ENCODING_SECTION);
    if (encoding.len != 2 || encoding.data[0] != 4 || encoding.data[1] >= STRINGS_COUNT)
        maker_fail(m, "a section component-type is of another format");
    if (!first && p->strings != (WitStrings)encoding.data[1])
        maker_fail(m, "its sections component-type differ in how strings are encoded");
    p->strings = (WitStrings)encoding.data[1];
}

static bool is_world(const Module *module, const Section *s)
{
    return s->id == 0 && bytes_begin(section_name(module, s), "component-type");
}

// The module without its worlds, which are taken from there.
static Bytes take_worlds(Maker *m, Part *p, const Module *module)
{
    Buf out;
    u32 worlds = 0, done = 0;
    buf_init(&out, m->arena);
    for (u32 i = 0; i < module->section_count; i++) {
        const Section *s = &module->sections[i];
        Bytes content = {module->bytes + s->content.start, s->content.end - s->content.start};
        if (!is_world(module, s)) continue;
        buf_bytes(&out, module->bytes + done, s->start - done);
        done = s->content.end;
        take_world(m, p, content, worlds++ == 0);
    }
    buf_bytes(&out, module->bytes + done, module->size - done);
    return buf_view(&out);
}

static void index_exports(Maker *m, Part *p)
{
    map_init(&p->exports, m->arena);
    for (u32 i = 0; i < p->module->export_count; i++) {
        const Export *e = &p->module->exports[i];
        map_add(&p->exports, e->name.data, e->name.len, i);
    }
}

void maker_read_part(Maker *m, Part *p, Bytes name, Bytes bytes)
{
    p->name = name;
    p->main = !name.len && !p->library;
    p->kept = p->main || p->library;
    p->module = maker_decode(m, bytes);
    if (p->kept) maker_validate(m, p->module); // of an adapter what is taken of it
    p->bytes = take_worlds(m, p, p->module);
    if (p->bytes.len != bytes.len) p->module = maker_decode(m, p->bytes);
    map_init(&p->needed, m->arena);
    if (p->kept) maker_join_imports(m, p);
    index_exports(m, p);
}

// ---- The world

// What a world is, of a component that has nothing else.
static CExterns *world_of(const Component *c)
{
    const CTypes *t = &c->types;
    const CExterns *e = ctype_def(t, c->type)->externs;
    e = ctype_def(t, e->exports[0].entity.type)->externs;
    return ctype_def(t, e->exports[0].entity.type)->externs;
}

void maker_type_world(Maker *m, Bytes types)
{
    Diag diag = {0};
    m->typed = component_load(types.data, types.len, features_all, m->store, NULL, &diag);
    if (!m->typed) maker_fail_as(m, &diag);
    m->externs = world_of(m->typed);
}

static void read_world(Maker *m)
{
    Buf types;
    wit_init(&m->wit, m->arena);
    m->wit.all_features = true;
    if (!m->world_count)
        maker_fail(m, "no section component-type says for which world the module was made; "
                      "`weft component embed` writes one");
    if (!wit_add_worlds(&m->wit, bytes_of("the worlds"), m->worlds, m->world_count) ||
        !wit_resolve(&m->wit))
        maker_fail_as(m, &m->wit.diag);
    m->world = m->wit.main->worlds[0];
    buf_init(&types, m->arena);
    if (!wit_encode_world(&m->wit, m->world, STRINGS_utf8, &types)) maker_fail_as(m, &m->wit.diag);
    maker_type_world(m, buf_view(&types));
}

// Of versions that do for each other the latest one is found.
static void add_track(Maker *m, const ItemInfo *item)
{
    const WitInterface *of = item->item->interface;
    Map *tracks = &m->tracks[item->exports];
    Bytes key = cname_canonical(item->name);
    if (!of || item->item->name.len || map_add(tracks, key.data, key.len, item->number)) return;
    u32 *best = (u32 *)map_get(tracks, key.data, key.len);
    const WitInterface *other = m->items[item->exports][*best].item->interface;
    if (wit_version_order(&of->package->version, &other->package->version) > 0)
        *best = item->number;
}

static void list_items(Maker *m, bool exports)
{
    const WitItems *items = exports ? &m->world->exports : &m->world->imports;
    ItemInfo *list = m->items[exports] = NEW_ARRAY(m->arena, ItemInfo, (size_t)items->count + 1);
    map_init(&m->item_names[exports], m->arena);
    map_init(&m->tracks[exports], m->arena);
    for (u32 i = 0; i < items->count; i++) {
        list[i].item = &items->items[i];
        list[i].exports = exports;
        list[i].number = i;
        list[i].name = wit_item_name(m->arena, list[i].item).name;
        list[i].instance = NO_INDEX;
        map_add(&m->item_names[exports], list[i].name.data, list[i].name.len, i);
        add_track(m, &list[i]);
    }
}

const CFunc *maker_func(Maker *m, const ItemInfo *item, const WitFunc *f)
{
    const CTypes *t = &m->typed->types;
    m->typed->arena.on_failure = m->typed->scratch.on_failure = m->arena->on_failure;
    const CExtern *e = cexterns_find(m->externs, item->exports, item->name);
    if (item->item->interface)
        e = cexterns_find(ctype_def(t, e->entity.type)->externs, true, f->name);
    return ctype_def(t, e->entity.type)->func;
}

// ---- Signatures

char *maker_sig(const FlatSig *sig, char out[static 200])
{
    size_t at = 0;
    for (u32 i = 0; i < sig->count + sig->result_count; i++) {
        u8 c = i < sig->count ? sig->params[i] : sig->results[i - sig->count];
        const char *before = i == sig->count ? " -> " : i ? ", " : "";
        at += (size_t)snprintf(out + at, 200 - at, "%s%s", before, flat_text(c));
    }
    if (!at) snprintf(out, 200, "nothing");
    return out;
}

static u8 letter_of(Type t)
{
    return t == TYPE_i32 ? 'i' : t == TYPE_i64 ? 'l' : t == TYPE_f32 ? 'f' : t == TYPE_f64 ? 'd'
                                                                                             : '?';
}

static bool sig_of(const Maker *m, TypeId type, FlatSig *sig)
{
    const TypeDef *def = type_def(m->distinct, type);
    *sig = (FlatSig){0};
    if (def->kind != COMP_func || def->param_count > FLAT_SIG_MOST || def->result_count > 1)
        return false;
    sig->count = def->param_count;
    sig->result_count = def->result_count;
    for (u32 i = 0; i < sig->count; i++) sig->params[i] = letter_of(def->params[i]);
    if (sig->result_count) sig->results[0] = letter_of(def->params[sig->count]);
    return true;
}

bool maker_same_type(const Maker *m, TypeId a, TypeId b)
{
    FlatSig of[2];
    return a == b || (sig_of(m, a, &of[0]) && sig_of(m, b, &of[1]) &&
                      !memcmp(&of[0], &of[1], sizeof of[0]));
}

void maker_check_sig(Maker *m, const Part *p, Bytes name, TypeId type, const FlatSig *sig)
{
    FlatSig there;
    char is[200], wanted[200];
    bool good = sig_of(m, type, &there) && there.count == sig->count &&
                there.result_count == sig->result_count &&
                !memcmp(there.params, sig->params, sig->count) &&
                (!sig->result_count || there.results[0] == sig->results[0]);
    if (good) return;
    maker_fail(m, "\"%.*s\" of %s is a function of (%s), where the world makes it one of (%s)",
               WIT_SAY(name), part_who(m, p), maker_sig(&there, is),
               maker_sig(sig, wanted));
}

// ---- All of it

void maker_make(Maker *m, Buf *out)
{
    const u32 adapters = 1 + m->library_count;
    read_world(m);
    list_items(m, false);
    list_items(m, true);
    map_init(&m->used, m->arena);
    map_init(&m->dtors, m->arena);
    for (u32 i = 0; i < adapters; i++) maker_find_uses(m, &m->parts[i]);
    maker_find_lifts(m);
    for (u32 i = adapters; i < m->part_count; i++) {
        Part *p = &m->parts[i];
        if (!p->needed.count) continue;
        p->kept = true;
        maker_adapt(m, p);
        index_exports(m, p);
        maker_find_uses(m, p);
    }
    maker_emit(m, out);
}

static void end(Maker *m)
{
    for (u32 i = 0; i < m->world_count; i++) component_free(m->worlds[i]);
    for (u32 i = 0; i < m->module_count; i++) module_free(m->modules[i]);
    component_free(m->typed);
    type_store_free(m->store);
    type_store_free(m->distinct);
}

bool maker_run(Maker *m, MakerWork *work, void *what)
{
    Maker *const made = m; // whose fields change behind the jump
    Arena *arena = m->arena;
    Diag *diag = m->diag;
    jmp_buf failed, *outer = arena->on_failure;
    m->store = type_store_new();
    m->distinct = type_store_new_distinct();
    diag_init(diag);
    arena->on_failure = &failed;
    if (setjmp(failed) || !made->store || !made->distinct) {
        if (diag->err == ERR_none && made->wit.diag.err != ERR_none) *diag = made->wit.diag;
        diag_fail(diag, ERR_out_of_memory, 0, "%s", "");
    } else {
        work(made, what);
    }
    arena->on_failure = outer;
    end(made);
    return diag->err == ERR_none;
}

typedef struct { Bytes module; const ToolAdapter *adapters; u32 count; Buf *out; } New;

static void make_new(Maker *m, void *what)
{
    const New *n = what;
    m->part_count = n->count + 1;
    m->parts = NEW_ARRAY(m->arena, Part, m->part_count);
    maker_read_part(m, &m->parts[0], (Bytes){0}, n->module);
    for (u32 i = 0; i < n->count; i++)
        maker_read_part(m, &m->parts[i + 1], n->adapters[i].name, n->adapters[i].module);
    maker_make(m, n->out);
}

bool tool_new(Arena *arena, Bytes module, const ToolAdapter *adapters, u32 count, Buf *out,
              Diag *diag)
{
    New n = {module, adapters, count, out};
    return maker_run(&(Maker){.arena = arena, .diag = diag}, make_new, &n);
}
