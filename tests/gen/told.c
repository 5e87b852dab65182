// told.c -- see told.h.

#include "told.h"

#include <string.h>

void log_say(Log *log, SayKind kind, u32 a, u64 b)
{
    if (log->kinds >> kind & 1)
        ARENA_PUSH(log->arena, log->says, log->count, log->cap) = (Say){(u8)kind, false, a, b};
}

u64 told_mix(u64 hash, u64 value) { return (hash ^ value) * 0x9e3779b97f4a7c15u ^ hash >> 29; }

u64 told_tame(Type type, u64 bits)
{
    float f;
    double d;
    u32 low = (u32)bits;
    if (type == TYPE_f32) {
        memcpy(&f, &low, 4);
        return f == f ? low : 0x7fc00000;
    }
    memcpy(&d, &bits, 8);
    return d == d ? bits : 0x7ff8000000000000;
}

bool told_named(Type t) { return t != TYPE_v128 && t != type_ref(true, HEAP_exn); }

static bool passes(const Type *types, u32 count, bool in, bool portable)
{
    for (u32 i = 0; i < count; i++)
        if ((portable && !told_named(types[i])) || (in && !type_is_defaultable(types[i])))
            return false;
    return true;
}

bool told_callable(const TypeDef *type, bool portable)
{
    return passes(type->params, type->param_count, true, portable) &&
           passes(type_results(type), type->result_count, false, portable);
}

Type told_type(const TypeStore *types, Type type)
{
    return type_is_concrete(type) ? type_ref(type_is_null(type), type_top(types, type)) : type;
}

static u64 draw(u64 *chance)
{
    static const u64 some[] = {0, 1, 2, 7, 31, 255, 65535, 0x7fffffff, 0x80000000, 0xffffffff};
    u64 x = *chance += 0x9e3779b97f4a7c15u;
    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
    x ^= x >> 31;
    return x % 3 ? some[x / 3 % COUNT_OF(some)] : x;
}

static u64 argument(u64 *chance, Type type)
{
    u64 bits = draw(chance);
    if (type_is_ref(type)) return REF_NULL;
    if (type == TYPE_i32) return (u32)bits;
    if (type == TYPE_f32 || type == TYPE_f64) {
        double d = (double)(s64)bits / 4;
        float f = (float)d;
        u32 low;
        memcpy(&bits, &d, 8);
        memcpy(&low, &f, 4);
        return type == TYPE_f32 ? low : bits;
    }
    return bits;
}

void told_arguments(u64 *chance, const TypeDef *type, u64 *slots)
{
    for (u32 i = 0, at = 0; i < type->param_count; at += type_slots(type->params[i++])) {
        slots[at] = argument(chance, type->params[i]);
        if (type->params[i] == TYPE_v128) slots[at + 1] = argument(chance, TYPE_i64);
    }
}

void told_results(const TypeDef *type, u64 *slots, u32 calls)
{
    for (u32 i = 0, at = 0; i < type->result_count; at += type_slots(type_results(type)[i++])) {
        Type t = type_results(type)[i];
        u64 n = calls * 7 + i;
        double d = (double)n / 2;
        float f = (float)d;
        slots[at] = type_is_ref(t) ? REF_NULL : n;
        if (t == TYPE_f64) memcpy(slots + at, &d, 8);
        if (t == TYPE_f32) memcpy(slots + at, &f, 4);
        if (t == TYPE_v128) slots[at + 1] = n;
    }
}

bool told_short(Trap trap)
{
    return trap == TRAP_call_stack_exhausted || trap == TRAP_out_of_memory;
}

// By words of 32 bits, since JavaScript has to do the same; of which most are 0, and tell by where
// the others are.
static bool is_zero(const u8 *bytes)
{
    u64 words[8], any = 0;
    memcpy(words, bytes, sizeof words);
    for (u32 i = 0; i < 8; i++) any |= words[i];
    return !any;
}

// Most of a memory has zeros, which are gone over fast.
u32 told_hash(const u8 *bytes, u64 size)
{
    u32 hash = 0x811c9dc5;
    for (u64 i = 0; i + 4 <= size; i += 4) {
        u32 word;
        while (size - i > 64 && is_zero(bytes + i)) i += 64;
        if (i + 4 > size) break;
        memcpy(&word, bytes + i, 4);
        if (word) hash = (hash ^ word) * 0x01000193 + (u32)(i / 4);
    }
    for (u64 i = size & ~(u64)3; i < size; i++) hash = (hash ^ bytes[i]) * 0x01000193;
    return hash;
}
