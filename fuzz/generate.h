// generate.h -- bytes to a valid module: each byte is a choice, and what an instruction needs is
// put before it. Every instruction that the interpreter executes can come up, in loops that end.
//
// The same bytes give the same program in several shapes: with nothing between instructions; or
// with values taken through a local, or through a block, which tears apart what a compiler would
// like to see together. All must do the same.
#pragma once

#include "fuzz.h"

#include "base/buf.h"

typedef enum { SHAPE_plain, SHAPE_locals, SHAPE_blocks, SHAPE_COUNT } Shape;

enum { GEN_FUNCS = 4, GEN_DEPTH = 6, GEN_STACK = 60, GEN_LOOPS = 12, GEN_BODY = 600 };
enum { GEN_TURNS = 12 };       // of a loop, before it traps
enum { LETTERS = 4 };          // i l f d, as TYPE_ and VAL_ have them from 1 on

typedef struct { u8 params[5], results[5]; } GenType; // VAL_, 0 behind the last
static const GenType gen_types[] = {
    {{0}, {0}},
    {{VAL_i32}, {VAL_i32}},
    {{VAL_i64, VAL_i64}, {VAL_i64}},
    {{VAL_f32, VAL_f64, VAL_i32}, {VAL_f64}},
    {{VAL_i32, VAL_i32}, {VAL_i32, VAL_i64}},
    {{0}, {VAL_f32}},
    {{VAL_i32, VAL_i64, VAL_f32, VAL_f64}, {VAL_f64, VAL_f32, VAL_i64, VAL_i32}},
    {{VAL_i64}, {0}},
};
static const u8 gen_code[] = {0x40, 0x7f, 0x7e, 0x7d, 0x7c};

typedef struct {
    u8 label[5], results[5]; // what a branch to it takes, and what it ends with
    u32 base;                // of the operands
} GenBlock;

typedef struct {
    const u8 *pos, *end;
    Shape shape;
    Arena *arena;
    Buf body;
    u8 stack[GEN_STACK + 16];
    u32 height;
    GenBlock blocks[GEN_DEPTH + 1];
    u32 depth, loops, work; // work: instructions so far, the same in every shape
    // types: parameters, two of each letter, one of each letter for shapes, counters of loops
    u8 locals[40];
    u32 local_count, spare, counters;
    const GenType *type;
    u32 func_count;
    u8 func_types[GEN_FUNCS];
} Gen;

static u32 choose(Gen *g, u32 n) { return g->pos < g->end ? *g->pos++ % n : 0; }

static u32 gen_count(const u8 *types)
{
    u32 n = 0;
    while (types[n]) n++;
    return n;
}

static void gen_byte(Gen *g, u32 byte) { buf_byte(&g->body, (u8)byte); }
static void gen_index(Gen *g, u32 op, u32 index)
{
    gen_byte(g, op);
    buf_leb_u(&g->body, index);
}
static void gen_opcode(Gen *g, u32 opcode)
{
    if (op_prefix(opcode)) gen_byte(g, op_prefix(opcode));
    buf_leb_u(&g->body, op_sub(opcode));
}

static void gen_plain_opcode(Gen *g, u32 opcode)
{
    if (op_prefix(opcode)) gen_opcode(g, opcode);
    else gen_byte(g, opcode);
}

// A value has come to be on the stack: here the shapes differ.
static void gen_push(Gen *g, u8 type)
{
    g->stack[g->height++] = type;
    if (g->shape == SHAPE_locals) {
        gen_index(g, 0x21, g->spare + type - 1);
        gen_index(g, 0x20, g->spare + type - 1);
    } else if (g->shape == SHAPE_blocks) {
        // (block (param t) (result t)): types behind those of gen_types
        gen_index(g, 0x02, (u32)COUNT_OF(gen_types) + type - 1);
        gen_byte(g, 0x0b);
    }
}

