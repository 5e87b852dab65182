// judge_store.c -- what every instance of the store holds. See judge.h.
// spec: appendix/properties, store validity

#include "formal/judge.h"

#include <stdlib.h>
#include <string.h>

// ---- Types of instances. spec: valid/types

static bool limits_ok(const Limits *l, u64 most)
{
    return l->min <= most && (!l->has_max || (l->min <= l->max && l->max <= most));
}

static u64 pages_most(const Limits *l)
{
    u32 bits = (l->is64 ? 64 : 32) - l->page_log2;
    return bits == 64 ? UINT64_MAX : (u64)1 << bits;
}

// ---- Instances

bool Taginst_ok(Judge *j, u32 a)
{
    TypeId id = j->s->tags.at[a].type;
    if (!judge_def_ok(j, id) || type_def(j->s->types, id)->kind != COMP_func)
        return refuted(j, JUDGEMENT_Taginst_ok, "the type of s.TAGS[%u] is none of functions", a);
    return judged(j, JUDGEMENT_Taginst_ok);
}

bool Globalinst_ok(Judge *j, u32 a)
{
    const GlobalInst *g = &j->s->globals.at[a];
    if (!judge_type_ok(j, g->type.type) || type_is_packed(g->type.type))
        return refuted(j, JUDGEMENT_Globalinst_ok, "the type of s.GLOBALS[%u] is none", a);
    if (!judge_val(j, g->value, g->type.type))
        return within_part(j, JUDGEMENT_Globalinst_ok, "s.GLOBALS[%u].VALUE", a);
    return judged(j, JUDGEMENT_Globalinst_ok);
}

// The type's n is the one that it began with; the one that it has by now is what it is made of.
bool Meminst_ok(Judge *j, u32 a)
{
    const MemInst *m = &j->s->mems.at[a];
    const Limits *l = &m->type.limits;
    u64 pages = m->count >> l->page_log2;
    if (!limits_ok(l, pages_most(l)))
        return refuted(j, JUDGEMENT_Meminst_ok, "the type of s.MEMS[%u] is none", a);
    if (pages << l->page_log2 != m->count || pages < l->min || (l->has_max && pages > l->max) ||
        m->count > m->cap)
        return refuted(j, JUDGEMENT_Meminst_ok, "s.MEMS[%u] has %llu bytes, which its type does "
                       "not allow", a, (unsigned long long)m->count);
    return judged(j, JUDGEMENT_Meminst_ok);
}

// From that one on so many, of all.
typedef struct { u64 from, end; } Some;
static Some some_of(Judge *j, u64 from, u64 count, u64 all)
{
    from = MIN(from, all);
    u64 end = count < all - from ? from + count : all;
    j->work += 8 * (end - from);
    return (Some){from, end};
}

bool Tableinst_ok(Judge *j, u32 a, u64 from, u64 count)
{
    const TableInst *t = &j->s->tables.at[a];
    const Limits *l = &t->type.limits;
    if (!judge_type_ok(j, t->type.elem) || !type_is_ref(t->type.elem) ||
        !limits_ok(l, l->is64 ? UINT64_MAX : UINT32_MAX))
        return refuted(j, JUDGEMENT_Tableinst_ok, "the type of s.TABLES[%u] is none", a);
    if (t->count < l->min || (l->has_max && t->count > l->max))
        return refuted(j, JUDGEMENT_Tableinst_ok, "s.TABLES[%u] has %llu elements, which its type "
                       "does not allow", a, (unsigned long long)t->count);
    Some s = some_of(j, from, count, t->count);
    for (u64 k = s.from; k < s.end; k++)
        if (!judge_val(j, t->refs[k], t->type.elem))
            return within_part(j, JUDGEMENT_Tableinst_ok, "s.TABLES[%u].REFS[%llu]", a,
                               (unsigned long long)k);
    return judged(j, JUDGEMENT_Tableinst_ok);
}

