// json.c -- see json.h.

#include "component/wit/json.h"

#include "base/utf8.h"

// ---- Writing

static void put_string(Buf *b, Bytes text)
{
    static const char digits[] = "0123456789abcdef";
    static const char marks[] = "\"\\\b\f\n\r\t", names[] = "\"\\bfnrt";
    buf_byte(b, '"');
    for (size_t i = 0; i < text.len; i++) {
        u8 c = text.data[i];
        const char *mark = c ? strchr(marks, c) : NULL;
        if (mark) {
            buf_byte(b, '\\');
            buf_byte(b, (u8)names[mark - marks]);
        } else if (c < 0x20) {
            buf_bytes(b, "\\u00", 4);
            buf_byte(b, (u8)digits[c >> 4]);
            buf_byte(b, (u8)digits[c & 15]);
        } else {
            buf_byte(b, c);
        }
    }
    buf_byte(b, '"');
}

static void put_key(JsonText *j, Bytes key)
{
    if (!j->first) buf_byte(j->out, ',');
    j->first = false;
    if (!key.data) return;
    put_string(j->out, key);
    buf_byte(j->out, ':');
}

JsonMark json_text_open(JsonText *j, Bytes key)
{
    JsonMark mark = {j->out->len, j->first};
    put_key(j, key);
    buf_byte(j->out, '{');
    j->first = true;
    return mark;
}

void json_text_close(JsonText *j, JsonMark mark)
{
    if (j->first && mark.len) {
        j->out->len = mark.len;
        j->first = mark.first;
    } else {
        buf_byte(j->out, '}');
        j->first = false;
    }
}

void json_text_string(JsonText *j, Bytes key, Bytes value)
{
    put_key(j, key);
    put_string(j->out, value);
}

// ---- Reading

typedef struct {
    Arena *arena;
    const u8 *pos, *end;
    bool bad;
} Reading;

static void skip_space(Reading *r)
{
    while (r->pos < r->end && (*r->pos == ' ' || *r->pos == '\t' || *r->pos == '\n' ||
                               *r->pos == '\r'))
        r->pos++;
}

static bool take(Reading *r, u8 c)
{
    skip_space(r);
    if (r->pos == r->end || *r->pos != c) return false;
    r->pos++;
    return true;
}

static u32 read_unit(Reading *r)
{
    u32 value = 0;
    for (u32 i = 0; i < 4; i++) {
        u8 c = r->pos < r->end ? *r->pos++ : 0, low = c | 32;
        u32 digit = c >= '0' && c <= '9'       ? c - '0'
                    : low >= 'a' && low <= 'f' ? low - 'a' + 10u
                                               : 16;
        if (digit == 16) r->bad = true;
        value = value << 4 | (digit & 15);
    }
    return value;
}

// Behind `\u`. What is above 0xffff is written as two halves.
static u32 read_scalar(Reading *r)
{
    u32 unit = read_unit(r);
    if (unit < 0xd800 || unit >= 0xe000) return unit;
    bool more = r->end - r->pos >= 6 && r->pos[0] == '\\' && r->pos[1] == 'u';
    r->pos += more ? 2 : 0;
    u32 low = more ? read_unit(r) : 0;
    if (unit >= 0xdc00 || low < 0xdc00 || low >= 0xe000) r->bad = true;
    return r->bad ? 0 : 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
}

static void read_escape(Reading *r, Buf *out)
{
    static const char names[] = "\"\\/bfnrt", marks[] = "\"\\/\b\f\n\r\t";
    u8 c = r->pos < r->end ? *r->pos++ : 0, bytes[4];
    const char *name = c ? strchr(names, c) : NULL;
    if (name) {
        buf_byte(out, (u8)marks[name - names]);
    } else if (c == 'u') {
        u32 scalar = read_scalar(r);
        if (!r->bad) buf_bytes(out, bytes, utf8_encode(scalar, bytes));
    } else {
        r->bad = true;
    }
}

static Bytes read_string(Reading *r)
{
    Buf out;
    buf_init(&out, r->arena);
    if (!take(r, '"')) r->bad = true;
    while (!r->bad && r->pos < r->end && *r->pos != '"') {
        u8 c = *r->pos++;
        if (c < 0x20) r->bad = true;
        else if (c == '\\') read_escape(r, &out);
        else buf_byte(&out, c);
    }
    if (!take(r, '"') || !utf8_valid(out.data, out.len)) r->bad = true;
    static const u8 nothing[1];
    return out.data ? buf_view(&out) : (Bytes){nothing, 0};
}

// Numbers and words, of which nothing is wanted.
static Bytes read_other(Reading *r)
{
    const u8 *start = r->pos;
    while (r->pos < r->end && (*r->pos == '-' || *r->pos == '+' || *r->pos == '.' ||
                               (*r->pos >= '0' && *r->pos <= '9') ||
                               ((*r->pos | 32) >= 'a' && (*r->pos | 32) <= 'z')))
        r->pos++;
    if (r->pos == start) r->bad = true;
    return (Bytes){start, (size_t)(r->pos - start)};
}

static JsonNode *read_value(Reading *r, JsonNode *outer)
{
    JsonNode *n = NEW(r->arena, JsonNode);
    n->outer = outer;
    if (outer && outer->kind == JSON_object) {
        n->key = read_string(r);
        if (!take(r, ':')) r->bad = true;
    }
    if (outer && outer->last) outer->last->next = n;
    else if (outer) outer->first = n;
    if (outer) outer->last = n;
    skip_space(r);
    u8 c = r->pos < r->end ? *r->pos : 0;
    n->kind = c == '{' ? JSON_object : c == '[' ? JSON_array : c == '"' ? JSON_string : JSON_other;
    if (c == '{' || c == '[') r->pos++;
    else n->text = c == '"' ? read_string(r) : read_other(r);
    return n;
}

static bool close_node(Reading *r, const JsonNode *n)
{
    return take(r, n->kind == JSON_object ? '}' : ']');
}

JsonNode *json_read(Arena *arena, Bytes text)
{
    Reading r = {.arena = arena, .pos = text.data, .end = text.data + text.len};
    JsonNode *top = read_value(&r, NULL), *n = top;
    bool opened = top->kind <= JSON_array;
    if (!opened) n = NULL;
    while (n && !r.bad) {
        if (opened ? close_node(&r, n) : !take(&r, ',')) {
            if (!opened && !close_node(&r, n)) r.bad = true;
            n = n->outer;
            opened = false;
            continue;
        }
        JsonNode *in = read_value(&r, n);
        opened = in->kind <= JSON_array;
        if (opened) n = in;
    }
    skip_space(&r);
    return r.bad || r.pos != r.end ? NULL : top;
}

const JsonNode *json_member(const JsonNode *object, const char *key)
{
    const JsonNode *n = object && object->kind == JSON_object ? object->first : NULL;
    while (n && !bytes_are(n->key, key)) n = n->next;
    return n;
}
