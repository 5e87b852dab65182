// fuse_walk.c -- a value from one side to the other, as instructions: the walk of walk.h, but that
// cases and elements are told apart when it runs. Types are 100 deep at most; parts that are large
// are functions of their own, if both places are in memory.
// spec: CanonicalABI/load, store, lift_flat, lower_flat

#include "component/abi/fuse_code.h"
#include "component/abi/place.h"

enum {
    NODES_MOST = 64,     // that stand where they are needed,
    NODES_TWICE = 16,    // also where the same did already
    BODY_MOST = 1 << 17, // bytes of one function
    CASES_TESTED = 4,    // one by one; more are branched to
};

static const CLayout *layout_of(const Fuser *f, CType t) { return ctype_layout(f->types, t); }

u32 fuse_next(const Fuser *f, Place *parts, CType t, Place *at)
{
    const CLayout *l = layout_of(f, t);
    u32 align = l->align[parts->side->wide];
    *at = *parts;
    if (parts->flat) {
        parts->local += l->flat_count;
    } else {
        at->offset = (u32)abi_aligned(parts->offset, align);
        parts->offset = at->offset + l->size[parts->side->wide];
    }
    return align;
}

void check_aligned(Fuser *f, u32 at, u32 align, Trap trap)
{
    if (align == 1) return;
    get(f, at);
    put_i64(f, align - 1);
    put(f, OP_i64_and);
    put(f, OP_i32_wrap_i64);
    fail_if(f, trap);
}

void check_within(Fuser *f, const FuseSide *side, u32 at, u32 size, Trap trap)
{
    if (!side->wide) { // no sum is too large
        get(f, at);
        get(f, size);
        put(f, OP_i64_add);
        put_size(f, side);
        put(f, OP_i64_gt_u);
    } else {
        u32 end = take_local(f, 'l');
        get(f, at);
        put_size(f, side);
        tee(f, end);
        put(f, OP_i64_gt_u);
        get(f, size);
        get(f, end);
        get(f, at);
        put(f, OP_i64_sub);
        put(f, OP_i64_gt_u);
        put(f, OP_i32_or);
        free_local(f, end);
    }
    fail_if(f, trap);
}

// ---- One core value of a source, and of a target

static Op load_op(u32 size, u8 letter)
{
    if (letter == 'f') return OP_f32_load;
    if (letter == 'd') return OP_f64_load;
    if (letter == 'l') return size == 4 ? OP_i64_load32_u : OP_i64_load;
    return size == 1 ? OP_i32_load8_u : size == 2 ? OP_i32_load16_u : OP_i32_load;
}

static Op store_op(u32 size, u8 letter)
{
    if (letter == 'f') return OP_f32_store;
    if (letter == 'd') return OP_f64_store;
    if (letter == 'l') return size == 4 ? OP_i64_store32 : OP_i64_store;
    return size == 1 ? OP_i32_store8 : size == 2 ? OP_i32_store16 : OP_i32_store;
}

// Of so many bytes, if it is in memory; in `part`, one of the locals of a flat one.
static void put_source(Fuser *f, Place from, u32 part, u32 size, u8 letter)
{
    if (from.flat) {
        get(f, from.local + part);
        put_convert(f, f->b->letters[from.local + part], letter);
    } else {
        get(f, from.local);
        put_access(f, load_op(size, letter), from.side, from.offset + part * size);
    }
}

// In front of what goes there, and behind.
static void open_target(Fuser *f, Place to)
{
    if (!to.flat) get(f, to.local);
}

static void close_target(Fuser *f, Place to, u32 part, u32 size, u8 letter)
{
    if (to.flat) {
        put_convert(f, letter, f->b->letters[to.local + part]);
        set(f, to.local + part);
    } else {
        put_access(f, store_op(size, letter), to.side, to.offset + part * size);
    }
}

// ---- Numbers, flags, handles

static void put_canonical(Fuser *f, u8 letter)
{
    bool is32 = letter == 'f';
    u32 x = take_local(f, letter);
    tee(f, x);
    put(f, is32 ? OP_f32_const : OP_f64_const);
    if (is32) buf_u32le(&f->b->code, 0x7fc00000);
    else buf_u64le(&f->b->code, 0x7ff8000000000000);
    get(f, x);
    get(f, x);
    put(f, is32 ? OP_f32_eq : OP_f64_eq);
    put(f, OP_select);
    free_local(f, x);
}

