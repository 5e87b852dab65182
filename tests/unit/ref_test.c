// ref_test.c -- references in the host's hands: how long handles live, what they hold, and how each
// misuse of one is refused. With a collection before each object, and after each call.
// Hazards: R14, R61.

#include "objects.h"

// A cons cell of the guest's, and what makes and reads it.
static const char cells[] =
    "(module"
    "  (import \"h\" \"call\" (func $call (param anyref) (result anyref)))"
    "  (type $cell (sub (struct (field i32) (field (mut (ref null $cell))))))"
    "  (type $bytes (array (mut i8)))"
    "  (table (export \"t\") 4 (ref null $cell))"
    "  (global (export \"g\") (mut (ref null $cell)) (ref.null $cell))"
    "  (tag $e (export \"e\") (param i32 (ref $cell)))"
    "  (func (export \"make\") (param i32) (result (ref $cell))"
    "    (struct.new $cell (local.get 0) (ref.null $cell)))"
    "  (func (export \"two\") (param i32) (result (ref $cell) anyref)"
    "    (struct.new $cell (local.get 0) (ref.null $cell))"
    "    (ref.i31 (local.get 0)))"
    "  (func (export \"head\") (param (ref $cell)) (result i32)"
    "    (struct.get $cell 0 (local.get 0)))"
    "  (func (export \"link\") (param (ref $cell) (ref null $cell))"
    "    (struct.set $cell 1 (local.get 0) (local.get 1)))"
    "  (func (export \"sum\") (param (ref null $cell)) (result i32) (local i32)"
    "    (loop $on (result i32)"
    "      (if (result i32) (ref.is_null (local.get 0)) (then (local.get 1)) (else"
    "        (local.set 1 (i32.add (local.get 1)"
    "          (struct.get $cell 0 (ref.as_non_null (local.get 0)))))"
    "        (local.set 0 (struct.get $cell 1 (local.get 0)))"
    "        (br $on)))))"
    "  (func (export \"bytes\") (param i32) (result (ref $bytes))"
    "    (array.new_default $bytes (local.get 0)))"
    "  (func (export \"any\") (param anyref) (result anyref) (local.get 0))"
    "  (func (export \"extern\") (param anyref) (result externref)"
    "    (extern.convert_any (local.get 0)))"
    "  (func (export \"through\") (param anyref) (result anyref) (call $call (local.get 0)))"
    "  (func (export \"throw\") (param i32) (throw $e (local.get 0)"
    "    (struct.new $cell (local.get 0) (ref.null $cell)))))";

typedef struct { weft_store *store; weft_instance instance; u64 used; } World;

// What the import does this time.
static weft_status (*act)(weft_caller *caller, weft_slot *slots);

static weft_status call_out(void *env, weft_caller *caller, weft_slot *slots)
{
    return act ? act(caller, slots) : WEFT_OK;
}

static u64 handles(const weft_store *s)
{
    weft_limits used = weft_limits_init();
    weft_store_usage(s, &used, &diag);
    return used.handles;
}

static World world_within(const char *text, const weft_limits *limits)
{
    World w = {.store = weft_store_new(engine, limits, &diag)};
    w.store->s->gc_stress = true;
    weft_module *m = weft_module_new(engine, text, strlen(text), &diag);
    if (!CHECK(m)) printf("%s\n", diag.message);
    weft_linker *l = weft_linker_new(engine, &diag);
    CHECK_OK(weft_linker_func(l, "h", "call", "a:a", call_out, NULL, NULL, &diag));
    if (weft_instantiate(w.store, m, l, &w.instance, &diag)) CHECK_STR(diag.message, "");
    weft_linker_free(l);
    weft_module_free(m);
    return w;
}

static World world(void) { return world_within(cells, NULL); }

// Nothing that a test made is left, but what it says.
static void end(World *w, u64 left)
{
    CHECK_EQ_U64(handles(w->store), left);
    weft_store_free(w->store);
}

