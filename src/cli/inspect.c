// inspect.c -- weft inspect: what is in a module, for people or as JSON.
//
// A module that is not valid is shown too, and one that is cut or damaged as far as it goes; the
// error follows. JSON is a document whatever the file is. What is shown is linear in the module's
// size: types that are long are named by their index, or cut.

#include "cli/authority.h"
#include "cli/component.h"
#include "cli/disassemble.h"
#include "cli/funcs.h"
#include "cli/graph.h"
#include "cli/inspect/compiled.h"
#include "cli/inspect/inspect.h"
#include "cli/inspect/tree.h"
#include "cli/inspect/types.h"
#include "cli/native.h"
#include "cli/opt.h"
#include "cli/section.h"

#include "binary/decode.h"
#include "engine/needs.h"

#include <stdlib.h>
#include <string.h>

// Bodies, one function as code where native.func is set, or the overview.
typedef struct {
    bool json, bodies, raw_names, raw, functions, tree, types, authority;
    TreeLimits limits;
    const char *picture; // of the tree, or of graphs: a file's name
    FuncWords wanted;
    const char *section; // this one instead
    Tier tier;
    NativeView native;
    const char *graph; // a function
    OptLevel level;    // of that
} Show;

// A body that is malformed is shown up to there; why it is the error of the module says.
static bool show_wanted(Inspect *s, const Show *how, const u32 *funcs, u32 count)
{
    bool good;
    Json json;
    Diag diag;
    diag_init(&diag);
    if (how->json) {
        json_begin(&json, s);
        good = json_bodies(&json, s, funcs, count, &diag);
        json_close(&json, '}');
    } else {
        good = show_bodies(s, funcs, count, &diag);
    }
    if (diag.err == ERR_none) return good || ferror(stdout);
    return diag.err != ERR_out_of_memory;
}

// All functions, or all types, or what it could ask for.
static void show_every(Inspect *s, const Show *how)
{
    Json json;
    if (!how->json) {
        if (how->authority) authority_show(stdout, s->m);
        else if (how->types) show_type_tree(s);
        else show_functions(s);
        return;
    }
    json_begin(&json, s);
    if (how->authority) authority_json(&json, s->m);
    else if (how->types) json_type_tree(&json, s);
    else json_functions(&json, s, "functions");
    json_close(&json, '}');
}

// Nothing that was set before the jump is read after it.
static bool draw_guarded(const Tree *tree, Inspect *s, FILE *out)
{
    jmp_buf failure;
    s->arena->on_failure = &failure;
    if (setjmp(failure)) return false;
    tree_svg(tree, s, out);
    return true;
}

// False: out of memory. What is wrong with the file is said there.
static bool draw_tree(const Tree *tree, Inspect *s, const char *name)
{
    OutputFile out;
    s->unwritten = true;
    if (!output_begin(&out, name)) return true;
    bool good = draw_guarded(tree, s, out.file);
    s->unwritten = !output_end(&out, good);
    return good;
}

static bool show_tree(Inspect *s, const Show *how)
{
    Tree tree;
    bool good = true;
    WhereTrouble trouble = tree_make(&tree, s, how->raw_names);
    if (how->picture) good = draw_tree(&tree, s, how->picture);
    else if (how->json) tree_json(&tree, s, &how->limits);
    else tree_show(&tree, s, &how->limits);
    fflush(stdout);
    if (trouble) fprintf(stderr, "note: %s\n", where_trouble_text[trouble]);
    return good;
}

// The arena's failure ends up here; nothing that was set before the jump is read after it.
static bool inspect_guarded(Inspect *s, const Show *how, const u32 *funcs, u32 count)
{
    jmp_buf failure;
    s->arena->on_failure = &failure;
    if (setjmp(failure)) return false;
    buf_init(&s->text, s->arena);
    names_read_shown(s->m, s->arena, &s->names);
    linking_read(s->m, s->arena, &s->linking);
    describer_init(&s->describer, s->m, s->arena, how->json ? JSON_LIMIT : TEXT_LIMIT);
    if (how->wanted.count) return show_wanted(s, how, funcs, count);
    if (how->functions || how->types || how->authority) {
        show_every(s, how);
        return true;
    }
    if (how->tree) return show_tree(s, how);
    find_largest(s);
    if (how->json) {
        json_all(s);
        return true;
    }
    WhereTrouble trouble = find_readable(s, how->raw_names);
    show_all(s);
    fflush(stdout);
    if (trouble) fprintf(stderr, "note: %s\n", where_trouble_text[trouble]);
    return true;
}

