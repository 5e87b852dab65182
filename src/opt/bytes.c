// bytes.c -- instructions, locals and types of a body that is written. See to_wasm.c.

#include "opt/writer.h"

#include <assert.h>
#include <string.h>

static void known_types(Writer *w)
{
    if (!w->types_known) type_indexes_init(&w->types, w->g->m, w->arena);
    w->types_known = true;
}

void put_value_type(Writer *w, Type type)
{
    if (type_is_ref(type)) known_types(w);
    encode_value_type(w->out, &w->types, type);
}

// Of what may go on elsewhere: may it go on behind it too?
static bool goes_on(Op op)
{
    switch (op) {
    case OP_br_if: case OP_if: case OP_else: case OP_end: case OP_catch: case OP_catch_all:
    case OP_delegate: case OP_br_on_null: case OP_br_on_non_null: return true;
    default: return op_info[op].immediates == IMM_cast;
    }
}

void put_op(Writer *w, Op op)
{
    encode_op(w->out, op);
    w->dead = op_info[op].effects & ENDS && !goes_on(op);
}

// A function type of the module with these results and no parameters. UINT32_MAX: there is none.
static u32 type_of_results(Writer *w, BlockId id)
{
    const Graph *g = w->g;
    const Block *b = &g->blocks[id];
    graph_work(w->g, g->m->type_count);
    for (u32 i = 0; i < g->m->type_count; i++) {
        const TypeDef *def = type_def(g->m->store, g->m->types[i]);
        if (def->kind != COMP_func || def->param_count || def->result_count != b->given_count)
            continue;
        u32 same = 0;
        while (same < b->given_count && type_results(def)[same] == g->nodes[b->given + same].type)
            same++;
        if (same == b->given_count) return i;
    }
    return UINT32_MAX;
}

// What a block leaves that ends where another one begins.
void put_block_type(Writer *w, BlockId id)
{
    const Block *b = block_at(w, id);
    if (!b->given_count) {
        buf_byte(w->out, 0x40);
    } else if (b->given_count == 1) {
        put_value_type(w, w->g->nodes[b->given].type);
    } else {
        u32 type = type_of_results(w, id);
        if (type == UINT32_MAX) w->why = "no type for what a handler takes";
        buf_leb_s(w->out, type == UINT32_MAX ? 0 : type);
    }
}

u32 depth_of(Writer *w, BlockId id)
{
    assert(w->frame_of[id]);
    w->needed[id] = true;
    return w->open - w->frame_of[id];
}

void put_local(Writer *w, Op op, NodeId id)
{
    if (op == OP_local_get && w->after_set == w->out->len &&
        w->locals->of[w->last_set] == w->locals->of[id]) {
        w->out->data[w->set_at] = (u8)op_info[OP_local_tee].opcode;
        w->after_set = 0;
        return;
    }
    w->set_at = w->out->len;
    put_op(w, op);
    buf_leb_u(w->out, w->locals->of[id]);
    if (op == OP_local_set) {
        w->after_set = w->out->len;
        w->last_set = id;
    }
    w->written[w->locals->of[id]] |= op != OP_local_get;
}

// Does the instruction look whether that operand is null, or not mind?
static bool takes_null(const Graph *g, Node *n, u32 which)
{
    Imm imm;
    Bytes bytes;
    switch (n->op) {
    case OP_struct_get: case OP_struct_get_s: case OP_struct_get_u: case OP_struct_set:
    case OP_array_get: case OP_array_get_s: case OP_array_get_u: case OP_array_set:
    case OP_array_len: case OP_array_fill: case OP_array_init_data: case OP_array_init_elem:
    case OP_i31_get_s: case OP_i31_get_u: case OP_ref_is_null: case OP_ref_test:
    case OP_ref_test_null: case OP_ref_cast: case OP_ref_cast_null: case OP_br_on_null:
    case OP_br_on_non_null: return which == 0;
    case OP_array_copy: return which == 0 || which == 2;
    case OP_ref_eq: return true;
    case OP_call_ref: case OP_return_call_ref: return which + 1 == node_count(n);
    case OP_call: case OP_return_call:
        node_read_imm(g, n, &imm, &bytes);
        return type_is_null(type_def(g->m->store, g->m->funcs[imm.func].type)->params[which]);
    case OP_return: return type_is_null(type_results(g->type)[which]);
    default: return false;
    }
}