// A body is typed once it was made, on the first call. That the module is as it says is judged when
// it is ready.
bool Funcinst_ok(Judge *j, u32 a)
{
    const FuncInst *f = &j->s->funcs.at[a];
    if (!judge_def_ok(j, f->type) || type_def(j->s->types, f->type)->kind != COMP_func)
        return refuted(j, JUDGEMENT_Funcinst_ok, "the type of s.FUNCS[%u] is none of functions", a);
    if (!f->module != (f->host != NULL))
        return refuted(j, JUDGEMENT_Funcinst_ok, "s.FUNCS[%u] is neither a module's nor the host's",
                       a);
    if (f->module && f->module->module->funcs[f->index].type != f->type)
        return refuted(j, JUDGEMENT_Funcinst_ok, "the type of s.FUNCS[%u] is not its module's", a);
    // which says itself that it is this rule
    return (!f->body || typing_of_func(j, f)) && judged(j, JUDGEMENT_Funcinst_ok);
}

bool Datainst_ok(Judge *j, u32 a) { return judged(j, JUDGEMENT_Datainst_ok); }

bool Eleminst_ok(Judge *j, u32 a)
{
    const ElemInst *e = &j->s->elems.at[a];
    if (!judge_type_ok(j, e->type) || !type_is_ref(e->type))
        return refuted(j, JUDGEMENT_Eleminst_ok, "the type of s.ELEMS[%u] is none", a);
    Some s = some_of(j, 0, e->count, e->count);
    for (u64 k = s.from; k < s.end; k++)
        if (!judge_val(j, e->refs[k], e->type))
            return within_part(j, JUDGEMENT_Eleminst_ok, "s.ELEMS[%u].REFS[%u]", a, (u32)k);
    return judged(j, JUDGEMENT_Eleminst_ok);
}

static const TypeDef *def_of(Judge *j, TypeId id, CompKind kind)
{
    const TypeDef *def = type_def_any(j->s->types, id);
    return def && def->kind == kind ? def : NULL;
}

bool Structinst_ok(Judge *j, u32 a, u64 from, u64 count)
{
    const ObjectInst *o = &j->s->structs.at[a];
    const TypeDef *def = def_of(j, o->type, COMP_struct);
    if (!def || type_stored_fields(def) != o->count)
        return refuted(j, JUDGEMENT_Structinst_ok, "s.STRUCTS[%u] has not the fields of its type",
                       a);
    Some s = some_of(j, from, count, def->field_count);
    for (u64 k = s.from; k < s.end; k++)
        if (!judge_field(j, o->fields[k], def->fields[k].type))
            return within_part(j, JUDGEMENT_Structinst_ok, "s.STRUCTS[%u].FIELDS[%u]", a, (u32)k);
    return judged(j, JUDGEMENT_Structinst_ok);
}

bool Arrayinst_ok(Judge *j, u32 a, u64 from, u64 count)
{
    const ObjectInst *o = &j->s->arrays.at[a];
    const TypeDef *def = def_of(j, o->type, COMP_array);
    if (!def) return refuted(j, JUDGEMENT_Arrayinst_ok, "s.ARRAYS[%u] is of no array type", a);
    Some s = some_of(j, from, count, o->count);
    for (u64 k = s.from; k < s.end; k++)
        if (!judge_field(j, o->fields[k], def->fields[0].type))
            return within_part(j, JUDGEMENT_Arrayinst_ok, "s.ARRAYS[%u].FIELDS[%u]", a, (u32)k);
    return judged(j, JUDGEMENT_Arrayinst_ok);
}

