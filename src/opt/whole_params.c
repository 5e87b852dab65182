// whole_params.c -- parameters that need not be passed, results that need not be returned. See
// round.h.
//
// Of functions that are called directly, and known to nobody else. At each call what was made for a
// parameter is dropped right behind where it was made, wherever that is: what is dropped and has no
// other trace goes with the pass `drops`.
//
//     local.get 0  call $g       i32.const 5  call $f     ; of $f the first is not used
//     local.get 0  call $g drop  i32.const 5  call $f

#include "base/map.h"
#include "opt/round.h"

// ---- Function types

typedef struct {
    OptRound *r;
    Map map;          // by the types' words
    TypeDef *added;
    u32 cap;
    u32 *now;         // by function
} Types;

static Bytes signature(OptRound *r, const TypeDef *def)
{
    Buf b;
    buf_init(&b, r->arena);
    buf_u32le(&b, def->param_count);
    for (u32 i = 0; i < (u32)def->param_count + def->result_count; i++)
        buf_u32le(&b, def->params[i]);
    return buf_view(&b);
}

static bool is_plain(const TypeDef *def)
{
    return def->kind == COMP_func && def->final && def->super == TYPE_NONE &&
           def->describes == TYPE_NONE && def->descriptor == TYPE_NONE;
}

static void types_init(Types *t, OptRound *r)
{
    const Module *m = r->m;
    *t = (Types){.r = r, .now = NEW_ARRAY(r->arena, u32, m->func_count)};
    map_init(&t->map, r->arena);
    for (u32 i = 0; i < m->func_count; i++) t->now[i] = type_index_of(&r->types, m->funcs[i].type);
    for (u32 i = 0; i < m->type_count; i++) {
        const TypeDef *def = type_def(m->store, m->types[i]);
        if (!is_plain(def) || type_group_count(m->store, m->types[i]) != 1) continue;
        Bytes key = signature(r, def);
        map_add(&t->map, key.data, key.len, i);
    }
    r->edit.func_types = t->now;
}

static void set_type(Types *t, u32 func, const Type *params, u32 param_count, const Type *results,
                     u32 result_count)
{
    OptRound *r = t->r;
    Type *all = NEW_ARRAY(r->arena, Type, param_count + result_count);
    if (param_count) memcpy(all, params, param_count * sizeof *params);
    if (result_count) memcpy(all + param_count, results, result_count * sizeof *results);
    TypeDef def = {.kind = COMP_func, .final = true, .super = TYPE_NONE, .describes = TYPE_NONE,
                   .descriptor = TYPE_NONE, .cont = TYPE_NONE, .params = all,
                   .param_count = (u16)param_count, .result_count = (u16)result_count};
    Bytes key = signature(r, &def);
    const u32 *known = map_get(&t->map, key.data, key.len);
    u32 index = known ? *known : r->m->type_count + r->edit.type_count;
    if (!known) {
        map_add(&t->map, key.data, key.len, index);
        ARENA_PUSH(r->arena, t->added, r->edit.type_count, t->cap) = def;
        r->edit.types = t->added;
    }
    t->now[func] = index;
}

// ---- Parameters

typedef enum { PARAM_used, PARAM_written, PARAM_read_only, PARAM_unused } ParamUse;

typedef struct {
    u8 use;           // ParamUse
    u32 reads;
    bool open;        // it may go, as far as is known
    bool met, varies; // a call was seen; and not all give the same
    u32 at, end;      // what the first gives, an instruction
} Param;

typedef struct {
    OptRound *r;
    Param **params;   // by function; NULL: it stays as it is
    u32 *calls;       // that were seen, and those that there are
    u32 *all_calls;
} Params;

static u32 param_count(const Params *p, u32 func)
{
    return type_def(p->r->m->store, p->r->m->funcs[func].type)->param_count;
}

// What bodies do with their parameters, and how often they call.
static void find_uses(Params *p)
{
    const Module *m = p->r->m;
    for (u32 i = m->imported_funcs; i < m->func_count; i++) {
        u32 count = param_count(p, i);
        if (!count || round_escapes(p->r, i)) continue;
        p->params[i] = NEW_ARRAY(p->r->arena, Param, count);
        for (u32 k = 0; k < count; k++)
            p->params[i][k] = (Param){.use = PARAM_unused, .open = true};
    }
    for (Scan s = scan_all(p->r); scan_next(&s);) {
        const Imm *imm = &s.now.imm;
        if (imm->op == OP_call || imm->op == OP_return_call) p->all_calls[imm->func]++;
        if (op_info[imm->op].immediates != IMM_local || !p->params[s.func]) continue;
        if (imm->local >= param_count(p, s.func)) continue;
        Param *param = &p->params[s.func][imm->local];
        u8 use = imm->op == OP_local_get ? PARAM_read_only : PARAM_written;
        param->use = MIN(param->use, use);
        param->reads += imm->op == OP_local_get;
    }
}

