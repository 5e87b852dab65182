// linking.h -- what a relocatable file says to whoever links it, for tools: the custom sections
// "linking" and "reloc.*".
//
// Nobody vouches for it: indices may be of what there is not. What is malformed ends what is read
// of its section, and says so; the rest holds. spec: tool conventions, Linking.md
#pragma once

#include "binary/names.h"
#include "module/linking.h"

typedef struct {
    Bytes name;         // its own, else that of the import or of the custom section
    u32 flags;          // SymbolFlag
    u8 kind;            // SymbolKind
    u32 index;          // of a function, a section...; of the segment, unless that is not here
    u32 offset, size;   // data: in the segment
} Symbol;

typedef struct { Bytes name; u32 align_log2, flags; } SegmentInfo;
typedef struct { u32 priority, symbol; } InitFunc;
typedef struct { u8 kind; u32 index; } ComdatItem; // ComdatKind, or one that nobody knows
typedef struct { Bytes name; u32 flags, first, count; } Comdat; // of comdat_items

typedef struct {
    const Section *section; // NULL: there is none
    u32 version;
    u32 symbol_count;   const Symbol *symbols;
    u32 segment_count;  const SegmentInfo *segments;    // of data segments, by index
    u32 init_count;     const InitFunc *inits;
    u32 comdat_count;   const Comdat *comdats;
    u32 item_count;     const ComdatItem *comdat_items;
    Diag trouble;       // why some of it could not be read
} Linking;

enum { LINKING_VERSION = 2 };

typedef struct {
    u32 offset;         // in the module
    u32 index;          // of a symbol, or a type
    s64 addend;
    u8 type;
} Reloc;

typedef struct {
    u32 target;         // in Module.sections
    u32 count;
    const Reloc *relocs;
    Diag trouble;
} Relocs;

extern const char *const symbol_text[SYMBOL_KINDS];
const char *comdat_text(u8 kind); // "?" where nobody knows it
const char *reloc_text(u8 type);
bool reloc_has_addend(u8 type);
bool reloc_has_symbol(u8 type); // else its index is a type's

// Everything lives in the arena, whose failure the caller catches.
void linking_read(const Module *m, Arena *arena, Linking *out);
bool section_is_relocs(const Module *m, const Section *s);
void relocs_read(const Module *m, const Section *s, Arena *arena, Relocs *out);

// Names for people: of the name section, else of symbols and segments.
void names_read_shown(const Module *m, Arena *arena, AllNames *out);
