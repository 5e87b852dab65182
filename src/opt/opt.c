// opt.c -- the passes, one after the other. See opt.h.

#include "opt/opt.h"

#include "binary/decode.h"
#include "opt/round.h"
#include "valid/valid.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
    const char *name, *what;
    u8 speed, size;
    OptPass *run;
} PassRow;

static const PassRow passes[] = {
#define PASS(name, speed, size, what) {#name, what, speed, size, opt_pass_##name},
#include "opt/pass.def"
};

const char *opt_pass_name(u32 number, const char **what)
{
    if (number >= COUNT_OF(passes)) return NULL;
    *what = passes[number].what;
    return passes[number].name;
}

// ---- A module and what it becomes

typedef struct {
    const OptPlan *plan;
    Diag *diag;
    Arena arena, scratch;  // of a round
    Arena held[2];         // of the module's bytes, and of those that it becomes
    u32 at;                // which of these are the module's
    size_t first;          // its size before any pass
    u32 turn;              // the how manieth of all passes; in the first some make code longer
    Bytes bytes;
    TypeStore *types;
    Module *m;
} Session;

static void close_module(Session *s)
{
    module_free(s->m);
    type_store_free(s->types);
    s->m = NULL;
    s->types = NULL;
}

// With bodies: those are validated too.
static bool open_module(Session *s, bool with_bodies)
{
    s->types = type_store_new_distinct();
    if (!s->types) return diag_fail(s->diag, ERR_out_of_memory, 0, "%s", "");
    if (!module_decode(s->bytes.data, s->bytes.len, s->plan->features, s->types, &s->m, s->diag))
        return false;
    s->m->watch = s->plan->watch;
    if (with_bodies) return module_validate(s->m, s->diag);
    return module_validate_definitions(s->m, s->diag) && module_validate_data(s->m, s->diag);
}

// The module becomes what the edit says. False: *diag says why.
static bool apply(Session *s, const Edit *edit)
{
    Buf out;
    Arena *next = &s->held[!s->at];
    arena_reset(next);
    buf_init(&out, next);
    if (!module_encode(s->m, edit, &out, s->diag)) return false;
    close_module(s);
    s->bytes = buf_view(&out);
    s->at = !s->at;
    return open_module(s, false);
}

// False: out of memory.
static bool find(Session *s, const PassRow *pass, OptRound *r)
{
    jmp_buf failed;
    enum { PART = 64, SOME = 1024 }; // of the module, for what is longer and faster
    *r = (OptRound){.m = s->m, .level = s->plan->level, .arena = &s->arena, .scratch = &s->scratch,
                    .grows = !s->turn, .room = (s64)s->first - (s64)s->bytes.len,
                    .most = MAX((u32)(s->first / PART), (u32)SOME)};
    s->arena.on_failure = s->scratch.on_failure = &failed;
    if (setjmp(failed)) return diag_fail(s->diag, ERR_out_of_memory, 0, "%s", "");
    type_indexes_init(&r->types, s->m, &s->arena);
    pass->run(r);
    round_finish(r);
    return true;
}

static bool run_pass(Session *s, const PassRow *pass, u32 *found)
{
    OptRound r;
    size_t before = s->bytes.len;
    bool good = find(s, pass, &r);
    if (good && r.found) {
        good = apply(s, &r.edit);
        *found += r.found;
        if (good && s->plan->tell)
            s->plan->tell(s->plan->env, pass->name, r.found, before, s->bytes.len);
    }
    arena_reset(&s->arena);
    arena_reset(&s->scratch);
    return good;
}

// ---- Which of them

static bool is_listed(const char *list, const char *name)
{
    size_t len = strlen(name);
    for (; *list; list += *list == ',') {
        size_t word = strcspn(list, ",");
        if (word == len && !memcmp(list, name, len)) return true;
        list += word;
    }
    return false;
}

static bool is_due(const OptPlan *plan, const PassRow *pass)
{
    if (plan->only) return is_listed(plan->only, pass->name);
    return plan->level.size ? pass->size <= plan->level.size : pass->speed <= plan->level.speed;
}

// How often all of them are run, while there is something left to do.
static u32 turns(const OptPlan *plan)
{
    OptLevel level = plan->level;
    if (plan->only || level.speed == 1) return 1;
    return level.speed == 4 || level.size == 2 ? 4 : 2;
}

// What the last turn took in where it was called.
static bool leave_out_unused(Session *s, u32 *found)
{
    for (u32 i = 0; i < COUNT_OF(passes); i++)
        if (passes[i].run == opt_pass_unused && is_due(s->plan, &passes[i]))
            return run_pass(s, &passes[i], found);
    return true;
}

static bool run_all(Session *s)
{
    const Edit first = {.gone_sections = s->plan->gone_sections};
    if (!apply(s, &first)) return false;
    s->first = s->bytes.len;
    u32 found = 1;
    for (s->turn = 0; s->turn < turns(s->plan) && found; s->turn++) {
        found = 0;
        for (u32 i = 0; i < COUNT_OF(passes); i++)
            if (is_due(s->plan, &passes[i]) && !run_pass(s, &passes[i], &found)) return false;
    }
    if (!leave_out_unused(s, &found)) return false;
    close_module(s);
    return open_module(s, true); // once more: to be sure
}

static bool put(Session *s, Buf *out)
{
    jmp_buf failed, *before = out->arena->on_failure;
    out->arena->on_failure = &failed;
    bool good = !setjmp(failed);
    if (good) buf_bytes(out, s->bytes.data, s->bytes.len);
    else diag_fail(s->diag, ERR_out_of_memory, 0, "%s", "");
    out->arena->on_failure = before;
    return good;
}

// *grown: it has become larger than it was, and nothing is written.
static bool optimize(Bytes bytes, const OptPlan *plan, Buf *out, bool *grown, Diag *diag)
{
    Session s = {.plan = plan, .diag = diag, .bytes = bytes};
    Arena *arenas[] = {&s.arena, &s.scratch, &s.held[0], &s.held[1]};
    diag_init(diag);
    for (u32 i = 0; i < COUNT_OF(arenas); i++) arena_init(arenas[i]);
    bool good = open_module(&s, true) && run_all(&s);
    *grown = good && !plan->only && s.bytes.len > s.first;
    good = good && (*grown || put(&s, out));
    close_module(&s);
    for (u32 i = 0; i < COUNT_OF(arenas); i++) arena_free(arenas[i]);
    return good;
}

// What is longer and faster is tried first; and where that comes out longer, without, or not at
// all.
bool opt_module(Bytes bytes, const OptPlan *plan, Buf *out, Diag *diag)
{
    OptPlan other = *plan;
    bool grown;
    if (!optimize(bytes, plan, out, &grown, diag)) return false;
    if (!grown) return true;
    other.level.size = MAX(other.level.size, 1);
    if (!optimize(bytes, &other, out, &grown, diag)) return false;
    if (!grown) return true;
    other.level = (OptLevel){0, 0};
    return optimize(bytes, &other, out, &grown, diag);
}
