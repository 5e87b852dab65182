// imports.c -- the import section, in its old form and both compact ones.
//
//     module name, "",   0x7f, count, { name, type }         one module, many items
//     module name, "",   0x7e, type, count, { name }         one module, one type, many items
//     module name, name, type                                 one import
//
// spec: binary/modules, import section; the compact import section proposal

#include "binary/decoder.h"

ExternType decode_extern_type(Decoder *d)
{
    ExternType t = {0};
    const u8 *at = d->r.pos;
    u8 kind = read_u8(&d->r);
    switch (kind) {
    case 0x20:
        decode_needs(d, FEATURE_custom_descriptors, at);
        t.exact = true;
        // fallthrough
    case 0x00: // rule: Externtype_ok/func
        t.kind = EXTERN_func, t.func = decode_func_type(d);
        break;
    // rule: Externtype_ok/table
    case 0x01: t.kind = EXTERN_table, t.table = decode_table_type(d); break;
    // rule: Externtype_ok/mem
    case 0x02: t.kind = EXTERN_memory, t.memory = (MemType){decode_limits(d, true)}; break;
    case 0x03:
        // rule: Externtype_ok/global
        t.kind = EXTERN_global, t.global = decode_global_type(d);
        if (t.global.mutable) decode_needs(d, FEATURE_mutable_global, at);
        break;
    case 0x04:
        decode_needs_tags(d, at);
        // rule: Externtype_ok/tag
        t.kind = EXTERN_tag, t.func = decode_tag_type(d);
        break;
    default: decode_fail(d, ERR_malformed_import_kind, at, "0x%02x", kind);
    }
    return t;
}

// An import is the next of its kind.
static u32 import_declare(Decoder *d, const ExternType *t)
{
    Module *m = d->m;
    Arena *a = &m->arena;
    switch (t->kind) {
    case EXTERN_func:
        ARENA_PUSH(a, m->funcs, m->func_count, d->func_cap) = (FuncDecl){.type = t->func,
                                                                         .exact = t->exact};
        return m->imported_funcs++;
    case EXTERN_table:
        ARENA_PUSH(a, m->tables, m->table_count, d->table_cap) = (TableDecl){.type = t->table};
        return m->imported_tables++;
    case EXTERN_memory:
        ARENA_PUSH(a, m->memories, m->memory_count, d->memory_cap) = (MemDecl){.type = t->memory};
        return m->imported_memories++;
    case EXTERN_global:
        ARENA_PUSH(a, m->globals, m->global_count, d->global_cap) = (GlobalDecl){.type = t->global};
        return m->imported_globals++;
    default:
        ARENA_PUSH(a, m->tags, m->tag_count, d->tag_cap) = (TagDecl){.type = t->func};
        return m->imported_tags++;
    }
}

// Functions, globals and tags have the same limit as imports.
static void import_add(Decoder *d, Bytes module, Bytes name, const ExternType *type, const u8 *at)
{
    Module *m = d->m;
    if (decode_failed(d)) return;
    if (m->import_count == LIMIT_imports) decode_fail(d, ERR_limit_imports, at, "%s", "");
    if (type->kind == EXTERN_table && m->table_count == LIMIT_tables)
        decode_fail(d, ERR_limit_tables, at, "%s", "");
    if (type->kind == EXTERN_memory && m->memory_count == LIMIT_memories)
        decode_fail(d, ERR_limit_memories, at, "%s", "");
    if (decode_failed(d)) return;
    Import *import = &ARENA_PUSH(&m->arena, m->imports, m->import_count, d->import_cap);
    *import = (Import){module, name, type->kind, import_declare(d, type)};
}

static void decode_import(Decoder *d, Bytes module)
{
    const u8 *at = d->r.pos;
    Bytes name = read_name(&d->r);
    ExternType type = decode_extern_type(d);
    import_add(d, module, name, &type, at);
}

static void decode_import_names(Decoder *d, Bytes module)
{
    ExternType type = decode_extern_type(d);
    u32 count = decode_count(d, 1, d->m->import_count, LIMIT_imports, ERR_limit_imports);
    for (u32 i = 0; i < count && !decode_failed(d); i++) {
        const u8 *at = d->r.pos;
        import_add(d, module, read_name(&d->r), &type, at);
    }
}

static void decode_imports(Decoder *d)
{
    Bytes module = read_name(&d->r);
    const u8 *at = d->r.pos;
    Bytes name = read_name(&d->r);
    u8 compact = peek_u8(&d->r);
    if (name.len || (compact != 0x7f && compact != 0x7e)) {
        d->r.pos = decode_failed(d) ? d->r.end : at;
        decode_import(d, module);
        return;
    }
    decode_needs(d, FEATURE_compact_imports, d->r.pos);
    read_u8(&d->r);
    if (compact == 0x7e) {
        decode_import_names(d, module);
        return;
    }
    u32 count = decode_count(d, 2, d->m->import_count, LIMIT_imports, ERR_limit_imports);
    for (u32 i = 0; i < count && !decode_failed(d); i++) decode_import(d, module);
}

void decode_import_section(Decoder *d)
{
    u32 count = decode_count(d, 3, 0, LIMIT_imports, ERR_limit_imports);
    d->m->imports = NEW_ARRAY(&d->m->arena, Import, count);
    d->import_cap = count;
    for (u32 i = 0; i < count && !decode_failed(d); i++) decode_imports(d);
}