static void check_char(Fuser *f)
{
    u32 c = take_local(f, 'i');
    tee(f, c);
    put_i32(f, 0xd800);
    put(f, OP_i32_sub);
    put_i32(f, 0x800);
    put(f, OP_i32_lt_u);
    get(f, c);
    put_i32(f, 0x110000);
    put(f, OP_i32_ge_u);
    put(f, OP_i32_or);
    fail_if(f, TRAP_invalid_char);
    get(f, c);
    free_local(f, c);
}

// What is on the stack becomes one of the type; `narrow`: the target takes no more than its size.
static void put_normal(Fuser *f, CType t, bool loaded, bool narrow)
{
    switch (t) {
    case CPRIM_bool:
        put_i32(f, 0);
        put(f, OP_i32_ne);
        break;
    case CPRIM_s8: if (!narrow) put(f, OP_i32_extend8_s); break;
    case CPRIM_s16: if (!narrow) put(f, OP_i32_extend16_s); break;
    case CPRIM_u8: case CPRIM_u16:
        if (narrow || loaded) break;
        put_i32(f, t == CPRIM_u8 ? 0xff : 0xffff);
        put(f, OP_i32_and);
        break;
    case CPRIM_f32: put_canonical(f, 'f'); break;
    case CPRIM_f64: put_canonical(f, 'd'); break;
    case CPRIM_char: check_char(f); break;
    default: break;
    }
}

static void fuse_number(Fuser *f, CType t, Place from, Place to)
{
    u32 size = cprim_info[t].size;
    u8 letter = (u8)cprim_info[t].flat[0];
    open_target(f, to);
    put_source(f, from, 0, size, letter);
    put_normal(f, t, !from.flat, !to.flat);
    close_target(f, to, 0, size, letter);
}

static void fuse_flags(Fuser *f, const CTypeDef *def, Place from, Place to)
{
    u32 size = def->layout->size[0];
    open_target(f, to);
    put_source(f, from, 0, size, 'i');
    put_i32(f, (u32)abi_flags_mask(def));
    put(f, OP_i32_and);
    close_target(f, to, 0, size, 'i');
}

static void fuse_handle(Fuser *f, const CTypeDef *from_def, const CTypeDef *to_def, Place from,
                        Place to)
{
    const FuseWorld *w = &f->world;
    bool own = from_def->form == CFORM_own;
    u32 a = from.side->instance, b = to.side->instance;
    u32 from_as = w->resource(w->env, a, from_def->fields[0].type);
    u32 to_as = w->resource(w->env, b, to_def->fields[0].type);
    open_target(f, to);
    put_source(f, from, 0, 4, 'i');
    if (!own) get(f, f->b->crossing);
    call_runtime(f, (FuseImport){own ? FUSE_own : FUSE_borrow, a, b, from_as, to_as});
    close_target(f, to, 0, 4, 'i');
}

// ---- Strings and lists: an address and a number of units, i64 here

static void put_range_part(Fuser *f, Place from, u32 part)
{
    u32 size = from.side->wide ? 8 : 4;
    u8 letter = address_letter(from.side);
    put_source(f, from, part, size, letter);
    put_convert(f, letter, 'l');
}

static void set_range(Fuser *f, Place to, u32 ptr, u32 units)
{
    u32 size = to.side->wide ? 8 : 4, parts[] = {ptr, units};
    u8 letter = address_letter(to.side);
    for (u32 i = 0; i < COUNT_OF(parts); i++) {
        open_target(f, to);
        get(f, parts[i]);
        put_convert(f, 'l', letter);
        close_target(f, to, i, size, letter);
    }
}

static void fuse_string(Fuser *f, Place from, Place to)
{
    u32 ptr = take_local(f, 'l'), units = take_local(f, 'l');
    put_range_part(f, from, 0);
    put_range_part(f, from, 1);
    call_string(f, from.side, to.side);
    set(f, units);
    set(f, ptr);
    set_range(f, to, ptr, units);
    free_local(f, ptr);
    free_local(f, units);
}

// Of an element of a list or map.
static u32 element_size(const Fuser *f, const CTypeDef *list, const FuseSide *side, u32 *align)
{
    u32 parts = list->form == CFORM_map ? 2 : 1;
    Place at = {side, false, 0, 0}, part;
    *align = 1;
    for (u32 i = 0; i < parts; i++) {
        u32 of = fuse_next(f, &at, list->fields[i].type, &part);
        *align = MAX(*align, of);
    }
    return (u32)abi_aligned(at.offset, *align);
}

