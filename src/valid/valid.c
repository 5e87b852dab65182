// valid.c -- everything about a module that is not in a function body, and the bodies with a
// consumer that does nothing. See valid.h.
//
// The order is that of the specification: what a constant expression may name grows as globals are
// checked, and bodies see everything. What types an index may name, and sizes of pages, were judged
// where they were decoded.
// spec: valid/modules

#include "valid/valid.h"

#include "base/map.h"
#include "module/describe.h"
#include "valid/constant.h"

#include <stdlib.h>
#include <string.h>

// The consumer that only wants to know.
#define WALK_NAME valid_hook
#define WALK_CONTEXT void
static inline void valid_hook_each(void *c, WalkState *w, Op op, const Imm *imm) {}
#include "valid/observe_each.h"
#include "valid/walk.h"

typedef struct {
    const Module *m;
    // the same, where it is told what constant expressions come to; NULL while bodies are checked
    Module *made;
    Diag *diag;
    Arena arena;
    WalkState walk;
    // where in the module what is being checked stands, or the section begins that it is in
    u32 at;
    u32 func; // whose body is next
} Check;

static u32 section_start(const Module *m, u8 id)
{
    for (u32 i = 0; i < m->section_count; i++)
        if (m->sections[i].id == id) return m->sections[i].content.start;
    return 0;
}

#define FAIL(err, ...) diag_fail(c->diag, err, c->at, __VA_ARGS__)

static bool check_expr(Check *c, u32 at, Type expected, Const *out)
{
    return constant_reduce(c->made, &c->walk, at, expected, out);
}

// ---- Types of things

// rule: Limits_ok
static bool check_limits(Check *c, const Limits *l, u64 most, Err too_large, const char *what,
                         u32 index)
{
    if (l->min > most || (l->has_max && l->max > most))
        return FAIL(too_large, "%s %u must be at most 0x%llx", what, index,
                    (unsigned long long)most);
    if (l->has_max && l->min > l->max)
        return FAIL(ERR_size_minimum_exceeds_maximum, "%s %u: %llu > %llu", what, index,
                    (unsigned long long)l->min, (unsigned long long)l->max);
    return true;
}

// rule: Memtype_ok
static bool check_memory(Check *c, u32 index, const MemType *type)
{
    const Limits *l = &type->limits;
    // All of the address space, in pages; 2^64 bytes cannot be said in bytes.
    u32 address = l->is64 ? 64 : 32;
    u64 most = l->is64 && l->page_log2 == 0 ? UINT64_MAX : (u64)1 << (address - l->page_log2);
    if (!l->is64 && l->page_log2 == 0) most = UINT32_MAX;
    if (!check_limits(c, l, most, ERR_memory_size_limit, "memory", index)) return false;
    if (l->shared && !l->has_max) return FAIL(ERR_shared_memory_needs_maximum, "memory %u", index);
    return true;
}

// rule: Tabletype_ok
static bool check_table_type(Check *c, u32 index, const TableType *type)
{
    u64 most = type->limits.is64 ? UINT64_MAX : UINT32_MAX;
    return check_limits(c, &type->limits, most, ERR_table_size_limit, "table", index);
}

// rules: Tagtype_ok, Expand_use/deftype
static bool check_tag(Check *c, u32 index, TypeId id)
{
    const TypeDef *def = type_def(c->m->store, id);
    if (def->result_count && !module_has(c->m, FEATURE_stack_switching))
        return FAIL(ERR_non_empty_tag_result, "tag %u", index);
    return true;
}

// ---- Sections

// rule: Import_ok
static bool check_imports(Check *c)
{
    for (u32 i = 0; i < c->m->import_count; i++) {
        const Import *import = &c->m->imports[i];
        c->at = (u32)(import->name.data - c->m->bytes);
        const Module *m = c->m;
        u32 index = import->index;
        switch (import->kind) {
        case EXTERN_table:
            if (!check_table_type(c, index, &m->tables[index].type)) return false;
            break;
        case EXTERN_memory:
            if (!check_memory(c, index, &m->memories[index].type)) return false;
            break;
        case EXTERN_tag:
            if (!check_tag(c, index, m->tags[index].type)) return false;
            break;
        default: break;
        }
    }
    return true;
}

// rule: Table_ok
static bool check_tables(Check *c)
{
    const Module *m = c->m;
    for (u32 i = m->imported_tables; i < m->table_count; i++) {
        TableDecl *table = &m->tables[i];
        c->at = table->at;
        if (!check_table_type(c, i, &table->type)) return false;
        if (table->init.start == table->init.end) {
            if (!type_is_defaultable(table->type.elem))
                return FAIL(ERR_type_mismatch, "table %u needs a value to start with", i);
            table->value = CONST_NULL;
        } else if (!check_expr(c, table->init.start, table->type.elem, &table->value)) {
            return false;
        }
    }
    return true;
}