bool Exninst_ok(Judge *j, u32 a)
{
    const ExnInst *e = &j->s->exns.at[a];
    const TypeDef *def =
        e->tag < j->s->tags.count ? def_of(j, j->s->tags.at[e->tag].type, COMP_func) : NULL;
    if (!def || def->param_count != e->count)
        return refuted(j, JUDGEMENT_Exninst_ok, "s.EXNS[%u] has not the values of its tag", a);
    for (u32 k = 0; k < e->count; k++)
        if (!judge_val(j, e->fields[k], def->params[k]))
            return within_part(j, JUDGEMENT_Exninst_ok, "s.EXNS[%u].FIELDS[%u]", a, k);
    return judged(j, JUDGEMENT_Exninst_ok);
}

// ---- Modules

// The addresses of a kind are by index, so an export's is one of them.
bool Exportinst_ok(Judge *j, const ModuleInst *m, const Export *e)
{
    const Module *module = m->module;
    const u32 counts[EXTERN_COUNT] = {
        [EXTERN_func] = module->func_count, [EXTERN_table] = module->table_count,
        [EXTERN_memory] = module->memory_count, [EXTERN_global] = module->global_count,
        [EXTERN_tag] = module->tag_count};
    if (e->index >= counts[e->kind])
        return refuted(j, JUDGEMENT_Exportinst_ok, "an export names a %s that is not there",
                       extern_text[e->kind]);
    ExternType xt = module_type(module, e->kind, e->index);
    return concluded(j, JUDGEMENT_Exportinst_ok,
                     Externaddr_ok_sub(j, formal_address(m, e->kind, e->index), &xt));
}

// What the module says of itself: C. It has no RECS, and what is of a body is typing_body's.
bool Context_ok(Judge *j, const Module *m)
{
    const char *bad = NULL;
    for (u32 k = 0; k < m->type_count; k++)
        if (!judge_def_ok(j, m->types[k])) bad = "TYPES";
    for (u32 k = 0; k < m->tag_count; k++)
        if (!def_of(j, m->tags[k].type, COMP_func)) bad = "TAGS";
    for (u32 k = 0; k < m->global_count; k++)
        if (!judge_type_ok(j, m->globals[k].type.type)) bad = "GLOBALS";
    for (u32 k = 0; k < m->memory_count; k++)
        if (!limits_ok(&m->memories[k].type.limits, pages_most(&m->memories[k].type.limits)))
            bad = "MEMS";
    for (u32 k = 0; k < m->table_count; k++)
        if (!judge_type_ok(j, m->tables[k].type.elem)) bad = "TABLES";
    for (u32 k = 0; k < m->func_count; k++)
        if (!def_of(j, m->funcs[k].type, COMP_func)) bad = "FUNCS";
    for (u32 k = 0; k < m->elem_count; k++)
        if (!judge_type_ok(j, m->elems[k].type)) bad = "ELEMS";
    if (bad) return refuted(j, JUDGEMENT_Context_ok, "one of C.%s is not what it should be", bad);
    return judged(j, JUDGEMENT_Context_ok);
}

static bool addresses_ok(Judge *j, const ModuleInst *m, ExternKind kind, u32 count)
{
    for (u32 k = 0; k < count; k++) {
        ExternType xt = module_type(m->module, kind, k);
        if (!Externaddr_ok_sub(j, formal_address(m, kind, k), &xt)) return false;
    }
    return true;
}

static int by_name(const void *a, const void *b)
{
    const Export *x = a, *y = b;
    int order = memcmp(x->name.data, y->name.data, MIN(x->name.len, y->name.len));
    return order ? order : (x->name.len > y->name.len) - (x->name.len < y->name.len);
}

static bool names_differ(Judge *j, const Module *m)
{
    arena_reset(&j->scratch);
    Export *sorted = arena_copy(&j->scratch, m->exports, m->export_count * sizeof *sorted);
    bool differ = true;
    qsort(sorted, m->export_count, sizeof *sorted, by_name);
    for (u32 k = 1; k < m->export_count; k++) differ &= by_name(&sorted[k - 1], &sorted[k]) != 0;
    return differ;
}

