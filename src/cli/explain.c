// explain.c -- weft features, weft explain: the tables, for people.

#include "base/nearest.h"
#include "cli/cli.h"
#include "cli/compiled.h"
#include "op/component.h"
#include "run/native.h"
#include "wasi/p2/p2.h"

#include <ctype.h>
#include <string.h>

typedef struct { const char *state; bool on; u8 here; } FeatureRow;
enum { STATE_off, STATE_on, HERE_named = 0, HERE_checked, HERE_runs };
static const FeatureRow features[FEATURE_COUNT] = {
#define FEATURE(name, text, state, on, here) [FEATURE_##name] = {#state, STATE_##on, HERE_##here},
#include "op/feature.def"
#undef FEATURE
};

static const char *here(u32 f)
{
    static const char *const texts[] = {"not read yet", "validated", "validated, executed"};
    return texts[features[f].here];
}

int cli_features(Args *args)
{
    if (args->next < args->argc) return args_unknown(args);
    printf("%-28s %-6s %-8s %s\n", "feature", "state", "default", "here");
    for (u32 f = 0; f < FEATURE_COUNT; f++)
        printf("%-28s %-6s %-8s %s\n", feature_text[f], features[f].state,
               features[f].on ? "on" : "off", here(f));
    const char *lacks = tier_lacks();
    if (lacks) printf("\ncompiled code is not run here, for want of %s\n", lacks);
    else puts("\ncompiled code runs here");
    return EXIT_OK;
}

static const char *const meanings[OP_COUNT] = {
#define PURE(name, text, opcode, sig, since, ...) [OP_##name] = #__VA_ARGS__,
#define PURE2 PURE
#define ATOMIC(name, text, opcode, sig, since, bits, ...) [OP_##name] = #__VA_ARGS__,
#include "op/op.def"
};

static const char *const immediate_text[] = {
    [IMM_none] = "", [IMM_block] = "block type", [IMM_label] = "label", [IMM_labels] = "labels", [IMM_local] = "local",
    [IMM_global] = "global", [IMM_func] = "function", [IMM_table] = "table", [IMM_type_table] = "type, table",
    [IMM_types] = "types", [IMM_memarg] = "alignment, offset, memory", [IMM_memarg_lane] = "alignment, offset, memory, lane",
    [IMM_lane] = "lane", [IMM_lanes] = "16 lanes", [IMM_v128] = "v128", [IMM_i32] = "i32", [IMM_i64] = "i64",
    [IMM_f32] = "f32", [IMM_f64] = "f64", [IMM_memory] = "memory", [IMM_memory_memory] = "memory, memory",
    [IMM_data_memory] = "data segment, memory", [IMM_data] = "data segment", [IMM_elem_table] = "element segment, table",
    [IMM_elem] = "element segment", [IMM_table_table] = "table, table", [IMM_heap] = "heap type", [IMM_type] = "type",
    [IMM_type_field] = "type, field", [IMM_type_count] = "type, count", [IMM_type_data] = "type, data segment",
    [IMM_type_elem] = "type, element segment", [IMM_type_type] = "type, type", [IMM_cast] = "label, two reference types",
    [IMM_try_table] = "block type, catch clauses", [IMM_tag] = "tag", [IMM_fence] = "a zero byte",
    [IMM_resume] = "type, handlers", [IMM_resume_throw] = "type, tag, handlers", [IMM_type_tag] = "type, tag",
};

static void print_types(const u8 *types, u32 count)
{
    static const char *const names[] = {"", "i32", "i64", "f32", "f64", "v128"};
    putchar('[');
    for (u32 i = 0; i < count; i++) printf("%s%s", i ? " " : "", names[types[i]]);
    putchar(']');
}

// Of whatever can be compiled.
static Engine *new_engine(void)
{
    Engine *engine = engine_new(features_all);
    if (engine) engine->tier = TIER_baseline;
    return engine;
}