static weft_func func(const World *w, const char *name)
{
    weft_func f = {0};
    CHECK_OK(weft_instance_func(w->store, w->instance, name, &f, &diag));
    return f;
}

static weft_status call1(const World *w, const char *name, weft_val arg, weft_val *result)
{
    return weft_call(w->store, func(w, name), &arg, 1, result, result ? 1 : 0, &diag);
}

static weft_ref make(const World *w, int32_t head)
{
    weft_val made = {0};
    CHECK_OK(call1(w, "make", weft_i32(head), &made));
    CHECK(made.type == WEFT_REF && made.of.ref.handle);
    return made.of.ref;
}

static int32_t head(const World *w, weft_ref ref)
{
    weft_val got = {0};
    CHECK_OK(call1(w, "head", weft_ref_val(ref), &got));
    return got.of.i32;
}

// ---- How long they live

static void kept(void)
{
    World w = world();
    weft_ref a = make(&w, 1), b = make(&w, 2), none = {0};
    CHECK_EQ_U64(handles(w.store), 2);
    CHECK(head(&w, a) == 1 && head(&w, b) == 2);
    CHECK_OK(weft_ref_keep(w.store, a, &diag));
    CHECK_OK(weft_ref_release(w.store, a, &diag));
    CHECK_EQ_U64(head(&w, a), 1);
    CHECK_OK(weft_ref_release(w.store, a, &diag));
    CHECK_WHY(call1(&w, "head", weft_ref_val(a), NULL), "wrong_count");
    weft_val got;
    CHECK_WHY(call1(&w, "head", weft_ref_val(a), &got), "stale_reference");
    CHECK_WHY(weft_ref_release(w.store, a, &diag), "stale_reference");
    CHECK_WHY(weft_ref_keep(w.store, a, &diag), "stale_reference");
    // Its entry is another's now.
    weft_ref c = make(&w, 3);
    CHECK((uint32_t)c.handle == (uint32_t)a.handle && c.handle != a.handle);
    CHECK_WHY(weft_ref_release(w.store, a, &diag), "stale_reference");
    CHECK(head(&w, c) == 3 && head(&w, b) == 2);
    CHECK_OK(weft_ref_keep(w.store, none, &diag));
    CHECK_OK(weft_ref_release(w.store, none, &diag));
    CHECK_OK(weft_ref_release(w.store, b, &diag));
    end(&w, 1);
}

static void scopes(void)
{
    World w = world();
    weft_scope outer, inner, again;
    weft_val got[2], arg = weft_i32(7);
    CHECK_OK(weft_scope_open(w.store, &outer, &diag));
    weft_ref a = make(&w, 1);
    CHECK_OK(weft_scope_open(w.store, &inner, &diag));
    weft_ref b = make(&w, 2), c = make(&w, 3);
    CHECK_OK(weft_call(w.store, func(&w, "two"), &arg, 1, got, 2, &diag));
    CHECK(head(&w, got[0].of.ref) == 7 && got[1].of.ref.handle);
    CHECK_EQ_U64(handles(w.store), 7);
    CHECK_OK(weft_ref_keep(w.store, c, &diag));
    CHECK_WHY(weft_ref_release(w.store, b, &diag), "stale_reference"); // the scope's alone
    CHECK_OK(weft_scope_close(w.store, inner, &diag));
    CHECK_EQ_U64(handles(w.store), 3);
    CHECK(head(&w, a) == 1 && head(&w, c) == 3);
    CHECK_WHY(call1(&w, "head", weft_ref_val(b), got), "stale_reference");
    CHECK_WHY(weft_scope_close(w.store, inner, &diag), "wrong_scope");
    // Closing one closes those within.
    CHECK_OK(weft_scope_open(w.store, &inner, &diag));
    CHECK_OK(weft_scope_open(w.store, &again, &diag));
    b = make(&w, 4);
    CHECK_OK(weft_scope_close(w.store, outer, &diag));
    CHECK_WHY(weft_scope_close(w.store, again, &diag), "wrong_scope");
    CHECK_WHY(weft_scope_close(w.store, outer, &diag), "wrong_scope");
    CHECK_WHY(call1(&w, "head", weft_ref_val(a), got), "stale_reference");
    CHECK_WHY(call1(&w, "head", weft_ref_val(b), got), "stale_reference");
    CHECK_EQ_U64(head(&w, c), 3);
    CHECK_OK(weft_ref_release(w.store, c, &diag));
    // What is open when the store is freed goes with it.
    CHECK_OK(weft_scope_open(w.store, &outer, &diag));
    make(&w, 5);
    end(&w, 2);
}

