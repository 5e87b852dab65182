// docs.c -- comments as what they say. See wit.h.
//
// Of a line comment the slashes go, of a block its marks; then of all comments as many spaces as
// each of them begins with, as in wasm-tools; and of all lines as many as each of those does. What
// is indented among them stays so, and what is printed and read again stays the same.

#include "component/wit/wit.h"

typedef struct {
    Bytes text;
    bool first; // of a comment
} Line;

typedef struct {
    Arena *arena;
    Line *lines;
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
            (Line){trim_end((Bytes){text.data + start, at - start}), start == 0};
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

// Of lines that are first in their comment, or of all, takes what each begins with.
static void cut_indent(Lines *l, bool first)
{
    size_t least = SIZE_MAX;
    for (u32 i = 0; i < l->count; i++) {
        size_t spaces = 0;
        Bytes text = l->lines[i].text;
        while (spaces < text.len && text.data[spaces] == ' ') spaces++;
        if (text.len && (l->lines[i].first || !first)) least = MIN(least, spaces);
    }
    for (u32 i = 0; i < l->count; i++) {
        Bytes *text = &l->lines[i].text;
        size_t cut = l->lines[i].first || !first ? MIN(least, text->len) : 0;
        *text = (Bytes){text->data + cut, text->len - cut};
    }
}

// What a terminal would begin its line anew at.
static Bytes without_returns(Arena *arena, Bytes text)
{
    if (!text.len || !memchr(text.data, '\r', text.len)) return text;
    u8 *copy = arena_copy(arena, text.data, text.len);
    for (size_t i = 0; i < text.len; i++)
        if (copy[i] == '\r') copy[i] = ' ';
    return (Bytes){copy, text.len};
}

Bytes wit_docs(Arena *arena, Bytes comments)
{
    Lines l = {.arena = arena};
    comments = without_returns(arena, comments);
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
    cut_indent(&l, true);
    cut_indent(&l, false);
    while (l.count > 1 && !l.lines[l.count - 1].text.len) l.count--;
    Buf out;
    buf_init(&out, arena);
    for (u32 i = 0; i < l.count; i++) {
        if (i) buf_byte(&out, '\n');
        buf_bytes(&out, l.lines[i].text.data, l.lines[i].text.len);
    }
    Bytes docs = buf_view(&out);
    return docs.data ? docs : bytes_of("");
}
