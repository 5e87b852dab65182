// imm.h -- the immediates of an instruction, and the one reader of them.
//
//     Op op = imm_op(&r);                  // OP_COUNT: refused, and r.diag says why
//     if (op != OP_COUNT && imm_read(&r, op, &imm)) ... imm.local ...
//
// Only encodings are looked at: what features and limits allow of them. Indices are as they stand
// there and may name nothing; types that are indices are (ref ...) words with that index in the
// place of a TypeId. The walk judges them (valid/walk.h), and fills in what it found.
// spec: binary/instructions
#pragma once

#include "base/leb.h"
#include "module/module.h"
#include "op/diag.h"

// A clause of try_table, or of resume and its kin. `label` is a depth as it is encoded: it does not
// count the try_table itself.
typedef struct {
    u8 kind;           // try_table: 0 catch, 1 catch_ref, 2 catch_all, 3 catch_all_ref; resume: 0
                       // on a label, 1 switch
    u32 tag, label;    // where the kind has them, else 0
} ImmClause;

typedef enum { BLOCK_empty, BLOCK_value, BLOCK_index } BlockForm;
typedef struct {
    BlockForm form;
    Type value;
    u32 type;          // index
} ImmBlock;

// What a row's immediates say is in the view that its ImmKind names; of all else only what
// walk_types.h says of that row. Arrays last until the next instruction is read.
typedef struct Imm {
    Op op;
    union {
        u32 label, local, global, func, table, memory, data, elem, tag;
        u32 type_index;
        struct { u32 type, table; } type_table;
        struct { u32 to, from; } memory_memory, table_table;
        struct { u32 data, memory; } data_memory;
        struct { u32 elem, table; } elem_table;
        struct { u32 type, field; } type_field;
        struct { u32 type, count; } type_count;
        struct { u32 type, data; } type_data;
        struct { u32 type, elem; } type_elem;
        struct { u32 first, second; } type_type;
        struct { u32 type, tag; } type_tag;
        // memarg, and memarg_lane, which also has `lane`
        struct { u64 offset; u32 memory, align; u32 lane; } memarg; // align: log2 of bytes
        u32 lane;
        u8 bytes[16];  // lanes, v128
        u64 bits;      // of constants; i32 is sign-extended
        Type heap;     // null as the instruction says
        struct { u32 label; Type from, to; u32 index; } cast; // index: of the type that `to` names
        struct { u32 count; const u32 *at; } labels; // the default is the last
        struct { u32 count; const Type *at; } types;
        // block, try_table, which also has clauses
        struct { ImmBlock type; u32 count; const ImmClause *at; } block;
        // resume, resume_throw, which also has `tag`
        struct { u32 type, tag; u32 count; const ImmClause *at; } resume;
    };
    // What validation found out. TypeDefs last as long as the type store.
    bool is64;         // memory and table instructions: addresses are i64 (of copies: both of them)
    bool src64;        // memory.copy and table.copy: the source's addresses are i64
    bool falls;        // else, end, catch, catch_all, delegate: the code just before can be reached
    Type type;         // drop, select: of the operand; local.*, global.*, table.get, table.set...:
                       // of the value; ref.null, ref.func, ref.test, ref.cast, br_on_cast: the
                       // target type; struct.*, array.*: the field's, may be packed; br_on_null,
                       // ref.is_null, ...: of the operand
    const TypeDef *def; // call*, return_call*: the function's type; struct.*, array.*: the
                       // aggregate's; throw, catch, suspend: the tag's; cont.*, resume*, switch:
                       // the continuation's function type
    TypeId type_id;    // of def
    struct WalkFrame *frame; // block, loop, if, else, try_table, end...: the frame; br*, return:
                       // the target
    u32 depth;         // br*, return: the target's
} Imm;

typedef struct {
    const Module *m;
    const u8 *next, *end;
    Err at_end;        // what running out of bytes is called
    Diag *diag;
    Arena *arena;      // of lists; NULL: they are read and not kept
    u32 *labels, label_cap;
    ImmClause *clauses;
    u32 clause_cap;
    Type *types;
    u32 type_cap;
} ImmReader;

// False: r->diag says why. They leave through the arena when memory is short.
Op imm_op(ImmReader *r);
bool imm_read(ImmReader *r, Op op, Imm *out); // the immediates that the row says

// Always false.
bool imm_fail(const ImmReader *r, Err err, const u8 *at, const char *fmt, ...) PRINTF_LIKE(4, 5);
bool imm_u8(ImmReader *r, u8 *out);
bool imm_any_u32(ImmReader *r, u32 *out); // imm_u32, without its fast way
bool imm_value_type(ImmReader *r, Type *out);
bool imm_count(ImmReader *r, u32 *out, const char *what); // of things that take a byte at least

// Inline unless size counts.
static inline bool imm_u32(ImmReader *r, u32 *out)
{
#ifndef __OPTIMIZE_SIZE__
    if (LIKELY(r->end - r->next >= 8)) {
        u32 bytes = *r->next < 0x80 ? (*out = *r->next, 1) : leb_wide(r->next, false, out);
        r->next += bytes;
        if (LIKELY(bytes)) return true;
    }
#endif
    return imm_any_u32(r, out);
}
