// typing_rules.h -- what rules about instructions have in common: premises, operands, results.
#pragma once

#include "formal/judge.h"

#include <stdarg.h>
#include <stdio.h>

static inline const TypeStore *types_of(const TypingContext *C) { return C->judge->s->types; }

static inline bool wrong(TypingContext *C, const Instr *i, const char *form, ...) PRINTF_LIKE(3, 4);
static inline bool wrong(TypingContext *C, const Instr *i, const char *form, ...)
{
    char text[160];
    va_list args;
    va_start(args, form);
    vsnprintf(text, sizeof text, form, args);
    va_end(args);
    return refuted(C->judge, C->rule, "%s: %s", i->op < OP_COUNT ? op_info[i->op].text : "it",
                   text);
}

static inline bool is_there(TypingContext *C, const Instr *i, u32 x, u32 count, const char *what)
{
    return x < count || wrong(C, i, "there is no %s %u", what, x);
}

static inline bool pop_any(TypingContext *C, const Instr *i, Stack *s, Type *found)
{
    return stack_pop(s, found) || wrong(C, i, "an operand is missing");
}

static inline bool pop_type(TypingContext *C, const Instr *i, Stack *s, Type want)
{
    Type found;
    if (!pop_any(C, i, s, &found)) return false;
    return judge_matches(C->judge, found, want) ||
           wrong(C, i, "it takes %s, where %s is", type_words(want).text, type_words(found).text);
}

static inline bool pop_list(TypingContext *C, const Instr *i, Stack *s, const Type *types,
                            u32 count)
{
    while (count--)
        if (!pop_type(C, i, s, types[count])) return false;
    return true;
}

// The last comes first: as they are pushed.
#define POP(...)                                                                                   \
    pop_list(C, i, s, (const Type[]){__VA_ARGS__}, COUNT_OF(((const Type[]){__VA_ARGS__})))

static inline bool push_list(Stack *s, const Type *types, u32 count)
{
    for (u32 k = 0; k < count; k++) stack_push(s, types[k]);
    return true;
}

static inline bool pushes(Stack *s, Type type)
{
    stack_push(s, type);
    return true;
}

// t* -> t*. Where they are just these already, they are left as they are.
static inline bool swap_list(TypingContext *C, const Instr *i, Stack *s, const Type *types,
                             u32 count)
{
    u32 node = s->top, k = count;
    while (k && node && s->nodes->at[node].type == types[k - 1])
        node = s->nodes->at[node].below, k--;
    if (!k) return true;
    return pop_list(C, i, s, types, count) && push_list(s, types, count);
}

static inline bool pop_ref(TypingContext *C, const Instr *i, Stack *s, Type *found)
{
    if (!pop_any(C, i, s, found)) return false;
    if (*found == TYPE_bottom) *found = (Type)TYPE_ANY_NULL;
    return type_is_ref(*found) ||
           wrong(C, i, "it takes a reference, where %s is", type_words(*found).text);
}

// t_1* -> t_2*, for all of them
static inline bool leaves_any(Stack *s)
{
    s->any = true;
    s->top = s->count = 0;
    return true;
}

static inline Type address_type(bool is64) { return is64 ? TYPE_i64 : TYPE_i32; }

static inline const TypeDef *def_at(TypingContext *C, const Instr *i, u32 x, CompKind kind,
                                    TypeId *id)
{
    if (!is_there(C, i, x, C->module->type_count, "type")) return NULL;
    *id = C->module->types[x];
    const TypeDef *def = type_def(types_of(C), *id);
    if (def->kind == kind) return def;
    return wrong(C, i, "type %u is of another kind", x), NULL;
}

// C.TAGS[x]
static inline const TypeDef *tag_at(TypingContext *C, const Instr *i, u32 x)
{
    if (!is_there(C, i, x, C->module->tag_count, "tag")) return NULL;
    return type_def(types_of(C), C->module->tags[x].type);
}

static inline bool lists_match(TypingContext *C, const Type *sub, u32 sub_count, const Type *super,
                               u32 super_count)
{
    bool good = sub_count == super_count;
    for (u32 k = 0; good && k < sub_count; k++) good = judge_matches(C->judge, sub[k], super[k]);
    return good;
}

// C.LABELS[x]
bool typing_label(TypingContext *C, const Instr *i, u32 x, const Type **label, u32 *count);
// The label's last takes `sent`; in front of that is what stays in any case.
bool typing_sends(TypingContext *C, const Instr *i, Stack *s, Type sent);
// Rows about references, structures and arrays; about continuations. False: as instr_ok.
bool typing_object(TypingContext *C, const Instr *i, Stack *s);
bool typing_cont(TypingContext *C, const Instr *i, Stack *s);