static void fuse_fields(Fuser *f, const CTypeDef *a, const CTypeDef *b, u32 count, Place from,
                        Place to)
{
    bool fixed = a->form == CFORM_fixed_list;
    for (u32 i = 0; i < count && !f->refused; i++) {
        CType t = a->fields[fixed ? 0 : i].type, u = b->fields[fixed ? 0 : i].type;
        Place in, out;
        fuse_next(f, &from, t, &in);
        fuse_next(f, &to, u, &out);
        fuse_value(f, t, u, in, out);
    }
}

static void fuse_element(Fuser *f, const CTypeDef *a, const CTypeDef *b, Place from, Place to)
{
    if (a->form == CFORM_map) fuse_fields(f, a, b, 2, from, to);
    else fuse_value(f, a->fields[0].type, b->fields[0].type, from, to);
}

static void step_address(Fuser *f, const FuseSide *side, u32 local, u32 size)
{
    get(f, local);
    if (side->wide) put_i64(f, size), put(f, OP_i64_add);
    else put_i32(f, size), put(f, OP_i32_add);
    set(f, local);
}

static void set_address(Fuser *f, const FuseSide *side, u32 local, u32 from)
{
    get(f, from);
    put_to_address(f, side);
    set(f, local);
}

// `count` is consumed, and the addresses (i64) are not.
static void fuse_elements(Fuser *f, const CTypeDef *a, const CTypeDef *b, const FuseSide *from,
                          const FuseSide *to, u32 source, u32 target, u32 count)
{
    u32 align, in = take_local(f, address_letter(from)), out = take_local(f, address_letter(to));
    set_address(f, from, in, source);
    set_address(f, to, out, target);
    put_block(f, OP_block);
    put_block(f, OP_loop);
    get(f, count);
    put(f, OP_i64_eqz);
    put_u(f, OP_br_if, 1);
    fuse_element(f, a, b, (Place){from, false, in, 0}, (Place){to, false, out, 0});
    step_address(f, from, in, element_size(f, a, from, &align));
    step_address(f, to, out, element_size(f, b, to, &align));
    get(f, count);
    put_i64(f, 1);
    put(f, OP_i64_sub);
    set(f, count);
    put_u(f, OP_br, 0);
    put_end(f);
    put_end(f);
    free_local(f, in);
    free_local(f, out);
}

// How many bytes are copied as they are; or they are numbers whose NaNs are looked at.
typedef enum { COPIES_not, COPIES_bytes, COPIES_floats } Copies;
static Copies copies(const Fuser *f, const CTypeDef *list)
{
    CType t = list->fields[0].type;
    const CTypeDef *def = ctype_def(f->types, t);
    if (list->form == CFORM_map) return COPIES_not;
    if (ctype_canon(f->types, t) == CPRIM_f32 || ctype_canon(f->types, t) == CPRIM_f64)
        return COPIES_floats;
    CopyClass copy = (CopyClass)(def ? def->copy : cprim_info[t].copy);
    return copy == COPY_bits && !(ctype_holds(f->types, t) & HOLDS_float) ? COPIES_bytes
                                                                          : COPIES_not;
}

static void put_bytes(Fuser *f, const FuseSide *from, const FuseSide *to, u32 source, u32 target,
                      u32 bytes)
{
    get(f, target);
    put_to_address(f, to);
    get(f, source);
    put_to_address(f, from);
    get(f, bytes);
    if (!from->wide || !to->wide) put(f, OP_i32_wrap_i64);
    put_copy(f, to, from);
}

static void put_floats(Fuser *f, const CTypeDef *list, const FuseSide *from, const FuseSide *to,
                       u32 source, u32 target, u32 bytes)
{
    CType t = ctype_canon(f->types, list->fields[0].type);
    get(f, target);
    get(f, source);
    get(f, bytes);
    call_runtime(f, (FuseImport){FUSE_numbers, from->memory, to->memory, t, 0});
}

static void check_count(Fuser *f, u32 count, u32 size)
{
    get(f, count);
    put_i64(f, ABI_MOST_BYTES / size);
    put(f, OP_i64_gt_u);
    fail_if(f, TRAP_list_too_long);
}

static void set_bytes(Fuser *f, u32 bytes, u32 count, u32 size)
{
    get(f, count);
    put_i64(f, size);
    put(f, OP_i64_mul);
    set(f, bytes);
}