static weft_scope outside, left_open;
static weft_ref seen, escaped, lost;

// Parameters, what a call gives, and what a scope that stays open has.
static weft_status make_some(weft_caller *caller, weft_slot *slots)
{
    weft_store *s = weft_caller_store(caller);
    World w = {.store = s};
    CHECK(weft_caller_instance(caller, &w.instance));
    seen = (weft_ref){outside.store, slots[0].u64};
    CHECK_EQ_U64(head(&w, seen), 9);
    CHECK_WHY(weft_scope_close(s, outside, &diag), "wrong_scope");
    CHECK_WHY(weft_scope_close(s, (weft_scope){outside.store, 0}, &diag), "wrong_scope");
    CHECK_OK(weft_scope_open(s, &left_open, &diag));
    lost = make(&w, 10);
    escaped = make(&w, 11);
    CHECK_OK(weft_ref_keep(s, escaped, &diag));
    slots[0].u64 = lost.handle;
    return WEFT_OK;
}

static weft_status pass_stale(weft_caller *caller, weft_slot *slots)
{
    slots[0].u64 = lost.handle;
    return WEFT_OK;
}

static weft_status pass_null(weft_caller *caller, weft_slot *slots)
{
    CHECK_EQ_U64(slots[0].u64, 0);
    return WEFT_OK;
}

static void within_calls(void)
{
    World w = world();
    weft_val got;
    weft_ref mine = make(&w, 9);
    CHECK_OK(weft_scope_open(w.store, &outside, &diag));
    act = make_some;
    CHECK_OK(call1(&w, "through", weft_ref_val(mine), &got));
    CHECK_EQ_U64(head(&w, got.of.ref), 10);
    CHECK_WHY(call1(&w, "head", weft_ref_val(lost), &got), "stale_reference");
    CHECK_WHY(call1(&w, "head", weft_ref_val(seen), &got), "stale_reference");
    CHECK_WHY(weft_scope_close(w.store, left_open, &diag), "wrong_scope");
    CHECK_EQ_U64(head(&w, escaped), 11);
    CHECK_EQ_U64(handles(w.store), 4); // mine, the scope, what came back, what was kept
    act = pass_stale;
    CHECK_WHY(call1(&w, "through", weft_ref_val(mine), &got), "host");
    CHECK_SAYS("value 0 is no handle of this store");
    act = pass_null;
    CHECK_OK(call1(&w, "through", weft_ref_val((weft_ref){0}), &got));
    CHECK(got.type == WEFT_REF && !got.of.ref.handle);
    CHECK_OK(weft_scope_close(w.store, outside, &diag));
    CHECK_OK(weft_ref_release(w.store, escaped, &diag));
    CHECK_OK(weft_ref_release(w.store, mine, &diag));
    act = NULL;
    end(&w, 0);
}

// ---- What they hold

