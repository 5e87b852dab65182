// typing.h -- which types stand in front of each instruction of a body, by the specification's
// typing rules: a small algorithm of its own over trees (code.h), not the validator.
//
//     nodes        0 <- i32 <- i64        A stack of types is a node: its topmost type, and what is
//                        ^- f32           below. So stacks share what they have in common, and what
//                                         stands in front of an instruction is one number.
//
// The same rules type what a configuration has at its redex. Then below what instructions left
// stand values, each of which is of its own type.
// spec: valid/instructions
#pragma once

#include "formal/config.h"

typedef struct Judge Judge;

typedef struct { Type type; u32 below, depth; } TypeNode;
typedef struct { Arena *arena; TypeNode *at; u32 count, cap; } Nodes; // the first: no type

// Operands: below the types that are nodes some values; or whatever is asked for, behind an
// instruction that nothing follows.
typedef struct {
    Judge *judge;
    Nodes *nodes;
    u32 top;
    bool any;
    const Val *values;
    u32 count;
} Stack;

// False: there is nothing, or a value that is of no type, which is refuted.
bool stack_pop(Stack *s, Type *found);
void stack_push(Stack *s, Type type);

void nodes_init(Nodes *nodes, Arena *arena);

// Of a body or an expression. It never changes.
typedef struct Typing {
    const Instr *instrs;
    u32 count;
    u32 *front;                // by instruction: the node
    u32 *owner;                // by instruction: 1 + the block that it stands in; 0: none
    u32 *sets;                 // by instruction: which locals were set, by place in `set`
    struct SetNode { u32 local, before; } *set; // 0: none
    u32 set_count, set_cap;
    Nodes nodes;
    const Type *results;
    u32 result_count;
    bool known;                // else it has an instruction that there is no rule for here
} Typing;

// A block that is open while a body is typed.
typedef struct {
    u32 end;                   // where the part of it ends that is being typed
    u32 owner;                 // 1 + the place of that part's instruction: a catch, or the block
    Stack outside;             // when it is over
    u32 sets;
    const Instr *block;
} OpenBlock;

// C
typedef struct TypingContext {
    Judge *judge;
    u32 rule;                  // whose premise it is: a Judgement
    const Module *module;
    const Type *locals;
    u32 local_count;
    bool is_func;              // there is a RETURN, which is a label too, the outermost
    const Type *returns;
    u32 return_count;
    // either of a body: what is open, and which locals are set
    const OpenBlock *open;
    u32 open_count;
    const u8 *set;
    // or of a configuration: its labels up to that context, and its locals
    const Config *config;
    u32 context;
    const Val *values;
    bool unknown;              // met an instruction that it has no rule for
} TypingContext;

// C |- {}, with nothing of a body, nor of a configuration.
TypingContext typing_context(Judge *j, u32 rule, const Module *m);
// Instr_ok: takes off what the instruction takes, and leaves what it leaves. False: a premise of
// C->rule fails; or C->unknown.
bool instr_ok(TypingContext *C, const Instr *i, Stack *s);
// Catch_ok
bool catch_ok(TypingContext *C, const ImmClause *clause);
// What a block takes and leaves; `single` holds a type that is alone.
void block_types(const TypeStore *types, const Instr *block, const Type **params, u32 *param_count,
                 const Type **results, u32 *result_count);

// Func_ok, of a function whose body was made. NULL: it is refuted. It lives as long as the store.
const Typing *typing_new(Judge *j, const FuncInst *f);
static inline const Typing *typing_of_func(Judge *j, const FuncInst *f)
{
    return f->body->typing ? f->body->typing : typing_new(j, f);
}
// Of what is left of the top's sequence, behind its values and what stands ahead; what all of it
// leaves is found out. It lives in the arena.
const Typing *typing_of_top(Judge *j, Arena *arena, const Config *c);