// May who takes what is on the stack now have null for it? Its first step is that.
static bool null_will_do(const Writer *w, const u32 *steps, u32 count)
{
    enum { FAR = 16 }; // how many are looked at
    u32 above = 0;
    for (u32 i = 0; i < MIN(count, FAR); i++) {
        Node *n = &w->g->nodes[step_node(steps[i])];
        u32 takes = node_is_const(n) ? 0 : node_count(n);
        switch (step_kind(steps[i])) {
        case STEP_get: above++; break;
        case STEP_tee: break;
        case STEP_op:
            if (above < takes) return takes_null(w->g, n, takes - 1 - above);
            if (!n->type) return false; // nothing, or several values
            above = above - takes + 1;
            break;
        default: return false;
        }
    }
    return false;
}

// A local of what is never null may be null for the validator.
void put_not_null(Writer *w, NodeId id)
{
    Type type = w->g->nodes[id].type, kept = w->locals->types[w->locals->of[id]];
    if (type_is_ref(type) && !type_is_null(type) && type_is_null(kept))
        put_op(w, OP_ref_as_non_null);
}

static void put_const(Writer *w, const Node *n)
{
    put_op(w, (Op)n->op);
    switch (n->op) {
    case OP_i32_const: buf_leb_s(w->out, (s32)n->bits); break;
    case OP_i64_const: buf_leb_s(w->out, (s64)n->bits); break;
    case OP_f32_const: buf_u32le(w->out, (u32)n->bits); break;
    case OP_f64_const: buf_u64le(w->out, n->bits); break;
    default: buf_bytes(w->out, n->bytes, sizeof n->bytes); break;
    }
}

static u32 leb_size(const u8 *at)
{
    u32 size = 1;
    while (*at++ & 0x80) size++;
    return size;
}

// The label of a br_on_* is the second edge's.
static void put_branch(Writer *w, const Node *n)
{
    Imm imm;
    Bytes bytes;
    BlockId to = resolved(w, block_at(w, w->at)->edges + 1);
    node_read_imm(w->g, n, &imm, &bytes);
    u32 at = op_info[n->op].immediates == IMM_cast;
    if (at) buf_byte(w->out, bytes.data[0]);
    buf_leb_u(w->out, depth_of(w, to));
    at += leb_size(bytes.data + at);
    buf_bytes(w->out, bytes.data + at, bytes.len - at);
}

static void put_resume(Writer *w, const Node *n)
{
    Imm imm;
    Bytes bytes;
    u32 edge = block_at(w, w->at)->edges + 1;
    node_read_imm(w->g, n, &imm, &bytes);
    buf_leb_u(w->out, imm.resume.type);
    if (n->op == OP_resume_throw) buf_leb_u(w->out, imm.resume.tag);
    buf_leb_u(w->out, imm.resume.count);
    for (u32 i = 0; i < imm.resume.count; i++) {
        buf_byte(w->out, imm.resume.at[i].kind);
        buf_leb_u(w->out, imm.resume.at[i].tag);
        if (!imm.resume.at[i].kind) buf_leb_u(w->out, depth_of(w, resolved(w, edge++)));
    }
}

static void put_return(Writer *w)
{
    bool last = w->falls == FALLS_OFF && (!w->open || !w->g->type->result_count);
    if (!last) put_op(w, OP_return);
    w->dead = !w->open || !last;
}

