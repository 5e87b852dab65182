// plan.c -- see plan.h. Bodies are executed one definition after the other; a component that is
// instantiated is a frame on a stack, so nothing here calls itself for what the bytes nest.

#include "component/run/pairs.h"

#include <stdlib.h>
#include <string.h>

enum { MAPPED_FROM = 8 }; // exports: more are found by a map

typedef struct { Origin *items; u32 count, cap; } Origins;
typedef struct { u32 *items; u32 count, cap; } Slots;
typedef struct { Bytes name; ExternKind kind; u32 slot; } CoreExportSlot;

// A core instance: one that is made, or a bag of others' items.
typedef struct {
    const Module *module;
    u32 number;
    u32 *taken;              // slot by export, PLAN_NONE if not taken yet
    const CoreExportSlot *bag;
    u32 count;
    Map by_name;             // of a bag
} CoreInstance;

typedef struct Frame {
    struct Frame *caller;    // that instantiates it
    struct Frame *outer;     // in which its component stands
    const CBody *body;
    u32 next;
    PlanEnv *env;
    PlanInstance *args;      // NULL: of the root, whose imports are looked for
    CType type;              // of its instance, in the caller
    Origins modules, funcs, components, instances;
    Slots core[EXTERN_COUNT];
    CoreInstance **cores;
    u32 core_count, core_cap;
    PlanExport *exports;
    u32 export_count, export_cap;
    CIdMap seen;             // types of instances whose resources are known
} Frame;

struct PlanComponent {
    const CBody *body;
    Frame *outer;
};

typedef struct {
    Plan *plan;
    const Component *c;
    const PlanLink *link;
    Arena *arena;
    Frame *frame;
    Diag *diag;
    Pairs pairs;
    u32 work;
} Planner;

_Noreturn static void refuse(Planner *p, Err err, const char *why)
{
    diag_fail(p->diag, err, 0, "%s", why);
    arena_fail(p->arena);
}

// Whatever grows faster than the bytes do is counted.
static void spend(Planner *p, u32 cost)
{
    p->work += cost;
    if (p->work > COMPONENT_MOST_plan_steps) refuse(p, ERR_limit_plan_steps, "");
}

// A name is looked up, which takes as long as it is.
static void spend_name(Planner *p, Bytes name) { spend(p, (u32)(name.len / STEP_BYTES)); }

static Step *add_step(Planner *p, StepKind kind, u32 to)
{
    Plan *plan = p->plan;
    Step *s = &ARENA_PUSH(p->arena, plan->steps, plan->count, plan->cap);
    *s = (Step){.kind = (u8)kind, .to = to, .from = PLAN_NONE, .env = p->frame->env};
    return s;
}

// ---- Index spaces

static Origins *space_of(Frame *f, CEntityKind kind)
{
    switch (kind) {
    case CENTITY_module: return &f->modules;
    case CENTITY_func: return &f->funcs;
    case CENTITY_component: return &f->components;
    default: return &f->instances;
    }
}

static void push_slot(Planner *p, ExternKind kind, u32 slot)
{
    Slots *s = &p->frame->core[kind];
    ARENA_PUSH(p->arena, s->items, s->count, s->cap) = slot;
}

u32 plan_meeting(const u32 *parents, u32 instance, u32 caller)
{
    while (instance != PLAN_NONE && instance != caller) { // a parent's number is lower
        if (caller != PLAN_NONE && caller > instance) caller = parents[caller];
        else instance = parents[instance];
    }
    return instance;
}

u32 plan_resource(const CTypes *types, const PlanEnv *env, CType resource)
{
    const u32 *known = cidmap_get(&env->resources, ctype_canon(types, resource));
    return known ? *known : PLAN_NONE;
}

static void mean_resource(Planner *p, CType type, u32 number)
{
    CIdMap *known = &p->frame->env->resources;
    if (number != PLAN_NONE) cidmap_set(known, ctype_canon(&p->c->types, type), number);
}

static Origin type_origin(Planner *p, CType type)
{
    const CTypes *types = &p->c->types;
    bool resource = ctype_form(types, type) == CFORM_resource;
    u32 number = resource ? plan_resource(types, p->frame->env, type) : PLAN_NONE;
    return (Origin){.kind = CENTITY_type, .type = type, .resource = number};
}

