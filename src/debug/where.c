// where.c -- see where.h; what is said to weft-where is in wire.h.

#include "debug/where.h"

#include "base/buf.h"
#include "debug/map_file.h"
#include "debug/wire.h"
#include "plat/process.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

const char *const where_trouble_text[] = {
    [WHERE_nothing] = "",
    [WHERE_missing] = ("lines and readable names need weft-where beside weft, which is built where "
                       "libdw-dev, libiberty-dev and libjansson-dev are installed"),
    [WHERE_library] = "weft-where could not be started: are libdw1 and libjansson4 installed?",
    [WHERE_gave_up] = "not all of the module's names and debug information could be read",
    [WHERE_no_map] = "the source map that the module names is no file beside it that can be read",
    [WHERE_memory] = "no memory for lines and readable names",
};

// Room for an answer: what is usual and more, and never without bound. Of a few, each may have a
// long name.
enum { ROOM_USUAL = 1 << 14, FEW = 64, ROOM_OF_FEW = 1 << 13, ROOM_EACH = 1 << 9,
       ROOM_MOST = 64 << 20 };
enum { FIELD_MOST = 1 << 16, LIBRARY_MISSING = 127 };

// The sections that tell lines; what else is in debug information tells variables.
static const char *const sections[] = {
    ".debug_info",     ".debug_abbrev",      ".debug_str",  ".debug_line",     ".debug_line_str",
    ".debug_ranges",   ".debug_rnglists",    ".debug_addr", ".debug_str_offsets",
};

const Section *where_section(const Module *m, const char *name)
{
    for (u32 i = 0; i < m->section_count; i++)
        if (section_is(m, &m->sections[i], name)) return &m->sections[i];
    return NULL;
}

static bool has_dwarf(const Module *m)
{
    return where_section(m, ".debug_info") && where_section(m, ".debug_line");
}

bool where_is_known(const Module *m) { return has_dwarf(m) || where_section(m, MAP_SECTION); }

u32 where_func(const Module *m, u32 offset)
{
    u32 low = m->imported_funcs, high = low + m->body_count; // bodies stand in order
    while (low < high) {
        u32 middle = low + (high - low) / 2;
        if (m->funcs[middle].body.end <= offset) low = middle + 1;
        else high = middle;
    }
    bool found = low < m->imported_funcs + m->body_count && m->funcs[low].body.start <= offset;
    return found ? low : DIAG_NO_FUNC;
}

bool where_is_mangled(Bytes name)
{
    return name.len > 2 && name.data[0] == '_' && (name.data[1] == 'Z' || name.data[1] == 'R');
}

// ---- The question

typedef struct {
    Arena *arena;
    Bytes *pieces;
    u32 count, cap;
    u64 size;
} Question;

static void add_piece(Question *q, const void *data, size_t len)
{
    ARENA_PUSH(q->arena, q->pieces, q->count, q->cap) = (Bytes){data, len};
    q->size += len;
}

// The head of a record, and `room` bytes of what is in it.
static u8 *add_record(Question *q, u8 kind, u32 len, u32 room)
{
    u8 *head = arena_alloc(q->arena, WIRE_RECORD + (size_t)room);
    head[0] = kind;
    for (u32 i = 0; i < 4; i++) head[1 + i] = (u8)(len >> 8 * i);
    add_piece(q, head, WIRE_RECORD + (size_t)room);
    return head + WIRE_RECORD;
}

static void put_u64(u8 *at, u64 value)
{
    for (u32 i = 0; i < 8; i++) at[i] = (u8)(value >> 8 * i);
}

static void add_section(Question *q, const Module *m, const char *name)
{
    const Section *s = where_section(m, name);
    u32 name_len = (u32)strlen(name), size = s ? s->content.end - s->content.start : 0;
    if (!s || size > UINT32_MAX - 256) return;
    u8 *at = add_record(q, WIRE_section, 1 + name_len + size, 1 + name_len);
    at[0] = (u8)name_len;
    memcpy(at + 1, name, name_len);
    add_piece(q, m->bytes + s->content.start, size);
}

