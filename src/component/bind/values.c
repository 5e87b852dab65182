// values.c -- values of C as core values, and back.
//
// A slot is a uint64_t whose lower half an i32 or f32 is, so what the cases of a variant share
// needs no conversions. Types without a core value of their own get two functions:
//
//     static void T_lower_(const T *v, uint64_t *out);
//     static void T_lift_(T *v, const uint64_t *in);
//
// spec: CanonicalABI/flattening

#include "component/bind/binding.h"

static bool is_pair(const BindType *t)
{
    WitKind kind = bind_kind(t);
    return kind == WIT_string || kind == WIT_list || kind == WIT_map;
}

// It is walked along parts, which are as deep as types may be.
static void need(const BindType *of, bool lower)
{
    BindType *t = (BindType *)bind_base(of);
    bool *needed = lower ? &t->lowers : &t->lifts;
    if (bind_by_value(t) || is_pair(t) || *needed) return;
    *needed = true;
    for (u32 i = 0; i < t->part_count; i++)
        if (t->parts[i]) need(t->parts[i], lower);
}

void bind_need_lower(BindType *t) { need(t, true); }
void bind_need_lift(BindType *t) { need(t, false); }

void bind_need_release(BindType *of)
{
    BindType *t = (BindType *)bind_base(of);
    if (t->releases || !t->owns || !t->memory) return;
    t->releases = true;
    for (u32 i = 0; i < t->part_count; i++)
        if (t->parts[i]) bind_need_release(t->parts[i]);
}

void bind_put_helpers(Buf *out)
{
    static const struct { const char *type, *bits; u32 size; } floats[] = {
        {"float", "uint32_t", 32}, {"double", "uint64_t", 64}};
    for (u32 i = 0; i < COUNT_OF(floats); i++) {
        const char *type = floats[i].type, *bits = floats[i].bits;
        u32 size = floats[i].size;
        bind_put(out,
                 "\n__attribute__((__unused__)) static inline %s f%u_bits_(%s value)\n{\n"
                 "    %s bits;\n    __builtin_memcpy(&bits, &value, sizeof bits);\n"
                 "    return bits;\n}\n"
                 "\n__attribute__((__unused__)) static inline %s f%u_of_bits_(%s bits)\n{\n"
                 "    %s value;\n    __builtin_memcpy(&value, &bits, sizeof value);\n"
                 "    return value;\n}\n",
                 bits, size, type, bits, type, size, bits, type);
    }
}

// ---- One core value

const char *bind_core_type(u8 letter)
{
    return letter == 'i' ? "int32_t" : letter == 'l' ? "int64_t" : letter == 'f' ? "float"
                                                                                  : "double";
}

const char *bind_slot_to_core(Arena *arena, u8 letter, const char *slot)
{
    const char *fmt[] = {"(int32_t)%s", "(int64_t)%s", "f32_of_bits_((uint32_t)%s)",
                         "f64_of_bits_(%s)"};
    u32 which = letter == 'i' ? 0 : letter == 'l' ? 1 : letter == 'f' ? 2 : 3;
    const char *text = fmt[which], *mark = strchr(text, '%');
    return bind_text(arena, "%.*s%s%s", (int)(mark - text), text, slot, mark + 2);
}

const char *bind_core_to_slot(Arena *arena, u8 letter, const char *core)
{
    const char *front = letter == 'i' ? "(uint32_t)" : letter == 'l' ? "(uint64_t)"
                        : letter == 'f' ? "f32_bits_(" : "f64_bits_(";
    return bind_text(arena, "%s%s%s", front, core, letter == 'f' || letter == 'd' ? ")" : "");
}

static bool is_handle(const BindType *t)
{
    WitKind kind = bind_kind(t);
    return kind == WIT_own || (kind == WIT_borrow && !bind_base(t)->exported);
}

static bool is_rep(const BindType *t) { return bind_kind(t) == WIT_borrow && !is_handle(t); }

void bind_put_core(const BindType *t, const char *value, Buf *out)
{
    WitKind kind = bind_kind(t);
    if (kind == WIT_f32 || kind == WIT_f64) bind_put(out, "%s", value);
    else if (is_handle(t)) bind_put(out, "%s.__handle", value);
    else if (is_rep(t)) bind_put(out, "(int32_t)(uintptr_t)%s", value);
    else bind_put(out, "(%s)%s", kind == WIT_s64 || kind == WIT_u64 ? "int64_t" : "int32_t", value);
}

void bind_put_from_core(const BindType *t, const char *value, const char *core, Buf *out)
{
    WitKind kind = bind_kind(t);
    if (kind == WIT_f32 || kind == WIT_f64) bind_put(out, "    %s = %s;\n", value, core);
    else if (kind == WIT_bool) bind_put(out, "    %s = %s != 0;\n", value, core);
    else if (is_handle(t)) bind_put(out, "    %s.__handle = %s;\n", value, core);
    else if (is_rep(t)) bind_put(out, "    %s = (%s)(uintptr_t)%s;\n", value, t->name, core);
    else bind_put(out, "    %s = (%s)%s;\n", value, t->name, core);
}

// ---- Slots

void bind_put_lower(Bind *b, const BindType *t, const char *value, const char *slots, u32 at,
                    Buf *out)
{
    WitKind kind = bind_kind(t);
    (void)b;
    if (is_pair(t)) {
        bind_put(out, "    %s[%u] = (uintptr_t)%s.ptr;\n    %s[%u] = %s.len;\n", slots, at, value,
                 slots, at + 1, value);
    } else if (!bind_by_value(t)) {
        bind_put(out, "    %s_lower_(&%s, %s + %u);\n", bind_base(t)->stem, value, slots, at);
    } else {
        bind_put(out, "    %s[%u] = ", slots, at);
        if (kind == WIT_f32) bind_put(out, "f32_bits_(%s)", value);
        else if (kind == WIT_f64) bind_put(out, "f64_bits_(%s)", value);
        else if (is_handle(t)) bind_put(out, "(uint32_t)%s.__handle", value);
        else if (is_rep(t)) bind_put(out, "(uintptr_t)%s", value);
        else bind_put(out, "(%s)%s", kind == WIT_s64 || kind == WIT_u64 ? "uint64_t" : "uint32_t",
                      value);
        bind_put(out, ";\n");
    }
}

