// type_test.c -- identity of recursion groups and the lattice of types.
// Hazards: R17, R68.

#include "check.h"
#include "module/type.h"

#include <pthread.h>
#include <stdlib.h>

static TypeStore *store;

#define FIELD(of, changes) {.type = (of), .mutable = (changes)}

static TypeDef def_of(CompKind kind)
{
    return (TypeDef){.kind = kind, .super = TYPE_NONE, .describes = TYPE_NONE,
                     .descriptor = TYPE_NONE,
                     .cont = TYPE_NONE};
}

static TypeId intern(const TypeDef *group, u32 count)
{
    TypeId id = TYPE_NONE;
    CHECK(type_store_intern(store, group, count, &id));
    return id;
}

static TypeId struct_of(const FieldType *fields, u32 count, TypeId super)
{
    TypeDef def = def_of(COMP_struct);
    def.fields = fields;
    def.field_count = count;
    def.super = super;
    return intern(&def, 1);
}

static TypeId kind_of(CompKind kind)
{
    static const FieldType byte = FIELD(TYPE_i8, true);
    TypeDef def = def_of(kind);
    if (kind == COMP_array) def.fields = &byte, def.field_count = 1;
    if (kind == COMP_cont) def.cont = kind_of(COMP_func);
    return intern(&def, 1);
}

static void check_counts(TypeStore *in, TypeCounts want)
{
    TypeCounts have = type_store_counts(in);
    CHECK_BYTES(&have, sizeof have, &want, sizeof want);
}

static Type self_ref(u32 place) { return type_ref_to(true, TYPE_ID_REC | place); }

static void test_plain(void)
{
    Type params[] = {TYPE_i32, TYPE_v128, TYPE_f64};
    TypeDef def = def_of(COMP_func);
    def.params = params, def.param_count = 2;
    def.result_count = 1;
    TypeId a = intern(&def, 1);
    CHECK_EQ_U64(intern(&def, 1), a);
    const TypeDef *d = type_def(store, a);
    CHECK(d->params != params);
    CHECK_EQ_U64(d->params[1], TYPE_v128);
    CHECK_EQ_U64(d->param_slots, 3);
    CHECK_EQ_U64(d->result_slots, 1);
    CHECK_EQ_U64(type_results(d)[0], TYPE_f64);
    CHECK_EQ_U64(type_group_first(store, a), a);
    CHECK_EQ_U64(type_group_count(store, a), 1);
    CHECK_EQ_U64(type_super_at(store, a, 0), a);
    def.final = true;
    CHECK(intern(&def, 1) != a);
    def.final = false;
    params[0] = TYPE_i64;
    CHECK(intern(&def, 1) != a);
    CHECK_EQ_U64(type_def(store, a)->params[0], TYPE_i32);
}

// rec { A = struct(ref B), B = struct(ref A) }, twice, and groups that only look like it.
static void test_groups(void)
{
    FieldType to_b = FIELD(self_ref(1), false), to_a = FIELD(self_ref(0), false);
    TypeDef group[2] = {def_of(COMP_struct), def_of(COMP_struct)};
    group[0].fields = &to_b, group[0].field_count = 1;
    group[1].fields = &to_a, group[1].field_count = 1;
    TypeId a = intern(group, 2);
    CHECK_EQ_U64(intern(group, 2), a);
    CHECK_EQ_U64(type_id(type_def(store, a)->fields[0].type), a + 1);
    CHECK_EQ_U64(type_id(type_def(store, a + 1)->fields[0].type), a);
    CHECK_EQ_U64(type_group_first(store, a + 1), a);
    CHECK_EQ_U64(type_group_count(store, a + 1), 2);

    // The unrolled group names the first from outside: another type.
    FieldType out_b = FIELD(type_ref_to(true, a + 1), false),
              out_a = FIELD(type_ref_to(true, a), false);
    group[0].fields = &out_b;
    group[1].fields = &out_a;
    CHECK(intern(group, 2) != a);

    // A member that refers to itself is no member that refers to the other.
    group[0].fields = &to_a;
    group[1].fields = &to_b;
    CHECK(intern(group, 2) != a);

    // The same members in two groups are other types than in one.
    TypeDef twins[2] = {def_of(COMP_struct), def_of(COMP_struct)};
    TypeId twin = intern(twins, 2), single = intern(twins, 1);
    CHECK(twin != single && twin + 1 != single);
}

