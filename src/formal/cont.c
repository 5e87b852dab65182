// cont.c -- see cont.h.
//
//     contexts   ... prompt | frame label handler label |
//     locals     ...        | of its frames             |
//     values     ...        | of its contexts           | val^n
//                             what is between becomes a block of three arrays
//
// In it heights and locals count from its own beginning; which frame is around which its order
// says.

#include "formal/cont.h"

#include "formal/collect.h"

#include <stdlib.h>
#include <string.h>

static u64 block_bytes(const ContInst *k)
{
    u64 values = (u64)k->local_count + k->value_count;
    return (u64)k->context_count * sizeof(Context) + values * sizeof(Val);
}

void continuation_drop(FormalStore *s, ContInst *k)
{
    formal_give(s, OBJECT_ITSELF + block_bytes(k));
    free(k->contexts);
    *k = (ContInst){.gone = true, .consumed = true, .func = NO_ADDRESS, .link = k->link};
}

static u32 no_room(Config *c)
{
    halts(c, TRAP_out_of_memory, "for a continuation");
    return NO_ADDRESS;
}

// What it holds is another's now, or nobody's.
static void consume(Config *c, u32 address)
{
    touch(c, PART_cont, address, 0, 1);
    c->store->conts.at[address] = (ContInst){.consumed = true, .func = NO_ADDRESS};
}

static u32 alloc(Config *c, ContInst k)
{
    u32 a = alloc_cont(c->store, k);
    if (a == NO_ADDRESS) return no_room(c);
    touch_new(c, PART_cont, a, 1);
    return a;
}

u32 continuation_new(Config *c, u32 func)
{
    return heap_room(c, OBJECT_ITSELF) ? alloc(c, (ContInst){.func = func}) : NO_ADDRESS;
}

// Room for n values more in its block.
static bool widen(Config *c, ContInst *k, u32 n)
{
    u64 more = (u64)n * sizeof(Val), bytes = block_bytes(k) + more;
    if (!n) return true;
    if (bytes > SIZE_MAX || !formal_take(c->store, more)) return false;
    void *grown = realloc(k->contexts, (size_t)bytes);
    if (!grown) return formal_give(c->store, more), false;
    k->contexts = grown;
    return true;
}

u32 continuation_bind(Config *c, u32 address, u32 n)
{
    ContInst *from = &c->store->conts.at[address];
    if (!heap_room(c, OBJECT_ITSELF + n * sizeof(Val))) return NO_ADDRESS;
    if (!widen(c, from, n)) return no_room(c);
    ContInst k = *from;
    if (n) memcpy(continuation_values(&k) + k.value_count, nth(c, n + 1), n * sizeof(Val));
    k.value_count += n;
    worked(c, n);
    consume(c, address);
    u32 a = alloc(c, k);
    if (a != NO_ADDRESS) return a;
    formal_give(c->store, block_bytes(&k));
    free(k.contexts);
    return a;
}

// ---- Taken off

// What stands inside of the context `at`, its last n values left out; and which frame is around it.
static ContInst extent(const Config *c, u32 at, u32 n, u32 *frame, u32 *first_local)
{
    ContInst k = {.func = NO_ADDRESS, .context_count = c->context_count - at - 1,
                  .value_count = c->count - n - c->contexts[at].height};
    *frame = c->frame;
    *first_local = c->local_count;
    for (u32 f = c->frame; f > at; f = c->contexts[f].outer) {
        *frame = c->contexts[f].outer;
        *first_local = c->contexts[f].locals;
        k.frames++;
    }
    k.local_count = c->local_count - *first_local;
    return k;
}

u32 continuation_take(Config *c, u32 at, u32 n)
{
    u32 frame, first_local, height = c->contexts[at].height;
    ContInst k = extent(c, at, n, &frame, &first_local);
    u64 bytes = block_bytes(&k);
    if (!heap_room(c, OBJECT_ITSELF + bytes)) return NO_ADDRESS;
    if (!formal_take(c->store, bytes)) return no_room(c);
    k.contexts = bytes <= SIZE_MAX ? malloc((size_t)bytes) : NULL;
    u32 a = k.contexts ? alloc(c, k) : no_room(c);
    if (a == NO_ADDRESS) return free(k.contexts), formal_give(c->store, bytes), a;
    worked(c, k.context_count + k.local_count + k.value_count);
    memcpy(k.contexts, c->contexts + at + 1, k.context_count * sizeof(Context));
    memcpy(continuation_locals(&k), c->locals + first_local, k.local_count * sizeof(Val));
    memcpy(continuation_values(&k), c->values + height, k.value_count * sizeof(Val));
    for (u32 i = 0; i < k.context_count; i++) {
        k.contexts[i].height -= height;
        if (k.contexts[i].kind == CONTEXT_frame) k.contexts[i].locals -= first_local;
    }
    memmove(c->values + height, nth(c, n), n * sizeof(Val));
    c->count = height + n;
    c->local_count = first_local;
    c->context_count = at + 1;
    c->frame = frame;
    c->frames -= k.frames;
    return a;
}

// ---- Put on

static void put_contexts(Config *c, const ContInst *k, u32 height)
{
    for (u32 i = 0; i < k->context_count; i++) {
        Context *context = &c->contexts[c->context_count + i];
        *context = k->contexts[i];
        context->height += height;
        if (context->kind != CONTEXT_frame) continue;
        context->locals += c->local_count;
        context->outer = c->frame;
        c->frame = c->context_count + i;
    }
    c->context_count += k->context_count;
}

bool continuation_put(Config *c, u32 address, u32 n)
{
    ContInst k = c->store->conts.at[address];
    if (!room_for(c, k.value_count + VALUES_AHEAD, k.local_count, k.context_count, k.frames)) {
        traps(c, TRAP_call_stack_exhausted);
        return false;
    }
    u32 height = c->count - n;
    Val *to = c->values + height;
    memmove(to + k.value_count, to, n * sizeof *to);
    if (k.value_count) memcpy(to, continuation_values(&k), k.value_count * sizeof *to);
    if (k.local_count)
        memcpy(c->locals + c->local_count, continuation_locals(&k), k.local_count * sizeof(Val));
    put_contexts(c, &k, height);
    c->count += k.value_count;
    c->local_count += k.local_count;
    c->frames += k.frames;
    if (k.func != NO_ADDRESS) {
        ahead(c, instr_call(OP_call_ref, c->store->funcs.at[k.func].type));
        ahead_value(c, value_ref(VALUE_func, k.func));
    }
    consume(c, address);
    formal_give(c->store, block_bytes(&k));
    free(k.contexts);
    return true;
}
