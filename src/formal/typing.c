// typing.c -- see typing.h.
//
// Trees have no code that cannot be reached: what follows an instruction that nothing follows is
// the end of its sequence.

#include "formal/typing_rules.h"

// ---- Stacks

bool stack_pop(Stack *s, Type *found)
{
    if (s->top) {
        *found = s->nodes->at[s->top].type;
        s->top = s->nodes->at[s->top].below;
        return true;
    }
    *found = TYPE_bottom;
    if (s->any) return true;
    return s->count && judge_value(s->judge, s->values[--s->count], found);
}

void nodes_init(Nodes *nodes, Arena *arena)
{
    *nodes = (Nodes){.arena = arena};
    ARENA_PUSH(arena, nodes->at, nodes->count, nodes->cap) = (TypeNode){0};
}

void stack_push(Stack *s, Type type)
{
    Nodes *n = s->nodes;
    TypeNode node = {type, s->top, n->at[s->top].depth + 1};
    s->top = n->count;
    ARENA_PUSH(n->arena, n->at, n->count, n->cap) = node;
}

TypingContext typing_context(Judge *j, u32 rule, const Module *m)
{
    static const Module empty;
    return (TypingContext){.judge = j, .rule = rule, .module = m ? m : &empty};
}

// ---- Blocks and labels

static bool is_def(u32 of) { return of >= TYPE_ID_FIRST && !type_is_ref(of); }

void block_types(const TypeStore *types, const Instr *block, const Type **params, u32 *param_count,
                 const Type **results, u32 *result_count)
{
    const TypeDef *def = is_def(block->of) ? type_def(types, block->of) : NULL;
    *param_count = def ? def->param_count : 0;
    *result_count = def ? def->result_count : block->of != 0;
    *params = def ? def->params : NULL;
    *results = def ? type_results(def) : &block->of;
}

static void label_of_block(const TypeStore *types, const Instr *block, const Type **label,
                           u32 *count)
{
    const Type *lists[2];
    u32 counts[2];
    bool loop = block->op == OP_loop;
    block_types(types, block, &lists[0], &counts[0], &lists[1], &counts[1]);
    *label = lists[!loop];
    *count = counts[!loop];
}

static bool label_of_config(const TypingContext *C, u32 depth, const Type **label, u32 *count)
{
    for (u32 k = C->context + 1; k-- > 0;) {
        const Context *at = &C->config->contexts[k];
        if (at->kind == CONTEXT_frame || at->kind == CONTEXT_top) return false;
        if (at->kind != CONTEXT_label || depth--) continue;
        if (at->block) return label_of_block(types_of(C), at->block, label, count), true;
        return *label = C->returns, *count = C->return_count, true;
    }
    return false;
}

// C.LABELS[x]
bool typing_label(TypingContext *C, const Instr *i, u32 x, const Type **label, u32 *count)
{
    *label = C->returns;
    *count = C->return_count;
    if (C->config)
        return label_of_config(C, x, label, count) || wrong(C, i, "there is no label %u", x);
    if (x < C->open_count)
        return label_of_block(types_of(C), C->open[C->open_count - 1 - x].block, label, count),
               true;
    return (C->is_func && x == C->open_count) || wrong(C, i, "there is no label %u", x);
}

bool catch_ok(TypingContext *C, const ImmClause *clause)
{
    static const Instr i = {.redex = OP_try_table, .op = OP_try_table};
    const Type *label;
    u32 count, at = 0;
    bool tagged = clause->kind < 2, ref = clause->kind & 1;
    if (!typing_label(C, &i, clause->label, &label, &count)) return false;
    const TypeDef *def = tagged ? tag_at(C, &i, clause->tag) : NULL;
    if (tagged && !def) return false;
    u32 fields = def ? def->param_count : 0;
    if (count != fields + ref)
        return wrong(C, &i, "a clause sends %u values to a label for %u", fields + ref, count);
    for (; at < fields; at++)
        if (!judge_matches(C->judge, def->params[at], label[at]))
            return wrong(C, &i, "a clause sends %s to a label for %s",
                         type_words(def->params[at]).text, type_words(label[at]).text);
    return !ref || judge_matches(C->judge, type_ref(false, HEAP_exn), label[at]) ||
           wrong(C, &i, "a clause sends an exception to a label for %s",
                 type_words(label[at]).text);
}

static bool block_ok(TypingContext *C, const Instr *i, Stack *s)
{
    const Type *params, *results;
    u32 param_count, result_count;
    block_types(types_of(C), i, &params, &param_count, &results, &result_count);
    if (i->params != param_count || i->results != result_count)
        return wrong(C, i, "its type has other numbers of values");
    for (u32 k = 0; k < i->clause_count; k++)
        if (!catch_ok(C, &i->clauses[k])) return false;
    return pop_list(C, i, s, params, param_count) && push_list(s, results, result_count);
}

