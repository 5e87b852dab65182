// docs.c -- comments as what they say. See wit.h.
//
// Of a line comment the slashes go, of a block its marks; then of all lines as many spaces as each
// of them begins with, so that what is indented among them stays so, and what is printed and read
// again stays the same.

#include "component/wit/wit.h"

typedef struct {
    Arena *arena;
    Bytes *lines;
    u32 count, cap;
} Lines;

static bool is_space(u8 c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

static Bytes trim_end(Bytes text)
{
    while (text.len && is_space(text.data[text.len - 1])) text.len--;
    return text;
}

// Each line of one comment.
static void add_lines(Lines *l, Bytes text)
{
    text = trim_end(text);
    for (size_t start = 0, at = 0; at <= text.len; at++) {
        if (at < text.len && text.data[at] != '\n') continue;
        ARENA_PUSH(l->arena, l->lines, l->count, l->cap) =
            trim_end((Bytes){text.data + start, at - start});
        start = at + 1;
    }
}

// To behind the comment, which was read before and has an end; *text: what it says.
static size_t take_comment(Bytes all, size_t at, Bytes *text)
{
    size_t start = at, depth = 0;
    const u8 *s = all.data;
    if (s[at + 1] == '/') {
        while (at < all.len && s[at] != '\n') at++;
        while (start < at && s[start] == '/') start++;
        *text = (Bytes){s + start, at - start};
        return at;
    }
    do {
        bool opens = s[at] == '/' && s[at + 1] == '*', closes = s[at] == '*' && s[at + 1] == '/';
        at += opens || closes ? 2 : 1;
        depth += opens;
        depth -= closes;
    } while (depth);
    bool docs = at - start >= 5 && s[start + 2] == '*';
    // of a block that is no documentation, all but the first slash is said
    *text = docs ? (Bytes){s + start + 3, at - start - 5} : (Bytes){s + start + 1, at - start - 1};
    if (at - start == 4) text->len = 0;
    return at;
}

static size_t indent_of(const Lines *l)
{
    size_t least = SIZE_MAX;
    for (u32 i = 0; i < l->count; i++) {
        size_t spaces = 0;
        while (spaces < l->lines[i].len && l->lines[i].data[spaces] == ' ') spaces++;
        if (l->lines[i].len) least = MIN(least, spaces);
    }
    return least == SIZE_MAX ? 0 : least;
}

Bytes wit_docs(Arena *arena, Bytes comments)
{
    Lines l = {.arena = arena};
    for (size_t at = 0; at < comments.len;) {
        Bytes text;
        if (is_space(comments.data[at])) {
            at++;
        } else {
            at = take_comment(comments, at, &text);
            add_lines(&l, text);
        }
    }
    if (!l.count) return (Bytes){0};
    size_t indent = indent_of(&l);
    while (l.count > 1 && !l.lines[l.count - 1].len) l.count--;
    Buf out;
    buf_init(&out, arena);
    for (u32 i = 0; i < l.count; i++) {
        size_t cut = MIN(indent, l.lines[i].len);
        if (i) buf_byte(&out, '\n');
        buf_bytes(&out, l.lines[i].data + cut, l.lines[i].len - cut);
    }
    Bytes docs = buf_view(&out);
    return docs.data ? docs : bytes_of("");
}
