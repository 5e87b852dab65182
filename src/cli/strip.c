// strip.c -- weft strip: a module or component without some of its custom sections.
//
// What stays is copied, so whatever says where in the code section something is still holds. What
// says by number which section it means gets the number that this has now (counted.h).

#include "binary/decode.h"
#include "binary/reader.h"
#include "cli/cli.h"
#include "cli/counted.h"
#include "cli/custom.h"
#include "component/tool/splice.h"
#include "module/describe.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
    const char *output;
    Features features;
    bool all, debug;
    const char **remove, **keep; // patterns; room for as many as there are arguments
    u32 remove_count, keep_count;
} Strip;

static bool fits_one(const char *const *patterns, u32 count, Bytes name)
{
    for (u32 i = 0; i < count; i++)
        if (pattern_fits(patterns[i], name)) return true;
    return false;
}

static bool goes(const Strip *strip, Bytes name)
{
    if (fits_one(strip->keep, strip->keep_count, name)) return false;
    return strip->all || fits_one(strip->remove, strip->remove_count, name) ||
           (strip->debug && custom_kind(name) == CUSTOM_debug);
}

// What goes need not be read, but what it says of others that stay.
static bool is_unread(const void *strip, Bytes name)
{
    return goes(strip, name) && custom_kind(name) != CUSTOM_linking;
}

static void warn_of(const char *file, Bytes section, CountedFault fault)
{
    static const char *const why[] = {
        [COUNTED_lost] = "counts sections of which some are gone; the result cannot be linked",
        [COUNTED_unfinished] = "and \"linking\" and what it is of belong together, of which some "
                               "stay and some go; do not link the result",
        [COUNTED_astray] = "says where something is in sections of which some are gone; debug "
                           "information will be wrong",
    };
    char text[QUOTED_MOST];
    fputs("warning: ", stderr);
    print_tame_text(stderr, file);
    fprintf(stderr, ": section %s %s\n", quoted(text, section), why[fault]);
}

// One entry for each section; and what is written where sections are called by numbers that change,
// or NULL: the module's bytes.
typedef struct { bool *gone; u32 *number; u8 *changed; } Choice;

static bool calls_by_number(const Module *m)
{
    for (u32 i = 0; i < m->section_count; i++)
        if (counted_is(m, &m->sections[i])) return true;
    return false;
}

// What is said of sections by number, once those are gone. False: out of memory.
static bool renumber(const char *file, const Module *m, Choice *c)
{
    const Section *which;
    if (!(c->changed = malloc(m->size))) return false;
    memcpy(c->changed, m->bytes, m->size);
    CountedFault fault = counted_renumber(m, c->number, c->changed, &which);
    if (fault) warn_of(file, section_name(m, which), fault);
    return true;
}

// False: out of memory.
static bool choose(const Strip *strip, const char *file, const Module *m, Choice *c)
{
    c->gone = calloc((size_t)m->section_count + 1, sizeof *c->gone);
    c->number = calloc((size_t)m->section_count + 1, sizeof *c->number);
    if (!c->gone || !c->number) return false;
    for (u32 i = 0; i < m->section_count; i++) {
        const Section *s = &m->sections[i];
        c->gone[i] = !s->id && goes(strip, section_name(m, s));
    }
    counted_follow(m, c->gone);
    u32 count = 0;
    for (u32 i = 0; i < m->section_count; i++) {
        const Section *s = &m->sections[i];
        if (c->gone[i] && fits_one(strip->keep, strip->keep_count, section_name(m, s)))
            c->gone[i] = false; // as asked, though it is of one that is not there any more
        c->number[i] = c->gone[i] ? COUNTED_GONE : count++;
    }
    return count == m->section_count || !calls_by_number(m) || renumber(file, m, c);
}

// What stays, from where it was read to.
static bool write_rest(const char *output, const Module *m, const Choice *c)
{
    OutputFile out;
    if (!output_begin(&out, output)) return false;
    const u8 *bytes = c->changed ? c->changed : m->bytes;
    size_t from = 0;
    bool good = true;
    for (u32 i = 0; i <= m->section_count && good; i++) {
        bool end = i == m->section_count;
        if (!end && !c->gone[i]) continue;
        size_t to = end ? m->size : m->sections[i].start;
        good = to == from || fwrite(bytes + from, to - from, 1, out.file) == 1;
        if (!end) from = m->sections[i].content.end;
    }
    return output_end(&out, good) && good;
}

static bool strip_bytes(const Strip *strip, const char *file, Bytes bytes, Diag *diag)
{
    Module *m = NULL;
    Choice choice = {0};
    TypeStore *types = type_store_new_distinct();
    bool good = types ? module_decode(bytes.data, bytes.len, strip->features, types, &m, diag)
                      : diag_fail(diag, ERR_out_of_memory, 0, "%s", "");
    if (good)
        good = choose(strip, file, m, &choice) || diag_fail(diag, ERR_out_of_memory, 0, "%s", "");
    if (good) good = write_rest(strip->output, m, &choice);
    free(choice.gone);
    free(choice.number);
    free(choice.changed);
    module_free(m);
    type_store_free(types);
    return good;
}

// ---- Components: their own sections, and those of all that is in them

static Bytes custom_name(const Component *c, Range content, Diag *diag)
{
    Reader r = {.start = c->bytes, .pos = c->bytes + content.start, .end = c->bytes + content.end,
                .diag = diag, .at_end = ERR_unexpected_end_of_section};
    return read_name(&r);
}

