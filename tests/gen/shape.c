// shape.c -- what programs look like: loops over arrays, stores side by side, searches, state
// machines, chains of calls. See gen.h.

#include "gen.h"

static u32 local_of(Gen *g, u32 initial)
{
    u32 local = new_local(g, VAL_i32, true);
    const_i32(g, initial);
    emit_index(g, OP_local_set, local);
    return local;
}

static void get(Gen *g, u32 local) { emit_index(g, OP_local_get, local); }

static void add(Gen *g, u32 local, u32 n)
{
    get(g, local);
    const_i32(g, n);
    emit_op(g, OP_i32_add);
    emit_index(g, OP_local_set, local);
}

// for (p = start; turns; p += 1 << log) p[k] = f(p[k'], value)
static bool shape_array(Gen *g)
{
    if (!g->memory_count || g->memories[0].is64) return false;
    u64 bytes = (u64)g->memories[0].min << g->memories[0].page_log;
    if (bytes < 1024) return false;
    bool wide = odds(g, 1, 3);
    u32 log = wide ? 3 : 2, counter, turns = 2 + pick(g, 12);
    if (g->turns > 2) return false;
    u32 p = local_of(g, pick(g, 512)), before = g->turns;
    static const u16 narrow[] = {OP_i32_add, OP_i32_sub, OP_i32_mul,
                                 OP_i32_xor, OP_i32_shl, OP_i32_rotl};
    static const u16 wides[] = {OP_i64_add, OP_i64_sub,   OP_i64_mul,
                                OP_i64_xor, OP_i64_shr_u, OP_i64_or};
    counted_begin(g, &counter, turns, &(FuncTy){0});
    get(g, p);
    get(g, p);
    emit_op(g, wide ? OP_i64_load : OP_i32_load);
    emit_u(g, log);
    emit_u(g, 8 * pick(g, 8));
    push(g, VAL_i32);
    push(g, wide ? VAL_i64 : VAL_i32);
    value(g, wide ? VAL_i64 : VAL_i32);
    emit_op(g, (Op)(wide ? wides : narrow)[pick(g, COUNT_OF(narrow))]);
    emit_op(g, wide ? OP_i64_store : OP_i32_store);
    emit_u(g, log);
    emit_u(g, 4 * pick(g, 16));
    pop(g, 3);
    add(g, p, 1u << log);
    if (odds(g, 1, 3)) statements(g, 2);
    if (!g->dead) counted_end(g, counter);
    else results(g, &inner(g)->results), emit_end(g);
    g->turns = before;
    return true;
}

static void set(Gen *g, u32 local) { emit_index(g, OP_local_set, local); }

// To the block around so many loops; nothing is on the stack.
static void leave_if(Gen *g, u32 local, u32 loops)
{
    static const u16 tests[] = {OP_i32_eq, OP_i32_lt_s, OP_i32_gt_u, OP_i32_and};
    get(g, local);
    const_i32(g, 4 * pick(g, 256));
    emit_op(g, (Op)tests[pick(g, COUNT_OF(tests))]);
    emit_index(g, OP_br_if, loops);
}

static void loop_while_below(Gen *g, u32 local, u32 end)
{
    get(g, local);
    const_i32(g, end);
    emit_op(g, OP_i32_lt_u);
    emit_index(g, OP_br_if, 0);
    emit_end(g);
}

// do { before = p; p += 4 + (*p & 4); if (..) break; } while (p < end), with what it was left with
// behind it; small, and nobody knows how often it turns. Maybe in others that go on with that.
static bool shape_search(Gen *g)
{
    enum { TURNS = 12 };
    u32 loops = 1 + (odds(g, 1, 2) ? pick(g, 3) : 0);
    if (!g->memory_count || g->memories[0].is64 || g->depth + loops + 1 >= GEN_DEPTH) return false;
    if ((u64)g->memories[0].min << g->memories[0].page_log < 1024) return false;
    if (g->turns * TURNS > 64) return false;
    u32 start = 4 * pick(g, 64), exits = pick(g, 8);
    u32 p = local_of(g, start), before = local_of(g, pick(g, 8)), sum = local_of(g, pick(g, 8));
    open_block(g, OP_block, &(FuncTy){0});
    for (u32 i = 0; i < loops; i++) open_block(g, OP_loop, &(FuncTy){0});
    if (exits % 4 == 1) leave_if(g, p, loops);
    get(g, p);
    set(g, before);
    get(g, p);
    emit_op(g, OP_i32_load);
    emit_u(g, 2);
    emit_u(g, 0);
    const_i32(g, 4);
    emit_op(g, OP_i32_and);
    get(g, p);
    emit_op(g, OP_i32_add);
    const_i32(g, 4);
    emit_op(g, OP_i32_add);
    set(g, p);
    if (exits & 2) {
        get(g, sum);
        get(g, odds(g, 1, 2) ? p : before);
        emit_op(g, OP_i32_sub);
        set(g, sum);
    }
    if (exits > 5) leave_if(g, sum, loops);
    for (u32 i = 0; i < loops; i++) {
        loop_while_below(g, p, start + 4 * pick(g, TURNS));
        if (odds(g, 1, 2)) continue;
        const_i32(g, pick(g, 8));
        set(g, odds(g, 1, 2) ? sum : before);
    }
    emit_end(g);
    static const u16 joins[] = {OP_i32_add, OP_i32_sub, OP_i32_mul, OP_i32_xor};
    const_i32(g, 4 * pick(g, 256));
    get(g, before);
    get(g, odds(g, 1, 2) ? p : sum);
    emit_op(g, (Op)joins[pick(g, COUNT_OF(joins))]);
    emit_op(g, OP_i32_store);
    emit_u(g, 2);
    emit_u(g, 0);
    return true;
}

