// load.c -- see load.h.
//
//     decoder    types imports ... | body body body body ...
//     validators                     body body |                one for each thread
//
// What is in front of a place that is malformed is judged first, so the first error in the module
// is the one that is told, but for definitions, which are judged together.

#include "engine/load.h"

#include "binary/decode.h"
#include "plat/thread.h"
#include "valid/valid.h"

#include <inttypes.h>
#include <stdatomic.h>
#include <stdlib.h>

enum {
    THREADS_MOST = 16,
    PIECE = 1 << 20,  // bytes for a thread between two reports of progress
    BATCH = 32 << 10, // bytes of bodies that a thread takes at a time
};

struct Load {
    Engine *engine;
    const Pace *pace;
    ModuleDecoder *decoder;
    Module *module;
    bool unjudged;  // bodies are passed over
    bool known;     // and need not be there
    bool defined;   // the definitions are valid
    u32 next;       // the first function whose body is not validated
    BodyValidator *validators[THREADS_MOST];
};

Load *load_new(Engine *engine, const u8 *bytes)
{
    Load *l = calloc(1, sizeof *l);
    if (!l) return NULL;
    l->engine = engine;
    l->decoder = module_decoder_new(bytes, engine->features, engine->types);
    if (!l->decoder) {
        free(l);
        return NULL;
    }
    module_decoder_charge(l->decoder, engine->accounts);
    module_decoder_note(l->decoder, engine->missing);
    l->module = module_decoder_module(l->decoder);
    l->module->among_first = engine->among_first;
    l->module->among_end = engine->among_end;
    // Even while nothing is made beside guests: that may be set later, and the thread has to hear
    // of the module's end.
    if (NATIVE) l->module->beside = &engine->beside;
    l->module->watch = engine->watch;
    l->module->hot = engine->tier >= TIER_baseline ? 0 : engine->hot;
    l->module->optimizes = engine->tier == TIER_auto  ? OPTIMIZE_warm
                           : engine->tier == TIER_opt ? OPTIMIZE_first
                                                      : OPTIMIZE_never;
    return l;
}

void load_pace(Load *l, const Pace *pace) { l->pace = pace; }

void load_unjudged(Load *l, const Range *bodies, u32 count)
{
    l->unjudged = true;
    l->known = bodies;
    if (bodies) module_decoder_bodies(l->decoder, bodies, count);
}

void load_free(Load *l)
{
    if (!l) return;
    for (u32 i = 0; i < THREADS_MOST; i++) body_validator_free(l->validators[i]);
    module_decoder_free(l->decoder);
    free(l);
}

// ---- Bodies, shared out among threads

typedef struct {
    Load *load;
    u32 end;              // of the functions to validate
    atomic_uint next;     // the first that no thread has taken
    atomic_uint failed;   // the lowest that is known to be invalid; none after it matters
} Bodies;

typedef struct {
    Bodies *bodies;
    BodyValidator *validator;
    Thread *thread;
    Diag diag;            // of the lowest function that this thread refused
} Worker;

// Takes the next functions, about a BATCH of bytes. False: there are none.
static bool take_batch(Bodies *b, u32 *first, u32 *end)
{
    const FuncDecl *funcs = b->load->module->funcs;
    u32 from = atomic_load(&b->next), to;
    do {
        if (from >= b->end) return false;
        for (to = from + 1; to < b->end && funcs[to].body.end - funcs[from].body.start < BATCH;)
            to++;
    } while (!atomic_compare_exchange_weak(&b->next, &from, to));
    *first = from;
    *end = to;
    return true;
}

static void note_failure(Bodies *b, u32 func)
{
    u32 lowest = atomic_load(&b->failed);
    while (func < lowest && !atomic_compare_exchange_weak(&b->failed, &lowest, func)) continue;
}

// Batches are taken in order, so what a thread refuses first is the lowest that it can refuse.
static void validate_batches(void *env)
{
    Worker *w = env;
    u32 first, end;
    while (take_batch(w->bodies, &first, &end)) {
        if (first > atomic_load(&w->bodies->failed)) return;
        if (body_validator_check(w->validator, first, end, &w->diag)) continue;
        note_failure(w->bodies, w->diag.func);
        return;
    }
}

static bool make_validators(Load *l, u32 count)
{
    for (u32 i = 0; i < count; i++) {
        if (!l->validators[i]) l->validators[i] = body_validator_new(l->module);
        if (!l->validators[i]) return false;
    }
    return true;
}

