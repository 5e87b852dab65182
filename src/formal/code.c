// code.c -- see code.h. Bodies come from the one walk; constant expressions, which have no blocks,
// from the reader of immediates.

#include "formal/code.h"

#include "valid/observe.h"
#include "valid/walk_core.h"

#include <string.h>

typedef struct {
    const Module *m;
    Arena *arena;            // what stays
    Arena *scratch;
    Instr *instrs;
    u32 count, cap;
    u32 *open, open_count, open_cap; // where the blocks are that it stands in
    Body *body;
} Builder;

// ---- Which rules a row is for

enum { FAMILY_hand, FAMILY_pure, FAMILY_pure2, FAMILY_load, FAMILY_store, FAMILY_vector,
       FAMILY_lane, FAMILY_vload, FAMILY_vstore, FAMILY_load_lane, FAMILY_store_lane,
       FAMILY_atomic, FAMILY_other };
static const u8 family_of[OP_COUNT] = {
#define HAND(name, ...) [OP_##name] = FAMILY_hand,
#define PURE(name, ...) [OP_##name] = FAMILY_pure,
#define PURE2(name, ...) [OP_##name] = FAMILY_pure2,
#define LOAD(name, ...) [OP_##name] = FAMILY_load,
#define STORE(name, ...) [OP_##name] = FAMILY_store,
#define VECTOR(name, ...) [OP_##name] = FAMILY_vector,
#define LANE(name, ...) [OP_##name] = FAMILY_lane,
#define VLOAD(name, ...) [OP_##name] = FAMILY_vload,
#define VSTORE(name, ...) [OP_##name] = FAMILY_vstore,
#define LOAD_LANE(name, ...) [OP_##name] = FAMILY_load_lane,
#define STORE_LANE(name, ...) [OP_##name] = FAMILY_store_lane,
#define ATOMIC(name, ...) [OP_##name] = FAMILY_atomic,
#define OP(name, ...) [OP_##name] = FAMILY_other,
#include "op/op.def"
};

// The binary format has each class together. spec: binary/instructions
static u32 redex_of_number(Op op)
{
    u32 code = op_info[op].opcode;
    if (code == 0x45 || code == 0x50) return REDEX_testop;
    if (code < 0x67) return REDEX_relop;
    if (code >= 0xc0 && code <= 0xc4) return REDEX_unop; // extend
    if (code >= 0xa7) return REDEX_cvtop;
    return sig_info[op_info[op].sig].param_count == 1 ? REDEX_unop : REDEX_binop;
}

static bool begins(const char *text, const char *with)
{
    return !strncmp(text, with, strlen(with));
}

// "lt", "lt_s" and "lt_u", but not "lt" and more.
static bool compares(const char *name)
{
    static const char *const names[] = {"eq", "ne", "lt", "gt", "le", "ge"};
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (begins(name, names[i]) && (!name[2] || (name[2] == '_' && !name[4]))) return true;
    return false;
}

static u32 redex_of_vector(Op op)
{
    static const struct { const char *name; u16 redex; } rows[] = {
        {"not", REDEX_vvunop}, {"bitselect", REDEX_vvternop}, {"any_true", REDEX_vvtestop},
        {"all_true", REDEX_vtestop}, {"bitmask", REDEX_vbitmask}, {"splat", REDEX_vsplat},
        {"shl", REDEX_vshiftop}, {"shr_", REDEX_vshiftop}, {"swizzle", REDEX_vswizzlop},
        {"relaxed_swizzle", REDEX_vswizzlop}, {"narrow_", REDEX_vnarrow},
        {"extadd_", REDEX_vextunop}, {"extmul_", REDEX_vextbinop}, {"dot_", REDEX_vextbinop},
        {"extend_", REDEX_vcvtop}, {"convert_", REDEX_vcvtop}, {"trunc_sat_", REDEX_vcvtop},
        {"relaxed_trunc_", REDEX_vcvtop}, {"demote_", REDEX_vcvtop}, {"promote_", REDEX_vcvtop},
    };
    const char *text = op_info[op].text, *name = strchr(text, '.') + 1;
    u32 params = sig_info[op_info[op].sig].param_count;
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        if (begins(name, rows[i].name)) return rows[i].redex;
    if (begins(name, "relaxed_dot_")) return params == 3 ? REDEX_vextternop : REDEX_vextbinop;
    if (begins(text, "v128.")) return REDEX_vvbinop;
    if (compares(name)) return REDEX_vrelop;
    return params == 1 ? REDEX_vunop : params == 2 ? REDEX_vbinop : REDEX_vternop;
}

