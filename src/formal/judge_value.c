// judge_value.c -- values, and what a module's addresses stand for. See judge.h.
// spec: exec/values

#include "formal/judge.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

const char *const judgement_text[JUDGEMENT_COUNT] = {
#define JUDGE(function, name) [JUDGEMENT_##function] = name,
#include "formal/judge.def"
};

bool judge_init(Judge *j, FormalStore *s)
{
    *j = (Judge){.s = s};
    if (!s->kept) s->kept = calloc(1, sizeof *s->kept);
    if (!s->kept) return false;
    arena_init(&j->arena);
    arena_init(&j->scratch);
    j->kept = s->kept;
    j->kept->users++;
    return true;
}

void judge_arm(Judge *j, jmp_buf *failed)
{
    j->arena.on_failure = j->scratch.on_failure = j->kept->arena.on_failure = failed;
}

void judge_free(Judge *j)
{
    arena_free(&j->arena);
    arena_free(&j->scratch);
    if (--j->kept->users) return;
    arena_free(&j->kept->arena);
    free(j->kept);
    j->s->kept = NULL;
}

bool refuted(Judge *j, Judgement rule, const char *form, ...)
{
    if (j->failed) return false;
    va_list args;
    va_start(args, form);
    vsnprintf(j->why, sizeof j->why, form, args);
    va_end(args);
    j->failed = true;
    j->rules[j->rule_count++] = (u8)rule;
    return false;
}

bool within(Judge *j, Judgement rule)
{
    bool again = j->rule_count && j->rules[j->rule_count - 1] == rule;
    if (j->failed && !again && j->rule_count < COUNT_OF(j->rules))
        j->rules[j->rule_count++] = (u8)rule;
    return false;
}

bool within_part(Judge *j, Judgement rule, const char *form, ...)
{
    va_list args;
    va_start(args, form);
    if (j->failed && !*j->where) vsnprintf(j->where, sizeof j->where, form, args);
    va_end(args);
    return within(j, rule);
}

// ---- Types

// (ref null? bot)
static bool is_bot(Type type) { return (type | TYPE_NULL) == (Type)TYPE_ANY_NULL; }

bool judge_matches(Judge *j, Type sub, Type super)
{
    bool nulls = type_is_ref(super) && (type_is_null(super) || !type_is_null(sub));
    if (is_bot(sub) || is_bot(super)) return is_bot(sub) && nulls;
    return type_matches(j->s->types, sub, super);
}

TypeWords type_words(Type type)
{
    TypeWords w;
    if (is_bot(type))
        snprintf(w.text, sizeof w.text, "(ref %sbot)", type_is_null(type) ? "null " : "");
    else type_text(w.text, sizeof w.text, type, NULL, 0);
    return w;
}

bool judge_type_ok(Judge *j, Type type)
{
    if (!type_is_ref(type)) return type != TYPE_bottom && type < TYPE_NUMBER_COUNT;
    if (is_bot(type)) return true;
    return type_is_concrete(type) ? type_def_any(j->s->types, type_id(type)) != NULL
                                  : type_heap(type) < HEAP_COUNT;
}

// Its own supertype was judged when that was met.
static bool super_ok(Judge *j, const TypeDef *def)
{
    if (def->super == TYPE_NONE) return true;
    const TypeDef *super = type_def_any(j->s->types, def->super);
    return super && !super->final && super->kind == def->kind && super->depth + 1 == def->depth;
}

bool judge_def_ok(Judge *j, TypeId id)
{
    const TypeDef *def = type_def_any(j->s->types, id);
    if (!def || !super_ok(j, def)) return false;
    u32 types = def->kind == COMP_func ? def->param_count + def->result_count : 0;
    u32 fields = def->kind == COMP_struct || def->kind == COMP_array ? def->field_count : 0;
    for (u32 k = 0; k < types; k++)
        if (!judge_type_ok(j, def->params[k]) || type_is_packed(def->params[k])) return false;
    for (u32 k = 0; k < fields; k++)
        if (!judge_type_ok(j, def->fields[k].type)) return false;
    return true;
}

