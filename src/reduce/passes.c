// passes.c -- what could go, one kind at a time. See round.h.

#include "reduce/round.h"

#include <string.h>

static Unit *add(Round *r, UnitKind kind, u32 a, u32 b)
{
    Unit *u = &ARENA_PUSH(&r->arena, r->units, r->unit_count, r->unit_cap);
    *u = (Unit){.kind = (u8)kind, .a = a, .b = b};
    return u;
}

// A cut of the unit that was added last. One that neither takes nor puts anything is none.
static void cut(Round *r, u32 at, u32 end, Bytes code)
{
    if (at == end && !code.len) return;
    ARENA_PUSH(&r->arena, r->cuts, r->cut_count, r->cut_cap) =
        (Cut){{at, end, code, false}, r->unit_count - 1};
    r->units[r->unit_count - 1].cuts++;
}

static const Bytes nothing = {0};

static Buf new_code(Round *r)
{
    Buf b;
    buf_init(&b, &r->arena);
    return b;
}

static Bytes one_op(Round *r, Op op)
{
    Buf b = new_code(r);
    encode_op(&b, op);
    return buf_view(&b);
}

static u32 body_size(const Module *m, u32 func)
{
    return m->funcs[func].body.end - m->funcs[func].body.start;
}

// ---- Sections, roots, and what they do not reach

static void find_customs(Round *r)
{
    for (u32 i = 0; i < r->m->section_count; i++)
        if (!r->m->sections[i].id) add(r, UNIT_section, i, 0);
}

static void find_roots(Round *r)
{
    const Module *m = r->m;
    for (u32 i = 0; i < m->export_count; i++) add(r, UNIT_export, i, 0);
    if (m->has_start) add(r, UNIT_start, 0, 0);
    for (u32 i = 0; i < m->elem_count; i++) add(r, UNIT_item, i, 0)->item = ITEM_elem;
    for (u32 i = 0; i < module_item_count(m, ITEM_data); i++)
        add(r, UNIT_item, i, 0)->item = ITEM_data;
}

// What refers to others stands before them, so that one may go without the other.
static void find_unused(Round *r)
{
    static const u8 order[] = {ITEM_elem, ITEM_data, ITEM_func, ITEM_table, ITEM_memory,
                               ITEM_global, ITEM_tag, ITEM_type};
    const Edit as_it_is = {0};
    u8 *unused[ITEM_COUNT];
    Diag diag;
    if (!module_unused(r->m, &as_it_is, &r->arena, unused, &diag)) return;
    for (u32 k = 0; k < COUNT_OF(order); k++)
        for (u32 i = module_item_count(r->m, order[k]); i > 0; i--)
            if (unused[order[k]][i - 1]) add(r, UNIT_item, i - 1, 0)->item = order[k];
}

static void find_imports(Round *r)
{
    for (u32 i = 0; i < r->m->import_count; i++) add(r, UNIT_import, i, 0);
}

static void find_entries(Round *r)
{
    for (u32 i = 0; i < r->m->elem_count; i++)
        for (u32 k = r->m->elems[i].count; k > 0; k--) add(r, UNIT_entry, i, k - 1);
}

static void find_data(Round *r)
{
    for (u32 i = 0; i < module_item_count(r->m, ITEM_data); i++) {
        Range init = r->m->datas[i].init;
        for (u32 k = 0; k < DATA_PIECES && init.end > init.start; k++) {
            Range piece = data_piece(init, k);
            if (piece.end > piece.start) add(r, UNIT_data, i, k);
        }
    }
}

// ---- Whole bodies

static void find_bodies(Round *r)
{
    for (u32 i = r->m->imported_funcs; i < r->m->func_count; i++)
        if (body_size(r->m, i) > encode_trap_body.len)
            add(r, UNIT_body, i, 0)->code = encode_trap_body;
}

// A body that gives back a default.
static void find_returns(Round *r)
{
    for (u32 i = r->m->imported_funcs; i < r->m->func_count; i++) {
        const TypeDef *def = type_def(r->m->store, r->m->funcs[i].type);
        Buf b = new_code(r);
        buf_byte(&b, 0);
        for (u32 k = 0; k < def->result_count; k++)
            encode_default(&b, &r->indexes, type_results(def)[k]);
        encode_op(&b, OP_end);
        if (body_size(r->m, i) > b.len) add(r, UNIT_body, i, 0)->code = buf_view(&b);
    }
}