static bool branch_ok(TypingContext *C, const Instr *i, Stack *s)
{
    const Type *label;
    u32 count;
    return typing_label(C, i, i->x, &label, &count) && pop_list(C, i, s, label, count) &&
           leaves_any(s);
}

static bool br_if_ok(TypingContext *C, const Instr *i, Stack *s)
{
    const Type *label;
    u32 count;
    return typing_label(C, i, i->x, &label, &count) && POP(TYPE_i32) &&
           swap_list(C, i, s, label, count);
}

static bool br_table_ok(TypingContext *C, const Instr *i, Stack *s)
{
    const Type *before = NULL, *label;
    u32 arity = 0, count;
    if (!POP(TYPE_i32)) return false;
    for (u32 k = i->label_count + 1; k-- > 0;) {
        if (!typing_label(C, i, i->labels[k], &label, &count)) return false;
        if (k == i->label_count) arity = count;
        if (count != arity) return wrong(C, i, "its labels take %u and %u values", count, arity);
        Stack as_it_was = *s;
        if (label != before && !pop_list(C, i, &as_it_was, label, count)) return false;
        before = label;
    }
    return leaves_any(s);
}

static bool br_on_null_ok(TypingContext *C, const Instr *i, Stack *s)
{
    const Type *label;
    Type found;
    u32 count;
    return typing_label(C, i, i->x, &label, &count) && pop_ref(C, i, s, &found) &&
           swap_list(C, i, s, label, count) && pushes(s, found & ~TYPE_NULL);
}

// The label's last takes `sent`; in front of that is what stays in any case.
bool typing_sends(TypingContext *C, const Instr *i, Stack *s, Type sent)
{
    const Type *label;
    u32 count;
    if (!typing_label(C, i, i->x, &label, &count)) return false;
    if (!count || !judge_matches(C->judge, sent, label[count - 1]))
        return wrong(C, i, "it sends %s to a label for %s", type_words(sent).text,
                     count ? type_words(label[count - 1]).text : "nothing");
    return swap_list(C, i, s, label, count - 1);
}

static bool br_on_non_null_ok(TypingContext *C, const Instr *i, Stack *s)
{
    Type found;
    return pop_ref(C, i, s, &found) && typing_sends(C, i, s, found & ~TYPE_NULL);
}

// rt_1 \ rt_2, or rt_2 itself, goes to the label; the other stays.
static bool br_on_cast_ok(TypingContext *C, const Instr *i, Stack *s)
{
    Type from = i->of, to = i->type, rest = from & ~(to & TYPE_NULL);
    bool fails = i->op == OP_br_on_cast_fail;
    // with custom descriptors that is no premise
    if (!judge_matches(C->judge, to, from) &&
        !(C->module->features & FEATURE_BIT(FEATURE_custom_descriptors)))
        return wrong(C, i, "%s is no subtype of %s", type_words(to).text, type_words(from).text);
    return POP(from) && typing_sends(C, i, s, fails ? rest : to) && pushes(s, fails ? to : rest);
}

// ---- Calls and exceptions

static const TypeDef *func_def(TypingContext *C, const Instr *i, TypeId id)
{
    const TypeDef *def = type_def_any(types_of(C), id);
    if (def && def->kind == COMP_func) return def;
    return wrong(C, i, "it names no type of functions"), NULL;
}

static bool calls(TypingContext *C, const Instr *i, Stack *s, const TypeDef *def)
{
    return def && pop_list(C, i, s, def->params, def->param_count) &&
           push_list(s, type_results(def), def->result_count);
}

static bool tail_calls(TypingContext *C, const Instr *i, Stack *s, const TypeDef *def)
{
    if (!def || !pop_list(C, i, s, def->params, def->param_count)) return false;
    if (!C->is_func) return wrong(C, i, "there is no RETURN");
    if (!lists_match(C, type_results(def), def->result_count, C->returns, C->return_count))
        return wrong(C, i, "what it calls has other results");
    return leaves_any(s);
}

typedef bool Calls(TypingContext *C, const Instr *i, Stack *s, const TypeDef *def);

static bool direct(TypingContext *C, const Instr *i, Stack *s, Calls *how)
{
    return is_there(C, i, i->x, C->module->func_count, "function") &&
           how(C, i, s, func_def(C, i, C->module->funcs[i->x].type));
}

static bool by_ref(TypingContext *C, const Instr *i, Stack *s, Calls *how)
{
    const TypeDef *def = func_def(C, i, i->of);
    return def && POP(type_ref_to(true, i->of)) && how(C, i, s, def);
}