static void next_state(Gen *g, u32 cases)
{
    if (odds(g, 1, 2)) {
        const_i32(g, pick(g, cases + 2));
        return;
    }
    value(g, VAL_i32);
    const_i32(g, 7);
    emit_op(g, OP_i32_and);
    pop(g, 1);
}

// loop { switch (state) { case ..: state = ..; break; .. default: leave } }
static bool shape_states(Gen *g)
{
    u32 cases = 2 + pick(g, 5);
    if (g->leaf || g->depth + cases + 6 > GEN_DEPTH) return false;
    u32 state = local_of(g, pick(g, cases));
    open_block(g, OP_block, &(FuncTy){0});
    open_block(g, OP_loop, &(FuncTy){0});
    spend(g);
    for (u32 i = 0; i < cases; i++) open_block(g, OP_block, &(FuncTy){0});
    get(g, state);
    emit_index(g, OP_br_table, cases);
    for (u32 i = 0; i < cases; i++) emit_u(g, odds(g, 1, 6) ? pick(g, cases) : i);
    emit_u(g, cases + 1);
    emit_dead(g);
    for (u32 i = 0; i < cases; i++) {
        for (u32 k = own_height(g); k; k--) emit_op(g, OP_drop);
        emit_end(g);
        statements(g, 2);
        if (g->dead) continue;
        next_state(g, cases);
        emit_index(g, OP_local_set, state);
        emit_index(g, OP_br, cases - 1 - i);
        emit_dead(g);
    }
    results(g, &inner(g)->results);
    emit_end(g);
    results(g, &inner(g)->results);
    emit_end(g);
    return true;
}

// f(g(h(..), ..), ..)
static bool shape_chain(Gen *g)
{
    if (g->leaf) return false;
    for (u32 n = 2 + pick(g, 3); n; n--) call_something(g, VAL_none);
    return true;
}

// ---- Stores side by side

typedef struct { u16 load, store; u8 log; Ty ty; u16 exact, ops[8]; } Beside;
static const Beside besides[] = {
    {OP_i32_load, OP_i32_store, 2, VAL_i32, 0,
     {OP_i32_add, OP_i32_sub, OP_i32_mul, OP_i32_and, OP_i32_xor, OP_i32_shl, OP_i32_shr_s,
      OP_i32_shr_u}},
    {OP_i64_load, OP_i64_store, 3, VAL_i64, 0,
     {OP_i64_add, OP_i64_sub, OP_i64_mul, OP_i64_or, OP_i64_xor, OP_i64_shl, OP_i64_shr_s,
      OP_i64_shr_u}},
    {OP_f32_load, OP_f32_store, 2, VAL_f32, OP_f32_neg,
     {OP_f32_add, OP_f32_sub, OP_f32_mul, OP_f32_div, OP_f32_min, OP_f32_max, OP_f32_add,
      OP_f32_copysign}},
    {OP_f64_load, OP_f64_store, 3, VAL_f64, OP_f64_abs,
     {OP_f64_add, OP_f64_sub, OP_f64_mul, OP_f64_div, OP_f64_min, OP_f64_max, OP_f64_mul,
      OP_f64_copysign}},
    {OP_i32_load8_u, OP_i32_store8, 0, VAL_i32, OP_i32_extend8_s,
     {OP_i32_add, OP_i32_sub, OP_i32_and, OP_i32_or, OP_i32_xor, OP_i32_add, OP_i32_shl,
      OP_i32_shr_u}},
    {OP_i32_load16_s, OP_i32_store16, 1, VAL_i32, 0,
     {OP_i32_add, OP_i32_sub, OP_i32_mul, OP_i32_and, OP_i32_xor, OP_i32_shl, OP_i32_mul,
      OP_i32_shr_s}},
    {OP_i64_load32_u, OP_i64_store32, 2, VAL_i64, 0,
     {OP_i64_add, OP_i64_sub, OP_i64_mul, OP_i64_or, OP_i64_xor, OP_i64_shl, OP_i64_shr_s,
      OP_i64_shr_u}},
};