static void gen_const(Gen *g, u8 type)
{
    static const s64 values[] = {
        0,  1,   -1,    2,     7,         8,         31,        32,        63,
        64, 255, 65535, 65536, INT32_MAX, INT32_MIN, INT64_MAX, INT64_MIN, 0x123456789abcdef};
    s64 value = values[choose(g, COUNT_OF(values))];
    gen_byte(g, 0x40 + type);
    if (type == VAL_i32) buf_leb_s(&g->body, (s32)value);
    else if (type == VAL_i64) buf_leb_s(&g->body, value);
    else if (type == VAL_f32) buf_u32le(&g->body, (u32)value * 0x00810000u + 0x3f000000);
    else buf_u64le(&g->body, (u64)value * 0x0010000000000001u + 0x3fe0000000000000);
    gen_push(g, type);
}

// Some value of the type, out of nothing.
static void gen_value(Gen *g, u8 type)
{
    u32 at = choose(g, g->spare + 3), first = at;
    if (at < g->spare) {
        do at = (at + 1) % g->spare;
        while (g->locals[at] != type && at != first);
        gen_index(g, 0x20, at); // two of each type are there
        gen_push(g, type);
    } else if (at == g->spare) {
        gen_index(g, 0x23, type - 1u);
        gen_push(g, type);
    } else {
        gen_const(g, type);
    }
}

static void gen_drop(Gen *g)
{
    gen_byte(g, 0x1a);
    g->height--;
}

// Sees to it that these are on top of the stack.
static void gen_need(Gen *g, const u8 *types)
{
    u32 n = gen_count(types), have = g->height - g->blocks[g->depth].base;
    if (have >= n && (!n || !memcmp(g->stack + g->height - n, types, n))) return;
    while (g->height + n > GEN_STACK && g->height > g->blocks[g->depth].base) gen_drop(g);
    for (u32 i = 0; i < n; i++) gen_value(g, types[i]);
}

static void gen_pushes(Gen *g, const u8 *types)
{
    for (u32 i = 0; types[i]; i++) g->stack[g->height++] = types[i];
}

// NaNs may differ in their bits, so none is kept: x == x ? x : 0.
static void gen_tame_nan(Gen *g, u8 type)
{
    u32 local = g->spare + type - 1;
    gen_index(g, 0x22, local);
    gen_byte(g, 0x40 + type);
    if (type == VAL_f32) buf_u32le(&g->body, 0);
    else buf_u64le(&g->body, 0);
    gen_index(g, 0x20, local);
    gen_index(g, 0x20, local);
    gen_byte(g, type == VAL_f32 ? 0x5b : 0x61);
    gen_byte(g, 0x1b);
}

// Instructions with a plain type on i32 to f64.
static void gen_plain(Gen *g)
{
    static u16 ops[OP_COUNT], count;
    for (u32 op = 0; !count || op < OP_COUNT; op++) {
        if (op == OP_COUNT) break;
        if (count && !op) break;
        const OpInfo *o = &op_info[op];
        const SigInfo *sig = &sig_info[o->sig];
        bool good = o->sig != SIG_any && o->sig != SIG__0 &&
                    (o->immediates == IMM_none || o->immediates == IMM_memarg);
        for (u32 i = 0; i < 4; i++)
            good &= sig->params[i] != VAL_v128 && (i > 1 || sig->results[i] != VAL_v128);
        good &= o->since != FEATURE_threads && op_prefix(o->opcode) != 0xfb;
        if (good) ops[count++] = (u16)op;
    }
    u32 pick = choose(g, 256) << 8;
    const OpInfo *o = &op_info[ops[(pick | choose(g, 256)) % count]];
    const SigInfo *sig = &sig_info[o->sig];
    u8 params[5] = {0};
    memcpy(params, sig->params, sig->param_count);
    bool memory = o->immediates == IMM_memarg, wide = memory && choose(g, 5) == 0;
    if (wide) params[0] = VAL_i64;
    if (memory && choose(g, 4)) { // most addresses should be good ones: masked
        u8 rest[5] = {0};
        memcpy(rest, params + 1, sig->param_count - 1u);
        gen_need(g, (u8[]){params[0], 0});
        gen_byte(g, wide ? 0x42 : 0x41);
        buf_leb_s(&g->body, 0x3ff8);
        gen_byte(g, wide ? 0x83 : 0x71);
        for (u32 i = 0; rest[i]; i++) gen_value(g, rest[i]);
    } else {
        gen_need(g, params);
    }
    g->height -= sig->param_count;
    gen_plain_opcode(g, o->opcode);
    if (memory) {
        u32 natural = o->bits == 8 ? 0 : o->bits == 16 ? 1 : o->bits == 32 ? 2 : 3;
        gen_byte(g, choose(g, natural + 1) | (wide ? 0x40 : 0));
        if (wide) gen_byte(g, 1);
        static const u64 offsets[] = {0, 1, 8, 100, 4096, 65528, 0xffffffff};
        buf_leb_u(&g->body, offsets[choose(g, COUNT_OF(offsets))]);
    }
    for (u32 i = 0; i < sig->result_count; i++) {
        u8 type = sig->results[i];
        bool arithmetic = sig->param_count && (type == VAL_f32 || type == VAL_f64);
        if (arithmetic) gen_tame_nan(g, type);
        if (sig->result_count == 1) gen_push(g, type);
        else g->stack[g->height++] = type;
    }
}