void put_node(Writer *w, NodeId id)
{
    Node *n = &w->g->nodes[id];
    Imm imm;
    Bytes bytes;
    if (n->op == OP_return) {
        put_return(w);
        return;
    }
    if (node_is_const(n)) {
        put_const(w, n);
        return;
    }
    if (n->op == OP_ref_null) {
        known_types(w);
        encode_default(w->out, &w->types, n->type);
        w->dead = false;
        return;
    }
    put_op(w, (Op)n->op);
    w->last_op = (Op)n->op;
    w->after_op = w->out->len;
    switch (op_info[n->op].immediates) {
    case IMM_none: return;
    case IMM_types:
        buf_byte(w->out, 1);
        put_value_type(w, n->type);
        return;
    case IMM_label: case IMM_cast:
        if (n->op == OP_rethrow) buf_leb_u(w->out, w->open - w->try_frame[n->imm]);
        else put_branch(w, n);
        return;
    case IMM_resume: case IMM_resume_throw: put_resume(w, n); return;
    default:
        node_read_imm(w->g, n, &imm, &bytes);
        buf_bytes(w->out, bytes.data, bytes.len);
    }
}

// Is what is copied there already? A local begins as zero.
static bool is_there(const Writer *w, u32 to, u32 from)
{
    const u32 *of = w->locals->of;
    NodeId id = step_node(from);
    u32 local = of[step_node(to)];
    if (step_kind(from) == STEP_get) return of[id] == local;
    const Node *n = &w->g->nodes[id];
    if (w->loops || w->written[local] || local < w->g->type->param_count) return false;
    return n->op == OP_ref_null ||
           (node_is_const(n) && !n->in[0] && !n->in[1] && !n->in[2] && !n->imm);
}

// Copies in a row are one: all that are not in place already. Returns where the row ends.
static u32 put_copies(Writer *w, u32 first, u32 end)
{
    const u32 *steps = w->s->steps;
    u32 i = first, last;
    for (; i < end && step_kind(steps[i]) == STEP_copy; i += 2) {
        NodeId from = step_node(steps[i + 1]);
        if (is_there(w, steps[i], steps[i + 1])) continue;
        if (step_kind(steps[i + 1]) == STEP_get) put_local(w, OP_local_get, from);
        else put_node(w, from);
    }
    last = i;
    for (; i > first; i -= 2) {
        if (is_there(w, steps[i - 2], steps[i - 1])) continue;
        put_local(w, OP_local_set, step_node(steps[i - 2]));
    }
    return last;
}

// Nothing is done where all copies are of locals to themselves.
static void trim(Writer *w, Range *range)
{
    const u32 *steps = w->s->steps, *of = w->locals->of;
    for (u32 i = range->start; i < range->end; i += 2)
        if (step_kind(steps[i]) != STEP_copy || step_kind(steps[i + 1]) != STEP_get ||
            of[step_node(steps[i])] != of[step_node(steps[i + 1])])
            return;
    range->end = range->start;
}

// What was set last, and nobody needs but this, never was.
static bool was_set_for(Writer *w, u32 step)
{
    if (!(step & STEP_dies) || w->after_set != w->out->len || w->last_set != step_node(step))
        return false;
    w->out->len = w->set_at;
    w->after_set = 0;
    return true;
}

void put_steps(Writer *w, Range range)
{
    for (u32 i = range.start; i < range.end;) {
        u32 step = w->s->steps[i];
        NodeId id = step_node(step);
        switch (step_kind(step)) {
        case STEP_op: put_node(w, id); break;
        case STEP_get:
            if (was_set_for(w, step)) break;
            put_local(w, OP_local_get, id);
            if (!null_will_do(w, w->s->steps + i + 1, range.end - i - 1)) put_not_null(w, id);
            break;
        case STEP_set: put_local(w, OP_local_set, id); break;
        case STEP_tee:
            put_local(w, OP_local_tee, id);
            if (!null_will_do(w, w->s->steps + i + 1, range.end - i - 1)) put_not_null(w, id);
            break;
        case STEP_drop: put_op(w, OP_drop); break;
        case STEP_copy: i = put_copies(w, i, range.end); continue;
        }
        i++;
    }
}

void trim_steps(Writer *w)
{
    for (BlockId id = 0; id < w->g->block_count; id++) trim(w, &w->s->blocks[id]);
    for (u32 i = 0; i < w->g->edge_count; i++) trim(w, &w->s->edges[i]);
}
