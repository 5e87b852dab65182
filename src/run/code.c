// code.c -- see code.h.

#include "run/code.h"

#include "base/leb.h"
#include "run/map.h"

#include <stdlib.h>
#include <string.h>

u32 code_offset(const Code *code, u32 word)
{
    u32 index = 0, pos = 0;
    for (const u8 *p = code->map, *end = p + code->map_len; p < end;) {
        u32 next = index + leb_known_u32(&p), delta = leb_known_u32(&p);
        if (next > word) break;
        index = next;
        pos += delta;
    }
    return pos;
}

static ModuleCode *new_code(const Module *m, u32 mode)
{
    size_t size;
    ModuleCode *code = NULL;
    if (!__builtin_mul_overflow((size_t)m->func_count, sizeof(FuncCode), &size) &&
        !__builtin_add_overflow(size, sizeof *code, &size))
        code = malloc(size);
    if (!code) return NULL;
    *code = (ModuleCode){.module = m, .mode = mode};
    for (u32 i = 0; i < m->func_count; i++) {
        FuncCode *f = &code->funcs[i];
        atomic_init(&f->interp, code_translate);
        const TypeDef *type = type_def(m->store, m->funcs[i].type);
        f->type = m->funcs[i].type;
        f->param_slots = type->param_slots;
        f->result_slots = type->result_slots;
    }
    return code;
}

static void free_code(ModuleCode *code)
{
    if (!code) return;
    for (u32 i = 0; i < code->module->func_count; i++) free((Code *)code_body(&code->funcs[i]));
    free(code);
}

ModuleCode *code_of_module(const Module *m, u32 mode)
{
    _Atomic(ModuleCode *) *at = &((Module *)m)->code[mode]; // see module.h
    ModuleCode *code = atomic_load_explicit(at, memory_order_acquire);
    if (code) return code;
    ModuleCode *made = new_code(m, mode);
    if (!made || atomic_compare_exchange_strong(at, &code, made)) return made;
    free_code(made);
    return code;
}

void code_drop(Module *m)
{
    for (u32 mode = 0; mode < CODE_MODES; mode++) free_code(atomic_exchange(&m->code[mode], NULL));
    map_drop(m);
}

// One allocation: the head, the words, guards and their ranges, the map.
bool code_publish(FuncCode *func, const Code *made)
{
    size_t words = (size_t)made->count * sizeof *made->words, guards = made->guard_count * sizeof *made->guards,
           ranges = made->range_count * sizeof *made->ranges;
    Code *kept = malloc(sizeof *kept + words + guards + ranges + made->map_len);
    if (!kept) return false;
    u8 *at = (u8 *)(kept + 1);
    *kept = *made;
    kept->words = memcpy(at, made->words, words);
    kept->guards = (Guard *)(at + words);
    kept->ranges = (GuardRange *)(at + words + guards);
    kept->map = at + words + guards + ranges;
    if (guards) memcpy(at + words, made->guards, guards);
    if (ranges) memcpy(at + words + guards, made->ranges, ranges);
    if (made->map_len) memcpy(at + words + guards + ranges, made->map, made->map_len);
    const u64 *none = code_translate;
    if (!atomic_compare_exchange_strong_explicit(&func->interp, &none, kept->words, memory_order_release,
                                                 memory_order_relaxed))
        free(kept);
    return true;
}