// An i32 that is no longer counted as on the stack: mostly a comparison, often with a constant.
static void gen_condition(Gen *g)
{
    static const struct {
        u8 first, count;
    } compare[] = {{0}, {0x46, 10}, {0x51, 10}, {0x5b, 6}, {0x61, 6}};
    u8 type = (u8)(1 + choose(g, LETTERS));
    u32 kind = choose(g, 8);
    if (kind == 0) {
        gen_value(g, VAL_i32);
    } else if (kind == 1) {
        type = type % 2 ? VAL_i32 : VAL_i64;
        gen_value(g, type);
        gen_byte(g, type == VAL_i32 ? 0x45 : 0x50);
        g->height--;
        gen_push(g, VAL_i32);
    } else {
        gen_value(g, type);
        if (kind < 5) gen_const(g, type);
        else gen_value(g, type);
        gen_byte(g, compare[type].first + choose(g, compare[type].count));
        g->height -= 2;
        gen_push(g, VAL_i32);
    }
    g->height--;
}

static void gen_block(Gen *g);

// Ends what is open at this depth with exactly the block's results.
static void gen_results(Gen *g, const u8 *results)
{
    u32 n = gen_count(results), base = g->blocks[g->depth].base;
    bool exact = g->height - base == n && (!n || !memcmp(g->stack + base, results, n));
    if (!exact) {
        while (g->height > base) gen_drop(g);
        for (u32 i = 0; i < n; i++) gen_value(g, results[i]);
    }
}

static void gen_open(Gen *g, const GenType *type, bool loop)
{
    g->height -= gen_count(type->params);
    g->depth++;
    GenBlock *b = &g->blocks[g->depth];
    *b = (GenBlock){.base = g->height};
    memcpy(b->label, loop ? type->params : type->results, 5);
    memcpy(b->results, type->results, 5);
    gen_pushes(g, type->params);
}

static void gen_close(Gen *g)
{
    gen_results(g, g->blocks[g->depth].results);
    gen_byte(g, 0x0b);
    g->height = g->blocks[g->depth--].base;
}

// --, and a trap when there were too many turns.
static void gen_turn(Gen *g, u32 counter)
{
    gen_index(g, 0x20, counter);
    gen_byte(g, 0x41), gen_byte(g, 1), gen_byte(g, 0x6b);
    gen_index(g, 0x22, counter);
    gen_byte(g, 0x41), gen_byte(g, 0), gen_byte(g, 0x48); // < 0
    gen_byte(g, 0x04), gen_byte(g, 0x40), gen_byte(g, 0x00), gen_byte(g, 0x0b);
}

static void gen_structured(Gen *g)
{
    if (g->depth == GEN_DEPTH || g->loops == GEN_LOOPS || g->work > GEN_BODY) return;
    u32 t = choose(g, COUNT_OF(gen_types)), kind = choose(g, 3);
    const GenType *type = &gen_types[t];
    gen_need(g, type->params);
    if (kind == 0) {
        gen_index(g, 0x02, t);
        gen_open(g, type, false);
        gen_block(g);
    } else if (kind == 1) {
        u32 counter = g->counters + g->loops++;
        gen_byte(g, 0x41), gen_byte(g, GEN_TURNS);
        gen_index(g, 0x21, counter);
        gen_index(g, 0x03, t);
        gen_open(g, type, true);
        gen_turn(g, counter);
        gen_block(g);
        gen_need(g, type->params);
        gen_index(g, 0x20, counter);
        gen_byte(g, 0x41), gen_byte(g, GEN_TURNS / 2), gen_byte(g, 0x4e); // >=
        gen_index(g, 0x0d, 0);
    } else {
        gen_condition(g);
        gen_index(g, 0x04, t);
        gen_open(g, type, false);
        gen_block(g);
        gen_results(g, type->results);
        g->height = g->blocks[g->depth].base;
        gen_byte(g, 0x05);
        gen_pushes(g, type->params);
        gen_block(g);
    }
    gen_close(g);
    gen_pushes(g, type->results);
}

