// expr.h -- conditions on steps, as people write them: "rule Step_pure/br_if* && local 0 == 5".
//
//     a || b   a && b   !a   == != < <= > >=   | ^ & << >> + - * / %   -a ~a   (a)
//     5  0x2a  1.5  null             numbers, of 64 bits with a sign or floats
//     local N  global N  top N       values of the innermost frame; N from the right, 0 or none is
//                                    on top
//     mem8 A  mem16 A  mem32 A  mem64 A   what stands in memory 0, without a sign
//     step  depth  height            of the step; how many calls; values in the innermost context
//     func NAME  rule NAME  op NAME  offset N   is it that? * stands for anything, also NAME for N
//
// What is not there, a local say, is equal to nothing.
#pragma once

#include "base/arena.h"
#include "formal/config.h"

typedef struct Expr Expr;

// NULL: it is none, and *why says what is wrong, at that byte of it. The arena's failure the caller
// catches.
Expr *expr_parse(Arena *arena, const char *text, const char **why, size_t *at);

// In front of the step the rule is not known: what depends on it may be.
typedef enum { EXPR_no, EXPR_yes, EXPR_maybe } ExprAnswer;
ExprAnswer expr_before(Expr *e, const Config *c, const Instr *redex, u64 step);
// Behind it, of what was `maybe`: what was seen in front is remembered.
bool expr_after(Expr *e, Rule rule);