static int print_compiled(Op op)
{
    static const char *const texts[] = {
        [BY_code] = "to instructions of the processor",
        [BY_call] = "to a call of C",
        [BY_interpreter] = "not; functions that have it are interpreted",
    };
    Engine *engine = new_engine();
    CompiledBy by = engine ? compiled_by(engine, op) : BY_unknown;
    engine_free(engine);
    if (by != BY_unknown) printf("  compiled    %s\n", texts[by]);
    else if (NATIVE) return cli_error(EXIT_INPUT, "out of memory");
    return EXIT_OK;
}

// All that compiled code does by a call of C.
static int print_called(void)
{
    Engine *engine = new_engine();
    int status = EXIT_OK;
    if (!NATIVE) status = cli_error(EXIT_INPUT, "this build has no compiler");
    else if (!engine) status = cli_error(EXIT_INPUT, "out of memory");
    for (u32 op = 0; op < OP_COUNT && status == EXIT_OK; op++) {
        CompiledBy by = compiled_by(engine, (Op)op);
        if (by == BY_call) puts(op_info[op].text);
        if (by == BY_unknown)
            status = cli_error(EXIT_INPUT, "%s cannot be compiled to see", op_info[op].name);
    }
    engine_free(engine);
    return status;
}

static int print_op(Op op)
{
    static const struct { u32 effect; const char *text; } effects[] = {
#define DOMAIN(name, text) {READS_##name, "read " text}, {WRITES_##name, "write " text},
#define EFFECT(NAME, text) {NAME, text},
#include "op/effect.def"
    };
    const OpInfo *info = &op_info[op];
    printf("%s: an instruction of %s\n", info->text, feature_text[info->since]);
    u8 prefix = op_prefix(info->opcode);
    if (prefix) printf("  opcode      0x%02x 0x%02x\n", prefix, op_sub(info->opcode));
    else printf("  opcode      0x%02x\n", info->opcode);
    if (info->immediates != IMM_none)
        printf("  immediates  %s\n", immediate_text[info->immediates]);
    if (info->sig != SIG_any) {
        printf("  type        ");
        print_types(sig_info[info->sig].params, sig_info[info->sig].param_count);
        printf(" -> ");
        print_types(sig_info[info->sig].results, sig_info[info->sig].result_count);
        putchar('\n');
    }
    if (info->effects) {
        printf("  may         ");
        for (size_t i = 0, shown = 0; i < COUNT_OF(effects); i++)
            if (info->effects & effects[i].effect)
                printf("%s%s", shown++ ? ", " : "", effects[i].text);
        putchar('\n');
    }
    if (op_dear[op]) printf("  fuel        %u units at least\n", 1 + op_dear[op]);
    if (meanings[op]) printf("  meaning     %s\n", meanings[op]);
    return print_compiled(op);
}

static bool same(const char *text, const char *name)
{
    for (; *text && *name; text++, name++) {
        char a = (char)(*text == '_' ? ' ' : tolower((u8)*text)),
             b = (char)(*name == '_' ? ' ' : tolower((u8)*name));
        if (a != b) return false;
    }
    return !*text && !*name;
}

// A builtin of the component model: the core function that `canon` makes of it.
static void print_canon(const CanonInfo *info)
{
    static const char *const whats[] = {"needs a memory", "needs realloc", "lifts values",
                                        "lowers values"};
    static const char *const acts[] = {"may wait", "needs an instance that may be left",
                                       "looks at the task"};
    printf("%s: a canonical definition of %s\n  code        0x%02x\n", info->text,
           feature_text[info->since], info->code);
    if (!strcmp(info->sig, "flat"))
        printf("  type        what the function's type comes to\n");
    else
        printf("  type        %s (i i32, l i64, p address, r representation, t the type, "
               "c what a thread is given, u index)\n", info->sig);
    u32 count = 0;
    for (u32 i = 0; i < COUNT_OF(whats); i++)
        if (info->needs >> i & 1) printf("%s%s", count++ ? ", " : "  and         ", whats[i]);
    for (u32 i = 0; i < COUNT_OF(acts); i++)
        if (info->does >> i & 1) printf("%s%s", count++ ? ", " : "  and         ", acts[i]);
    if (count) putchar('\n');
}

