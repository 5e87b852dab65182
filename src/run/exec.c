// exec.c -- see exec.h.

#include "run/exec.h"

#include "run/store.h"

#include <stdarg.h>
#include <stdio.h>

bool exec_init(Exec *x, u64 stack_bytes)
{
    if (stack_bytes > SIZE_MOST) return false;
    x->stack_limit = (size_t)MAX(stack_bytes, 1 << 14) & ~(size_t)15;
    return true;
}

Trap exec_trap(Exec *x, Trap trap, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    vsnprintf(x->trap_detail, sizeof x->trap_detail, fmt, args);
    va_end(args);
    return trap;
}

Trap exec_throw(Exec *x, const Tag *tag, const u64 *values)
{
    Ref thrown = ref_new_exception(exec_store(x), tag, values);
    if (!thrown) return exec_trap(x, TRAP_out_of_memory, "for an exception");
    x->thrown = thrown;
    return TRAP_uncaught_exception;
}

void exec_interrupt(Exec *x, Trap why)
{
    if (!why && x->stop_every) why = TRAP_paused; // tests ask for it all the time
    atomic_store_explicit(&x->interrupt, why, memory_order_relaxed);
}

// What a host function does or calls, and a constant expression, cannot be gone on with.
static bool may_pause(const Exec *x) { return x->depth == 1 && !x->host.record && !x->expr; }

Trap exec_poll(Exec *x)
{
    Trap why = (Trap)atomic_load_explicit(&x->interrupt, memory_order_relaxed);
    bool passed = x->passed;
    x->passed = false;
    if (passed) return TRAP_none;
    x->resumable = true;
    if (why != TRAP_paused) return why;
    if (!may_pause(x)) return TRAP_none; // but later
    return !x->stop_every || --x->polls == 0 ? TRAP_paused : TRAP_none;
}

void exec_grant_fuel(Exec *x, u64 fuel)
{
    x->mode |= CODE_fueled;
    x->fuel = fuel;
}

Trap exec_piece(Exec *x, u64 units)
{
    if (atomic_load_explicit(&x->interrupt, memory_order_relaxed)) {
        Trap why = exec_poll(x);
        if (why) return why;
    }
    if (!exec_fueled(x)) return TRAP_none;
    x->resumable = true;
    if (units > x->fuel) return TRAP_out_of_fuel;
    x->fuel -= units;
    return TRAP_none;
}