static void test_chain(void)
{
    TypeId ids[64];
    for (u32 i = 0; i < 64; i++) {
        ids[i] = struct_of(NULL, 0, i ? ids[i - 1] : TYPE_NONE);
        CHECK_EQ_U64(type_def(store, ids[i])->depth, i);
    }
    CHECK(type_id_matches(store, ids[63], ids[0]));
    CHECK(type_id_matches(store, ids[63], ids[62]));
    CHECK(!type_id_matches(store, ids[0], ids[63]));
    FieldType field = FIELD(TYPE_i32, false);
    TypeId other = struct_of(&field, 1, ids[5]);
    CHECK(type_id_matches(store, other, ids[5]));
    CHECK(!type_id_matches(store, other, ids[6]));
    CHECK(!type_id_matches(store, ids[6], other));

    Type exact5 = type_ref_to(false, ids[5]) | TYPE_EXACT, plain5 = type_ref_to(false, ids[5]);
    CHECK(type_matches(store, exact5, plain5));
    CHECK(!type_matches(store, plain5, exact5));
    CHECK(!type_matches(store, type_ref_to(false, ids[6]) | TYPE_EXACT, exact5));
    CHECK(type_matches(store, type_ref_to(false, ids[6]) | TYPE_EXACT, plain5));
    CHECK(type_matches(store, type_ref(false, HEAP_none), exact5));
    CHECK(type_matches(store, exact5, exact5 | TYPE_NULL));
    CHECK(!type_matches(store, exact5 | TYPE_NULL, exact5));
}

static void test_lattice(void)
{
    // supers[x] names all that x matches, itself included
    static const char *const supers[HEAP_COUNT] = {
        [HEAP_func] = "func ", [HEAP_extern] = "extern ", [HEAP_any] = "any ", [HEAP_eq] = "any eq ",
        [HEAP_i31] = "any eq i31 ", [HEAP_struct] = "any eq struct ", [HEAP_array] = "any eq array ",
        [HEAP_exn] = "exn ", [HEAP_cont] = "cont ", [HEAP_none] = "any eq i31 struct array none ",
        [HEAP_noextern] = "extern noextern ", [HEAP_nofunc] = "func nofunc ",
        [HEAP_noexn] = "exn noexn ", [HEAP_nocont] = "cont nocont ",
    };
    static const char *const text[HEAP_COUNT] = {
#define HEAP(name, text, ref, code, since) [HEAP_##name] = text,
#include "op/type.def"
    };
    for (u32 a = 0; a < HEAP_COUNT; a++) {
        char found[200] = "";
        for (u32 b = 0; b < HEAP_COUNT; b++) {
            if (!type_matches(store, type_ref(false, (Heap)a), type_ref(false, (Heap)b))) continue;
            strcat(strcat(found, text[b]), " ");
        }
        CHECK_STR(found, supers[a]);
        CHECK(type_matches(store, type_ref(false, (Heap)a), type_ref(true, (Heap)a)));
        CHECK(!type_matches(store, type_ref(true, (Heap)a), type_ref(false, (Heap)a)));
    }
    CHECK(type_matches(store, TYPE_bottom, TYPE_i32));
    CHECK(type_matches(store, TYPE_bottom, type_ref(false, HEAP_any)));
    CHECK(!type_matches(store, TYPE_i32, TYPE_i64));
    CHECK(!type_matches(store, TYPE_i32, type_ref(true, HEAP_any)));
}

