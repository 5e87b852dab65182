// decode.c -- the frame of a component: header, sections in any order, components inside.
//
//     \0asm 0d 00 01 00 | id size content | 4 size [ \0asm ... | id size content ] | ...
//
// A component inside is a section whose content is read as sections again; a scope on a stack knows
// where it ends. Every other section is read by a cursor that ends where it does.
// spec: Binary/component definitions

#include "component/binary/decoder.h"

#include "binary/decode.h"
#include "valid/valid.h"

#include <stdlib.h>

static const u8 header[8] = {0, 'a', 's', 'm', 0x0d, 0, 1, 0};

bool component_is(const u8 *bytes, size_t size)
{
    return size >= sizeof header && !memcmp(bytes, header, sizeof header);
}

bool c_needs(C *c, u8 feature, const u8 *at) { return decode_needs(&c->d, (Feature)feature, at); }

bool c_byte(C *c, u8 wanted, Err err)
{
    const u8 *at = c_at(c);
    u8 byte = read_u8(c_reader(c));
    return c_failed(c) ? false : byte == wanted || c_fail(c, err, at, "0x%02x", byte);
}

u32 c_count(C *c, u32 item_size, u32 most, Err err)
{
    return decode_count(&c->d, item_size, 0, most, err);
}

bool c_item(C *c, const u8 *at)
{
    return ++c->items <= COMPONENT_MOST_items || c_fail(c, ERR_limit_component_items, at, "%s", "");
}

bool c_instance(C *c, const u8 *at)
{
    return ++c->instances <= COMPONENT_MOST_instances ||
           c_fail(c, ERR_limit_component_instances, at, "%s", "");
}

void c_push(C *c, Numbers *n, u32 value)
{
    ARENA_PUSH(&c->c->arena, n->items, n->count, n->cap) = value;
}

u32 c_index(C *c, u32 count, const char *what)
{
    const u8 *at = c_at(c);
    u32 index = read_leb_u32(c_reader(c));
    c->index = index;
    if (!c_failed(c) && index < count) return index;
    return (u32)c_fail(c, ERR_unknown_definition, at, "%s %u; there are %u", what, index, count);
}

static void mark(C *c, const u8 *at, u32 index, bool is_signed)
{
    Component *o = c->c;
    const u8 *start = c->d.r.start;
    ARENA_PUSH(&o->arena, o->marks, o->mark_count, o->mark_cap) =
        (CMark){{(u32)(at - start), (u32)(c_at(c) - start)}, index, is_signed};
}

u32 c_core_index(C *c, const Numbers *space, const char *what)
{
    const u8 *at = c_at(c);
    u32 index = c_index(c, space->count, what);
    bool own = space == &c->root->core_types || space == &c->root->modules;
    if (c->c->loader.marks && own && !c_failed(c)) mark(c, at, index, false);
    return index;
}

// In core types of the outermost component.
static void mark_type_index(Decoder *d, const u8 *at)
{
    ComponentDecoder *c = (ComponentDecoder *)((char *)d - offsetof(ComponentDecoder, d));
    Diag none;
    diag_init(&none);
    Reader r = {.start = d->r.start, .pos = at, .end = d->r.pos, .diag = &none};
    mark(c, at, read_leb_u32(&r), true);
}

void c_mark_types(C *c, const Numbers *types)
{
    bool own = c->c->loader.marks && types == &c->root->core_types;
    c->d.on_type_index = own ? mark_type_index : NULL;
}

CDef *c_record(C *c, CDefKind kind)
{
    if (c->scope->kind != SCOPE_component) return NULL;
    if (!c->c->loader.runs) return &c->unkept;
    CBody *b = &c->c->bodies[c->scope->body];
    CDef *d = &ARENA_PUSH(&c->c->arena, b->defs, b->count, b->cap);
    *d = (CDef){.kind = kind, .type = CTYPE_NONE, .from = CTYPE_NONE};
    return d;
}

int c_shown(Bytes name) { return (int)MIN(name.len, 80); }

// ---- Scopes. Those of types come and go often, so they are used again with what room they have.

static Scope *clear_scope(C *c, Scope *s)
{
    Numbers *lists[] = {&s->core_types, &s->core_module_types, &s->modules, &s->core_instances,
                        &s->funcs, &s->types, &s->components, &s->instances, &s->bound[0],
                        &s->bound[1], &s->values, &s->used};
    for (u32 i = 0; i < COUNT_OF(lists); i++) lists[i]->count = 0;
    for (u32 i = 0; i < EXTERN_COUNT; i++) s->core[i].count = 0;
    for (u32 i = 0; i < SIDES; i++) {
        s->externs[i].count = 0;
        map_clear(&s->keys[i], &c->c->arena);
        map_clear(&s->labels[i], &c->c->arena);
        s->visible[i].arena = &c->c->arena;
        map_clear(&s->visible[i].map, &c->c->arena);
    }
    s->context_type = 0;
    s->started = false;
    return s;
}