static bool validate_bodies(Load *l, u32 end, u32 threads, Diag *diag)
{
    Worker workers[THREADS_MOST];
    Bodies bodies = {.load = l, .end = end, .next = l->next, .failed = UINT32_MAX};
    if (!make_validators(l, threads))
        return diag_fail(diag, ERR_out_of_memory, 0, "while validating");
    for (u32 i = 0; i < threads; i++) {
        workers[i] = (Worker){&bodies, l->validators[i], NULL, {0}};
        diag_init(&workers[i].diag);
        // A thread that the system refuses leaves its share to the others.
        if (i) workers[i].thread = thread_start(validate_batches, &workers[i]);
    }
    validate_batches(&workers[0]);
    for (u32 i = 1; i < threads; i++) thread_join(workers[i].thread);
    for (u32 i = 0; i < threads; i++)
        if (workers[i].diag.err != ERR_none && workers[i].diag.func == bodies.failed)
            *diag = workers[i].diag;
    l->next = end;
    return diag->err == ERR_none;
}

static bool validate_new_bodies(Load *l, Diag *diag)
{
    const Module *m = l->module;
    u32 end = m->imported_funcs + m->body_count;
    if (l->next >= end) return true;
    u32 size = m->funcs[end - 1].body.end - m->funcs[l->next].body.start;
    u32 threads = MAX(1u, MIN(MIN(l->engine->threads, THREADS_MOST), size / BATCH));
    return validate_bodies(l, end, threads, diag);
}

// spec: JavaScript API, limits of tables and memories
static bool check_js_limits(const Module *m, Diag *diag)
{
    enum { ENTRIES = 10000000, PAGES = 65536, PAGE_LOG2 = 16 };
    static const u64 pages64 = ((u64)1 << 37) - 1; // so that all addresses are exact as numbers
    for (u32 i = 0; i < m->table_count; i++) {
        const Limits *t = &m->tables[i].type.limits;
        if (t->min > ENTRIES)
            return diag_fail(diag, ERR_limit_table_size, m->tables[i].at,
                             "table %u starts with %" PRIu64 " entries, JavaScript has %d at most",
                             i, t->min, ENTRIES);
    }
    for (u32 i = 0; i < m->memory_count; i++) {
        const Limits *t = &m->memories[i].type.limits;
        u64 most = (t->is64 ? pages64 : PAGES) << (PAGE_LOG2 - t->page_log2);
        if (t->min > most || (t->has_max && t->max > most))
            return diag_fail(diag, ERR_limit_memory_size, m->memories[i].at,
                             "memory %u may have %" PRIu64 " pages, JavaScript has %" PRIu64
                             " at most",
                             i, t->has_max ? t->max : t->min, most);
    }
    return true;
}

static bool validate_new(Load *l, Diag *diag)
{
    Module *m = l->module;
    if (m->stage == STAGE_definitions) return true;
    if (!l->defined) {
        if (!module_validate_definitions(m, diag)) return false;
        if (l->engine->js_limits && !check_js_limits(m, diag)) return false;
        l->defined = true;
        l->next = m->imported_funcs;
    }
    if (!l->unjudged && !validate_new_bodies(l, diag)) return false;
    return m->stage != STAGE_complete || module_validate_data(m, diag);
}

// ---- Pieces

static bool feed_piece(Load *l, size_t size, bool last, Diag *diag)
{
    Diag later;
    bool decoded = module_decoder_feed(l->decoder, size, last, &later);
    if (!validate_new(l, diag)) return false;
    if (!decoded) *diag = later;
    return decoded;
}

static bool goes_on(const Load *l, size_t at, Diag *diag)
{
    return !pace_ended(l->pace) ||
           diag_fail(diag, ERR_limit_load_time, at, "%zu bytes were read", at);
}

// Long pieces are cut, so that a body is validated while its bytes are still at hand.
bool load_feed(Load *l, size_t size, bool last, Diag *diag)
{
    size_t piece = (size_t)PIECE * MAX(1u, l->engine->threads);
    diag_init(diag);
    // refused before any work is done
    if (size > MODULE_SIZE_MOST || l->known) return feed_piece(l, size, last, diag);
    for (size_t at = l->module->size; size - at > piece;) {
        at += piece;
        if (!feed_piece(l, at, false, diag)) return false;
        if (!goes_on(l, at, diag)) return false;
        if (l->engine->progress) l->engine->progress(l->engine->progress_env, at, last ? size : 0);
    }
    if (!feed_piece(l, size, last, diag) || !goes_on(l, size, diag)) return false;
    if (!last && l->engine->progress) l->engine->progress(l->engine->progress_env, size, 0);
    return true;
}

Module *load_take(Load *l) { return module_decoder_take(l->decoder); }

Module *engine_load_paced(Engine *engine, const u8 *bytes, size_t size, const Pace *pace,
                          Diag *diag)
{
    static const u8 nothing[1];
    Load *l = load_new(engine, bytes ? bytes : nothing);
    diag_init(diag);
    if (!l) {
        diag_fail(diag, ERR_out_of_memory, 0, "for the module");
        return NULL;
    }
    load_pace(l, pace);
    Module *m = load_feed(l, size, true, diag) ? load_take(l) : NULL;
    load_free(l);
    return m;
}

Module *engine_load(Engine *engine, const u8 *bytes, size_t size, Diag *diag)
{
    return engine_load_paced(engine, bytes, size, NULL, diag);
}
