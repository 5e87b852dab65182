// printer.h -- what the files of the printer share. Private to text/print/.
//
//     names.c     identifiers --+
//     types.c     types --------+--> instr.c  one instruction --> body.c  a line for each
//     literal.c   numbers, strings                            \-> fold.c  or s-expressions
//                               print.c  fields, section by section
//
// All text goes through a Buf. That of the module, `out`, is handed to the sink whenever it has
// become large. Memory leaves through the arenas, and so does a sink that wants no more.
#pragma once

#include "base/buf.h"
#include "base/map.h"
#include "binary/instr.h"
#include "binary/names.h"
#include "text/print/ident.h"
#include "text/print/print.h"

// Of one index space; or of the names within a function or type, and then found by halving.
typedef struct {
    const Ident *items; // by index, of `count`; within: by place in the map
    u32 count;
    NameMap map;
} Idents;

// Of an instruction: what a section metadata.code.X says.
typedef struct {
    u32 func, offset;
    u32 section;        // which
    Bytes content;
} CodeNote;

// What opens a block or is the function itself.
typedef struct {
    u16 op;             // OP_block for the function
    bool settled;       // fold: nothing outside can become an operand together with it
    u16 label_arity, results;
    u32 label, shadowed; // identifier of the label, 0 none; what it meant outside
    u32 start, base;    // fold: first node; operands below are the outer block's
} Block;

// An operand that is still on the stack; see fold.c.
typedef struct {
    u32 start, results, width;
} Operand;

typedef struct {
    Buf text;           // of the nodes, one behind the other
    u32 count, cap;
    u32 *text_at, *head, *link;
    u32 *at;            // offsets, only when they are asked for
    u32 *notes;         // 1 + the first annotation, or 0; only where there are some
    u8 *kind;
    Operand *operands;
    u32 operand_count, operand_cap;
    u32 depth;          // of the line that is written next
    u32 inline_until;   // 1 + the node up to which all stays on one line; 0 none
    u32 roots;          // expressions that stood alone, since the start
    bool one_line;      // a constant expression
    bool fresh;         // at the start of a line
} Folder;

typedef struct {
    const Module *m;
    PrintOptions options;
    PrintSink *sink;
    void *env;
    Diag *diag;
    bool stopped;       // the sink wanted no more
    bool shows;         // nobody parses it back: symbols are names, too
    u32 only;           // list: this function, or DIAG_NO_FUNC for all
    u32 listed;         // list: the offset of what is in `out`
    ListSink *list;
    void *list_env;
    Arena arena;        // as long as the printer
    Arena body;         // reset for each body and constant expression
    Buf out;
    u64 budget;         // items that may still be written which cost the module next to nothing
    const u8 *whole;    // skeleton: by function, is its body written?

    TypeId type_first;
    u32 type_span, *type_index; // by TypeId - type_first

    AllNames names;
    Idents idents[NAMES_COUNT];
    Idents *fields;     // by type index, or NULL: none has names
    u32 names_written;
    bool inline_exports; // else they have fields of their own
    u32 export_next;     // the first that was not said yet

    const CodeNote *notes; // sorted
    u32 note_count, note_next;
    u32 notes_from, notes_end; // the sections that they are of

    // The body at hand
    u32 func;
    const TypeDef *func_type;
    Idents locals;
    NameMap label_names;
    u32 label_name_next, block_count;
    Map labels;         // name -> number, from 1
    u32 *label_depths;  // by number: how many blocks were open when the innermost of that name was
    Ident *label_idents;
    u32 label_count, label_cap, label_ident_count, label_ident_cap;
    Block *blocks;
    u32 block_depth, block_cap;
    Folder folder;
    Buf wrapped;        // an expression of which it is not known yet what must stand before it
    u32 custom_next;    // in Module.sections
    u8 *after;          // by section: id of the last before it that is written
    u32 last_section;   // that is written
} Printer;

enum { WORD_MOST = 48, NUMBER_MOST = 64 };

