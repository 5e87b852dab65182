// lexer_test.c -- tokens, their places, and what is no token.

#include "text/lexer.h"

#include "check.h"

#include <stdlib.h>

// The kinds of all tokens of `text`, a letter each, annotations passed over.
static const char *kinds(const char *text)
{
    static char out[256];
    Diag diag;
    Lexer l;
    size_t n = 0;
    diag_init(&diag);
    lexer_init(&l, text, 0, strlen(text), &diag);
    for (TokenKind k = TOKEN_open; k != TOKEN_eof && k != TOKEN_error && n < sizeof out - 1;)
        out[n++] = ".()kisnf@r!"[k = lexer_next(&l).kind];
    out[n] = 0;
    return out;
}

static Err error_at(const char *text, size_t offset)
{
    Diag diag;
    Lexer l;
    diag_init(&diag);
    lexer_init(&l, text, 0, strlen(text), &diag);
    while (lexer_next(&l).kind != TOKEN_error)
        if (l.token.kind == TOKEN_eof) return ERR_none;
    CHECK_EQ_U64(diag.offset, offset);
    CHECK(lexer_next(&l).kind == TOKEN_error);
    return diag.err;
}

static void test_tokens(void)
{
    CHECK_STR(kinds(""), ".");
    CHECK_STR(kinds("(module $m (func))"), "(ki(k)).");
    CHECK_STR(kinds("0 -1 +0x1f 1_000 0x1_f"), "nnnnn.");
    CHECK_STR(kinds("1. 1.5 1e5 -1.5E-7 0x1.8p3 0x1p+1 inf -inf nan +nan:0x1_2"), "ffffffffff.");
    CHECK_STR(kinds("1__0 _1 1_ 0x 0xg .5 1e 1e+ 0x1.p nan:0x 1.5x $"), "rrrrrrrrrkrr.");
    CHECK_STR(kinds("nan:canonical info i32.const1 offset=0x10"), "kkkk.");
    CHECK_STR(kinds("\"a\" \"a\"\"b\" a\"b\" $\"a b\" $\"a\"b \"a\"1"), "srrirr.");
    CHECK_STR(kinds("a,b;c [{}]"), "krkrkrrrr.");
    CHECK_STR(kinds("nop;;x\nnop(;x(;y;);)nop"), "kkk.");
    CHECK_STR(kinds(";;x\rnop"), "k.");
    CHECK_STR(kinds("((@a \"x\" (b) ; ]) module (@\"a b\"(@c)))"), "(k).");
    CHECK_STR(kinds("(@a (@) (@ x (@(@x)))) nop"), "k.");
}

static void test_errors(void)
{
    CHECK(error_at("nop \"a", 4) == ERR_unclosed_string);
    CHECK(error_at("\"a\nb\"", 0) == ERR_unclosed_string);
    CHECK(error_at("\"a\\", 2) == ERR_illegal_escape);
    CHECK(error_at("\"a\\u{d800}\"", 2) == ERR_illegal_escape);
    CHECK(error_at("\"a\\u{110000}\"", 2) == ERR_illegal_escape);
    CHECK(error_at("\"a\x01\"", 2) == ERR_illegal_character);
    CHECK(error_at("\"a\xff\"", 2) == ERR_malformed_utf8);
    CHECK(error_at(";; \xed\xa0\x80", 3) == ERR_malformed_utf8);
    CHECK(error_at(" (; (; ;)", 1) == ERR_unclosed_comment);
    CHECK(error_at("(;)", 0) == ERR_unclosed_comment);
    CHECK(error_at("nop \x7f", 4) == ERR_illegal_character);
    CHECK(error_at("n\xc3\xa4", 1) == ERR_illegal_character);
    CHECK(error_at("(@ a)", 0) == ERR_empty_annotation);
    CHECK(error_at("(@", 0) == ERR_empty_annotation);
    CHECK(error_at("(@\"\")", 0) == ERR_empty_annotation);
    CHECK(error_at("x (@a (b)", 2) == ERR_unclosed_annotation);
}

static void test_strings(void)
{
    Arena arena;
    Diag diag;
    Lexer l;
    const char *text =
        "\"a\\n\\t\\r\\\\\\'\\\"\\00\\fF\\u{e4}\\u{1_F600}\" $\"\\61b\" $ab \"\" $\"\"";
    jmp_buf fail;
    arena_init(&arena);
    arena.on_failure = &fail;
    if (setjmp(fail)) abort();
    diag_init(&diag);
    lexer_init(&l, text, 0, strlen(text), &diag);
    Bytes b = token_string(&arena, text, lexer_next(&l));
    CHECK_BYTES(b.data, b.len, "a\n\t\r\\'\"\0\xff\xc3\xa4\xf0\x9f\x98\x80", 15);
    b = token_name(&arena, text, lexer_next(&l));
    CHECK_BYTES(b.data, b.len, "ab", 2);
    b = token_name(&arena, text, lexer_next(&l));
    CHECK_BYTES(b.data, b.len, "ab", 2);
    CHECK_EQ_U64(token_string(&arena, text, lexer_next(&l)).len, 0);
    CHECK_EQ_U64(token_name(&arena, text, lexer_next(&l)).len, 0);
    arena_free(&arena);
}

static void test_forms(void)
{
    enum { DEPTH = 1000000 };
    char *text = malloc(2 * DEPTH + 1);
    memset(text, '(', DEPTH);
    memset(text + DEPTH, ')', DEPTH);
    text[2 * DEPTH] = 0;
    Diag diag;
    Lexer l;
    diag_init(&diag);
    lexer_init(&l, text, 0, 2 * DEPTH, &diag);
    lexer_next(&l);
    CHECK(lexer_skip_form(&l));
    CHECK_EQ_U64(l.token.start, 2 * DEPTH - 1);
    lexer_init(&l, text, 0, 2 * DEPTH - 1, &diag);
    lexer_next(&l);
    CHECK(!lexer_skip_form(&l));
    CHECK_EQ_U64(diag.offset, 0);
    free(text);

    text = "(a \")\" (; ) ;) (@x ()) ;; )\n) b";
    diag_init(&diag);
    lexer_init(&l, text, 0, strlen(text), &diag);
    lexer_next(&l);
    CHECK(lexer_skip_form(&l));
    CHECK(token_is(text, lexer_next(&l), "b"));
}

static void test_places(void)
{
    const char *text = "a\nbc\r\n\rd";
    u32 line, column;
    text_line_column(text, 0, &line, &column);
    CHECK(line == 1 && column == 1);
    text_line_column(text, 3, &line, &column);
    CHECK(line == 2 && column == 2);
    text_line_column(text, 7, &line, &column);
    CHECK(line == 4 && column == 1);
    char out[100];
    CHECK_STR(text_caret(out, sizeof out, text, 8, 3), "bc\n ^");
    CHECK_STR(text_caret(out, sizeof out, text, 8, 8), "d\n ^");
    CHECK_STR(text_caret(out, sizeof out, "\t\xc3\xa4x", 4, 3), " \xc3\xa4x\n  ^");
    CHECK_STR(text_caret(out, 24, "abcdefghijklmnopqrst", 20, 10), "ghijklmn\n    ^");
    CHECK_STR(text_caret(out, 3, text, 8, 3), "");
}

int main(void)
{
    test_tokens();
    test_errors();
    test_strings();
    test_forms();
    test_places();
    return check_report();
}
