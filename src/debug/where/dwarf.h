// dwarf.h -- places by DWARF, versions 2 to 5.
#pragma once

#include "debug/where/answer.h"

typedef struct Debug Debug; // what debug information was given

// `image` has `size` bytes, of which the first DWARF_FRONT are free, and `room` in all: what a file
// needs around the sections is written in front of them and behind. Sections are at places in it.
enum { DWARF_FRONT = 64, DWARF_BEHIND = 4096, DWARF_SECTIONS = 16 };
typedef struct { const char *name; u32 name_size; u64 at, size; } DwarfSection;

// NULL: that cannot be read, or there is no memory.
Debug *dwarf_open(u8 *image, u64 size, u64 room, const DwarfSection *sections, u32 count);
// The frames of an instruction at this offset in the code section; false, and nothing is added,
// where nothing is known. Raw names are made readable.
bool dwarf_place(Debug *d, u64 at, Answer *a);