static void test_concrete(void)
{
    static const struct { CompKind kind; Heap heap, top, bottom; } rows[] = {
        {COMP_func, HEAP_func, HEAP_func, HEAP_nofunc}, {COMP_struct, HEAP_struct, HEAP_any, HEAP_none},
        {COMP_array, HEAP_array, HEAP_any, HEAP_none}, {COMP_cont, HEAP_cont, HEAP_cont, HEAP_nocont},
    };
    for (u32 i = 0; i < COUNT_OF(rows); i++) {
        Type t = type_ref_to(false, kind_of(rows[i].kind));
        CHECK_EQ_U64(type_top(store, t), rows[i].top);
        CHECK_EQ_U64(type_bottom_heap(store, t), rows[i].bottom);
        CHECK(heap_matches_top(store, t, rows[i].top));
        for (u32 h = 0; h < HEAP_COUNT; h++) {
            Type abstract = type_ref(false, (Heap)h);
            bool above = type_matches(store, type_ref(false, rows[i].heap), abstract);
            CHECK_EQ_U64(type_matches(store, t, abstract), above);
            CHECK_EQ_U64(type_matches(store, abstract, t), h == rows[i].bottom);
        }
    }
    CHECK_EQ_U64(type_top(store, type_ref(false, HEAP_noexn)), HEAP_exn);
    CHECK_EQ_U64(type_bottom_heap(store, type_ref(false, HEAP_extern)), HEAP_noextern);
}

static void test_text(void)
{
    char out[64], tiny[6];
    TypeId id = kind_of(COMP_func);
    CHECK_STR(type_text(out, sizeof out, TYPE_i32, NULL, 0), "i32");
    CHECK_STR(type_text(out, sizeof out, TYPE_i16, NULL, 0), "i16");
    CHECK_STR(type_text(out, sizeof out, type_ref(true, HEAP_func), NULL, 0), "(ref null func)");
    CHECK_STR(type_text(out, sizeof out, type_ref(false, HEAP_i31), NULL, 0), "(ref i31)");
    TypeId ids[] = {id + 1000, id};
    CHECK_STR(type_text(out, sizeof out, type_ref_to(false, id), ids, 2), "(ref 1)");
    CHECK_STR(type_text(out, sizeof out, type_ref_to(true, id) | TYPE_EXACT, ids, 2),
              "(ref null (exact 1))");
    CHECK_STR(type_text(tiny, sizeof tiny, type_ref(true, HEAP_func), NULL, 0), "(ref ");
}

enum { MANY = 100000 };

static void test_many(void)
{
    TypeId *ids = calloc(MANY, sizeof *ids);
    for (u32 round = 0; round < 2; round++) {
        for (u32 i = 0; i < MANY; i++) {
            FieldType fields[17];
            for (u32 f = 0; f < 17; f++)
                fields[f] = (FieldType)FIELD(i >> f & 1 ? TYPE_i32 : TYPE_i64, true);
            TypeDef def = def_of(COMP_struct);
            def.fields = fields, def.field_count = 17;
            TypeId id;
            if (!type_store_intern(store, &def, 1, &id)) id = TYPE_NONE;
            if (!round) ids[i] = id;
            if (id != ids[i] || id < TYPE_ID_FIRST) CHECK_EQ_U64(id, ids[i]);
        }
    }
    TypeDef *group = calloc(MANY, sizeof *group);
    FieldType *fields = calloc(MANY, sizeof *fields);
    for (u32 i = 0; i < MANY; i++) {
        fields[i] = (FieldType)FIELD(self_ref((i + 1) % MANY), true);
        group[i] = def_of(COMP_struct);
        group[i].fields = &fields[i], group[i].field_count = 1;
    }
    TypeId id = intern(group, MANY);
    CHECK_EQ_U64(intern(group, MANY), id);
    CHECK_EQ_U64(type_id(type_def(store, id + MANY - 1)->fields[0].type), id);
    free(ids);
    free(group);
    free(fields);
}

// ---- Counts

// A function type of its own for each number; in a group of that many equal ones.
static TypeId group_of(TypeStore *in, u32 number, u32 count)
{
    Type params[32];
    TypeDef *group = calloc(count, sizeof *group);
    TypeId first = 0;
    for (u32 i = 0; i < 32; i++) params[i] = number >> i & 1 ? TYPE_i32 : TYPE_i64;
    for (u32 i = 0; i < count; i++) {
        group[i] = def_of(COMP_func);
        group[i].params = params, group[i].param_count = 32;
    }
    // checked by who is no thread of many
    if (!type_store_intern(in, group, count, &first)) first = 0;
    free(group);
    return first;
}