// It is of that type; and if it was not made yet when it was looked at, it is judged.
static bool segment_ok(Judge *j, Type type, u32 a)
{
    if (a >= j->s->elems.count || j->s->elems.at[a].type != type)
        return refuted(j, JUDGEMENT_Moduleinst_ok, "an element segment is not there");
    return j->kept->of[STORE_elems].at[a].count != KEPT_NOTHING ||
           judge_instance(j, STORE_elems, a);
}

bool Moduleinst_ok(Judge *j, const ModuleInst *m)
{
    const Module *module = m->module;
    if (!Context_ok(j, module)) return within(j, JUDGEMENT_Moduleinst_ok);
    if (!addresses_ok(j, m, EXTERN_tag, module->tag_count) ||
        !addresses_ok(j, m, EXTERN_global, module->global_count) ||
        !addresses_ok(j, m, EXTERN_func, module->func_count) ||
        !addresses_ok(j, m, EXTERN_memory, module->memory_count) ||
        !addresses_ok(j, m, EXTERN_table, module->table_count))
        return within(j, JUDGEMENT_Moduleinst_ok);
    for (u32 k = 0; k < module->data_count; k++)
        if (m->datas[k] >= j->s->datas.count)
            return refuted(j, JUDGEMENT_Moduleinst_ok, "data segment %u is not there", k);
    for (u32 k = 0; k < module->elem_count; k++)
        if (!segment_ok(j, module->elems[k].type, m->elems[k]))
            return within(j, JUDGEMENT_Moduleinst_ok);
    for (u32 k = 0; k < module->export_count; k++)
        if (!Exportinst_ok(j, m, &module->exports[k])) return within(j, JUDGEMENT_Moduleinst_ok);
    if (module->export_count > 1 && !names_differ(j, module))
        return refuted(j, JUDGEMENT_Moduleinst_ok, "two exports have the same name");
    return judged(j, JUDGEMENT_Moduleinst_ok);
}

// Only the newest may still be coming up: those that never did are in nobody's reach.
bool judge_modules(Judge *j)
{
    const ModuleInst *newest = j->s->modules;
    for (const ModuleInst *m = newest; m && m != j->modules; m = m->older)
        if (m->ready && !Moduleinst_ok(j, m)) return false;
    while (newest && !newest->ready && newest != j->modules) newest = newest->older;
    j->modules = newest;
    return true;
}

// ---- What is reachable without anything that can change

static bool is_ref_to(Val v, ValueKind kind) { return v.kind == kind && !v.external; }

// The next that is in a field which may not change.
bool ImmutReachable_ref_struct(Judge *j, Val from, u32 *at, Val *to)
{
    if (!is_ref_to(from, VALUE_struct)) return false;
    const ObjectInst *o = &j->s->structs.at[from.bits];
    const TypeDef *def = type_def(j->s->types, o->type);
    while (*at < def->field_count && def->fields[*at].mutable) ++*at;
    if (*at >= def->field_count) return false;
    *to = o->fields[(*at)++];
    return judged(j, JUDGEMENT_ImmutReachable_ref_struct);
}

bool ImmutReachable_ref_array(Judge *j, Val from, u32 *at, Val *to)
{
    if (!is_ref_to(from, VALUE_array)) return false;
    const ObjectInst *o = &j->s->arrays.at[from.bits];
    if (*at >= o->count || type_def(j->s->types, o->type)->fields[0].mutable) return false;
    *to = o->fields[(*at)++];
    return judged(j, JUDGEMENT_ImmutReachable_ref_array);
}

bool ImmutReachable_ref_exn(Judge *j, Val from, u32 *at, Val *to)
{
    if (!is_ref_to(from, VALUE_exn) || *at >= j->s->exns.at[from.bits].count) return false;
    *to = j->s->exns.at[from.bits].fields[(*at)++];
    return judged(j, JUDGEMENT_ImmutReachable_ref_exn);
}