static u32 redex_of_lane(Op op)
{
    const char *name = strchr(op_info[op].text, '.') + 1;
    if (begins(name, "replace")) return REDEX_vreplace_lane;
    return strlen(name) > strlen("extract_lane") ? REDEX_vextract_lane_pack
                                                 : REDEX_vextract_lane_num;
}

static u32 redex_of_vload(Op op)
{
    const char *text = op_info[op].text;
    if (op == OP_v128_load) return REDEX_vload;
    if (strstr(text, "_splat")) return REDEX_vload_splat;
    return strstr(text, "_zero") ? REDEX_vload_zero : REDEX_vload_pack;
}

static u32 redex_of_atomic(Op op)
{
    const char *text = op_info[op].text;
    if (strstr(text, ".rmw"))
        return strstr(text, "cmpxchg") ? REDEX_atomic_rmw_cmpxchg : REDEX_atomic_rmw;
    return strstr(text, ".load") ? REDEX_atomic_load : REDEX_atomic_store;
}

// Is the whole of a number accessed, or a part?
static bool accesses_whole(Op op, u8 type)
{
    return op_info[op].bits == (type == VAL_i32 || type == VAL_f32 ? 32 : 64);
}

static u32 redex_of(Op op)
{
    const SigInfo *sig = &sig_info[op_info[op].sig];
    switch (family_of[op]) {
    case FAMILY_pure: return redex_of_number(op);
    case FAMILY_pure2: return sig->param_count == 4 ? REDEX_wideop : REDEX_extwideop;
    case FAMILY_load:
        return accesses_whole(op, sig->results[0]) ? REDEX_load_num : REDEX_load_pack;
    case FAMILY_store:
        return accesses_whole(op, sig->params[1]) ? REDEX_store_num : REDEX_store_pack;
    case FAMILY_vector: return redex_of_vector(op);
    case FAMILY_lane: return redex_of_lane(op);
    case FAMILY_vload: return redex_of_vload(op);
    case FAMILY_vstore: return REDEX_vstore;
    case FAMILY_load_lane: return REDEX_vload_lane;
    case FAMILY_store_lane: return REDEX_vstore_lane;
    case FAMILY_atomic: return redex_of_atomic(op);
    case FAMILY_hand: return op;
    default: return REDEX_none;
    }
}

// ---- One instruction

static Instr *add(Builder *b)
{
    return &ARENA_PUSH(b->scratch, b->instrs, b->count, b->cap);
}

static void fill_clauses(Builder *b, Instr *i, const ImmClause *clauses, u32 count)
{
    i->clause_count = count;
    i->clauses = count ? arena_copy(b->arena, clauses, count * sizeof *clauses) : NULL;
}

static void fill_block(Builder *b, Instr *i, const Imm *imm, bool clauses)
{
    i->params = imm->frame->param_count;
    i->results = imm->frame->result_count;
    // the type is in the immediates where the lists alone do not say it
    if (i->params || i->results > 1) i->of = b->m->types[imm->block.type.type];
    else i->of = i->results ? imm->frame->results[0] : 0;
    fill_clauses(b, i, imm->block.at, clauses ? imm->block.count : 0);
}

static void fill_labels(Builder *b, Instr *i, const Imm *imm)
{
    i->label_count = imm->labels.count - 1;
    i->labels = arena_copy(b->arena, imm->labels.at, imm->labels.count * sizeof *imm->labels.at);
}

