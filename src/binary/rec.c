// rec.c -- the type section: recursion groups, read, checked and interned one by one.
//
// While a group is read its members name each other by place. Supertypes must come earlier and not
// be too deep, which the store relies on; one that does not is left out. The rest is checked on the
// interned types, where matching is a comparison. A group that fails is in the store as long as its
// module is refused, and is harmless there: each module's own groups are checked, so none that is
// valid can be equal to it.
// spec: binary/modules, type section; valid/types, recursive types

#include "binary/decoder.h"

// Behind the `have` types that are there.
// rule: Resulttype_ok
static Type *decode_result_type(Decoder *d, Type *types, u32 have, u32 limit, Err err, u16 *count)
{
    *count = (u16)decode_count(d, 1, 0, limit, err);
    types = arena_grow(&d->scratch, types, have, have + *count, sizeof *types);
    for (u32 i = 0; i < *count; i++) types[have + i] = decode_val_type(d);
    return types;
}

static void decode_func(Decoder *d, TypeDef *def)
{
    def->kind = COMP_func;
    Type *types = decode_result_type(d, NULL, 0, LIMIT_params, ERR_limit_params, &def->param_count);
    const u8 *at = d->r.pos;
    def->params = decode_result_type(d, types, def->param_count, LIMIT_results, ERR_limit_results,
                                     &def->result_count);
    if (def->result_count > 1) decode_needs(d, FEATURE_multi_value, at);
}

// rule: Fieldtype_ok
static FieldType decode_field(Decoder *d)
{
    FieldType field = {0};
    u8 code = peek_u8(&d->r);
    switch (code) {
#define PACKED(name, text, code)                                                                   \
    case code: read_u8(&d->r); field.type = TYPE_##name; break;
#include "op/type.def"
    // rule: Storagetype_ok/val
    default: field.type = decode_val_type_or(d, ERR_malformed_storage_type);
    }
    const u8 *at = d->r.pos;
    u8 mutable = read_u8(&d->r);
    if (mutable > 1) decode_fail(d, ERR_malformed_mutability, at, "0x%02x", mutable);
    field.mutable = mutable == 1;
    return field;
}

static void decode_fields(Decoder *d, TypeDef *def, CompKind kind)
{
    def->kind = kind;
    def->field_count =
        kind == COMP_array ? 1 : decode_count(d, 2, 0, LIMIT_fields, ERR_limit_struct_fields);
    FieldType *fields = NEW_ARRAY(&d->scratch, FieldType, def->field_count);
    for (u32 i = 0; i < def->field_count; i++) fields[i] = decode_field(d);
    def->fields = fields;
}

static void decode_comp_type(Decoder *d, TypeDef *def)
{
    const u8 *at = d->r.pos;
    u8 code = read_u8(&d->r);
    if (code == 0x5e || code == 0x5f) decode_needs(d, FEATURE_gc, at);
    if (code == 0x5d) decode_needs(d, FEATURE_stack_switching, at);
    switch (code) {
    // rule: Comptype_ok/func
    case 0x60: decode_func(d, def); break;
    // rule: Comptype_ok/struct
    case 0x5f: decode_fields(d, def, COMP_struct); break;
    // rule: Comptype_ok/array
    case 0x5e: decode_fields(d, def, COMP_array); break;
    case 0x5d:
        def->kind = COMP_cont;
        def->cont = decode_type_index(d);
        break;
    default: decode_bad_code(d, ERR_malformed_definition_type, code, at);
    }
}

// A custom descriptor's clause in front of the composite type.
static TypeId decode_clause(Decoder *d, u8 prefix)
{
    const u8 *at = d->r.pos;
    if (peek_u8(&d->r) != prefix) return TYPE_NONE;
    read_u8(&d->r);
    decode_needs(d, FEATURE_custom_descriptors, at);
    return decode_type_index(d);
}

static u32 super_depth(Decoder *d, TypeId super)
{
    return super & TYPE_ID_REC ? type_draft_at(&d->draft, super ^ TYPE_ID_REC)->depth
                               : type_def(d->m->store, super)->depth;
}