static bool indirect(TypingContext *C, const Instr *i, Stack *s, Calls *how)
{
    const Module *m = C->module;
    if (!is_there(C, i, i->x, m->table_count, "table") ||
        !is_there(C, i, i->y, m->type_count, "type"))
        return false;
    const TableType *table = &m->tables[i->x].type;
    if (!judge_matches(C->judge, table->elem, type_ref(true, HEAP_func)))
        return wrong(C, i, "the table holds %s", type_words(table->elem).text);
    return POP(address_type(table->limits.is64)) && how(C, i, s, func_def(C, i, m->types[i->y]));
}

static bool throw_ok(TypingContext *C, const Instr *i, Stack *s)
{
    const TypeDef *def = tag_at(C, i, i->x);
    return def && pop_list(C, i, s, def->params, def->param_count) && leaves_any(s);
}

static bool return_ok(TypingContext *C, const Instr *i, Stack *s)
{
    if (!C->is_func) return wrong(C, i, "there is no RETURN");
    return pop_list(C, i, s, C->returns, C->return_count) && leaves_any(s);
}

// ---- Variables, and what is parametric

// Of operands of any type, or of numbers and vectors alone where none is said.
static bool select_ok(TypingContext *C, const Instr *i, Stack *s)
{
    Type type = i->type, other;
    if (!POP(TYPE_i32)) return false;
    if (i->op == OP_select_t) return POP(type, type) && pushes(s, type);
    if (!pop_any(C, i, s, &type) || !pop_any(C, i, s, &other)) return false;
    if (type == TYPE_bottom) type = other;
    return (!type_is_ref(type) && (other == type || other == TYPE_bottom) && pushes(s, type)) ||
           wrong(C, i, "it chooses between %s and %s", type_words(other).text,
                 type_words(type).text);
}

static bool local_is_set(const TypingContext *C, u32 x)
{
    return C->config ? C->values[x].kind != VALUE_unset : C->set[x / 8] >> x % 8 & 1;
}

static bool local_ok(TypingContext *C, const Instr *i, Stack *s)
{
    if (!is_there(C, i, i->x, C->local_count, "local")) return false;
    Type type = C->locals[i->x];
    if (i->op == OP_local_get && !local_is_set(C, i->x))
        return wrong(C, i, "local %u was not set", i->x);
    if (i->op != OP_local_get && !POP(type)) return false;
    return i->op == OP_local_set || pushes(s, type);
}

static bool global_ok(TypingContext *C, const Instr *i, Stack *s)
{
    if (!is_there(C, i, i->x, C->module->global_count, "global")) return false;
    const GlobalType *type = &C->module->globals[i->x].type;
    if (i->op == OP_global_get) return pushes(s, type->type);
    return type->mutable ? POP(type->type) : wrong(C, i, "global %u may not change", i->x);
}

// ---- Tables and memories

static bool table_ok(TypingContext *C, const Instr *i, Stack *s)
{
    if (!is_there(C, i, i->x, C->module->table_count, "table")) return false;
    const TableType *t = &C->module->tables[i->x].type;
    Type at = address_type(t->limits.is64);
    switch (i->op) {
    case OP_table_get: return POP(at) && pushes(s, t->elem);
    case OP_table_set: return POP(at, t->elem);
    case OP_table_size: return pushes(s, at);
    case OP_table_grow: return POP(t->elem, at) && pushes(s, at);
    default: return POP(at, t->elem, at); // table.fill
    }
}

static bool table_copy_ok(TypingContext *C, const Instr *i, Stack *s)
{
    const Module *m = C->module;
    if (!is_there(C, i, i->x, m->table_count, "table") ||
        !is_there(C, i, i->y, m->table_count, "table"))
        return false;
    const TableType *to = &m->tables[i->x].type, *from = &m->tables[i->y].type;
    if (!judge_matches(C->judge, from->elem, to->elem))
        return wrong(C, i, "the tables are of different types");
    return POP(address_type(to->limits.is64), address_type(from->limits.is64),
               address_type(to->limits.is64 && from->limits.is64));
}

static bool table_init_ok(TypingContext *C, const Instr *i, Stack *s)
{
    const Module *m = C->module;
    if (!is_there(C, i, i->x, m->table_count, "table") ||
        !is_there(C, i, i->y, m->elem_count, "element segment"))
        return false;
    const TableType *to = &m->tables[i->x].type;
    if (!judge_matches(C->judge, m->elems[i->y].type, to->elem))
        return wrong(C, i, "the segment's elements are none of the table's");
    return POP(address_type(to->limits.is64), TYPE_i32, TYPE_i32);
}

static bool memory_at(TypingContext *C, const Instr *i, u32 x, Type *at)
{
    if (!is_there(C, i, x, C->module->memory_count, "memory")) return false;
    *at = address_type(C->module->memories[x].type.limits.is64);
    return true;
}