static void fuse_list(Fuser *f, const CTypeDef *a, const CTypeDef *b, Place from, Place to)
{
    u32 locals[5], from_align, to_align;
    u32 from_size = element_size(f, a, from.side, &from_align);
    u32 to_size = element_size(f, b, to.side, &to_align);
    for (u32 i = 0; i < COUNT_OF(locals); i++) locals[i] = take_local(f, 'l');
    u32 source = locals[0], count = locals[1], bytes = locals[2], target = locals[3];
    u32 left = locals[4];
    put_range_part(f, from, 0);
    set(f, source);
    put_range_part(f, from, 1);
    set(f, count);
    check_count(f, count, from_size);
    check_aligned(f, source, from_align, TRAP_unaligned_pointer);
    set_bytes(f, bytes, count, from_size);
    check_within(f, from.side, source, bytes, TRAP_list_out_of_bounds);
    if (to_size > from_size) check_count(f, count, to_size);
    if (to_size != from_size) set_bytes(f, bytes, count, to_size);
    put_i64(f, 0);
    tee(f, target);
    set(f, left);
    call_realloc(f, to.side, target, left, to_align, bytes);
    switch (copies(f, a)) {
    case COPIES_bytes: put_bytes(f, from.side, to.side, source, target, bytes); break;
    case COPIES_floats: put_floats(f, a, from.side, to.side, source, target, bytes); break;
    case COPIES_not:
        get(f, count);
        set(f, left);
        fuse_elements(f, a, b, from.side, to.side, source, target, left);
    }
    set_range(f, to, target, count);
    for (u32 i = 0; i < COUNT_OF(locals); i++) free_local(f, locals[i]);
}

// In memory: where fields would stand.
static void fuse_fixed(Fuser *f, const CTypeDef *a, const CTypeDef *b, Place from, Place to)
{
    enum { UNROLLED = 4 };
    if (from.flat || to.flat || a->count <= UNROLLED) {
        fuse_fields(f, a, b, a->count, from, to);
        return;
    }
    u32 locals[3];
    Place places[] = {from, to};
    for (u32 i = 0; i < COUNT_OF(locals); i++) locals[i] = take_local(f, 'l');
    for (u32 i = 0; i < COUNT_OF(places); i++) {
        get(f, places[i].local);
        put_convert(f, address_letter(places[i].side), 'l');
        put_i64(f, places[i].offset);
        put(f, OP_i64_add);
        set(f, locals[i]);
    }
    put_i64(f, a->count);
    set(f, locals[2]);
    fuse_elements(f, a, b, from.side, to.side, locals[0], locals[1], locals[2]);
    for (u32 i = 0; i < COUNT_OF(locals); i++) free_local(f, locals[i]);
}

// ---- Variants, and what is one

static Place payload_of(const CTypeDef *def, Place at)
{
    if (at.flat) at.local++;
    else at.offset += def->layout->align[at.side->wide];
    return at;
}

static void fuse_case(Fuser *f, const CTypeDef *a, const CTypeDef *b, u32 i, Place from, Place to)
{
    fuse_value(f, abi_case_type(a, i), abi_case_type(b, i), payload_of(a, from), payload_of(b, to));
}

static u32 count_payloads(const CTypeDef *def)
{
    u32 count = 0;
    for (u32 i = 0; i < abi_case_count(def); i++) count += abi_case_type(def, i) != CTYPE_NONE;
    return count;
}

static void fuse_tested(Fuser *f, const CTypeDef *a, const CTypeDef *b, u32 tag, Place from,
                        Place to)
{
    for (u32 i = 0; i < abi_case_count(a); i++) {
        if (abi_case_type(a, i) == CTYPE_NONE) continue;
        get(f, tag);
        put_i32(f, i);
        put(f, OP_i32_eq);
        put_block(f, OP_if);
        fuse_case(f, a, b, i, from, to);
        put_end(f);
    }
}

// Each case with a payload ends a block, within that which all leave.
static void fuse_branched(Fuser *f, const CTypeDef *a, const CTypeDef *b, u32 payloads, u32 tag,
                          Place from, Place to)
{
    u32 cases = abi_case_count(a), label = 0;
    for (u32 i = 0; i <= payloads; i++) put_block(f, OP_block);
    get(f, tag);
    put_u(f, OP_br_table, cases);
    for (u32 i = 0; i < cases; i++)
        buf_leb_u(&f->b->code, abi_case_type(a, i) == CTYPE_NONE ? payloads : label++);
    buf_leb_u(&f->b->code, payloads);
    for (u32 i = 0; i < cases && !f->refused; i++) {
        if (abi_case_type(a, i) == CTYPE_NONE) continue;
        put_end(f);
        fuse_case(f, a, b, i, from, to);
        put_u(f, OP_br, --payloads);
    }
    put_end(f);
}

