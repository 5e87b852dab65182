// version.c -- semantic versions. See wit.h.
// spec: WIT/Package Names; semver.org 2.0.0, 9 to 11

#include "component/wit/wit.h"

static bool is_digit(u8 c) { return c >= '0' && c <= '9'; }

static bool is_word(u8 c)
{
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
}

// At least one digit, and none more than needed.
static bool take_number(Bytes text, size_t *at, u64 *number)
{
    size_t start = *at;
    for (*number = 0; *at < text.len && is_digit(text.data[*at]); ++*at)
        if (__builtin_mul_overflow(*number, 10, number) ||
            __builtin_add_overflow(*number, text.data[*at] - '0', number))
            return false;
    return *at > start && (text.data[start] != '0' || *at == start + 1);
}

static bool is_number(Bytes word)
{
    for (size_t i = 0; i < word.len; i++)
        if (!is_digit(word.data[i])) return false;
    return true;
}

// The identifier at `*at`, and to behind the dot that follows.
static Bytes next_word(Bytes words, size_t *at)
{
    size_t start = *at;
    while (*at < words.len && words.data[*at] != '.') ++*at;
    Bytes word = {words.data + start, *at - start};
    ++*at;
    return word;
}

static bool words_good(Bytes words, bool zeros)
{
    for (size_t at = 0; at <= words.len;) {
        Bytes word = next_word(words, &at);
        if (!word.len || (!zeros && word.len > 1 && word.data[0] == '0' && is_number(word)))
            return false;
    }
    return true;
}

// What stands behind `mark`.
static bool take_words(Bytes text, size_t *at, u8 mark, Bytes *words)
{
    if (*at == text.len || text.data[*at] != mark) return true;
    size_t start = ++*at;
    while (*at < text.len && (is_word(text.data[*at]) || text.data[*at] == '.')) ++*at;
    *words = (Bytes){text.data + start, *at - start};
    return words_good(*words, mark == '+');
}

bool wit_version_parse(Bytes text, WitVersion *version, const char **why)
{
    enum { LONGEST = 256 };
    size_t at = 0;
    *version = (WitVersion){.text = text};
    *why = "a version has at most 256 characters";
    if (text.len > LONGEST) return false;
    *why = "a version has three numbers, as 1.0.2";
    for (int i = 0; i < 3; i++) {
        if (i && (at == text.len || text.data[at++] != '.')) return false;
        if (!take_number(text, &at, &version->number[i])) return false;
    }
    *why = "behind - and + a version has words of letters, digits and - with dots between them";
    return take_words(text, &at, '-', &version->pre) &&
           take_words(text, &at, '+', &version->build) && at == text.len;
}

static int order_bytes(Bytes a, Bytes b)
{
    int order = memcmp(a.data, b.data, MIN(a.len, b.len));
    return order ? order : (a.len > b.len) - (a.len < b.len);
}

// Numbers precede words; they have no zeros in front, so the longer one is the larger.
static int order_words(Bytes a, Bytes b)
{
    bool number = is_number(a);
    if (number != is_number(b)) return number ? -1 : 1;
    if (number && a.len != b.len) return a.len < b.len ? -1 : 1;
    return order_bytes(a, b);
}

static int order_lists(Bytes a, Bytes b)
{
    size_t i = 0, j = 0;
    while (i <= a.len && j <= b.len) {
        int order = order_words(next_word(a, &i), next_word(b, &j));
        if (order) return order;
    }
    return (j > b.len) - (i > a.len);
}

int wit_version_order(const WitVersion *a, const WitVersion *b)
{
    for (int i = 0; i < 3; i++)
        if (a->number[i] != b->number[i]) return a->number[i] < b->number[i] ? -1 : 1;
    // what is not released yet precedes what is
    if (!a->pre.len || !b->pre.len) return (a->pre.len == 0) - (b->pre.len == 0);
    return order_lists(a->pre, b->pre);
}

Bytes wit_version_track(Bytes version)
{
    size_t end = 0, dots = 0;
    bool zero = true;
    if (memchr(version.data, '-', version.len)) return version;
    for (; end < version.len; end++) {
        if (version.data[end] == '.' && !zero) break;
        if (version.data[end] == '.') dots++;
        else if (version.data[end] != '0' || dots == 2) zero = false;
    }
    return (Bytes){version.data, end};
}