static void gen_dead(Gen *g) { g->height = g->blocks[g->depth].base; }

static void gen_branch(Gen *g)
{
    u32 label = choose(g, g->depth + 1), kind = choose(g, 6);
    const GenBlock *to = &g->blocks[g->depth - label];
    gen_need(g, to->label);
    if (kind < 4) {
        gen_condition(g);
        gen_index(g, 0x0d, label);
    } else if (kind == 4) {
        gen_index(g, 0x0c, label);
        gen_dead(g);
    } else {
        u32 count = choose(g, 4);
        gen_value(g, VAL_i32);
        g->height--;
        gen_index(g, 0x0e, count);
        for (u32 i = 0; i <= count; i++) { // any with the same types
            u32 other = choose(g, g->depth + 1);
            bool same = !memcmp(g->blocks[g->depth - other].label, to->label, 5);
            buf_leb_u(&g->body, same ? other : label);
        }
        gen_dead(g);
    }
}

static void gen_call(Gen *g)
{
    // function 0 is imported, of type 1
    u32 func = choose(g, g->func_count + 1), kind = choose(g, 6);
    u32 t = func ? g->func_types[func - 1] : 1;
    const GenType *type = &gen_types[t];
    bool tail = choose(g, 3) == 0 && !memcmp(type->results, g->type->results, 5);
    gen_need(g, type->params);
    g->height -= gen_count(type->params);
    if (kind < 3) {
        gen_index(g, tail ? 0x12 : 0x10, func);
    } else if (kind == 3) {
        gen_index(g, 0xd2, func);
        gen_index(g, tail ? 0x15 : 0x14, t);
    } else {
        gen_byte(g, 0x41);
        buf_leb_s(&g->body, kind == 4 ? (s32)func : (s32)choose(g, 12));
        gen_index(g, tail ? 0x13 : 0x11, t);
        gen_byte(g, 0);
    }
    if (tail) gen_dead(g);
    else gen_pushes(g, type->results);
}

static void gen_bulk(Gen *g)
{
    static const u8 iii[] = {VAL_i32, VAL_i32, VAL_i32, 0}, lil[] = {VAL_i64, VAL_i32, VAL_i64, 0},
                    lii[] = {VAL_i64, VAL_i32, VAL_i32, 0}, lll[] = {VAL_i64, VAL_i64, VAL_i64, 0},
                    i[] = {VAL_i32, 0}, l[] = {VAL_i64, 0}, none[] = {0};
    static const struct { const u8 *params; u8 result, code[4], length; } rows[] = {
        {i, VAL_i32, {0x40, 0}, 2}, {l, VAL_i64, {0x40, 1}, 2}, {none, VAL_i32, {0x3f, 0}, 2}, {none, VAL_i64, {0x3f, 1}, 2},
        {iii, 0, {0xfc, 11, 0}, 3}, {lil, 0, {0xfc, 11, 1}, 3}, {iii, 0, {0xfc, 10, 0, 0}, 4}, {lll, 0, {0xfc, 10, 1, 1}, 4},
        {iii, 0, {0xfc, 8, 0, 0}, 4}, {lii, 0, {0xfc, 8, 0, 1}, 4}, {none, 0, {0xfc, 9, 0}, 3}, {iii, 0, {0xfc, 12, 1, 0}, 4},
        {none, 0, {0xfc, 13, 1}, 3}, {iii, 0, {0xfc, 14, 0, 0}, 4}, {none, VAL_i32, {0xfc, 16, 0}, 3},
    };
    u32 n = choose(g, COUNT_OF(rows) + 3);
    if (n >= COUNT_OF(rows)) { // table.grow, table.set, table.get: with references
        u32 func = choose(g, g->func_count + 1);
        if (n == COUNT_OF(rows)) {
            gen_index(g, 0xd2, func);
            gen_value(g, VAL_i32), g->height--;
            gen_byte(g, 0xfc), gen_byte(g, 15), gen_byte(g, 0);
            gen_push(g, VAL_i32);
        } else if (n == COUNT_OF(rows) + 1) {
            gen_byte(g, 0x41), gen_byte(g, choose(g, 10));
            gen_index(g, 0xd2, func);
            gen_byte(g, 0x26), gen_byte(g, 0);
        } else {
            gen_byte(g, 0x41), gen_byte(g, choose(g, 10));
            gen_byte(g, 0x25), gen_byte(g, 0), gen_byte(g, 0xd1);
            gen_push(g, VAL_i32);
        }
        return;
    }
    gen_need(g, rows[n].params);
    g->height -= gen_count(rows[n].params);
    for (u32 k = 0; k < rows[n].length; k++) gen_byte(g, rows[n].code[k]);
    if (rows[n].result) gen_push(g, rows[n].result);
}