static bool inspect_module(const char *file, Engine *engine, const Source *source, const Module *m,
                           Bytes bytes, const Diag *diag, const Show *how)
{
    Arena arena;
    arena_init(&arena);
    Inspect s = {.file = file, .source = source, .m = m, .bytes = bytes, .diag = diag,
                 .arena = &arena};
    u32 funcs[FUNCS_MOST], count;
    bool found = funcs_find(&how->wanted, m, funcs, &count);
    bool all = !how->wanted.count && !how->functions && !how->types && !how->tree &&
               !how->authority;
    bool good = !all || diag || engine_needs(engine, m->bytes, m->size, &s.needs);
    if (good) good = (s.exprs = expr_printer_new(m)) != NULL;
    if (good) good = inspect_guarded(&s, how, funcs, count);
    expr_printer_free(s.exprs);
    arena_free(&arena);
    return good ? found && !s.unwritten : cli_error(0, "out of memory") != 0;
}

static int show_graphs(Module *m, const Show *show)
{
    GraphView view = {show->native, show->tier == TIER_opt, show->level, show->picture};
    view.how.func = show->graph;
    return print_graphs(m, &view);
}

// What only says how large everything is looks into no body.
static bool load(Source *source, Engine *engine, const Show *show, Bytes input, Module **m,
                 Diag *diag)
{
    Bytes bytes;
    if (show->json || show->wanted.count || show->native.func || show->section || show->graph ||
        !(show->functions || show->types || show->tree || show->authority)) {
        bool valid = source_load(source, engine, input.data, input.len, diag);
        *m = source->module;
        return valid;
    }
    return source_assemble(source, engine->features, input.data, input.len, &bytes, diag) &&
           module_decode(bytes.data, bytes.len, engine->features, engine->types, m, diag);
}

// All else that may be shown is a module's.
static bool shows_module(const Show *show)
{
    return show->functions || show->types || show->tree || show->bodies || show->wanted.count ||
           show->section || show->native.func || show->graph;
}

static int inspect_file(const char *file, Engine *engine, Show *show)
{
    int status = EXIT_INPUT;
    Intake input;
    Source source;
    Diag diag;
    show->native.file = strcmp(file, "-") ? file : NULL;
    if (input_is_compiled(file)) return compiled_show(file, engine, show->json);
    if (show->picture && !output_ready(show->picture, file)) return EXIT_INPUT;
    if (!input_open(file, &input)) return EXIT_INPUT;
    if (shows_module(show) && source_is_component(input.data, input.size)) {
        intake_free(&input);
        return cli_error(EXIT_INPUT, "%s is a component, of which only a summary is shown; "
                                     "`weft component unbundle` writes its modules", file);
    }
    if (source_is_component(input.data, input.size)) {
        status = component_show(file, engine, (Bytes){input.data, input.size}, show->json,
                                show->authority);
        intake_free(&input);
        return status;
    }
    Module *m = NULL;
    bool valid = load(&source, engine, show, (Bytes){input.data, input.size}, &m, &diag);
    bool good = valid;
    Bytes bytes = source.is_text ? source.text.bytes : (Bytes){input.data, input.size};
    if (!valid) module_decode_part(bytes.data, bytes.len, engine->features, engine->types, &m);
    if (m && valid && show->native.func)
        good = (status = print_native(m, &show->native)) == EXIT_OK;
    else if (m && valid && show->graph)
        good = (status = show_graphs(m, show)) == EXIT_OK;
    else if (m && show->section)
        good = section_show(m, show->section, show->raw) && valid;
    else if (m && valid && show->bodies && !show->wanted.count)
        good = disassemble(stdout, m, DIAG_NO_FUNC, &diag);
    else if (m && (m->size || show->json))
        good = inspect_module(file, engine, &source, m, bytes, valid ? NULL : &diag, show) && valid;
    if (!good && diag.err != ERR_none) print_diag(file, &source, &diag);
    if (m != source.module) module_free(m);
    source_free(&source);
    intake_free(&input);
    return good ? EXIT_OK : status;
}

