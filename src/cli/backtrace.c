// backtrace.c -- a trap, and where the guest was: each function with its place in the source, where
// the module tells it, and those that were inlined there.
//
//     0: 0x38 divide at div.c:4:12 (inlined)
//             half at div.c:9:10
//     1: 0x44 main at div.c:14:3
//
// What modules say about their source is asked for all frames of one at once (debug/where.h). It is
// an addition: without an answer, or without memory for it, the same stands there as without.

#include "cli/places.h"

#include "run/frame.h"

enum { SECONDS = 2 };

typedef struct {
    const Module *m;
    u32 offset;
    PlaceFunc func;
    WherePlace place;
} Shown;

typedef struct {
    Shown frames[CALLS_SHOWN];
    u32 count;
    u32 more;          // that are not shown: the rest of a runaway recursion says nothing new
    const TrapView *how;
    WhereTrouble trouble;
} Backtrace;

// ": tag 3 (1, 2.5)"; the tag's index is that in the module of whoever threw it.
static void print_exception(const Store *store)
{
    const Exception *e = ref_find_exception(store, store->exec.exception);
    if (!e) return;
    const TypeDef *type = exception_type(store, e);
    const Instance *inst = store->exec.at.inst;
    u32 tag = 0, count = inst ? inst->module->tag_count : 0;
    while (tag < count && inst->tags[tag]->number != e->tag) tag++;
    if (tag < count) fprintf(stderr, ": tag %u (", tag);
    else fputs(": a tag from elsewhere (", stderr);
    for (u32 i = 0, slot = 0; i < type->param_count; slot += type_slots(type->params[i++])) {
        if (i) fputs(", ", stderr);
        print_value(stderr, store, type->params[i], e->values + slot);
    }
    fputc(')', stderr);
}

static void take_frame(Backtrace *b, const Module *m, u32 func, u32 offset)
{
    Bytes name = module_func_name(m, func);
    b->frames[b->count++] = (Shown){.m = m, .offset = offset, .func = {func, name, name}};
}

static void take_frames(const Exec *x, Backtrace *b)
{
    FrameCursor cursor = {0};
    while (frame_next(x, &cursor)) {
        if (b->count == CALLS_SHOWN) b->more++;
        else take_frame(b, cursor.at.inst->module, cursor.func, frame_offset(&cursor));
    }
}

void trap_ahead(const Module *m, const char *file) { where_ahead(m, file, SECONDS); }

// All frames of one module, which begin with this one.
static void ask_module(Backtrace *b, u32 first, Arena *arena)
{
    u32 offsets[CALLS_SHOWN], count = 0;
    Bytes names[CALLS_SHOWN];
    const Module *m = b->frames[first].m;
    for (u32 i = first; i < b->count; i++) {
        if (b->frames[i].m != m) continue;
        offsets[count] = b->frames[i].offset;
        names[count++] = b->frames[i].func.name;
    }
    const TrapView *how = b->how;
    Where w = {.m = m, .file = how->file_of(how->env, m), .seconds = SECONDS, .offsets = offsets,
               .offset_count = count, .names = names,
               .name_count = how->raw_names ? 0 : count};
    where_ask(&w, arena);
    if (w.trouble) b->trouble = w.trouble;
    for (u32 i = first, at = 0; i < b->count; i++) {
        if (b->frames[i].m != m) continue;
        if (!how->raw_names) b->frames[i].func.readable = w.readable[at];
        b->frames[i].place = w.places[at++];
    }
}

static bool is_first(const Backtrace *b, u32 i)
{
    for (u32 k = 0; k < i; k++)
        if (b->frames[k].m == b->frames[i].m) return false;
    return true;
}

// The arena's failure ends up here: what was answered by then stays.
static void ask_modules(Backtrace *b, Arena *arena)
{
    jmp_buf failure;
    arena->on_failure = &failure;
    if (setjmp(failure)) {
        b->trouble = WHERE_memory;
        return;
    }
    for (u32 i = 0; i < b->count; i++)
        if (is_first(b, i)) ask_module(b, i, arena);
}

static void print_head(Trap trap, const char *detail)
{
    fflush(stdout);
    fprintf(stderr, "trap: %s%s", trap_text[trap], detail[0] ? ": " : "");
    print_tame_text(stderr, detail);
}

static void print_frames(Backtrace *b)
{
    Arena arena;
    arena_init(&arena);
    ask_modules(b, &arena);
    for (u32 i = 0; i < b->count; i++) {
        const Shown *s = &b->frames[i];
        int indent = fprintf(stderr, "  %3u: 0x%x ", i, s->offset);
        print_place(stderr, indent, &s->func, &s->place, b->how->raw_names);
    }
    if (b->more) fprintf(stderr, "    ... and %u more\n", b->more);
    if (b->trouble) fprintf(stderr, "  (%s)\n", where_trouble_text[b->trouble]);
    arena_free(&arena);
}

void print_trap(const Store *store, Trap trap, const TrapView *how)
{
    Backtrace b = {.how = how};
    print_head(trap, store->exec.trap_detail);
    if (trap == TRAP_uncaught_exception) print_exception(store);
    fputc('\n', stderr);
    take_frames(&store->exec, &b);
    print_frames(&b);
}

void print_trap_calls(Trap trap, const char *detail, const ExecutorCall *calls, u32 count,
                      u32 more, const TrapView *how)
{
    Backtrace b = {.how = how, .more = more};
    print_head(trap, detail);
    fputc('\n', stderr);
    for (u32 i = 0; i < MIN(count, (u32)CALLS_SHOWN); i++)
        take_frame(&b, calls[i].module, calls[i].func, calls[i].offset);
    print_frames(&b);
}