// rules: Subtype_ok, Subtype_ok2
static void decode_supers(Decoder *d, TypeDef *def, u32 place)
{
    const u8 *at = d->r.pos;
    u32 count = read_count(&d->r, 1);
    TypeId super = TYPE_NONE;
    for (u32 i = 0; i < count && !decode_failed(d); i++) super = decode_type_index(d);
    if (super == TYPE_NONE || decode_failed(d)) return;
    u32 index = d->group_start + place;
    if (count > 1)
        decode_invalid(d, ERR_sub_type_mismatch, at, "%u has more than one super type", index);
    else if ((super & TYPE_ID_REC) && (super ^ TYPE_ID_REC) >= place)
        decode_invalid(d, ERR_unknown_type, at, "super type of %u is not defined before it", index);
    else if (super_depth(d, super) >= LIMIT_depth)
        decode_fail(d, ERR_limit_subtype_depth, at, "type %u", index);
    else {
        def->super = super;
        def->depth = (u8)(super_depth(d, super) + 1);
    }
}

static void decode_sub_type(Decoder *d, u32 place)
{
    TypeDef *def = type_draft_at(&d->draft, place);
    const u8 *at = d->r.pos;
    u8 prefix = peek_u8(&d->r);
    def->super = def->cont = TYPE_NONE;
    def->final = prefix != 0x50;
    if (prefix == 0x50 || prefix == 0x4f) {
        read_u8(&d->r);
        decode_needs(d, FEATURE_gc, at);
        decode_supers(d, def, place);
    }
    def->describes = decode_clause(d, 0x4c);
    def->descriptor = decode_clause(d, 0x4d);
    decode_comp_type(d, def);
}

// Descriptors

static bool fail_descriptor(Decoder *d, const u8 *at, u32 place, const char *why)
{
    return decode_invalid(d, ERR_descriptor_type, at, "type %u %s", d->group_start + place, why);
}

// The two clauses must name each other within the group, the described type first, and both be
// structures.
static bool check_clauses(Decoder *d, u32 place, const u8 *at)
{
    const TypeDraft *group = &d->draft;
    const TypeDef *def = type_draft_at(group, place);
    TypeId self = TYPE_ID_REC | place;
    if (def->describes == TYPE_NONE && def->descriptor == TYPE_NONE) return true;
    if (def->kind != COMP_struct) return fail_descriptor(d, at, place, "must be a struct");
    if (def->describes != TYPE_NONE) {
        if (!(def->describes & TYPE_ID_REC))
            return fail_descriptor(d, at, place, "describes a type outside its recursion group");
        if ((def->describes ^ TYPE_ID_REC) >= place)
            return fail_descriptor(d, at, place, "describes a type that is not defined before it");
        if (type_draft_at(group, def->describes ^ TYPE_ID_REC)->descriptor != self)
            return fail_descriptor(d, at, place,
                                   "is not the descriptor of the type that it describes");
    }
    if (def->descriptor != TYPE_NONE) {
        if (!(def->descriptor & TYPE_ID_REC))
            return fail_descriptor(d, at, place, "has its descriptor outside its recursion group");
        if (type_draft_at(group, def->descriptor ^ TYPE_ID_REC)->describes != self)
            return fail_descriptor(d, at, place, "is not described by its descriptor");
    }
    return true;
}

// Subtyping, on interned types

// rules: Fieldtype_sub/const, Fieldtype_sub/var, Storagetype_sub/val, Storagetype_sub/pack
static bool field_matches(const TypeStore *store, FieldType sub, FieldType super)
{
    if (sub.mutable != super.mutable) return false;
    return super.mutable ? sub.type == super.type : type_matches(store, sub.type, super.type);
}

// rule: Comptype_sub/func
static bool func_matches(const TypeStore *store, const TypeDef *sub, const TypeDef *super)
{
    if (sub->param_count != super->param_count || sub->result_count != super->result_count)
        return false;
    for (u32 i = 0; i < sub->param_count; i++)
        if (!type_matches(store, super->params[i], sub->params[i])) return false;
    for (u32 i = 0; i < sub->result_count; i++)
        if (!type_matches(store, type_results(sub)[i], type_results(super)[i])) return false;
    return true;
}

// rules: Comptype_sub/struct, Comptype_sub/array
static bool fields_match(const TypeStore *store, const TypeDef *sub, const TypeDef *super)
{
    if (sub->field_count < super->field_count) return false;
    for (u32 i = 0; i < super->field_count; i++)
        if (!field_matches(store, sub->fields[i], super->fields[i])) return false;
    return true;
}

// A described type's subtypes have descriptors that are subtypes of its descriptor; who describes
// has supertypes and subtypes that describe.
static bool clauses_match(const TypeStore *store, const TypeDef *sub, const TypeDef *super)
{
    if (super->descriptor != TYPE_NONE &&
        (sub->descriptor == TYPE_NONE ||
         !type_id_matches(store, sub->descriptor, super->descriptor)))
        return false;
    if ((sub->describes == TYPE_NONE) != (super->describes == TYPE_NONE)) return false;
    return sub->describes == TYPE_NONE || type_id_matches(store, sub->describes, super->describes);
}

