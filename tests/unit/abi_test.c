// abi_test.c -- lifting and lowering: the walk against the specification's rules (plain.c) on
// random types and values, with guests that are honest and hostile. Hazards R29, R30, R36, R71.

#include "abi_guests.h"

#include <sys/mman.h>

enum { PARAMS = 4, FLAT_ROOM = 32 };
static const u8 encodings[] = {COPTION_utf8, COPTION_utf16, COPTION_latin1_utf16};

// What a type comes to is what was known of it.
static bool check_layout(Guest *g, CType t)
{
    u64 size;
    u32 align;
    FlatTypes flat = {0};
    const CLayout *l = ctype_layout(&types, t);
    u32 w = g->abi.wide;
    if (!plain_measure(&g->abi, t, &size, &align)) return false;
    if (!plain_flatten_types(&g->abi, &t, 1, &flat)) return false;
    if (size != l->size[w] || align != l->align[w]) return false;
    if (flat.count > FLAT_MOST) return l->flat_count == FLAT_MANY;
    return flat.count == l->flat_count && !memcmp(flat.types, l->flat[w], flat.count);
}

typedef struct { CType ts[PARAMS]; u32 count, max_flat; } Types;

// Those are others when they come back.
static bool has_handles(const Types *t)
{
    for (u32 i = 0; i < t->count; i++)
        if (has_handle(t->ts[i])) return true;
    return false;
}


static Types random_types(void)
{
    static const u32 most[] = {16, 16, 4, 1, 0};
    Types t = {.count = 1 + below(PARAMS), .max_flat = most[below(5)]};
    for (u32 i = 0; i < t.count; i++) t.ts[i] = random_type(below(5));
    return t;
}

static void tell(const char *what, const Types *t, const Guest *a, const Guest *b)
{
    char text[300];
    printf("    %s: %s, %s; encoding %d, wide %d, max_flat %u\n", what,
           abi_fault_text[a->abi.fault], abi_fault_text[b->abi.fault], a->abi.encoding, a->abi.wide,
           t->max_flat);
    for (u32 i = 0; i < t->count; i++)
        printf("    %s\n", ctype_describe(&types, t->ts[i], text, sizeof text));
}

// Both lower the same, which may be packed for one; what came of it is the same.
static bool lower_both(const Types *t, const CValue *values, const CValue *packed, Guest *plain,
                       Guest *walk, CoreValue *flat, u64 *core, u32 *count)
{
    u32 walked = 0;
    u64 slots[FLAT_ROOM], out = 8 * below(600) + (below(20) ? 0 : 1);
    CoreValue out_param = {plain->abi.wide ? 'l' : 'i', out};
    bool has_out = below(2);
    memset(slots, 0xee, sizeof slots);
    bool a = plain_lower_flat_values(&plain->abi, t->max_flat, values, t->ts, t->count,
                                     has_out ? &out_param : NULL, flat, count);
    bool b = abi_lower(&walk->abi, t->max_flat, packed, t->ts, t->count, has_out ? &out : NULL,
                       slots, &walked);
    if (a != b || plain->abi.fault != walk->abi.fault) return false;
    if (!a) return true;
    if (*count != walked) return false;
    for (u32 i = 0; i < walked; i++)
        if (slots[i] != flat[i].bits) return false;
    memcpy(core, slots, sizeof slots);
    if (!walked) {
        core[0] = out;
        flat[0] = out_param;
    }
    return same_guests(plain, walk);
}

static bool lift_both(const Types *t, Guest *plain, Guest *walk, const CoreValue *flat,
                      const u64 *core, CValue *values, CValue *walked)
{
    plain->call_count = walk->call_count = 0;
    bool a = plain_lift_flat_values(&plain->abi, t->max_flat, flat, t->ts, t->count, values);
    bool b = abi_lift(&walk->abi, t->max_flat, core, t->ts, t->count, walked);
    if (a != b || plain->abi.fault != walk->abi.fault) return false;
    for (u32 i = 0; i < t->count && a; i++)
        if (!same_value(&values[i], &walked[i])) return false;
    return same_guests(plain, walk);
}