static bool check_globals(Check *c)
{
    const Module *m = c->m;
    for (u32 i = m->imported_globals; i < m->global_count; i++) {
        GlobalDecl *global = &m->globals[i];
        // rule: Globals_ok/cons
        c->walk.globals = i; // only those before it
        // rule: Global_ok
        if (!check_expr(c, global->init.start, global->type.type, &global->value)) return false;
    }
    // rule: Globals_ok/empty
    c->walk.globals = m->global_count;
    return true;
}

static bool matches(Check *c, Type sub, Type super)
{
    return sub == super || type_matches(c->m->store, sub, super);
}

// A word that is there already. What is computed for each instance says of what it is in front of
// it.
static bool check_word(Check *c, u32 at, Type expected, u32 word)
{
    Const value;
    if (!check_expr(c, at, expected, &value)) return false;
    c->made->words[word] = value;
    return true;
}

static bool check_items(Check *c, const ElemSegment *seg)
{
    Module *m = c->made;
    c->walk.in.next = m->bytes + seg->items_at;
    for (u32 i = 0; i < seg->count; i++) {
        u32 number = module_room(m, 1);
        m->words[number] = m->computed_items;
        if (!check_word(c, (u32)(c->walk.in.next - m->bytes), seg->type, seg->items + i))
            return false;
        if (const_kind(m->words[seg->items + i]) == CONST_steps) m->computed_items++;
        else m->word_count = number;
    }
    return true;
}

// rule: Elem_ok
static bool check_elem(Check *c, u32 index, const ElemSegment *seg)
{
    const Module *m = c->m;
    if (seg->mode == SEGMENT_active) {
        c->at = seg->offset.start;
        // rule: Elemmode_ok/active
        if (seg->table >= m->table_count)
            return FAIL(ERR_unknown_table, " %u, in elem segment %u", seg->table, index);
        const TableType *table = &m->tables[seg->table].type;
        if (!matches(c, seg->type, table->elem))
            return FAIL(ERR_type_mismatch, "elem segment %u does not suit table %u", index,
                        seg->table);
        if (!check_word(c, seg->offset.start, walk_address(table->limits.is64), seg->items - 1))
            return false;
    }
    if (seg->of_exprs) return check_items(c, seg);
    for (u32 i = 0; i < seg->count; i++) {
        u32 func = m->words[seg->items + i];
        if (func >= m->func_count)
            return FAIL(ERR_unknown_function, " %u, in elem segment %u", func, index);
    }
    return true;
}

// rule: Data_ok
static bool check_data(Check *c, u32 index, DataSegment *seg)
{
    const Module *m = c->m;
    // rule: Datamode_ok/passive
    if (seg->mode != SEGMENT_active) return true;
    c->at = seg->offset.start;
    // rule: Datamode_ok/active
    if (seg->memory >= m->memory_count)
        return FAIL(ERR_unknown_memory, " %u, in data segment %u", seg->memory, index);
    return check_expr(c, seg->offset.start, walk_address(m->memories[seg->memory].type.limits.is64),
                      &seg->at);
}

// rule: Start_ok
static bool check_start(Check *c)
{
    const Module *m = c->m;
    if (!m->has_start) return true;
    if (m->start >= m->func_count)
        return FAIL(ERR_unknown_function, " %u is the start function", m->start);
    const TypeDef *type = type_def(m->store, m->funcs[m->start].type);
    if (type->param_count || type->result_count)
        return FAIL(ERR_start_function_type, "function %u has parameters or results", m->start);
    return true;
}

// rule: Export_ok
static bool check_exports(Check *c)
{
    const Module *m = c->m;
    Map names;
    arena_reset(&c->arena);
    map_init(&names, &c->arena);
    const u32 counts[EXTERN_COUNT] = {
        [EXTERN_func] = m->func_count,     [EXTERN_table] = m->table_count, [EXTERN_memory] = m->memory_count,
        [EXTERN_global] = m->global_count, [EXTERN_tag] = m->tag_count,
    };
    static const Err unknown[EXTERN_COUNT] = {
        [EXTERN_func] = ERR_unknown_function, [EXTERN_table] = ERR_unknown_table, [EXTERN_memory] = ERR_unknown_memory,
        [EXTERN_global] = ERR_unknown_global, [EXTERN_tag] = ERR_unknown_tag,
    };
    for (u32 i = 0; i < m->export_count; i++) {
        const Export *export = &m->exports[i];
        char name[QUOTED_MOST];
        c->at = (u32)(export->name.data - m->bytes);
        // rules: Externidx_ok/func, Externidx_ok/table, Externidx_ok/mem, Externidx_ok/global
        // rule: Externidx_ok/tag
        if (export->index >= counts[export->kind])
            return FAIL(unknown[export->kind], " %u is exported as %s", export->index,
                        quoted(name, export->name));
        if (!map_add(&names, export->name.data, export->name.len, i))
            return FAIL(ERR_duplicate_export, "%s", quoted(name, export->name));
    }
    return true;
}