static void fuse_variant(Fuser *f, const CTypeDef *a, const CTypeDef *b, Place from, Place to)
{
    u32 tag = take_local(f, 'i'), size = abi_tag_size(a), payloads = count_payloads(a);
    put_source(f, from, 0, size, 'i');
    tee(f, tag);
    put_i32(f, abi_case_count(a));
    put(f, OP_i32_ge_u);
    fail_if(f, TRAP_invalid_discriminant);
    open_target(f, to);
    get(f, tag);
    close_target(f, to, 0, size, 'i');
    if (payloads <= CASES_TESTED) fuse_tested(f, a, b, tag, from, to);
    else fuse_branched(f, a, b, payloads, tag, from, to);
    free_local(f, tag);
}

// ---- All of them

static void fuse_def(Fuser *f, const CTypeDef *a, const CTypeDef *b, Place from, Place to)
{
    switch (a->form) {
    case CFORM_record: case CFORM_tuple: fuse_fields(f, a, b, a->count, from, to); break;
    case CFORM_fixed_list: fuse_fixed(f, a, b, from, to); break;
    case CFORM_list: case CFORM_map: fuse_list(f, a, b, from, to); break;
    case CFORM_variant: case CFORM_enum: case CFORM_option: case CFORM_result:
        fuse_variant(f, a, b, from, to);
        break;
    case CFORM_flags: fuse_flags(f, a, from, to); break;
    case CFORM_own: case CFORM_borrow: fuse_handle(f, a, b, from, to); break;
    default: f->refused = true; // ends of streams and futures
    }
}

static void put_address(Fuser *f, Place at)
{
    get(f, at.local);
    if (!at.offset) return;
    if (at.side->wide) put_i64(f, at.offset), put(f, OP_i64_add);
    else put_i32(f, at.offset), put(f, OP_i32_add);
}

// Large ones, and those that stand somewhere already, are functions of their own.
static bool is_helper(Fuser *f, const CTypeDef *def, const HelperKey *key)
{
    if (def->nodes > NODES_MOST) return true;
    if (def->nodes <= NODES_TWICE) return false;
    return !map_add(&f->seen, arena_copy(f->arena, key, sizeof *key), sizeof *key, 0);
}

static void call_copy(Fuser *f, HelperKey key, Place from, Place to)
{
    u8 sig[] = {address_letter(from.side), address_letter(to.side), 'i', '_'};
    u32 helper = find_helper(f, key, "copy", (Bytes){sig, sizeof sig});
    put_address(f, from);
    put_address(f, to);
    if (f->b->crossing == FUSE_NONE) put_i32(f, 0);
    else get(f, f->b->crossing);
    call_own(f, helper);
}

void write_copy(Fuser *f, const HelperKey *key)
{
    f->b->crossing = 2;
    fuse_def(f, ctype_def(f->types, key->a), ctype_def(f->types, key->b),
             (Place){&key->from, false, 0, 0}, (Place){&key->to, false, 1, 0});
    put_end(f);
}

static void fuse_part(Fuser *f, CType t, CType u, Place from, Place to)
{
    const CTypeDef *a = ctype_def(f->types, t), *b = ctype_def(f->types, u);
    HelperKey key = {HELPER_copy, t, u, *from.side, *to.side};
    if (is_helper(f, a, &key)) call_copy(f, key, from, to);
    else fuse_def(f, a, b, from, to);
}

void fuse_value(Fuser *f, CType t, CType u, Place from, Place to)
{
    const CTypeDef *a = ctype_def(f->types, t), *b = ctype_def(f->types, u);
    if (f->b->code.len > BODY_MOST || ctype_form(f->types, t) != ctype_form(f->types, u))
        f->refused = true;
    if (f->refused) return;
    if (a && a->form == CFORM_COUNT) t = a->canon, a = NULL; // under a name
    if (t == CPRIM_string) fuse_string(f, from, to);
    else if (t == CPRIM_error_context) f->refused = true;
    else if (!a) fuse_number(f, t, from, to);
    else if (from.flat || to.flat) fuse_def(f, a, b, from, to);
    else fuse_part(f, t, u, from, to);
}