bool ImmutReachable_ref_extern(Judge *j, Val from, u32 *at, Val *to)
{
    if (!from.external || *at) return false;
    *to = from;
    to->external = false;
    ++*at;
    return judged(j, JUDGEMENT_ImmutReachable_ref_extern);
}

static bool next_reachable(Judge *j, Val from, u32 *at, Val *to)
{
    return ImmutReachable_ref_extern(j, from, at, to) ||
           ImmutReachable_ref_struct(j, from, at, to) ||
           ImmutReachable_ref_array(j, from, at, to) || ImmutReachable_ref_exn(j, from, at, to);
}

// Objects are new, or on the way that is looked at, or done: then nothing in their reach can reach
// itself. So all of a store is looked through once.
enum { REACH_new, REACH_on_way, REACH_done };
struct Reach {
    Arena *arena;
    u8 *structs, *arrays, *exns;
    struct ReachStep { Val of; u32 at; } *way;
    u32 count, cap;
};

static void reach_init(Judge *j, Reach *r)
{
    *r = (Reach){.arena = &j->scratch};
    arena_reset(r->arena);
    r->structs = arena_alloc(r->arena, j->s->structs.count + 1u);
    r->arrays = arena_alloc(r->arena, j->s->arrays.count + 1u);
    r->exns = arena_alloc(r->arena, j->s->exns.count + 1u);
}

// NULL: what it is can reach nothing, or does so in another's name.
static u8 *reach_mark(const Reach *r, Val v)
{
    if (v.external) return NULL;
    switch (v.kind) {
    case VALUE_struct: return &r->structs[v.bits];
    case VALUE_array: return &r->arrays[v.bits];
    case VALUE_exn: return &r->exns[v.bits];
    default: return NULL;
    }
}

static void reach_enter(Reach *r, Val v)
{
    u8 *mark = reach_mark(r, v);
    if (mark) *mark = REACH_on_way;
    ARENA_PUSH(r->arena, r->way, r->count, r->cap) = (struct ReachStep){v, 0};
}

// One step further on the way: true, it has come to where it was. False: nothing is left of it.
bool ImmutReachable_trans(Judge *j, Reach *r)
{
    Val to;
    while (r->count) {
        struct ReachStep *last = &r->way[r->count - 1];
        j->work += 10;
        if (!next_reachable(j, last->of, &last->at, &to)) {
            u8 *mark = reach_mark(r, last->of);
            if (mark) *mark = REACH_done;
            r->count--;
            continue;
        }
        const u8 *mark = reach_mark(r, to);
        if (mark && *mark == REACH_on_way) return judged(j, JUDGEMENT_ImmutReachable_trans);
        if (to.external || (mark && *mark == REACH_new)) {
            reach_enter(r, to);
            judged(j, JUDGEMENT_ImmutReachable_trans);
        }
    }
    return false;
}

bool NotImmutReachable(Judge *j, Reach *r, Val a)
{
    if (*reach_mark(r, a) == REACH_new) reach_enter(r, a);
    if (ImmutReachable_trans(j, r))
        return refuted(j, JUDGEMENT_NotImmutReachable,
                       "an object can be reached from itself by fields that may not change");
    return judged(j, JUDGEMENT_NotImmutReachable);
}

static bool none_reaches_itself(Judge *j)
{
    Reach r;
    bool good = true;
    reach_init(j, &r);
    for (u32 a = 0; good && a < j->s->structs.count; a++)
        good = !j->s->structs.at[a].fields || NotImmutReachable(j, &r, value_ref(VALUE_struct, a));
    for (u32 a = 0; good && a < j->s->arrays.count; a++)
        good = !j->s->arrays.at[a].fields || NotImmutReachable(j, &r, value_ref(VALUE_array, a));
    for (u32 a = 0; good && a < j->s->exns.count; a++)
        good = !j->s->exns.at[a].fields || NotImmutReachable(j, &r, value_ref(VALUE_exn, a));
    return good;
}