void bind_put_lift(Bind *b, const BindType *t, const char *value, const char *slots, u32 at,
                   Buf *out)
{
    WitKind kind = bind_kind(t);
    if (is_pair(t)) {
        const char *pointer = kind == WIT_string ? "uint8_t *"
                              : kind == WIT_list
                                  ? bind_text(b->arena, "%s *", bind_base(t)->parts[0]->name)
                                  : bind_text(b->arena, "__typeof__(%s.ptr)", value);
        bind_put(out, "    %s.ptr = (%s)(uintptr_t)(uint32_t)%s[%u];\n", value, pointer, slots, at);
        bind_put(out, "    %s.len = (size_t)(uint32_t)%s[%u];\n", value, slots, at + 1);
    } else if (!bind_by_value(t)) {
        bind_put(out, "    %s_lift_(&%s, %s + %u);\n", bind_base(t)->stem, value, slots, at);
    } else {
        const char *slot = bind_text(b->arena, "%s[%u]", slots, at);
        u8 letter = bind_layout(b, t)->flat[0][0];
        bind_put_from_core(t, value, bind_slot_to_core(b->arena, letter, slot), out);
    }
}

// ---- Functions of types

typedef void PutPart(Bind *b, const BindType *t, const char *value, const char *slots, u32 at,
                     Buf *out);

static void put_record(Bind *b, const BindType *t, const char *slots, PutPart *part, Buf *out)
{
    u32 at = 0;
    for (u32 i = 0; i < t->part_count; i++) {
        const char *name = t->type->kind == WIT_tuple ? bind_text(b->arena, "f%u", i)
                                                      : bind_member(b, t->type->parts[i].name);
        part(b, t->parts[i], bind_text(b->arena, "v->%s", name), slots, at, out);
        at += bind_layout(b, t->parts[i])->flat_count;
    }
}

static void put_fixed(Bind *b, const BindType *t, const char *slots, PutPart *part, Buf *out)
{
    u32 each = bind_layout(b, t->parts[0])->flat_count;
    for (u32 i = 0; i < t->type->length; i++)
        part(b, t->parts[0], bind_text(b->arena, "v->items[%u]", i), slots, i * each, out);
}

static const char *tag_of(const BindType *t)
{
    WitKind kind = t->type->kind;
    return kind == WIT_option ? "is_some" : kind == WIT_result ? "is_err" : "tag";
}

static void put_case(Bind *b, const BindType *t, u32 i, const char *slots, PutPart *part, Buf *out)
{
    WitKind kind = t->type->kind;
    const char *value = kind == WIT_option ? "v->val"
                        : kind == WIT_result ? i ? "v->val.err" : "v->val.ok"
                        : bind_text(b->arena, "v->val.%s",
                                    bind_member(b, t->type->parts[i].name));
    bind_put(out, "    case %u:\n    ", kind == WIT_option ? 1 : i);
    part(b, t->parts[i], value, slots, 1, out);
    bind_put(out, "        break;\n");
}

static void put_cases(Bind *b, const BindType *t, const char *slots, PutPart *part, Buf *out)
{
    bool any = false;
    for (u32 i = 0; i < t->part_count; i++) any |= t->parts[i] != NULL;
    if (!any) return;
    bind_put(out, "    switch ((int)v->%s) {\n", tag_of(t));
    for (u32 i = 0; i < t->part_count; i++)
        if (t->parts[i]) put_case(b, t, i, slots, part, out);
    bind_put(out, "    }\n");
}

static void put_whole(Bind *b, const BindType *t, const char *slots, PutPart *part, Buf *out)
{
    WitKind kind = t->type->kind;
    if (kind == WIT_fixed_list) put_fixed(b, t, slots, part, out);
    else if (kind == WIT_record || kind == WIT_tuple) put_record(b, t, slots, part, out);
    else put_cases(b, t, slots, part, out);
}

static bool has_tag(const BindType *t)
{
    WitKind kind = t->type->kind;
    return kind == WIT_variant || kind == WIT_option || kind == WIT_result;
}

void bind_put_conversions(Bind *b, const BindType *t, Buf *out)
{
    u32 count = t->lowers || t->lifts ? bind_layout(b, t)->flat_count : 0;
    if (t->lowers) {
        bind_put(out, "\nstatic void %s_lower_(const %s *v, uint64_t *out)\n{\n", t->stem, t->name);
        if (has_tag(t)) bind_put(out, "    out[0] = v->%s;\n", tag_of(t));
        for (u32 i = 1; i < count && has_tag(t); i++) bind_put(out, "    out[%u] = 0;\n", i);
        put_whole(b, t, "out", bind_put_lower, out);
        bind_put(out, "}\n");
    }
    if (t->lifts) {
        const char *type = t->type->kind == WIT_variant ? "(__typeof__(v->tag))" : "0 != ";
        bind_put(out, "\nstatic void %s_lift_(%s *v, const uint64_t *in)\n{\n", t->stem, t->name);
        if (has_tag(t)) bind_put(out, "    v->%s = %sin[0];\n", tag_of(t), type);
        put_whole(b, t, "in", bind_put_lift, out);
        bind_put(out, "}\n");
    }
}
