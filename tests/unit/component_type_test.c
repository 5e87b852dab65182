// component_type_test.c -- names of components, and what is known of their types. Hazard R70.

#include "check.h"
#include "component/type/name.h"
#include "component/type/text.h"

static Arena arena, scratch;
static CTypes types;

// ---- Names

static bool parses(const char *text, Features features)
{
    CName name;
    const char *why;
    Bytes part;
    return cname_parse(bytes_of(text), features, &name, &why, &part);
}

static void test_names(void)
{
    static const char *const good[] = {
        "a", "a1", "a-1", "a-1-b-2", "B", "B1-C", "a11-B11-123-ABC-abc", "ns-1-a:b-1-c/D-2",
        "[constructor]a", "[method]a.b", "[static]A-1.b-2", "wasi:http/types", "a:b/c@1.0.0",
        "a:b/c@0.0.0-abcd.1.2+efg.4.ee.5", "a:b/c@0.0.0+001"};
    static const char *const bad[] = {
        "", "1", "1-a", "a-", "a--", "-a", "aBc", "a_b", "wasi:", "wasi/http", ":/", "A:b/c",
        "1:b/c", "ns:A/b", "ns:1/a", "ns-A:b/c", "a:b", "a:b/", "a:b/c/d", "a:b:c/d", "[method]a",
        "[method]a.", "[method].a", "[method]a.b.c", "[constructor]", "[other]a", "a:b/c@",
        "a:b/c@1", "a:b/c@1.2", "a:b/c@01.0.0", "a:b/c@1.0.0-", "a:b/c@1.0.0+", "a:b/c@1.0.0-01",
        "a:b/c@1.0.0-a..b"};
    for (size_t i = 0; i < COUNT_OF(good); i++)
        if (!CHECK(parses(good[i], features_default))) printf("    %s\n", good[i]);
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        if (!CHECK(!parses(bad[i], features_default))) printf("    %s\n", bad[i]);
    CHECK(parses("a:b:c/d/e", FEATURE_BIT(FEATURE_cm_nested_names)));
    static const char *const canonical[] = {"a:b/c@1", "a:b/c@12", "a:b/c@0.2", "a:b/c@0.0.3",
                                            "a:b/c@0.0.0"};
    for (size_t i = 0; i < COUNT_OF(canonical); i++)
        CHECK(parses(canonical[i], FEATURE_BIT(FEATURE_cm_canonical_names)));
    CHECK(!parses("a:b/c@0", FEATURE_BIT(FEATURE_cm_canonical_names)));
    CHECK(!parses("a:b/c@0.0", FEATURE_BIT(FEATURE_cm_canonical_names)));
    CHECK(cversion_suffix_fits(bytes_of("0.2"), bytes_of(".6-rc.1")));
    CHECK(!cversion_suffix_fits(bytes_of("0.2"), bytes_of(".6.7")));
}

static void check_key(const char *text, const char *key)
{
    CName name;
    const char *why;
    Bytes part;
    if (!CHECK(cname_parse(bytes_of(text), features_default, &name, &why, &part))) return;
    Bytes got = cname_key(&arena, &name);
    CHECK_BYTES(got.data, got.len, key, strlen(key));
}

// spec: Explainer/name uniqueness
static void test_keys(void)
{
    check_key("foo-BAR", "foo-bar");
    check_key("[constructor]FOO", "[constructor]foo");
    check_key("[method]foo.BAR", "foo.bar");
    check_key("[static]foo.bar", "foo.bar");
    check_key("[method]foo.foo", "foo");
    check_key("[static]foo-BAR.FOO-bar", "foo-bar");
    check_key("foo:bar/BAZ", "foo:bar/baz");
}

// ---- Types

static CType make(CForm form, const CField *fields, u32 count)
{
    Err err = ERR_none;
    CType t = ctype_make(&types, form, fields, count, &err);
    CHECK_EQ_U64(err, ERR_none);
    return t;
}

static CField field(const char *name, CType type) { return (CField){bytes_of(name), type}; }

static void check_layout(CType t, u32 size, u32 align, u32 size64, const char *flat)
{
    const CLayout *l = ctype_layout(&types, t);
    char text[100];
    if (!CHECK_EQ_U64(l->size[0], size)) printf("    %s\n", ctype_describe(&types, t, text, 100));
    CHECK_EQ_U64(l->align[0], align);
    CHECK_EQ_U64(l->size[1], size64);
    if (flat) CHECK_BYTES(l->flat[0], l->flat_count, flat, strlen(flat));
    else CHECK_EQ_U64(l->flat_count, FLAT_MANY);
}