// A structure with a field of each of these, below the first.
static TypeId names(TypeStore *in, const TypeId *named, u32 count)
{
    FieldType fields[4];
    TypeDef def = def_of(COMP_struct);
    TypeId id = 0;
    for (u32 i = 0; i < count; i++)
        fields[i] = (FieldType)FIELD(type_ref_to(true, named[i]), false);
    def.fields = fields, def.field_count = count;
    def.super = named[0];
    return type_store_intern(in, &def, 1, &id) ? id : 0;
}

static void give(TypeStore *in, TypeId id) { type_give_back(in, &id, 1); }

// A group lives as long as somebody holds it: who interned it, each time, or another group that
// lives.
static void test_counts(void)
{
    TypeStore *in = type_store_new();
    check_counts(in, (TypeCounts){0, 0, 0});
    TypeId a = group_of(in, 1, 1), pair = group_of(in, 2, 2);
    CHECK_EQ_U64(a, TYPE_ID_FIRST); // those below name no type
    check_counts(in, (TypeCounts){2, 1, 4});
    CHECK_EQ_U64(group_of(in, 1, 1), a);
    type_hold(in, pair + 1);
    check_counts(in, (TypeCounts){2, 1, 4});
    give(in, a);
    give(in, pair);
    check_counts(in, (TypeCounts){2, 1, 4}); // each is held once more
    TypeId b = names(in, (TypeId[]){a, pair + 1, pair, a}, 4), c = names(in, (TypeId[]){b, a}, 2);
    check_counts(in, (TypeCounts){4, 0, 5});
    give(in, a);
    give(in, pair);
    give(in, b);
    check_counts(in, (TypeCounts){4, 0, 5}); // by c, which is named by nobody
    CHECK(type_id_matches(in, c, a) && type_def(in, a)->param_count == 32);
    give(in, c);
    check_counts(in, (TypeCounts){0, 5, 5});

    // What went is not found any more, and its ids are given out again.
    b = group_of(in, 2, 1);
    CHECK(b < TYPE_ID_FIRST + 5);
    type_give_back(in, (TypeId[]){b, group_of(in, 3, 2), group_of(in, 3, 2) + 1}, 3);
    give(in, group_of(in, 3, 2)); // twice interned before, once given back: still there
    check_counts(in, (TypeCounts){1, 3, 5});
    type_store_free(in);
}

// Of what went nothing is left, whichever number somebody asks for.
static void test_gone(void)
{
    TypeStore *in = type_store_new();
    TypeId group = group_of(in, 1, 5), other = group_of(in, 2, 3);
    CHECK(type_def_any(in, group + 4) && type_def_any(in, other + 2));
    give(in, group);
    for (u32 i = 0; i < 8; i++) CHECK(!type_def_any(in, group + i));
    CHECK(type_def_any(in, other + 2) && !type_def_any(in, other + 3));
    give(in, other);
    group = group_of(in, 3, 3);
    for (u32 i = 3; i < 16; i++) CHECK(!type_def_any(in, group + i));
    CHECK(!type_def_any(in, 0) && !type_def_any(in, UINT32_MAX) && !type_def_any(in, 1 << 26));
    give(in, group);
    type_store_free(in);
}

// The last of a long chain goes, and all of it, without recursion.
static void test_long_chain(void)
{
    TypeStore *in = type_store_new();
    TypeId last = group_of(in, 0, 1);
    for (u32 i = 0; i < MANY; i++) {
        FieldType field = FIELD(type_ref_to(false, last), true);
        TypeDef def = def_of(COMP_array);
        def.fields = &field, def.field_count = 1;
        TypeId above = last;
        CHECK(type_store_intern(in, &def, 1, &last));
        give(in, above);
    }
    check_counts(in, (TypeCounts){MANY + 1, 0, MANY + 1});
    give(in, last);
    check_counts(in, (TypeCounts){0, MANY + 1, MANY + 1});
    type_store_free(in);
}

