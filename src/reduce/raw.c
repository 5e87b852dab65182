// raw.c -- see raw.h.
//
//     magic | id size [ ... ] | id size [ count  size [ ... ]  size [ ... ] ] | ...
//                ^                         ^ of a body
//                +-- is put right when something of what it counts goes
//
// What could go is a list of ranges: of a binary whole sections, then each byte in them; of a text
// whatever stands in parentheses, from the outside in, then lines, words, and each byte in the end.
// Nothing is known of what the bytes mean.

#include "reduce/raw.h"

#include "base/leb.h"
#include "reduce/round.h"

#include <string.h>

typedef struct { u32 start, end; } Span;

// What a size counts: of a section, or of a body in one.
typedef struct {
    u32 size;         // where it stands
    Span content;
    u32 inside;       // how many of those that follow are in it
} Sized;

typedef struct {
    Bytes bytes;
    Features features;
    bool valid;
    Arena arena;
    Span *spans;      // what could go
    u32 span_count, span_cap;
    Sized *sized;     // in order; none: sizes are bytes like others
    u32 sized_count, sized_cap;
    u8 *gone;         // by byte
} Raw;

static void add(Raw *r, u32 start, u32 end)
{
    if (start == end) return;
    ARENA_PUSH(&r->arena, r->spans, r->span_count, r->span_cap) = (Span){start, end};
}

// ---- Binaries

static bool size_at(const Raw *r, u32 *at, u32 end, u64 *size)
{
    const u8 *next = r->bytes.data + *at;
    if (leb_read(&next, r->bytes.data + end, 32, false, size) != LEB_good) return false;
    *at = (u32)(next - r->bytes.data);
    return *size <= end - *at;
}

static void add_sized(Raw *r, u32 size, u32 start, u32 end)
{
    ARENA_PUSH(&r->arena, r->sized, r->sized_count, r->sized_cap) = (Sized){size, {start, end}, 0};
}

static void find_body_sizes(Raw *r, u32 section)
{
    Span in = r->sized[section].content;
    u32 at = in.start;
    u64 count, size;
    if (!size_at(r, &at, in.end, &count)) return;
    for (u32 place = at; count-- && size_at(r, &at, in.end, &size); place = at) {
        add_sized(r, place, at, at + (u32)size);
        r->sized[section].inside++;
        at += (u32)size;
    }
}

static void find_sizes(Raw *r)
{
    u32 at = 8, end = (u32)r->bytes.len;
    u64 size;
    while (at < end) {
        u32 id = at, place = ++at;
        if (!size_at(r, &at, end, &size)) return;
        add_sized(r, place, at, at + (u32)size);
        if (r->bytes.data[id] == 10) find_body_sizes(r, r->sized_count - 1);
        at += (u32)size;
    }
}

static void find_sections(Raw *r)
{
    find_sizes(r);
    for (u32 i = 0; i < r->sized_count; i += 1 + r->sized[i].inside)
        add(r, r->sized[i].size - 1, r->sized[i].content.end);
}

static void find_contents(Raw *r)
{
    find_sizes(r);
    for (u32 i = 0; i < r->sized_count; i++) {
        u32 from = r->sized[i].content.start;
        for (u32 k = 1; k <= r->sized[i].inside; k++) {
            for (; from < r->sized[i + k].size; from++) add(r, from, from + 1);
            from = r->sized[i + k].content.end;
        }
        for (; from < r->sized[i].content.end; from++) add(r, from, from + 1);
    }
}

static void find_bytes(Raw *r)
{
    for (u32 i = 0; i < r->bytes.len; i++) add(r, i, i + 1);
}

// ---- Texts