Scope *scope_open(C *c, ScopeKind kind)
{
    Scope *s = c->spare;
    if (c->level == COMPONENT_MOST_nesting) {
        c_fail(c, ERR_limit_nesting, c_at(c), "%s", "");
        return NULL;
    }
    if (s) c->spare = s->outer;
    else s = NEW(&c->c->arena, Scope);
    clear_scope(c, s);
    s->kind = kind;
    s->outer = c->scope;
    s->id = ++c->scopes;
    if (!s->outer) c->root = s;
    if (kind == SCOPE_component) {
        s->body = c->c->body_count;
        ARENA_PUSH(&c->c->arena, c->c->bodies, c->c->body_count, c->c->body_cap) = (CBody){0};
    }
    c->scope = s;
    c->level++;
    return s;
}

CType scope_close(C *c, const u8 *at)
{
    Scope *s = c->scope;
    CExterns e = {
        .imports = s->externs[0].items, .import_count = s->externs[0].count,
        .exports = s->externs[1].items, .export_count = s->externs[1].count,
        .imported = s->bound[0].items, .imported_count = s->bound[0].count,
        .defined = s->bound[1].items, .defined_count = s->bound[1].count,
    };
    CForm form = s->kind == SCOPE_instance_type ? CFORM_instance : CFORM_component;
    Err err = ERR_none;
    CType type = ctype_make_externs(&c->c->types, form, &e, &err);
    c_type_error(c, err, at);
    c->scope = s->outer;
    s->outer = c->spare;
    c->spare = s;
    c->level--;
    return type;
}

// ---- Sections

static bool bytes_there(const C *c, size_t count)
{
    return count <= (size_t)(c->d.r.end - c->d.r.pos);
}

static bool read_header(C *c)
{
    const u8 *at = c_at(c);
    if (c->scope->outer && c->scope->end - reader_offset(c_reader(c)) < sizeof header)
        return c_fail(c, ERR_length_out_of_bounds, at, "a component shorter than its header");
    if (!bytes_there(c, sizeof header) && !c->whole) return false;
    const u8 *magic = read_bytes(c_reader(c), 4);
    if (magic && memcmp(magic, header, 4))
        c_fail(c, ERR_magic_header_not_detected, at, "a component starts with 00 61 73 6d");
    const u8 *v = read_bytes(c_reader(c), 4);
    if (v && memcmp(v, header + 4, 4))
        c_fail(c, ERR_unknown_binary_version, v, "%02x %02x %02x %02x, and not 0d 00 01 00", v[0],
               v[1], v[2], v[3]);
    c->in_header = false;
    return true;
}

static Module *load_module(C *c, Range range, Diag *diag)
{
    Component *o = c->c;
    const u8 *bytes = o->bytes + range.start;
    size_t size = range.end - range.start;
    Module *m;
    if (o->loader.load) return o->loader.load(o->loader.env, bytes, size, diag);
    if (!module_decode(bytes, size, o->features, o->types.store, &m, diag)) return NULL;
    if (module_validate(m, diag)) return m;
    module_free(m);
    return NULL;
}

// The place in the list is there before the module is: nothing is lost when memory is short.
static void read_module(C *c, Range range)
{
    Component *o = c->c;
    const u8 *at = c_at(c);
    if (++c->nested > COMPONENT_MOST_nested) {
        c_fail(c, ERR_limit_nested, at, "%s", "");
        return;
    }
    CModuleSpan *span = &ARENA_PUSH(&o->arena, o->modules, o->module_count, o->module_cap);
    *span = (CModuleSpan){range, c->level, NULL};
    Diag diag;
    diag_init(&diag);
    span->module = load_module(c, range, &diag);
    c->d.r.pos = c->d.r.start + range.end;
    if (!span->module) {
        *c->diag = diag;
        c->diag->offset += range.start;
        c->d.r.pos = c->d.r.end;
        return;
    }
    core_add_module(c, span->module, at);
    c_record(c, CDEF_core_module)->index = o->module_count - 1;
}

static void enter_component(C *c, Range range)
{
    if (++c->nested > COMPONENT_MOST_nested) {
        c_fail(c, ERR_limit_nested, c_at(c), "%s", "");
        return;
    }
    Scope *s = scope_open(c, SCOPE_component);
    if (!s) return;
    s->end = range.end;
    c->c->component_count++;
    c->in_header = true;
}

