// value.c -- what globals and tables hold, as constant expressions. See baker.h.
// spec: valid/instructions, constant expressions

#include "bake/baker.h"
#include "module/describe.h"
#include "run/object.h"
#include "run/store.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void bake_refuse(Baker *b, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    vsnprintf(b->why, BAKE_WHY, fmt, args);
    va_end(args);
    arena_fail(b->arena);
}

// What it is exported as; data NULL: it is not.
static Bytes exported_name(const Module *m, const Place *at)
{
    for (u32 i = 0; i < m->export_count; i++)
        if (m->exports[i].kind == at->kind && m->exports[i].index == at->index)
            return m->exports[i].name;
    return (Bytes){0};
}

static _Noreturn void refuse_place(Baker *b, Place at, const char *what)
{
    char text[QUOTED_MOST], entry[40] = "";
    Bytes name = exported_name(b->m, &at);
    const char *kind = at.kind == EXTERN_COUNT ? "element segment" : extern_text[at.kind];
    if (at.entry != PLACE_WHOLE) snprintf(entry, sizeof entry, " (entry %" PRIu64 ")", at.entry);
    bake_refuse(b, "%s %u%s%s%s holds %s, which no constant expression can give", kind, at.index,
                name.data ? " " : "", name.data ? quoted(text, name) : "", entry, what);
}

// ---- Functions

static int by_ref(const void *x, const void *y)
{
    const ImportedFunc *a = x, *b = y;
    if (a->ref != b->ref) return a->ref < b->ref ? -1 : 1;
    return a->index < b->index ? -1 : 1;
}

void bake_imports(Baker *b)
{
    const Instance *inst = b->inst;
    b->imports = NEW_ARRAY(b->arena, ImportedFunc, inst->imported_funcs);
    for (u32 i = 0; i < inst->imported_funcs; i++)
        b->imports[i] = (ImportedFunc){ref_of_func(inst->store, inst->imports[i]), i};
    if (inst->imported_funcs)
        qsort(b->imports, inst->imported_funcs, sizeof *b->imports, by_ref);
}

// What ref.func of it is, as the module declares it: an import may be of a subtype.
static Type declared_type(const Module *m, u32 func)
{
    bool exact = func >= m->imported_funcs || m->funcs[func].exact;
    return type_ref_to(false, m->funcs[func].type) | (exact ? TYPE_EXACT : 0);
}

// The first index by which the module can name it as one of this type. UINT32_MAX: there is none.
static u32 func_index(const Baker *b, Type type, Ref ref)
{
    const Module *m = b->m;
    u32 own = ref - b->inst->func_first, low = 0, high = b->inst->imported_funcs;
    if (own < m->func_count - m->imported_funcs) return m->imported_funcs + own;
    while (low < high) {
        u32 middle = low + (high - low) / 2;
        if (b->imports[middle].ref < ref) low = middle + 1;
        else high = middle;
    }
    for (; low < b->inst->imported_funcs && b->imports[low].ref == ref; low++) {
        u32 index = b->imports[low].index;
        if (type_matches(m->store, declared_type(m, index), type)) return index;
    }
    return UINT32_MAX;
}

void bake_func(Baker *b, Buf *out, Type type, Ref ref, Place at)
{
    u32 index = func_index(b, type, ref);
    if (index == UINT32_MAX) refuse_place(b, at, "a function that the module has no name for");
    b->declared[index] = true;
    buf_leb_u(out, index);
}

// ---- Values

bool bake_can_say(const Baker *b, Type type, Ref ref)
{
    Heap top = type_top(b->m->store, type);
    return !ref || top == HEAP_func || ((top == HEAP_any || top == HEAP_extern) && ref_is_i31(ref));
}

static const char *name_of_object(const Baker *b, Heap top, Ref ref)
{
    if (top == HEAP_exn) return "an exception";
    if (top != HEAP_any && top != HEAP_extern) return "a continuation";
    switch (ref_heap(b->inst->store, ref)) {
    case HEAP_struct: return "a structure";
    case HEAP_array: return "an array";
    default: return "a value of the host's";
    }
}

// Without its end.
static void put_ref(Baker *b, Buf *out, Type type, Ref ref, Place at)
{
    Heap top = type_top(b->m->store, type);
    if (!ref) {
        encode_default(out, &b->types, type);
    } else if (top == HEAP_func) {
        encode_op(out, OP_ref_func);
        bake_func(b, out, type, ref, at);
    } else if (bake_can_say(b, type, ref)) {
        encode_op(out, OP_i32_const);
        buf_leb_s(out, (s32)ref >> 1);
        encode_op(out, OP_ref_i31);
        if (top == HEAP_extern) encode_op(out, OP_extern_convert_any);
    } else {
        refuse_place(b, at, name_of_object(b, top, ref));
    }
}

void bake_ref(Baker *b, Buf *out, Type type, Ref ref, Place at)
{
    put_ref(b, out, type, ref, at);
    encode_op(out, OP_end);
}

void bake_value(Baker *b, Buf *out, Type type, const u64 value[2], Place at)
{
    switch (type) {
    case TYPE_i32:
        encode_op(out, OP_i32_const);
        buf_leb_s(out, (s32)value[0]);
        break;
    case TYPE_i64:
        encode_op(out, OP_i64_const);
        buf_leb_s(out, (s64)value[0]);
        break;
    case TYPE_f32:
        encode_op(out, OP_f32_const);
        buf_u32le(out, (u32)value[0]);
        break;
    case TYPE_f64:
        encode_op(out, OP_f64_const);
        buf_u64le(out, value[0]);
        break;
    case TYPE_v128:
        encode_op(out, OP_v128_const);
        buf_u64le(out, value[0]);
        buf_u64le(out, value[1]);
        break;
    default: put_ref(b, out, type, (Ref)value[0], at);
    }
    encode_op(out, OP_end);
}

void bake_offset(Buf *out, bool is64, u64 at)
{
    encode_op(out, is64 ? OP_i64_const : OP_i32_const);
    buf_leb_s(out, is64 ? (s64)at : (s32)(u32)at);
    encode_op(out, OP_end);
}
