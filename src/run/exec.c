// exec.c -- see exec.h.

#include "run/exec.h"

#include "plat/futex.h"
#include "run/frame.h"
#include "run/park.h"
#include "run/store.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool exec_init(Exec *x, u64 stack_bytes)
{
    if (stack_bytes > SIZE_MOST) return false;
    x->stack_limit = (size_t)MIN(MAX(stack_bytes, 1 << 14), UINT32_MAX) & ~(size_t)15;
    return true;
}

static size_t new_number(void)
{
    static _Atomic size_t numbers;
    return atomic_fetch_add_explicit(&numbers, 1, memory_order_relaxed) + 1;
}

void exec_mistrust(Exec *x)
{
    if (x->strangers) return;
    x->strangers = new_number();
    assert(x->depth || !exec_alive(x));
    if (!x->stack) return;
    u64 *from = x->depth ? frame_top(x) : x->stack, *to = x->depth ? x->bottom : x->stack_end;
    memset(from, 0, (size_t)((u8 *)to - (u8 *)from));
}

// As tests have it, it is to look each time.
static bool ticks_always(const Exec *x)
{
    return x->stop_every || (NATIVE && (x->down_every || x->up_every));
}

// What asks it to stop may come from other threads meanwhile, so that is not written as the rest.
void exec_clear(Exec *x)
{
    // Who comes next is another guest.
    Exec fresh = {.mode = x->mode, .strangers = x->strangers ? new_number() : 0,
                  .stack_limit = x->stack_limit, .stop_every = x->stop_every,
                  .polls = x->stop_every, .down_every = x->down_every, .downs = x->down_every,
                  .up_every = x->up_every, .ups = x->up_every, .watcher = x->watcher,
                  .unwatched = x->watcher != NULL};
    for (Parked *p = x->parked, *next; p; p = next) {
        next = p->next;
        free(p);
    }
    if (x->stack) exec_give_stack(x);
    enum { FIRST = offsetof(Exec, mode) };
    memcpy((u8 *)x + FIRST, (u8 *)&fresh + FIRST, sizeof fresh - FIRST);
    atomic_store_explicit(&x->stop, ticks_always(x) ? STOP_TICK : 0, memory_order_relaxed);
}

Trap exec_trap(Exec *x, Trap trap, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    vsnprintf(x->trap_detail, sizeof x->trap_detail, fmt, args);
    va_end(args);
    return trap;
}

Trap exec_short(Exec *x, const char *what)
{
    Diag why;
    diag_init(&why);
    store_short(exec_store(x), &why, what);
    const char *form = why.err == ERR_out_of_memory ? "%.0s%s" : "%s: %s";
    return exec_trap(x, TRAP_out_of_memory, form, err_text[why.err], why.detail);
}

Trap exec_throw(Exec *x, const Tag *tag, const u64 *values)
{
    const TypeDef *type = type_def(exec_store(x)->types, tag->type);
    HeldRefs held;
    exec_hold(x, &held, type->params, values, type->param_count);
    Ref thrown = ref_new_exception(exec_store(x), exec_alive(x), tag, values);
    exec_let_go(x, &held);
    if (!thrown) return exec_short(x, "for an exception");
    x->thrown = thrown;
    return TRAP_uncaught_exception;
}

bool exec_may_continue(const Exec *x)
{
    switch (x->trap) {
    case TRAP_paused: case TRAP_interrupted: case TRAP_time_limit: case TRAP_out_of_fuel:
        return x->resumable && !x->depth && x->at.record && x->at.ip != code_host;
    default: return false;
    }
}

bool exec_waits(const Exec *x)
{
    return x->trap == TRAP_waits && x->resumable && !x->depth && x->at.record &&
           x->at.ip == code_host;
}

const Position *exec_alive(const Exec *x)
{
    if (x->host.record) return &x->host;
    return exec_may_continue(x) || exec_waits(x) ? &x->at : NULL;
}

// A guest that waits sleeps on the word; nobody does in builds without threads.
static void wake(Exec *x)
{
    if (!(FEATURES_LEFT_OUT & FEATURE_BIT(FEATURE_threads))) futex_wake(&x->stop, 1);
}

void exec_stop(Exec *x, Trap why)
{
    u32 now = atomic_load_explicit(&x->stop, memory_order_relaxed);
    while (!(now & STOP_TRAP) &&
           !atomic_compare_exchange_weak_explicit(&x->stop, &now, now | why, memory_order_relaxed,
                                                  memory_order_relaxed))
        continue;
    wake(x);
}

void exec_pause(Exec *x)
{
    atomic_fetch_or_explicit(&x->stop, STOP_PAUSE, memory_order_relaxed);
    wake(x);
}

void exec_ask(Exec *x)
{
    atomic_fetch_or_explicit(&x->stop, STOP_ASK, memory_order_relaxed);
    wake(x);
}

void exec_go_on(Exec *x)
{
    atomic_fetch_and_explicit(&x->stop, ~(u32)(STOP_TRAP | STOP_PAUSE), memory_order_relaxed);
}

// What a host function does or calls cannot be gone on with.
static bool may_pause(const Exec *x) { return x->depth == 1 && !x->host.record; }

bool exec_due(const Exec *x)
{
    return exec_asked(x) || (exec_stop_word(x) & STOP_PAUSE && may_pause(x));
}

// First of all, since it may stop the guest.
static void answer_ask(Exec *x)
{
    if (!(exec_stop_word(x) & STOP_ASK)) return;
    atomic_fetch_and_explicit(&x->stop, ~(u32)STOP_ASK, memory_order_relaxed);
    if (x->asked) x->asked(x->asked_env);
}

Trap exec_poll(Exec *x)
{
    bool passed = x->passed;
    x->passed = false;
    answer_ask(x);
    if (passed) return TRAP_none;
    x->resumable = true;
    Trap why = exec_asked(x);
    if (why) return why;
    if (may_pause(x)) { // else later
        if (exec_stop_word(x) & STOP_PAUSE) return TRAP_paused;
        if (x->stop_every) return --x->polls == 0 ? TRAP_paused : TRAP_none;
    }
    // it was looked at
    x->unwatched = x->watcher != NULL;
    if (!ticks_always(x))
        atomic_fetch_and_explicit(&x->stop, ~(u32)STOP_TICK, memory_order_relaxed);
    return TRAP_none;
}

void exec_grant_fuel(Exec *x, u64 fuel)
{
    x->mode |= CODE_fueled;
    x->fuel = (s64)MIN(fuel, INT64_MAX);
}

bool exec_has_fuel(Exec *x, u64 units)
{
    return !exec_fueled(x) || units <= (u64)x->fuel || exec_more_fuel(x, units);
}

Trap exec_pay(Exec *x, u64 units)
{
    if (!exec_fueled(x)) return TRAP_none;
    if (!exec_has_fuel(x, units)) return TRAP_out_of_fuel;
    x->fuel -= (s64)units;
    return TRAP_none;
}

void exec_pay_late(Exec *x, u64 units)
{
    if (exec_pay(x, units)) x->fuel = 0;
}

Trap exec_piece(Exec *x, u64 units)
{
    if (exec_stop_word(x)) {
        Trap why = exec_poll(x);
        if (why) return why;
    }
    x->resumable |= exec_fueled(x);
    return exec_pay(x, units);
}