static void gen_variable(Gen *g)
{
    u32 at = choose(g, g->spare + LETTERS), kind = choose(g, 3);
    bool global = at >= g->spare;
    u8 type = global ? (u8)(at - g->spare + 1) : g->locals[at];
    if (global) at -= g->spare;
    if (kind == 0) {
        gen_index(g, global ? 0x23 : 0x20, at);
        gen_push(g, type);
        return;
    }
    gen_need(g, (u8[]){type, 0});
    g->height--;
    gen_index(g, global ? 0x24 : kind == 1 ? 0x21 : 0x22, at);
    if (!global && kind == 2) gen_push(g, type);
}

static void gen_select(Gen *g)
{
    u8 type = (u8)(1 + choose(g, LETTERS));
    gen_need(g, (u8[]){type, type, 0});
    gen_condition(g);
    g->height -= 2;
    gen_byte(g, 0x1b);
    gen_push(g, type);
}

static void gen_instruction(Gen *g)
{
    u32 n = choose(g, 32);
    g->work++;
    while (g->height > GEN_STACK - 12 && g->height > g->blocks[g->depth].base) gen_drop(g);
    if (n < 14) gen_plain(g);
    else if (n < 19) gen_variable(g);
    else if (n < 21) gen_const(g, (u8)(1 + choose(g, LETTERS)));
    else if (n < 24) gen_structured(g);
    else if (n < 26) gen_branch(g);
    else if (n < 28) gen_call(g);
    else if (n == 28) gen_bulk(g);
    else if (n == 29) gen_select(g);
    else if (n == 30 && g->height > g->blocks[g->depth].base) gen_drop(g);
    else if (n == 31 && choose(g, 4) == 0) {
        gen_need(g, g->type->results);
        gen_byte(g, choose(g, 4) ? 0x0f : 0x00);
        gen_dead(g);
    }
}

static void gen_block(Gen *g)
{
    for (u32 n = g->depth ? choose(g, 24) : 8 + choose(g, 56);
         n && g->pos < g->end && g->work < GEN_BODY && g->height < GEN_STACK - 8; n--)
        gen_instruction(g);
}

static Bytes gen_func(Gen *g, u32 type)
{
    buf_init(&g->body, g->arena);
    g->type = &gen_types[type];
    g->height = g->depth = g->loops = g->local_count = g->work = 0;
    for (u32 i = 0; g->type->params[i]; i++) g->locals[g->local_count++] = g->type->params[i];
    for (u8 i = 0; i < 2 * LETTERS; i++) g->locals[g->local_count++] = (u8)(1 + i / 2);
    g->spare = g->local_count;
    g->counters = g->spare + LETTERS;
    gen_byte(g, LETTERS + LETTERS + 1);
    for (u32 i = 0; i < LETTERS; i++) gen_byte(g, 2), gen_byte(g, gen_code[1 + i]);
    for (u32 i = 0; i < LETTERS; i++) gen_byte(g, 1), gen_byte(g, gen_code[1 + i]);
    gen_byte(g, GEN_LOOPS), gen_byte(g, 0x7f);
    g->blocks[0] = (GenBlock){.base = 0};
    memcpy(g->blocks[0].label, g->type->results, 5);
    gen_block(g);
    gen_results(g, g->type->results);
    gen_byte(g, 0x0b);
    return buf_view(&g->body);
}