// Some bytes of the memory, and some core values, become others. The upper half of an i32 is
// nobody's.
static void damage(Guest *a, Guest *b, CoreValue *flat, u64 *core, u32 count)
{
    static const u8 nasty[] = {0, 1, 0x7f, 0x80, 0xff, 0xd8, 0xdc, 2};
    u64 most = MIN(a->next, a->memory.size);
    for (u32 n = below(12); n; n--) {
        u64 at = random_next(&seed) % most;
        a->memory.base[at] = b->memory.base[at] = nasty[below(COUNT_OF(nasty))];
    }
    for (u32 i = 0; i < count; i++) {
        if (!below(6)) flat[i].bits = below(2) ? below(70) : random_next(&seed) >> below(64);
        core[i] = flat[i].bits;
        if (flat[i].type == 'i' || flat[i].type == 'f') core[i] ^= random_next(&seed) << 32;
    }
}

// Nobody knows any more where strings came from.
static void forget(CValue *v)
{
    if (v->kind == WEFT_CVALUE_STRING) v->index = SOURCE_utf8;
    if (v->kind == WEFT_CVALUE_VARIANT || v->kind == WEFT_CVALUE_OPTION ||
        v->kind == WEFT_CVALUE_RESULT) {
        if (v->of.payload) forget((CValue *)v->of.payload);
    } else if (v->kind == WEFT_CVALUE_RECORD || v->kind == WEFT_CVALUE_TUPLE ||
               v->kind == WEFT_CVALUE_LIST || v->kind == WEFT_CVALUE_FIXED_LIST ||
               v->kind == WEFT_CVALUE_MAP) {
        for (size_t i = 0; i < v->of.list.count; i++) forget((CValue *)&v->of.list.items[i]);
    }
}

// What was lifted is lowered again: its lists of numbers are packed.
static bool lower_packed(const Types *t, CValue *values, const CValue *packed)
{
    Guest plain, walk;
    CoreValue flat[FLAT_ROOM];
    u64 core[FLAT_ROOM];
    u32 count;
    if (has_handles(t)) return true;
    for (u32 i = 0; i < t->count; i++) forget(&values[i]);
    guest_begin(&plain, COPTION_utf8, false, REALLOC_honest, 1);
    guest_begin(&walk, COPTION_utf8, false, REALLOC_honest, 1);
    bool good = lower_both(t, values, packed, &plain, &walk, flat, core, &count);
    guest_end(&plain);
    guest_end(&walk);
    return good;
}

static u32 faults[FAULT_COUNT];

static bool round_trip(u32 turn)
{
    Types t = random_types();
    CValue values[PARAMS], lifted[PARAMS], walked[PARAMS];
    CoreValue flat[FLAT_ROOM];
    u64 core[FLAT_ROOM], its_seed = random_next(&seed);
    u32 count;
    Guest plain, walk;
    ReallocKind kind = (ReallocKind)(turn % 3);
    u8 encoding = encodings[below(3)];
    bool wide = below(4) == 0, good = true;
    guest_begin(&plain, encoding, wide, kind, its_seed);
    guest_begin(&walk, encoding, wide, kind, its_seed);
    for (u32 i = 0; i < t.count; i++) {
        good &= check_layout(&plain, t.ts[i]);
        values[i] = random_value(t.ts[i]);
    }
    good = good && lower_both(&t, values, values, &plain, &walk, flat, core, &count);
    faults[plain.abi.fault]++;
    if (!good) tell("lowering", &t, &plain, &walk);
    bool whole = good && plain.abi.fault == FAULT_none;
    if (whole) {
        for (u32 i = 0; i < 2 && good; i++) {
            if (i) damage(&plain, &walk, flat, core, MAX(count, 1u));
            good &= lift_both(&t, &plain, &walk, flat, core, lifted, walked);
            faults[plain.abi.fault]++;
            if (!i && good && plain.abi.fault == FAULT_none)
                good = lower_packed(&t, lifted, walked);
        }
        if (!good) tell("lifting", &t, &plain, &walk);
    }
    guest_end(&plain);
    guest_end(&walk);
    return good;
}

static void test_random(void)
{
    bool good = true;
    u32 turns = check_full() ? 1000000 : 100000;
    if (!check_single()) turns = 1000;
    u32 due = 0;
    for (u32 part = 0; part < 8; part++) {
        if (!check_due(part)) continue;
        seed = part + 1;
        for (u32 turn = 0; turn < turns / 8 && good; turn++, due++) {
            if (turn % 500 == 0) new_types();
            arena_reset(&arena);
            good &= round_trip(turn);
        }
    }
    CHECK(good);
    if (due < 100000) return;
    for (u32 f = 0; f < FAULT_COUNT; f++) // each was met
        if (!CHECK(faults[f] || f == FAULT_not_of_type || f == FAULT_out_of_memory ||
                   f == FAULT_interrupted ||
                   f == FAULT_string_too_long || f == FAULT_list_too_long))
            printf("    nobody met \"%s\"\n", abi_fault_text[f]);
}