// spec: CanonicalABI/alignment, element size, flattening
static void test_layouts(void)
{
    CField mixed[] = {field("a", CPRIM_u8), field("b", CPRIM_u64), field("c", CPRIM_f32)};
    check_layout(CPRIM_string, 8, 4, 16, "ii");
    check_layout(make(CFORM_record, mixed, 3), 24, 8, 24, "ilf");
    check_layout(make(CFORM_tuple, &(CField){{0}, CPRIM_string}, 1), 8, 4, 16, "ii");
    check_layout(make(CFORM_list, &(CField){{0}, CPRIM_u8}, 1), 8, 4, 16, "ii");
    check_layout(make(CFORM_option, &(CField){{0}, CPRIM_u8}, 1), 2, 1, 2, "ii");
    CField cases[] = {field("a", CPRIM_f32), field("b", CPRIM_u32), field("c", CTYPE_NONE)};
    check_layout(make(CFORM_variant, cases, 3), 8, 4, 8, "ii");
    cases[2].type = CPRIM_f64;
    check_layout(make(CFORM_variant, cases, 3), 16, 8, 16, "il");
    CField floats[] = {{{0}, CPRIM_f32}, {{0}, CPRIM_f32}};
    check_layout(make(CFORM_result, floats, 2), 8, 4, 8, "if");
    CField flags[32], names[300];
    static char labels[300][8];
    for (u32 i = 0; i < 300; i++) {
        snprintf(labels[i], sizeof labels[i], "f%u", i);
        names[i] = field(labels[i], CTYPE_NONE);
        if (i < 32) flags[i] = names[i];
    }
    check_layout(make(CFORM_flags, flags, 8), 1, 1, 1, "i");
    check_layout(make(CFORM_flags, flags, 9), 2, 2, 2, "i");
    check_layout(make(CFORM_flags, flags, 32), 4, 4, 4, "i");
    check_layout(make(CFORM_enum, names, 256), 1, 1, 1, "i");
    check_layout(make(CFORM_enum, names, 257), 2, 2, 2, "i");
    CField u16_one = {{0}, CPRIM_u16};
    check_layout(make(CFORM_fixed_list, &u16_one, 16), 32, 2, 32, "iiiiiiiiiiiiiiii");
    check_layout(make(CFORM_fixed_list, &(CField){{0}, CPRIM_u16}, 17), 34, 2, 34, NULL);
}

static u32 copy_of(CType t) { return ctype_def(&types, t)->copy; }

static void test_facts(void)
{
    CField pair[] = {field("a", CPRIM_u32), field("b", CPRIM_u64)};
    CHECK_EQ_U64(copy_of(make(CFORM_record, pair, 2)), COPY_walk); // padding in the middle
    pair[0].type = CPRIM_f64;
    CType both = make(CFORM_record, pair, 2);
    CHECK_EQ_U64(copy_of(both), COPY_bits);
    CHECK_EQ_U64(ctype_def(&types, both)->holds, HOLDS_float | HOLDS_nameable);
    CHECK_EQ_U64(ctype_def(&types, both)->nodes, 3);
    CHECK_EQ_U64(ctype_def(&types, both)->depth, 1);
    pair[0].type = CPRIM_bool;
    CHECK_EQ_U64(copy_of(make(CFORM_tuple, &(CField){{0}, CPRIM_bool}, 1)), COPY_checked);
    CHECK_EQ_U64(copy_of(make(CFORM_enum, &(CField){bytes_of("a"), CTYPE_NONE}, 1)), COPY_checked);
    CHECK_EQ_U64(copy_of(make(CFORM_list, &(CField){{0}, CPRIM_u8}, 1)), COPY_walk);
}

// Equal is the same number; what has a name of its own is equal all the same.
static void test_identity(void)
{
    CField one = field("x", CPRIM_u32), other = field("y", CPRIM_u32);
    CType a = make(CFORM_record, &one, 1), b = make(CFORM_record, &one, 1);
    CHECK_EQ_U64(a, b);
    CHECK(a != make(CFORM_record, &other, 1));
    CType named = ctype_named(&types, a);
    CHECK(named != a);
    CHECK_EQ_U64(ctype_canon(&types, named), a);
    CType list = make(CFORM_list, &(CField){{0}, a}, 1);
    CType of_named = make(CFORM_list, &(CField){{0}, named}, 1);
    CHECK(list != of_named);
    CHECK_EQ_U64(ctype_canon(&types, of_named), list);
    CHECK_EQ_U64(ctype_named(&types, list), list); // needs no name
    CType r = ctype_make_resource(&types, TYPE_i32, 1);
    CType r2 = ctype_make_resource(&types, TYPE_i32, 1);
    CHECK(ctype_canon(&types, make(CFORM_own, &(CField){{0}, r}, 1)) !=
          ctype_canon(&types, make(CFORM_own, &(CField){{0}, r2}, 1)));
    CFunc f = {&one, 1, named, true};
    Err err = ERR_none;
    CType func = ctype_make_func(&types, &f, &err);
    f.async = false;
    CHECK(ctype_canon(&types, func) != ctype_canon(&types, ctype_make_func(&types, &f, &err)));
    f = (CFunc){&one, 1, a, true};
    CHECK_EQ_U64(ctype_canon(&types, func), ctype_make_func(&types, &f, &err));
}

