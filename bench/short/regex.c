// regex.c -- an engine of regular expressions: parsed, compiled for a machine with threads (after
// Thompson and Pike), and run over a text that is made up.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SIZE = 64 << 10, CODE = 512 };
typedef enum { CHAR, ANY, CLASS, SPLIT, JUMP, START, END, MATCH } Op;
typedef struct {
    Op op;
    int x, y;               // where to go on
    unsigned char set[32];  // CLASS
} Inst;

static Inst code[CODE];
static int count;
static const char *in;

static int emit(Op op, int x, int y)
{
    memset(&code[count], 0, sizeof code[0]);
    code[count].op = op;
    code[count].x = x;
    code[count].y = y;
    return count++;
}

static void insert(int at, Op op)
{
    for (int i = count++; i > at; i--) {
        code[i] = code[i - 1];
        if (code[i].op == SPLIT || code[i].op == JUMP) {
            if (code[i].x >= at) code[i].x++;
            if (code[i].y >= at) code[i].y++;
        }
    }
    code[at].op = op;
}

static void alternatives(void);

static void class(void)
{
    Inst *i = &code[emit(CLASS, 0, 0)];
    int negated = *in == '^';
    in += negated;
    do {
        int from = (unsigned char)*in++, to = from;
        if (*in == '-' && in[1] != ']') to = (unsigned char)in[1], in += 2;
        for (int c = from; c <= to; c++) i->set[c >> 3] |= (unsigned char)(1 << (c & 7));
    } while (*in != ']');
    in++;
    for (int k = 0; negated && k < 32; k++) i->set[k] = (unsigned char)~i->set[k];
}

static void atom(void)
{
    switch (*in) {
    case '(':
        in++;
        alternatives();
        in++;
        break;
    case '[': in++; class(); break;
    case '.': in++; emit(ANY, 0, 0); break;
    case '^': in++; emit(START, 0, 0); break;
    case '$': in++; emit(END, 0, 0); break;
    case '\\': in++; // fall through
    default: emit(CHAR, *in++, 0);
    }
}

static void repeated(void)
{
    int start = count;
    atom();
    for (; *in == '*' || *in == '+' || *in == '?'; in++) {
        if (*in == '+') {
            emit(SPLIT, start, count + 1);
            continue;
        }
        insert(start, SPLIT);
        if (*in == '*') emit(JUMP, start, 0);
        code[start].x = start + 1;
        code[start].y = count;
    }
}

static void alternatives(void)
{
    int start = count;
    while (*in && *in != '|' && *in != ')') repeated();
    if (*in != '|') return;
    in++;
    insert(start, SPLIT);
    code[start].x = start + 1;
    int jump = emit(JUMP, 0, 0);
    code[start].y = count;
    alternatives();
    code[jump].x = count;
}

static int list[2][CODE], length[2], seen[CODE], step;

static void add(int which, int pc, const char *at, const char *text, const char *end)
{
    if (seen[pc] == step) return;
    seen[pc] = step;
    switch (code[pc].op) {
    case JUMP: add(which, code[pc].x, at, text, end); break;
    case SPLIT:
        add(which, code[pc].x, at, text, end);
        add(which, code[pc].y, at, text, end);
        break;
    case START:
        if (at == text || at[-1] == '\n') add(which, pc + 1, at, text, end);
        break;
    case END:
        if (at == end || *at == '\n') add(which, pc + 1, at, text, end);
        break;
    default: list[which][length[which]++] = pc;
    }
}

// How often does it match, from the left, none inside another?
static int matches(const char *text, const char *end)
{
    int found = 0, now = 0;
    length[0] = 0;
    for (const char *p = text;; p++) {
        int hit = 0;
        step++;
        length[!now] = 0;
        if (!length[now]) add(now, 0, p, text, end); // nobody is on the way
        step++;
        for (int i = 0; i < length[now] && !hit; i++) {
            const Inst *k = &code[list[now][i]];
            int c = p < end ? (unsigned char)*p : -1;
            if (k->op == MATCH) hit = 1;
            else if (c >= 0 && (k->op == ANY ? c != '\n'
                                : k->op == CHAR ? c == k->x : k->set[c >> 3] >> (c & 7) & 1))
                add(!now, list[now][i] + 1, p + 1, text, end);
        }
        found += hit;
        if (p >= end) return found;
        now = !now;
        if (hit) length[now] = 0;
    }
}

static char text[SIZE];

int main(void)
{
    static const char *const words[] = {"the ", "quick ", "2026-11-28 ", "fox@example.org, ",
                                        "jumped\n", "over 127.0.0.1 ", "lazy ", "dogs "};
    static const char *const patterns[] = {"[a-z]+@[a-z]+\\.(org|com)", "[0-9]+-[0-9]+-[0-9]+",
                                           "(quick|lazy) .*dogs", "^over.*$", "(a|b|j)?umped$"};
    unsigned seed = 1;
    size_t n = 0;
    while (n < SIZE - 20) {
        const char *word = words[(seed = seed * 1664525 + 1013904223) >> 29];
        strcpy(text + n, word);
        n += strlen(word);
    }
    for (int i = 0; i < 5; i++) {
        count = 0;
        in = patterns[i];
        alternatives();
        emit(MATCH, 0, 0);
        memset(seen, 0, sizeof seen);
        step = 0;
        printf("%d\n", matches(text, text + n));
    }
    return 0;
}
