// group.c -- see group.h.

#include "api/group.h"

#include "plat/futex.h"
#include "run/exec.h"
#include "run/store.h"
#include "wasi/ctx.h"

#include <errno.h>
#include <stdlib.h>

enum {
    ID_MOST = (1 << 29) - 1,
    FUEL_PIECE = 1 << 16,
};

// ---- Fuel

static bool more_fuel(Exec *x, u64 units)
{
    Group *g = x->more_fuel_env;
    u64 lacks = units - (u64)x->fuel, left = atomic_load(&g->fuel), taken;
    do {
        if (left < lacks) return false;
        taken = MIN(left, MAX(lacks, (u64)FUEL_PIECE));
    } while (!atomic_compare_exchange_weak(&g->fuel, &left, left - taken));
    x->fuel += (s64)taken;
    return true;
}

static void give_fuel(Group *g, Exec *x)
{
    if (!exec_fueled(x)) return;
    atomic_fetch_add(&g->fuel, (u64)x->fuel);
    x->fuel = 0;
}

static void share_fuel(Group *g, Exec *x)
{
    x->more_fuel = more_fuel;
    x->more_fuel_env = g;
}

// ---- Ending

// The lock is held: all but `by` are to stop, and nobody joins them.
static void end_all(Group *g, GroupThread *by, Trap trap)
{
    if (g->ended_by) return;
    g->ended_by = by;
    by->trap = trap;
    if (by != g->first) exec_stop(&g->first->store->exec, TRAP_interrupted);
    for (GroupThread *t = g->threads; t; t = t->next)
        if (t != by) exec_stop(&t->store->exec, TRAP_interrupted);
}

static u64 stack_of(const Group *g) { return g->first->store->exec.stack_limit; }

static void give_place(Group *g)
{
    account_give_shared(g->first->store->memory_account, stack_of(g));
    atomic_fetch_sub(&g->count, 1);
    futex_wake(&g->count, 1);
}

// Its store goes, unless somebody is to look at where it ended.
static void end_thread(GroupThread *t, Trap trap)
{
    Group *g = t->group;
    pthread_mutex_lock(&g->lock);
    if (trap) end_all(g, t, trap);
    GroupThread **link = &g->threads;
    while (*link != t) link = &(*link)->next;
    *link = t->next; // nobody stops it any more
    bool kept = g->ended_by == t;
    pthread_mutex_unlock(&g->lock);
    give_fuel(g, &t->store->exec);
    if (!kept) g->maker.end(g->maker.env, t);
    pthread_mutex_lock(&g->lock);
    t->next = g->over;
    g->over = t;
    give_place(g);
    pthread_mutex_unlock(&g->lock);
}

static void run(void *thread)
{
    GroupThread *t = thread;
    u64 slots[2] = {t->id, t->argument};
    Trap trap = t->group->maker.begin(t->group->maker.env, t);
    if (!trap) trap = engine_call(t->store, t->start, slots, 2);
    end_thread(t, trap);
}

// Joins those that have ended; who ended all is still to be looked at.
static void reap(Group *g)
{
    pthread_mutex_lock(&g->lock);
    GroupThread *over = g->over;
    const GroupThread *kept = g->ended_by;
    g->over = NULL;
    pthread_mutex_unlock(&g->lock);
    for (GroupThread *t = over, *next; t; t = next) {
        next = t->next;
        thread_join(t->thread);
        if (t != kept) free(t);
    }
}

// ---- Beginning

// A place among as many as there may be, with a stack. False: there is none.
static bool take_place(Group *g)
{
    pthread_mutex_lock(&g->lock);
    bool good = g->open && !g->ended_by && g->count < g->most &&
                account_take_shared(g->first->store->memory_account, stack_of(g));
    if (good) atomic_fetch_add(&g->count, 1);
    pthread_mutex_unlock(&g->lock);
    return good;
}

static void leave_place(Group *g)
{
    pthread_mutex_lock(&g->lock);
    give_place(g);
    pthread_mutex_unlock(&g->lock);
}