// ---- Strings from guest to guest: nine routes, each with both widths. The target's calls of
// realloc are those of the specification, one by one.

static bool one_string(u32 turn)
{
    CType string = CPRIM_string;
    Guest from, plain, walk;
    u64 its_seed = random_next(&seed);
    CValue value = random_string(), lifted;
    CoreValue flat[2], out[2];
    u32 count;
    ReallocKind kind = (ReallocKind)(turn / 9 % 3);
    guest_begin(&from, encodings[turn % 3], below(2), REALLOC_honest, 1);
    guest_begin(&plain, encodings[turn / 3 % 3], below(2), kind, its_seed);
    guest_begin(&walk, plain.abi.encoding, plain.abi.wide, kind, its_seed);
    value.index = (u8)below(4);
    if (value.index == SOURCE_latin1)
        for (size_t i = 0; i < value.of.string.len; i++)
            if ((u8)value.of.string.data[i] >= 0x80) value.index = SOURCE_tagged_utf16;
    bool good = plain_lower_flat_values(&from.abi, 16, &value, &string, 1, NULL, flat, &count);
    if (from.abi.encoding == COPTION_utf16 && below(2)) { // UTF-16 that could be Latin-1
        from.abi.encoding = COPTION_latin1_utf16;
        flat[1].bits |= abi_utf16_tag(&from.abi);
    }
    for (u32 n = below(4) ? 0 : below(3); n && from.next > 16; n--)
        from.memory.base[16 + below((u32)from.next - 16)] ^= (u8)(1 << below(8));
    bool a = plain_lift_flat_values(&from.abi, 16, flat, &string, 1, &lifted);
    if (a) a = plain_lower_flat_values(&plain.abi, 16, &lifted, &string, 1, NULL, out, &count);
    AbiBytes bytes;
    AbiRange range;
    walk.abi.fault = FAULT_none;
    bool b = abi_string_of(&from.abi, flat[0].bits, flat[1].bits, &bytes) &&
        abi_store_string(&walk.abi, &bytes, &range);
    bool malformed = walk.abi.fault == FAULT_invalid_utf8 || walk.abi.fault == FAULT_invalid_utf16;
    if (good && a && b)
        good = out[0].bits == range.ptr && out[1].bits == range.units && same_guests(&plain, &walk);
    else // what is malformed is met when room was asked for already, and that may have failed
        good = good && a == b && (from.abi.fault || malformed || plain.abi.fault == walk.abi.fault);
    if (!good) printf("    from %d to %d: %d %d, %s %s\n", from.abi.encoding, plain.abi.encoding, a,
                      b, abi_fault_text[plain.abi.fault], abi_fault_text[walk.abi.fault]);
    guest_end(&from);
    guest_end(&plain);
    guest_end(&walk);
    return good;
}

static void test_strings(void)
{
    bool good = true;
    u32 turns = check_full() ? 600000 : 30000;
    for (u32 turn = 0; turn < turns && good; turn++) {
        arena_reset(&arena);
        good &= one_string(turn);
    }
    CHECK(good);
}

// ---- What random values do not come to

static CType list_of(CType t) { return make(CFORM_list, &(CField){{0}, t}, 1); }

static AbiFault lift_one(Guest *g, CType t, u64 a, u64 b)
{
    u64 core[2] = {a, b};
    CValue v;
    return abi_lift(&g->abi, 16, core, &t, 1, &v) ? FAULT_none : g->abi.fault;
}