// ---- Code

static bool same_code(const Round *r, u32 at, u32 end, Bytes code)
{
    return end - at == code.len && (!code.len || !memcmp(r->m->bytes + at, code.data, code.len));
}

static Bytes defaults(Round *r, const Node *n, u32 drops)
{
    Buf b = new_code(r);
    while (drops--) encode_op(&b, OP_drop);
    for (u32 i = 0; i < n->push_count; i++) encode_default(&b, &r->indexes, n->pushes[i]);
    return buf_view(&b);
}

// What could take the node's place without a trace of it.
static Bytes instead(Round *r, const Node *n)
{
    if (n->dead) return nothing;
    if (n->ends && n->op != OP_unreachable) return one_op(r, OP_unreachable);
    return defaults(r, n, 0);
}

// From the outside in: what is taken away outside need not be asked about inside.
static void by_depth(Round *r, void (*visit)(Round *r, const Node *n))
{
    u32 most = 0, *count, *order;
    for (u32 i = 0; i < r->node_count; i++) most = MAX(most, r->nodes[i].depth);
    count = NEW_ARRAY(&r->arena, u32, most + 2);
    order = NEW_ARRAY(&r->arena, u32, r->node_count);
    for (u32 i = 0; i < r->node_count; i++) count[r->nodes[i].depth + 1]++;
    for (u32 i = 0; i <= most; i++) count[i + 1] += count[i];
    for (u32 i = 0; i < r->node_count; i++) order[count[r->nodes[i].depth]++] = i;
    for (u32 i = 0; i < r->node_count; i++) visit(r, &r->nodes[order[i]]);
}

// What leaves a default already may be missed by nobody: where the code behind it does not come
// back.
static void remove_node(Round *r, const Node *n)
{
    if (!n->whole) return;
    Bytes code = instead(r, n);
    if (same_code(r, n->start, n->end, code)) code = nothing;
    add(r, UNIT_code, 0, 0);
    cut(r, n->start, n->end, code);
}

static void find_code(Round *r)
{
    round_shape(r);
    by_depth(r, remove_node);
}

// The rest of the code that it stands in.
static void truncate_at(Round *r, const Node *n)
{
    Bytes code = one_op(r, OP_unreachable);
    if (!n->whole || same_code(r, n->start, n->close, code)) return;
    add(r, UNIT_code, 0, 0);
    cut(r, n->start, n->close, code);
}

static void find_rests(Round *r)
{
    round_shape(r);
    by_depth(r, truncate_at);
}

static bool names_item(Op op)
{
    switch ((ImmKind)op_info[op].immediates) {
    case IMM_none: case IMM_label: case IMM_labels: case IMM_local: case IMM_lane: case IMM_lanes:
    case IMM_v128: case IMM_i32: case IMM_i64: case IMM_f32: case IMM_f64: case IMM_fence:
        return false;
    default: return true;
    }
}

// Only itself: its operands are dropped. That may be longer, where something need not be named any
// more.
static void remove_alone(Round *r, const Node *n)
{
    bool trivial = n->dead || n->block || n->op == OP_drop || n->op == OP_unreachable;
    if (trivial || (n->whole && !n->pop_count)) return;
    Bytes code = n->ends ? one_op(r, OP_unreachable) : defaults(r, n, n->pop_count);
    if (code.len > n->end - n->at && !names_item(n->op)) return;
    add(r, UNIT_code, 0, 0);
    cut(r, n->at, n->end, code);
}

static void find_alone(Round *r)
{
    round_shape(r);
    by_depth(r, remove_alone);
}

static Bytes block_beginning(Round *r, const Node *n, bool drop)
{
    InstrReader in;
    Instr old;
    Diag diag;
    Buf b = new_code(r);
    diag_init(&diag);
    instr_reader_init(&in, r->m, (Range){n->at, n->body}, NULL, &diag);
    instr_next(&in, &old); // which was read before
    if (drop) encode_op(&b, OP_drop);
    encode_op(&b, OP_block);
    encode_block_type(&b, &old.imm.block.type);
    return buf_view(&b);
}