// Its guest's stack is taken here too, as who asked can still be told that there is none.
static GroupThread *make(Group *g)
{
    const Exec *x = &g->first->store->exec;
    Store *s = engine_store_within(g->engine, &g->limits);
    if (!s) return NULL;
    s->memory_account = g->first->store->memory_account;
    share_fuel(g, &s->exec);
    if (exec_fueled(x)) exec_grant_fuel(&s->exec, 0);
    pthread_mutex_lock(&g->making);
    GroupThread *t = g->maker.make(g->maker.env, s);
    pthread_mutex_unlock(&g->making);
    if (!t || exec_take_stack(&t->store->exec)) return t;
    g->maker.end(g->maker.env, t);
    free(t);
    return NULL;
}

static bool is_used(const Group *g, u32 id)
{
    for (const GroupThread *t = g->threads; t; t = t->next)
        if (t->id == id) return true;
    return false;
}

// Its number; it may have ended by then, and be gone. Or minus an errno: the group has ended, or
// the system has no thread.
static s32 start(Group *g, GroupThread *t)
{
    s32 answer = -WASI_E_again;
    pthread_mutex_lock(&g->lock);
    do g->next_id = g->next_id < ID_MOST ? g->next_id + 1 : 1;
    while (is_used(g, g->next_id));
    t->id = g->next_id;
    // Before the lock is open again it does not end.
    if (!g->ended_by) {
        t->thread = thread_start(run, t);
        answer = t->thread ? (s32)t->id : -(s32)errno_of_host(errno);
    }
    if (t->thread) {
        t->next = g->threads;
        g->threads = t;
    }
    pthread_mutex_unlock(&g->lock);
    return answer;
}

// The number of the new thread, or minus an errno.
static s32 spawn(Group *g, u32 argument)
{
    reap(g);
    if (!take_place(g)) return -WASI_E_again;
    GroupThread *t = make(g);
    if (!t) {
        leave_place(g);
        return -WASI_E_nomem;
    }
    t->group = g;
    t->argument = argument;
    s32 answer = start(g, t);
    if (answer > 0) return answer;
    g->maker.end(g->maker.env, t);
    free(t);
    leave_place(g);
    return answer;
}

static Trap thread_spawn(HostCall *call)
{
    const GroupThread *from = call->env;
    Trap trap = exec_piece(call->exec, PRICE_spawn);
    if (!trap) call->slots[0] = (u32)spawn(from->group, (u32)call->slots[0]);
    return trap;
}

// ---- The group

void group_init(Group *g, Engine *engine, GroupThread *first, const StoreLimits *limits,
                const GroupMaker *maker)
{
    *g = (Group){.engine = engine, .first = first, .most = GROUP_THREADS, .limits = *limits};
    if (maker) g->maker = *maker;
    first->group = g;
    pthread_mutex_init(&g->making, NULL);
    pthread_mutex_init(&g->lock, NULL);
}

void group_begin(Group *g)
{
    Exec *x = &g->first->store->exec;
    g->ended_by = NULL;
    g->open = true;
    if (!exec_fueled(x)) return;
    share_fuel(g, x);
    give_fuel(g, x);
}

GroupThread *group_end(Group *g, Trap trap, u64 deadline, bool *all)
{
    pthread_mutex_lock(&g->lock);
    end_all(g, g->first, trap);
    g->open = false;
    pthread_mutex_unlock(&g->lock);
    FutexResult how = FUTEX_woken;
    for (u32 left; (left = g->count) && how != FUTEX_timed_out;)
        how = futex_wait(&g->count, left, deadline);
    *all = !g->count;
    reap(g);
    Exec *x = &g->first->store->exec;
    x->more_fuel = NULL;
    if (*all && exec_fueled(x)) x->fuel += (s64)atomic_exchange(&g->fuel, 0);
    return g->ended_by;
}

