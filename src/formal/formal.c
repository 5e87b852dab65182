// formal.c -- modules come up as the specification says: what they import is matched, initial
// values are evaluated one after the other, and segments are written by instructions.
// spec: exec/modules

#include "formal/formal.h"

#include <stdlib.h>

// ---- Imports

ExternType formal_extern_type(const FormalStore *s, ExternAddr e)
{
    ExternType t = {.kind = e.kind};
    switch (e.kind) {
    case EXTERN_func: t.func = s->funcs.at[e.address].type; break;
    case EXTERN_tag: t.func = s->tags.at[e.address].type; break;
    case EXTERN_global: t.global = s->globals.at[e.address].type; break;
    case EXTERN_memory: {
        const MemInst *m = &s->mems.at[e.address];
        t.memory = m->type;
        t.memory.limits.min = m->count >> m->type.limits.page_log2;
        break;
    }
    case EXTERN_table:
        t.table = s->tables.at[e.address].type;
        t.table.limits.min = s->tables.at[e.address].count;
        break;
    case EXTERN_COUNT: break;
    }
    return t;
}

// spec: valid/matching, limits
static bool limits_match(const Limits *have, const Limits *want)
{
    if (have->is64 != want->is64 || have->shared != want->shared || have->min < want->min)
        return false;
    return !want->has_max || (have->has_max && have->max <= want->max);
}

static bool both_match(const TypeStore *types, Type a, Type b)
{
    return type_matches(types, a, b) && type_matches(types, b, a);
}

// spec: valid/matching, external types
bool formal_extern_matches(const TypeStore *types, const ExternType *have, const ExternType *want)
{
    if (have->kind != want->kind) return false;
    switch (have->kind) {
    case EXTERN_func:
        return want->exact ? have->func == want->func
                           : type_id_matches(types, have->func, want->func);
    case EXTERN_tag: return have->func == want->func;
    case EXTERN_memory:
        return limits_match(&have->memory.limits, &want->memory.limits) &&
               have->memory.limits.page_log2 == want->memory.limits.page_log2;
    case EXTERN_table:
        return both_match(types, have->table.elem, want->table.elem) &&
               limits_match(&have->table.limits, &want->table.limits);
    case EXTERN_global:
        if (have->global.mutable != want->global.mutable) return false;
        return have->global.mutable ? both_match(types, have->global.type, want->global.type)
                                    : type_matches(types, have->global.type, want->global.type);
    case EXTERN_COUNT: break;
    }
    return false;
}

static u32 *addresses(ModuleInst *inst, ExternKind kind)
{
    switch (kind) {
    case EXTERN_func: return inst->funcs;
    case EXTERN_table: return inst->tables;
    case EXTERN_memory: return inst->mems;
    case EXTERN_global: return inst->globals;
    default: return inst->tags;
    }
}

static bool refuse(Diag *diag, Err err, const Import *imp)
{
    return diag_fail(diag, err, 0, "%s \"%.*s\" \"%.*s\"", extern_text[imp->kind],
                     (int)MIN(imp->module.len, 100), (const char *)imp->module.data,
                     (int)MIN(imp->name.len, 100), (const char *)imp->name.data);
}

static bool link(Config *c, ModuleInst *inst, FormalResolver *resolve, void *env, Diag *diag)
{
    const Module *m = inst->module;
    for (u32 k = 0; k < m->import_count; k++) {
        const Import *imp = &m->imports[k];
        ExternAddr e = {imp->kind, NO_ADDRESS};
        if (!resolve(env, imp, &e))
            return e.kind == EXTERN_COUNT ? diag_fail(diag, ERR_out_of_memory, 0, "for an import")
                                          : refuse(diag, ERR_unknown_import, imp);
        ExternType have = formal_extern_type(c->store, e), want = import_type(m, imp);
        if (!formal_extern_matches(c->store->types, &have, &want))
            return refuse(diag, ERR_incompatible_import, imp);
        addresses(inst, imp->kind)[imp->index] = e.address;
    }
    return true;
}

// ---- Values

// The expression that begins at *at: its value is on top then. Its body is of no use later.
static Trap run_constant(Config *c, ModuleInst *inst, u32 *at)
{
    Arena own;
    arena_init(&own);
    own.account = &c->store->code;
    const Body *body = body_of_constant(inst->module, at, &own);
    bool begun = body && config_begin(c, inst);
    Trap trap = begun ? config_run(c, body->instrs, body->count) : TRAP_out_of_memory;
    arena_free(&own);
    return trap;
}

// Eval_expr. False: *trap says why not.
static bool eval(Config *c, ModuleInst *inst, u32 *at, Val *out, Trap *trap)
{
    *trap = run_constant(c, inst, at);
    if (!*trap) *out = *nth(c, 1);
    return !*trap;
}

static bool eval_range(Config *c, ModuleInst *inst, Range range, Val *out, Trap *trap)
{
    u32 at = range.start;
    return eval(c, inst, &at, out, trap);
}