bool Defaultable(Judge *j, Type t)
{
    return concluded(j, JUDGEMENT_Defaultable, value_default(t).kind != VALUE_unset);
}

bool Nondefaultable(Judge *j, Type t)
{
    return concluded(j, JUDGEMENT_Nondefaultable, value_default(t).kind == VALUE_unset);
}

// ---- Numbers and vectors

static bool is_number(Val v) { return v.kind >= TYPE_i32 && v.kind <= TYPE_f64; }

// (CONST nt c), with c one of num_(nt)
bool Num_ok(Judge *j, Val v, Type *nt)
{
    *nt = v.kind;
    bool small = v.kind == TYPE_i32 || v.kind == TYPE_f32;
    if (v.external || (small && v.bits >> 32))
        return refuted(j, JUDGEMENT_Num_ok, "the bits are of no %s", type_words(*nt).text);
    return judged(j, JUDGEMENT_Num_ok);
}

bool Vec_ok(Judge *j, Val v, Type *vt)
{
    *vt = v.kind;
    return judged(j, JUDGEMENT_Vec_ok);
}

// ---- References

bool Ref_ok_null(Judge *j, Val v, Type *rt)
{
    *rt = (Type)TYPE_ANY_NULL;
    return judged(j, JUDGEMENT_Ref_ok_null);
}

bool Ref_ok_i31(Judge *j, Val v, Type *rt)
{
    *rt = type_ref(false, HEAP_i31);
    if (v.bits >> 31) return refuted(j, JUDGEMENT_Ref_ok_i31, "it has more than 31 bits");
    return judged(j, JUDGEMENT_Ref_ok_i31);
}

static bool exists(Judge *j, Judgement rule, const char *what, u64 a, u32 count)
{
    return a < count || refuted(j, rule, "s.%s[%llu] is not there: the store has %u", what,
                                (unsigned long long)a, count);
}

// What is referred to was not collected.
static bool lives(Judge *j, Judgement rule, StoreKind kind, const char *what, u64 a, u32 count)
{
    return exists(j, rule, what, a, count) &&
           (!judge_nothing(j->s, kind, (u32)a) ||
            refuted(j, rule, "s.%s[%llu] is gone", what, (unsigned long long)a));
}

bool Ref_ok_struct(Judge *j, Val v, Type *rt)
{
    if (!lives(j, JUDGEMENT_Ref_ok_struct, STORE_structs, "STRUCTS", v.bits, j->s->structs.count))
        return false;
    *rt = type_ref_to(false, j->s->structs.at[v.bits].type) | TYPE_EXACT;
    return judged(j, JUDGEMENT_Ref_ok_struct);
}

bool Ref_ok_array(Judge *j, Val v, Type *rt)
{
    if (!lives(j, JUDGEMENT_Ref_ok_array, STORE_arrays, "ARRAYS", v.bits, j->s->arrays.count))
        return false;
    *rt = type_ref_to(false, j->s->arrays.at[v.bits].type) | TYPE_EXACT;
    return judged(j, JUDGEMENT_Ref_ok_array);
}

bool Ref_ok_func(Judge *j, Val v, Type *rt)
{
    if (!exists(j, JUDGEMENT_Ref_ok_func, "FUNCS", v.bits, j->s->funcs.count)) return false;
    *rt = type_ref_to(false, j->s->funcs.at[v.bits].type) | TYPE_EXACT;
    return judged(j, JUDGEMENT_Ref_ok_func);
}

bool Ref_ok_exn(Judge *j, Val v, Type *rt)
{
    if (!lives(j, JUDGEMENT_Ref_ok_exn, STORE_exns, "EXNS", v.bits, j->s->exns.count)) return false;
    *rt = type_ref(false, HEAP_exn);
    return judged(j, JUDGEMENT_Ref_ok_exn);
}

bool Ref_ok_host(Judge *j, Val v, Type *rt)
{
    *rt = type_ref(false, HEAP_any);
    return judged(j, JUDGEMENT_Ref_ok_host);
}