// A block becomes its content, if nothing branches to it; other kinds become blocks.
static void open_up(Round *r, const Node *n)
{
    bool drop = n->op == OP_if;
    if ((n->op == OP_block || n->op == OP_loop) && !n->named) {
        add(r, UNIT_code, 0, 0)->cuts = 1;
        ARENA_PUSH(&r->arena, r->cuts, r->cut_count, r->cut_cap) =
            (Cut){{n->at, n->body, nothing, true}, r->unit_count - 1};
    }
    if (n->op == OP_block || n->op == OP_loop) return;
    add(r, UNIT_code, 0, 0);
    cut(r, n->at, n->body, block_beginning(r, n, drop));
    if (n->other) cut(r, n->other, n->last, nothing);
    if (r->m->bytes[n->last] == op_info[OP_delegate].opcode)
        cut(r, n->last, n->end, one_op(r, OP_end));
    if (n->op != OP_if || !n->other) return;
    add(r, UNIT_code, 0, 0); // what else there is
    cut(r, n->at, n->other_body, block_beginning(r, n, drop));
}

// What stands between its operands stays, without them and itself.
static void keep_between(Round *r, const Node *n)
{
    u32 size = 0;
    for (u32 i = 0; i < n->pop_count; i++) size += n->pops[i].end - n->pops[i].start;
    if (n->block || !n->whole || size == n->at - n->start) return;
    add(r, UNIT_code, 0, 0);
    for (u32 i = 0; i < n->pop_count; i++) cut(r, n->pops[i].start, n->pops[i].end, nothing);
    cut(r, n->at, n->end, instead(r, n));
}

// One of its operands takes its place.
static void hoist(Round *r, const Node *n)
{
    if (n->block) open_up(r, n);
    keep_between(r, n);
    if (!n->whole || n->push_count != 1) return;
    for (u32 i = 0; i < n->pop_count; i++) {
        const Operand *o = &n->pops[i];
        if (o->type != n->pushes[0]) continue;
        add(r, UNIT_code, 0, 0);
        cut(r, n->start, o->start, nothing);
        cut(r, o->end, n->end, nothing);
    }
}

static void find_inner(Round *r)
{
    round_shape(r);
    by_depth(r, hoist);
}

// ---- Locals, parameters, results

// What a body names of its locals; in dead code too.
static u8 *locals_named(Round *r, u32 func, u32 *params, u32 *count)
{
    InstrReader in;
    Instr instr;
    Diag diag;
    *params = type_def(r->m->store, r->m->funcs[func].type)->param_count;
    *count = round_read_body(r, func, &r->arena, &diag, &in);
    u8 *named = NEW_ARRAY(&r->arena, u8, *count);
    while (instr_next(&in, &instr))
        if (op_info[instr.imm.op].immediates == IMM_local && instr.imm.local < *count)
            named[instr.imm.local] = true;
    return named;
}

static void find_locals(Round *r)
{
    for (u32 func = r->m->imported_funcs; func < r->m->func_count; func++) {
        u32 params, count;
        const u8 *named = locals_named(r, func, &params, &count);
        for (u32 i = count; i > params; i--)
            if (!named[i - 1]) add(r, UNIT_local, func, i - 1)->item = LOCAL_goes;
    }
}

// At each call what was given for a parameter goes with it. False: it cannot.
static bool cut_argument(Round *r, u32 func, u32 param, u32 params)
{
    for (u32 i = 0; i < r->node_count; i++) {
        const Node *n = &r->nodes[i];
        if ((n->op != OP_call && n->op != OP_return_call) || n->dead || n->callee != func) continue;
        const Operand *o = param < n->pop_count ? &n->pops[param] : NULL;
        if (o && n->whole && o->start < o->end) cut(r, o->start, o->end, nothing);
        else if (param + 1 == params) cut(r, n->at, n->at, one_op(r, OP_drop));
        else return false;
    }
    return true;
}

// A parameter that the body names becomes a local.
static void find_params(Round *r)
{
    round_shape(r);
    for (u32 func = r->m->imported_funcs; func < r->m->func_count; func++) {
        u32 params, count;
        const u8 *named = locals_named(r, func, &params, &count);
        for (u32 i = params; i > 0; i--) {
            u32 cuts = r->cut_count;
            add(r, UNIT_local, func, i - 1)->item = named[i - 1] ? LOCAL_demoted : LOCAL_goes;
            if (cut_argument(r, func, i - 1, params)) continue;
            r->unit_count--;
            r->cut_count = cuts;
        }
    }
}

