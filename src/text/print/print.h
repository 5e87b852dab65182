// print.h -- a Module as text that gives the same module again.
//
// Names come from the name section, made unique and spelled as identifiers; where that changes them
// an @name says what they are. Custom sections become @custom, branch hints annotations. What the
// assembler writes in one way only (canonical binaries) comes back byte for byte; anything else
// once it went through text and back. The module should be decoded over type_store_new_distinct, or
// equal types are all named as the first of them. A module need not be valid, but a body that is
// malformed is an error. spec: text, appendix/custom
#pragma once

#include "module/module.h"
#include "op/diag.h"

typedef struct {
    bool fold;    // (i32.add (local.get 0) (i32.const 1)) instead of a line for each instruction
    bool offsets; // each instruction's offset in the binary, as (;@1a3;)
    // The shape alone: every body is `unreachable`, segments are empty, and there are no custom
    // sections but names of definitions. What was valid is a valid module still.
    bool skeleton;
    // Items without a name, locals and labels too, get one of their kind and index: $func3, which
    // is then their name. Others that the name section has, of what there is not say, are lost.
    bool name_unnamed;
    // These functions alone, which have bodies, as fields; of a skeleton, those that are whole.
    const u32 *funcs;
    u32 func_count;
    // Unless NULL: stands for "(module" and its name, which only the section has then.
    const char *head;
    // Unless NULL: (@weft.layout "...") says so, of a module that is printed whole. Nothing but
    // letters and digits.
    const char *layout;
} PrintOptions;

// Gets the text piece by piece, in order. False: no more is wanted.
typedef bool PrintSink(void *env, const void *text, size_t len);

// Linear in the size of the module; memory is a few times that of the largest body, and of the
// names. False: *diag says why, or has no error when the sink wanted no more.
bool module_print(const Module *m, const PrintOptions *options, PrintSink *sink, void *env,
                  Diag *diag);

// Constant expressions, one at a time.
typedef struct ExprPrinter ExprPrinter;
ExprPrinter *expr_printer_new(const Module *m); // NULL: out of memory
void expr_printer_free(ExprPrinter *e);         // may be NULL
// "(i32.const 1)", of what begins at this offset, good until the next; empty if it is malformed.
// False: out of memory.
bool expr_printer_text(ExprPrinter *e, u32 at, Bytes *text);

// Gets a line, and the offset of the instruction that stands on it; LIST_HEAD: of what is in front
// of the body, which may come in several pieces. False: no more is wanted.
#define LIST_HEAD UINT32_MAX
typedef bool ListSink(void *env, u32 offset, const void *text, size_t len);

// One instruction on a line, after its offset: of all bodies, or that of `func` unless it is
// DIAG_NO_FUNC. Where a relocatable file has no name section, symbols are the names.
bool module_list_bodies(const Module *m, u32 func, ListSink *sink, void *env, Diag *diag);
