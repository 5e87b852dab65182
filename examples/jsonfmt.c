// jsonfmt.c -- reads JSON from a file or standard input, checks it, and prints it indented.
//
//     jsonfmt [FILE]
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *text;
static size_t at, len;

static _Noreturn void fail(const char *what)
{
    size_t line = 1, column = 1;
    for (size_t i = 0; i < at && i < len; i++) {
        column = text[i] == '\n' ? 1 : column + 1;
        line += text[i] == '\n';
    }
    fflush(stdout);
    fprintf(stderr, "\njsonfmt: %zu:%zu: %s\n", line, column, what);
    exit(1);
}

static int peek(void)
{
    while (at < len && strchr(" \t\r\n", text[at])) at++;
    return at < len ? (unsigned char)text[at] : -1;
}

static void newline(int depth)
{
    putchar('\n');
    for (int i = 0; i < depth; i++) fputs("  ", stdout);
}

static void string(void)
{
    size_t start = at++;
    while (at < len && text[at] != '"') {
        if ((unsigned char)text[at] < 0x20) fail("a control character in a string");
        if (text[at] == '\\' && ++at < len && !strchr("\"\\/bfnrtu", text[at]))
            fail("an unknown escape");
        at++;
    }
    if (at >= len) fail("a string that does not end");
    at++;
    fwrite(text + start, 1, at - start, stdout);
}

static void digits(void)
{
    if (at >= len || !isdigit((unsigned char)text[at])) fail("expected a digit");
    while (at < len && isdigit((unsigned char)text[at])) at++;
}

static void number(void)
{
    size_t start = at;
    if (text[at] == '-') at++;
    if (at < len && text[at] == '0') at++;
    else digits();
    if (at < len && text[at] == '.') at++, digits();
    if (at < len && (text[at] == 'e' || text[at] == 'E')) {
        at++;
        if (at < len && (text[at] == '+' || text[at] == '-')) at++;
        digits();
    }
    fwrite(text + start, 1, at - start, stdout);
}

static void word(const char *expected)
{
    size_t n = strlen(expected);
    if (len - at < n || memcmp(text + at, expected, n)) fail("an unknown word");
    at += n;
    fputs(expected, stdout);
}

static void value(int depth)
{
    int c = peek();
    if (depth > 500) fail("nested too deeply");
    if (c == '{' || c == '[') {
        int close = c == '{' ? '}' : ']';
        putchar(text[at++]);
        for (int first = 1; peek() != close; first = 0) {
            if (!first) {
                if (peek() != ',') fail("expected a comma");
                at++;
                putchar(',');
            }
            newline(depth + 1);
            if (c == '{') {
                if (peek() != '"') fail("expected a name");
                string();
                if (peek() != ':') fail("expected a colon");
                at++;
                fputs(": ", stdout);
            }
            value(depth + 1);
        }
        if (text[at - 1] != c) newline(depth);
        putchar(text[at++]);
    } else if (c == '"') string();
    else if (c == '-' || isdigit(c)) number();
    else if (c == 't') word("true");
    else if (c == 'f') word("false");
    else if (c == 'n') word("null");
    else fail(c < 0 ? "the text ends early" : "expected a value");
}

int main(int argc, char **argv)
{
    FILE *in = argc > 1 ? fopen(argv[1], "r") : stdin;
    if (!in) {
        perror(argv[1]);
        return 1;
    }
    for (size_t got = 1; got; len += got) {
        text = realloc(text, len + 65536);
        if (!text) return 1;
        got = fread(text + len, 1, 65536, in);
    }
    value(0);
    if (peek() >= 0) fail("something after the end");
    putchar('\n');
    return 0;
}