// Is what is given the same instruction as at the first call?
static bool same_code(const Module *m, const Param *param, const Made *made)
{
    u32 size = param->end - param->at;
    return made->whole && made->end - made->start == size &&
           !memcmp(m->bytes + made->start, m->bytes + param->at, size);
}

// One instruction that gives a number.
static bool is_constant(const Module *m, const Made *made)
{
    u32 at = made->start + 1;
    if (!made->whole) return false;
    switch (m->bytes[made->start]) {
    case 0x41: case 0x42: // i32.const, i64.const
        while (m->bytes[at] & 0x80) at++;
        return at + 1 == made->end;
    case 0x43: return at + 4 == made->end; // f32.const
    case 0x44: return at + 8 == made->end; // f64.const
    default: return false;
    }
}

static bool is_call_of(const Params *p, const Seen *s)
{
    return (s->op == OP_call || s->op == OP_return_call) && p->params[s->imm->func];
}

static void see_call(void *env, const Seen *s)
{
    Params *p = env;
    const Module *m = p->r->m;
    if (!is_call_of(p, s)) return;
    p->calls[s->imm->func]++;
    for (u32 i = 0; i < s->count; i++) {
        Param *param = &p->params[s->imm->func][i];
        const Made *made = &s->taken[i];
        if (!made->end) param->open = false;
        if (!param->met) {
            param->met = true;
            param->varies = !is_constant(m, made);
            param->at = made->start;
            param->end = made->end;
        } else if (!param->varies && !same_code(m, param, made)) {
            param->varies = true;
        }
    }
}

// A constant is written where it was read.
static void use_constants(Params *p, u32 func, const u8 *read_here)
{
    const Module *m = p->r->m;
    for (Scan s = scan_func(p->r, func); scan_next_in(&s);) {
        if (s.now.imm.op != OP_local_get || s.now.imm.local >= param_count(p, func)) continue;
        const Param *param = &p->params[func][s.now.imm.local];
        if (!read_here[s.now.imm.local]) continue;
        round_splice(p->r, s.now.at, s.end, (Bytes){m->bytes + param->at, param->end - param->at});
    }
}

// Or it is set at the beginning, where that is needed, or shorter if size counts.
static bool is_set(const Params *p, const Param *param)
{
    u32 size = param->end - param->at;
    if (param->use == PARAM_written) return true;
    return param->use == PARAM_read_only && p->r->level.size && size > 2 &&
           (size - 2) * param->reads > size + 2;
}

static bool goes(const Param *param)
{
    return param->open && (param->use == PARAM_unused || !param->varies);
}

static u32 local_count(OptRound *r, u32 func)
{
    InstrReader in;
    Diag diag;
    diag_init(&diag);
    instr_reader_init(&in, r->m, r->m->funcs[func].body, r->arena, &diag);
    return type_def(r->m->store, r->m->funcs[func].type)->param_count + instr_skip_locals(&in);
}

// The function without those of its parameters.
static void change_body(Params *p, Types *types, u8 **fates, u32 func)
{
    OptRound *r = p->r;
    const Module *m = r->m;
    const TypeDef *def = type_def(m->store, m->funcs[func].type);
    const Param *params = p->params[func];
    Type *left = NEW_ARRAY(r->arena, Type, def->param_count);
    u8 *read_here = NEW_ARRAY(r->arena, u8, def->param_count);
    u32 count = 0, start = (u32)(scan_func(r, func).in.in.next - m->bytes), reads = 0;
    Buf sets;
    buf_init(&sets, r->arena);
    fates[func] = NEW_ARRAY(r->arena, u8, local_count(r, func));
    for (u32 i = 0; i < def->param_count; i++) {
        const Param *param = &params[i];
        if (!goes(param)) {
            left[count++] = def->params[i];
            continue;
        }
        bool set = is_set(p, param);
        fates[func][i] = set ? LOCAL_demoted : LOCAL_goes;
        read_here[i] = !set && param->use == PARAM_read_only;
        reads += read_here[i];
        if (!set) continue;
        buf_bytes(&sets, m->bytes + param->at, param->end - param->at);
        encode_op(&sets, OP_local_set);
        buf_leb_u(&sets, i);
    }
    if (sets.len) round_splice(r, start, start, buf_view(&sets));
    if (reads) use_constants(p, func, read_here);
    set_type(types, func, left, count, type_results(def), def->result_count);
    watch_note(m, func, "%u of its parameters are not passed any more", def->param_count - count);
}