// Lengths whose bytes do not fit into numbers, and addresses at the borders.
static void test_ranges(void)
{
    for (u32 wide = 0; wide < 2; wide++) {
        Guest g;
        u64 end = GUEST_BYTES, max = wide ? UINT64_MAX : UINT32_MAX;
        guest_begin(&g, COPTION_utf8, wide, REALLOC_honest, 1);
        CType pairs = list_of(make(CFORM_tuple, (CField[]){{{0}, CPRIM_u64}, {{0}, CPRIM_u8}}, 2));
        CHECK_EQ_U64(lift_one(&g, pairs, 0, 0x10000000), FAULT_list_too_long);
        CHECK_EQ_U64(lift_one(&g, pairs, 0, max / 16 + 2), FAULT_list_too_long);
        CHECK_EQ_U64(lift_one(&g, pairs, 0, max), FAULT_list_too_long);
        CHECK_EQ_U64(lift_one(&g, pairs, 4, 1), FAULT_unaligned_pointer);
        CHECK_EQ_U64(lift_one(&g, pairs, end - 16, 1), FAULT_none);
        CHECK_EQ_U64(lift_one(&g, pairs, end - 8, 1), FAULT_list_out_of_bounds);
        CHECK_EQ_U64(lift_one(&g, list_of(CPRIM_u8), end - 3, 3), FAULT_none);
        CHECK_EQ_U64(lift_one(&g, list_of(CPRIM_u8), end - 2, 3), FAULT_list_out_of_bounds);
        CHECK_EQ_U64(lift_one(&g, pairs, end, 0), FAULT_none);
        CHECK_EQ_U64(lift_one(&g, pairs, end + 8, 0), FAULT_list_out_of_bounds);
        CHECK_EQ_U64(lift_one(&g, pairs, max - 7, 1), FAULT_list_out_of_bounds);
        CHECK_EQ_U64(lift_one(&g, CPRIM_string, 1, 1 << 28), FAULT_string_too_long);
        CHECK_EQ_U64(lift_one(&g, CPRIM_string, max, 0), FAULT_string_out_of_bounds);
        CHECK_EQ_U64(lift_one(&g, CPRIM_string, max, 2), FAULT_string_out_of_bounds);
        CHECK_EQ_U64(lift_one(&g, CPRIM_string, end, 0), FAULT_none);
        g.abi.encoding = COPTION_utf16;
        CHECK_EQ_U64(lift_one(&g, CPRIM_string, 0, 1 << 27), FAULT_string_too_long);
        CHECK_EQ_U64(lift_one(&g, CPRIM_string, 0, max / 2 + 2), FAULT_string_too_long);
        CHECK_EQ_U64(lift_one(&g, CPRIM_string, 1, 0), FAULT_unaligned_pointer);
        g.abi.encoding = COPTION_latin1_utf16;
        CHECK_EQ_U64(lift_one(&g, CPRIM_string, 0, max / 2 + 2), FAULT_none); // the tag, and one
        CHECK_EQ_U64(lift_one(&g, CPRIM_string, 1, max / 2 + 1), FAULT_unaligned_pointer);
        CHECK_EQ_U64(lift_one(&g, CPRIM_string, 0, max), FAULT_string_too_long);
        guest_end(&g);
    }
}

static bool realloc_high(void *env, u64 old, u64 old_size, u32 align, u64 size, u64 *at)
{
    (void)env, (void)old, (void)old_size, (void)align, (void)size;
    *at = 0x5fffffff0; // of which an i32 has the lower half
    return true;
}

