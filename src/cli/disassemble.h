// disassemble.h -- bodies as text, an instruction on a line with its offset; of relocatable files
// below each what a linker writes into it.
#pragma once

#include "binary/linking.h"

#include <stdio.h>

// Prints every body of a module, or that of `func` alone unless it is DIAG_NO_FUNC. The module need
// not be valid; a body that is malformed is shown up to there. False: *diag says why, or has no
// error when it could not be written (ferror).
bool disassemble(FILE *out, const Module *m, u32 func, Diag *diag);

// All relocations of code, in the order of their places.
typedef struct {
    Linking linking;
    Reloc *items;
    u32 count, cap, next;
} CodeRelocs;

// Everything lives in the arena, whose failure the caller catches.
void code_relocs_read(CodeRelocs *c, const Module *m, Arena *arena);
void code_relocs_seek(CodeRelocs *c, u32 offset); // the next is the first from there on
// The next one, if it is in front of the offset; else NULL.
const Reloc *code_relocs_before(CodeRelocs *c, u32 offset);
