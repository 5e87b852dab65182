// common.c -- see cli.h.

#include "cli/cli.h"

#include "base/nearest.h"
#include "base/utf8.h"
#include "module/describe.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

int cli_error(int status, const char *fmt, ...)
{
    char text[5000]; // what names a file may have a path in it
    va_list args;
    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    fflush(stdout);
    fputs("error: ", stderr);
    print_tame_text(stderr, text);
    fputc('\n', stderr);
    return status;
}

bool args_at_option(const Args *a)
{
    return a->next < a->argc && a->argv[a->next][0] == '-' && a->argv[a->next][1];
}

bool args_value(Args *a, const char *name, const char **value)
{
    size_t len = strlen(name);
    if (a->next >= a->argc || strncmp(a->argv[a->next], name, len)) return false;
    const char *rest = a->argv[a->next] + len;
    if (*rest == '=') {
        *value = rest + 1;
    } else if (!*rest) {
        a->next++;
        *value = a->next < a->argc ? a->argv[a->next] : NULL;
    } else {
        return false;
    }
    if (a->next < a->argc) a->next++;
    return true;
}

bool args_flag(Args *a, const char *name)
{
    if (a->next >= a->argc || strcmp(a->argv[a->next], name)) return false;
    a->next++;
    return true;
}

bool args_optional(Args *a, const char *name, const char **value)
{
    return args_flag(a, name) || args_value(a, name, value);
}

static void try_option(void *near, Option o) { nearest_try(near, o.name, o.len); }

int args_unknown(const Args *a)
{
    const char *given = a->argv[a->next];
    Nearest near = nearest_to(given, strcspn(given, "="));
    each_option(a->command, try_option, &near);
    if (near.best)
        return cli_error(EXIT_USAGE, "weft %s has no option %s; did you mean %.*s?", a->command,
                         given, (int)near.best_len, near.best);
    return cli_error(EXIT_USAGE, "weft %s has no option %s; `weft help %s` lists them", a->command,
                     given, a->command);
}

typedef struct { const char *option; size_t len; bool found, flag; } Lookup;

static void look_up(void *env, Option o)
{
    Lookup *l = env;
    if (l->len != o.len || memcmp(l->option, o.name, o.len)) return;
    l->found = true;
    l->flag |= !o.value;
}

static Lookup find_option(const char *command, const char *option)
{
    Lookup l = {.option = option, .len = strcspn(option, "=")};
    each_option(command, look_up, &l);
    return l;
}

bool args_known(const char *option) { return find_option(NULL, option).found; }

int args_option_length(const char *command, const char *option)
{
    Lookup l = find_option(command, option);
    if (!l.found) l = find_option(NULL, option); // its help may name it in passing
    return l.found && !l.flag && !option[l.len] ? 2 : 1;
}

void args_options_first(const char *command, int argc, char **argv)
{
    int front = 0; // so many are in place
    bool last = false;
    for (int at = 0; at < argc && !last;) {
        bool option = argv[at][0] == '-' && argv[at][1];
        int len = option ? MIN(args_option_length(command, argv[at]), argc - at) : 1;
        last = !strcmp(argv[at], "--");
        for (int i = 0; i < len && option; i++, front++) {
            char *word = argv[at + i];
            memmove(&argv[front + 1], &argv[front], (size_t)(at + i - front) * sizeof *argv);
            argv[front] = word;
        }
        at += len;
    }
}

static void try_command(void *near, const char *name, const char *arguments)
{
    nearest_try(near, name, strlen(name));
}

int no_command(const char *name)
{
    Nearest near = nearest_to(name, strlen(name));
    each_command(try_command, &near);
    if (near.best)
        return cli_error(EXIT_USAGE, "there is no command \"%s\"; did you mean %s?", name,
                         near.best);
    return cli_error(EXIT_USAGE, "there is no command \"%s\"; `weft help` lists them", name);
}

int args_missing(const Args *a, const char *what)
{
    return cli_error(EXIT_USAGE, "%s is missing; `weft help %s` shows how", what, a->command);
}

bool parse_size(const char *text, u64 *bytes)
{
    char *end;
    errno = 0;
    unsigned long long n = text ? strtoull(text, &end, 10) : 0;
    if (!text || end == text || errno || text[0] == '-') return false;
    int shift = *end == 'K' ? 10 : *end == 'M' ? 20 : *end == 'G' ? 30 : 0;
    if (shift) end++;
    if (*end || (shift && n > UINT64_MAX >> shift)) return false;
    *bytes = n << shift;
    return true;
}

bool parse_time(const char *text, u64 *ms)
{
    static const struct {
        const char *unit;
        u64 ms;
    } units[] = {{"ms", 1}, {"s", 1000}, {"", 1000}, {"m", 60000}, {"h", 3600000}};
    char *end;
    if (!text) return false;
    double n = strtod(text, &end);
    for (size_t i = 0; i < COUNT_OF(units) && end != text; i++) {
        if (strcmp(end, units[i].unit) || !(n > 0) || n > 1e9) continue;
        *ms = (u64)(n * (double)units[i].ms);
        return *ms > 0;
    }
    return false;
}

bool parse_count(const char *text, const char *option, u32 *count)
{
    char *end = NULL;
    long n = text ? strtol(text, &end, 10) : 0;
    if (n < 1 || n > INT32_MAX || *end)
        return cli_error(0, "%s wants a number from 1 on", option) != 0;
    *count = (u32)n;
    return true;
}