// A proposal's. Which of the types of continuations it is of nobody asks, but who puts it on.
static bool cont_ok(Judge *j, Val v, Type *rt)
{
    *rt = type_ref(false, HEAP_nocont);
    return exists(j, JUDGEMENT_Val_ok_ref, "CONTS", v.bits, j->s->conts.count) &&
           (!j->s->conts.at[v.bits].gone ||
            refuted(j, JUDGEMENT_Val_ok_ref, "s.CONTS[%u] is gone", (u32)v.bits));
}

static bool ref_of_kind(Judge *j, Val v, Type *rt)
{
    switch (v.kind) {
    case VALUE_null: return Ref_ok_null(j, v, rt);
    case VALUE_i31: return Ref_ok_i31(j, v, rt);
    case VALUE_struct: return Ref_ok_struct(j, v, rt);
    case VALUE_array: return Ref_ok_array(j, v, rt);
    case VALUE_func: return Ref_ok_func(j, v, rt);
    case VALUE_exn: return Ref_ok_exn(j, v, rt);
    case VALUE_host: return Ref_ok_host(j, v, rt);
    case VALUE_cont: return cont_ok(j, v, rt);
    default: return refuted(j, JUDGEMENT_Val_ok_ref, "it is no value");
    }
}

bool Ref_ok_extern(Judge *j, Val v, Type *rt)
{
    Type inner;
    v.external = false;
    if (!ref_of_kind(j, v, &inner)) return within(j, JUDGEMENT_Ref_ok_extern);
    if (value_is_null(v) || !judge_matches(j, inner, type_ref(false, HEAP_any)))
        return refuted(j, JUDGEMENT_Ref_ok_extern, "what stands in REF.EXTERN is of %s",
                       type_words(inner).text);
    *rt = type_ref(false, HEAP_extern);
    return judged(j, JUDGEMENT_Ref_ok_extern);
}

static bool ref_ok_exactly(Judge *j, Val v, Type *rt)
{
    return v.external ? Ref_ok_extern(j, v, rt) : ref_of_kind(j, v, rt);
}

bool Ref_ok_sub(Judge *j, Val v, Type rt)
{
    Type found;
    if (!ref_ok_exactly(j, v, &found)) return within(j, JUDGEMENT_Ref_ok_sub);
    if (!judge_type_ok(j, rt)) return refuted(j, JUDGEMENT_Ref_ok_sub, "there is no such type");
    if (!judge_matches(j, found, rt))
        return refuted(j, JUDGEMENT_Ref_ok_sub, "a reference of %s is none of %s",
                       type_words(found).text, type_words(rt).text);
    return judged(j, JUDGEMENT_Ref_ok_sub);
}

// ---- Values

bool Val_ok_num(Judge *j, Val v, Type t)
{
    Type nt;
    if (!Num_ok(j, v, &nt)) return within(j, JUDGEMENT_Val_ok_num);
    if (nt != t)
        return refuted(j, JUDGEMENT_Val_ok_num, "%s stands where %s should",
                       type_words(nt).text, type_words(t).text);
    return judged(j, JUDGEMENT_Val_ok_num);
}

bool Val_ok_vec(Judge *j, Val v, Type t)
{
    Type vt;
    if (!Vec_ok(j, v, &vt)) return within(j, JUDGEMENT_Val_ok_vec);
    if (vt != t)
        return refuted(j, JUDGEMENT_Val_ok_vec, "v128 stands where %s should",
                       type_words(t).text);
    return judged(j, JUDGEMENT_Val_ok_vec);
}

bool Val_ok_ref(Judge *j, Val v, Type t)
{
    Type found;
    if (!type_is_ref(t))
        return ref_ok_exactly(j, v, &found) &&
               refuted(j, JUDGEMENT_Val_ok_ref, "%s stands where %s should",
                       type_words(found).text, type_words(t).text);
    return concluded(j, JUDGEMENT_Val_ok_ref, Ref_ok_sub(j, v, t));
}

bool judge_val(Judge *j, Val v, Type t)
{
    if (is_number(v)) return Val_ok_num(j, v, t);
    return v.kind == TYPE_v128 ? Val_ok_vec(j, v, t) : Val_ok_ref(j, v, t);
}