static void fill_value(Instr *i, Type type, u64 bits)
{
    i->redex = REDEX_value;
    i->value = value_number(type, type == TYPE_i32 || type == TYPE_f32 ? (u32)bits : bits);
}

// Types are those that the walk found.
static void fill(Builder *b, Instr *i, Op op, const Imm *imm)
{
    switch ((ImmKind)op_info[op].immediates) {
    case IMM_block: fill_block(b, i, imm, false); break;
    case IMM_try_table: fill_block(b, i, imm, true); break;
    case IMM_labels: fill_labels(b, i, imm); break;
    case IMM_label: case IMM_local: case IMM_global: case IMM_func: case IMM_table: case IMM_memory:
    case IMM_data: case IMM_elem: case IMM_tag: i->x = imm->label; break;
    case IMM_type: i->x = imm->type_index, i->of = b->m->types[i->x]; break;
    case IMM_type_table: i->x = imm->type_table.table, i->y = imm->type_table.type; break;
    case IMM_data_memory: i->x = imm->data_memory.memory, i->y = imm->data_memory.data; break;
    case IMM_elem_table: i->x = imm->elem_table.table, i->y = imm->elem_table.elem; break;
    case IMM_memory_memory: case IMM_table_table:
        i->x = imm->memory_memory.to, i->y = imm->memory_memory.from;
        break;
    case IMM_type_field: case IMM_type_count: case IMM_type_data: case IMM_type_elem:
    case IMM_type_type: case IMM_type_tag:
        i->x = imm->type_field.type, i->y = imm->type_field.field;
        break;
    case IMM_resume: case IMM_resume_throw:
        i->x = imm->resume.type, i->y = imm->resume.tag;
        fill_clauses(b, i, imm->resume.at, imm->resume.count);
        break;
    case IMM_memarg: case IMM_memarg_lane:
        i->x = imm->memarg.memory;
        i->y = op_info[op].immediates == IMM_memarg_lane ? imm->memarg.lane : 0;
        i->offset = imm->memarg.offset;
        break;
    case IMM_lane: i->y = imm->lane; break;
    case IMM_lanes: memcpy(i->bytes, imm->bytes, sizeof i->bytes); break;
    case IMM_v128:
        fill_value(i, TYPE_v128, 0);
        memcpy(i->value.lanes, imm->bytes, sizeof i->value.lanes);
        break;
    case IMM_i32: fill_value(i, TYPE_i32, imm->bits); break;
    case IMM_i64: fill_value(i, TYPE_i64, imm->bits); break;
    case IMM_f32: fill_value(i, TYPE_f32, imm->bits); break;
    case IMM_f64: fill_value(i, TYPE_f64, imm->bits); break;
    case IMM_heap: case IMM_types: i->type = imm->type; break;
    case IMM_cast: i->x = imm->cast.label, i->of = imm->cast.from, i->type = imm->type; break;
    default: break;
    }
}

static void add_instr(Builder *b, Op op, const Imm *imm, u32 place)
{
    Instr *i = add(b);
    *i = (Instr){.redex = (u16)redex_of(op), .op = (u16)op, .span = 1, .place = place};
    if (imm) fill(b, i, op, imm);
}

// ---- Bodies

static void begin(void *env, WalkState *w)
{
    Builder *b = env;
    walk_flatten_locals(w);
    b->body->local_count = w->local_count;
    if (w->local_count)
        b->body->locals = arena_copy(b->arena, w->locals, w->local_count * sizeof *w->locals);
}

static bool is_part(u32 op) { return op == OP_catch || op == OP_catch_all; }

static Instr *innermost_open(Builder *b) { return &b->instrs[b->open[b->open_count - 1]]; }
static u32 span_of_open(Builder *b) { return b->count - b->open[b->open_count - 1]; }

static void close_part(Builder *b)
{
    if (!b->open_count || !is_part(innermost_open(b)->op)) return;
    innermost_open(b)->span = span_of_open(b);
    b->open_count--;
}