u32 where_code_start(const Module *m)
{
    enum { CODE_SECTION = 10 };
    for (u32 i = 0; i < m->section_count; i++)
        if (m->sections[i].id == CODE_SECTION) return m->sections[i].content.start;
    return 0;
}

// The source map of one module, which was read ahead.
static struct {
    const Module *m;
    Bytes map;
    Arena arena;
} kept;

// False: there is none that can be read.
static bool add_map(Question *q, const Where *w)
{
    Bytes map = kept.m == w->m ? kept.map : map_find(w->m, w->file, q->arena);
    if (!map.data || map.len > UINT32_MAX - 256) return false;
    add_record(q, WIRE_map, (u32)map.len, 0);
    add_piece(q, map.data, map.len);
    return true;
}

static void add_places(Question *q, const Where *w)
{
    for (size_t i = 0; i < COUNT_OF(sections); i++) add_section(q, w->m, sections[i]);
    for (u32 i = 0; i < w->offset_count; i++) {
        u32 func = where_func(w->m, w->offsets[i]);
        u8 *at = add_record(q, WIRE_place, WIRE_PLACE_SIZE, WIRE_PLACE_SIZE);
        put_u64(at, w->offsets[i] - (u64)where_code_start(w->m));
        put_u64(at + 8, w->offsets[i]);
        put_u64(at + 16, func == DIAG_NO_FUNC ? w->offsets[i] : w->m->funcs[func].body.start);
    }
}

// Returns how many are asked for.
static u32 add_names(Question *q, const Where *w)
{
    u32 count = 0;
    for (u32 i = 0; i < w->name_count; i++) {
        Bytes name = w->names[i];
        if (!where_is_mangled(name) || name.len > WIRE_NAME_MOST) continue;
        add_record(q, WIRE_name, (u32)name.len, 0);
        add_piece(q, name.data, name.len);
        count++;
    }
    return count;
}

// ---- The answer

typedef struct { const u8 *at, *end; } Left;

static u32 u32_at(const u8 *at) { return at[0] | at[1] << 8 | at[2] << 16 | (u32)at[3] << 24; }

// False: it was cut short.
static bool next_answer(Left *left, Left *one)
{
    if (left->end - left->at < 4) return false;
    u32 size = u32_at(left->at);
    if (size > (u64)(left->end - left->at) - 4) return false;
    *one = (Left){left->at + 4, left->at + 4 + size};
    left->at = one->end;
    return true;
}

static bool next_field(Left *one, Bytes *field)
{
    const u8 *end = one->at < one->end ? memchr(one->at, 0, (size_t)(one->end - one->at)) : NULL;
    if (!end) return false;
    *field = (Bytes){one->at, MIN((size_t)(end - one->at), (size_t)FIELD_MOST)};
    one->at = end + 1;
    return true;
}

static u32 number(Bytes digits)
{
    u64 value = 0;
    for (size_t i = 0; i < digits.len && value <= UINT32_MAX; i++) {
        if (digits.data[i] < '0' || digits.data[i] > '9') return 0;
        value = 10 * value + (digits.data[i] - '0');
    }
    return value <= UINT32_MAX ? (u32)value : 0;
}

static WherePlace read_place(Left one, Arena *arena)
{
    WhereFrame *frames = NULL;
    u32 count = 0, cap = 0;
    Bytes f[WIRE_FIELDS];
    while (count < WIRE_FRAMES_MOST) {
        for (u32 i = 0; i < WIRE_FIELDS; i++)
            if (!next_field(&one, &f[i])) return (WherePlace){frames, count};
        ARENA_PUSH(arena, frames, count, cap) =
            (WhereFrame){f[0], f[1].len ? f[1] : f[0], f[2], number(f[3]), number(f[4])};
    }
    return (WherePlace){frames, count};
}

