// uses.c -- what uses each type of a module: other types, items, instructions. Code is read without
// asking whether it is valid, as far as it goes; an index that names nothing counts nowhere.

#include "cli/inspect/types.h"

#include "module/imm.h"

typedef struct {
    TypeViews *views;
    Describer *describer;
    const Module *m;
    ImmReader in;
    Diag ignored;
} Counter;

static void use_times(Counter *c, u32 index, Use how, u32 times)
{
    TypeViews *v = c->views;
    if (index >= v->count) return;
    u32 *uses = &v->all[v->all[index].same].uses[how];
    *uses = (u32)MIN((u64)*uses + times, UINT32_MAX);
}

static void use_index(Counter *c, u32 index, Use how) { use_times(c, index, how, 1); }

// ---- What is decoded, where it is named by its id

static void use_id(Counter *c, TypeId id, Use how)
{
    use_index(c, describe_index(c->describer, id), how);
}

static void use_value(Counter *c, Type type, Use how)
{
    if (type_is_ref(type) && type_is_concrete(type)) use_id(c, type_id(type), how);
}

static void use_within(Counter *c, const TypeDef *def)
{
    u32 values = def->kind == COMP_func ? def->param_count + (u32)def->result_count : 0;
    if (def->kind == COMP_cont) use_id(c, def->cont, USE_types);
    for (u32 i = 0; i < values; i++) use_value(c, def->params[i], USE_types);
    for (u32 i = 0; i < def->field_count; i++) use_value(c, def->fields[i].type, USE_types);
}

static void use_items(Counter *c)
{
    const Module *m = c->m;
    for (u32 i = 0; i < m->type_count; i++)
        if (c->views->all[i].same == i) use_within(c, type_def(m->store, m->types[i]));
    for (u32 i = 0; i < m->func_count; i++) use_id(c, m->funcs[i].type, USE_functions);
    for (u32 i = 0; i < m->tag_count; i++) use_id(c, m->tags[i].type, USE_functions);
    for (u32 i = 0; i < m->global_count; i++) use_value(c, m->globals[i].type.type, USE_items);
    for (u32 i = 0; i < m->table_count; i++) use_value(c, m->tables[i].type.elem, USE_items);
    for (u32 i = 0; i < m->elem_count; i++) use_value(c, m->elems[i].type, USE_items);
}

// ---- Code, where it is named by its index

static void use_type(Counter *c, Type type, Use how)
{
    if (type_is_ref(type) && type_is_concrete(type)) use_index(c, type_id(type), how);
}

static Use use_of(Op op)
{
    u32 effects = op_info[op].effects;
    if (effects & ALLOCATES) return USE_made;
    if (effects & CALLS) return USE_called;
    if (effects & WRITES_heap) return USE_written;
    return effects & READS_heap ? USE_read : USE_other;
}

static void use_block(Counter *c, const ImmBlock *block)
{
    if (block->form == BLOCK_index) use_index(c, block->type, USE_other);
    if (block->form == BLOCK_value) use_type(c, block->value, USE_other);
}

static void use_imm(Counter *c, Op op, const Imm *imm)
{
    Use use = use_of(op);
    switch ((ImmKind)op_info[op].immediates) {
    case IMM_block: case IMM_try_table: use_block(c, &imm->block.type); break;
    case IMM_types:
        for (u32 i = 0; i < imm->types.count; i++) use_type(c, imm->types.at[i], USE_other);
        break;
    case IMM_heap: use_type(c, imm->heap, op == OP_ref_null ? USE_other : USE_cast); break;
    case IMM_cast: use_type(c, imm->cast.to, USE_cast); break;
    case IMM_type: use_index(c, imm->type_index, use); break;
    case IMM_type_table: use_index(c, imm->type_table.type, use); break;
    case IMM_type_field: use_index(c, imm->type_field.type, use); break;
    case IMM_type_count: use_index(c, imm->type_count.type, use); break;
    case IMM_type_data: use_index(c, imm->type_data.type, use); break;
    case IMM_type_elem: use_index(c, imm->type_elem.type, use); break;
    case IMM_type_tag: use_index(c, imm->type_tag.type, use); break;
    case IMM_resume: case IMM_resume_throw: use_index(c, imm->resume.type, use); break;
    case IMM_type_type: // array.copy writes the one, and reads the other
        use_index(c, imm->type_type.first, use);
        use_index(c, imm->type_type.second, use == USE_written ? USE_read : use);
        break;
    default: break;
    }
}

// So many expressions in a row, or all up to the end.
static void use_code(Counter *c, u32 exprs)
{
    Imm imm;
    while (c->in.next < c->in.end && exprs) {
        Op op = imm_op(&c->in);
        if (op == OP_COUNT || !imm_read(&c->in, op, &imm)) return;
        use_imm(c, op, &imm);
        exprs -= op == OP_end;
    }
}

static bool use_locals(Counter *c)
{
    u32 runs, count;
    Type type;
    if (!imm_count(&c->in, &runs, "local declarations")) return false;
    while (runs--) {
        if (!imm_u32(&c->in, &count) || !imm_value_type(&c->in, &type)) return false;
        if (type_is_ref(type) && type_is_concrete(type))
            use_times(c, type_id(type), USE_locals, count);
    }
    return true;
}

static void begin(Counter *c, u32 start, u32 end)
{
    diag_init(&c->ignored);
    c->in.next = c->m->bytes + start;
    c->in.end = c->m->bytes + end;
}

static void use_range(Counter *c, Range range)
{
    begin(c, range.start, range.end);
    use_code(c, UINT32_MAX);
}

static void use_segment(Counter *c, const ElemSegment *e)
{
    if (e->mode == SEGMENT_active) use_range(c, e->offset);
    if (!e->of_exprs) return;
    begin(c, e->items_at, (u32)c->m->size);
    use_code(c, e->count);
}

void uses_count(TypeViews *views, Inspect *s)
{
    const Module *m = s->m;
    Counter c = {.views = views, .describer = &s->describer, .m = m,
                 .in = {.m = m, .at_end = ERR_unexpected_end, .arena = s->arena}};
    c.in.diag = &c.ignored;
    use_items(&c);
    for (u32 i = 0; i < m->global_count; i++) use_range(&c, m->globals[i].init);
    for (u32 i = 0; i < m->table_count; i++) use_range(&c, m->tables[i].init);
    for (u32 i = 0; i < m->elem_count; i++) use_segment(&c, &m->elems[i]);
    for (u32 i = 0; i < m->body_count; i++) {
        Range body = m->funcs[m->imported_funcs + i].body;
        begin(&c, body.start, body.end);
        if (use_locals(&c)) use_code(&c, UINT32_MAX);
    }
}
