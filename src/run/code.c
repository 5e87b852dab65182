// code.c -- see code.h.

#include "run/code.h"

#include "base/leb.h"
#include "plat/pages.h"
#include "run/beside.h"
#include "run/guard.h"
#include "run/map.h"
#include "run/native.h"
#include "run/stored.h"

#include <stdlib.h>
#include <string.h>

u32 code_offset(const Code *code, u32 word, bool stopped)
{
    u32 before = stopped && word ? word - 1 : word;
    // Points below `low` are not behind the word, those from `high` on are.
    u32 low = 0, high = code->point_count;
    while (low < high) {
        u32 middle = low + (high - low) / 2;
        if (code->points[middle].word <= before) low = middle + 1;
        else high = middle;
    }
    MapPoint p = low ? code->points[low - 1] : (MapPoint){0};
    for (const u8 *at = code->map + p.at, *end = code->map + code->map_len; at < end;) {
        u32 next = p.word + leb_known_u32(&at), delta = leb_known_u32(&at);
        if (next > word) break;
        p.word = next;
        p.offset += delta;
        if (stopped && next == word) break;
    }
    return p.offset;
}

u32 code_word(const Code *code, u32 offset)
{
    u32 low = 0, high = code->point_count;
    while (low < high) {
        u32 middle = low + (high - low) / 2;
        if (code->points[middle].offset < offset) low = middle + 1;
        else high = middle;
    }
    MapPoint p = low ? code->points[low - 1] : (MapPoint){0};
    for (const u8 *at = code->map + p.at, *end = code->map + code->map_len; at < end;) {
        p.word += leb_known_u32(&at);
        p.offset += leb_known_u32(&at);
        if (p.offset >= offset) return p.offset == offset ? p.word : CODE_NONE;
    }
    return CODE_NONE;
}

// Counted as code of the module.
static void *take(const Module *m, size_t size, Err *why)
{
    *why = ERR_limit_code_bytes;
    if (!module_take(m, ENGINE_code_bytes, size)) return NULL;
    *why = ERR_out_of_memory;
    void *taken = malloc(size);
    if (!taken) module_give(m, ENGINE_code_bytes, size);
    return taken;
}

static void give(const Module *m, void *taken, size_t size)
{
    if (taken) module_give(m, ENGINE_code_bytes, size);
    free(taken);
}

static bool has_warmth(const Module *m) { return NATIVE && m->optimizes == OPTIMIZE_warm; }

static size_t head_size(const Module *m) // which fits: two million at most
{
    return sizeof(ModuleCode) + m->func_count * (sizeof(FuncCode) + sizeof(s32) + has_warmth(m));
}

static void set_heat(ModuleCode *code)
{
    const Module *m = code->module;
    s32 most = (s32)MIN((u64)code->hot * HOT_CALL, INT32_MAX - 1);
    code->heat = (_Atomic s32 *)&code->funcs[m->func_count];
    for (u32 i = 0; i < m->func_count; i++) atomic_init(&code->heat[i], most);
    if (!has_warmth(m)) return;
    code->warmth = (_Atomic u8 *)&code->heat[m->func_count];
    for (u32 i = 0; i < m->func_count; i++) atomic_init(&code->warmth[i], 0);
}

static ModuleCode *new_code(const Module *m, u32 mode, Err *why)
{
    ModuleCode *code = take(m, head_size(m), why);
    if (!code) return NULL;
    pages_expect(code, head_size(m));
    bool stored = m->stored && m->stored->mode == mode;
    *code = (ModuleCode){.module = m, .mode = mode, .hot = stored ? 0 : m->hot};
    for (u32 i = 0; i < m->func_count; i++) {
        FuncCode *f = &code->funcs[i];
        atomic_init(&f->native, NATIVE ? native_none : NULL);
        atomic_init(&f->interp, code_translate);
        atomic_init(&f->body, NULL);
        const TypeDef *type = type_def(m->store, m->funcs[i].type);
        f->type = m->funcs[i].type;
        f->param_slots = type->param_slots;
        f->result_slots = type->result_slots;
    }
    if (mode & CODE_compiled) set_heat(code);
    return code;
}

static size_t size_of(const Code *code)
{
    return sizeof *code + code->count * sizeof *code->words +
           code->catches.guard_count * sizeof(Guard) +
           code->catches.range_count * sizeof(GuardRange) +
           code->point_count * sizeof *code->points + code->call_count * sizeof *code->calls +
           code->map_len;
}

