// command.c -- see command.h.

#include "script/command.h"

static const char *const words[] = {
#define COMMAND(name) #name,
#include "script/command.def"
};

void commands_init(CommandReader *r, const char *src, size_t len)
{
    *r = (CommandReader){.src = src, .len = len};
}

static CommandKind kind_of(const char *src, Token word)
{
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (token_is(src, word, words[i])) return (CommandKind)i;
    return COMMAND_unknown;
}

// Past a string or comment that starts at `at`, or past one byte.
static size_t skip_piece(const char *s, size_t at, size_t len)
{
    char next = at + 1 < len ? s[at + 1] : 0;
    if (s[at] == '"') {
        for (at++; at < len && s[at] != '"'; at++) at += s[at] == '\\' && at + 1 < len;
        return MIN(at + 1, len);
    }
    if (s[at] == ';' && next == ';') {
        while (at < len && s[at] != '\n' && s[at] != '\r') at++;
        return at;
    }
    if (s[at] != '(' || next != ';') return at + 1;
    size_t depth = 0;
    for (; at < len; at++) {
        if (s[at] == '(' && at + 1 < len && s[at + 1] == ';') depth++, at++;
        else if (s[at] == ';' && at + 1 < len && s[at + 1] == ')' && (at++, --depth == 0))
            return at + 1;
    }
    return len;
}

// Where the form at `start` ends, for text that has no tokens: only strings and comments hide
// parentheses.
static bool rough_extent(const char *s, size_t start, size_t len, size_t *end)
{
    size_t depth = 0;
    for (size_t at = start, next; at < len; at = next) {
        next = skip_piece(s, at, len);
        if (next != at + 1) continue;
        if (s[at] == '(') depth++;
        if (s[at] != ')' || --depth) continue;
        *end = next;
        return true;
    }
    return false;
}

bool command_next(CommandReader *r, Command *out)
{
    bool first = !r->started;
    Lexer l;
    r->started = true;
    diag_init(&r->diag);
    lexer_init(&l, r->src, r->pos, r->len, &r->diag);
    Token open = lexer_next(&l), word = open;
    if (open.kind == TOKEN_eof && !first) return false;
    if (open.kind == TOKEN_open) word = lexer_next(&l);
    *out = (Command){.kind = COMMAND_broken, .start = open.start, .end = r->len, .word = word};
    r->pos = r->len;
    if (open.kind == TOKEN_open && word.kind == TOKEN_keyword) out->kind = kind_of(r->src, word);
    if (first && (open.kind == TOKEN_eof || out->kind == COMMAND_unknown)) {
        out->kind = COMMAND_inline;
        out->start = 0;
        return true;
    }
    if (out->kind == COMMAND_broken) return true;
    if (lexer_skip_form(&l)) out->end = l.token.start + 1;
    else if (!r->diag.err || !rough_extent(r->src, open.start, r->len, &out->end))
        out->kind = COMMAND_broken;
    if (out->kind != COMMAND_broken) r->pos = out->end;
    return true;
}
