// instr.h -- instructions one after the other, read and not judged: for whoever shows code as it is
// written.
//
//     instr_reader_init(&r, m, range, arena, &diag);
//     while (instr_next(&r, &instr)) ... instr.imm.op ...
//     if (diag.err != ERR_none) ...      // malformed, and where
//
// Immediates are as module/imm.h reads them. That blocks are closed in the right order is the
// caller's affair. What must be valid is read by the one walk instead (valid/walk.h).
// spec: binary/instructions
#pragma once

#include "module/imm.h"

typedef struct {
    Imm imm;
    u32 at;             // offset in the module
} Instr;

typedef struct { ImmReader in; } InstrReader;

// Of a constant expression; or of a body, whose groups of locals must be read first.
void instr_reader_init(InstrReader *r, const Module *m, Range range, Arena *arena, Diag *diag);
// False: all was read, or the diag says what is wrong. Leaves through the arena when memory is
// short.
bool instr_next(InstrReader *r, Instr *out);

// Before the first instruction of a body: how many groups of locals there are, and each. 0 when
// the diag says what is wrong.
u32 instr_local_groups(InstrReader *r);
void instr_local_group(InstrReader *r, u32 *count, Type *type);
u32 instr_skip_locals(InstrReader *r); // all of that; how many there are
