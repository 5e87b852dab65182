// poll.c -- waiting: each pollable is a subscription of preview 1's poll_oneoff.

#include "wasi/p2/state.h"

#include <string.h>

enum { EACH = SUBSCRIPTION_SIZE + EVENT_SIZE };

static void put_subscription(u8 *at, u32 userdata, const P2Item *p)
{
    memset(at, 0, SUBSCRIPTION_SIZE);
    put_u64(at, userdata);
    put_u8(at + 8, p->event);
    if (p->event != EVENT_clock) {
        put_u32(at + 16, p->file->number);
        return;
    }
    put_u32(at + 16, CLOCK_monotonic);
    put_u64(at + 24, p->at);
    put_u16(at + 40, SUBCLOCK_abstime);
}

// Waits for one of so many subscriptions, which are there; *events stand behind them.
static WasiErrno wait(P2 *p2, u8 *memory, u32 count, u32 *events)
{
    const u64 args[] = {0, (u64)count * SUBSCRIPTION_SIZE, count, (u64)count * EACH};
    GuestMemory mem = {memory, (u64)count * EACH + 4, NULL, NULL};
    WasiErrno err = p2_via_memory(p2, mem, wasi_poll_oneoff, args);
    *events = err ? 0 : get_u32(memory + (size_t)count * EACH);
    return err;
}

static u32 event_of(const u8 *memory, u32 count, u32 event)
{
    return get_u32(memory + (size_t)count * SUBSCRIPTION_SIZE + (size_t)event * EVENT_SIZE);
}

static WasiErrno look(P2Call *c, const P2Item *p, bool waits, bool *ready)
{
    static const P2Item now = {.event = EVENT_clock};
    u8 memory[2 * EACH + 4];
    u32 count = waits ? 1 : 2, events;
    put_subscription(memory, 0, p);
    put_subscription(memory + SUBSCRIPTION_SIZE, 1, &now);
    WasiErrno err = wait(c->p2, memory, count, &events);
    *ready = events && event_of(memory, count, 0) == 0;
    return p2_ends(err) || !err ? err : p2_trap(c, TRAP_host, "nothing can be waited for");
}

WasiErrno p2_ready_now(P2Call *c, const P2Item *pollable, bool *ready)
{
    return look(c, pollable, false, ready);
}

WasiErrno p2_wait(P2Call *c, const P2Item *pollable)
{
    bool ready;
    return look(c, pollable, true, &ready);
}

// Files have no wait, and are always ready.
P2Item p2_pollable_of(const P2Item *s)
{
    bool files = s->way != WAY_stream;
    bool reads = s->kind == ITEM_input_stream;
    return (P2Item){.kind = ITEM_pollable,
                    .event = files ? EVENT_clock : reads ? EVENT_fd_read : EVENT_fd_write,
                    .file = files ? NULL : s->file};
}

WasiErrno p2_ready(P2Call *c)
{
    const P2Item *p = p2_item(c, 0, ITEM_pollable);
    bool ready = false;
    WasiErrno err = p ? p2_ready_now(c, p, &ready) : P2_E_trap;
    *c->result = p2_bool(ready);
    return err;
}

WasiErrno p2_block(P2Call *c)
{
    const P2Item *p = p2_item(c, 0, ITEM_pollable);
    return p ? p2_wait(c, p) : P2_E_trap;
}

// The same one may stand in the list again and again.
WasiErrno p2_poll(P2Call *c)
{
    const CValue *in = c->args[0].of.list.items;
    size_t count = c->args[0].of.list.count;
    if (!count) return p2_trap(c, TRAP_host, "poll of no pollables");
    if (count > P2_MOST_ITEMS) return p2_trap(c, TRAP_host, "poll of more than 65,536 pollables");
    u8 *memory = arena_alloc(c->arena, count * EACH + 4);
    for (u32 i = 0; i < count; i++) {
        u64 number = in[i].of.handle;
        const P2Item *p = number < c->p2->count ? &c->p2->items[number] : NULL;
        if (!p || p->kind != ITEM_pollable)
            return p2_trap(c, TRAP_unknown_handle, "what is waited for is no pollable");
        put_subscription(memory + (size_t)i * SUBSCRIPTION_SIZE, i, p);
    }
    u32 events;
    WasiErrno err = wait(c->p2, memory, (u32)count, &events);
    if (p2_ends(err)) return err;
    if (err) return p2_trap(c, TRAP_host, "nothing can be waited for");
    u32 *which = NEW_ARRAY(c->arena, u32, events);
    for (u32 i = 0; i < events; i++) which[i] = event_of(memory, (u32)count, i);
    *c->result = (CValue){.kind = WEFT_CVALUE_LIST, .packed = WEFT_CVALUE_U32};
    c->result->of.numbers.data = which;
    c->result->of.numbers.count = events;
    return WASI_E_success;
}
