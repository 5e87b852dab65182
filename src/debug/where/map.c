// map.c -- see map.h. JSON is read by jansson, which has a limit to how deep it goes; what is
// peculiar to maps is read here: numbers of variable length, in base 64, each the difference to the
// one before.
//
//     "AAgBC,SAAS"     a segment: column; source, line, column there; name. Then the next.
//
// The one line that a module has is the first. A map of maps ("sections") has an offset for each.

#include "debug/where/map.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

// What an instruction and those behind it come from.
typedef struct {
    u64 column;                // in the module
    const json_t *map;         // which the source is of
    s64 source, line, from_column; // source < 0: from nowhere
} Segment;

struct SourceMap {
    json_t *json;
    Segment *segments;
    size_t count, cap;
};

// ---- data: URLs

static int digit(u8 c)
{
    return c >= 'A' && c <= 'Z' ? c - 'A' : c >= 'a' && c <= 'z' ? c - 'a' + 26
           : c >= '0' && c <= '9' ? c - '0' + 52 : c == '+' || c == '-' ? 62
           : c == '/' || c == '_' ? 63 : -1;
}

static size_t from_base64(const u8 *text, size_t size, u8 *out)
{
    u32 bits = 0, count = 0;
    size_t made = 0;
    for (size_t i = 0; i < size; i++) {
        int value = digit(text[i]);
        if (value < 0) continue; // ends in '=', and there may be blanks
        bits = bits << 6 | (u32)value;
        count += 6;
        if (count < 8) continue;
        count -= 8;
        out[made++] = (u8)(bits >> count);
    }
    return made;
}