bool parse_seed(const char *text, const char *option, u64 *seed)
{
    char *end = NULL;
    errno = 0;
    *seed = text ? strtoull(text, &end, 10) : 0;
    bool good = text && *text >= '0' && *text <= '9' && !*end && !errno;
    return good || cli_error(0, "%s wants a number from 0 on", option) != 0;
}

bool parse_faults(const char *text, bool *on)
{
    *on = text && !strcmp(text, "on");
    if (*on || (text && !strcmp(text, "off"))) return true;
    return cli_error(0, "--faults is on or off") != 0;
}

bool parse_adapters(const char *text, bool *plain)
{
    *plain = text && !strcmp(text, "plain");
    if (*plain || (text && !strcmp(text, "fused"))) return true;
    return cli_error(0, "--adapters is fused or plain") != 0;
}

bool parse_jobs(const char *text, u32 *jobs)
{
    char *end = NULL;
    long n = text ? strtol(text, &end, 10) : 0;
    if (n < 1 || n > 256 || *end) return cli_error(0, "-j wants a number from 1 to 256") != 0;
    *jobs = (u32)n;
    return true;
}

// What a '*' stands for grows when what is behind it does not fit; only the last one's need.
bool pattern_fits(const char *pattern, Bytes name)
{
    const char *star = NULL;
    size_t at = 0, from = 0;
    while (at < name.len) {
        if (*pattern == '*') {
            star = ++pattern;
            from = at;
        } else if (*pattern && (*pattern == '?' || (u8)*pattern == name.data[at])) {
            pattern++;
            at++;
        } else if (star) {
            pattern = star;
            at = ++from;
        } else {
            return false;
        }
    }
    while (*pattern == '*') pattern++;
    return !*pattern;
}

bool parse_features(const char *switches, Features *set)
{
    Bytes bad;
    if (!switches) return cli_error(0, "--features wants a list such as +memory64,-gc") != 0;
    if (features_parse(set, switches, &bad)) return true;
    const char *word = (const char *)bad.data;
    Nearest near = nearest_to(word, bad.len);
    for (u32 i = 0; i < FEATURE_COUNT; i++)
        nearest_try(&near, feature_text[i], strlen(feature_text[i]));
    if (near.best)
        return cli_error(0, "there is no feature \"%.*s\"; did you mean %s?", (int)bad.len, word,
                         near.best) != 0;
    cli_error(0, "there is no feature \"%.*s\"", (int)bad.len, word);
    fputs("features:", stderr);
    for (u32 i = 0; i < FEATURE_COUNT; i++) fprintf(stderr, " %s", feature_text[i]);
    fputc('\n', stderr);
    return false;
}

// Returns how many characters it printed.
static int print_tamed(FILE *out, Bytes text, bool is_line)
{
    int count = 0;
    for (size_t i = 0; i < text.len; count++) {
        u32 c = 0, len = utf8_decode(text.data + i, text.len - i, &c);
        if (is_line && c == '\t') fputc(' ', out);
        else if (!len || terminal_obeys(c)) fputc('?', out);
        else fwrite(text.data + i, 1, len, out);
        i += MAX(len, 1);
    }
    return count;
}

void print_tame(FILE *out, Bytes text) { print_tamed(out, text, false); }

void print_tame_text(FILE *out, const char *text)
{
    print_tame(out, bytes_of(text));
}

// As text_line_column counts: "\r\n" is one line break, and so is either alone.
static bool ends_line(const Source *source, size_t at)
{
    const u8 *text = source->data;
    bool alone = at + 1 == source->size || text[at + 1] != '\n';
    return text[at] == '\n' || (text[at] == '\r' && alone);
}

// The line that the error is in, cut around it when it is long, and a caret below.
static void print_caret(const Source *source, const Diag *diag)
{
    const u8 *text = source->data;
    size_t start = 0;
    for (u32 line = 1; line < diag->line && start < source->size; start++)
        line += ends_line(source, start);
    size_t end = start;
    while (end < source->size && text[end] != '\n' && text[end] != '\r') end++;
    size_t at = start + MIN(diag->column - 1, end - start),
           from = at - start > 80 ? at - 80 : start;
    // not within a character
    while (from < at && from > start && (text[from] & 0xc0) == 0x80) from++;
    size_t to = MIN(end, from + 120);
    while (to < end && to > at && (text[to] & 0xc0) == 0x80) to--;
    fputs("    ", stderr);
    int column = print_tamed(stderr, (Bytes){text + from, at - from}, true);
    print_tamed(stderr, (Bytes){text + at, to - at}, true);
    fprintf(stderr, "\n    %*s^\n", column, "");
}

void print_diag(const char *name, const Source *source, const Diag *diag)
{
    char text[600];
    fflush(stdout);
    print_tame_text(stderr, name);
    if (diag->line) fprintf(stderr, ":%u:%u: ", diag->line, diag->column);
    else if (err_class[diag->err] == CLASS_unlinkable || !diag->offset) fputs(": ", stderr);
    else fprintf(stderr, ":0x%zx: ", diag->offset);
    if (diag->func != DIAG_NO_FUNC) {
        fprintf(stderr, "func %u: ", diag->func);
    }
    diag_text(diag, text, sizeof text);
    print_tame_text(stderr, text);
    fputc('\n', stderr);
    if (diag->line && source) print_caret(source, diag);
}
