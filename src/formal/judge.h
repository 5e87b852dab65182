// judge.h -- the specification's soundness judgements, a function for each of its rules.
//
//     |- s; f; instr* : t*       Config_ok
//        |      |
//        |      Expr_ok2         each context's part of the sequence: values, what stands ahead,
//        |                       and what is left of the body, whose types are known (typing.h)
//        State_ok                Store_ok: what every instance of the store holds
//                                Frame_ok: locals, and that the module's addresses are what it says
//
// A function is named as the rule is; it looks at the rule's premises, and counts that it was
// concluded, or says which premise fails. Nothing recurses on what a guest makes: configurations
// are judged context by context, and who can be reached from whom with a stack.
// spec: appendix/properties
#pragma once

#include "formal/formal.h"
#include "formal/typing.h"

typedef enum {
#define JUDGE(function, name) JUDGEMENT_##function,
#include "formal/judge.def"
    JUDGEMENT_COUNT,
} Judgement;
extern const char *const judgement_text[JUDGEMENT_COUNT];

// What of the store was there when it was last judged, of one instance.
typedef struct {
    u64 count;               // of bytes, elements, fields; KEPT_NOTHING: there is none of it
    u64 fixed;               // a hash of all that may never change
} Kept;
#define KEPT_NOTHING UINT64_MAX

// The store's kinds of instances.
typedef enum {
    STORE_tags, STORE_globals, STORE_mems, STORE_tables, STORE_funcs, STORE_datas, STORE_elems,
    STORE_structs, STORE_arrays, STORE_exns, STORE_KINDS,
} StoreKind;

// Of all of it, for all who judge what works on one store.
typedef struct StoreKept {
    Arena arena;
    u32 users;
    struct { Kept *at; u32 count, cap; } of[STORE_KINDS];
} StoreKept;

struct Judge {
    FormalStore *s;
    StoreKept *kept;
    Arena arena, scratch;    // armed by who asks for a judgement; scratch: of one rule at a time
    u64 used[JUDGEMENT_COUNT]; // how often each rule was concluded
    bool failed;
    // the first rule of which a premise does not hold, and the rules that it is a premise of
    u8 rules[8];
    u32 rule_count;
    char why[240];           // which premise, in words
    char where[60];          // and of which part of the store, or of the frame
    const ModuleInst *modules; // what was newest when all that are ready had been judged
    const Typing *top;       // of the sequence that the top runs
    Nodes nodes;             // for what is typed at once and forgotten
    u64 work;                // of judging, in about as many nanoseconds
};

enum { TYPING_MOST = 1 << 30 }; // bytes, of what is known of one body

void judge_arm(Judge *j, jmp_buf *failed);
bool judge_init(Judge *j, FormalStore *s); // false: out of memory, and nothing is to be freed
void judge_free(Judge *j);
// The rule was concluded: true.
static inline bool judged(Judge *j, Judgement rule) { return j->used[rule]++, true; }
// A premise of it, which is a judgement too, was refuted: false. And of what that was said.
bool within(Judge *j, Judgement rule);
bool within_part(Judge *j, Judgement rule, const char *form, ...) PRINTF_LIKE(3, 4);
static inline bool concluded(Judge *j, Judgement rule, bool premises)
{
    return premises ? judged(j, rule) : within(j, rule);
}
// A premise of it does not hold: false. Only the first is kept.
bool refuted(Judge *j, Judgement rule, const char *form, ...) PRINTF_LIKE(3, 4);

// ---- judge_value.c

// (ref null bot); without TYPE_NULL (ref bot)
enum { TYPE_ANY_NULL = TYPE_REF | TYPE_NULL | TYPE_HEAP_BITS };
// Valtype_sub
bool judge_matches(Judge *j, Type sub, Type super);
bool judge_type_ok(Judge *j, Type type); // Valtype_ok, Storagetype_ok, with no context
bool judge_def_ok(Judge *j, TypeId id);  // Deftype_ok
typedef struct { char text[64]; } TypeWords;
TypeWords type_words(Type type);