bool judge_type_of(Judge *j, Val v, Type *type)
{
    if (is_number(v)) return Num_ok(j, v, type);
    return v.kind == TYPE_v128 ? Vec_ok(j, v, type) : ref_ok_exactly(j, v, type);
}

bool Packval_ok(Judge *j, Val v, Type pt)
{
    u32 bits = pt == TYPE_i8 ? 8 : 16;
    if (v.kind != pt || v.bits >> bits)
        return refuted(j, JUDGEMENT_Packval_ok, "it is no packed %s", type_words(pt).text);
    return judged(j, JUDGEMENT_Packval_ok);
}

bool Fieldval_ok_val(Judge *j, Val v, Type t)
{
    return concluded(j, JUDGEMENT_Fieldval_ok_val, judge_val(j, v, t));
}

bool Fieldval_ok_packval(Judge *j, Val v, Type pt)
{
    return concluded(j, JUDGEMENT_Fieldval_ok_packval, Packval_ok(j, v, pt));
}

bool judge_field(Judge *j, Val v, Type zt)
{
    return type_is_packed(zt) ? Fieldval_ok_packval(j, v, zt) : Fieldval_ok_val(j, v, zt);
}

// ---- External addresses

bool Externaddr_ok_tag(Judge *j, u32 a, ExternType *xt)
{
    if (!exists(j, JUDGEMENT_Externaddr_ok_tag, "TAGS", a, j->s->tags.count)) return false;
    *xt = formal_extern_type(j->s, (ExternAddr){EXTERN_tag, a});
    return judged(j, JUDGEMENT_Externaddr_ok_tag);
}

bool Externaddr_ok_global(Judge *j, u32 a, ExternType *xt)
{
    if (!exists(j, JUDGEMENT_Externaddr_ok_global, "GLOBALS", a, j->s->globals.count)) return false;
    *xt = formal_extern_type(j->s, (ExternAddr){EXTERN_global, a});
    return judged(j, JUDGEMENT_Externaddr_ok_global);
}

bool Externaddr_ok_mem(Judge *j, u32 a, ExternType *xt)
{
    if (!exists(j, JUDGEMENT_Externaddr_ok_mem, "MEMS", a, j->s->mems.count)) return false;
    *xt = formal_extern_type(j->s, (ExternAddr){EXTERN_memory, a});
    return judged(j, JUDGEMENT_Externaddr_ok_mem);
}

bool Externaddr_ok_table(Judge *j, u32 a, ExternType *xt)
{
    if (!exists(j, JUDGEMENT_Externaddr_ok_table, "TABLES", a, j->s->tables.count)) return false;
    *xt = formal_extern_type(j->s, (ExternAddr){EXTERN_table, a});
    return judged(j, JUDGEMENT_Externaddr_ok_table);
}

bool Externaddr_ok_func(Judge *j, u32 a, ExternType *xt)
{
    if (!exists(j, JUDGEMENT_Externaddr_ok_func, "FUNCS", a, j->s->funcs.count)) return false;
    *xt = formal_extern_type(j->s, (ExternAddr){EXTERN_func, a});
    return judged(j, JUDGEMENT_Externaddr_ok_func);
}

bool Externaddr_ok_sub(Judge *j, ExternAddr a, const ExternType *want)
{
    typedef bool OfKind(Judge *j, u32 a, ExternType *xt);
    static OfKind *const rules[EXTERN_COUNT] = {
        [EXTERN_func] = Externaddr_ok_func, [EXTERN_table] = Externaddr_ok_table,
        [EXTERN_memory] = Externaddr_ok_mem, [EXTERN_global] = Externaddr_ok_global,
        [EXTERN_tag] = Externaddr_ok_tag};
    ExternType found;
    if (!rules[a.kind](j, a.address, &found)) return within(j, JUDGEMENT_Externaddr_ok_sub);
    if (!formal_extern_matches(j->s->types, &found, want))
        return refuted(j, JUDGEMENT_Externaddr_ok_sub, "the %s at %u is not of the type that it "
                       "is imported, or was defined, with", extern_text[a.kind], a.address);
    return judged(j, JUDGEMENT_Externaddr_ok_sub);
}
