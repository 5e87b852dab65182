// func.c -- the function space. See func.h.

#include "run/func.h"

#include "plat/pages.h"
#include "run/exec.h"
#include "run/spare.h"
#include "run/store.h"

#include <stdlib.h>
#include <string.h>

// The space is reserved when the first number is asked for. Pages that nobody writes cost nothing.
static bool make_space(Store *s)
{
    Account *account = &s->accounts[STORE_functions];
    u32 cap = 64;
    while (cap <= account->limit && cap < 1u << 26) cap *= 2;
    // Address space may be short (a limit of the process): fewer functions are better than none.
    for (; cap >= 64 && !s->funcs; cap /= 4) {
        size_t size = (size_t)cap * sizeof(Func);
        s->funcs = spare_take(SPARE_funcs, &size);
        s->func_mask = s->funcs ? cap - 1 : 0;
        s->func_space = size;
        s->func_writable = SPARE_WRITABLE;
    }
    if (!s->funcs) return false;
    account->limit = MIN(account->limit, s->func_mask);
    return true;
}

void func_space_lend(Store *s, Func *space, u32 count)
{
    Account *account = &s->accounts[STORE_functions];
    s->funcs = space;
    s->func_mask = count - 1;
    s->func_writable = (u64)count * sizeof *space;
    account->limit = MIN(account->limit, s->func_mask);
}

// What is soon cleared may be used again.
void func_space_free(Store *s)
{
    if (!s->func_space) return; // there is none, or it is somebody else's
    size_t used = store_func_count(s) * sizeof(Func);
    if (used > SPARE_WRITABLE) {
        pages_free(s->funcs, s->func_space);
        return;
    }
    if (s->funcs) memset(s->funcs, 0, used);
    spare_give(SPARE_funcs, s->funcs, s->func_space);
}

bool func_room(Store *s)
{
    bool room = store_take(s, STORE_functions, 1);
    if (room) store_give(s, STORE_functions, 1);
    return room;
}

static bool make_writable(Store *s, u64 end)
{
    u64 more = MIN(MAX(end, 2 * s->func_writable), s->func_space);
    if (!pages_commit(s->funcs, more)) return false;
    s->func_writable = more;
    return true;
}

u32 func_reserve(Store *s, u32 count)
{
    if (!s->funcs && !make_space(s)) return 0;
    u32 first = store_func_count(s);
    if (!store_take(s, STORE_functions, count)) return 0;
    u64 end = ((u64)first + count) * sizeof(Func);
    if (end <= s->func_writable || make_writable(s, end)) return first;
    store_give(s, STORE_functions, count);
    return 0;
}

void func_return(Store *s, u32 first, u32 count)
{
    if (!count || first + count != store_func_count(s)) return;
    for (u32 i = 0; i < count; i++)
        if (s->funcs[first + i].type) s->funcs[first + i] = (Func){0};
    store_give(s, STORE_functions, count);
}

void host_func_init(HostFunc *host, const TypeStore *types, TypeId type, HostFn *fn, void *env)
{
    const TypeDef *def = type_def(types, type);
    *host = (HostFunc){fn, env, def->param_slots, def->result_slots, {0}};
}

Func *func_new_with(Store *s, TypeId type, const HostFunc *host)
{
    u32 number = func_reserve(s, 1);
    if (!number) return NULL;
    s->funcs[number] = (Func){.type = type, .host = host};
    return &s->funcs[number];
}

Func *func_new_host(Store *s, TypeId type, HostFn *fn, void *env)
{
    HostFunc *host = func_room(s) ? store_alloc(s, 1, sizeof *host) : NULL;
    if (!host) return NULL;
    host_func_init(host, s->types, type, fn, env);
    Func *f = func_new_with(s, type, host);
    if (f) store_hold_type(s, &host->held, type);
    return f;
}

static SharedFunc *place_of(const Store *s, const void *what)
{
    u32 at = (u32)((uintptr_t)what / sizeof(void *) * 0x9e3779b1u) & (s->shared_cap - 1);
    while (s->shared[at].what && s->shared[at].what != what) at = (at + 1) & (s->shared_cap - 1);
    return &s->shared[at];
}

Func *func_find_shared(const Store *s, const void *what)
{
    return s->shared_cap ? place_of(s, what)->func : NULL;
}

static bool grow_shared(Store *s)
{
    u32 old_cap = s->shared_cap, cap = old_cap ? 2 * old_cap : 8;
    SharedFunc *old = s->shared, *all = cap ? calloc(cap, sizeof *all) : NULL;
    if (!all) return false;
    s->shared = all;
    s->shared_cap = cap;
    for (u32 i = 0; i < old_cap; i++)
        if (old[i].what) *place_of(s, old[i].what) = old[i];
    free(old);
    return true;
}

bool func_add_shared(Store *s, const void *what, Func *func)
{
    if (2 * (s->shared_count + 1) > s->shared_cap && !grow_shared(s)) return false;
    *place_of(s, what) = (SharedFunc){what, func};
    s->shared_count++;
    return true;
}

Func *func_new_host_of(Store *s, const TypeDef *type, HostFn *fn, void *env)
{
    TypeId id;
    if (!type_store_intern(s->types, type, 1, &id)) return NULL;
    Func *f = func_new_host(s, id, fn, env);
    type_give_back(s->types, &id, 1);
    return f;
}

static u32 count_to(const Instance *i) { return i ? i->lower_count + 1 : 0; }
static Instance *far_from(const Instance *i) { return i ? i->far_lower : NULL; }

// Two steps of the same length are followed by one of both. Myers, An applicative random-access
// stack, 1983.
void func_own(Instance *inst)
{
    Instance *below = inst->store->numbered, *far = far_from(below);
    u32 step = count_to(below) - count_to(far), next = count_to(far) - count_to(far_from(far));
    inst->lower = below;
    inst->far_lower = step == next ? far_from(far) : below;
    inst->lower_count = count_to(below);
    inst->store->numbered = inst;
}

void func_disown(Instance *inst)
{
    if (inst->store->numbered == inst) inst->store->numbered = inst->lower;
}

bool func_fill(Store *s, Ref ref)
{
    u32 number = ref & s->func_mask;
    Instance *i = number ? s->numbered : NULL;
    while (i && number < i->func_first)
        i = i->far_lower && number < i->far_lower->func_first ? i->far_lower : i->lower;
    if (!i || number - i->func_first >= i->module->func_count - i->imported_funcs) return false;
    instance_func(i, i->imported_funcs + (number - i->func_first));
    return true;
}

Func *instance_func(Instance *inst, u32 index)
{
    if (index < inst->imported_funcs) return inst->imports[index];
    Func *f = &inst->store->funcs[inst->func_first + (index - inst->imported_funcs)];
    if (!f->type)
        *f = (Func){.code = &inst->code[index], .instance = inst->self,
                    .type = inst->code[index].type, .index = index};
    return f;
}