// Of a module inside.
static void cut_sections(const Strip *strip, const Component *c, const CModuleSpan *span,
                         CPatches *gone, Arena *arena)
{
    const Module *m = span->module;
    for (u32 i = 0; i < m->section_count; i++) {
        const Section *s = &m->sections[i];
        if (s->id || !goes(strip, section_name(m, s))) continue;
        Range at = {span->bytes.start + s->start, span->bytes.start + s->content.end};
        patch_add(gone, arena, at, (Bytes){c->bytes, 0});
    }
}

static void cut_component(const Strip *strip, const Component *c, Buf *out, Diag *diag)
{
    CPatches gone = {0};
    for (u32 i = 0, module = 0; i < c->section_count; i++) {
        const CSectionSpan *s = &c->sections[i];
        if (s->id == CSECTION_core_module)
            cut_sections(strip, c, &c->modules[module++], &gone, out->arena);
        if (s->id != CSECTION_custom || !goes(strip, custom_name(c, s->content, diag))) continue;
        Range at = {splice_section_start(c, s->content), s->content.end};
        patch_add(&gone, out->arena, at, (Bytes){c->bytes, 0});
    }
    component_splice(c, &gone, out);
}

static bool strip_component(const Strip *strip, Bytes bytes, Diag *diag)
{
    Arena arena;
    Buf out;
    jmp_buf failed;
    TypeStore *types = type_store_new();
    Component *c = types ? component_load(bytes.data, bytes.len, features_all, types, NULL, diag)
                         : NULL;
    if (!types) diag_fail(diag, ERR_out_of_memory, 0, "%s", "");
    bool good = c != NULL;
    arena_init(&arena);
    arena.on_failure = &failed;
    if (setjmp(failed)) {
        good = diag_fail(diag, ERR_out_of_memory, 0, "%s", "");
    } else if (c) {
        buf_init(&out, &arena);
        cut_component(strip, c, &out, diag);
        good = output_write(strip->output, out.data, out.len);
    }
    arena_free(&arena);
    component_free(c);
    type_store_free(types);
    return good;
}

// An error is placed in the binary, as for print.
static int strip_file(const Strip *strip, const char *file)
{
    Intake input;
    Source source;
    Diag diag = {0};
    Bytes bytes;
    bool component;
    if (!input_open_without(file, is_unread, strip, &input)) return EXIT_INPUT;
    bool good = source_assemble_any(&source, strip->features, input.data, input.size, &bytes,
                                    &component, &diag);
    if (good)
        good = component ? strip_component(strip, bytes, &diag)
                         : strip_bytes(strip, file, bytes, &diag);
    if (!good && diag.err != ERR_none) print_diag(file, &source, &diag);
    source_free(&source);
    intake_free(&input);
    return good ? EXIT_OK : EXIT_INPUT;
}

static int take_pattern(Args *args, const char *value, const char **patterns, u32 *count)
{
    if (!value) return args_missing(args, "NAME");
    patterns[(*count)++] = value;
    return EXIT_OK;
}

static int take_options(Args *args, Strip *strip, const char **file)
{
    const char *value;
    int status = EXIT_OK;
    while (status == EXIT_OK && args->next < args->argc) {
        if (args_flag(args, "-a") || args_flag(args, "--all")) strip->all = true;
        else if (args_flag(args, "-g") || args_flag(args, "--debug")) strip->debug = true;
        else if (args_value(args, "-R", &value) || args_value(args, "--remove", &value) ||
                 args_value(args, "--remove-section", &value))
            status = take_pattern(args, value, strip->remove, &strip->remove_count);
        else if (args_value(args, "-k", &value) || args_value(args, "--keep", &value) ||
                 args_value(args, "--keep-section", &value))
            status = take_pattern(args, value, strip->keep, &strip->keep_count);
        else if (args_value(args, "-o", &strip->output)) {
            if (!strip->output) status = args_missing(args, "the name behind -o");
        } else if (args_value(args, "--features", &value))
            status = parse_features(value, &strip->features) ? EXIT_OK : EXIT_USAGE;
        else if (args_at_option(args)) status = args_unknown(args);
        else if (*file)
            status = cli_error(EXIT_USAGE, "one FILE at a time; \"%s\" is a second one",
                               args->argv[args->next]);
        else *file = args->argv[args->next++];
    }
    if (status == EXIT_OK && !*file) status = args_missing(args, "FILE");
    if (!strip->all && !strip->remove_count) strip->debug = true;
    return status;
}

int cli_strip(Args *args)
{
    Strip strip = {.features = features_default};
    const char *file = NULL;
    char *made = NULL;
    strip.remove = calloc((size_t)args->argc + 1, sizeof *strip.remove);
    strip.keep = calloc((size_t)args->argc + 1, sizeof *strip.keep);
    int status = strip.remove && strip.keep ? take_options(args, &strip, &file)
                                            : cli_error(EXIT_INPUT, "out of memory");
    if (status == EXIT_OK && !strip.output)
        strip.output = made = output_named(file, ".stripped.wasm");
    if (status == EXIT_OK)
        status = strip.output ? strip_file(&strip, file) : cli_error(EXIT_INPUT, "out of memory");
    free(made);
    free(strip.remove);
    free(strip.keep);
    return status;
}