// However groups come and go, no more ids are ever given out than type.c says.
static void test_reuse(void)
{
    enum { LIVE = 2000, ROUNDS = 40000, ORDER = 9 };
    static TypeId live[LIVE];
    static u32 size[LIVE];
    TypeStore *in = type_store_new();
    u32 random = 1, taken = 0, most = 0;
    for (u32 i = 0; i < ROUNDS; i++) {
        random = random * 1664525 + 1013904223;
        u32 at = (random >> 8) % LIVE, phase = i / (ROUNDS / (ORDER + 1));
        if (size[at]) {
            give(in, live[at]);
            taken -= size[at];
        }
        size[at] = 1u << (random >> 24) % (phase + 1); // larger and larger ones among the small
        live[at] = group_of(in, i, size[at]);
        taken += size[at];
        most = MAX(most, taken);
    }
    CHECK(type_store_counts(in).ids <= (ORDER + 1) * most + (4u << ORDER));
    for (u32 i = 0; i < LIVE; i++)
        if (size[i]) give(in, live[i]);
    TypeCounts end = type_store_counts(in);
    CHECK(end.groups == 0 && end.free == end.ids);

    // Of large groups that come and go, with a small one that stays behind each: they do not fill
    // it up.
    for (u32 i = 0; i < 1000; i++) {
        TypeId large = group_of(in, i, 1000);
        group_of(in, i, 1);
        give(in, large);
    }
    CHECK(type_store_counts(in).ids <= MAX(end.ids, 11 * 2048 + (4u << 10)));
    type_store_free(in);
}

// Types of a distinct store stay.
static void test_distinct(void)
{
    TypeStore *in = type_store_new_distinct();
    TypeId a = group_of(in, 1, 1), b = group_of(in, 1, 1);
    CHECK(a != b && type_id_matches(in, a, b) && type_id_matches(in, b, a));
    TypeId c = names(in, &a, 1), d = names(in, &b, 1);
    CHECK(c != d && type_id_matches(in, c, d) && type_id_matches(in, c, b) && !type_id_matches(in, b, c));
    TypeId deep[2][20] = {{c}, {d}};
    for (u32 side = 0; side < 2; side++)
        for (u32 i = 1; i < 20; i++) deep[side][i] = names(in, &deep[side][i - 1], 1);
    for (u32 i = 0; i < 20; i++) {
        CHECK(type_id_matches(in, deep[0][19], deep[1][i]) && type_id_matches(in, deep[1][i], deep[0][i / 2]));
        CHECK(!type_id_matches(in, deep[0][i], deep[1][19]) || i == 19);
    }
    TypeCounts counts = type_store_counts(in);
    give(in, a);
    give(in, c);
    check_counts(in, counts);
    CHECK_EQ_U64(type_def(in, a)->param_count, 32);
    type_store_free(in);
}

// Threads that intern and give back types, common ones and their own, and match them all the while.
static TypeStore *shared;

static void *come_and_go(void *own)
{
    u32 wrong = 0;
    for (u32 i = 0; i < 3000; i++) {
        TypeId base = group_of(shared, i % 7, 1),
               other = group_of(shared, (u32)(uintptr_t)own << 16 | i % 11, 1 + i % 5);
        TypeId a = names(shared, (TypeId[]){base, other}, 2),
               b = names(shared, (TypeId[]){a, base}, 2);
        give(shared, base);
        give(shared, a);
        for (u32 k = 0; k < 4; k++)
            wrong += !type_id_matches(shared, b, a) || !type_id_matches(shared, b, base) ||
                     type_id_matches(shared, base, b) || type_id_matches(shared, other, base) ||
                     type_def(shared, other)->params[1] != (i % 11 & 2 ? TYPE_i32 : TYPE_i64);
        give(shared, other);
        give(shared, b);
    }
    return (void *)(uintptr_t)wrong;
}

static void test_races(void)
{
    pthread_t threads[4];
    void *wrong;
    shared = type_store_new();
    for (u32 i = 0; i < 4; i++)
        pthread_create(&threads[i], NULL, come_and_go, (void *)(uintptr_t)(i + 1));
    for (u32 i = 0; i < 4; i++) {
        pthread_join(threads[i], &wrong);
        CHECK(!wrong);
    }
    TypeCounts end = type_store_counts(shared);
    CHECK(end.groups == 0 && end.free == end.ids);
    type_store_free(shared);
}

