// trap.c -- traps and where they were: made of what weft.h tells, thrown by host functions.
//
// A host function that traps hands its trap over; the guest is unwound by a trap of the engine's,
// and who called the guest receives the first one again. Nothing of the guest's can catch it on its
// way, but for an exception that nobody has caught so far, which is passed on as such.

#include "api/wasm_c/wasm_c.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

// ---- Frames

void wasm_frame_delete(wasm_frame_t *f)
{
    if (!f) return;
    thing_delete(f->instance);
    free(f);
}

wasm_frame_t *wasm_frame_copy(const wasm_frame_t *f)
{
    wasm_frame_t *copy = malloc(sizeof *copy);
    if (!copy) return NULL;
    *copy = *f;
    thing_copy(copy->instance);
    return copy;
}

wasm_instance_t *wasm_frame_instance(const wasm_frame_t *f)
{
    return (wasm_instance_t *)f->instance;
}

uint32_t wasm_frame_func_index(const wasm_frame_t *f) { return f->func; }
size_t wasm_frame_func_offset(const wasm_frame_t *f) { return f->func_offset; }
size_t wasm_frame_module_offset(const wasm_frame_t *f) { return f->module_offset; }

// Where the store's last call ended. Short of memory it has no place.
static void take_frames(wasm_store_t *store, wasm_trap_t *trap)
{
    size_t count = MIN(weft_store_backtrace(store->weft, NULL, 0), (size_t)FRAMES_MOST);
    weft_frame *from = count ? malloc(count * sizeof *from) : NULL;
    trap->frames = from ? malloc(count * sizeof *trap->frames) : NULL;
    if (trap->frames) weft_store_backtrace(store->weft, from, count);
    for (size_t i = 0; trap->frames && i < count; i++) {
        const Instance *instance = from[i].instance.item;
        wasm_ref_t *thing = thing_of(store, THING_instance, from[i].instance.item);
        if (!thing) break;
        size_t body = instance->module->funcs[from[i].func].body.start;
        trap->frames[trap->frame_count++] =
            (wasm_frame_t){thing, from[i].func, from[i].offset - body, from[i].offset};
    }
    free(from);
}

// ---- Making them

static wasm_trap_t *spare_of(wasm_store_t *store)
{
    if (!store->spare.ref.count++) store->users++;
    return &store->spare;
}

wasm_trap_t *trap_of(wasm_store_t *store, const char *message, size_t len)
{
    bool ends = len && !message[len - 1];
    wasm_trap_t *trap = (wasm_trap_t *)thing_new(store, THING_trap, NULL, sizeof *trap);
    if (!trap) return spare_of(store);
    trap->size = len + !ends;
    trap->message = calloc(1, trap->size);
    if (!trap->message) {
        thing_delete(&trap->ref);
        return spare_of(store);
    }
    if (len) memcpy(trap->message, message, len);
    return trap;
}

wasm_trap_t *trap_refused(wasm_store_t *store, const char *fmt, ...)
{
    char message[200];
    va_list args;
    va_start(args, fmt);
    vsnprintf(message, sizeof message, fmt, args);
    va_end(args);
    return trap_of(store, message, strlen(message));
}

void trap_drop(wasm_trap_t *trap)
{
    wasm_store_t *store = trap->ref.store;
    if (store->last == trap) store->last = NULL;
    for (u32 i = 0; i < trap->frame_count; i++) thing_delete(trap->frames[i].instance);
    free(trap->frames);
    if (trap != &store->spare) free(trap->message);
}

// ---- Through the guest

wasm_trap_t *trap_end(wasm_store_t *store, weft_status status, const weft_diag *diag)
{
    wasm_trap_t *trap = store->thrown;
    store->thrown = NULL;
    if (!trap) trap = trap_of(store, diag->message, strlen(diag->message));
    if (status != WEFT_TRAP) return trap;
    if (!trap->frame_count && trap != &store->spare) take_frames(store, trap);
    store->last = trap;
    return trap;
}

weft_status trap_throw(wasm_store_t *store, weft_caller *caller, wasm_trap_t *trap)
{
    // What its own last call ended in keeps its place, and is what it was.
    if (trap == store->last && store->weft->failure) {
        if (store->weft->failure == TRAP_uncaught_exception) thing_delete(&trap->ref);
        else store->thrown = trap;
        return WEFT_TRAP;
    }
    weft_status status = weft_trap(caller, trap->message);
    if (trap->ref.store == store) store->thrown = trap;
    else thing_delete(&trap->ref);
    return status;
}

// ---- As wasm.h has them

wasm_trap_t *wasm_trap_new(wasm_store_t *store, const wasm_message_t *message)
{
    return trap_of(store, message->data, message->size);
}

void wasm_trap_message(const wasm_trap_t *trap, wasm_message_t *out)
{
    wasm_name_new(out, trap->size, trap->message);
}

wasm_frame_t *wasm_trap_origin(const wasm_trap_t *trap)
{
    return trap->frame_count ? wasm_frame_copy(&trap->frames[0]) : NULL;
}

void wasm_trap_trace(const wasm_trap_t *trap, wasm_frame_vec_t *out)
{
    wasm_frame_vec_new_uninitialized(out, trap->frame_count);
    for (size_t i = 0; i < out->size; i++) {
        out->data[i] = wasm_frame_copy(&trap->frames[i]);
        if (!out->data[i]) wasm_frame_vec_delete(out);
    }
}
