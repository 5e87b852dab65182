// opt.c -- weft opt: a module that does the same and is smaller or faster.
//
//     FILE --text?--> bytes --opt_module--> bytes --verify?--> OUT
//
// What says by place where something is would lie when things move: it is left out, and named.
// Where nothing moves, or the result would be larger, the input is written as it is.

#include "cli/opt.h"

#include "binary/decode.h"
#include "cli/custom.h"
#include "cli/layout.h"
#include "cli/verify.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
    const char *file, *output;
    const char *against;   // only compared with this one
    OptPlan plan;
    bool verify, trace, no_names;
    u64 seed;
} Opt;

// ---- Sections

// Of these it is known that nothing in them is the number or the place of anything else.
static bool is_plain_metadata(Bytes name)
{
    return bytes_are(name, "metadata.code.branch_hint") ||
           bytes_are(name, "metadata.code.compilation_priority") ||
           bytes_are(name, "metadata.code.instr_freq") ||
           bytes_are(name, "metadata.code.trace_inst");
}

static bool goes(const Opt *o, Bytes name, bool *said)
{
    *said = custom_kind(name) != CUSTOM_other && !is_plain_metadata(name);
    return *said || (o->no_names && bytes_are(name, "name"));
}

// What is left out: a flag for each section; and whether that is said.
typedef struct { bool *gone, *said; u32 count; } Choice;

static bool choose(const Opt *o, const Module *m, Choice *c)
{
    c->gone = calloc((size_t)m->section_count + 1, sizeof *c->gone);
    c->said = calloc((size_t)m->section_count + 1, sizeof *c->said);
    if (!c->gone || !c->said) return false;
    for (u32 i = 0; i < m->section_count; i++) {
        if (m->sections[i].id) continue;
        c->gone[i] = goes(o, section_name(m, &m->sections[i]), &c->said[i]);
        c->count += c->said[i];
    }
    return true;
}

static void say_gone(const Opt *o, const Module *m, const Choice *c)
{
    if (!c->count) return;
    layout_tell("warning", o->file, "left out, since they say where things were", m, c->said);
    fputc('\n', stderr);
}

// ---- What is written

// Are these the module's bytes, without what was left out? Then nothing has moved.
static bool nothing_moved(const Module *m, const Choice *c, Bytes result)
{
    size_t from = 0, at = 0;
    for (u32 i = 0; i <= m->section_count; i++) {
        bool end = i == m->section_count;
        if (!end && !c->gone[i]) continue;
        size_t size = (end ? m->size : m->sections[i].start) - from;
        if (size > result.len - at || memcmp(m->bytes + from, result.data + at, size)) return false;
        at += size;
        if (!end) from = m->sections[i].content.end;
    }
    return at == result.len;
}

// Sections of this kind take so many bytes, all together.
static size_t metadata_size(const Module *m)
{
    size_t size = 0;
    for (u32 i = 0; i < m->section_count; i++) {
        const Section *s = &m->sections[i];
        if (s->id || !is_plain_metadata(section_name(m, s))) continue;
        size += s->content.end - s->content.start;
    }
    return size;
}

// What is said of code goes with it. Nothing is said of that where it cannot be read again.
static void say_less(const Opt *o, const Module *before, Bytes result)
{
    Diag diag;
    Module *m = NULL;
    TypeStore *types = metadata_size(before) ? type_store_new() : NULL;
    if (types && module_decode(result.data, result.len, o->plan.features, types, &m, &diag) &&
        metadata_size(m) < metadata_size(before)) {
        fflush(stdout);
        fputs("note: ", stderr);
        print_tame_text(stderr, o->file);
        fputs(": branch hints, or what else is said of instructions, went with code that is gone "
              "or made anew\n", stderr);
    }
    module_free(m);
    type_store_free(types);
}

static bool has_names(const Module *m)
{
    for (u32 i = 0; i < m->section_count; i++)
        if (section_is(m, &m->sections[i], "name")) return true;
    return false;
}