// Addresses from 2 GiB on are none that are negative.
static void test_high(void)
{
    Guest g;
    u64 size = (u64)1 << 32, core[2];
    if (sizeof(size_t) < 8) return;
    void *base = mmap(NULL, (size_t)size, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (base == MAP_FAILED) return;
    guest_begin(&g, COPTION_utf8, false, REALLOC_honest, 1);
    guest_end(&g);
    g.memory = (AbiMemory){base, size};
    g.abi.realloc = realloc_high;
    CType string = CPRIM_string;
    CValue v = {.kind = WEFT_CVALUE_STRING, .of.string = {"sixteen bytes...", 16}}, back;
    u32 count;
    CHECK(abi_lower(&g.abi, 16, &v, &string, 1, NULL, core, &count));
    CHECK_EQ_U64(core[0], 0xfffffff0);
    CHECK(abi_lift(&g.abi, 16, core, &string, 1, &back));
    CHECK(same_value(&v, &back));
    v.of.string.len = 17;
    v.of.string.data = "seventeen bytes..";
    CHECK(!abi_lower(&g.abi, 16, &v, &string, 1, NULL, core, &count));
    CHECK_EQ_U64(g.abi.fault, FAULT_realloc_out_of_bounds);
    munmap(base, (size_t)size);
}

static AbiFault lower_one(CType t, CValue v)
{
    Guest g;
    u64 core[16];
    u32 count;
    guest_begin(&g, COPTION_utf8, false, REALLOC_honest, 1);
    bool good = abi_lower(&g.abi, 16, &v, &t, 1, NULL, core, &count);
    guest_end(&g);
    return good ? FAULT_none : g.abi.fault;
}

static CValue of_number(u8 kind, s64 number) { return (CValue){.kind = kind, .of.s = number}; }
static CValue of_items(u8 kind, const CValue *items, size_t count)
{
    return (CValue){.kind = kind, .of.list = {items, count}};
}
static CValue of_case(u8 kind, u32 index, const CValue *payload)
{
    return (CValue){.kind = kind, .index = index, .of.payload = payload};
}
static CValue of_numbers(u8 kind, u8 packed, const void *data, size_t count)
{
    return (CValue){.kind = kind, .packed = packed, .of.numbers = {data, count}};
}

// A host may give a value of another type, or one that none has.
static void test_mistyped(void)
{
    enum { U8 = WEFT_CVALUE_U8, LIST = WEFT_CVALUE_LIST, FIXED = WEFT_CVALUE_FIXED_LIST,
           RECORD = WEFT_CVALUE_RECORD, VARIANT = WEFT_CVALUE_VARIANT,
           OPTION = WEFT_CVALUE_OPTION };
    static const u8 numbers[8];
    CField one = {label(0), CPRIM_u8}, two[] = {{label(0), CPRIM_u8}, {label(1), CTYPE_NONE}};
    CType record = make(CFORM_record, &one, 1), variant = make(CFORM_variant, two, 2);
    CType option = make(CFORM_option, &(CField){{0}, CPRIM_u8}, 1), bytes = list_of(CPRIM_u8);
    CType flags = make(CFORM_flags, &(CField){label(0), CTYPE_NONE}, 1);
    CType inner = make(CFORM_fixed_list, &(CField){{0}, CPRIM_u8}, 2);
    CType fixed = make(CFORM_fixed_list, &(CField){{0}, inner}, 2);
    CValue n = of_number(U8, 1), pair = of_numbers(FIXED, U8, numbers, 2), both[] = {pair, pair};
    CValue bad_text = {.kind = WEFT_CVALUE_STRING, .of.string = {"\xff", 1}};
    CValue surrogate = {.kind = WEFT_CVALUE_CHAR, .of.scalar = 0xd800};
    CValue set = {.kind = WEFT_CVALUE_FLAGS, .of.flags = 2};
    const struct { CType type; CValue value; AbiFault fault; } cases[] = {
        {CPRIM_u8, n, FAULT_none},
        {CPRIM_u8, of_number(U8, 256), FAULT_not_of_type},
        {CPRIM_s8, n, FAULT_not_of_type},
        {CPRIM_s8, of_number(WEFT_CVALUE_S8, -129), FAULT_not_of_type},
        {CPRIM_char, surrogate, FAULT_invalid_char},
        {CPRIM_string, bad_text, FAULT_invalid_utf8},
        {CPRIM_string, n, FAULT_not_of_type},
        {record, of_items(RECORD, &n, 1), FAULT_none},
        {record, of_items(RECORD, NULL, 0), FAULT_not_of_type},
        {record, of_items(WEFT_CVALUE_TUPLE, &n, 1), FAULT_not_of_type},
        {variant, of_case(VARIANT, 2, NULL), FAULT_not_of_type},
        {variant, of_case(VARIANT, 0, NULL), FAULT_not_of_type},
        {variant, of_case(VARIANT, 1, NULL), FAULT_none},
        {option, of_case(OPTION, 1, &n), FAULT_none},
        {option, of_case(OPTION, 2, &n), FAULT_not_of_type},
        {flags, set, FAULT_not_of_type},
        {bytes, of_numbers(LIST, U8, numbers, 8), FAULT_none},
        {bytes, of_numbers(LIST, U8, numbers, 1 << 28), FAULT_list_too_long},
        {list_of(CPRIM_s8), of_numbers(LIST, U8, numbers, 8), FAULT_not_of_type},
        {list_of(CPRIM_char), of_numbers(LIST, U8, numbers, 2), FAULT_not_of_type},
        {inner, pair, FAULT_none},
        {fixed, pair, FAULT_not_of_type},
        {fixed, of_items(FIXED, both, 2), FAULT_none},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        if (!CHECK_EQ_U64(lower_one(cases[i].type, cases[i].value), cases[i].fault))
            printf("    case %zu\n", i);
}

// Whatever bits a host's NaNs have, the guest sees the canonical one.
static void test_nans(void)
{
    static const u32 singles[] = {0x7fc00001, 0x3f800000, 0xffffffff};
    static const u64 doubles[] = {0xfff0000000000001, 0x7ff0000000000000};
    CType f32s = list_of(CPRIM_f32), f64s = list_of(CPRIM_f64);
    CValue a = of_numbers(WEFT_CVALUE_LIST, WEFT_CVALUE_F32, singles, 3);
    CValue b = of_numbers(WEFT_CVALUE_LIST, WEFT_CVALUE_F64, doubles, 2);
    const u32 want_singles[] = {0x7fc00000, 0x3f800000, 0x7fc00000};
    const u64 want_doubles[] = {0x7ff8000000000000, 0x7ff0000000000000};
    u64 core[2];
    u32 count;
    Guest g;
    guest_begin(&g, COPTION_utf8, false, REALLOC_honest, 1);
    CHECK(abi_lower(&g.abi, 16, &a, &f32s, 1, NULL, core, &count));
    CHECK_BYTES(g.memory.base + core[0], sizeof singles, want_singles, sizeof want_singles);
    CHECK(abi_lower(&g.abi, 16, &b, &f64s, 1, NULL, core, &count));
    CHECK_BYTES(g.memory.base + core[0], sizeof doubles, want_doubles, sizeof want_doubles);
    guest_end(&g);
}

static bool few_more(void *env) { return (*(int *)env)-- > 0; }

// Who waits for a long string or list may be told to stop, within a MiB.
static void test_interrupted(void)
{
    enum { LONG = 8 << 20 };
    int left = 0;
    const Pace pace = {few_more, &left};
    CType long_ones[] = {CPRIM_string, list_of(CPRIM_u64), list_of(CPRIM_bool)};
    Guest g;
    guest_begin(&g, COPTION_utf8, false, REALLOC_honest, 1);
    guest_grow(&g, 2 * LONG + GUEST_PAGE);
    memset(g.memory.base, 0, GUEST_BYTES);
    for (u32 i = 0; i < COUNT_OF(long_ones); i++) {
        u64 core[2] = {0, i == 1 ? LONG / 8 : LONG}, lowered[2];
        u32 count;
        CValue v;
        arena_reset(&arena);
        g.next = LONG + 16;
        g.abi.pace = NULL;
        CHECK(abi_lift(&g.abi, 16, core, &long_ones[i], 1, &v));
        g.abi.pace = &pace;
        left = 3;
        CHECK(!abi_lower(&g.abi, 16, &v, &long_ones[i], 1, NULL, lowered, &count));
        CHECK_EQ_U64(g.abi.fault, FAULT_interrupted);
        g.next = LONG + 16;
        left = 5000;
        CHECK(abi_lower(&g.abi, 16, &v, &long_ones[i], 1, NULL, lowered, &count));
        CHECK(left <= 5000 - 7); // it was asked
        left = 3;
        CHECK(!abi_lift(&g.abi, 16, core, &long_ones[i], 1, &v));
        CHECK_EQ_U64(g.abi.fault, FAULT_interrupted);
    }
    guest_end(&g);
    arena_reset(&arena);
}

// A list that is a megabyte in the guest is more here: it ends where there is no more room, and
// nothing is lost.
static void test_short_of_memory(void)
{
    CType t = list_of(make(CFORM_option, &(CField){{0}, CPRIM_string}, 1));
    u64 core[2] = {16, 400};
    u32 refused = 0, lifted = 0;
    for (size_t limit = 1; limit < 100000; limit += 997) {
        Guest g;
        Arena small;
        arena_init(&small);
        small.limit = limit;
        guest_begin(&g, COPTION_utf16, false, REALLOC_honest, 1);
        for (u32 i = 0; i < 400; i++) {
            u32 element[3] = {1, 64, 16};
            memcpy(g.memory.base + 16 + 12 * i, element, sizeof element);
        }
        g.abi.arena = &small;
        CValue v;
        if (abi_lift(&g.abi, 16, core, &t, 1, &v)) lifted++;
        else refused += g.abi.fault == FAULT_out_of_memory;
        CHECK(small.total <= limit && small.on_failure == NULL);
        guest_end(&g);
        arena_free(&small);
    }
    CHECK(lifted > 0 && refused > 0);
    CHECK_EQ_U64(lifted + refused, 101);
}

int main(void)
{
    begin_worlds();
    if (setjmp(world_failure)) return CHECK(!"out of memory"), check_report();
    test_ranges();
    test_high();
    test_mistyped();
    test_nans();
    test_interrupted();
    test_short_of_memory();
    test_strings();
    test_random();
    end_worlds();
    return check_report();
}
