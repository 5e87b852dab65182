// dwarf.c -- see dwarf.h. By libdw, which wants an ELF file: one is put around the sections where
// they are, so that nothing is copied.
//
// What the library is asked for is little: the units, what is in them, attributes, and rows of line
// tables. Who contains whom is walked here, so that nothing goes deeper than we let it.

#include "debug/where/dwarf.h"

#include "debug/where/name.h"
#include "debug/wire.h"

#include <dwarf.h>
#include <elf.h>
#include <elfutils/libdw.h>
#include <stdio.h>
#include <stdlib.h>

enum { DEEPEST = 64 };

// Questions come in the order of code, or of calls: the next is often in the same function.
struct Debug {
    Dwarf *dwarf;
    bool found;
    Dwarf_Die unit, func; // that the last place was in, if found
};

// ---- The file

static Elf64_Word add_name(u8 *names, size_t *size, const char *name, u32 len)
{
    Elf64_Word at = (Elf64_Word)*size;
    memcpy(names + at, name, len);
    names[at + len] = 0;
    *size += len + 1;
    return at;
}

// Code that a linker left out stays described, at 0 in what older ones made, else at the last
// address, from where rows of 64 bits go on at 0 again. No instruction is there, but the library
// sorts rows by address, so that those would stand among ours: they are moved out of the way.
static void move_left_out(u8 *line, u64 size)
{
    static const u8 none[8] = {0}, last[8] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
    enum { SET_ADDRESS = DW_LNE_set_address, HEAD = 3, FAR_AWAY = 0xf0 };
    for (u64 i = 0; i + HEAD < size; i++) {
        u32 bytes = line[i + 1] - 1u;
        if (line[i] || line[i + 2] != SET_ADDRESS || (bytes != 4 && bytes != 8)) continue;
        u8 *at = line + i + HEAD;
        if (bytes > size - i - HEAD) continue;
        if (memcmp(at, none, bytes) && memcmp(at, last, bytes)) continue;
        memset(at, 0, bytes);
        at[bytes - 1] = FAR_AWAY;
    }
}

static bool is_lines(const DwarfSection *s)
{
    static const char name[] = ".debug_line";
    return s->name_size == sizeof name - 1 && !memcmp(s->name, name, sizeof name - 1);
}

// A header in front; names and headers of sections behind. Returns the size; 0: no room.
static u64 make_file(u8 *image, u64 size, u64 room, const DwarfSection *sections, u32 count)
{
    static const char own[] = ".shstrtab";
    size_t names_size = 1;
    Elf64_Shdr headers[DWARF_SECTIONS + 2] = {0};
    u64 names_at = size, last = count + 1;
    if (count > DWARF_SECTIONS || room - size < DWARF_BEHIND) return 0;
    image[names_at] = 0;
    for (u32 i = 0; i < count; i++)
        headers[i + 1] = (Elf64_Shdr){
            .sh_name = add_name(image + names_at, &names_size, sections[i].name,
                                sections[i].name_size),
            .sh_type = SHT_PROGBITS, .sh_offset = sections[i].at, .sh_size = sections[i].size,
            .sh_addralign = 1};
    headers[last] = (Elf64_Shdr){
        .sh_name = add_name(image + names_at, &names_size, own, sizeof own - 1),
        .sh_type = SHT_STRTAB, .sh_offset = names_at, .sh_size = names_size, .sh_addralign = 1};
    u64 headers_at = (names_at + names_size + 15) & ~(u64)15;
    size_t headers_size = (size_t)(last + 1) * sizeof headers[0];
    memset(image + names_at + names_size, 0, (size_t)(headers_at - names_at - names_size));
    memcpy(image + headers_at, headers, headers_size);
    Elf64_Ehdr head = {.e_ident = {ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS64, ELFDATA2LSB,
                                   EV_CURRENT},
                       .e_type = ET_EXEC, .e_machine = EM_NONE, .e_version = EV_CURRENT,
                       .e_ehsize = sizeof head, .e_shoff = headers_at,
                       .e_shentsize = sizeof headers[0], .e_shnum = (Elf64_Half)(last + 1),
                       .e_shstrndx = (Elf64_Half)last};
    memcpy(image, &head, sizeof head);
    return headers_at + headers_size;
}

Debug *dwarf_open(u8 *image, u64 size, u64 room, const DwarfSection *sections, u32 count)
{
    Debug *d = calloc(1, sizeof *d);
    for (u32 i = 0; i < count; i++)
        if (is_lines(&sections[i])) move_left_out(image + sections[i].at, sections[i].size);
    u64 whole = make_file(image, size, room, sections, count);
    if (!d || !whole || elf_version(EV_CURRENT) == EV_NONE) return NULL;
    Elf *elf = elf_memory((char *)image, (size_t)whole);
    d->dwarf = elf ? dwarf_begin_elf(elf, DWARF_C_READ, NULL) : NULL;
    return d->dwarf ? d : NULL;
}

// ---- Functions

// Innermost last: a function, and what is inlined at the place, each into the one before.
typedef struct {
    Dwarf_Die dies[WIRE_FRAMES_MOST];
    u32 count;
} Chain;

// What begins at 0 was left out, too.
static bool has_place(Dwarf_Die *die, Dwarf_Addr at)
{
    Dwarf_Addr low;
    if (dwarf_hasattr(die, DW_AT_low_pc) && !dwarf_hasattr(die, DW_AT_ranges) &&
        (dwarf_lowpc(die, &low) || low == 0))
        return false;
    return dwarf_haspc(die, at) > 0;
}

static bool find_chain(Dwarf_Die *parent, Dwarf_Addr at, Chain *c, u32 depth);