// What an instance's type calls its resources is known from here on. Types are 100 deep at most.
static void mean_instance(Planner *p, CType type, const PlanInstance *instance)
{
    const CTypes *types = &p->c->types;
    const CTypeDef *def = ctype_def(types, type);
    if (!(ctype_holds(types, type) & HOLDS_resource) || cidmap_get(&p->frame->seen, type)) return;
    cidmap_set(&p->frame->seen, type, 1);
    for (u32 i = 0; i < def->externs->export_count; i++) {
        const CExtern *e = &def->externs->exports[i];
        const Origin *o = plan_export(instance, e->name);
        spend(p, 1);
        spend_name(p, e->name);
        if (!o || o->kind != e->entity.kind) continue;
        if (o->kind == CENTITY_type) mean_resource(p, e->entity.type, o->resource);
        else if (o->kind == CENTITY_instance) mean_instance(p, e->entity.type, o->instance);
    }
}

// It enters its index space; `type` is what it is known as here.
static void push(Planner *p, Origin o, CType type)
{
    if (o.kind != CENTITY_module) o.type = type;
    if (o.kind == CENTITY_type) {
        mean_resource(p, type, o.resource);
        return;
    }
    Origins *s = space_of(p->frame, o.kind);
    if (o.kind == CENTITY_instance) mean_instance(p, type, o.instance);
    ARENA_PUSH(p->arena, s->items, s->count, s->cap) = o;
}

static Origin named(Origin o, Bytes name)
{
    o.name = name;
    return o;
}

static Origin origin_of(Planner *p, CEntityKind kind, u32 index, CType type)
{
    if (kind == CENTITY_type) return type_origin(p, type);
    return space_of(p->frame, kind)->items[index];
}

const Origin *plan_export(const PlanInstance *of, Bytes name)
{
    if (of->by_name.cap) {
        const u32 *at = map_get(&of->by_name, name.data, name.len);
        return at ? &of->exports[*at].origin : NULL;
    }
    for (u32 i = 0; i < of->count; i++)
        if (bytes_same(of->exports[i].name, name)) return &of->exports[i].origin;
    return NULL;
}

// "ns:p/i@1.0.0" is what "ns:p/i", and a version unless it is empty, mean.
static bool is_interface(Bytes name, Bytes path, Bytes version)
{
    if (name.len < path.len || memcmp(name.data, path.data, path.len)) return false;
    Bytes rest = {name.data + path.len, name.len - path.len};
    return !version.len ? !rest.len || rest.data[0] == '@' : bytes_same(rest, version);
}

static const Origin *func_of(const PlanInstance *of, Bytes name)
{
    const Origin *o = plan_export(of, name);
    return o && o->kind == CENTITY_func ? o : NULL;
}

const Origin *plan_func(const Plan *plan, Bytes text)
{
    const PlanInstance *root = plan->root;
    const u8 *slash = memchr(text.data, '/', text.len), *end = text.data + text.len;
    const u8 *dot = slash ? memchr(slash, '.', (size_t)(end - slash)) : NULL;
    if (!dot) return func_of(root, text);
    const u8 *at = memchr(dot, '@', (size_t)(end - dot));
    if (!at) at = end;
    Bytes path = {text.data, (size_t)(dot - text.data)}, version = {at, (size_t)(end - at)};
    Bytes name = {dot + 1, (size_t)(at - dot - 1)};
    const Origin *found = NULL;
    for (u32 i = 0; i < root->count; i++) {
        const PlanExport *e = &root->exports[i];
        if (e->origin.kind != CENTITY_instance || !is_interface(e->name, path, version)) continue;
        const Origin *o = func_of(e->origin.instance, name);
        if (o && found) return NULL;
        if (o) found = o;
    }
    return found;
}

static PlanInstance *make_instance(Planner *p, PlanExport *exports, u32 count)
{
    PlanInstance *made = NEW(p->arena, PlanInstance);
    *made = (PlanInstance){.exports = exports, .count = count};
    if (count < MAPPED_FROM) return made;
    map_init(&made->by_name, p->arena);
    for (u32 i = 0; i < count; i++)
        map_add(&made->by_name, exports[i].name.data, exports[i].name.len, i);
    return made;
}