static bool write_result(const Opt *o, const Module *m, const Choice *c, Bytes result)
{
    Bytes bytes = {m->bytes, m->size};
    bool moved = !nothing_moved(m, c, result), names_go = o->no_names && has_names(m);
    bool better = (result.len <= bytes.len || o->plan.only) && (moved || names_go);
    if (!better) return output_write(o->output, bytes.data, bytes.len);
    if (!output_write(o->output, result.data, result.len)) return false;
    say_gone(o, m, c);
    say_less(o, m, result);
    return true;
}

static void tell(void *env, const char *pass, u32 things, size_t before, size_t after)
{
    fprintf(stderr, "%-10s %8u   %9zu -> %zu bytes\n", pass, things, before, after);
}

static bool make(Opt *o, const Module *m, Choice *c, Buf *out, Diag *diag)
{
    Bytes bytes = {m->bytes, m->size};
    o->plan.gone_sections = (const u8 *)c->gone;
    if (o->trace) o->plan.tell = tell;
    if (!opt_module(bytes, &o->plan, out, diag)) return false;
    return !o->verify || verify_same(o->file, bytes, buf_view(out), o->plan.features, o->seed);
}

static bool opt_bytes(Opt *o, Bytes bytes, Diag *diag)
{
    Module *m = NULL;
    Choice choice = {0};
    Arena arena;
    Buf out;
    TypeStore *types = type_store_new_distinct();
    arena_init(&arena);
    buf_init(&out, &arena);
    bool good = types ? module_decode(bytes.data, bytes.len, o->plan.features, types, &m, diag)
                      : diag_fail(diag, ERR_out_of_memory, 0, "%s", "");
    if (good)
        good = choose(o, m, &choice) || diag_fail(diag, ERR_out_of_memory, 0, "%s", "");
    good = good && make(o, m, &choice, &out, diag) && write_result(o, m, &choice, buf_view(&out));
    free(choice.gone);
    free(choice.said);
    arena_free(&arena);
    module_free(m);
    type_store_free(types);
    return good;
}

// An error is placed in the binary, as for print.
static int opt_file(Opt *o)
{
    Intake input;
    Source source;
    Diag diag = {0};
    Bytes bytes;
    if (!input_open(o->file, &input)) return EXIT_INPUT;
    bool good = source_assemble(&source, o->plan.features, input.data, input.size, &bytes, &diag) &&
                opt_bytes(o, bytes, &diag);
    if (!good && diag.err != ERR_none) print_diag(o->file, &source, &diag);
    source_free(&source);
    intake_free(&input);
    return good ? EXIT_OK : EXIT_INPUT;
}

// ---- Two files

// Valid, in the source, whatever it was before. False after printing why not.
static bool open_other(const char *name, Features features, Intake *input, Source *source,
                       Bytes *bytes)
{
    Diag diag = {0};
    *source = (Source){0};
    if (!input_open(name, input)) return false;
    Engine *engine = engine_new(features);
    bool good = engine != NULL;
    if (good) {
        good = source_assemble(source, features, input->data, input->size, bytes, &diag);
        Module *m = good ? engine_load(engine, bytes->data, bytes->len, &diag) : NULL;
        good = m != NULL;
        engine_unload(m);
    }
    if (!good && diag.err != ERR_none) print_diag(name, source, &diag);
    engine_free(engine);
    return good;
}

static int compare_files(const Opt *o)
{
    Intake inputs[2] = {0};
    Source sources[2] = {0};
    Bytes bytes[2];
    Features features = o->plan.features;
    bool good = open_other(o->file, features, &inputs[0], &sources[0], &bytes[0]) &&
                open_other(o->against, features, &inputs[1], &sources[1], &bytes[1]) &&
                verify_same(o->file, bytes[0], bytes[1], features, o->seed);
    for (u32 i = 0; i < 2; i++) {
        source_free(&sources[i]);
        intake_free(&inputs[i]);
    }
    return good ? EXIT_OK : EXIT_INPUT;
}

// ---- Who watches

// One piece, since any thread may say something.
static void print_note(void *env, const Module *m, u32 func, const char *text)
{
    Bytes name = module_func_name(m, func);
    flockfile(stderr);
    fprintf(stderr, "func %u", func);
    if (name.len) {
        fputs(" \"", stderr);
        print_tame(stderr, name);
        putc('"', stderr);
    }
    fprintf(stderr, ": %s\n", text);
    funlockfile(stderr);
}