static bool no_room(Diag *diag)
{
    return diag_fail(diag, ERR_out_of_memory, 0, "for the instance");
}

// A limit was met, or memory is short.
static bool refused(const FormalStore *s, Diag *diag, Err limit)
{
    return s->met_limit ? diag_fail(diag, limit, 0, "for the instance") : no_room(diag);
}

static bool make_funcs(Config *c, ModuleInst *inst, Diag *diag)
{
    const Module *m = inst->module;
    for (u32 k = m->imported_funcs; k < m->func_count; k++) {
        inst->funcs[k] = alloc_func(c->store, (FuncInst){.type = m->funcs[k].type, .module = inst,
                                                         .index = k});
        if (inst->funcs[k] == NO_ADDRESS) return refused(c->store, diag, ERR_limit_store_functions);
    }
    return true;
}

static bool make_globals(Config *c, ModuleInst *inst, Trap *trap, Diag *diag)
{
    const Module *m = inst->module;
    for (u32 k = m->imported_globals; k < m->global_count; k++) {
        Val v;
        if (!eval_range(c, inst, m->globals[k].init, &v, trap)) return false;
        inst->globals[k] = alloc_global(c->store, m->globals[k].type, v);
        if (inst->globals[k] == NO_ADDRESS) return no_room(diag);
    }
    return true;
}

static bool make_tables(Config *c, ModuleInst *inst, Trap *trap, Diag *diag)
{
    const Module *m = inst->module;
    for (u32 k = m->imported_tables; k < m->table_count; k++) {
        const TableDecl *t = &m->tables[k];
        Val v = value_ref(VALUE_null, 0);
        if (t->init.start != t->init.end && !eval_range(c, inst, t->init, &v, trap)) return false;
        inst->tables[k] = alloc_table(c->store, &t->type, v);
        if (inst->tables[k] == NO_ADDRESS) return refused(c->store, diag, ERR_limit_table_size);
    }
    return true;
}

// The item that begins at *at: an index, or an expression.
static bool eval_item(Config *c, ModuleInst *inst, const ElemSegment *e, u32 *at, Val *out,
                      Trap *trap)
{
    if (e->of_exprs) return eval(c, inst, at, out, trap);
    const Module *m = inst->module;
    Diag diag;
    u32 func;
    diag_init(&diag);
    ImmReader r = {.m = m, .next = m->bytes + *at, .end = m->bytes + m->size, .diag = &diag};
    if (!imm_u32(&r, &func)) return *trap = TRAP_not_executable, false;
    *at = (u32)(r.next - m->bytes);
    *out = value_ref(VALUE_func, inst->funcs[func]);
    return true;
}

static bool make_elems(Config *c, ModuleInst *inst, Trap *trap, Diag *diag)
{
    const Module *m = inst->module;
    for (u32 k = 0; k < m->elem_count; k++) {
        const ElemSegment *e = &m->elems[k];
        u32 at = e->items_at;
        Val *refs = malloc(((size_t)e->count + 1) * sizeof *refs);
        u32 a = inst->elems[k] = refs ? alloc_elem(c->store, e->type, refs, 0) : NO_ADDRESS;
        if (a == NO_ADDRESS) return no_room(diag);
        // the store has those that there are, so that they are not collected
        c->store->elems.at[a].growing = true;
        for (u32 n = 0; n < e->count; n++) {
            if (!eval_item(c, inst, e, &at, &refs[n], trap)) return false;
            c->store->elems.at[a].count++;
        }
        c->store->elems.at[a].growing = false;
    }
    return true;
}

static bool make_rest(Config *c, ModuleInst *inst, Diag *diag)
{
    const Module *m = inst->module;
    for (u32 k = m->imported_tags; k < m->tag_count; k++)
        if ((inst->tags[k] = alloc_tag(c->store, m->tags[k].type)) == NO_ADDRESS)
            return no_room(diag);
    for (u32 k = m->imported_memories; k < m->memory_count; k++)
        if ((inst->mems[k] = alloc_mem(c->store, &m->memories[k].type)) == NO_ADDRESS)
            return refused(c->store, diag, ERR_limit_memory_size);
    for (u32 k = 0; k < m->data_count; k++) {
        Range init = m->datas[k].init;
        inst->datas[k] = alloc_data(c->store, m->bytes + init.start, init.end - init.start);
        if (inst->datas[k] == NO_ADDRESS) return no_room(diag);
    }
    return true;
}

// ---- What is run then

// instr* of an offset, 0 n, and what works on the segment with that; $runelem_, $rundata_
static Trap run_active(Config *c, ModuleInst *inst, Range offset, u32 n, Op init, Op drop, u32 x,
                       u32 y)
{
    u32 at = offset.start;
    Instr copy = instr_plain(init, x);
    copy.y = y;
    const Instr then[] = {instr_value(value_i32(0)), instr_value(value_i32(n)), copy,
                          instr_plain(drop, y)};
    Trap trap = run_constant(c, inst, &at);
    return trap ? trap : config_run(c, then, COUNT_OF(then));
}

