// view.h -- one step of the formal machine, as it is shown.
//
// All is text that drives no terminal, but `name` and `output`, which are the guest's.
#pragma once

#include "base/buf.h"
#include "formal/print.h"

// The redex stands between these in the text of a configuration.
#define MARK_OPEN "\1"
#define MARK_CLOSE "\2"

// What rules look at, of a redex: filled in front of the step, when nobody knows which it will be.
typedef struct {
    Rule first;             // of those that may be
    u32 count;
    Bytes *values;          // by rule, from the first on
    u32 results;            // of a function that is on top
} Premises;

// A part of the state that the step changed: MEMS[0].BYTES[8 : 4], 00 00 00 00, 2a 00 00 00
typedef struct {
    Bytes name, before, after;
    Part part;              // of the store; what has no name yet
} Change;
enum { CHANGES_SHOWN = 16, LOCALS_SHOWN = 32, OUTPUT_SHOWN = 4096, VIEW_NAME_MOST = 300 };

typedef struct {
    Arena arena;            // of all text
    u64 number;             // of the step, from 1 on
    Bytes config;           // in front of the step
    Bytes redex;
    bool in_func;
    u32 module, func, place; // of which function the innermost frame is; where in its module
    Bytes name;             // of the function, as the module has it, or empty
    u32 depth;              // how many calls are going on
    Bytes locals[LOCALS_SHOWN];
    u32 local_count, more_locals;
    Rule rule;
    const char *condition;  // what the rule asks for, or ""
    Bytes values;           // the same with what it found
    Change changes[CHANGES_SHOWN];
    u32 change_count, more_changes;
    Bytes output;           // what the program wrote
    u64 more_output;        // bytes that are not there
    bool marked;            // what the session's `mark` asks for holds

    Premises premises;
    u16 op;                 // of the redex
    u32 x;
    u32 structs, arrays, exns, conts; // how many there were
} View;

// Between the first and the last the step is done, and all that it touches is told. False: out of
// memory.
bool view_before(View *r, const Config *c, const Instr *redex, const PrintForm *form);
bool view_touches(View *r, const Config *c, Part part);
bool view_after(View *r, const Config *c, Rule rule, Bytes output);

void premises_before(Premises *p, Arena *arena, const Config *c, const Instr *redex);
// Of the rule that it was.
Bytes premises_after(const Premises *p, Arena *arena, const Config *c, Rule rule);
const char *premise_condition(Rule rule);

// func 3 "fac", where the module has a name for it
void print_func(Buf *out, const FormalStore *s, u32 address);