// False: it was cut short.
static bool read_answer(Where *w, Left left, bool names, bool places, Arena *arena)
{
    Left one;
    for (u32 i = 0; names && i < w->name_count; i++) {
        if (!where_is_mangled(w->names[i]) || w->names[i].len > WIRE_NAME_MOST) continue;
        if (!next_answer(&left, &one)) return false;
        if (one.at < one.end) w->readable[i] = (Bytes){one.at, (size_t)(one.end - one.at)};
    }
    for (u32 i = 0; places && i < w->offset_count; i++) {
        if (!next_answer(&left, &one)) return false;
        w->places[i] = read_place(one, arena);
    }
    return true;
}

static void keep_map(const Module *m, const char *file)
{
    jmp_buf failure;
    arena_init(&kept.arena);
    kept.arena.on_failure = &failure;
    if (setjmp(failure)) return;
    kept.m = m;
    kept.map = map_find(m, file, &kept.arena);
}

// Might one of its functions have the name of one of Rust or C++?
static bool has_mangled(const Module *m)
{
    const Section *s = where_section(m, "name");
    if (!s) return false;
    const u8 *at = m->bytes + s->content.start;
    size_t size = s->content.end - s->content.start;
    return memmem(at, size, "_Z", 2) || memmem(at, size, "_R", 2);
}

void where_ahead(const Module *m, const char *file, u32 seconds)
{
    char path[4096], text[12];
    const char *words[] = {path, text, NULL};
    if (!where_is_known(m) && !has_mangled(m)) return;
    if (!has_dwarf(m) && where_is_known(m) && !kept.m) keep_map(m, file);
    snprintf(text, sizeof text, "%u", seconds);
    if (process_beside("weft-where", path, sizeof path)) process_ask_ahead(words);
}

void where_ask(Where *w, Arena *arena)
{
    enum { SECOND = 1000000000, WAIT = 5 };
    Question q = {.arena = arena};
    u8 *header = arena_alloc(arena, WIRE_HEADER);
    char path[4096], seconds[12];
    w->trouble = WHERE_nothing;
    w->places = NEW_ARRAY(arena, WherePlace, w->offset_count);
    w->readable = NEW_ARRAY(arena, Bytes, w->name_count);
    for (u32 i = 0; i < w->name_count; i++) w->readable[i] = w->names[i];
    bool places = w->offset_count && has_dwarf(w->m);
    add_piece(&q, header, WIRE_HEADER);
    if (w->offset_count && !places && where_is_known(w->m)) {
        places = add_map(&q, w);
        if (!places) w->trouble = WHERE_no_map;
    }
    bool names = add_names(&q, w) > 0;
    if (places) add_places(&q, w);
    if (!names && !places) return;
    put_u64(header, WIRE_VERSION);
    put_u64(header + 8, q.size - WIRE_HEADER);
    snprintf(seconds, sizeof seconds, "%u", w->seconds);
    u64 asked = (u64)w->name_count + w->offset_count;
    u64 usual = ROOM_USUAL + ROOM_OF_FEW * MIN(asked, (u64)FEW) + ROOM_EACH * asked;
    size_t room = (size_t)MIN(usual, (u64)ROOM_MOST);
    const char *words[] = {path, seconds, NULL};
    ProcessAsk ask = {.words = words, .pieces = q.pieces, .piece_count = q.count,
                      .time = WAIT * (u64)w->seconds * SECOND, .room = room,
                      .answer = arena_alloc(arena, room)};
    int err = process_beside("weft-where", path, sizeof path) ? process_ask(&ask) : ENOENT;
    if (err) w->trouble = err == ENOENT ? WHERE_missing : WHERE_library;
    if (err) return;
    Left left = {ask.answer, ask.answer + ask.size};
    if (read_answer(w, left, names, places, arena)) return;
    w->trouble = ask.status == LIBRARY_MISSING      ? WHERE_library
                 : ask.status == WIRE_other_version ? WHERE_missing
                                                    : WHERE_gave_up;
}
