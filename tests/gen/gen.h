// gen.h -- random modules that are valid, made straight as bytes.
//
// A module is made from a 64-bit seed and an index, and is always the same for these and the same
// features. Its declarations are drawn first (module.c), then each body: statements, which need
// values, which need values (body.c, value.c and those beside them). What an instruction needs is
// on the image of the operand stack, or is made. Types of blocks are added as they come up, so
// sections are put together last.
//
// Which rows there are is the tables' business (rows.c): one with a plain type joins by itself.
//
// Everything ends: loops count down, or spend of a global `fuel`, which every function spends of
// that may call others.
#pragma once

#include "base/buf.h"
#include "op/op.h"

#include <string.h>

// ---- chance

typedef struct {
    u64 state;
    const u8 *pos, *end; // while there are any, bytes say what comes
} Chance;

static inline u64 chance_next(Chance *c)
{
    if (c->pos < c->end) return (u64)*c->pos++ << 56;
    u64 x = c->state += 0x9e3779b97f4a7c15u;
    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
    x = (x ^ x >> 27) * 0x94d049bb133111ebu;
    return x ^ x >> 31;
}
static inline u32 chance_below(Chance *c, u32 n) // n > 0
{
    return (u32)((chance_next(c) >> 32) * n >> 32);
}

// ---- types of values

typedef u16 Ty; // numbers are VAL_; references are even if they may be null
enum {
    TY_funcref = 6, TY_func, TY_externref, TY_extern, TY_exnref, TY_exn,
    TY_anyref, TY_any, TY_eqref, TY_eq, TY_i31ref, TY_i31, TY_structref, TY_struct, TY_arrayref,
    TY_array,
    TY_FIRST_REF,      // to the module's types, two each
    TY_MOST = 24,      // parameters or results of one function
};
static inline bool ty_is_ref(Ty t) { return t >= TY_funcref; }
static inline bool ty_null(Ty t) { return ty_is_ref(t) && !(t & 1); }
static inline Ty ty_to(u32 type, bool null) { return (Ty)(TY_FIRST_REF + 2 * type + !null); }
static inline u32 ty_type(Ty t) { return (t - TY_FIRST_REF) / 2u; }

typedef struct { u8 count; Ty at[TY_MOST]; } Tys;

// Types of functions; and of structures and arrays, whose fields are the parameters.
enum { TYPE_func, TYPE_struct, TYPE_array, TYPE_cont };
typedef struct {
    Tys params, results;
    u8 kind;
    u8 super, descriptor, describes; // one more than its index; 0: none
    bool pair;                   // in one group with the next, which is a continuation's
    u16 cont;                    // of a continuation's: that of its function
    u32 mutable, bytes, halves;  // bits of fields; of those with 32 bits, whether they are packed
} FuncTy;

static inline bool tys_equal(const Tys *a, const Tys *b)
{
    return a->count == b->count && !memcmp(a->at, b->at, a->count * sizeof(Ty));
}
static inline void tys_add(Tys *tys, Ty ty)
{
    if (tys->count < TY_MOST) tys->at[tys->count++] = ty;
}

// ---- what a module declares; imports come first

typedef struct { Ty type; bool mutable, imported; } GenGlobal;
typedef struct { bool is64, imported, shared; u8 page_log; u32 min, max; } GenMemory;
typedef struct {
    bool is64, imported;
    Ty elem;
    u32 min, max;
    u8 filled[32]; // functions that segments put there: index + 1
} GenTable;
// A leaf calls nothing and has no loop but counted; of a small one there is next to nothing.
typedef struct { u32 type; bool leaf, small; } GenFunc;
enum { ITEM_data = 255 }; // some object
typedef struct { Ty elem; u8 mode, table, count; u8 funcs[16]; } GenElem; // function index + 1
typedef struct { u8 mode, memory; u32 at, size; } GenData;

enum { GEN_TYPES = 400, GEN_FUNCS = 48, GEN_ITEMS = 16, GEN_LOCALS = 200, GEN_STACK = 200,
       GEN_DEPTH = 40 };
