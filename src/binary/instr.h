// instr.h -- instructions one after the other, read and not judged: for whoever shows code as it is
// written.
//
//     instr_reader_init(&r, m, range, arena, &diag);
//     while (instr_next(&r, &instr)) ... instr.op ...
//     if (diag.err != ERR_none) ...      // malformed, and where
//
// Only encodings are looked at. Indices are as they stand there and may name nothing; types that
// are indices are (ref ...) words with that index in the place of a TypeId. That blocks are closed
// in the right order is the caller's affair, too. What must be valid is read by the one walk
// instead (valid/walk.h).
// spec: binary/instructions
#pragma once

#include "binary/reader.h"
#include "module/module.h"

typedef enum { BLOCK_empty, BLOCK_value, BLOCK_index } BlockForm;

typedef struct {
    u8 kind;        // as encoded: try_table 0 to 3; resume 0 on a label, 1 switch
    u32 tag, label; // where the kind has them
} InstrClause;

// What the row's immediates say; other fields hold anything. Arrays last until the next
// instruction.
typedef struct {
    Op op;
    u32 at;             // offset in the module
    u32 index, index2;  // in the order of the binary
    u64 offset;         // memarg; the memory is in index
    u32 align;          // memarg: log2 of bytes
    u8 lane;
    u8 bytes[16];       // v128.const, i8x16.shuffle
    u64 bits;           // constants; i32 is sign-extended
    BlockForm block;    // blocks: the value's type is in type, the index in index
    // ref.null: nullable; ref.test and casts with their null flags; br_on_cast: type2 to type
    Type type, type2;
    u32 count;          // of labels (the default is the last), clauses, or types (select)
    const u32 *labels;
    const InstrClause *clauses;
    const Type *types;
} Instr;

typedef struct {
    Reader r;
    Features features;
    Arena *arena;       // of the arrays
    u32 *labels, label_cap;
    InstrClause *clauses;
    u32 clause_cap;
    Type *types;
    u32 type_cap;
} InstrReader;

// Of a constant expression; or of a body, whose groups of locals must be read first.
void instr_reader_init(InstrReader *r, const Module *m, Range range, Arena *arena, Diag *diag);
// False: all was read, or the diag says what is wrong. Leaves through the arena when memory is
// short.
bool instr_next(InstrReader *r, Instr *out);

// Before the first instruction of a body: how many groups of locals there are, and each.
u32 instr_local_groups(InstrReader *r);
void instr_local_group(InstrReader *r, u32 *count, Type *type);