// Is the place in this one? Then the chain is complete.
static bool enter(Dwarf_Die *die, Dwarf_Addr at, Chain *c, u32 depth)
{
    u32 count = c->count;
    switch (dwarf_tag(die)) {
    case DW_TAG_subprogram:
        if (!has_place(die, at)) break; // a declaration, or one that holds local classes
        c->dies[0] = *die;
        c->count = 1;
        find_chain(die, at, c, depth);
        return true;
    case DW_TAG_inlined_subroutine:
        if (!has_place(die, at)) return false;
        if (count && count < WIRE_FRAMES_MOST) c->dies[c->count++] = *die;
        find_chain(die, at, c, depth);
        return true;
    case DW_TAG_lexical_block:
    case DW_TAG_try_block:
    case DW_TAG_catch_block:
        return has_place(die, at) && find_chain(die, at, c, depth);
    case DW_TAG_namespace:
    case DW_TAG_module:
    case DW_TAG_class_type:
    case DW_TAG_structure_type:
    case DW_TAG_union_type:
    case DW_TAG_enumeration_type:
        break;
    default:
        return false;
    }
    return find_chain(die, at, c, depth);
}

static bool find_chain(Dwarf_Die *parent, Dwarf_Addr at, Chain *c, u32 depth)
{
    Dwarf_Die die;
    if (depth == DEEPEST || dwarf_child(parent, &die) != 0) return false;
    do
        if (enter(&die, at, c, depth + 1)) return true;
    while (dwarf_siblingof(&die, &die) == 0);
    return false;
}

// ---- What is said of them

typedef struct { const char *file; int line, column; } Place;

static void add_number(Answer *a, int value)
{
    char text[16];
    snprintf(text, sizeof text, "%d", value > 0 ? value : 0);
    answer_string(a, text);
}

static const char *text_of(Dwarf_Die *die, unsigned what)
{
    Dwarf_Attribute attribute;
    return dwarf_formstring(dwarf_attr_integrate(die, what, &attribute));
}

static void add_frame(Answer *a, Dwarf_Die *die, const Place *p)
{
    const char *name = die ? text_of(die, DW_AT_name) : NULL;
    const char *linked = die ? text_of(die, DW_AT_linkage_name) : NULL;
    if (die && !linked) linked = text_of(die, DW_AT_MIPS_linkage_name);
    answer_string(a, linked ? linked : name);
    u32 before = a->size;
    if (linked) name_readable(a, linked);
    if (a->size == before && name) answer_bytes(a, name, strlen(name));
    answer_bytes(a, "", 1);
    answer_string(a, p->file);
    add_number(a, p->line);
    add_number(a, p->column);
}

static int number_of(Dwarf_Die *die, unsigned what)
{
    Dwarf_Attribute attribute;
    Dwarf_Word value;
    if (dwarf_formudata(dwarf_attr(die, what, &attribute), &value)) return 0;
    return value <= INT32_MAX ? (int)value : 0;
}

// Where what is inlined was called.
static Place call_of(Dwarf_Die *unit, Dwarf_Die *die)
{
    Dwarf_Files *files;
    size_t count;
    Dwarf_Attribute attribute;
    Dwarf_Word file;
    Place p = {NULL, number_of(die, DW_AT_call_line), number_of(die, DW_AT_call_column)};
    if (dwarf_getsrcfiles(unit, &files, &count) == 0 &&
        dwarf_formudata(dwarf_attr(die, DW_AT_call_file, &attribute), &file) == 0 && file < count)
        p.file = dwarf_filesrc(files, (size_t)file, NULL, NULL);
    return p;
}

static Place row_of(Dwarf_Die *unit, Dwarf_Addr at)
{
    Place p = {NULL, 0, 0};
    Dwarf_Line *row = dwarf_getsrc_die(unit, at);
    if (!row || dwarf_lineno(row, &p.line)) return p;
    if (dwarf_linecol(row, &p.column)) p.column = 0;
    p.file = dwarf_linesrc(row, NULL, NULL);
    return p;
}

// Innermost first.
static void add_chain(Dwarf_Die *unit, Chain *c, Dwarf_Addr at, Answer *a)
{
    Place p = row_of(unit, at);
    for (u32 i = c->count; i-- > 1;) {
        add_frame(a, &c->dies[i], &p);
        p = call_of(unit, &c->dies[i]);
    }
    add_frame(a, c->count ? &c->dies[0] : NULL, &p);
}

static bool unit_place(Debug *d, Dwarf_Die *unit, Dwarf_Addr at, Answer *a)
{
    Chain c = {.count = 0};
    bool found = find_chain(unit, at, &c, 0);
    if (!found && !row_of(unit, at).file) return false;
    add_chain(unit, &c, at, a);
    d->found = found;
    d->unit = *unit;
    if (found) d->func = c.dies[0];
    return true;
}

static bool same_func(Debug *d, Dwarf_Addr at, Answer *a)
{
    Chain c = {.count = 0};
    if (!d->found || !enter(&d->func, at, &c, 0)) return false;
    add_chain(&d->unit, &c, at, a);
    return true;
}

bool dwarf_place(Debug *d, u64 at, Answer *a)
{
    Dwarf_CU *unit = NULL;
    Dwarf_Die die;
    u8 kind;
    if (same_func(d, at, a)) return true;
    while (dwarf_get_units(d->dwarf, unit, &unit, NULL, &kind, &die, NULL) == 0)
        if (kind != DW_UT_type && dwarf_haspc(&die, at) > 0 && unit_place(d, &die, at, a))
            return true;
    return false;
}