static const Watch print_notes = {.note = print_note};

int take_trace(const char *value, const Watch **watch)
{
    if (!value || strcmp(value, "opt"))
        return cli_error(EXIT_USAGE, "--trace=opt says what is done to functions; there is no "
                                     "other");
    *watch = &print_notes;
    return EXIT_OK;
}

// ---- Options

static int list_passes(void)
{
    const char *name, *what;
    for (u32 i = 0; (name = opt_pass_name(i, &what)) != NULL; i++) printf("%-10s %s\n", name, what);
    return EXIT_OK;
}

static bool is_pass(const char *word, size_t len)
{
    const char *name, *what;
    for (u32 i = 0; (name = opt_pass_name(i, &what)) != NULL; i++)
        if (strlen(name) == len && !memcmp(name, word, len)) return true;
    return false;
}

static int take_only(Args *args, const char *list, Opt *o)
{
    if (!list || !*list) return args_missing(args, "the passes behind --only");
    for (const char *at = list; *at; at += *at == ',') {
        size_t len = strcspn(at, ",");
        if (!is_pass(at, len))
            return cli_error(EXIT_USAGE, "--only: there is no pass \"%.*s\"; --passes lists them",
                             (int)len, at);
        at += len;
    }
    o->plan.only = list;
    return EXIT_OK;
}

bool args_level(Args *args, OptLevel *level)
{
    static const struct { const char *word; OptLevel level; } levels[] = {
        {"-O0", {0, 0}}, {"-O1", {1, 0}}, {"-O2", {2, 0}}, {"-O3", {3, 0}}, {"-O4", {4, 0}},
        {"-Os", {2, 1}}, {"-Oz", {2, 2}}, {"-O", {2, 0}}};
    for (u32 i = 0; i < COUNT_OF(levels); i++) {
        if (!args_flag(args, levels[i].word)) continue;
        *level = levels[i].level;
        return true;
    }
    return false;
}

static int take_options(Args *args, Opt *o, bool *list)
{
    const char *value;
    int status = EXIT_OK;
    while (status == EXIT_OK && args->next < args->argc) {
        if (args_level(args, &o->plan.level)) continue;
        if (args_flag(args, "--verify")) o->verify = true;
        else if (args_flag(args, "--trace")) o->trace = true;
        else if (args_value(args, "--trace", &value)) {
            o->trace = true;
            status = take_trace(value, &o->plan.watch);
        } else if (args_flag(args, "--passes")) *list = true;
        else if (args_flag(args, "-g")) o->no_names = false;
        else if (args_flag(args, "--no-names")) o->no_names = true;
        else if (args_value(args, "--only", &value)) status = take_only(args, value, o);
        else if (args_value(args, "--against", &o->against)) {
            if (!o->against) return args_missing(args, "the file behind --against");
        } else if (args_value(args, "--seed", &value))
            status = parse_seed(value, "--seed", &o->seed) ? EXIT_OK : EXIT_USAGE;
        else if (args_value(args, "-o", &o->output)) {
            if (!o->output) return args_missing(args, "the name behind -o");
        } else if (args_value(args, "--features", &value))
            status = parse_features(value, &o->plan.features) ? EXIT_OK : EXIT_USAGE;
        else if (args_at_option(args)) status = args_unknown(args);
        else if (o->file)
            status = cli_error(EXIT_USAGE, "one FILE at a time; \"%s\" is a second one",
                               args->argv[args->next]);
        else o->file = args->argv[args->next++];
    }
    if (status == EXIT_OK && !o->file && !*list) return args_missing(args, "FILE");
    return status;
}

int cli_opt(Args *args)
{
    Opt o = {.plan = {.features = features_default, .level = {2, 0}}, .seed = 1};
    bool list = false;
    int status = take_options(args, &o, &list);
    if (status != EXIT_OK) return status;
    if (list) return list_passes();
    if (o.against) return compare_files(&o);
    char *made = o.output ? NULL : output_named(o.file, ".opt.wasm");
    if (!o.output) o.output = made;
    status = o.output ? opt_file(&o) : cli_error(EXIT_INPUT, "out of memory");
    free(made);
    return status;
}