enum { SEGMENT_in, SEGMENT_apart, SEGMENT_told }; // active, passive, declarative

// ---- one body

typedef struct {
    Op op;
    u32 base;           // height of the stack where it begins
    Tys label, results; // what a branch to it carries, what it ends with
    bool shut;          // nobody branches to it: it counts by itself
} GenBlock;

typedef struct {
    // of all modules of a run
    Features features;
    bool portable;      // only what other engines take too, in their host language's terms
    Chance chance;
    Arena *arena;
    // the module
    bool tame;          // bits of NaNs that a number came to are never looked at
    bool legacy, exnref; // which exceptions it has
    bool conts;
    u8 flavour;         // FLAVOUR_ bits
    FuncTy types[GEN_TYPES];
    u32 type_count, object_count; // those of structures and arrays come first
    GenFunc funcs[GEN_FUNCS];
    u32 func_count, imported_funcs;
    GenGlobal globals[GEN_ITEMS];
    u32 global_count, imported_globals, fuel;
    GenMemory memories[GEN_ITEMS];
    u32 memory_count, imported_memories;
    GenTable tables[GEN_ITEMS];
    u32 table_count, imported_tables;
    u32 tags[GEN_ITEMS], tag_count, imported_tags; // their types
    u32 control[4], control_count; // types of tags behind those, for continuations
    u32 switches, within; // see conts.c: a function's type, and a global
    GenElem elems[GEN_ITEMS];
    u32 elem_count;
    GenData datas[GEN_ITEMS];
    u32 data_count;
    u32 start;          // function, or UINT32_MAX
    u32 spoil;          // so many choices from now something is made wrong; 0: nothing is
    // the body
    Buf body;
    u32 func;
    Ty stack[GEN_STACK + 2 * TY_MOST + 16];
    u32 height, floor;  // operands up to there are nobody's to take
    GenBlock blocks[GEN_DEPTH + 1];
    u32 depth;
    Ty locals[GEN_LOCALS];
    bool kept[GEN_LOCALS]; // counters, which nobody else may set
    u32 local_count, param_count;
    s32 left;           // instructions that it may still take
    u32 nest;           // of values in values
    u32 turns;          // that counted loops around make together
    bool leaf, dead;
} Gen;

enum { FLAVOUR_simd = 1, FLAVOUR_refs = 2, FLAVOUR_memory = 4, FLAVOUR_control = 8,
       FLAVOUR_float = 16 };

static inline u32 pick(Gen *g, u32 n) { return n ? chance_below(&g->chance, n) : 0; }
static inline bool odds(Gen *g, u32 n, u32 of) { return chance_below(&g->chance, of) < n; }
static inline bool has(const Gen *g, Feature f) { return g->features & FEATURE_BIT(f); }

// ---- rows.c: the tables

typedef struct { u16 count; u16 at[OP_COUNT]; } OpList;
extern OpList rows_giving[VAL_v128 + 1]; // rows with one result; [0]: none, or several
extern OpList rows_storing;      // to memories
extern OpList rows_trapping;     // by their operands alone; with one result
extern u8 row_nan[OP_COUNT];     // gives NaNs of any bits; 32 or 64: in lanes of so many; 1: alone
extern bool row_looks[OP_COUNT]; // looks at the bits of floats
extern bool row_atomic[OP_COUNT];
extern bool row_runs[OP_COUNT];
extern u32 row_seen[OP_COUNT];   // how often it was emitted
extern u32 row_drawn[OP_COUNT];  // how often it was by row
void rows_find(Features features); // of which rows may come up

// ---- emit.c