static void read_content(C *c, u8 id)
{
    switch (id) {
    case CSECTION_custom:
        read_name(c_reader(c));
        c->d.r.pos = c->d.r.end;
        break;
    case CSECTION_core_instance: decode_core_instances(c); break;
    case CSECTION_core_type: decode_core_types(c); break;
    case CSECTION_instance: decode_instances(c); break;
    case CSECTION_alias: decode_aliases(c); break;
    case CSECTION_type: decode_types(c); break;
    case CSECTION_canon: decode_canons(c); break;
    case CSECTION_start: decode_start(c); break;
    case CSECTION_import: decode_imports(c); break;
    case CSECTION_export: decode_exports(c); break;
    }
}

static void read_section(C *c, u8 id, Range range)
{
    Reader outer = c->d.r;
    c->d.r.end = c->d.r.start + range.end;
    c->d.r.at_end = ERR_unexpected_end_of_section;
    if (id == CSECTION_core_module) read_module(c, range);
    else read_content(c, id);
    if (c->d.r.pos != c->d.r.end)
        c_fail(c, ERR_section_size_mismatch, c_at(c), "section %u has %u bytes left over", id,
               (u32)(c->d.r.end - c->d.r.pos));
    c->d.r.at_end = outer.at_end;
    c->d.r.end = outer.end;
    if (c_failed(c)) c->d.r.pos = c->d.r.end;
}

// How far the innermost component can go.
static u32 scope_end(const C *c)
{
    return c->scope->outer ? c->scope->end : (u32)c->c->size;
}

static void close_component(C *c)
{
    for (u32 i = 0; i < c->scope->values.count; i++)
        if (!c->scope->used.items[i]) c_fail(c, ERR_value_use, c_at(c), "value %u is not used", i);
    u32 index = c->scope->outer != NULL;
    u32 body = c->scope->body;
    CType type = scope_close(c, c_at(c));
    if (c_failed(c)) return;
    c->c->bodies[body].type = type;
    c->c->instance_count = c->instances;
    if (!index) {
        c->c->type = type;
        return;
    }
    c_push(c, &c->scope->components, type);
    c_record(c, CDEF_component)->index = body;
}

static bool leb_is_there(const C *c)
{
    for (const u8 *p = c->d.r.pos; p < c->d.r.end; p++)
        if (!(*p & 0x80)) return true;
    return bytes_there(c, 5);
}

// A component that ends before its section does is as wrong as one that is too long.
static void fail_length(C *c, const u8 *at, u32 size)
{
    c_fail(c, ERR_length_out_of_bounds, at, "a section of %u bytes", size);
}

// False: more bytes are needed.
static bool read_next_section(C *c)
{
    Component *o = c->c;
    const u8 *at = c_at(c);
    if (reader_offset(c_reader(c)) == scope_end(c) && (c->scope->outer || c->whole)) {
        close_component(c);
        return c->scope != NULL;
    }
    if (at == c->d.r.end && !c->whole) return false;
    u8 id = read_u8(c_reader(c));
    if (id >= CSECTION_COUNT) c_fail(c, ERR_malformed_section_id, at, "%u", id);
    if (!c_failed(c) && !leb_is_there(c) && !c->whole) return c->d.r.pos = at, false;
    u32 size = read_leb_u32(c_reader(c)), start = reader_offset(c_reader(c));
    if (c_failed(c)) return true;
    u32 end = c->scope->outer ? c->scope->end : LIMIT_module_size;
    if (start > end || size > end - start) {
        fail_length(c, at, size);
    } else if (id == CSECTION_value) {
        c_fail(c, ERR_feature_disabled, at, "%s sections are not read yet", csection_info[id].text);
    } else if (id == CSECTION_component) {
        enter_component(c, (Range){start, start + size});
    } else if (bytes_there(c, size)) {
        read_section(c, id, (Range){start, start + size});
    } else if (c->whole) {
        fail_length(c, at, size);
    } else {
        return c->d.r.pos = at, false;
    }
    if (!c_failed(c))
        ARENA_PUSH(&o->arena, o->sections, o->section_count, o->section_cap) =
            (CSectionSpan){id, c->level - (id == CSECTION_component), {start, start + size}};
    return true;
}

static Err why_short(const C *c)
{
    const Component *o = c->c;
    bool met = o->arena.met || o->scratch.met || c->core.arena.met || c->d.scratch.met;
    return o->types.met ? o->types.met : met ? ERR_limit_module_bytes : ERR_out_of_memory;
}

// What they take counts as what modules do.
static void charge(C *c, Account *account)
{
    c->c->arena.account = c->c->scratch.account = account;
    c->core.arena.account = c->d.scratch.account = account;
}

