// printer.h -- what the files of the component printer share. Private to component/print.
//
// It reads the bytes as they come, and knows of what it read only how many items each index space
// has, and which have names. Scopes stand on a stack, as they do for who checks them.
#pragma once

#include "base/buf.h"
#include "binary/reader.h"
#include "component/print/print.h"
#include "op/component.h"
#include "text/print/ident.h"

// Index spaces: a CoreSort, or behind those a CSort.
enum { SPACES = CORE_SORT_COUNT + CSORT_COUNT };
#define CORE(sort) CORE_SORT_##sort
#define OUTER(sort) (CORE_SORT_COUNT + CSORT_##sort)

typedef enum { IN_component, IN_component_type, IN_instance_type } Within;

typedef struct { u32 index; Bytes name; Ident ident; } Named;

typedef struct Printed {
    struct Printed *outer;
    Within within;
    u32 left;              // declarations
    const u8 *end;         // of a component
    u32 counts[SPACES];
    u32 module_types;      // core types of a type of modules
    // The section component-name, as far as it can be said by identifiers.
    Named *names[SPACES];
    u32 name_counts[SPACES];
    const u8 *names_at;    // where the section's content begins; NULL: there is none of that kind
    Bytes own;             // data NULL: none
    u32 named, total;      // names that were written, that there are
} Printed;

typedef struct {
    Reader r;
    Features features;
    const PrintOptions *options;
    PrintSink *sink;
    void *env;
    Diag *diag;
    bool stopped;          // the sink wanted no more
    Arena arena;
    Buf out, temp;         // temp: what is read before what stands in front of it
    Printed *scope, *spare;
    u32 depth;             // of scopes, and of what is indented
    const char *margin;    // of the module that is being printed
    bool fresh;            // a line of it is over
} CPrinter;

// print.c
void cput(CPrinter *p, const char *text);
void cput_u64(CPrinter *p, u64 value);
void cput_name(CPrinter *p, Bytes name);       // a space, and the name in quotes
void cput_line(CPrinter *p, u32 deeper);       // a new line, indented
Buf cput_aside(CPrinter *p);                   // into temp from now on
void cput_back(CPrinter *p, Buf out);          // no more
void cprint_fail(CPrinter *p, Err err, const u8 *at, const char *what);
void cprint_flush(CPrinter *p);
Printed *cprint_open(CPrinter *p, Within within);
void cprint_close(CPrinter *p);

// names.c
void cnames_begin(CPrinter *p, Printed *s);     // finds the section of a component
bool cnames_are_said(CPrinter *p, const u8 *content, Bytes whole);
void cput_index(CPrinter *p, u32 space, u32 index);
void cput_read_index(CPrinter *p, u32 space);  // one that is read
void cput_item(CPrinter *p, u32 space);        // " $id (;3;)" of the next one
void cput_done(CPrinter *p, u32 space);        // ")", and now it is
u32 cread_sort(CPrinter *p);                    // its space
const char *csort_text(u32 space);

// types.c
void cprint_core_type(CPrinter *p);
void cprint_type(CPrinter *p);                  // or opens a scope
void cprint_value_type(CPrinter *p);

// items.c
void cprint_items(CPrinter *p, u8 section);