// The same mode with guards, or without; NULL while it has no code.
static ModuleCode *other_of(const ModuleCode *code)
{
    if (!GUARD_POSSIBLE) return NULL;
    return atomic_load_explicit(&code->module->code[code->mode ^ CODE_guarded],
                                memory_order_acquire);
}

// What both have goes with the second of them.
static void free_code(ModuleCode *code)
{
    if (!code) return;
    const Module *m = code->module;
    const ModuleCode *other = other_of(code);
    if (NATIVE) native_drop(code);
    for (u32 i = 0; i < m->func_count; i++) {
        const Code *body = code_body(&code->funcs[i]);
        if (body && !(other && code_body(&other->funcs[i]) == body))
            give(m, (Code *)body, size_of(body));
    }
    give(m, code, head_size(m));
}

ModuleCode *code_of_module(const Module *m, u32 mode, Err *why)
{
    _Atomic(ModuleCode *) *at = &((Module *)m)->code[mode]; // see module.h
    ModuleCode *code = atomic_load_explicit(at, memory_order_acquire);
    if (code) return code;
    ModuleCode *made = new_code(m, mode, why);
    if (!made || atomic_compare_exchange_strong(at, &code, made)) return made;
    free_code(made);
    return code;
}

ModuleCode *code_apart(const Module *m, u32 mode, Err *why)
{
    ModuleCode *code = new_code(m, mode, why);
    if (code) code->hot = 0;
    return code;
}
void code_free_apart(ModuleCode *code) { give(code->module, code, head_size(code->module)); }

void code_drop(Module *m)
{
    if (NATIVE && m->beside) beside_forget(m->beside, m);
    for (u32 mode = 0; mode < CODE_MODES; mode++) free_code(atomic_exchange(&m->code[mode], NULL));
    map_drop(m);
}

// False: another thread was first, and its code is entered.
static bool enter(FuncCode *func, const Code *body)
{
    const Code *first = NULL;
    const u64 *none = code_translate;
    bool is_first = atomic_compare_exchange_strong_explicit(
        &func->body, &first, body, memory_order_acq_rel, memory_order_acquire);
    atomic_compare_exchange_strong_explicit(&func->interp, &none, (is_first ? body : first)->words,
                                            memory_order_release, memory_order_relaxed);
    return is_first;
}

bool code_share(ModuleCode *code, u32 func)
{
    if (code_body(&code->funcs[func])) return true;
    const ModuleCode *other = other_of(code);
    const Code *body = other ? code_body(&other->funcs[func]) : NULL;
    if (body) enter(&code->funcs[func], body);
    return body;
}

CallSeen *code_call(const ModuleCode *code, u32 func, u32 offset)
{
    const Code *body = code_body(&code->funcs[func]);
    u32 low = 0, high = body ? body->call_count : 0;
    while (low < high) {
        u32 middle = low + (high - low) / 2;
        if (body->calls[middle].offset == offset) return &body->calls[middle];
        if (body->calls[middle].offset < offset) low = middle + 1;
        else high = middle;
    }
    return NULL;
}

// One allocation: the head, the words, guards and their ranges, the map's points, calls, the map.
Err code_publish(const Module *m, FuncCode *func, const Code *made, Halt halt)
{
    const struct { const void *from; size_t size; } parts[] = {
        {made->words, made->count * sizeof *made->words},
        {made->catches.guards, made->catches.guard_count * sizeof(Guard)},
        {made->catches.ranges, made->catches.range_count * sizeof(GuardRange)},
        {made->points, made->point_count * sizeof *made->points},
        {made->calls, made->call_count * sizeof *made->calls},
        {made->map, made->map_len},
    };
    const u8 *at[COUNT_OF(parts)];
    Err why;
    Code *kept = take(m, size_of(made), &why);
    if (!kept) return why;
    u8 *next = (u8 *)(kept + 1);
    for (u32 i = 0; i < COUNT_OF(parts); next += parts[i++].size) {
        at[i] = next;
        if (!halt_copy(halt, next, parts[i].from, parts[i].size)) {
            give(m, kept, size_of(made));
            return ERR_none;
        }
    }
    *kept = *made;
    kept->words = (const u64 *)at[0];
    kept->catches.guards = (const Guard *)at[1];
    kept->catches.ranges = (const GuardRange *)at[2];
    kept->catches.clauses = kept->words;
    kept->points = (const MapPoint *)at[3];
    kept->calls = (CallSeen *)(uintptr_t)at[4];
    kept->map = at[5];
    if (!enter(func, kept)) give(m, kept, size_of(made));
    return ERR_none;
}