static bool memory_ok(TypingContext *C, const Instr *i, Stack *s)
{
    Type at, from;
    if (!memory_at(C, i, i->x, &at)) return false;
    switch (i->op) {
    case OP_memory_size: return pushes(s, at);
    case OP_memory_grow: return POP(at) && pushes(s, at);
    case OP_memory_fill: return POP(at, TYPE_i32, at);
    case OP_memory_discard: return POP(at, at);
    case OP_memory_atomic_notify: return POP(at, TYPE_i32) && pushes(s, TYPE_i32);
    case OP_memory_atomic_wait32: return POP(at, TYPE_i32, TYPE_i64) && pushes(s, TYPE_i32);
    case OP_memory_atomic_wait64: return POP(at, TYPE_i64, TYPE_i64) && pushes(s, TYPE_i32);
    case OP_memory_copy:
        return memory_at(C, i, i->y, &from) && POP(at, from, MIN(at, from));
    default: // memory.init
        return is_there(C, i, i->y, C->module->data_count, "data segment") &&
               POP(at, TYPE_i32, TYPE_i32);
    }
}

// ---- Each row

// What sig.def says of it; where it accesses a memory the first is the address.
static bool sig_ok(TypingContext *C, const Instr *i, Stack *s)
{
    const SigInfo *sig = &sig_info[op_info[i->op].sig];
    Type params[COUNT_OF(sig->params)];
    for (u32 k = 0; k < sig->param_count; k++) params[k] = sig->params[k];
    if (op_info[i->op].bits && !memory_at(C, i, i->x, &params[0])) return false;
    if (!pop_list(C, i, s, params, sig->param_count)) return false;
    for (u32 k = 0; k < sig->result_count; k++) stack_push(s, sig->results[k]);
    return true;
}

static bool hand_ok(TypingContext *C, const Instr *i, Stack *s)
{
    Type found;
    switch (i->redex) {
    case OP_unreachable: return leaves_any(s);
    case OP_if: return POP(TYPE_i32) && block_ok(C, i, s);
    case OP_block: case OP_loop: case OP_try_table: case OP_try: return block_ok(C, i, s);
    case OP_br: return branch_ok(C, i, s);
    case OP_br_if: return br_if_ok(C, i, s);
    case OP_br_table: return br_table_ok(C, i, s);
    case OP_br_on_null: return br_on_null_ok(C, i, s);
    case OP_br_on_non_null: return br_on_non_null_ok(C, i, s);
    case OP_br_on_cast: case OP_br_on_cast_fail: return br_on_cast_ok(C, i, s);
    case OP_return: return return_ok(C, i, s);
    case OP_call: return direct(C, i, s, calls);
    case OP_return_call: return direct(C, i, s, tail_calls);
    case OP_call_ref: return by_ref(C, i, s, calls);
    case OP_return_call_ref: return by_ref(C, i, s, tail_calls);
    case OP_call_indirect: return indirect(C, i, s, calls);
    case OP_return_call_indirect: return indirect(C, i, s, tail_calls);
    case OP_throw: return throw_ok(C, i, s);
    case OP_throw_ref: return POP(type_ref(true, HEAP_exn)) && leaves_any(s);
    case OP_drop: return pop_any(C, i, s, &found);
    case OP_select: case OP_select_t: return select_ok(C, i, s);
    case OP_local_get: case OP_local_set: case OP_local_tee: return local_ok(C, i, s);
    case OP_global_get: case OP_global_set: return global_ok(C, i, s);
    case OP_table_get: case OP_table_set: case OP_table_size: case OP_table_grow:
    case OP_table_fill: return table_ok(C, i, s);
    case OP_table_copy: return table_copy_ok(C, i, s);
    case OP_table_init: return table_init_ok(C, i, s);
    case OP_memory_size: case OP_memory_grow: case OP_memory_fill: case OP_memory_copy:
    case OP_memory_init: case OP_memory_discard: case OP_memory_atomic_notify:
    case OP_memory_atomic_wait32: case OP_memory_atomic_wait64: return memory_ok(C, i, s);
    case OP_rethrow: case OP_delegate: return leaves_any(s); // legacy, which names what it may
    case REDEX_waitx: return pushes(s, TYPE_i32);
    default: return typing_object(C, i, s);
    }
}

bool instr_ok(TypingContext *C, const Instr *i, Stack *s)
{
    Type type;
    if (i->redex == REDEX_value) return judge_value(C->judge, i->value, &type) && pushes(s, type);
    bool by_sig = i->op < OP_COUNT && op_info[i->op].sig != SIG_any;
    return by_sig ? sig_ok(C, i, s) : hand_ok(C, i, s);
}
