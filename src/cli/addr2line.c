// addr2line.c -- weft addr2line: where in its source an instruction is.

#include "cli/places.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { SECONDS = 20 };

typedef struct {
    const char *file;
    const Module *m;
    bool json, code, raw_names;
    char **words;       // the offsets
    u32 count;
    u32 *offsets;       // in the module
    u32 *funcs;         // that each is in, or DIAG_NO_FUNC
    Bytes *names;       // of those
    Where where;
    Arena *arena;
} Request;

static bool parse_offset(const char *text, u64 *value)
{
    char *end;
    errno = 0;
    unsigned long long n = strtoull(text, &end, 0);
    if (end == text || *end || errno || *text == '-') return false;
    *value = n;
    return true;
}

// False after printing which is no offset.
static bool find_funcs(Request *r)
{
    u32 start = where_code_start(r->m);
    for (u32 i = 0; i < r->count; i++) {
        u64 value;
        if (!parse_offset(r->words[i], &value))
            return cli_error(0, "%s is no offset, such as 0x1a3", r->words[i]) != 0;
        if (r->code) value += start;
        r->offsets[i] = (u32)MIN(value, (u64)UINT32_MAX); // no module is that long
        r->funcs[i] = where_func(r->m, r->offsets[i]);
        if (r->funcs[i] != DIAG_NO_FUNC) r->names[i] = module_func_name(r->m, r->funcs[i]);
    }
    return true;
}

static const WherePlace nowhere = {NULL, 0};

static void show_all(const Request *r)
{
    for (u32 i = 0; i < r->count; i++) {
        print_tame_text(stdout, r->words[i]);
        if (r->funcs[i] == DIAG_NO_FUNC) {
            puts(" is in no function");
            continue;
        }
        PlaceFunc func = {r->funcs[i], r->names[i],
                          r->raw_names ? r->names[i] : r->where.readable[i]};
        putchar(' ');
        print_place(stdout, (int)strlen(r->words[i]) + 1, &func, &r->where.places[i], r->raw_names);
    }
}

static void json_all(const Request *r)
{
    Json json, *j = &json;
    json_init(j, stdout, r->arena);
    json_open(j, NULL, '{');
    json_text(j, "file", r->file);
    json_open(j, "places", '[');
    for (u32 i = 0; i < r->count; i++) {
        bool found = r->funcs[i] != DIAG_NO_FUNC;
        json_open(j, NULL, '{');
        json_number(j, "offset", r->offsets[i]);
        if (found) json_number(j, "function", r->funcs[i]);
        else json_null(j, "function");
        json_known(j, "name", r->names[i]);
        json_known(j, "readable_name", r->where.readable[i]);
        json_place(j, "frames", found ? &r->where.places[i] : &nowhere);
        json_close(j, '}');
    }
    json_close(j, ']');
    json_close(j, '}');
}

// The arena's failure ends up here; nothing that was set before the jump is read after it.
static int answer_guarded(Request *r)
{
    jmp_buf failure;
    r->arena->on_failure = &failure;
    if (setjmp(failure)) return cli_error(EXIT_INPUT, "out of memory");
    r->offsets = NEW_ARRAY(r->arena, u32, r->count);
    r->funcs = NEW_ARRAY(r->arena, u32, r->count);
    r->names = NEW_ARRAY(r->arena, Bytes, r->count);
    if (!find_funcs(r)) return EXIT_USAGE;
    r->where = (Where){.m = r->m, .file = strcmp(r->file, "-") ? r->file : NULL,
                       .seconds = SECONDS, .offsets = r->offsets, .offset_count = r->count,
                       .names = r->names, .name_count = r->count};
    where_ask(&r->where, r->arena);
    if (r->json) json_all(r);
    else show_all(r);
    fflush(stdout);
    if (r->where.trouble) fprintf(stderr, "note: %s\n", where_trouble_text[r->where.trouble]);
    else if (!where_is_known(r->m)) fputs("note: the module has no debug information\n", stderr);
    bool all = r->where.trouble == WHERE_nothing;
    for (u32 i = 0; i < r->count; i++) all = all && r->funcs[i] != DIAG_NO_FUNC;
    return all ? EXIT_OK : EXIT_INPUT;
}

static int answer(Request *r, Engine *engine)
{
    Source source;
    Diag diag;
    Arena arena;
    int status = EXIT_INPUT;
    arena_init(&arena);
    r->arena = &arena;
    if (input_load(r->file, engine, &source, &diag)) {
        r->m = source.module;
        status = answer_guarded(r);
    } else if (diag.err != ERR_none) {
        print_diag(r->file, &source, &diag);
    }
    source_free(&source);
    arena_free(&arena);
    return status;
}

int cli_addr2line(Args *args)
{
    Features features = features_default;
    Request r = {0};
    const char *value;
    int status = EXIT_OK;
    while (status == EXIT_OK && args_at_option(args) && !args_flag(args, "--")) {
        if (args_flag(args, "--json")) r.json = true;
        else if (args_flag(args, "--code")) r.code = true;
        else if (args_flag(args, "--raw-names")) r.raw_names = true;
        else if (args_value(args, "--features", &value))
            status = parse_features(value, &features) ? EXIT_OK : EXIT_USAGE;
        else status = args_unknown(args);
    }
    if (status != EXIT_OK) return status;
    if (args->next >= args->argc) return args_missing(args, "FILE");
    r.file = args->argv[args->next++];
    if (args->next >= args->argc) return args_missing(args, "OFFSET");
    r.words = args->argv + args->next;
    r.count = (u32)(args->argc - args->next);
    Engine *engine = engine_new(features);
    if (!engine) return cli_error(EXIT_INPUT, "out of memory");
    status = answer(&r, engine);
    engine_free(engine);
    return status;
}