static PlanInstance *make_bag(Planner *p, const CArg *args, u32 count)
{
    PlanExport *exports = NEW_ARRAY(p->arena, PlanExport, count);
    spend(p, count);
    for (u32 i = 0; i < count; i++) {
        spend_name(p, args[i].name);
        exports[i] = (PlanExport){args[i].name,
                                  origin_of(p, (CEntityKind)args[i].kind, args[i].index,
                                            args[i].type)};
    }
    return make_instance(p, exports, count);
}

// ---- What is core

static u32 new_slot(Planner *p, ExternType type)
{
    pairs_slot(&p->pairs, type);
    return p->plan->slots++;
}

static u32 take(Planner *p, CoreInstance *of, Bytes name)
{
    if (!of->module) {
        const u32 *at = map_get(&of->by_name, name.data, name.len);
        return at ? of->bag[*at].slot : PLAN_NONE;
    }
    const Export *e = module_export(of->module, name);
    if (!e) return PLAN_NONE;
    u32 index = (u32)(e - of->module->exports);
    if (of->taken[index] != PLAN_NONE) return of->taken[index];
    Step *s = add_step(p, STEP_take, new_slot(p, module_type(of->module, e->kind, e->index)));
    s->from = of->number;
    s->index = index;
    return of->taken[index] = s->to;
}

static void push_core(Planner *p, CoreInstance *i)
{
    Frame *f = p->frame;
    ARENA_PUSH(p->arena, f->cores, f->core_count, f->core_cap) = i;
}

static void core_instantiate(Planner *p, const CDef *d)
{
    Frame *f = p->frame;
    const Module *m = f->modules.items[d->index].module;
    CoreInstance *made = NEW(p->arena, CoreInstance);
    u32 *slots = NEW_ARRAY(p->arena, u32, m->import_count);
    Map args;
    map_init(&args, p->arena);
    spend(p, m->import_count + m->export_count + d->count);
    for (u32 i = 0; i < d->count; i++) {
        spend_name(p, d->args[i].name);
        map_add(&args, d->args[i].name.data, d->args[i].name.len, d->args[i].index);
    }
    for (u32 i = 0; i < m->import_count; i++) {
        const Import *import = &m->imports[i];
        spend_name(p, import->module);
        spend_name(p, import->name);
        const u32 *arg = map_get(&args, import->module.data, import->module.len);
        slots[i] = arg ? take(p, f->cores[*arg], import->name) : PLAN_NONE;
        if (slots[i] == PLAN_NONE) refuse(p, ERR_component_argument, "a module that was linked");
        pairs_need(&p->pairs, slots[i]);
    }
    *made = (CoreInstance){.module = m, .number = p->plan->cores++,
                           .taken = NEW_ARRAY(p->arena, u32, m->export_count)};
    for (u32 i = 0; i < m->export_count; i++) made->taken[i] = PLAN_NONE;
    Step *s = add_step(p, STEP_instantiate, made->number);
    s->module = m;
    s->args = slots;
    push_core(p, made);
}

static void core_bag(Planner *p, const CDef *d)
{
    CoreInstance *made = NEW(p->arena, CoreInstance);
    CoreExportSlot *bag = NEW_ARRAY(p->arena, CoreExportSlot, d->count);
    spend(p, d->count);
    map_init(&made->by_name, p->arena);
    for (u32 i = 0; i < d->count; i++) {
        const CArg *a = &d->args[i];
        spend_name(p, a->name);
        bag[i] = (CoreExportSlot){a->name, (ExternKind)a->kind,
                                  p->frame->core[a->kind].items[a->index]};
        map_add(&made->by_name, a->name.data, a->name.len, i);
    }
    made->bag = bag;
    made->count = d->count;
    push_core(p, made);
}

static void core_alias(Planner *p, const CDef *d)
{
    u32 slot = take(p, p->frame->cores[d->index], d->name);
    if (slot == PLAN_NONE) refuse(p, ERR_component_argument, "a module that was linked");
    push_slot(p, (ExternKind)d->sort, slot);
}

// ---- Canonical definitions

static u32 slot_of(Planner *p, ExternKind kind, u32 index)
{
    u32 slot = index == CANON_NONE ? PLAN_NONE : p->frame->core[kind].items[index];
    pairs_need(&p->pairs, slot);
    return slot;
}

static const CCanon *with_slots(Planner *p, const CCanon *canon)
{
    CCanon *made = arena_copy(p->arena, canon, sizeof *canon);
    made->memory = slot_of(p, EXTERN_memory, canon->memory);
    made->realloc = slot_of(p, EXTERN_func, canon->realloc);
    made->post_return = slot_of(p, EXTERN_func, canon->post_return);
    made->callback = slot_of(p, EXTERN_func, canon->callback);
    return made;
}