bool Defaultable(Judge *j, Type t);
bool Nondefaultable(Judge *j, Type t);
bool Num_ok(Judge *j, Val v, Type *nt);
bool Vec_ok(Judge *j, Val v, Type *vt);
bool Ref_ok_null(Judge *j, Val v, Type *rt);
bool Ref_ok_i31(Judge *j, Val v, Type *rt);
bool Ref_ok_struct(Judge *j, Val v, Type *rt);
bool Ref_ok_array(Judge *j, Val v, Type *rt);
bool Ref_ok_func(Judge *j, Val v, Type *rt);
bool Ref_ok_exn(Judge *j, Val v, Type *rt);
bool Ref_ok_host(Judge *j, Val v, Type *rt);
bool Ref_ok_extern(Judge *j, Val v, Type *rt);
bool Ref_ok_sub(Judge *j, Val v, Type rt);
bool Val_ok_num(Judge *j, Val v, Type t);
bool Val_ok_vec(Judge *j, Val v, Type t);
bool Val_ok_ref(Judge *j, Val v, Type t);
bool Packval_ok(Judge *j, Val v, Type pt);
bool Fieldval_ok_val(Judge *j, Val v, Type t);
bool Fieldval_ok_packval(Judge *j, Val v, Type pt);
bool Externaddr_ok_tag(Judge *j, u32 a, ExternType *xt);
bool Externaddr_ok_global(Judge *j, u32 a, ExternType *xt);
bool Externaddr_ok_mem(Judge *j, u32 a, ExternType *xt);
bool Externaddr_ok_table(Judge *j, u32 a, ExternType *xt);
bool Externaddr_ok_func(Judge *j, u32 a, ExternType *xt);
bool Externaddr_ok_sub(Judge *j, ExternAddr a, const ExternType *want);
// Val_ok, Fieldval_ok, whichever rule it is
bool judge_val(Judge *j, Val v, Type t);
bool judge_field(Judge *j, Val v, Type zt);
// The type of a value, as exactly as it is known; of numbers too.
bool judge_type_of(Judge *j, Val v, Type *type);

// ---- judge_store.c. Instances by address; of those that hold many things, from one of them on so
// many: JUDGE_ALL.

#define JUDGE_ALL UINT64_MAX
bool Taginst_ok(Judge *j, u32 a);
bool Globalinst_ok(Judge *j, u32 a);
bool Meminst_ok(Judge *j, u32 a);
bool Tableinst_ok(Judge *j, u32 a, u64 from, u64 count);
bool Funcinst_ok(Judge *j, u32 a);
bool Datainst_ok(Judge *j, u32 a);
bool Eleminst_ok(Judge *j, u32 a);
bool Exportinst_ok(Judge *j, const ModuleInst *m, const Export *e);
bool Structinst_ok(Judge *j, u32 a, u64 from, u64 count);
bool Arrayinst_ok(Judge *j, u32 a, u64 from, u64 count);
bool Exninst_ok(Judge *j, u32 a);
bool Moduleinst_ok(Judge *j, const ModuleInst *m);
bool Context_ok(Judge *j, const Module *m);
bool Store_ok(Judge *j);
// The *at-th value, or the next, that can be reached from `from` in one step: false, there is none.
bool ImmutReachable_ref_struct(Judge *j, Val from, u32 *at, Val *to);
bool ImmutReachable_ref_array(Judge *j, Val from, u32 *at, Val *to);
bool ImmutReachable_ref_exn(Judge *j, Val from, u32 *at, Val *to);
bool ImmutReachable_ref_extern(Judge *j, Val from, u32 *at, Val *to);
// Who is looked for, in steps of that: what was seen, and the way to it.
typedef struct Reach Reach;
bool ImmutReachable_trans(Judge *j, Reach *r);
bool NotImmutReachable(Judge *j, Reach *r, Val a);
// Of what was kept, and what there is now.
bool Extend_taginst(Judge *j, u32 a);
bool Extend_globalinst(Judge *j, u32 a);
bool Extend_meminst(Judge *j, u32 a);
bool Extend_tableinst(Judge *j, u32 a);
bool Extend_funcinst(Judge *j, u32 a);
bool Extend_datainst(Judge *j, u32 a);
bool Extend_eleminst(Judge *j, u32 a);
bool Extend_structinst(Judge *j, u32 a);
bool Extend_arrayinst(Judge *j, u32 a);
bool Extend_exninst(Judge *j, u32 a);
bool Extend_store(Judge *j);
u32 judge_count(const FormalStore *s, StoreKind kind);
// Is nothing there: what was is gone, or it is still being made?
bool judge_nothing(const FormalStore *s, StoreKind kind, u32 a);
// Of what was collected nothing is known any more.
void judge_collected(Judge *j);
void judge_keep(Judge *j, StoreKind kind, u32 a);
// One that was not judged yet; then it is kept.
bool judge_instance(Judge *j, StoreKind kind, u32 a);
// Instances that are new since the last time: each is judged, and kept.
bool judge_new(Judge *j);
// The same for who asks often; and none has gone, and memories and tables have not shrunk.
bool judge_instances(Judge *j);
// A part that was changed: its instance is as it may become, what is there is well typed.
bool judge_part(Judge *j, Part part);
// The modules that came up since the last time.
bool judge_modules(Judge *j);