static void close_block(Builder *b)
{
    close_part(b);
    if (!b->open_count) return; // the body's own end
    Instr *block = innermost_open(b);
    block->span = span_of_open(b);
    if (!block->x) block->x = block->span;
    b->open_count--;
}

// The block's other half begins here; of a try the first of its parts, or the next one.
static void divide_block(Builder *b)
{
    close_part(b);
    Instr *block = innermost_open(b);
    if (!block->x) block->x = span_of_open(b);
}

static void each(void *env, WalkState *w, Op op, const Imm *imm)
{
    Builder *b = env;
    bool part = is_part(op) || op == OP_delegate;
    if (op == OP_else || part) divide_block(b);
    u32 of = part ? innermost_open(b)->of : 0;
    if (is_block(op) || is_part(op))
        ARENA_PUSH(b->scratch, b->open, b->open_count, b->open_cap) = b->count;
    if (op != OP_else && op != OP_end) add_instr(b, op, imm, w->pos);
    if (of) b->instrs[b->count - 1].of = of;
    if (op == OP_end || op == OP_delegate) close_block(b);
}

// Where they stay, blocks can say where their sequences are. In front there is one of no place, for
// who asks what was done last.
static void keep(Builder *b)
{
    Instr *kept = NEW_ARRAY(b->arena, Instr, (size_t)b->count + 2) + 1;
    if (b->count) memcpy(kept, b->instrs, b->count * sizeof *kept);
    b->body->count = b->count;
    b->body->instrs = kept;
    for (u32 k = 0; k < b->count; k++) {
        if (!is_block(kept[k].redex)) continue;
        kept[k].first = &kept[k] + 1;
        kept[k].y = kept[k].x - 1;
    }
}

// As it was read an index stands for it.
static Type own_type(const Module *m, Type type)
{
    if (!type_is_concrete(type)) return type;
    return (type & ~TYPE_HEAP_BITS) | m->types[type_id(type)];
}

static bool read_constant(const Module *m, u32 *at, Builder *b)
{
    Diag diag;
    diag_init(&diag);
    ImmReader r = {.m = m, .next = m->bytes + *at, .end = m->bytes + m->size, .diag = &diag,
                   .arena = b->scratch};
    for (;;) {
        u32 place = (u32)(r.next - m->bytes);
        Imm imm = {.op = imm_op(&r)};
        if (imm.op == OP_COUNT || !imm_read(&r, imm.op, &imm)) return false;
        if (imm.op == OP_end) break;
        if (op_info[imm.op].immediates == IMM_heap) imm.type = own_type(m, imm.heap);
        add_instr(b, imm.op, &imm, place);
    }
    *at = (u32)(r.next - m->bytes);
    return true;
}

static bool read_func(const Module *m, u32 func, Builder *b)
{
    Diag diag;
    WalkState w;
    diag_init(&diag);
    walk_init(&w, m, b->scratch, &diag);
    const Observer observer = {.env = b, .begin = begin, .each = each};
    return walk_observe(&observer, &w, func);
}

// at: NULL for a function.
static Body *build(const Module *m, u32 func, u32 *at, Arena *arena)
{
    Arena scratch;
    jmp_buf failed;
    Builder b = {.m = m, .arena = arena, .scratch = &scratch};
    Body *volatile made = NULL;
    arena_init(&scratch);
    scratch.account = arena->account;
    scratch.on_failure = arena->on_failure = &failed;
    if (!setjmp(failed)) {
        b.body = NEW(arena, Body);
        if (at ? read_constant(m, at, &b) : read_func(m, func, &b)) {
            keep(&b);
            made = b.body;
        }
    }
    arena_free(&scratch);
    arena->on_failure = NULL;
    return made;
}

Body *body_of_func(const Module *m, u32 func, Arena *arena) { return build(m, func, NULL, arena); }
Body *body_of_constant(const Module *m, u32 *at, Arena *arena) { return build(m, 0, at, arena); }