// What the tables of the component model say. False: they do not know the name.
static bool explain_component(const char *name)
{
    bool found = false;
    for (u32 i = 0; i < CANON_COUNT; i++) {
        if (strcmp(canon_info[i].text, name)) continue;
        print_canon(&canon_info[i]);
        found = true;
    }
    for (u32 i = 0; i < CPRIM_COUNT; i++) {
        if (strcmp(cprim_info[i].text, name)) continue;
        printf("%s: a type of components, 0x%02x\n", name, cprim_info[i].code);
        found = true;
    }
    for (u32 i = 0; i < CFORM_COUNT; i++) {
        if (strcmp(cform_info[i].text, name)) continue;
        printf("%s: a type of components, made of others, 0x%02x\n", name, cform_info[i].code);
        found = true;
    }
    for (u32 i = 0; i < COPTION_COUNT; i++) {
        if (strcmp(coption_info[i].text, name)) continue;
        printf("%s: a canonical option, 0x%02x\n", name, coption_info[i].code);
        found = true;
    }
    for (u32 i = 0; i < CATTRIBUTE_COUNT; i++) {
        if (strcmp(cattribute_info[i].text, name)) continue;
        printf("%s: an attribute of the name of an import or export, 0x%02x, of %s\n", name,
               cattribute_info[i].code, feature_text[cattribute_info[i].since]);
        found = true;
    }
    return found;
}

// A function of WASI: what it is given and gives by name, and what it reaches.
static void print_wasi(const WasiFunc *f)
{
    printf("%s: a function of WASI\n  does        %s\n", f->name, f->text);
    for (u32 gives = 0; gives < 2; gives++) {
        u32 count = 0;
        for (const char *w = f->words; *w; w += strcspn(w, " "), w += *w == ' ') {
            if ((*w == '>') != gives) continue;
            fputs(count++ ? ", " : gives ? "  gives       " : "  is given    ", stdout);
            printf("%.*s", (int)strcspn(w + gives, ":"), w + gives);
        }
        if (count) putchar('\n');
    }
    printf("  reaches     %s\n  granted by  %s\n", wasi_asks[f->asks].text,
           wasi_asks[f->asks].granted);
}

// Functions of WASI 0.2: one by its name, with what stands in front of a method's or not; or all
// of an interface.
static bool explain_p2(const char *name)
{
    bool found = false;
    P2Info f;
    for (u32 i = 0; p2_func(i, &f); i++) {
        const char *bracket = strchr(f.name, ']'), *plain = bracket ? bracket + 1 : f.name;
        bool whole = !strcmp(name, f.interface);
        if (!whole && strcmp(name, f.name) && strcmp(name, plain)) continue;
        printf("%s: a function of wasi:%s 0.2.12\n  does        %s\n  type        %s\n", f.name,
               f.interface, f.text, f.type);
        printf("  reaches     %s\n  granted by  %s\n", wasi_asks[f.asks].text,
               wasi_asks[f.asks].granted);
        found = true;
    }
    return found;
}