static bool is_blank(u8 c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

static bool is_word(u8 c) { return !is_blank(c) && c != '(' && c != ')' && c != '"'; }

// Behind a string that begins here.
static u32 behind_string(const Raw *r, u32 at)
{
    u32 end = (u32)r->bytes.len;
    for (at++; at < end && r->bytes.data[at] != '"'; at++)
        if (r->bytes.data[at] == '\\' && at + 1 < end) at++;
    return at < end ? at + 1 : end;
}

static u32 behind_line(const Raw *r, u32 at)
{
    while (at < r->bytes.len && r->bytes.data[at] != '\n') at++;
    return at < r->bytes.len ? at + 1 : at;
}

// What stands in parentheses at one depth, or deeper than can be told apart.
static u32 find_at_depth(Raw *r, u32 want)
{
    u32 depth = 0, deepest = 0, start = 0, end = (u32)r->bytes.len;
    for (u32 at = 0; at < end;) {
        u8 c = r->bytes.data[at];
        if (c == '(' && depth++ == want) start = at;
        deepest = MAX(deepest, depth);
        if (c == ')' && depth && --depth == want) add(r, start, at + 1);
        if (c == '"') at = behind_string(r, at);
        else if (c == ';' && at + 1 < end && r->bytes.data[at + 1] == ';') at = behind_line(r, at);
        else at++;
    }
    return deepest;
}

static void find_groups(Raw *r)
{
    enum { DEPTHS = 100 };
    u32 deepest = find_at_depth(r, 0);
    for (u32 i = 1; i < MIN(deepest, DEPTHS); i++) find_at_depth(r, i);
}

static void find_lines(Raw *r)
{
    for (u32 at = 0, next; at < r->bytes.len; at = next) add(r, at, next = behind_line(r, at));
}

static void find_words(Raw *r)
{
    for (u32 at = 0, end = (u32)r->bytes.len; at < end;) {
        u32 start = at;
        u8 c = r->bytes.data[at++];
        if (c == '"') at = behind_string(r, start);
        else if (is_blank(c)) while (at < end && is_blank(r->bytes.data[at])) at++;
        else if (c != '(' && c != ')')
            while (at < end && is_word(r->bytes.data[at])) at++;
        add(r, start, at);
    }
}

// ---- Candidates

static void put_left(const Raw *r, u32 from, u32 end, Buf *out)
{
    for (; from < end; from++)
        if (!r->gone[from]) buf_byte(out, r->bytes.data[from]);
}

static bool all_gone(const Raw *r, Span s)
{
    return !memchr(r->gone + s.start, 0, s.end - s.start);
}

static void put_sized(Raw *r, u32 i, Buf *out)
{
    const Sized *s = &r->sized[i];
    Buf content;
    buf_init(&content, &r->arena);
    u32 from = s->content.start;
    for (u32 k = 1; k <= s->inside; k++) {
        put_left(r, from, r->sized[i + k].size, &content);
        put_sized(r, i + k, &content);
        from = r->sized[i + k].content.end;
    }
    put_left(r, from, s->content.end, &content);
    buf_name(out, content.data, content.len);
}

static bool encode_raw(void *env, const u8 *chosen, Buf *out)
{
    Raw *r = env;
    u32 from = 0;
    memset(r->gone, 0, r->bytes.len);
    for (u32 i = 0; i < r->span_count; i++)
        if (chosen[i]) memset(r->gone + r->spans[i].start, 1, r->spans[i].end - r->spans[i].start);
    out->len = 0;
    for (u32 i = 0; i < r->sized_count; i += 1 + r->sized[i].inside) {
        Span whole = {r->sized[i].size - 1, r->sized[i].content.end};
        put_left(r, from, r->sized[i].size, out);
        if (!all_gone(r, whole)) put_sized(r, i, out);
        from = whole.end;
    }
    put_left(r, from, (u32)r->bytes.len, out);
    return !r->valid || is_valid_module(buf_view(out), r->features);
}

static void covered_raw(void *env, const u8 *chosen, u8 *covered)
{
    Raw *r = env;
    memset(r->gone, 0, r->bytes.len);
    for (u32 i = 0; i < r->span_count; i++)
        if (chosen[i]) memset(r->gone + r->spans[i].start, 1, r->spans[i].end - r->spans[i].start);
    for (u32 i = 0; i < r->span_count; i++) covered[i] = all_gone(r, r->spans[i]);
}

typedef struct {
    const char *name;
    void (*find)(Raw *r);
    bool binary, text; // which it is for
} RawPass;

static const RawPass passes_raw[] = {
    {"sections", find_sections, true, false},    {"contents", find_contents, true, false},
    {"parentheses", find_groups, false, true},   {"lines", find_lines, false, true},
    {"words", find_words, false, true},          {"bytes", find_bytes, true, true},
};

static bool run_raw(Search *s, Raw *r, const RawPass *pass)
{
    r->bytes.data = arena_copy(&r->arena, s->best.data, s->best.len);
    r->bytes.len = s->best.len;
    r->gone = NEW_ARRAY(&r->arena, u8, s->best.len);
    bool binary = s->best.len >= 8 && !memcmp(s->best.data, "\0asm", 4);
    if (!s->best.len || !(binary ? pass->binary : pass->text)) return false;
    pass->find(r);
    const Choice choice = {r, r->span_count, encode_raw, covered_raw, false};
    return search(s, &choice, pass->name);
}

bool raw_reduce(Search *s, Features features, bool valid, jmp_buf *failed)
{
    bool some = false;
    for (u32 i = 0; i < COUNT_OF(passes_raw); i++) {
        Raw r = {.features = features, .valid = valid};
        arena_init(&r.arena);
        r.arena.on_failure = failed;
        some |= run_raw(s, &r, &passes_raw[i]);
        arena_free(&r.arena);
    }
    return some;
}