// A chain that the host alone holds, by its first cell, and places that hold one.
static void roots(void)
{
    enum { MANY = 200 };
    World w = world();
    weft_global g;
    weft_table t;
    weft_scope scope;
    weft_val args[2], got;
    weft_ref first = make(&w, 0), last = first;
    for (int32_t i = 1; i < MANY; i++) {
        weft_ref next = make(&w, i);
        args[0] = weft_ref_val(last);
        args[1] = weft_ref_val(next);
        CHECK_OK(weft_call(w.store, func(&w, "link"), args, 2, NULL, 0, &diag));
        if (i > 1) CHECK_OK(weft_ref_release(w.store, last, &diag));
        last = next;
    }
    CHECK_OK(weft_ref_release(w.store, last, &diag));
    CHECK_EQ_U64(handles(w.store), 1);
    CHECK_OK(call1(&w, "sum", weft_ref_val(first), &got));
    CHECK_EQ_U64(got.of.i32, MANY * (MANY - 1) / 2);
    CHECK_OK(weft_instance_global(w.store, w.instance, "g", &g, &diag));
    CHECK_OK(weft_instance_table(w.store, w.instance, "t", &t, &diag));
    CHECK_OK(weft_global_set(w.store, g, weft_ref_val(first), &diag));
    CHECK_OK(weft_table_set(w.store, t, 3, weft_ref_val(first), &diag));
    CHECK_OK(weft_ref_release(w.store, first, &diag));
    CHECK_OK(weft_scope_open(w.store, &scope, &diag));
    CHECK_OK(weft_global_get(w.store, g, &got, &diag));
    CHECK_OK(weft_global_set(w.store, g, weft_ref_val((weft_ref){0}), &diag));
    CHECK_OK(call1(&w, "sum", got, &got));
    CHECK_EQ_U64(got.of.i32, MANY * (MANY - 1) / 2);
    CHECK_OK(weft_table_get(w.store, t, 3, &got, &diag));
    CHECK_OK(call1(&w, "sum", got, &got));
    CHECK_EQ_U64(got.of.i32, MANY * (MANY - 1) / 2);
    CHECK_OK(weft_scope_close(w.store, scope, &diag));
    end(&w, 0);
}

// ---- What is refused

static void misused(void)
{
    World w = world(), other = world();
    weft_ref mine = make(&w, 1), theirs = make(&other, 2), forged;
    weft_val got, bytes;
    weft_global g;
    CHECK_WHY(call1(&w, "head", weft_ref_val(theirs), &got), "wrong_store");
    CHECK_WHY(weft_ref_keep(w.store, theirs, &diag), "wrong_store");
    CHECK_WHY(weft_ref_release(w.store, theirs, &diag), "wrong_store");
    CHECK_WHY(weft_scope_close(w.store, (weft_scope){theirs.store, 1}, &diag), "wrong_store");
    static const uint64_t made_up[] = {1, 2, 1ull << 32, 1ull << 32 | 2, 2ull << 32 | 1, UINT64_MAX,
                                       1ull << 32 | UINT32_MAX, 1ull << 32 | 15, 1ull << 32 | 16};
    for (size_t i = 0; i < COUNT_OF(made_up); i++) {
        forged = (weft_ref){mine.store, made_up[i]};
        CHECK_WHY(call1(&w, "head", weft_ref_val(forged), &got), "stale_reference");
        CHECK_WHY(weft_ref_release(w.store, forged, &diag), "stale_reference");
    }
    CHECK_WHY(call1(&w, "head", weft_ref_val((weft_ref){0, mine.handle}), &got), "wrong_store");
    // Of a wrong type: the message has both.
    CHECK_OK(call1(&w, "bytes", weft_i32(3), &bytes));
    CHECK_WHY(call1(&w, "head", bytes, &got), "wrong_type");
    CHECK_SAYS("value 0 is (ref (array (mut i8))), where (ref (sub (struct (field i32) (field (mut"
               " (ref null (struct ...))))))) is wanted");
    CHECK_WHY(call1(&w, "head", weft_i32(3), &got), "wrong_type");
    CHECK_SAYS("value 0 is i32, where (ref (sub (struct ");
    CHECK_WHY(call1(&w, "head", weft_ref_val((weft_ref){0}), &got), "wrong_type");
    CHECK_SAYS("value 0 is null, where (ref (sub");
    CHECK_WHY(call1(&w, "head", weft_externref(&w), &got), "wrong_type");
    CHECK_SAYS("value 0 is (ref extern), where");
    CHECK_WHY(call1(&w, "head", weft_funcref(func(&w, "head")), &got), "wrong_type");
    CHECK_SAYS("value 0 is (ref (func (param (ref (struct ...))) (result i32))), where (ref (sub");
    CHECK_WHY(call1(&w, "any", weft_funcref(func(&w, "head")), &got), "wrong_type");
    CHECK_WHY(call1(&w, "make", weft_ref_val(mine), &got), "wrong_type");
    CHECK_SAYS("where i32 is wanted");
    CHECK_OK(weft_instance_global(w.store, w.instance, "g", &g, &diag));
    CHECK_WHY(weft_global_set(w.store, g, bytes, &diag), "wrong_type");
    CHECK_SAYS("it is (ref (array (mut i8))), where (ref null (sub");
    CHECK_WHY(weft_global_set(w.store, g, weft_ref_val(theirs), &diag), "wrong_store");
    // What goes as an external reference is no internal one, nor a pointer.
    CHECK_OK(call1(&w, "extern", weft_ref_val(mine), &got));
    CHECK(got.type == WEFT_REF && got.of.ref.handle);
    CHECK_WHY(call1(&w, "any", got, &got), "wrong_type");
    CHECK_SAYS("value 0 is (ref extern), where (ref null any) is wanted");
    weft_ref gone = theirs;
    weft_val foreign = weft_funcref(func(&other, "head"));
    CHECK_OK(weft_ref_release(other.store, theirs, &diag));
    end(&other, 0);
    CHECK_WHY(call1(&w, "head", weft_ref_val(gone), &got), "wrong_store");
    // Of another store nothing is looked at, also to say what it is.
    CHECK_WHY(call1(&w, "make", foreign, &got), "wrong_type");
    CHECK_SAYS("value 0 is (ref func), where i32 is wanted");
    World next = world();
    CHECK_WHY(call1(&next, "head", weft_ref_val(gone), &got), "wrong_store");
    end(&next, 0);
    end(&w, 3);
}

