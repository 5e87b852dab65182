// whole_globals.c -- globals that never change, and those that nobody reads. See round.h.

#include "opt/round.h"

typedef struct {
    u32 gets, sets;   // in bodies
    bool exported, imported;
    bool initial;     // a constant expression reads it
} Use;

static Use *find_uses(OptRound *r)
{
    const Module *m = r->m;
    Use *uses = NEW_ARRAY(r->arena, Use, m->global_count);
    u8 *exported = NEW_ARRAY(r->arena, u8, m->global_count);
    round_exported(r, EXTERN_global, exported);
    for (u32 i = 0; i < m->global_count; i++) {
        uses[i].exported = exported[i];
        uses[i].imported = i < m->imported_globals;
    }
    for (Scan s = scan_all(r); scan_next(&s);) {
        if (s.now.imm.op == OP_global_get) uses[s.now.imm.global].gets++;
        if (s.now.imm.op == OP_global_set) uses[s.now.imm.global].sets++;
    }
    return uses;
}

// The instruction that gives what it always holds; len 0: there is none that is worth it.
static Bytes constant_of(OptRound *r, u32 global, const Use *use)
{
    const GlobalDecl *g = &r->m->globals[global];
    u64 value[2];
    Buf b;
    buf_init(&b, r->arena);
    if (use->imported || (g->type.mutable && (use->exported || use->sets))) return (Bytes){0};
    if (type_is_ref(g->type.type) || g->type.type == TYPE_v128 ||
        !const_number(g->value, r->m->wides, value))
        return (Bytes){0};
    switch (g->type.type) {
    case TYPE_i32: encode_op(&b, OP_i32_const), buf_leb_s(&b, (s32)value[0]); break;
    case TYPE_i64: encode_op(&b, OP_i64_const), buf_leb_s(&b, (s64)value[0]); break;
    case TYPE_f32: encode_op(&b, OP_f32_const), buf_u32le(&b, (u32)value[0]); break;
    default: encode_op(&b, OP_f64_const), buf_u64le(&b, value[0]);
    }
    // Where size counts: its definition would go, and each use grow.
    size_t grows = (b.len - 2) * use->gets;
    bool gone = !use->exported && !use->initial;
    if (r->level.size && grows > (gone ? b.len + 3 : 0)) return (Bytes){0};
    return buf_view(&b);
}

// Constant expressions that are the value of a global are read as well.
static void read_initial(OptRound *r, Range expr, Use *uses, const Bytes *constants)
{
    const Module *m = r->m;
    InstrReader in;
    Instr now;
    Diag diag;
    diag_init(&diag);
    instr_reader_init(&in, m, expr, r->arena, &diag);
    while (instr_next(&in, &now)) {
        if (now.imm.op != OP_global_get) continue;
        u32 global = now.imm.global;
        if (uses) uses[global].initial = true;
        else if (constants[global].len)
            round_splice(r, now.at, (u32)(in.in.next - m->bytes), constants[global]), r->found++;
    }
}

static void read_all_initial(OptRound *r, Use *uses, const Bytes *constants)
{
    const Module *m = r->m;
    for (u32 i = m->imported_globals; i < m->global_count; i++)
        read_initial(r, m->globals[i].init, uses, constants);
    for (u32 i = m->imported_tables; i < m->table_count; i++)
        read_initial(r, m->tables[i].init, uses, constants);
    for (u32 i = 0; i < m->elem_count; i++)
        if (m->elems[i].mode == SEGMENT_active)
            read_initial(r, m->elems[i].offset, uses, constants);
    for (u32 i = 0; m->datas && i < m->data_count; i++)
        if (m->datas[i].mode == SEGMENT_active)
            read_initial(r, m->datas[i].offset, uses, constants);
}

// Items of segments are not written anew; but they may read a global.
static void read_item(const Module *m, Const item, Use *uses)
{
    if (const_kind(item) == CONST_global) uses[const_index(item)].initial = true;
    if (const_kind(item) != CONST_steps) return;
    for (const Const *step = m->words + const_index(item); *step != const_of(CONST_op, OP_end);
         step++)
        if (const_kind(*step) == CONST_global) uses[const_index(*step)].initial = true;
}

static void read_items(const Module *m, Use *uses)
{
    for (u32 i = 0; i < m->elem_count; i++)
        for (u32 k = 0; m->elems[i].of_exprs && k < m->elems[i].count; k++)
            read_item(m, m->words[m->elems[i].items + k], uses);
}

void opt_pass_globals(OptRound *r)
{
    const Module *m = r->m;
    Use *uses = find_uses(r);
    Bytes *constants = NEW_ARRAY(r->arena, Bytes, m->global_count), drop = round_op(r, OP_drop);
    read_all_initial(r, uses, NULL);
    read_items(m, uses);
    for (u32 i = 0; i < m->global_count; i++) constants[i] = constant_of(r, i, &uses[i]);
    read_all_initial(r, NULL, constants);
    for (Scan s = scan_all(r); scan_next(&s);) {
        u32 global = s.now.imm.global;
        if (s.now.imm.op == OP_global_get && constants[global].len) {
            round_splice(r, s.now.at, s.end, constants[global]);
        } else if (s.now.imm.op == OP_global_set) {
            const Use *use = &uses[global];
            if (use->gets || use->exported || use->imported || use->initial) continue;
            round_splice(r, s.now.at, s.end, drop);
        } else {
            continue;
        }
        r->found++;
    }
}