static bool def_matches(const TypeStore *store, const TypeDef *sub, const TypeDef *super)
{
    if (super->final || sub->kind != super->kind || !clauses_match(store, sub, super)) return false;
    switch (sub->kind) {
    case COMP_func: return func_matches(store, sub, super);
    case COMP_cont: return type_id_matches(store, sub->cont, super->cont);
    default: return fields_match(store, sub, super);
    }
}

// rules: Subtype_ok, Subtype_ok2, Typeuse_ok/deftype
static void check_interned(Decoder *d, TypeId id, u32 index, const u8 *at)
{
    const TypeStore *store = d->m->store;
    const TypeDef *def = type_def(store, id);
    d->m->objects |= def->kind == COMP_struct || def->kind == COMP_array;
    if (def->kind == COMP_cont && type_def(store, def->cont)->kind != COMP_func)
        decode_invalid(d, ERR_continuation_type, at,
                       "type %u is a continuation of no function type", index);
    // rules: Heaptype_sub/rec-struct, Heaptype_sub/rec-array, Heaptype_sub/rec-func
    // rule: Heaptype_sub/rec-sub
    if (def->super != TYPE_NONE && !def_matches(store, def, type_def(store, def->super)))
        decode_invalid(d, ERR_sub_type_mismatch, at, "%u does not match its super type%s", index,
                    type_def(store, def->super)->final ? ", which is final" : "");
}

// Groups

void decode_drop_group(Decoder *d)
{
    if (d->drafting) type_draft_drop(&d->draft);
    d->drafting = false;
}

// There must be room for what was interned, or nobody would give it back.
static void reserve_types(Decoder *d, u32 count)
{
    Module *m = d->m;
    if (count <= d->type_cap - m->type_count) return;
    u32 cap = MAX(2 * d->type_cap, m->type_count + count);
    m->types = arena_grow(&m->arena, m->types, m->type_count, cap, sizeof *m->types);
    d->type_cap = cap;
}

static void finish_group(Decoder *d, u32 count, const u8 *at)
{
    Module *m = d->m;
    TypeId first;
    reserve_types(d, count);
    for (u32 i = 0; i < count; i++) check_clauses(d, i, at);
    d->drafting = false;
    if (!type_draft_intern(&d->draft, &first)) {
        d->no_types = type_store_full(m->store, count);
        arena_fail(&m->arena);
    }
    // rule: Deftype_ok
    for (u32 i = 0; i < count; i++) m->types[m->type_count++] = first + i;
    // rules: Rectype_ok2/cons, Rectype_ok2/empty
    for (u32 i = 0; i < count; i++) check_interned(d, first + i, d->group_start + i, at);
}

// rule: Type_ok
void decode_rec_type(Decoder *d)
{
    const u8 *at = d->r.pos;
    u32 count = 1;
    if (peek_u8(&d->r) == 0x4e) {
        read_u8(&d->r);
        decode_needs(d, FEATURE_gc, at);
        count = decode_count(d, 2, 0, LIMIT_rec_group_size, ERR_limit_rec_group_size);
    }
    if (count > LIMIT_types - d->m->type_count)
        decode_fail(d, ERR_limit_types, at, "found %u", d->m->type_count + count);
    if (decode_failed(d)) return;
    if (!count) {
        Module *m = d->m;
        // rule: Rectype_ok/empty
        ARENA_PUSH(&m->arena, m->empty_recs, m->empty_rec_count, d->empty_rec_cap) = m->type_count;
        return;
    }
    arena_reset(&d->scratch);
    d->drafting = type_draft_begin(&d->draft, d->m->store, count);
    if (!d->drafting) arena_fail(&d->m->arena);
    d->group_start = d->m->type_count;
    d->group_count = count;
    // rule: Rectype_ok/cons
    for (u32 i = 0; i < count && !decode_failed(d); i++) decode_sub_type(d, i);
    if (!decode_failed(d)) finish_group(d, count, at);
    else decode_drop_group(d);
    d->group_start = d->m->type_count;
    d->group_count = 0;
}

// rule: Types_ok/empty
void decode_type_section(Decoder *d)
{
    u32 count = decode_count(d, 2, 0, LIMIT_rec_groups, ERR_limit_rec_groups);
    d->type_cap = count;
    d->m->types = NEW_ARRAY(&d->m->arena, TypeId, count);
    // rule: Types_ok/cons
    for (u32 i = 0; i < count && !decode_failed(d); i++) decode_rec_type(d);
}
