// sections.c -- the sections of a module: where each is, how long, how much is in it.
//
//     00 61 73 6d 01 00 00 00 | id size content | id size content | id si
//     |------------------ readable -------------|---- declared -----|- cut
//
// They are found by what their heads declare, so that those which cannot be read are listed too.

#include "cli/inspect/inspect.h"

#include "binary/reader.h"

#include <inttypes.h>
#include <string.h>

enum { HEADER = 8, CODE = 10 };

static const char *const section_text[] = {"custom", "type",   "import",     "function", "table",
                                           "memory", "global", "export",     "start",    "element",
                                           "code",   "data",   "data count", "tag"};

static u32 section_items(const Module *m, u8 id)
{
    switch (id) {
    case 1: return m->type_count;
    case 2: return m->import_count;
    case 3: case 10: return m->func_count - m->imported_funcs;
    case 4: return m->table_count - m->imported_tables;
    case 5: return m->memory_count - m->imported_memories;
    case 6: return m->global_count - m->imported_globals;
    case 7: return m->export_count;
    case 9: return m->elem_count;
    case 11: return m->data_count;
    case 13: return m->tag_count - m->imported_tags;
    default: return 1;
    }
}

const char *section_id_text(u8 id) { return id < COUNT_OF(section_text) ? section_text[id] : "?"; }

// A section as its head declares it, which need not be true. Their offsets are in the file.
typedef struct {
    u32 start, content;  // of its head, and of what is behind that
    u32 size;            // of what is behind the head
    bool sized;          // the file goes as far as that says
    u8 id;
    Bytes name;          // of a custom one, if that can be read
    bool counted;
    u32 items;           // of what could be read; those of the code section one by one
    enum { SECTION_read, SECTION_damaged, SECTION_cut, SECTION_not_reached } state;
} Frame;

typedef struct {
    Inspect *s;
    u32 at;
    u32 unread;          // so many were listed
} Frames;

enum { UNREAD_MOST = 100 }; // behind the damage it may be anything

static Bytes frame_name(const Frame *f, Reader r)
{
    Diag ignored;
    diag_init(&ignored);
    r.diag = &ignored;
    r.end = r.pos + MIN(f->size, (u32)(r.end - r.pos));
    Bytes name = read_name(&r);
    return reader_failed(&r) ? (Bytes){0} : name;
}

static void judge_frame(Frames *all, Frame *f)
{
    const Module *m = all->s->m;
    u64 end = (u64)f->content + f->size;
    if (f->sized && end <= m->size) f->state = SECTION_read;
    else if (!f->sized || end > all->s->bytes.len) f->state = SECTION_cut;
    else f->state = all->unread ? SECTION_not_reached : SECTION_damaged;
    if (f->state != SECTION_read) all->unread++;
    f->counted = f->id && (f->state == SECTION_read || (f->id == CODE && f->start < m->size));
    if (f->counted) f->items = f->id == CODE ? m->body_count : section_items(m, f->id);
}

// The next one, found by the sizes alone. False: there are no more.
static bool next_frame(Frames *all, Frame *f)
{
    Bytes bytes = all->s->bytes;
    Diag diag;
    diag_init(&diag);
    if (all->at >= bytes.len || !all->s->m->size || all->unread == UNREAD_MOST) return false;
    Reader r = {bytes.data, bytes.data + all->at, bytes.data + bytes.len, ERR_unexpected_end,
                &diag};
    *f = (Frame){.start = all->at, .id = read_u8(&r)};
    f->size = read_leb_u32(&r);
    f->sized = !reader_failed(&r);
    f->content = reader_offset(&r);
    if (f->sized && !f->id) f->name = frame_name(f, r);
    judge_frame(all, f);
    u64 end = (u64)f->content + f->size;
    all->at = (u32)MIN(end, bytes.len);
    return true;
}

static Frames first_frame(Inspect *s) { return (Frames){.s = s, .at = HEADER}; }

static u64 frame_size(const Frame *f) { return (u64)f->content + f->size - f->start; }

static u64 frame_there(const Inspect *s, const Frame *f)
{
    return MIN(s->bytes.len - f->start, frame_size(f));
}

static void show_frame(Inspect *s, const Frame *f)
{
    if (f->id < COUNT_OF(section_text)) printf("  %-10s %#8x ", section_text[f->id], f->start);
    else printf("  id %-7u %#8x ", f->id, f->start);
    if (f->sized) printf("%11" PRIu64 " ", frame_size(f));
    else fputs("          ? ", stdout);
    if (f->name.data) fputs("        ", stdout), show_name(s, f->name);
    else if (f->counted) printf("%7u", f->items);
    else fputs("      -", stdout);
    if (f->state == SECTION_damaged) fputs("  damaged", stdout);
    if (f->state == SECTION_not_reached) fputs("  not read", stdout);
    if (f->state == SECTION_cut)
        printf("  cut after %" PRIu64 " bytes", frame_there(s, f));
    putchar('\n');
}

void show_sections(Inspect *s)
{
    Frame f;
    Frames all = first_frame(s);
    puts("\nsections      offset        size   items");
    while (next_frame(&all, &f)) show_frame(s, &f);
    if (all.at < s->bytes.len) printf("  and more from %#x, not read\n", all.at);
}

static void json_frame(Json *j, Inspect *s, const Frame *f)
{
    json_open(j, NULL, '{');
    json_number(j, "id", f->id);
    if (f->id && f->id < COUNT_OF(section_text)) json_text(j, "name", section_text[f->id]);
    else if (f->name.data) json_string(j, "name", f->name);
    else json_null(j, "name");
    json_number(j, "offset", f->start);
    if (f->sized) json_number(j, "size", frame_size(f));
    else json_null(j, "size");
    if (f->counted) json_number(j, "items", f->items);
    if (f->state == SECTION_cut) json_number(j, "present", frame_there(s, f));
    json_bool(j, "read", f->state == SECTION_read);
    json_close(j, '}');
}

void json_sections(Json *j, Inspect *s)
{
    Frame f;
    Frames all = first_frame(s);
    json_open(j, "sections", '[');
    while (next_frame(&all, &f)) json_frame(j, s, &f);
    json_close(j, ']');
}