static void read_steps(C *c)
{
    while (c->scope && !c_failed(c) && (c->in_header ? read_header(c) : read_next_section(c)))
        continue;
}

static void set_failure(C *c, jmp_buf *failure)
{
    c->c->arena.on_failure = c->c->scratch.on_failure = failure;
    c->core.arena.on_failure = c->d.scratch.on_failure = failure;
}

// Nothing else that was set before the jump is read after it.
static void read_guarded(C *c)
{
    jmp_buf failure;
    Component *o = c->c;
    set_failure(c, &failure);
    if (setjmp(failure)) {
        c_fail(c, why_short(c), c_at(c), "%s", o->types.met ? "" : "for what is decoded");
    } else {
        if (!c->scope && !c->scopes) scope_open(c, SCOPE_component);
        read_steps(c);
    }
    decode_drop_group(&c->d);
    set_failure(c, NULL);
}

// ---- From outside

ComponentDecoder *component_decoder_new(const u8 *bytes, Features features, TypeStore *store,
                                        const CModuleLoader *loader)
{
    C *c = calloc(1, sizeof *c);
    Component *o = c ? calloc(1, sizeof *o) : NULL;
    if (!o) {
        free(c);
        return NULL;
    }
    c->c = o;
    arena_init(&o->arena);
    arena_init(&o->scratch);
    arena_init(&c->core.arena);
    arena_init(&c->d.scratch);
    *o = (Component){.arena = o->arena, .scratch = o->scratch, .bytes = bytes, .features = features,
                     .type = CTYPE_NONE};
    if (loader) {
        o->loader = *loader;
        charge(c, loader->account);
    }
    ctypes_init(&o->types, &o->arena, &o->scratch, store);
    o->types.names_all = loader && loader->names_all;
    c->core.store = store;
    c->core.features = features;
    c->core.bytes = bytes;
    c->d.m = &c->core;
    c->d.r = (Reader){.start = bytes, .pos = bytes, .end = bytes};
    c->d.stand_in = TYPE_NONE;
    diag_init(&c->d.invalid);
    c->in_header = true;
    return c;
}

bool component_decoder_feed(ComponentDecoder *c, size_t size, bool last, Diag *diag)
{
    diag_init(diag);
    if (size > LIMIT_module_size)
        return diag_fail(diag, ERR_limit_module_size, 0, "%zu bytes, 1 GiB at most", size);
    c->c->size = size;
    c->whole = last;
    c->diag = c->d.r.diag = diag;
    c->d.r.end = c->d.r.start + size;
    c->d.r.at_end = ERR_unexpected_end;
    if (!c->in_header || c->scopes || !last || size) c_needs(c, FEATURE_component_model, c_at(c));
    read_guarded(c);
    return diag->err == ERR_none;
}

Component *component_decoder_take(ComponentDecoder *c)
{
    Component *o = c->c;
    c->c = NULL;
    return o;
}

void component_decoder_free(ComponentDecoder *c)
{
    if (!c) return;
    if (c->d.stand_in != TYPE_NONE) type_give_back(c->core.store, &c->d.stand_in, 1);
    arena_free(&c->d.scratch);
    arena_free(&c->core.arena);
    component_free(c->c);
    free(c);
}

void component_free(Component *o)
{
    if (!o) return;
    for (u32 i = 0; i < o->module_count; i++) {
        if (o->loader.drop) o->loader.drop(o->modules[i].module);
        else module_free(o->modules[i].module);
    }
    type_give_back(o->types.store, o->held, o->held_count);
    arena_free(&o->arena);
    arena_free(&o->scratch);
    free(o);
}

Bytes component_custom(const Component *c, const char *name)
{
    Diag diag;
    diag_init(&diag);
    for (u32 i = 0; i < c->section_count; i++) {
        const CSectionSpan *s = &c->sections[i];
        Reader r = {.start = c->bytes, .pos = c->bytes + s->content.start,
                    .end = c->bytes + s->content.end, .diag = &diag};
        if (s->id != CSECTION_custom || s->level != 1) continue;
        if (bytes_are(read_name(&r), name)) return (Bytes){r.pos, (size_t)(r.end - r.pos)};
    }
    return (Bytes){0};
}

Component *component_load(const u8 *bytes, size_t size, Features features, TypeStore *store,
                          const CModuleLoader *loader, Diag *diag)
{
    static const u8 nothing[1];
    ComponentDecoder *c = component_decoder_new(bytes ? bytes : nothing, features, store, loader);
    diag_init(diag);
    if (!c) {
        diag_fail(diag, ERR_out_of_memory, 0, "for the component");
        return NULL;
    }
    Component *o = component_decoder_feed(c, size, true, diag) ? component_decoder_take(c) : NULL;
    component_decoder_free(c);
    return o;
}