// ---- The store

static bool table_in_all(Judge *j, u32 a) { return Tableinst_ok(j, a, 0, JUDGE_ALL); }
static bool struct_in_all(Judge *j, u32 a) { return Structinst_ok(j, a, 0, JUDGE_ALL); }
static bool array_in_all(Judge *j, u32 a) { return Arrayinst_ok(j, a, 0, JUDGE_ALL); }

typedef bool OfInstance(Judge *j, u32 a);
static OfInstance *const inst_ok[STORE_KINDS] = {
    [STORE_tags] = Taginst_ok, [STORE_globals] = Globalinst_ok, [STORE_mems] = Meminst_ok,
    [STORE_tables] = table_in_all, [STORE_funcs] = Funcinst_ok, [STORE_datas] = Datainst_ok,
    [STORE_elems] = Eleminst_ok, [STORE_structs] = struct_in_all, [STORE_arrays] = array_in_all,
    [STORE_exns] = Exninst_ok,
};

u32 judge_count(const FormalStore *s, StoreKind kind)
{
    switch (kind) {
    case STORE_tags: return s->tags.count;
    case STORE_globals: return s->globals.count;
    case STORE_mems: return s->mems.count;
    case STORE_tables: return s->tables.count;
    case STORE_funcs: return s->funcs.count;
    case STORE_datas: return s->datas.count;
    case STORE_elems: return s->elems.count;
    case STORE_structs: return s->structs.count;
    case STORE_arrays: return s->arrays.count;
    case STORE_exns: return s->exns.count;
    case STORE_KINDS: break;
    }
    return 0;
}

bool Store_ok(Judge *j)
{
    for (u32 kind = 0; kind < STORE_KINDS; kind++) {
        u32 count = judge_count(j->s, kind);
        j->work += 10 * (u64)count;
        for (u32 a = 0; a < count; a++)
            if (!judge_nothing(j->s, kind, a) && !inst_ok[kind](j, a))
                return within(j, JUDGEMENT_Store_ok);
    }
    return concluded(j, JUDGEMENT_Store_ok, none_reaches_itself(j));
}

static bool is_kept(const Judge *j, Val v)
{
    StoreKind kind = v.kind == VALUE_struct  ? STORE_structs
                     : v.kind == VALUE_array ? STORE_arrays : STORE_exns;
    return v.bits < j->kept->of[kind].count && j->kept->of[kind].at[v.bits].count != KEPT_NOTHING;
}

// What it holds leads to objects that were there before it, and so not back to it: of those nothing
// that could lead there may change.
static bool leads_back(Judge *j, StoreKind kind, u32 a)
{
    static const ValueKind refs[STORE_KINDS] = {
        [STORE_structs] = VALUE_struct, [STORE_arrays] = VALUE_array, [STORE_exns] = VALUE_exn};
    u32 at = 0;
    Val to;
    while (next_reachable(j, value_ref(refs[kind], a), &at, &to))
        if ((to.kind == VALUE_struct || to.kind == VALUE_array || to.kind == VALUE_exn) &&
            !is_kept(j, to))
            return true;
    return false;
}

bool judge_instance(Judge *j, StoreKind kind, u32 a)
{
    bool object = kind == STORE_structs || kind == STORE_arrays || kind == STORE_exns;
    bool good = judge_nothing(j->s, kind, a) ||
                (inst_ok[kind](j, a) &&
                 (!object || !leads_back(j, kind, a) || none_reaches_itself(j)));
    if (good) judge_keep(j, kind, a);
    return good;
}

bool judge_new(Judge *j)
{
    for (u32 kind = 0; kind < STORE_KINDS; kind++)
        for (u32 a = j->kept->of[kind].count; a < judge_count(j->s, kind); a++)
            if (!judge_instance(j, kind, a)) return false;
    return true;
}