// ---- judge_config.c. A context is its number in the configuration.

bool Localval_ok_set(Judge *j, Val v, Type t);
bool Localval_ok_unset(Judge *j, Val v, Type t);
bool judge_local(Judge *j, Val v, Type t); // whichever it is
bool Frame_ok(Judge *j, const Config *c, u32 k);
bool State_ok(Judge *j, const Config *c);
bool Instr_ok2_plain(Judge *j, TypingContext *C, const Instr *i, Stack *s);
bool Instr_ok2_call_ref(Judge *j, TypingContext *C, const Instr *i, Stack *s);
bool Instr_ok2_return_call_ref(Judge *j, TypingContext *C, const Instr *i, Stack *s);
bool Instr_ok2_ref(Judge *j, Val v, Type *type);
bool Instr_ok2_trap(Judge *j, Stack *s);
// Instr_ok2, whichever rule it is; of a value
bool judge_instr(Judge *j, TypingContext *C, const Instr *i, Stack *s);
bool judge_value(Judge *j, Val v, Type *type);
// Of a context, with its own part of the sequence. Of the values there that no instruction takes
// the topmost `deep` are judged, the others counted.
#define JUDGE_DEEP UINT32_MAX
bool Instr_ok2_label(Judge *j, const Config *c, u32 k, u32 deep);
bool Instr_ok2_frame(Judge *j, const Config *c, u32 k, u32 deep);
bool Instr_ok2_handler(Judge *j, const Config *c, u32 k, u32 deep);
// What stands in front of what is left of a context's sequence: a node, or at its end the results.
typedef struct {
    const TypeNode *nodes;
    u32 node;
    const Type *types;
    u32 count;
} Front;
bool Instrs_ok2_empty(Judge *j, Stack *s);
bool Instrs_ok2_seq(Judge *j, TypingContext *C, const Instr *i, Stack *s);
bool Instrs_ok2_sub(Judge *j, Stack *s, Front *front);
bool Instrs_ok2_frame(Judge *j, Stack *s, Front *front, u32 deep);
bool Expr_ok2(Judge *j, const Config *c, u32 k, u32 deep);
// All of it.
bool Config_ok(Judge *j, const Config *c);
// By its kind.
bool judge_context(Judge *j, const Config *c, u32 k, u32 deep);
// What C is for the k-th context.
TypingContext context_of(Judge *j, const Config *c, u32 k);