// print.c
void print_flush(Printer *p); // hands over what is there
static inline void print_maybe_flush(Printer *p)
{
    if (UNLIKELY(p->out.len >= 1 << 16)) print_flush(p);
}
// " (export "a")" for each, where they are said so
void put_inline_exports(Printer *p, ExternKind kind, u32 index);
// Of items that cost the module next to nothing but the text much. Fails if there were too many.
void print_spend(Printer *p, u64 items, u32 at);
_Noreturn void print_fail(Printer *p, Err err, size_t offset, const char *fmt, ...) PRINTF_LIKE(4,
                                                                                                5);

// literal.c
void put(Buf *b, const char *text);
void put_u64(Buf *b, u64 value);
void put_s64(Buf *b, s64 value);
void put_hex(Buf *b, u64 value);
void put_float(Buf *b, u64 bits, u32 width); // reads back to the same bits
// strings, over several lines where it is long
void put_data(Printer *p, Bytes data, const char *indent);
void put_string(Buf *b, Bytes text); // any bytes, in quotes
void put_indent(Buf *b, u32 columns);
void put_offset(Buf *b, u32 at); // (;@1a3;)
void put_left_out(Buf *b, u64 count, const char *what); // " (;12 bytes;)" for " bytes"

// types.c
void print_types_init(Printer *p);
u32 print_type_index(const Printer *p, TypeId id);
// raw: concrete types hold an index, as in an Instr.
void put_type(Printer *p, Buf *b, Type type, bool raw);
void put_heap_type(Printer *p, Buf *b, Type type, bool raw);
void put_type_use(Printer *p, Buf *b, u32 index);
// (param ...)* (result ...)*; parameters with the identifiers of `locals`, which may be NULL.
void put_signature(Printer *p, Buf *b, const TypeDef *def, const Idents *locals);
void put_limits(Buf *b, const Limits *limits);
void put_field_type(Printer *p, Buf *b, Type type, bool mutable);
void print_type_section(Printer *p);
// The definition of a type index, NULL unless it is a function type.
const TypeDef *print_func_type(const Printer *p, u32 index);

// names.c
void print_names_init(Printer *p);
Idents print_names_within(Printer *p, NamesKind kind, u32 outer, u32 count, Arena *arena);
const Idents *print_field_names(const Printer *p, u32 type);
const Ident *ident_within(const Idents *idents, u32 index); // NULL: none
void put_index(Printer *p, Buf *b, NamesKind kind, u32 index);
// " $id (;3;) (@name "...")" of a definition
void put_item_name(Printer *p, Buf *b, NamesKind kind, u32 index);
void put_ident_name(Printer *p, Buf *b, const Idents *idents, const Ident *id);
void print_module_ident(Printer *p, Bytes name, Ident *out);
bool print_label_ident(Printer *p, Bytes name, Ident *out);
Bytes print_label_made(Printer *p, u32 index); // the name of one that has none

// metadata.c
void print_notes_init(Printer *p);
// Of the instruction at this offset in the body: 1 + the first; 0: none. In the order of the code.
u32 print_take_notes(Printer *p, u32 offset);
void put_notes(Printer *p, Buf *b, u32 first);

// dylink.c: "(@dylink.0 ...", if the section is that, and so written that it comes back the same.
bool print_dylink(Printer *p, const Section *s);

// instr.c
void put_instr(Printer *p, Buf *b, const Instr *in); // no line ends in it
const char *instr_word(Op op, u32 *len);

// body.c
void print_body(Printer *p, u32 func);
void print_bare_body(Printer *p, u32 func); // of a skeleton
void list_body(Printer *p, u32 func);
// (i32.const 0), or several: what stands at *at, which is behind it then; returns how many stand
// alone
u32 put_const_expr(Printer *p, Buf *b, u32 *at);

// fold.c
void fold_start(Printer *p, bool one_line);
void fold_instr(Printer *p, const Instr *in, u32 notes); // before its block is opened or closed
void fold_opened(Printer *p);                // after that
void fold_end(Printer *p, Buf *b);           // all that is left
