// json.c -- reads a document that is made up, looks a few things up, and writes it again.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef enum { NIL, BOOL, NUMBER, STRING, ARRAY, OBJECT } Kind;
typedef struct Value Value;
struct Value {
    Kind kind;
    double number;
    const char *text;       // of a string, and of a member's name
    size_t length;
    const char *name;
    size_t name_length;
    Value *first, *next;
};

enum { ITEMS = 600, ROOM = 200 * ITEMS };
static char doc[ROOM], out[ROOM];
static const char *in;

static void space(void)
{
    while (*in == ' ' || *in == '\n') in++;
}

static const char *string(size_t *length)
{
    const char *start = ++in;
    while (*in != '"') in += *in == '\\' ? 2 : 1;
    *length = (size_t)(in++ - start);
    return start;
}

static double number(void)
{
    double value = 0, scale = 1;
    int negative = *in == '-';
    in += negative;
    while (*in >= '0' && *in <= '9') value = value * 10 + (*in++ - '0');
    if (*in == '.')
        for (in++; *in >= '0' && *in <= '9'; scale *= 10) value = value * 10 + (*in++ - '0');
    return (negative ? -value : value) / scale;
}

static Value *value(void)
{
    Value *v = calloc(1, sizeof *v), **link = &v->first;
    space();
    switch (*in) {
    case '{': case '[': {
        char close = *in++ == '{' ? '}' : ']';
        v->kind = close == '}' ? OBJECT : ARRAY;
        for (space(); *in != close; space()) {
            const char *name = NULL;
            size_t length = 0;
            if (v->kind == OBJECT) {
                name = string(&length);
                space();
                in++;
            }
            *link = value();
            (*link)->name = name;
            (*link)->name_length = length;
            link = &(*link)->next;
            space();
            if (*in == ',') in++;
        }
        in++;
        break;
    }
    case '"': v->kind = STRING; v->text = string(&v->length); break;
    case 't': v->kind = BOOL; v->number = 1; in += 4; break;
    case 'f': v->kind = BOOL; in += 5; break;
    case 'n': in += 4; break;
    default: v->kind = NUMBER; v->number = number();
    }
    return v;
}

static char *put(char *o, const char *text, size_t length)
{
    memcpy(o, text, length);
    return o + length;
}

#define PUT(o, words) put(o, words, sizeof words - 1)

static char *write_integer(char *o, long n)
{
    char digits[24];
    int count = 0;
    if (n < 0) *o++ = '-', n = -n;
    do digits[count++] = (char)('0' + n % 10);
    while (n /= 10);
    while (count) *o++ = digits[--count];
    return o;
}

static char *write(char *o, const Value *v)
{
    switch (v->kind) {
    case NIL: return PUT(o, "null");
    case BOOL: return v->number != 0 ? PUT(o, "true") : PUT(o, "false");
    case NUMBER: return write_integer(o, (long)(v->number * 100));
    case STRING: *o++ = '"'; o = put(o, v->text, v->length); *o++ = '"'; return o;
    default: break;
    }
    *o++ = v->kind == OBJECT ? '{' : '[';
    for (const Value *m = v->first; m; m = m->next) {
        if (m != v->first) *o++ = ',';
        if (v->kind == OBJECT) {
            *o++ = '"';
            o = put(o, m->name, m->name_length);
            o = PUT(o, "\":");
        }
        o = write(o, m);
    }
    *o++ = v->kind == OBJECT ? '}' : ']';
    return o;
}

static const Value *member(const Value *object, const char *name)
{
    size_t length = strlen(name);
    for (const Value *m = object->first; m; m = m->next)
        if (m->name_length == length && memcmp(m->name, name, length) == 0) return m;
    return NULL;
}

int main(void)
{
    char *o = PUT(doc, "[\n");
    unsigned seed = 7;
    for (int i = 0; i < ITEMS; i++) {
        seed = seed * 1664525 + 1013904223;
        o = PUT(o, "{ \"name\": \"item ");
        o = write_integer(o, i);
        o = PUT(o, "\", \"price\": ");
        o = write_integer(o, (long)(seed >> 20));
        o = PUT(o, ".25, \"tags\": [\"a\", \"b\\n\", null, ");
        o = seed & 1024 ? PUT(o, "true") : PUT(o, "false");
        o = PUT(o, "], \"size\": { \"w\": -12.5, \"h\": 3 } },\n");
    }
    strcpy(o - 2, "]");
    double sum = 0;
    size_t length = 0;
    for (int round = 0; round < 4; round++) {
        in = doc;
        Value *all = value();
        for (const Value *v = all->first; v; v = v->next)
            sum += member(v, "price")->number + member(member(v, "size"), "h")->number;
        length += (size_t)(write(out, all) - out);
    }
    printf("%d %d\n", (int)length, (int)sum);
    return 0;
}
