// type_test.c -- identity of recursion groups and the lattice of types.

#include "check.h"
#include "module/type.h"

#include <pthread.h>
#include <stdlib.h>

static TypeStore *store;

static TypeDef def_of(CompKind kind)
{
    return (TypeDef){.kind = kind, .super = TYPE_NONE, .describes = TYPE_NONE, .descriptor = TYPE_NONE,
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
    static const FieldType byte = {TYPE_i8, true};
    TypeDef def = def_of(kind);
    if (kind == COMP_array) def.fields = &byte, def.field_count = 1;
    if (kind == COMP_cont) def.cont = kind_of(COMP_func);
    return intern(&def, 1);
}

static Type self_ref(u32 place) { return type_ref_to(true, TYPE_ID_REC | place); }

static void test_plain(void)
{
    Type params[] = {TYPE_i32, TYPE_v128}, results[] = {TYPE_f64};
    TypeDef def = def_of(COMP_func);
    def.params = params, def.param_count = 2;
    def.results = results, def.result_count = 1;
    TypeId a = intern(&def, 1);
    CHECK_EQ_U64(intern(&def, 1), a);
    const TypeDef *d = type_def(store, a);
    CHECK(d->params != params);
    CHECK_EQ_U64(d->params[1], TYPE_v128);
    CHECK_EQ_U64(d->param_slots, 3);
    CHECK_EQ_U64(d->result_slots, 1);
    CHECK_EQ_U64(d->rec_count, 1);
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
    FieldType to_b = {self_ref(1), false}, to_a = {self_ref(0), false};
    TypeDef group[2] = {def_of(COMP_struct), def_of(COMP_struct)};
    group[0].fields = &to_b, group[0].field_count = 1;
    group[1].fields = &to_a, group[1].field_count = 1;
    TypeId a = intern(group, 2);
    CHECK_EQ_U64(intern(group, 2), a);
    CHECK_EQ_U64(type_id(type_def(store, a)->fields[0].type), a + 1);
    CHECK_EQ_U64(type_id(type_def(store, a + 1)->fields[0].type), a);
    CHECK_EQ_U64(type_def(store, a + 1)->rec_start, a);
    CHECK_EQ_U64(type_def(store, a + 1)->rec_count, 2);

    // The unrolled group names the first from outside: another type.
    FieldType out_b = {type_ref_to(true, a + 1), false}, out_a = {type_ref_to(true, a), false};
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
    FieldType field = {TYPE_i32, false};
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
    TypeId first = 0;
    for (u32 round = 0; round < 2; round++) {
        for (u32 i = 0; i < MANY; i++) {
            FieldType fields[17];
            for (u32 f = 0; f < 17; f++) fields[f] = (FieldType){i >> f & 1 ? TYPE_i32 : TYPE_i64, true};
            TypeDef def = def_of(COMP_struct);
            def.fields = fields, def.field_count = 17;
            TypeId id;
            if (!type_store_intern(store, &def, 1, &id)) id = TYPE_NONE;
            if (i == 0 && round == 0) first = id;
            if (id != first + i) CHECK_EQ_U64(id, first + i);
        }
    }
    TypeDef *group = calloc(MANY, sizeof *group);
    FieldType *fields = calloc(MANY, sizeof *fields);
    for (u32 i = 0; i < MANY; i++) {
        fields[i] = (FieldType){self_ref((i + 1) % MANY), true};
        group[i] = def_of(COMP_struct);
        group[i].fields = &fields[i], group[i].field_count = 1;
    }
    TypeId id = intern(group, MANY);
    CHECK_EQ_U64(intern(group, MANY), id);
    CHECK_EQ_U64(type_id(type_def(store, id + MANY - 1)->fields[0].type), id);
    free(group);
    free(fields);
}

static void *intern_in_thread(void *out)
{
    TypeId *ids = out;
    for (u32 i = 0; i < 1000; i++) {
        FieldType fields[10];
        for (u32 f = 0; f < 10; f++) fields[f] = (FieldType){i >> f & 1 ? TYPE_f32 : TYPE_f64, false};
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
    if (!CHECK(type_draft_begin(&draft, store, NULL, count))) return first;
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
    CHECK_EQ_U64(second, first + LARGE); // neither the dropped one nor the second of the same took ids
    CHECK_EQ_U64(draft_chain(LARGE, TYPE_i64, true), second);
    const TypeDef *d = type_def(store, second + 149);
    CHECK(d->depth == 49 && d->super == second + 148 && type_super_at(store, second + 149, 0) == second + 100 &&
          d->rec_start == second);
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
            for (u32 i = 0; i <= depth; i++) fields[i] = (FieldType){field_type, false};
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

int main(void)
{
    store = type_store_new();
    if (!CHECK(store)) return check_report();
    test_plain();
    test_groups();
    test_chain();
    test_lattice();
    test_concrete();
    test_text();
    test_many();
    test_deep();
    test_drafts();
    test_threads();
    type_store_free(store);
    return check_report();
}