static u32 add_func(Planner *p, PlanFunc f)
{
    Plan *plan = p->plan;
    ARENA_PUSH(p->arena, plan->funcs, plan->func_count, plan->func_cap) = f;
    return plan->func_count - 1;
}

static void lift(Planner *p, const CDef *d)
{
    const CCanon *canon = with_slots(p, d->canon);
    u32 core = slot_of(p, EXTERN_func, d->index);
    u32 number = add_func(p, (PlanFunc){canon, p->frame->env, PLAN_NONE, canon->type, core});
    Step *s = add_step(p, STEP_lift, number);
    s->from = core;
    s->canon = canon;
    push(p, (Origin){.kind = CENTITY_func, .func = number}, canon->type);
}

static u32 core_func(Planner *p, const CCanon *canon)
{
    u32 slot = new_slot(p, (ExternType){.kind = EXTERN_func, .func = canon->core});
    push_slot(p, EXTERN_func, slot);
    return slot;
}

static void lower(Planner *p, const CDef *d)
{
    const Origin *o = &p->frame->funcs.items[d->index];
    Pair pair = {.func = o->func, .env = p->frame->env, .name = o->name};
    pair.canon = with_slots(p, d->canon);
    u32 same = pairs_same(&p->pairs, &pair);
    if (same != PLAN_NONE) {
        push_slot(p, EXTERN_func, same);
        return;
    }
    pair.slot = core_func(p, pair.canon);
    pairs_lower(&p->pairs, &pair);
}

static void builtin(Planner *p, const CDef *d)
{
    const CTypes *types = &p->c->types;
    const CCanon *canon = with_slots(p, d->canon);
    bool resource = canon->type != CTYPE_NONE && ctype_form(types, canon->type) == CFORM_resource;
    u32 number = resource ? plan_resource(types, p->frame->env, canon->type) : d->index;
    Step *s = add_step(p, STEP_builtin, core_func(p, canon));
    s->index = number;
    s->canon = canon;
}

static u32 add_resource(Planner *p, PlanResource r)
{
    Plan *plan = p->plan;
    ARENA_PUSH(p->arena, plan->resources, plan->resource_count, plan->resource_cap) = r;
    return plan->resource_count - 1;
}

static void resource(Planner *p, const CDef *d)
{
    bool destroys = d->index != CANON_NONE;
    u32 number = add_resource(p, (PlanResource){p->frame->env->instance, PLAN_NONE, destroys});
    u32 destructor = slot_of(p, EXTERN_func, d->index);
    Step *s = add_step(p, STEP_resource, number);
    s->from = destructor;
    mean_resource(p, d->type, number);
}

// ---- Components

static void enter(Planner *p, const CBody *body, Frame *outer, PlanInstance *args, CType type)
{
    Plan *plan = p->plan;
    Frame *f = NEW(p->arena, Frame);
    u32 parent = p->frame ? p->frame->env->instance : PLAN_NONE;
    *f = (Frame){.caller = p->frame, .outer = outer, .body = body, .args = args, .type = type,
                 .env = NEW(p->arena, PlanEnv)};
    cidmap_init(&f->env->resources, p->arena);
    cidmap_init(&f->seen, p->arena);
    f->env->instance = plan->instance_count;
    ARENA_PUSH(p->arena, plan->parents, plan->instance_count, plan->instance_cap) = parent;
    pairs_instance(&p->pairs, f->env, body);
    p->frame = f;
}

static void leave(Planner *p)
{
    Frame *f = p->frame;
    PlanInstance *made = make_instance(p, f->exports, f->export_count);
    p->frame = f->caller;
    if (p->frame) push(p, (Origin){.kind = CENTITY_instance, .instance = made}, f->type);
    else p->plan->root = made;
}

static void component(Planner *p, const CDef *d)
{
    PlanComponent *made = NEW(p->arena, PlanComponent);
    const CBody *body = &p->c->bodies[d->index];
    *made = (PlanComponent){body, p->frame};
    push(p, (Origin){.kind = CENTITY_component, .component = made}, body->type);
}

static void instantiate(Planner *p, const CDef *d)
{
    const PlanComponent *of = p->frame->components.items[d->index].component;
    enter(p, of->body, of->outer, make_bag(p, d->args, d->count), d->type);
}