void group_free(Group *g)
{
    if (g->ended_by && g->ended_by != g->first) {
        g->maker.end(g->maker.env, g->ended_by);
        free(g->ended_by);
    }
    for (GroupMemory *m = g->memories, *next; m; m = next) {
        next = m->next;
        shared_give_back(m->shared);
        free(m);
    }
    pthread_mutex_destroy(&g->making);
    pthread_mutex_destroy(&g->lock);
}

// ---- Imports

static bool is_spawn(const Import *import)
{
    return import->kind == EXTERN_func && bytes_are(import->module, "wasi") &&
           bytes_are(import->name, "thread-spawn");
}

static bool is_shared(const Module *m, const Import *import)
{
    return import->kind == EXTERN_memory && m->memories[import->index].type.limits.shared;
}

bool group_provides(const Module *m, const Import *import)
{
    return is_spawn(import) || is_shared(m, import);
}

bool group_wanted(const Module *m)
{
    for (u32 i = 0; i < m->import_count; i++)
        if (is_spawn(&m->imports[i])) return true;
    return false;
}

static const char entry_name[] = "wasi_thread_start";

const char *group_lacks(const Module *m)
{
    bool shares = false;
    for (u32 i = 0; i < m->import_count; i++) shares |= is_shared(m, &m->imports[i]);
    if (!shares) return "it imports no shared memory, so its threads would have nothing together";
    const Export *e = module_export(m, bytes_of(entry_name));
    if (!e || e->kind != EXTERN_func)
        return "it exports no function wasi_thread_start, which new threads call";
    const TypeDef *type = type_def(m->store, m->funcs[e->index].type);
    if (type->param_count != 2 || type->result_count || type->params[0] != TYPE_i32 ||
        type->params[1] != TYPE_i32)
        return "wasi_thread_start does not take two i32, or gives something";
    return NULL;
}

Func *group_entry(const Instance *inst)
{
    Extern e;
    if (!instance_export(inst, bytes_of(entry_name), &e) || e.kind != EXTERN_func) return NULL;
    return e.func;
}

// The first import of that name says what it is like, and pays for it.
static GroupMemory *memory_of(Group *g, Store *s, const Import *import, const MemType *type)
{
    GroupMemory *m = g->memories;
    while (m && !(bytes_same(m->module, import->module) && bytes_same(m->name, import->name)))
        m = m->next;
    if (m) return m;
    u64 size = type->limits.min << type->limits.page_log2;
    bool fits = type->limits.min <= SIZE_MOST >> type->limits.page_log2;
    if (!store_take(s, STORE_memory_bytes, fits ? size : SIZE_MOST)) return NULL;
    m = calloc(1, sizeof *m);
    if (m) m->shared = engine_shared_memory(g->engine, type);
    if (!m || !m->shared) {
        store_give(s, STORE_memory_bytes, size);
        free(m);
        return NULL;
    }
    m->module = import->module;
    m->name = import->name;
    m->next = g->memories;
    return g->memories = m;
}

static Func *spawn_func(GroupThread *t)
{
    static const Type types[] = {TYPE_i32, TYPE_i32};
    static const TypeDef type = {.kind = COMP_func, .final = true, .super = TYPE_NONE,
                                 .describes = TYPE_NONE, .descriptor = TYPE_NONE,
                                 .params = types, .param_count = 1, .result_count = 1};
    if (!t->spawn && func_room(t->store))
        t->spawn = func_new_host_of(t->store, &type, thread_spawn, t);
    return t->spawn;
}

bool group_resolve(GroupThread *t, const Import *import, const ExternType *type, Extern *out)
{
    if (is_spawn(import)) {
        out->func = spawn_func(t);
        out->kind = out->func ? EXTERN_func : EXTERN_COUNT;
        return out->func;
    }
    if (import->kind != EXTERN_memory || !type->memory.limits.shared) return false;
    out->kind = EXTERN_COUNT;
    GroupMemory *m = memory_of(t->group, t->store, import, &type->memory);
    Memory *view = m ? memory_view(t->store, m->shared) : NULL;
    if (!view) return false;
    *out = (Extern){.kind = EXTERN_memory, .memory = view};
    return true;
}