// Two components have the same types by other numbers. What differs may be far behind.
static void test_others(void)
{
    static char labels[100][8];
    Arena other_arena, other_scratch;
    CTypes others;
    CField fields[100];
    Err err = ERR_none;
    arena_init(&other_arena);
    arena_init(&other_scratch);
    other_arena.on_failure = arena.on_failure;
    other_scratch.on_failure = scratch.on_failure;
    ctypes_init(&others, &other_arena, &other_scratch, types.store);
    for (u32 i = 0; i < 100; i++) {
        snprintf(labels[i], sizeof labels[i], "f%u", i);
        fields[i] = field(labels[i], i % CPRIM_string);
    }
    CType here = make(CFORM_record, fields, 100);
    CType same = ctype_make(&others, CFORM_record, fields, 100, &err);
    fields[99].type = CPRIM_string;
    CType last = ctype_make(&others, CFORM_record, fields, 100, &err);
    CHECK(here != same);
    CHECK(ctypes_same(&types, here, &others, same));
    CHECK(ctypes_same(&types, here, &others, ctype_named(&others, same)));
    CHECK(!ctypes_same(&types, here, &others, last));
    CFunc f = {&(CField){bytes_of("x"), here}, 1, CTYPE_NONE, false};
    CFunc g = {&(CField){bytes_of("x"), same}, 1, CTYPE_NONE, false};
    CType func = ctype_make_func(&types, &f, &err);
    CHECK(ctypes_same(&types, func, &others, ctype_make_func(&others, &g, &err)));
    g.async = true;
    CHECK(!ctypes_same(&types, func, &others, ctype_make_func(&others, &g, &err)));
    g = (CFunc){&(CField){bytes_of("y"), same}, 1, CTYPE_NONE, false};
    CHECK(!ctypes_same(&types, func, &others, ctype_make_func(&others, &g, &err)));
    CType r = ctype_make_resource(&types, TYPE_i32, 1);
    CHECK(!ctypes_same(&types, r, &others, ctype_make_resource(&others, TYPE_i32, 1)));
    arena_free(&other_arena);
    arena_free(&other_scratch);
}

static void test_substitution(void)
{
    CType r = ctype_make_resource(&types, TYPE_i32, 0);
    CType to = ctype_make_resource(&types, TYPE_i32, 1);
    CType own = make(CFORM_own, &(CField){{0}, r}, 1);
    CType list = make(CFORM_list, &(CField){{0}, own}, 1);
    CSubst s;
    csubst_init(&s, &types);
    csubst_bind(&s, &r, 1);
    CHECK(centity_matches(&s, (CEntity){CENTITY_type, {to}}, (CEntity){CENTITY_type, {r}}));
    CType there = make(CFORM_list, &(CField){{0}, make(CFORM_own, &(CField){{0}, to}, 1)}, 1);
    CHECK_EQ_U64(csubst_type(&s, list), there);
    CHECK_EQ_U64(csubst_type(&s, CPRIM_u8), CPRIM_u8);
    CHECK(!centity_matches(&s, (CEntity){CENTITY_type, {r}}, (CEntity){CENTITY_type, {r}}));
    CHECK_STR(s.why, "the resources are not the same");
}

// Each is twice the one before, as a tree; refused before anybody walks one.
static void test_limits(void)
{
    CType t = CPRIM_u8;
    Err err = ERR_none;
    u32 levels = 0;
    for (; levels < 100 && err == ERR_none; levels++)
        t = ctype_make(&types, CFORM_tuple, (CField[2]){{{0}, t}, {{0}, t}}, 2, &err);
    CHECK_EQ_U64(err, ERR_limit_type_nodes);
    CHECK_EQ_U64(levels, 19);
    err = ERR_none;
    t = CPRIM_u8;
    for (levels = 0; levels < 200 && err == ERR_none; levels++)
        t = ctype_make(&types, CFORM_list, &(CField){{0}, t}, 1, &err);
    CHECK_EQ_U64(err, ERR_limit_type_depth);
    CHECK_EQ_U64(levels, 101);
    err = ERR_none;
    t = ctype_make(&types, CFORM_fixed_list, &(CField){{0}, CPRIM_u64}, 536870912, &err);
    CHECK_EQ_U64(t, CTYPE_NONE);
    CHECK_EQ_U64(err, ERR_component_type);
}

static void test_text(void)
{
    char out[60], small[12];
    CType option = make(CFORM_option, &(CField){{0}, CPRIM_u8}, 1);
    CField params[] = {field("n", CPRIM_string), field("m", option)};
    Err err = ERR_none;
    CType f = ctype_make_func(&types, &(CFunc){params, 2, CPRIM_bool, true}, &err);
    CHECK_STR(ctype_describe(&types, f, out, sizeof out),
              "async func(n: string, m: option<u8>) -> bool");
    CHECK_STR(ctype_describe(&types, f, small, sizeof small), "async fu...");
}

int main(void)
{
    jmp_buf failure;
    TypeStore *store = type_store_new();
    arena_init(&arena);
    arena_init(&scratch);
    arena.on_failure = scratch.on_failure = &failure;
    if (setjmp(failure)) return CHECK(!"out of memory"), check_report();
    ctypes_init(&types, &arena, &scratch, store);
    test_names();
    test_keys();
    test_layouts();
    test_facts();
    test_identity();
    test_others();
    test_substitution();
    test_limits();
    test_text();
    arena_free(&arena);
    arena_free(&scratch);
    type_store_free(store);
    return check_report();
}