int cli_explain(Args *args)
{
    static const char *const classes[] = {
        [CLASS_none] = "", [CLASS_malformed] = "the bytes or the text are no module",
        [CLASS_invalid] = "the module breaks a rule of the type system", [CLASS_unlinkable] = "the imports do not fit",
        [CLASS_limit] = "beyond a limit of the implementation, or one that was set", [CLASS_resource] = "the machine is short of something",
    };
    if (args_flag(args, "--called")) return print_called();
    if (args_at_option(args)) return args_unknown(args);
    if (args->next >= args->argc) return args_missing(args, "NAME");
    char name[200] = ""; // all words: an error's text is a name too
    for (int i = args->next; i < args->argc; i++)
        snprintf(name + strlen(name), sizeof name - strlen(name), "%s%s", i > args->next ? " " : "",
                 args->argv[i]);
    bool found = false;
    const char *now = op_renamed(name, strlen(name));
    if (now) {
        printf("%s is called %s now\n", name, now);
        snprintf(name, sizeof name, "%s", now);
    }
    for (u32 op = 0; op < OP_COUNT; op++) {
        if (strcmp(op_info[op].text, name) && strcmp(op_info[op].name, name)) continue;
        int status = print_op((Op)op);
        if (status != EXIT_OK) return status;
        found = true;
    }
    static const char *const trap_names[TRAP_COUNT] = {
#define TRAP(row, text) [TRAP_##row] = #row,
#include "op/trap.def"
#undef TRAP
    };
    static const char *const err_names[ERR_COUNT] = {
#define ERR(row, class, text) [ERR_##row] = #row,
#include "op/err.def"
#undef ERR
    };
    for (u32 i = 1; i < TRAP_COUNT; i++) {
        if (!same(trap_text[i], name) && !same(trap_names[i], name)) continue;
        printf("%s: a trap, exit status %d\n", trap_text[i],
               i == TRAP_time_limit    ? EXIT_TIMEOUT
               : i == TRAP_interrupted ? EXIT_INTERRUPT
                                       : EXIT_TRAP);
        found = true;
    }
    for (u32 i = 1; i < ERR_COUNT; i++) {
        if (!same(err_text[i], name) && !same(err_names[i], name)) continue;
        printf("%s: an error: %s\n", err_text[i], classes[err_class[i]]);
        found = true;
    }
    for (u32 f = 0; f < FEATURE_COUNT; f++) {
        if (strcmp(feature_text[f], name)) continue;
        printf("%s: a feature, %s by default, %s; its instructions:\n ", name,
               features[f].on ? "on" : "off", here(f));
        for (u32 op = 0; op < OP_COUNT; op++)
            if (op_info[op].since == f) printf(" %s", op_info[op].text);
        for (u32 i = 0; i < CANON_COUNT; i++)
            if (canon_info[i].since == f) printf(" %s", canon_info[i].text);
        putchar('\n');
        found = true;
    }
    const WasiFunc *func = wasi_find("wasi_snapshot_preview1", 22, name, strlen(name));
    if (func) {
        print_wasi(func);
        found = true;
    }
    if (explain_component(name)) found = true;
    if (explain_p2(name)) found = true;
    if (found) return EXIT_OK;
    Nearest near = nearest_to(name, strlen(name));
    for (u32 op = 0; op < OP_COUNT; op++)
        nearest_try(&near, op_info[op].text, strlen(op_info[op].text));
    for (u32 i = 1; i < TRAP_COUNT; i++) nearest_try(&near, trap_text[i], strlen(trap_text[i]));
    for (u32 i = 1; i < ERR_COUNT; i++) nearest_try(&near, err_text[i], strlen(err_text[i]));
    for (u32 f = 0; f < FEATURE_COUNT; f++)
        nearest_try(&near, feature_text[f], strlen(feature_text[f]));
    for (u32 i = 0; i < CANON_COUNT; i++)
        nearest_try(&near, canon_info[i].text, strlen(canon_info[i].text));
    for (u32 f = 0; wasi_func(f); f++)
        nearest_try(&near, wasi_func(f)->name, strlen(wasi_func(f)->name));
    return cli_error(EXIT_USAGE,
                     "\"%s\" is no instruction, trap, error, feature or function of WASI%s%s%s",
                     name, near.best ? "; did you mean " : "", near.best ? near.best : "",
                     near.best ? "?" : "");
}