static void alias(Planner *p, const CDef *d)
{
    const Origin *o = plan_export(p->frame->instances.items[d->index].instance, d->name);
    if (!o) refuse(p, ERR_component_argument, "an instance that was linked");
    push(p, named(*o, d->name), d->type);
}

static void outer(Planner *p, const CDef *d)
{
    Frame *f = p->frame;
    for (u32 i = 0; i < d->count; i++) f = f->outer;
    Origin o = space_of(f, (CEntityKind)d->sort)->items[d->index];
    push(p, o, o.type);
}

// ---- Imports of the root. Instances are made of what their types say, which are 100 deep at most.

static u32 add_import(Planner *p, PlanImport i)
{
    Plan *plan = p->plan;
    spend(p, 1);
    ARENA_PUSH(p->arena, plan->imports, plan->import_count, plan->import_cap) = i;
    return plan->import_count - 1;
}

static Origin find_import(Planner *p, u32 outer, Bytes name, CEntityKind kind, CType type);

static PlanInstance *find_instance(Planner *p, u32 outer, const CExterns *e)
{
    PlanExport *exports = NEW_ARRAY(p->arena, PlanExport, e->export_count);
    for (u32 i = 0; i < e->export_count; i++) {
        const CExtern *x = &e->exports[i];
        exports[i] = (PlanExport){x->name, find_import(p, outer, x->name, x->entity.kind,
                                                       x->entity.type)};
    }
    return make_instance(p, exports, e->export_count);
}

static bool imports_given(Planner *p, const Module *m, const CModuleType *wanted)
{
    for (u32 i = 0; i < m->import_count; i++) {
        const Import *import = &m->imports[i];
        ExternType type = import_type(m, import);
        u32 k = 0;
        spend(p, 1 + wanted->import_count);
        while (k < wanted->import_count &&
               !(bytes_same(wanted->imports[k].module, import->module) &&
                 bytes_same(wanted->imports[k].name, import->name)))
            k++;
        if (k == wanted->import_count ||
            !core_extern_matches(p->c->types.store, &wanted->imports[k].type, &type))
            return false;
    }
    return true;
}

static bool exports_there(Planner *p, const Module *m, const CModuleType *wanted)
{
    spend(p, wanted->export_count);
    for (u32 i = 0; i < wanted->export_count; i++) {
        const Export *e = module_export(m, wanted->exports[i].name);
        if (!e) return false;
        ExternType type = module_type(m, e->kind, e->index);
        if (!core_extern_matches(p->c->types.store, &type, &wanted->exports[i].type)) return false;
    }
    return true;
}

static const Module *find_module(Planner *p, u32 outer, Bytes name, const CModuleType *wanted)
{
    Bytes in = outer == PLAN_NONE ? (Bytes){0} : p->plan->imports[outer].name;
    const Module *m = p->link && p->link->module ? p->link->module(p->link->env, in, name) : NULL;
    if (!m) refuse(p, ERR_unknown_import, "a core module");
    if (!imports_given(p, m, wanted) || !exports_there(p, m, wanted))
        refuse(p, ERR_incompatible_import, "a core module of another type");
    p->pairs.catches |= m->tag_count > 0;
    return m;
}

// A type that was met before is what it was then.
static Origin find_import(Planner *p, u32 outer, Bytes name, CEntityKind kind, CType type)
{
    const CTypes *types = &p->c->types;
    Origin o = {.kind = kind, .type = type};
    PlanImport import = {name, outer, kind, type, PLAN_NONE};
    if (kind == CENTITY_type && ctype_form(types, type) == CFORM_resource) {
        o = type_origin(p, type);
        if (o.resource == PLAN_NONE) {
            u32 number = add_import(p, import);
            o.resource = add_resource(p, (PlanResource){PLAN_NONE, number, true});
            p->plan->imports[number].resource = o.resource;
            mean_resource(p, type, o.resource);
        }
    } else if (kind == CENTITY_type) {
        o.resource = PLAN_NONE;
    } else if (kind == CENTITY_func) {
        o.func = add_func(p, (PlanFunc){NULL, p->frame->env, add_import(p, import), type,
                                        PLAN_NONE});
    } else if (kind == CENTITY_instance) {
        o.instance = find_instance(p, add_import(p, import), ctype_def(types, type)->externs);
    } else if (kind == CENTITY_module) {
        o.module = find_module(p, outer, name, types->modules[type]);
    } else {
        refuse(p, ERR_unknown_import, "a component");
    }
    return o;
}