static void *intern_in_thread(void *out)
{
    TypeId *ids = out;
    for (u32 i = 0; i < 1000; i++) {
        FieldType fields[10];
        for (u32 f = 0; f < 10; f++)
            fields[f] = (FieldType)FIELD(i >> f & 1 ? TYPE_f32 : TYPE_f64, false);
        TypeDef def = def_of(COMP_struct);
        def.fields = fields, def.field_count = 10;
        if (!type_store_intern(store, &def, 1, &ids[i])) ids[i] = TYPE_NONE;
        else if (type_def(store, ids[i])->field_count != 10) ids[i] = TYPE_NONE;
    }
    return NULL;
}

static void test_threads(void)
{
    static TypeId ids[4][1000];
    pthread_t threads[4];
    for (u32 i = 0; i < 4; i++) pthread_create(&threads[i], NULL, intern_in_thread, ids[i]);
    for (u32 i = 0; i < 4; i++) pthread_join(threads[i], NULL);
    for (u32 i = 1; i < 4; i++) CHECK_BYTES(ids[i], sizeof ids[i], ids[0], sizeof ids[0]);
    CHECK(ids[0][0] != TYPE_NONE && ids[0][0] != ids[0][1]);
}

// A large group made in the store is the same as one that was handed in, and takes ids only when it
// is new.
static TypeId draft_chain(u32 count, Type last, bool intern_it)
{
    static const Type in_first = TYPE_REF | TYPE_CONCRETE | TYPE_ID_REC; // the first of the group
    TypeDraft draft;
    TypeId first = TYPE_NONE;
    if (!CHECK(type_draft_begin(&draft, store, count))) return first;
    for (u32 i = 0; i < count; i++) {
        TypeDef *d = type_draft_at(&draft, i);
        CHECK(d->param_count == 0 && d->kind == 0); // zeroed, whatever stood there
        *d = def_of(COMP_func);
        d->params = i + 1 < count ? &in_first : &last;
        d->param_count = 1;
        d->super = i && i % 50 ? TYPE_ID_REC | (i - 1) : TYPE_NONE;
    }
    if (intern_it) CHECK(type_draft_intern(&draft, &first));
    else type_draft_drop(&draft);
    return first;
}

static void test_drafts(void)
{
    enum { LARGE = 10000 };
    static const Type in_first = TYPE_REF | TYPE_CONCRETE | TYPE_ID_REC, number = TYPE_i32;
    TypeDef *given = calloc(LARGE, sizeof *given);
    for (u32 i = 0; i < LARGE; i++) {
        given[i] = def_of(COMP_func);
        given[i].params = i + 1 < LARGE ? &in_first : &number;
        given[i].param_count = 1;
        given[i].super = i && i % 50 ? TYPE_ID_REC | (i - 1) : TYPE_NONE;
    }
    draft_chain(LARGE, TYPE_i32, false);
    TypeId first = intern(given, LARGE);
    CHECK_EQ_U64(draft_chain(LARGE, TYPE_i32, true), first);
    TypeId second = draft_chain(LARGE, TYPE_i64, true);
    CHECK(second != first);
    TypeCounts counts = type_store_counts(store);
    draft_chain(LARGE, TYPE_i32, false);
    CHECK_EQ_U64(draft_chain(LARGE, TYPE_i64, true), second);
    check_counts(store, counts); // neither the dropped one nor the second of the same took ids
    const TypeDef *d = type_def(store, second + 149);
    CHECK(d->depth == 49 && d->super == second + 148 &&
          type_super_at(store, second + 149, 0) == second + 100 &&
          type_group_first(store, second + 149) == second);
    CHECK_EQ_U64(d->params[0], type_ref_to(false, second));
    CHECK_EQ_U64(type_def(store, second + LARGE - 1)->params[0], TYPE_i64);
    CHECK(type_id_matches(store, second + 149, second + 100) &&
          !type_id_matches(store, second + 149, first + 100));
    free(given);
}

