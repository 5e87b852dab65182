// funcs.c -- see funcs.h.

#include "cli/funcs.h"

#include "binary/linking.h"
#include "debug/where.h"
#include "module/describe.h"
#include "op/diag.h"

#include <stdlib.h>
#include <string.h>

// Of a relocatable file, which need have no other names.
static u32 read_symbol(const Module *m, const char *word, Arena *arena)
{
    jmp_buf failed;
    Linking l;
    arena->on_failure = &failed;
    if (setjmp(failed)) return DIAG_NO_FUNC;
    linking_read(m, arena, &l);
    for (u32 i = 0; i < l.symbol_count; i++)
        if (l.symbols[i].kind == SYMBOL_func && bytes_are(l.symbols[i].name, word) &&
            l.symbols[i].index < m->func_count)
            return l.symbols[i].index;
    return DIAG_NO_FUNC;
}

static u32 func_of_symbol(const Module *m, const char *word)
{
    Arena arena;
    arena_init(&arena);
    u32 func = read_symbol(m, word, &arena);
    arena_free(&arena);
    return func;
}

static u32 func_named(const Module *m, const char *word)
{
    const NameMap *names = &m->names.funcs; // which may name functions that there are not
    for (u32 i = 0; i < names->count; i++)
        if (bytes_are(names->names[i].name, word) && names->names[i].index < m->func_count)
            return names->names[i].index;
    for (u32 i = 0; i < m->export_count; i++)
        if (m->exports[i].kind == EXTERN_func && bytes_are(m->exports[i].name, word) &&
            m->exports[i].index < m->func_count)
            return m->exports[i].index;
    return func_of_symbol(m, word);
}

u32 func_meant(const Module *m, const char *word)
{
    char *end;
    bool hex = !strncmp(word, "0x", 2) && word[2];
    unsigned long long value = strtoull(word, &end, hex ? 16 : 10);
    if (*word < '0' || *word > '9' || *end) return func_named(m, word);
    if (hex) return where_func(m, (u32)MIN(value, (unsigned long long)UINT32_MAX));
    return value < m->func_count ? (u32)value : DIAG_NO_FUNC;
}

int funcs_take(FuncWords *words, Args *args, const char *word)
{
    if (!word) return args_missing(args, "FUNC");
    if (words->count == FUNCS_MOST)
        return cli_error(EXIT_USAGE, "--function %u times at most", FUNCS_MOST);
    words->words[words->count++] = word;
    return EXIT_OK;
}

bool funcs_find(const FuncWords *words, const Module *m, u32 funcs[FUNCS_MOST], u32 *count)
{
    bool good = true;
    *count = 0;
    for (u32 i = 0; i < words->count; i++) {
        u32 func = func_meant(m, words->words[i]);
        char word[QUOTED_MOST];
        quoted(word, bytes_of(words->words[i]));
        if (func == DIAG_NO_FUNC)
            good = cli_error(0, "there is no function %s", word);
        else if (func < m->imported_funcs)
            good = cli_error(0, "function %s is imported", word);
        else if (func >= m->imported_funcs + m->body_count)
            good = cli_error(0, "the body of function %s cannot be read", word);
        else funcs[(*count)++] = func;
    }
    return good;
}