static void import(Planner *p, const CDef *d)
{
    Frame *f = p->frame;
    CEntityKind kind = (CEntityKind)d->sort;
    if (kind == CENTITY_value) refuse(p, ERR_feature_disabled, "values are not run");
    if (!f->args) {
        push(p, find_import(p, PLAN_NONE, d->name, kind, d->type), d->type);
        return;
    }
    const Origin *o = plan_export(f->args, d->name);
    if (!o) refuse(p, ERR_component_argument, "");
    push(p, named(*o, d->name), d->type);
}

static void export(Planner *p, const CDef *d)
{
    Frame *f = p->frame;
    CEntityKind kind = (CEntityKind)d->sort;
    if (kind == CENTITY_value) refuse(p, ERR_feature_disabled, "values are not run");
    Origin o = origin_of(p, kind, d->index, d->from);
    push(p, o, d->type);
    if (o.kind != CENTITY_module) o.type = d->type;
    ARENA_PUSH(p->arena, f->exports, f->export_count, f->export_cap) = (PlanExport){d->name, o};
}

// ---- The program

static void execute(Planner *p, const CDef *d)
{
    spend(p, 1);
    spend_name(p, d->name);
    switch ((CDefKind)d->kind) {
    case CDEF_core_module:
        push(p, (Origin){.kind = CENTITY_module, .module = p->c->modules[d->index].module}, 0);
        break;
    case CDEF_core_instantiate: core_instantiate(p, d); break;
    case CDEF_core_bag: core_bag(p, d); break;
    case CDEF_core_alias: core_alias(p, d); break;
    case CDEF_component: component(p, d); break;
    case CDEF_instantiate: instantiate(p, d); break;
    case CDEF_bag:
        push(p, (Origin){.kind = CENTITY_instance, .instance = make_bag(p, d->args, d->count)},
             d->type);
        break;
    case CDEF_alias: alias(p, d); break;
    case CDEF_outer: outer(p, d); break;
    case CDEF_resource: resource(p, d); break;
    case CDEF_lift: lift(p, d); break;
    case CDEF_lower: lower(p, d); break;
    case CDEF_builtin: builtin(p, d); break;
    case CDEF_import: import(p, d); break;
    case CDEF_export: export(p, d); break;
    }
}

static void run(Planner *p)
{
    enter(p, &p->c->bodies[0], NULL, NULL, p->c->type);
    p->plan->env = p->frame->env;
    if (p->c->starts) refuse(p, ERR_feature_disabled, "start functions are not run");
    while (p->frame) {
        Frame *f = p->frame;
        if (f->next < f->body->count) execute(p, &f->body->defs[f->next++]);
        else leave(p);
    }
}

Plan *plan_make(const Component *c, const PlanLink *link, Diag *diag)
{
    jmp_buf failure;
    diag_init(diag);
    Plan *plan = calloc(1, sizeof *plan);
    if (!plan) {
        diag_fail(diag, ERR_out_of_memory, 0, "for the plan");
        return NULL;
    }
    arena_init(&plan->arena);
    plan->component = c;
    arena_init(&plan->scratch);
    plan->arena.on_failure = plan->scratch.on_failure = &failure;
    plan->arena.account = plan->scratch.account = c->loader.account;
    Planner p = {.plan = plan, .c = c, .link = link, .arena = &plan->arena, .diag = diag};
    pairs_init(&p.pairs, plan, c, link && link->plain, diag);
    if (setjmp(failure)) {
        Err why = plan->arena.met || plan->scratch.met ? ERR_limit_module_bytes : ERR_out_of_memory;
        if (diag->err == ERR_none) diag_fail(diag, why, 0, "for the plan");
        plan_free(plan);
        return NULL;
    }
    run(&p);
    arena_free(&plan->scratch);
    plan->arena.on_failure = NULL;
    return plan;
}

void plan_free(Plan *plan)
{
    if (!plan) return;
    for (u32 i = 0; i < plan->fused_count; i++)
        if (plan->fused[i]) plan->component->loader.drop(plan->fused[i]);
    arena_free(&plan->scratch);
    arena_free(&plan->arena);
    free(plan);
}