void emit_op(Gen *g, Op op);
void emit_u(Gen *g, u64 n); // an index or a count
void emit_s(Gen *g, s64 n);
void emit_byte(Gen *g, u32 byte);
void emit_index(Gen *g, Op op, u64 index);
bool ty_matches(const Gen *g, Ty t, Ty want);
void emit_type(Gen *g, Buf *out, Ty ty);
void emit_heap(Gen *g, Buf *out, Ty ty);
u32 type_of(Gen *g, const FuncTy *type); // its index, which is new if it has to be
void emit_blocktype(Gen *g, const FuncTy *type);
void push(Gen *g, Ty ty);
void pop(Gen *g, u32 count);
void push_all(Gen *g, const Tys *tys);
static inline GenBlock *inner(Gen *g) { return &g->blocks[g->depth]; }
static inline u32 own_height(Gen *g) { return g->height - inner(g)->base; }
u32 new_local(Gen *g, Ty ty, bool kept);
void emit_end(Gen *g); // of the innermost block: its results are on the stack
void emit_dead(Gen *g); // what follows is not reached

// ---- value.c

void value(Gen *g, Ty ty); // puts one on the stack
void constant(Gen *g, Ty ty);
void const_i32(Gen *g, u32 n); // these two put nothing on the image
void const_i64(Gen *g, u64 n);
u64 awkward(Gen *g);
void need(Gen *g, const Tys *tys); // the topmost are these
void condition(Gen *g);
void row(Gen *g, Op op);
bool can_make(const Gen *g, Ty ty); // at all, in every state
Ty any_type(Gen *g);     // of a local, a block, a parameter: one that can be made
Ty any_number(Gen *g);
Tys any_types(Gen *g, u32 most);
void small_index(Gen *g, bool is64, u32 n); // mostly below n, if there is any
u32 func_of_type(const Gen *g, u32 type);   // some function's index, or UINT32_MAX

// ---- objects.c: structures, arrays, i31

void draw_objects(Gen *g);
void put_objects(Gen *g, Buf *s);
bool ty_is_data(const Gen *g, Ty ty);           // of the hierarchy of any
bool data_can_be(const Gen *g, Ty ty);
void constant_data(Gen *g, Ty ty);              // puts nothing on the image
bool data_value(Gen *g, Ty ty);                 // these two do, or say false
bool from_data(Gen *g, Ty ty);                  // what some object holds, or is
bool branch_of_cast(Gen *g, bool fail, Ty *from, Ty *to, Ty *label, Ty *otherwise);
// Puts something of type `from` on the stack, and a descriptor by which to cast it to `to`.
bool described_value(Gen *g, Ty from, Ty to);

// ---- control.c, calls.c, memory.c: what values and statements can be

void statements(Gen *g, u32 most);
void block_value(Gen *g, const FuncTy *type); // some block; parameters are on the stack
void call_something(Gen *g, Ty want);         // VAL_none: anything; else its only result
bool tail_call(Gen *g);                       // false: there is nobody to call
void address(Gen *g, u32 memory, u32 bytes, bool aligned, u64 *offset);
void results(Gen *g, const Tys *want);        // brings exactly these on top of the block's base
void spend(Gen *g);                           // one unit of fuel, or it traps
void counted_begin(Gen *g, u32 *counter, u32 turns, const FuncTy *type);
void counted_end(Gen *g, u32 counter);
void open_block(Gen *g, Op op, const FuncTy *type);

#define STATEMENT(name, ...) bool statement_##name(Gen *g);
#include "statement.def"

// ---- conts.c

static inline bool is_within(const Gen *g, u32 global) { return g->conts && global == g->within; }

void draw_conts(Gen *g);
void draw_control_tags(Gen *g);
bool ty_is_cont(const Gen *g, Ty ty);
bool cont_value(Gen *g, Ty ty);               // puts one on the stack, or says false

// ---- module.c, spoil.c

typedef struct {
    u64 seed, index;
    Bytes choices; // come first, if there are any
    Features features;
    bool portable, spoil;
} GenWhat;
typedef struct { Bytes bytes; bool tame; } GenMade;
// In the arena; it jumps where that fails.
GenMade gen_module(const GenWhat *what, Arena *arena);
void gen_body(Gen *g, u32 func, Buf *out);
Bytes gen_spoil(Chance *chance, Bytes module, Arena *arena);