static weft_status open_many(weft_caller *caller, weft_slot *slots)
{
    weft_store *s = weft_caller_store(caller);
    weft_scope scope;
    weft_status status = WEFT_OK;
    while (status == WEFT_OK) status = weft_scope_open(s, &scope, &diag);
    CHECK_STR(diag.name, "limit_handles");
    return WEFT_OK;
}

static void exhausted(void)
{
    enum { MOST = 20 };
    weft_limits limits = weft_limits_init();
    limits.handles = MOST;
    World w = world_within(cells, &limits);
    weft_ref all[MOST + 1];
    weft_val got[2], arg = weft_i32(1), none = weft_ref_val((weft_ref){0});
    weft_scope scope;
    for (int32_t i = 0; i < MOST - 1; i++) all[i] = make(&w, i);
    CHECK_WHY(weft_call(w.store, func(&w, "two"), &arg, 1, got, 2, &diag), "limit_handles");
    CHECK_SAYS("the limit is 20");
    CHECK_EQ_U64(handles(w.store), MOST - 1); // none of the two was made
    all[MOST - 1] = make(&w, MOST - 1);
    CHECK_WHY(call1(&w, "make", weft_i32(0), got), "limit_handles");
    CHECK_WHY(weft_scope_open(w.store, &scope, &diag), "limit_handles");
    weft_typed typed;
    weft_slot slot = {.u64 = all[3].handle};
    CHECK_OK(weft_func_typed(w.store, func(&w, "any"), "a:a", &typed, &diag));
    CHECK_WHY(weft_call_typed(w.store, typed, &slot, &diag), "limit_handles");
    // A host function that would get one traps; the guest's own calls do not need any.
    CHECK_WHY(call1(&w, "through", weft_ref_val(all[0]), got), "out_of_memory");
    CHECK_SAYS("handles of the store are used up");
    CHECK_OK(call1(&w, "sum", weft_ref_val(all[7]), got));
    CHECK_EQ_U64(got[0].of.i32, 7);
    for (int32_t i = 0; i < MOST; i++) {
        CHECK_EQ_U64(head(&w, all[i]), i);
        if (i % 2) CHECK_OK(weft_ref_release(w.store, all[i], &diag));
    }
    act = open_many;
    CHECK_OK(call1(&w, "through", none, got));
    act = NULL;
    CHECK_EQ_U64(handles(w.store), MOST / 2);
    CHECK_OK(weft_scope_open(w.store, &scope, &diag));
    for (int32_t i = 0; i < MOST / 2 - 1; i++) make(&w, i);
    CHECK_WHY(call1(&w, "make", weft_i32(0), got), "limit_handles");
    CHECK_OK(weft_scope_close(w.store, scope, &diag));
    end(&w, MOST / 2);
}

