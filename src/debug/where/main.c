// main.c -- weft-where: reads debug information of a module and names of its functions for weft, in
// a process of its own, because libraries do that which were made for files that people trust.
//
//     weft-where SECONDS      a question (wire.h) on standard input, answers on standard output
//
// It confines itself before it looks at anything that came out of a module. Whatever goes wrong
// later ends this process and no other; the answers that it had given hold.

#include "debug/where/confine.h"
#include "debug/where/dwarf.h"
#include "debug/where/map.h"
#include "debug/where/name.h"
#include "debug/wire.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

enum { MEMORY = 256 << 20, TIMES_SIZE = 8, SECONDS_MOST = 3600 };

static bool read_all(void *to, u64 size)
{
    for (u8 *at = to; size;) {
        ssize_t n = read(0, at, size > INT32_MAX ? INT32_MAX : (size_t)size);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return false;
        at += n;
        size -= (u64)n;
    }
    return true;
}

static bool write_all(const void *data, size_t size)
{
    for (const u8 *at = data; size;) {
        ssize_t n = write(1, at, size);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return false;
        at += n;
        size -= (size_t)n;
    }
    return true;
}

static u32 u32_at(const u8 *at) { return at[0] | at[1] << 8 | at[2] << 16 | (u32)at[3] << 24; }
static u64 u64_at(const u8 *at) { return u32_at(at) | (u64)u32_at(at + 4) << 32; }

static bool give(Answer *a)
{
    u32 size = a->full ? 0 : a->size;
    u8 head[4] = {(u8)size, (u8)(size >> 8), (u8)(size >> 16), (u8)(size >> 24)};
    return write_all(head, sizeof head) && write_all(a->bytes, size);
}

static void answer_name(Answer *a, const u8 *data, u32 size)
{
    static char name[WIRE_NAME_MOST + 1];
    if (size > WIRE_NAME_MOST || memchr(data, 0, size)) return;
    memcpy(name, data, size);
    name[size] = 0;
    name_readable(a, name);
}

// All that was asked. A file is made around what is in `bytes`, when the first place is asked for.
typedef struct {
    u8 *bytes;
    u64 size, room;
    DwarfSection sections[DWARF_SECTIONS];
    u32 section_count;
    const u8 *map;
    u32 map_size;
    bool opened;
    Debug *debug;
    SourceMap *source_map;
} Question;

// One of each name: what is there twice is no debug information of ours.
static void take_section(Question *q, const u8 *data, u32 size)
{
    u32 name_size = size ? data[0] : 0;
    if (!size || name_size > size - 1 || q->section_count == DWARF_SECTIONS) return;
    const u8 *content = data + 1 + name_size;
    q->sections[q->section_count++] =
        (DwarfSection){(const char *)data + 1, name_size, (u64)(content - q->bytes),
                       size - 1 - name_size};
}

static void answer_place(Question *q, Answer *a, const u8 *data, u32 size)
{
    if (!q->opened && q->section_count)
        q->debug = dwarf_open(q->bytes, q->size, q->room, q->sections, q->section_count);
    if (!q->opened && q->map) q->source_map = map_open(q->map, q->map_size);
    q->opened = true;
    if (size != WIRE_PLACE_SIZE) return;
    bool found = q->debug && dwarf_place(q->debug, u64_at(data), a);
    if (!found && q->source_map) map_place(q->source_map, u64_at(data + 8), u64_at(data + 16), a);
}

// False: nobody reads what we answer.
static bool answer_record(Question *q, u8 kind, const u8 *data, u32 size)
{
    static Answer a;
    a.size = 0;
    a.full = false;
    switch (kind) {
    case WIRE_section: take_section(q, data, size); return true;
    case WIRE_map:
        q->map = data;
        q->map_size = size;
        return true;
    case WIRE_place: answer_place(q, &a, data, size); return give(&a);
    case WIRE_name: answer_name(&a, data, size); return give(&a);
    default: return true;
    }
}

// Answers what there is to answer. Returns the status.
static int answer_all(u32 seconds)
{
    u8 header[WIRE_HEADER];
    if (!seconds || seconds > SECONDS_MOST || !read_all(header, sizeof header) ||
        u64_at(header) != WIRE_VERSION)
        return WIRE_other_version;
    u64 size = u64_at(header + 8);
    if (size > SIZE_MOST / TIMES_SIZE) return WIRE_no_memory;
    if (!confine(MEMORY + TIMES_SIZE * size, seconds)) return WIRE_no_limits;
    Question q = {.size = DWARF_FRONT + size, .room = DWARF_FRONT + size + DWARF_BEHIND};
    q.bytes = malloc((size_t)q.room);
    if (!q.bytes || !read_all(q.bytes + DWARF_FRONT, size)) return WIRE_no_memory;
    const u8 *at = q.bytes + DWARF_FRONT, *end = at + size;
    while (end - at >= WIRE_RECORD) {
        u32 len = u32_at(at + 1);
        if (len > (u64)(end - at) - WIRE_RECORD) break;
        if (!answer_record(&q, *at, at + WIRE_RECORD, len)) break;
        at += WIRE_RECORD + len;
    }
    return WIRE_done;
}

// Nothing is buffered or freed, so nothing is done on the way out.
int main(int argc, char **argv)
{
    _exit(answer_all(argc == 2 ? (u32)strtoul(argv[1], NULL, 10) : 0));
}