static Trap run_elem(Config *c, ModuleInst *inst, u32 x)
{
    const ElemSegment *e = &inst->module->elems[x];
    const Instr drop = instr_plain(OP_elem_drop, x);
    if (e->mode == SEGMENT_passive) return TRAP_none;
    if (e->mode == SEGMENT_active)
        return run_active(c, inst, e->offset, e->count, OP_table_init, OP_elem_drop, e->table, x);
    return config_begin(c, inst) ? config_run(c, &drop, 1) : TRAP_out_of_memory;
}

static Trap run_data(Config *c, ModuleInst *inst, u32 x)
{
    const DataSegment *d = &inst->module->datas[x];
    if (d->mode != SEGMENT_active) return TRAP_none;
    return run_active(c, inst, d->offset, d->init.end - d->init.start, OP_memory_init, OP_data_drop,
                      d->memory, x);
}

static Trap run_segments(Config *c, ModuleInst *inst)
{
    const Module *m = inst->module;
    Trap trap = TRAP_none;
    for (u32 k = 0; k < m->elem_count && !trap; k++) trap = run_elem(c, inst, k);
    for (u32 k = 0; k < m->data_count && !trap; k++) trap = run_data(c, inst, k);
    return trap;
}

static ModuleInst *module_inst_new(FormalStore *s, const Module *m)
{
    u64 count = (u64)m->func_count + m->table_count + m->memory_count + m->global_count +
                m->tag_count + m->elem_count + m->data_count;
    ModuleInst *inst = calloc(1, sizeof *inst + (size_t)count * sizeof(u32));
    if (!inst) return NULL;
    u32 *at = (u32 *)(inst + 1);
    inst->module = m;
    inst->funcs = at, at += m->func_count;
    inst->tables = at, at += m->table_count;
    inst->mems = at, at += m->memory_count;
    inst->globals = at, at += m->global_count;
    inst->tags = at, at += m->tag_count;
    inst->elems = at, at += m->elem_count;
    inst->datas = at;
    inst->older = s->modules;
    return s->modules = inst;
}

ModuleInst *formal_make(Config *c, const Module *m, FormalResolver *resolve, void *env, Trap *trap,
                        Diag *diag)
{
    *trap = TRAP_none;
    ModuleInst *inst = module_inst_new(c->store, m);
    if (!inst) return no_room(diag), NULL;
    if (!link(c, inst, resolve, env, diag) || !make_funcs(c, inst, diag) ||
        !make_globals(c, inst, trap, diag) || !make_tables(c, inst, trap, diag) ||
        !make_elems(c, inst, trap, diag) || !make_rest(c, inst, diag))
        return NULL;
    inst->ready = true;
    *trap = run_segments(c, inst);
    return inst;
}

Trap formal_start(Config *c, ModuleInst *inst)
{
    const Instr start = instr_plain(OP_call, inst->module->start);
    if (!inst->module->has_start) return TRAP_none;
    return config_begin(c, inst) ? config_run(c, &start, 1) : TRAP_out_of_memory;
}

ModuleInst *formal_instantiate(Config *c, const Module *m, FormalResolver *resolve, void *env,
                               Trap *trap, Diag *diag)
{
    ModuleInst *inst = formal_make(c, m, resolve, env, trap, diag);
    if (inst && !*trap) *trap = formal_start(c, inst);
    return inst;
}

ExternAddr formal_address(const ModuleInst *inst, ExternKind kind, u32 index)
{
    return (ExternAddr){kind, addresses((ModuleInst *)inst, kind)[index]};
}

bool formal_export(const ModuleInst *inst, Bytes name, ExternAddr *out)
{
    const Export *e = module_export(inst->module, name);
    if (e) *out = formal_address(inst, e->kind, e->index);
    return e != NULL;
}

static const TypeDef *type_of_func(const Config *c, u32 func)
{
    return type_def(c->store->types, c->store->funcs.at[func].type);
}

bool formal_begin(Config *c, u32 func, const Val *args)
{
    static const Instr nothing; // behind what stands ahead
    u32 n = type_of_func(c, func)->param_count;
    if (!config_begin(c, NULL) || !has_room(c, n)) return false;
    for (u32 k = 0; k < n; k++) push(c, args[k]);
    push(c, value_ref(VALUE_func, func));
    ahead(c, instr_call(OP_call_ref, c->store->funcs.at[func].type));
    config_start(c, &nothing, 0);
    return true;
}

Trap formal_end(Config *c, u32 func, Val *results)
{
    u32 n = c->halt ? 0 : type_of_func(c, func)->result_count;
    for (u32 k = 0; k < n; k++) results[k] = c->values[k];
    return c->halt;
}

Trap formal_invoke(Config *c, u32 func, Val *values)
{
    if (!formal_begin(c, func, values)) return TRAP_out_of_memory;
    config_go(c);
    return formal_end(c, func, values);
}