// The body becomes a block of its own, whose result is dropped; each call is followed by a default.
static bool cut_results(Round *r, u32 func, Type type)
{
    InstrReader in;
    Diag diag;
    Range body = r->m->funcs[func].body;
    Buf front = new_code(r), back = new_code(r), after = new_code(r);
    round_read_body(r, func, NULL, &diag, &in);
    u32 first = (u32)(in.in.next - r->m->bytes);
    encode_op(&front, OP_block);
    encode_value_type(&front, &r->indexes, type);
    encode_op(&back, OP_end);
    encode_op(&back, OP_drop);
    encode_default(&after, &r->indexes, type);
    cut(r, first, first, buf_view(&front));
    cut(r, body.end - 1, body.end - 1, buf_view(&back));
    for (u32 i = 0; i < r->node_count; i++) {
        const Node *n = &r->nodes[i];
        if (n->dead || n->callee != func) continue;
        if (n->op == OP_return_call) return false;
        if (n->op == OP_call) cut(r, n->end, n->end, buf_view(&after));
    }
    return true;
}

static void find_results(Round *r)
{
    round_shape(r);
    for (u32 func = r->m->imported_funcs; func < r->m->func_count; func++) {
        const TypeDef *def = type_def(r->m->store, r->m->funcs[func].type);
        if (def->result_count != 1) continue;
        u32 cuts = r->cut_count;
        add(r, UNIT_results, func, 0);
        if (cut_results(r, func, type_results(def)[0])) continue;
        r->unit_count--;
        r->cut_count = cuts;
    }
}

// ---- Calls

// Where a body's instructions are that may stand in the place of a call: they name no local and do
// not return. start == end: they may not.
static Range plain_code(Round *r, u32 func)
{
    InstrReader in;
    Instr instr = {0};
    Diag diag;
    Range body = r->m->funcs[func].body, none = {0};
    const TypeDef *def = type_def(r->m->store, r->m->funcs[func].type);
    if (func < r->m->imported_funcs || def->param_count) return none;
    if (round_read_body(r, func, &r->arena, &diag, &in)) return none;
    u32 start = (u32)(in.in.next - r->m->bytes);
    while (instr_next(&in, &instr)) {
        u32 effects = op_info[instr.imm.op].effects;
        bool leaves = effects & ENDS && instr.imm.op != OP_unreachable && in.in.next != in.in.end;
        bool recurs = instr.imm.op == OP_call && instr.imm.func == func;
        if (leaves || recurs || op_info[instr.imm.op].immediates == IMM_local) return none;
    }
    return diag.err == ERR_none ? (Range){start, body.end - 1} : none;
}

// A function that is only called once, or is short, goes where it is called.
static void find_calls(Round *r)
{
    enum { SHORT = 8 };
    round_shape(r);
    u32 *calls = NEW_ARRAY(&r->arena, u32, r->m->func_count);
    Range *code = NEW_ARRAY(&r->arena, Range, r->m->func_count);
    for (u32 i = 0; i < r->m->func_count; i++) code[i] = plain_code(r, i);
    for (u32 i = 0; i < r->node_count; i++)
        if (r->nodes[i].op == OP_call) calls[r->nodes[i].callee]++;
    for (u32 i = 0; i < r->node_count; i++) {
        const Node *n = &r->nodes[i];
        Range body = n->op == OP_call ? code[n->callee] : (Range){0};
        if (n->op != OP_call || !body.start || n->func == n->callee) continue;
        if (calls[n->callee] > 1 && body.end - body.start > SHORT) continue;
        add(r, UNIT_code, 0, 0);
        cut(r, n->at, n->end, (Bytes){r->m->bytes + body.start, body.end - body.start});
    }
}

// ---- In the order in which they are gone through, again and again until nothing goes

const Pass passes[] = {
    {"custom sections", find_customs, false},
    {"bodies", find_bodies, false},
    {"what is unused", find_unused, false},
    {"exports and segments", find_roots, false},
    {"what is unused", find_unused, false},
    {"returns", find_returns, false},
    {"what is unused", find_unused, false},
    {"code", find_code, false},
    {"rests of blocks", find_rests, false},
    {"what is unused", find_unused, false},
    {"what is inside", find_inner, false},
    {"instructions", find_alone, true},
    {"code", find_code, false},
    {"locals", find_locals, false},
    {"entries of tables", find_entries, false},
    {"data", find_data, false},
    {"imports", find_imports, true},
    {"what is unused", find_unused, false},
    {"parameters", find_params, true},
    {"results", find_results, true},
    {"calls", find_calls, true},
};
const u32 pass_count = COUNT_OF(passes);