static void change_call(void *env, const Seen *s)
{
    Params *p = env;
    if (!is_call_of(p, s)) return;
    for (u32 i = 0; i < s->count; i++) {
        u32 end = s->taken[i].end;
        if (!goes(&p->params[s->imm->func][i])) continue;
        round_splice(p->r, end, end, round_op(p->r, OP_drop));
        p->r->found++;
    }
}

// Not where a call was not seen, which is in code that cannot be reached, or there is none.
static bool may_change(const Params *p, u32 func)
{
    bool any = false;
    for (u32 i = 0; i < param_count(p, func); i++) any |= goes(&p->params[func][i]);
    return any && p->calls[func] && p->calls[func] == p->all_calls[func];
}

void opt_pass_params(OptRound *r)
{
    const Module *m = r->m;
    Params p = {r, NEW_ARRAY(r->arena, Param *, m->func_count),
                NEW_ARRAY(r->arena, u32, m->func_count), NEW_ARRAY(r->arena, u32, m->func_count)};
    u8 **fates = NEW_ARRAY(r->arena, u8 *, m->func_count);
    Types types = {0};
    find_uses(&p);
    round_look(r, see_call, &p);
    for (u32 i = m->imported_funcs; i < m->func_count; i++) {
        if (p.params[i] && !may_change(&p, i)) p.params[i] = NULL;
        if (!p.params[i]) continue;
        if (!types.r) types_init(&types, r);
        change_body(&p, &types, fates, i);
    }
    if (!types.r) return;
    r->edit.locals = (const u8 *const *)fates;
    round_look(r, change_call, &p);
}

// ---- Results

typedef struct {
    u32 calls, dropped;
    bool stays, branches; // something in it branches, maybe out of it
} Result;

static bool is_branch(const Imm *imm)
{
    switch (op_info[imm->op].immediates) {
    case IMM_label: case IMM_labels: case IMM_cast: case IMM_try_table: case IMM_resume:
    case IMM_resume_throw:
        return true;
    default: return false;
    }
}

static bool leaves_by_call(Op op)
{
    return op == OP_return_call || op == OP_return_call_indirect || op == OP_return_call_ref;
}

static Result *find_results(OptRound *r)
{
    const Module *m = r->m;
    Result *results = NEW_ARRAY(r->arena, Result, m->func_count);
    for (u32 i = 0; i < m->func_count; i++)
        results[i].stays = round_escapes(r, i) ||
                           type_def(m->store, m->funcs[i].type)->result_count != 1;
    for (Scan s = scan_all(r); scan_next(&s);) {
        const Imm *imm = &s.now.imm;
        if (leaves_by_call(imm->op)) results[s.func].stays = true;
        if (imm->op == OP_return_call) results[imm->func].stays = true;
        if (is_branch(imm)) results[s.func].branches = true;
        if (imm->op != OP_call) continue;
        results[imm->func].calls++;
        results[imm->func].dropped += m->bytes[s.end] == op_info[OP_drop].opcode;
    }
    return results;
}

// Branches that left the function lead to a block around all of it instead. A return may leave
// behind what it likes.
static void drop_result(OptRound *r, u32 func, bool branches)
{
    const Module *m = r->m;
    Type result = *type_results(type_def(m->store, m->funcs[func].type));
    u32 start = (u32)(scan_func(r, func).in.in.next - m->bytes), end = m->funcs[func].body.end - 1;
    Buf b;
    buf_init(&b, r->arena);
    if (branches) {
        encode_op(&b, OP_block);
        encode_value_type(&b, &r->types, result);
        round_splice(r, start, start, buf_view(&b));
        buf_init(&b, r->arena);
        encode_op(&b, OP_end);
    }
    encode_op(&b, OP_drop);
    round_splice(r, end, end, buf_view(&b));
}

void opt_pass_results(OptRound *r)
{
    const Module *m = r->m;
    Result *results = find_results(r);
    Types types = {0};
    for (u32 i = m->imported_funcs; i < m->func_count; i++) {
        Result *result = &results[i];
        if (!result->calls || result->calls != result->dropped) result->stays = true;
        if (result->stays) continue;
        if (!types.r) types_init(&types, r);
        const TypeDef *def = type_def(m->store, m->funcs[i].type);
        set_type(&types, i, def->params, def->param_count, NULL, 0);
        drop_result(r, i, result->branches);
        watch_note(m, i, "its result is not returned any more: all calls drop it");
    }
    if (!types.r) return;
    for (Scan s = scan_all(r); scan_next(&s);) {
        if (s.now.imm.op != OP_call || results[s.now.imm.func].stays) continue;
        round_splice(r, s.end, s.end + 1, (Bytes){0});
        r->found++;
    }
}