// A tree as deep as types may be, each of a path with a brother: every supertype is found, and no
// other matches.
static void test_deep(void)
{
    enum { DEPTH = 64 };
    TypeId path[2][DEPTH];
    for (u32 depth = 0; depth < DEPTH; depth++) {
        for (u32 side = 0; side < 2; side++) {
            Type field_type = side ? TYPE_i32 : TYPE_i64;
            FieldType fields[DEPTH];
            for (u32 i = 0; i <= depth; i++) fields[i] = (FieldType)FIELD(field_type, false);
            TypeDef def = def_of(COMP_struct);
            def.fields = fields, def.field_count = depth + 1;
            def.super = depth ? path[depth == 40 ? 0 : side][depth - 1] : TYPE_NONE;
            path[side][depth] = intern(&def, 1);
        }
    }
    for (u32 sub = 0; sub < 2 * DEPTH; sub++) {
        u32 side = sub / DEPTH, depth = sub % DEPTH;
        for (u32 above = 0; above <= depth; above++)
            CHECK_EQ_U64(type_super_at(store, path[side][depth], above),
                         path[depth >= 40 && above < 40 ? 0 : side][above]);
        for (u32 super = 0; super < 2 * DEPTH; super++) {
            u32 at = super % DEPTH;
            bool below = at <= depth && super / DEPTH == (depth >= 40 && at < 40 ? 0 : side);
            CHECK(type_id_matches(store, path[side][depth], path[super / DEPTH][at]) == below);
        }
    }
}

static u32 at_of(TypeId id, u32 field) { return type_def(store, id)->fields[field].at; }

// Fields go where there is room first; a subtype keeps what its supertype has, and fills the gaps.
static void test_layout(void)
{
    const Type anyref = type_ref(true, HEAP_any), funcref = type_ref(true, HEAP_func);
    const FieldType fields[] = {
        FIELD(TYPE_i64, true), FIELD(TYPE_i8, true), FIELD(TYPE_i16, true), FIELD(TYPE_i8, true),
        FIELD(TYPE_v128, true), FIELD(anyref, true), FIELD(funcref, true), FIELD(TYPE_i8, true),
        FIELD(TYPE_f32, true),
    };
    static const u32 at[] = {8, 4, 6, 5, 16, 32, 36, 40, 44};
    const FieldType more[] = {
        FIELD(TYPE_i8, true), FIELD(TYPE_f64, true), FIELD(TYPE_i8, false), FIELD(TYPE_i16, false),
        FIELD(anyref, true), FIELD(TYPE_i64, true), FIELD(TYPE_i8, false),
    };
    static const u32 more_at[] = {4, 8, 5, 6, 16, 24, 20};
    TypeId whole = struct_of(fields, COUNT_OF(fields), TYPE_NONE),
           first = struct_of(more, 2, TYPE_NONE), second = struct_of(more, COUNT_OF(more), first);
    for (u32 i = 0; i < COUNT_OF(at); i++) CHECK_EQ_U64(at_of(whole, i), at[i]);
    for (u32 i = 0; i < COUNT_OF(more_at); i++) CHECK_EQ_U64(at_of(second, i), more_at[i]);
    for (u32 i = 0; i < 2; i++) CHECK_EQ_U64(at_of(first, i), more_at[i]);
    const TypeLayout *a = type_layout(type_def(store, whole)),
                     *b = type_layout(type_def(store, first)),
                     *c = type_layout(type_def(store, second));
    CHECK(a->size == 48 && a->ref_words == 1 && a->refs[0] == 1u << 8); // functions are numbers
    CHECK(b->size == 16 && !b->ref_words);
    CHECK(c->size == 32 && c->ref_words == 1 && c->refs[0] == 1u << 4);
}