static int hex(u8 c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static size_t from_percent(const u8 *text, size_t size, u8 *out)
{
    size_t made = 0;
    for (size_t i = 0; i < size; i++) {
        bool coded = text[i] == '%' && i + 2 < size && hex(text[i + 1]) >= 0 &&
                     hex(text[i + 2]) >= 0;
        out[made++] = coded ? (u8)(hex(text[i + 1]) << 4 | hex(text[i + 2])) : text[i];
        if (coded) i += 2;
    }
    return made;
}

// What is in the URL; or all, where it is none. NULL: no memory.
static u8 *content_of(const u8 *data, u64 size, size_t *made)
{
    static const char scheme[] = "data:", base64[] = ";base64";
    u8 *out = malloc((size_t)size + 1);
    const u8 *comma = size ? memchr(data, ',', (size_t)size) : NULL;
    bool is_url = size > sizeof scheme - 1 && !memcmp(data, scheme, sizeof scheme - 1) && comma;
    size_t head = is_url ? (size_t)(comma - data) : 0, mark = sizeof base64 - 1;
    if (!out) return NULL;
    if (!is_url) {
        memcpy(out, data, (size_t)size);
        *made = (size_t)size;
    } else if (head >= mark && !memcmp(comma - mark, base64, mark)) {
        *made = from_base64(comma + 1, (size_t)size - head - 1, out);
    } else {
        *made = from_percent(comma + 1, (size_t)size - head - 1, out);
    }
    return out;
}

// ---- Mappings

// False: there is no number.
static bool read_number(const u8 **at, s64 *value)
{
    enum { MORE = 32, DIGITS_MOST = 7 };
    u64 sum = 0;
    for (u32 i = 0; i < DIGITS_MOST; i++) {
        int d = digit(**at);
        if (d < 0) return false;
        ++*at;
        sum |= (u64)(d & (MORE - 1)) << 5 * i;
        if (d & MORE) continue;
        *value += sum & 1 ? -(s64)(sum >> 1) : (s64)(sum >> 1);
        return true;
    }
    return false;
}

static bool push(SourceMap *m, const Segment *s)
{
    if (m->count == m->cap) {
        size_t cap = m->cap ? 2 * m->cap : 1024;
        Segment *more = realloc(m->segments, cap * sizeof *more);
        if (!more) return false;
        m->segments = more;
        m->cap = cap;
    }
    m->segments[m->count++] = *s;
    return true;
}

// What is malformed ends it.
static bool read_mappings(SourceMap *m, const json_t *map, const char *text, u64 offset)
{
    const u8 *at = (const u8 *)text;
    s64 column = 0, source = 0, line = 0, from_column = 0, name = 0;
    while (*at && *at != ';') {
        if (*at == ',') {
            at++;
            continue;
        }
        if (!read_number(&at, &column) || column < 0) return true;
        bool known = digit(*at) >= 0;
        if (known && (!read_number(&at, &source) || !read_number(&at, &line) ||
                      !read_number(&at, &from_column)))
            return true;
        if (digit(*at) >= 0 && !read_number(&at, &name)) return true;
        Segment s = {(u64)column + offset, map, known ? source : -1, line, from_column};
        if (!push(m, &s)) return false;
    }
    return true;
}

static bool read_map(SourceMap *m, const json_t *map, u64 offset)
{
    const char *mappings = json_string_value(json_object_get(map, "mappings"));
    return !mappings || read_mappings(m, map, mappings, offset);
}

static bool read_all(SourceMap *m)
{
    const json_t *sections = json_object_get(m->json, "sections");
    if (!json_is_array(sections)) return read_map(m, m->json, 0);
    for (size_t i = 0; i < json_array_size(sections); i++) {
        const json_t *section = json_array_get(sections, i);
        const json_t *offset = json_object_get(section, "offset");
        json_int_t line = json_integer_value(json_object_get(offset, "line"));
        json_int_t column = json_integer_value(json_object_get(offset, "column"));
        if (line || column < 0 || column > UINT32_MAX) continue;
        if (!read_map(m, json_object_get(section, "map"), (u64)column)) return false;
    }
    return true;
}

SourceMap *map_open(const u8 *data, u64 size)
{
    size_t made = 0, skip = 0;
    json_error_t error;
    SourceMap *m = calloc(1, sizeof *m);
    u8 *text = m ? content_of(data, size, &made) : NULL;
    if (!text) return NULL;
    // Some servers put a line in front that is no program: ")]}'".
    if (made && text[0] == ')')
        while (skip < made && text[skip] != '\n') skip++;
    json_object_seed(1); // a random one needs what we have closed
    m->json = json_loadb((const char *)text + skip, made - skip, 0, &error);
    if (!m->json || json_integer_value(json_object_get(m->json, "version")) != 3) return NULL;
    return read_all(m) ? m : NULL;
}

// ---- Places

// In no order: a difference may be negative.
static const Segment *find(const SourceMap *m, u64 at)
{
    const Segment *best = NULL;
    for (size_t i = 0; i < m->count; i++) {
        const Segment *s = &m->segments[i];
        if (s->column <= at && (!best || s->column >= best->column)) best = s;
    }
    return best;
}

static void add_source(Answer *a, const json_t *map, const char *source)
{
    const char *root = json_string_value(json_object_get(map, "sourceRoot"));
    size_t len = root ? strlen(root) : 0;
    if (len) answer_bytes(a, root, len);
    if (len && root[len - 1] != '/') answer_bytes(a, "/", 1);
    answer_string(a, source);
}

static void add_count(Answer *a, s64 from_zero)
{
    char text[24];
    bool good = from_zero >= 0 && from_zero < INT32_MAX;
    snprintf(text, sizeof text, "%d", good ? (int)from_zero + 1 : 0);
    answer_string(a, text);
}

bool map_place(const SourceMap *m, u64 at, u64 from, Answer *a)
{
    const Segment *s = find(m, at);
    if (!s || s->column < from || s->source < 0) return false;
    const json_t *sources = json_object_get(s->map, "sources");
    const char *source = json_string_value(json_array_get(sources, (size_t)s->source));
    if (!source) return false;
    answer_bytes(a, "\0", 2); // names: it tells no functions
    add_source(a, s->map, source);
    add_count(a, s->line);
    add_count(a, s->from_column);
    return true;
}