// Where pointers of the host's that nobody has any more take all handles a collection makes room,
// and what a call has just given is held meanwhile.
static void collected_for(void)
{
    enum { MOST = 64 };
    static char objects[4 * MOST];
    weft_limits limits = weft_limits_init();
    limits.handles = MOST;
    World w = world_within(cells, &limits);
    weft_table t;
    CHECK_OK(weft_table_new(w.store, 1, 1, weft_externref(NULL), &t, &diag));
    w.store->s->gc_stress = false;
    for (int32_t i = 0, next = 0; i < 20; i++) {
        while (handles(w.store) < MOST)
            CHECK_OK(weft_table_set(w.store, t, 0, weft_externref(&objects[next++ % (4 * MOST)]),
                                    &diag));
        weft_ref ref = make(&w, i);
        CHECK(handles(w.store) < MOST);
        for (int32_t k = 0; k < 1000; k++) // in its place, if it was lost
            CHECK_OK(weft_ref_release(w.store, make(&w, -1), &diag));
        CHECK_EQ_U64(head(&w, ref), i);
        CHECK_OK(weft_ref_release(w.store, ref, &diag));
    }
    weft_store_free(w.store);
}

// An entry that has had all generations is not used again.
static void worn_out(void)
{
    World w = world();
    weft_ref a = make(&w, 1);
    weft_val got;
    u32 entry = (u32)a.handle;
    CHECK_OK(weft_ref_release(w.store, a, &diag));
    w.store->handles.all[entry].generation = UINT32_MAX;
    a = make(&w, 2);
    CHECK_EQ_U64(a.handle, (u64)UINT32_MAX << 32 | entry);
    CHECK_EQ_U64(head(&w, a), 2);
    CHECK_OK(weft_ref_release(w.store, a, &diag));
    CHECK_WHY(call1(&w, "head", weft_ref_val(a), &got), "stale_reference");
    for (int32_t i = 0; i < 40; i++) CHECK((u32)make(&w, i).handle != entry);
    end(&w, 40);
}

// ---- In any order

enum { KNOWN = 64, DEEP = 6, STEPS = SANITIZES_ADDRESSES ? 4000 : 20000 };

// What must hold of a handle, by what was done to it.
typedef struct { weft_ref ref; int32_t value, kept, scope; } Known;

typedef struct {
    World w;
    u64 random;
    Known all[KNOWN];
    weft_scope open[DEEP + 1], closed; // by depth, from 1 on
    int32_t depth, next;
} Order;

static u32 pick(Order *o, u32 count)
{
    o->random ^= o->random << 13, o->random ^= o->random >> 7, o->random ^= o->random << 17;
    return (u32)(o->random * 0x2545f4914f6cdd1d >> 33) % count;
}

static bool lives(const Known *r) { return r->kept || r->scope; }

static void release_all(Order *o, Known *r)
{
    for (; r->kept; r->kept--) CHECK_OK(weft_ref_release(o->w.store, r->ref, &diag));
}

static void close_scopes(Order *o, int32_t down_to)
{
    o->closed = o->open[down_to];
    CHECK_OK(weft_scope_close(o->w.store, o->closed, &diag));
    for (u32 i = 0; i < KNOWN; i++)
        if (o->all[i].scope >= down_to) o->all[i].scope = 0;
    o->depth = down_to - 1;
}