static void gen_section(Buf *out, u8 id, Buf *content)
{
    buf_byte(out, id);
    buf_name(out, content->data, content->len);
    content->len = 0;
}

#define GEN_PUT(buf, ...)                                                                          \
    buf_bytes(buf, (const u8[]){__VA_ARGS__}, sizeof((const u8[]){__VA_ARGS__}))

static void gen_type_list(Buf *out, const u8 *types)
{
    buf_leb_u(out, gen_count(types));
    for (u32 i = 0; types[i]; i++) buf_byte(out, gen_code[types[i]]);
}

static Bytes generate(const u8 *data, size_t size, Shape shape, Arena *arena)
{
    Gen *g = NEW(arena, Gen);
    Buf out, s;
    *g = (Gen){.pos = data, .end = data + size, .shape = shape, .arena = arena};
    buf_init(&out, arena);
    buf_init(&s, arena);
    g->func_count = 1 + choose(g, GEN_FUNCS);
    for (u32 i = 0; i < g->func_count; i++) g->func_types[i] = (u8)choose(g, COUNT_OF(gen_types));
    GEN_PUT(&out, 0, 'a', 's', 'm', 1, 0, 0, 0);
    buf_leb_u(&s, COUNT_OF(gen_types) + LETTERS);
    for (u32 i = 0; i < COUNT_OF(gen_types) + LETTERS; i++) {
        bool pass = i >= COUNT_OF(gen_types);
        u8 one[2] = {pass ? (u8)(i - COUNT_OF(gen_types) + 1) : 0};
        buf_byte(&s, 0x60);
        gen_type_list(&s, pass ? one : gen_types[i].params);
        gen_type_list(&s, pass ? one : gen_types[i].results);
    }
    gen_section(&out, 1, &s);
    GEN_PUT(&s, 1, 1, 'h', 1, 'f', 0, 1);
    gen_section(&out, 2, &s);
    buf_leb_u(&s, g->func_count);
    for (u32 i = 0; i < g->func_count; i++) buf_byte(&s, g->func_types[i]);
    gen_section(&out, 3, &s);
    GEN_PUT(&s, 1, 0x70, 1, 8, 20);
    gen_section(&out, 4, &s);
    GEN_PUT(&s, 2, 1, 1, 3, 5, 1, 2); // 1 to 3 pages, and 64-bit 1 to 2
    gen_section(&out, 5, &s);
    GEN_PUT(&s, 4, 0x7f, 1, 0x41, 5, 0x0b, 0x7e, 1, 0x42, 6, 0x0b, 0x7d, 1, 0x43, 0, 0, 0x80, 0x3f,
            0x0b, 0x7c, 1, 0x44, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f, 0x0b);
    gen_section(&out, 6, &s);
    buf_leb_u(&s, g->func_count);
    for (u32 i = 0; i < g->func_count; i++) GEN_PUT(&s, 1, (u8)('a' + i), 0, (u8)(i + 1));
    gen_section(&out, 7, &s);
    for (u32 segment = 0; segment < 2; segment++) { // the first active, the second passive
        if (segment == 0) GEN_PUT(&s, 2, 0, 0x41, 0, 0x0b);
        else GEN_PUT(&s, 1, 0);
        buf_leb_u(&s, g->func_count + 1);
        for (u32 i = 0; i <= g->func_count; i++) buf_byte(&s, (u8)i);
    }
    gen_section(&out, 9, &s);
    GEN_PUT(&s, 1);
    gen_section(&out, 12, &s);
    buf_leb_u(&s, g->func_count);
    for (u32 i = 0; i < g->func_count; i++) {
        Bytes body = gen_func(g, g->func_types[i]);
        buf_name(&s, body.data, body.len);
    }
    gen_section(&out, 10, &s);
    GEN_PUT(&s, 1, 1, 12, 'W', 'e', 'f', 't', 0, 0xff, 0x80, 0x7f, 1, 2, 3, 4);
    gen_section(&out, 11, &s);
    return buf_view(&out);
}
