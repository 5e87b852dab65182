// main.c -- modules by hand:
//
//     gen --seed S --index I [--count N] [--spoil] [--portable] [--features LIST] [--out DIR]
//     gen --check [--print] [--mode NAME]... ...
//     gen --rows ...
//     gen --batch FILE ...
//
// One module goes to standard output; of several each goes to DIR/INDEX.wasm, or nowhere. With
// --check each is run in all modes (check.c), or those that are named; --print shows the logs, too.
// With --rows each row that runs must come up in them, about as often as others of its list. With
// --batch they are written for another engine (outside.js).

#include "check.h"

#include <stdio.h>
#include <stdlib.h>

typedef struct {
    GenWhat what;
    u64 count;
    const char *out;
    bool check, rows;
    FILE *batch;
    Check counts;
} Options;

static void usage(void)
{
    fprintf(stderr, "gen --seed S --index I [--count N] [--spoil] [--portable] [--features LIST] "
                    "[--turns N] [--out DIR]\n");
    exit(2);
}

static u64 mode_of(const char *name)
{
    for (u32 i = 0; i < MODE_COUNT; i++)
        if (!strcmp(run_modes[i].name, name)) return (u64)1 << i;
    usage();
    return 0;
}

static Options options_of(int argc, char **argv)
{
    Options o = {.what.features = features_all, .count = 1};
    for (int i = 1; i < argc; i++) {
        const char *word = argv[i], *next = i + 1 < argc ? argv[i + 1] : NULL;
        Bytes bad;
        if (!strcmp(word, "--spoil")) o.what.spoil = true;
        else if (!strcmp(word, "--check")) o.check = true;
        else if (!strcmp(word, "--print")) o.counts.print = run_aloud = true;
        else if (!strcmp(word, "--rows")) o.rows = true;
        else if (!strcmp(word, "--portable")) o.what.portable = true;
        else if (!next) usage();
        else if (i++, !strcmp(word, "--seed")) o.what.seed = strtoull(next, NULL, 0);
        else if (!strcmp(word, "--index")) o.what.index = strtoull(next, NULL, 0);
        else if (!strcmp(word, "--count")) o.count = strtoull(next, NULL, 0);
        else if (!strcmp(word, "--mode")) o.counts.only |= mode_of(next);
        else if (!strcmp(word, "--turns")) o.counts.turns = (u32)strtoul(next, NULL, 0);
        else if (!strcmp(word, "--out")) o.out = next;
        else if (!strcmp(word, "--batch")) o.batch = fopen(next, "wb");
        else if (strcmp(word, "--features") || !features_parse(&o.what.features, next, &bad))
            usage();
    }
    return o;
}

static void write_module(const Options *o, Bytes module)
{
    char path[4096];
    FILE *file = stdout;
    if (!o->out && o->count > 1) return;
    if (o->out) {
        snprintf(path, sizeof path, "%s/%llu.wasm", o->out, (unsigned long long)o->what.index);
        file = fopen(path, "wb");
    }
    if (!file || fwrite(module.data, 1, module.len, file) != module.len || fflush(file)) exit(1);
    if (o->out) fclose(file);
}

// Those that are drawn from a list come up about as often as each other.
static void check_even(Check *c, const OpList *list)
{
    enum { AS_OFTEN = 10 };
    u32 most = 0;
    for (u32 i = 0; i < list->count; i++) most = MAX(most, row_drawn[list->at[i]]);
    for (u32 i = 0; i < list->count; i++) {
        bool even = row_drawn[list->at[i]] >= most / AS_OFTEN;
        c->passed += even;
        c->failed += !even;
        if (!even)
            printf("%s comes up %u times, another of its list %u\n", op_info[list->at[i]].name,
                   row_drawn[list->at[i]], most);
    }
}

static int counted(const Check *c)
{
    printf("%llu passed, %llu failed\n", (unsigned long long)c->passed,
           (unsigned long long)c->failed);
    return c->failed != 0;
}

// Each row that runs comes up in what was made.
static int rows_report(Check *c)
{
    for (u32 i = 0; i < OP_COUNT; i++) {
        if (!row_runs[i]) continue;
        c->passed += row_seen[i] > 0;
        c->failed += !row_seen[i];
        if (!row_seen[i]) printf("no module has %s\n", op_info[i].name);
    }
    check_even(c, &rows_storing);
    check_even(c, &rows_trapping);
    return counted(c);
}

// Where more is excused it is the generator that is at fault.
static void check_excused(Check *c)
{
    enum { ONE_OF = 50 };
    if (c->excused * ONE_OF <= c->passed + c->failed + c->excused) return;
    c->failed++;
    printf("too many are excused\n");
}

// Of what has no objects most can be written as a module again.
static void check_baked(Check *c)
{
    enum { MANY = 100 };
    if (c->bakes >= c->refusals || c->bakes + c->refusals < MANY) return;
    c->failed++;
    printf("too many cannot be written\n");
}

// At nearly all places that a guest can be stopped at.
static void check_written(Check *c)
{
    enum { MOST = 50 };
    if (c->unwritten * MOST <= c->written) return;
    c->failed++;
    printf("too many snapshots cannot be made: %llu\n", (unsigned long long)c->unwritten);
}

static int check_report(Options *o)
{
    check_excused(&o->counts);
    check_written(&o->counts);
    check_baked(&o->counts);
    const Check *c = &o->counts;
    printf("%llu modules, %llu runs, %llu calls, %llu traps, %llu baked, %llu snapshots, "
           "%llu excused, %llu steps judged\n",
           (unsigned long long)c->modules, (unsigned long long)c->runs,
           (unsigned long long)c->calls, (unsigned long long)c->traps,
           (unsigned long long)c->bakes, (unsigned long long)c->written,
           (unsigned long long)c->excused, (unsigned long long)c->judged);
    return counted(c);
}

int main(int argc, char **argv)
{
    Options o = options_of(argc, argv);
    Engine *engine = o.counts.engine = engine_new(o.what.features);
    rows_find(o.what.features);
    for (u64 n = 0; n < o.count; n++, o.what.index++) {
        Arena arena;
        jmp_buf failed;
        arena_init(&arena);
        arena.on_failure = &failed;
        if (setjmp(failed)) return 1;
        GenMade made = gen_module(&o.what, &arena);
        if (o.batch) outside_module(engine, &o.what, made.bytes, o.batch);
        else if (o.check) check_module(&o.counts, &o.what, made.bytes, made.tame, &arena);
        else if (!o.rows) write_module(&o, made.bytes);
        arena_free(&arena);
    }
    if (o.batch && fclose(o.batch)) return 1;
    engine_free(engine);
    return o.check ? check_report(&o) : o.rows ? rows_report(&o.counts) : 0;
}