static void step(Order *o)
{
    Known *r = &o->all[pick(o, KNOWN)];
    weft_store *s = o->w.store;
    weft_val got;
    switch (pick(o, 9)) {
    case 0: case 1: case 2:
        release_all(o, r);
        *r = (Known){make(&o->w, o->next), o->next, !o->depth, o->depth};
        o->next++;
        break;
    case 3:
        CHECK_STR(why(weft_ref_keep(s, r->ref, &diag)), lives(r) ? "" : "stale_reference");
        r->kept += lives(r);
        break;
    case 4:
        CHECK_STR(why(weft_ref_release(s, r->ref, &diag)), r->kept ? "" : "stale_reference");
        r->kept -= r->kept != 0;
        break;
    case 5:
        if (o->depth < DEEP) CHECK_OK(weft_scope_open(s, &o->open[++o->depth], &diag));
        break;
    case 6:
        if (o->depth) close_scopes(o, 1 + (int32_t)pick(o, (u32)o->depth));
        CHECK(weft_scope_close(s, o->closed, &diag) == WEFT_ERROR);
        break;
    default:
        CHECK_STR(why(call1(&o->w, "head", weft_ref_val(r->ref), &got)),
                  lives(r) ? "" : "stale_reference");
        if (lives(r)) CHECK_EQ_U64(got.of.i32, r->value);
    }
}

static void any_order(void)
{
    static Order o;
    o = (Order){.w = world(), .random = 0x9e3779b97f4a7c15};
    for (u32 i = 0; i < KNOWN; i++) {
        o.all[i] = (Known){make(&o.w, -1), -1, 1, 0};
        o.w.store->s->gc_stress = false; // each so often is enough
    }
    for (u32 i = 0; i < STEPS; i++) {
        step(&o);
        if (i % 64 == 0) CHECK_OK(weft_store_collect(o.w.store, &diag));
    }
    if (o.depth) close_scopes(&o, 1);
    for (u32 i = 0; i < KNOWN; i++) release_all(&o, &o.all[i]);
    end(&o.w, 0);
}

// ---- Quick calls

static void slots(void)
{
    World w = world();
    weft_ref mine = make(&w, 5);
    weft_typed typed, eq;
    weft_slot slot = {.u64 = mine.handle};
    CHECK_WHY(weft_func_typed(w.store, func(&w, "any"), "e:a", &typed, &diag), "wrong_signature");
    CHECK_WHY(weft_func_typed(w.store, func(&w, "head"), "s:i", &eq, &diag), "wrong_signature");
    CHECK_OK(weft_func_typed(w.store, func(&w, "any"), "a:a", &typed, &diag));
    CHECK_OK(weft_call_typed(w.store, typed, &slot, &diag));
    weft_ref back = {mine.store, slot.u64};
    CHECK(back.handle != mine.handle && head(&w, back) == 5);
    CHECK_OK(weft_ref_release(w.store, back, &diag));
    CHECK_WHY(weft_call_typed(w.store, typed, &slot, &diag), "wrong_type");
    CHECK_SAYS("value 0 is no handle of this store");
    slot.u64 = 0;
    CHECK_OK(weft_call_typed(w.store, typed, &slot, &diag));
    CHECK_EQ_U64(slot.u64, 0);
    weft_val got;
    CHECK_OK(call1(&w, "extern", weft_ref_val(mine), &got));
    slot.u64 = got.of.ref.handle;
    CHECK_WHY(weft_call_typed(w.store, typed, &slot, &diag), "wrong_type");
    CHECK_SAYS("value 0 is (ref extern), where (ref null any) is wanted");
    end(&w, 2);
}

int main(void)
{
    engine = weft_engine_new(NULL, &diag);
    kept();
    scopes();
    within_calls();
    roots();
    misused();
    exhausted();
    collected_for();
    worn_out();
    any_order();
    slots();
    weft_engine_free(engine);
    return check_report();
}
