// print.h -- a configuration in the specification's notation, cut down to what can be read.
//
//     ... (FRAME_1 {LOCALS (i32.const 5) eps, MODULE 0}
//       (LABEL_1 {}
//         (i32.const 1) (i32.const 2) i32.add (local.set 0) ...)
//       drop)
//
// Instructions are written as the text format has them, what only stands there while something is
// reduced in capitals. What is nested in a block of the rest is left out: (loop ...).
// spec: exec/runtime, configurations
#pragma once

#include "formal/config.h"

#define PRINT_ALL UINT32_MAX
typedef struct {
    u32 contexts;            // so many of the innermost
    u32 values;              // of each context the last so many; of a frame's locals the first
    u32 instrs;              // of what is left of each sequence the first so many
    bool lines;              // each context begins a line
    const char *open, *close; // stand around the redex; NULL: nothing does
} PrintForm;

// The redex is what Watch.before was given, which was taken out of the configuration; NULL: none
// was. They leave through the Buf's arena when memory is short.
void print_config(Buf *out, const Config *c, const Instr *redex, const PrintForm *form);
// Of one instruction, with types named as that module does; it may be NULL.
void print_instr(Buf *out, const ModuleInst *m, const Instr *i);
void print_val(Buf *out, Val v);
void print_type(Buf *out, const ModuleInst *m, Type type);
// {LOCALS val*, MODULE m}, of the innermost frame: so many locals at most.
void print_frame(Buf *out, const Config *c, u32 most);
// TABLES[2].REFS[3], and how many more
void print_part(Buf *out, Part part);
// What an address names among the store's modules: the oldest is 0.
u32 module_number(const FormalStore *s, const ModuleInst *m);