// Members of a group name each other, in both directions; what is large has more words.
static void test_layout_of_group(void)
{
    enum { FIELDS = 3000 };
    FieldType *fields = calloc(FIELDS, sizeof *fields);
    const FieldType elem = FIELD(self_ref(0), true), bytes = FIELD(TYPE_i8, true);
    TypeDef group[] = {def_of(COMP_struct), def_of(COMP_array), def_of(COMP_array),
                       def_of(COMP_func)};
    if (!CHECK(fields)) return;
    for (u32 i = 0; i < FIELDS; i++)
        fields[i] = (FieldType)FIELD(i % 3 ? TYPE_v128 : self_ref(i % 2 ? 1 : 3), true);
    group[0].fields = fields, group[0].field_count = FIELDS;
    group[1].fields = &elem, group[2].fields = &bytes;
    group[1].field_count = group[2].field_count = 1;
    TypeId id = intern(group, COUNT_OF(group));
    const TypeDef *def = type_def(store, id);
    const TypeLayout *layout = type_layout(def);
    CHECK(layout->ref_words == (layout->size / 4 + 31) / 32);
    u32 refs = 0;
    for (u32 i = 0; i < layout->ref_words; i++) refs += (u32)__builtin_popcount(layout->refs[i]);
    CHECK_EQ_U64(refs, FIELDS / 6); // those to functions are none
    for (u32 i = 3; i < FIELDS; i += 6)
        CHECK(layout->refs[def->fields[i].at / 128] >> def->fields[i].at / 4 % 32 & 1);
    layout = type_layout(type_def(store, id + 1));
    CHECK(at_of(id + 1, 0) == 8 && layout->size == 8);
    CHECK(layout->ref_words == 1 && layout->refs[0] == 1);
    layout = type_layout(type_def(store, id + 2));
    CHECK(at_of(id + 2, 0) == 8 && layout->size == 8 && !layout->ref_words);
    free(fields);
}

// The descriptor comes behind fields of supertypes without one, which stay where they are, and in
// front of all others; it fills gaps as they do, and is where a collector looks.
static void test_layout_of_described(void)
{
    static const FieldType fields[] = {FIELD(TYPE_i8, true), FIELD(TYPE_i64, true),
                                       FIELD(TYPE_i32, true), FIELD(TYPE_i16, true)};
    static const u32 at[2][4] = {{8, 16, 12, 10}, {4, 8, 20, 6}}, descriptor_at[2] = {4, 16};
    enum { TOP, SUB, TOP_DESC, SUB_DESC, COUNT, PLAIN = 2 };
    TypeId plain = struct_of(fields, PLAIN, TYPE_NONE), id;
    for (u32 below = 0; below < 2; below++) { // something without a descriptor, or nothing
        TypeDef group[COUNT];
        for (u32 i = 0; i < COUNT; i++) group[i] = def_of(COMP_struct);
        for (u32 i = TOP; i <= SUB; i++) {
            group[i].descriptor = TYPE_ID_REC | (TOP_DESC + i);
            group[TOP_DESC + i].describes = TYPE_ID_REC | i;
            group[i].fields = fields;
            group[i].field_count = PLAIN + 2 * i;
        }
        if (below) group[TOP].super = plain;
        group[SUB].super = TYPE_ID_REC | TOP;
        group[SUB_DESC].super = TYPE_ID_REC | TOP_DESC;
        id = intern(group, COUNT);
        for (u32 i = TOP; i <= SUB; i++) {
            const TypeDef *def = type_def(store, id + i);
            const FieldType *hidden = &def->fields[def->field_count];
            CHECK(hidden->at == descriptor_at[below] && !hidden->mutable);
            CHECK(hidden->type == (type_ref_to(false, id + TOP_DESC + i) | TYPE_EXACT));
            for (u32 f = 0; f < def->field_count; f++)
                CHECK_EQ_U64(at_of(id + i, f), at[below][f]);
            const TypeLayout *layout = type_layout(def);
            CHECK(layout->size == 24 && layout->ref_words == 1 && layout->slots == PLAIN + 2 * i + 1);
            CHECK_EQ_U64(layout->refs[0], 1u << hidden->at / 4);
        }
    }
    CHECK(at_of(plain, 0) == 4 && at_of(plain, 1) == 8);
}

int main(void)
{
    store = type_store_new();
    if (!CHECK(store)) return check_report();
    test_threads();
    test_races();
    if (check_single()) {
        test_plain();
        test_groups();
        test_chain();
        test_lattice();
        test_layout();
        test_layout_of_group();
        test_layout_of_described();
        test_concrete();
        test_text();
        test_many();
        test_deep();
        test_drafts();
        test_counts();
    test_gone();
        test_long_chain();
        test_reuse();
        test_distinct();
    }
    type_store_free(store);
    return check_report();
}