// rule: Module_ok
static bool check_definitions(Check *c)
{
    enum { IMPORT = 2, MEMORY = 5, GLOBAL = 6, EXPORT = 7, START = 8, ELEM = 9 };
    const Module *m = c->m;
    c->at = section_start(m, IMPORT);
    if (!check_imports(c)) return false;
    for (u32 i = m->imported_tags; i < m->tag_count; i++) {
        c->at = m->tags[i].at;
        // rule: Tag_ok
        if (!check_tag(c, i, m->tags[i].type)) return false;
    }
    c->at = section_start(m, MEMORY);
    if (m->memory_count > 1 && !module_has(m, FEATURE_multi_memory))
        return FAIL(ERR_feature_disabled,
                    "more than one memory needs multi-memory (--features=+multi-memory)");
    for (u32 i = m->imported_memories; i < m->memory_count; i++) {
        c->at = m->memories[i].at;
        // rule: Mem_ok
        if (!check_memory(c, i, &m->memories[i].type)) return false;
    }
    c->walk.globals = m->imported_globals;
    if (!check_tables(c)) return false;
    c->at = section_start(m, GLOBAL);
    if (!check_globals(c)) return false;
    c->at = section_start(m, ELEM);
    for (u32 i = 0; i < m->elem_count; i++)
        if (!check_elem(c, i, &m->elems[i])) return false;
    c->at = section_start(m, START);
    if (!check_start(c)) return false;
    c->at = section_start(m, EXPORT);
    return check_exports(c);
}

static bool check_datas(Check *c)
{
    for (u32 i = 0; i < c->m->data_count; i++)
        if (!check_data(c, i, &c->m->datas[i])) return false;
    return true;
}

static bool check_body(Check *c)
{
    arena_reset(&c->arena);
    return valid_hook_walk_func(NULL, &c->walk, c->func);
}

// ---- Entry points

static void check_init(Check *c, const Module *m)
{
    *c = (Check){.m = m};
    arena_init(&c->arena);
    c->arena.account = m->arena.account;
    walk_init(&c->walk, m, &c->arena, NULL);
}

static Err why_short(const Check *c)
{
    bool met = c->arena.met || (c->made && c->made->arena.met);
    return met ? ERR_limit_module_bytes : ERR_out_of_memory;
}

// No more than `limit` bytes, unless it is 0.
static bool check_guarded(Check *c, bool (*check)(Check *), size_t limit, Diag *diag)
{
    jmp_buf short_of_memory;
    volatile bool ok = false;
    c->diag = c->walk.diag = diag;
    c->arena.on_failure = &short_of_memory;
    if (c->made) c->made->arena.on_failure = &short_of_memory;
    c->arena.limit = limit;
    if (setjmp(short_of_memory) == 0) ok = check(c);
    else diag_fail(diag, why_short(c), 0, "while validating");
    if (c->made) c->made->arena.on_failure = NULL;
    return ok;
}

static bool check_once(Module *m, bool (*check)(Check *), Diag *diag)
{
    Check c;
    check_init(&c, m);
    c.made = m;
    bool ok = check_guarded(&c, check, 0, diag);
    arena_free(&c.arena);
    return ok;
}

bool module_validate_definitions(Module *m, Diag *diag)
{
    return check_once(m, check_definitions, diag);
}
bool module_validate_data(Module *m, Diag *diag) { return check_once(m, check_datas, diag); }

struct BodyValidator { Check check; };

BodyValidator *body_validator_new(const Module *m)
{
    BodyValidator *v = malloc(sizeof *v);
    if (v) check_init(&v->check, m);
    return v;
}

void body_validator_free(BodyValidator *v)
{
    if (!v) return;
    arena_free(&v->check.arena);
    free(v);
}

// With the module's bytes this is ten times its size and 64 MiB at most, some of that left for the
// rest. Blocks nested as deep as a body lets them take 16 bytes for each of its bytes, which fits.
// Only calls that pile up a thousand results each need more, without end: those are refused. What
// comes behind the body does not count, so that the verdict is the same when it is not there yet.
static size_t body_limit(const Module *m, u32 func)
{
    return (size_t)MIN(((u64)58 << 20) + 9 * (u64)m->funcs[func].body.end, SIZE_MOST);
}

bool body_validator_check(BodyValidator *v, u32 first, u32 end, Diag *diag)
{
    Check *c = &v->check;
    for (c->func = first; c->func < end; c->func++)
        if (!check_guarded(c, check_body, body_limit(c->m, c->func), diag)) return false;
    diag->func = DIAG_NO_FUNC;
    return true;
}

bool module_validate(Module *m, Diag *diag)
{
    if (!module_validate_definitions(m, diag)) return false;
    BodyValidator *v = body_validator_new(m);
    bool ok = v ? body_validator_check(v, m->imported_funcs, m->func_count, diag)
                : diag_fail(diag, ERR_out_of_memory, 0, "while validating");
    body_validator_free(v);
    return ok && module_validate_data(m, diag);
}
