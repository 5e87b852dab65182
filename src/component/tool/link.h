// link.h -- what the files that link libraries share.
//
//     library.c   what a library says of itself
//     link.c      who exports what each import names, which libraries are needed, in which order
//     layout.c    where everything is in memory and table: the module `env`, and what starts it
//     libdl.c     dlopen, dlsym, ..
//
// Libraries are instantiated one behind the other, what others need before those; all have the
// memory and table of env. A function of a library that is there only later is called through the
// table, by a function of env. When all are there, a last module fills the table, writes addresses
// into globals (GOT), has data relocated, and calls constructors.
// spec: tool conventions, DynamicLinking; SharedEverythingDynamicLinking
#pragma once

#include "component/tool/maker.h"
#include "component/wit/resolver.h"

typedef struct Library Library;

typedef enum {
    LINK_other,    // no library's: a function of the world, a builtin, of an adapter
    LINK_memory, LINK_table,
    LINK_value,    // a global of env, by its name
    LINK_base,     // a global of env, of this library
    LINK_tls,      // a function of env, of this library
    LINK_func, LINK_tag, // of a library
    LINK_address,  // GOT.mem: of data of a library
    LINK_entry,    // GOT.func: where a function is in the table
} LinkKind;

// What an import names.
typedef struct {
    LinkKind kind;
    bool weak;
    Library *from;   // NULL: nobody exports it
    u32 export;      // its number there
    Bytes env;       // what env exports it as; data NULL: `from` does
} LinkSymbol;

struct Library {
    Part part;       // with `at` NULL
    Part *at;        // where it is among the parts; NULL: it is not needed
    u32 number;      // as they are given
    bool openable;   // by dlopen
    bool lifted;     // its world has exports
    u64 memory_size, table_size;
    u32 memory_align, table_align; // logarithms
    WitNames needed;
    Map weak;        // imports that may be missing, by both names
    LinkSymbol *symbols; // by import
    u32 memory_base, table_base;
    u32 tls;         // its number among those that have data of threads, or NO_INDEX
    bool reached, entered;
    u32 next;        // of its edges, while they are sorted
};

typedef struct {
    Library *library;
    u32 export, next; // another one of that name, behind it; NO_INDEX: none
} LinkExport;

// In the table: what is called by address, or before it is there.
typedef struct { Library *from; u32 export; Bytes env; } LinkSlot; // env.data NULL: by address only

typedef struct Linker {
    Maker *m;
    const ToolLink *how;
    Library *libraries;
    u32 count;
    Map names;             // of libraries: number
    Map exports;           // by kind and name: in `exported`, the first library's first
    LinkExport *exported;
    u32 exported_count, exported_cap;
    u32 stack;             // its size: it goes down from there
    Library **order;       // those that are needed, each behind what it needs
    u32 order_count;
    // layout.c
    LinkSlot *slots;
    u32 slot_count, slot_cap, slot_base;
    Map slot_of;           // by library and export
    Map env_names;         // what env exports
    Buf text;              // of env
    u64 memory_top, table_top;
    u64 memory_max, table_max; // as libraries want it
    u64 memory_min, table_min;
    u32 tls_count, tls_array, tls_list, tls_info; // addresses
    bool tls_wanted, threads;
    Buf opened;            // what dlopen reads, from the stack's end on
    u32 opened_root;
} Linker;

// "library foo", for messages.
#define LIBRARY_SAY(library) WIT_SAY((library)->part.name)

void library_read(Linker *l, Library *lib); // of lib->part, which was read
// What exports a symbol, of that type if it is a function's or tag's. NULL: nothing does.
const LinkExport *link_find(const Linker *l, ExternKind kind, Bytes name, TypeId type);
bool link_is_address(const Module *m, const Export *e); // a global that is: of data
bool link_is_reserved(Bytes name);          // exported for who links
Bytes link_libdl(Maker *m);                 // a library that has dlopen
void link_lay_out(Linker *l, Bytes *env, Bytes *start); // both modules