// Somewhere, at a fixed place, or where the memory ends soon.
static u32 pointer(Gen *g, u64 bytes)
{
    if (odds(g, 1, 4)) return local_of(g, 4 * pick(g, 64));
    u32 local = new_local(g, VAL_i32, true);
    value(g, VAL_i32);
    const_i32(g, odds(g, 1, 2) ? 0x1fc : 0xff);
    emit_op(g, OP_i32_and);
    if (odds(g, 1, 6)) {
        const_i32(g, (u32)bytes - pick(g, 96));
        emit_op(g, OP_i32_or);
    }
    set(g, local);
    pop(g, 1);
    return local;
}

static void access(Gen *g, Op op, u32 log, u32 offset)
{
    emit_op(g, op);
    emit_u(g, log);
    emit_u(g, offset);
}

// One of them, which may be an odd one.
static void put_beside(Gen *g, const Beside *k, Op op, u32 form, u32 p, u32 q, u32 x, u32 offset)
{
    bool shifts = op == OP_i32_shl || op == OP_i32_shr_s || op == OP_i32_shr_u ||
                  op == OP_i64_shl || op == OP_i64_shr_s || op == OP_i64_shr_u;
    bool open = g->tame && (k->ty == VAL_f32 || k->ty == VAL_f64); // bits of NaNs would be seen
    get(g, p);
    if (form == 0) {
        constant(g, k->ty);
        pop(g, 1);
    } else if (form == 1) {
        get(g, x);
    } else {
        get(g, q);
        access(g, (Op)k->load, k->log, offset);
        if (form == 3 && k->exact) emit_op(g, (Op)k->exact);
        if (form > 3 && !open) {
            if (shifts && k->ty == VAL_i32) const_i32(g, x % 20);
            else if (shifts) const_i64(g, x % 40);
            else if (form == 4) get(g, x);
            else get(g, form == 5 ? p : q), access(g, (Op)k->load, k->log, offset + 64);
            emit_op(g, op);
        }
    }
    access(g, (Op)k->store, k->log, offset);
}

// p->a = q->a + x; p->b = q->b + x; .. of one kind, or almost, in one order or another
bool statement_beside(Gen *g)
{
    enum { FORMS = 7 };
    if (g->left < 20 || g->local_count + 8 > GEN_LOCALS) return false;
    if (!g->memory_count || g->memories[0].is64) return false;
    u64 bytes = (u64)g->memories[0].min << g->memories[0].page_log;
    if (bytes < 1024) return false;
    const Beside *k = &besides[pick(g, COUNT_OF(besides))];
    u32 count = 16u >> k->log, form = pick(g, FORMS);
    u32 order = pick(g, 3), first = 4 * pick(g, 8);
    count *= 1 + pick(g, k->log ? 4 : 2);
    count += pick(g, 2);
    Op op = (Op)k->ops[pick(g, COUNT_OF(k->ops))];
    u32 odd = odds(g, 1, 4) ? pick(g, count) : count;
    u32 between = odds(g, 1, 6) ? pick(g, count) : count;
    u32 p = pointer(g, bytes), q = odds(g, 1, 4) ? p : pointer(g, bytes);
    u32 x = new_local(g, k->ty, true);
    if (g->tame) constant(g, k->ty);
    else value(g, k->ty);
    set(g, x);
    pop(g, 1);
    for (u32 i = 0; i < count; i++) {
        u32 at = order == 0 ? i : order == 1 ? count - 1 - i : (i ^ 1) < count ? i ^ 1 : i;
        u32 form_of = i == odd ? pick(g, FORMS) : form;
        put_beside(g, k, i == odd ? (Op)k->ops[0] : op, form_of, p, q, x, first + (at << k->log));
        if (i != between) continue;
        form_of = pick(g, FORMS);
        at = first + 4 * pick(g, 16);
        put_beside(g, k, op, form_of, odds(g, 1, 2) ? p : q, q, x, at);
    }
    return true;
}

bool statement_shape(Gen *g)
{
    if (g->left < 20 || g->local_count + 8 > GEN_LOCALS) return false;
    switch (pick(g, 4)) {
    case 0: return shape_array(g);
    case 1: return shape_states(g);
    case 2: return shape_search(g);
    default: return shape_chain(g);
    }
}
