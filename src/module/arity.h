// arity.h -- how many operands an instruction takes and how many results it leaves.
// spec: valid/instructions
#pragma once

#include "module/imm.h"

// How many values a branch carries to the block that is so many blocks out.
typedef u32 LabelArity(const void *env, u32 depth);

// By the numbers in its immediates, which may name nothing: then as if that took and gave nothing.
// Not of what begins, divides or ends a block. After a branch that does not come back nothing is
// left.
void imm_arity(const Module *m, const Imm *imm, u32 func_results, LabelArity *label,
               const void *env, u32 *pops, u32 *pushes);