// How `weft run` would compile it.
static int take_native(Args *args, Show *show)
{
    NativeView *native = &show->native;
    const char *value;
    u64 fuel;
    int status = EXIT_OK;
    if (args_flag(args, "--deterministic")) {
        native->mode |= CODE_deterministic;
    } else if (args_value(args, "--faults", &value)) {
        status = parse_faults(value, &native->faults) ? EXIT_OK : EXIT_USAGE;
    } else if (args_value(args, "--fuel", &value)) {
        native->mode |= CODE_fueled;
        if (!parse_size(value, &fuel))
            status = cli_error(EXIT_USAGE, "--fuel wants a number of instructions");
    } else if (args_value(args, "--tier", &value)) {
        if (!value || !tier_parse(value, &show->tier) || show->tier == TIER_interp)
            status = cli_error(EXIT_USAGE, "--tier is auto, baseline or opt");
    } else {
        status = args_unknown(args);
    }
    return status;
}

static int take_limit(TreeLimits *limits, const char *depth, const char *percent)
{
    char *end;
    u64 levels;
    if (depth) {
        if (!parse_size(depth, &levels) || levels >= UINT32_MAX)
            return cli_error(EXIT_USAGE, "--depth wants a number of levels");
        limits->depth = (u32)levels;
    }
    if (percent) {
        limits->percent = strtod(percent, &end);
        if (end == percent || *end || !(limits->percent >= 0 && limits->percent <= 100))
            return cli_error(EXIT_USAGE, "--percent wants a number up to 100");
    }
    return EXIT_OK;
}

// What makes it big. False: it is another option.
static bool take_tree(Args *args, Show *show, int *status)
{
    const char *value;
    if (args_flag(args, "--tree")) {
        show->tree = true;
    } else if (args_value(args, "--svg", &show->picture)) {
        if (!show->picture) *status = args_missing(args, "the name behind --svg");
    } else if (args_value(args, "--depth", &value)) {
        *status = value ? take_limit(&show->limits, value, NULL) : args_missing(args, "N");
    } else if (args_value(args, "--percent", &value)) {
        *status = value ? take_limit(&show->limits, NULL, value) : args_missing(args, "N");
    } else {
        return false;
    }
    return true;
}

static int take_options(Args *args, Show *show, Features *features)
{
    const char *value;
    int status = EXIT_OK;
    while (status == EXIT_OK && args_at_option(args) && !args_flag(args, "--")) {
        if (take_tree(args, show, &status) || args_level(args, &show->level)) continue;
        if (args_flag(args, "--json")) show->json = true;
        else if (args_flag(args, "--disassemble")) show->bodies = true;
        else if (args_flag(args, "--functions")) show->functions = true;
        else if (args_flag(args, "--types")) show->types = true;
        else if (args_flag(args, "--authority")) show->authority = true;
        else if (args_flag(args, "--raw-names")) show->raw_names = true;
        else if (args_flag(args, "--raw")) show->raw = true;
        else if (args_value(args, "--section", &show->section)) {
            if (!show->section) status = args_missing(args, "NAME");
        } else if (args_value(args, "--function", &value)) {
            status = funcs_take(&show->wanted, args, value);
        } else if (args_value(args, "--native", &show->native.func)) {
            if (!show->native.func) status = args_missing(args, "FUNC");
        } else if (args_value(args, "--graph", &show->graph)) {
            if (!show->graph) status = args_missing(args, "FUNC");
        } else if (args_value(args, "--features", &value))
            status = parse_features(value, features) ? EXIT_OK : EXIT_USAGE;
        else status = take_native(args, show);
    }
    show->native.json = show->json;
    show->tree |= show->picture && !show->graph;
    if (status == EXIT_OK && show->graph && show->json)
        status = cli_error(EXIT_USAGE, "--graph is text, or with --svg a picture");
    return status;
}

int cli_inspect(Args *args)
{
    Features features = features_default;
    Show show = {.limits = {UINT32_MAX, -1}, .tier = TIER_baseline, .native = {.faults = true},
                 .level = {3, 0}};
    int status = take_options(args, &show, &features);
    if (status != EXIT_OK) return status;
    if (args->next >= args->argc) return args_missing(args, "FILE");
    const char *file = args->argv[args->next++];
    if (args->next < args->argc) return cli_error(EXIT_USAGE, "weft inspect takes one file");
    Engine *engine = engine_new(features);
    if (!engine) return cli_error(EXIT_INPUT, "out of memory");
    engine->tier = show.tier;
    status = inspect_file(file, engine, &show);
    engine_free(engine);
    return status;
}
