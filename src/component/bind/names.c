// names.c -- identifiers of C for names of WIT.
//
//     my-record of a:b/my-types    a_b_my_types_my_record_t
//     the same of what is exported exports_a_b_my_types_my_record_t
//     my-func of the world w       w_my_func, exports_w_my_func
//
// Names of WIT are kebab case, so none of these ends in '_' or has two in a row: those are left for
// names that nobody else may have. What would be there twice gets a number behind it, and what is
// long is cut, so that text cannot grow faster than what it is about.

#include "component/bind/binding.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>

enum { LONGEST = 200 };

const char *bind_text(Arena *arena, const char *fmt, ...)
{
    va_list args, again;
    va_start(args, fmt);
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, fmt, args);
    char *text = arena_alloc(arena, (size_t)len + 1);
    vsnprintf(text, (size_t)len + 1, fmt, again);
    va_end(again);
    va_end(args);
    return text;
}

const char *bind_snake(Arena *arena, Bytes name)
{
    char *text = arena_strdup(arena, (const char *)name.data, name.len);
    for (size_t i = 0; i < name.len; i++)
        text[i] = isalnum((u8)text[i]) ? (char)tolower((u8)text[i]) : '_';
    return text;
}

const char *bind_capitals(Arena *arena, const char *name)
{
    char *text = arena_strdup(arena, name, strlen(name));
    for (char *c = text; *c; c++)
        if (*c >= 'a' && *c <= 'z') *c = (char)(*c - 'a' + 'A');
    return text;
}

// Keywords of C and C++, and words that their libraries or compilers may have as macros or types.
static bool is_keyword(const char *name)
{
    static const char *const words[] = {
#define WORD(word) #word,
#include "component/bind/keyword.def"
    };
    for (u32 i = 0; i < COUNT_OF(words); i++)
        if (!strcmp(name, words[i])) return true;
    return false;
}

// int8_t, UINT_LEAST16_MAX, size_t, PTRDIFF_MAX and the like.
static bool is_standard(const char *name)
{
    static const char *const fronts[] = {"int",      "uint",        "size_", "ptrdiff_", "wchar_",
                                         "max_align_", "sig_atomic_", "wint_", "nullptr_"};
    char small[16] = {0};
    for (u32 i = 0; i < sizeof small - 1 && name[i]; i++) small[i] = (char)tolower((u8)name[i]);
    for (u32 i = 0; i < COUNT_OF(fronts); i++) {
        size_t len = strlen(fronts[i]);
        if (strncmp(small, fronts[i], len)) continue;
        const char *rest = small + len;
        if (i > 1 || isdigit((u8)*rest) || !strncmp(rest, "_least", 6) ||
            !strncmp(rest, "_fast", 5) || !strncmp(rest, "max_", 4) || !strncmp(rest, "ptr_", 4))
            return true;
    }
    return false;
}

const char *bind_claim(Bind *b, const char *begin, const char *end)
{
    const char *base = bind_text(b->arena, "%.*s", LONGEST, begin);
    const char *name = bind_text(b->arena, "%s%s", base, end);
    const u32 *next = map_get(&b->taken, name, strlen(name));
    u32 number = next ? *next : 2;
    const char *stem = base, *found = name;
    if (!next && !is_keyword(name) && !is_standard(name)) number = 1;
    for (; number > 1; number++) {
        stem = bind_text(b->arena, "%s_%u", base, number);
        found = bind_text(b->arena, "%s%s", stem, end);
        if (!map_get(&b->taken, found, strlen(found))) break;
    }
    map_set(&b->taken, name, strlen(name), number + 1);
    map_add(&b->taken, found, strlen(found), 2);
    return stem;
}

const char *bind_member(Bind *b, Bytes name)
{
    const char *text = bind_snake(b->arena, name);
    if (!is_keyword(text) && !is_standard(text) && !map_get(&b->taken, text, strlen(text)))
        return text;
    return bind_text(b->arena, "%s_", text);
}

const char *bind_param(Bind *b, Bytes name)
{
    const char *text = bind_member(b, name);
    bool result = !strcmp(text, "ret") || !strcmp(text, "err");
    return result ? bind_text(b->arena, "%s_", text) : text;
}
