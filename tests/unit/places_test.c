// places_test.c -- what the runtime is told of a function's code is held against it by the checker:
// code of functions that do all that there is something to be told of, and each word of that
// changed. Hazards: R85.

#include "base/buf.h"
#include "base/leb.h"
#include "jit/listing.h"
#include "modes.h"

#if NATIVE

static const char text[] =
    "(module"
    "  (type $t (func (param i32) (result i32)))"
    "  (import \"h\" \"f\" (func $host (param i32)))"
    "  (memory 1) (table 3 funcref) (tag $e (param i32 i64)) (tag $none)"
    "  (func $memory (param i32 i64) (result i64)"
    "    (loop $l"
    "      (i64.store offset=8 (local.get 0) (i64.load (local.get 0)))"
    "      (br_if $l (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))"
    "    (memory.fill (i32.const 0) (i32.const 0) (local.get 0))"
    "    (i64.extend_i32_u (memory.grow (i32.load8_u (local.get 0)))))"
    "  (func $calls (type $t)"
    "    (i32.add (call $calls (local.get 0)) (i32.add (call $calls (local.get 0))"
    "      (call_indirect (type $t) (i32.const 1) (local.get 0))))"
    "    (call $host (i32.div_s (local.get 0) (i32.const 0)))"
    "    (drop (call_ref $t (i32.const 1) (ref.null $t)))"
    "    (loop $l (loop $m (br_if $m (local.get 0))) (br_if $l (local.get 0))))"
    "  (func $catches (param i32) (result i32) (local i64)"
    "    (block $h (result i32 i64)"
    "      (block $r (result i32 i64 exnref)"
    "        (block $a (result exnref)"
    "          (block $n"
    "            (try_table (catch $e $h) (catch_ref $e $r) (catch_all_ref $a) (catch_all $n)"
    "              (call $host (local.get 0))"
    "              (try_table (catch $none $n) (throw $e (local.get 0) (local.get 1))))"
    "            (unreachable))"
    "          (return (i32.const 1)))"
    "        (throw_ref))"
    "      (drop))"
    "    (drop))"
    "  (func $legacy (param i32) (result i32)"
    "    (try (result i32) (do"
    "      (try (result i32) (do (call $host (local.get 0)) (i32.const 1)) (delegate 0)))"
    "     (catch $e (drop))"
    "     (catch_all (rethrow 0)))))";
enum { FIRST = 1, COUNT = 4 };

static Arena arena;
static u32 *scratch;
static u32 changes;

static const char *verdict(CheckInput in, const Native *told)
{
    CheckFault fault = {0};
    in.native = told;
    bool good = check_x64(&in, scratch, &fault);
    // what is passed at once must not make a difference
    CheckFault other;
    in.slowly = true;
    CHECK(check_x64(&in, scratch, &other) == good);
    CHECK(good || (other.offset == fault.offset && other.what == fault.what));
    return good ? "ok" : fault.what;
}

static void refused(const CheckInput *in, const Native *told, const char *why)
{
    changes++;
    CHECK_STR(verdict(*in, told), why);
}

// ---- Sites

enum { SITES_MOST = 1000 };
typedef struct {
    Site at[SITES_MOST];
    u32 count;
} Sites;

static Sites read_sites(const Native *n)
{
    Sites s = {.count = 0};
    Site site = {0};
    for (const u8 *next = n->map; next < n->map + n->map_len && s.count < SITES_MOST;) {
        u32 step = leb_known_u32(&next);
        site.taken = (step & 7) == SITE_taken ? step >> 3 : 0;
        if (site.taken) step = leb_known_u32(&next);
        u32 turn = leb_known_u32(&next);
        site.at += step >> 3;
        site.kind = (SiteKind)(step & 7);
        site.offset += (turn >> 1) ^ -(turn & 1);
        site.moved = site.kind == SITE_call ? leb_known_u32(&next) : 0;
        s.at[s.count++] = site;
    }
    return s;
}

static Native with_sites(const Native *n, const Sites *s)
{
    Native told = *n;
    Site before = {0};
    Buf map;
    buf_init(&map, &arena);
    for (u32 i = 0; i < s->count; before = s->at[i++]) {
        const Site *site = &s->at[i];
        s32 turn = (s32)(site->offset - before.offset);
        if (site->taken) buf_leb_u(&map, site->taken << 3 | SITE_taken);
        buf_leb_u(&map, (site->at - before.at) << 3 | site->kind);
        buf_leb_u(&map, (u32)turn << 1 ^ (u32)(turn >> 31));
        if (site->kind == SITE_call) buf_leb_u(&map, site->moved);
    }
    told.map = map.data;
    told.map_len = (u32)map.len;
    told.point_count = 0;
    return told;
}

static void sites_refused(const CheckInput *in, const Sites *s, const char *why)
{
    Native told = with_sites(in->native, s);
    refused(in, &told, why);
}

// Of another kind. The runtime does no harm where locals are said to be there, or not, or where
// what stopped goes on behind what it has not done.
static void change_kind(const CheckInput *in, const Sites *s, u32 i, SiteKind kind)
{
    SiteKind was = s->at[i].kind;
    bool loops = (was == SITE_entry || was == SITE_place) &&
                 (kind == SITE_entry || kind == SITE_place);
    Sites other = *s;
    other.at[i].kind = kind;
    Native told = with_sites(in->native, &other);
    const char *said = verdict(*in, &told);
    if (kind == was || loops || (was == SITE_again && kind == SITE_trap)) return;
    changes++;
    // C that may stop has another call like it behind, or begins nowhere
    CHECK(!strcmp(said, "the runtime is told of another place") ||
          (kind == SITE_again && !strcmp(said, "what is done again begins elsewhere")));
}

static void change_sites(const CheckInput *in)
{
    static const char place[] = "the runtime is told of another place";
    Sites s = read_sites(in->native);
    const Range body = in->module->funcs[in->native->func].body;
    CHECK(s.count > 2 && s.count < SITES_MOST);
    for (u32 i = 0; i < s.count; i++) {
        for (u32 k = SITE_entry; k <= SITE_again; k++) change_kind(in, &s, i, (SiteKind)k);
        Sites other = s;
        other.at[i].at++;
        sites_refused(in, &other, place);
        other.at[i].at -= 2;
        sites_refused(in, &other, place);
        other.at[i] = s.at[i];
        other.at[i].offset = body.end;
        sites_refused(in, &other, place);
        other.at[i].offset = body.start - 1;
        sites_refused(in, &other, place);
        if (s.at[i].kind == SITE_call) {
            other.at[i] = s.at[i];
            other.at[i].moved ^= 1;
            sites_refused(in, &other, "the frame is said to be moved otherwise");
        }
        other = s;
        memmove(&other.at[i], &other.at[i + 1], (--other.count - i) * sizeof *other.at);
        sites_refused(in, &other, place);
        other = s;
        memmove(&other.at[i + 1], &other.at[i], (other.count++ - i) * sizeof *other.at);
        other.at[i].at--;
        sites_refused(in, &other, place);
    }
    s.at[s.count] = s.at[s.count - 1];
    s.at[s.count++].at++;
    sites_refused(in, &s, place);
    Native told = *in->native;
    told.map_len--;
    refused(in, &told, place);
}

// Where a search may begin.
static void change_points(const CheckInput *in)
{
    static const char place[] = "the runtime is told of another place";
    Sites s = read_sites(in->native);
    Native told = *in->native;
    u32 middle = 1;
    for (const u8 *next = told.map; middle < s.count / 2; middle++) {
        for (u32 part = s.at[middle - 1].kind == SITE_call ? 3 : 2; part; part--)
            leb_known_u32(&next);
        SitePoint p = {s.at[middle - 1].at, s.at[middle - 1].offset, (u32)(next - told.map)};
        told.points = &p;
        told.point_count = 1;
        CHECK_STR(verdict(*in, &told), "ok");
        p.at++;
        refused(in, &told, place);
        p.at--, p.offset++;
        refused(in, &told, place);
        p.offset--, p.from++;
        refused(in, &told, place);
        p.from = told.map_len;
        refused(in, &told, place);
    }
}

// ---- Loops and clauses

static bool has_label(const CheckInput *in, u32 at, u32 kind)
{
    for (u32 i = 0; i < in->label_count; i++)
        if (in->labels[i].offset == at) return in->labels[i].kind & kind;
    return false;
}

static void change_loops(const CheckInput *in)
{
    Native told = *in->native;
    NativeLoop *loops = arena_copy(&arena, told.loops, told.loop_count * sizeof *told.loops);
    told.loops = loops;
    for (u32 i = 0; i < told.loop_count; i++) {
        u32 right = loops[i].at;
        for (u32 at = 0; at <= in->size; at++) {
            loops[i].at = at;
            if (has_label(in, at, CHECK_entry)) continue;
            refused(in, &told, "a loop is entered where there is no entry");
        }
        loops[i].at = right;
    }
}

static void change_clauses(const CheckInput *in)
{
    Native told = *in->native;
    u64 *clauses = arena_copy(&arena, told.catches.clauses, told.clause_count * sizeof *clauses);
    told.catches.clauses = clauses;
    for (u32 i = 0; i < told.clause_count; i += 2) {
        const u64 word = clauses[i], to = clauses[i + 1];
        static const char none[] = "a clause that there is not";
        for (u32 at = 0; at <= in->size; at++) {
            clauses[i + 1] = (to & ~(u64)UINT32_MAX) | at;
            if (has_label(in, at, CHECK_resume)) continue;
            refused(in, &told, "a clause goes on where something is known");
        }
        for (u32 next = 0; next < told.clause_count + 3; next++) {
            if (next > i && next % 2 == 0 && next < told.clause_count) continue;
            clauses[i + 1] = (u64)next << 32 | (u32)to;
            refused(in, &told, none);
        }
        clauses[i + 1] = to;
        clauses[i] = (word & ~(u64)0xffff) | (CLAUSE_on_switch + 1);
        refused(in, &told, none);
        clauses[i] = word | (u64)0xffff0000;
        refused(in, &told, none);
        u32 kind = (u16)word;
        bool tagged =
            kind == CLAUSE_catch || kind == CLAUSE_catch_ref || kind == CLAUSE_old_catch;
        if (tagged) {
            clauses[i] = (word & UINT32_MAX) | (u64)in->module->tag_count << 32;
            refused(in, &told, none);
        }
        u32 slots = kind == CLAUSE_catch_ref || kind == CLAUSE_catch_all_ref;
        if (tagged && word >> 32 == 0) slots += 2; // as $e has; $none has none
        clauses[i] = (word & ~(u64)0xffff0000) | (u64)(told.frame_slots + 1 - slots) << 16;
        refused(in, &told, none);
        clauses[i] = (word & ~(u64)0xffff0000) | (u64)(told.frame_slots - slots) << 16;
        CHECK_STR(verdict(*in, &told), "ok");
        if (kind == CLAUSE_old_catch || kind == CLAUSE_old_catch_all) {
            clauses[i] = word & ~(u64)0xffff0000; // the exception has a slot in front
            refused(in, &told, none);
        }
        clauses[i] = word;
    }
    if (!told.clause_count) return;
    told.clause_count--;
    CHECK(strcmp(verdict(*in, &told), "ok"));
}

static void change_guards(const CheckInput *in)
{
    static const char none[] = "a guard that there is not";
    Native told = *in->native;
    Catches *c = &told.catches;
    Guard *guards = arena_copy(&arena, c->guards, c->guard_count * sizeof *guards);
    GuardRange *ranges = arena_copy(&arena, c->ranges, c->range_count * sizeof *ranges);
    c->guards = guards;
    c->ranges = ranges;
    for (u32 i = 0; i < c->guard_count; i++) {
        const Guard right = guards[i];
        guards[i].next = i;
        refused(in, &told, none);
        guards[i] = (Guard){CODE_NONE, told.clause_count};
        refused(in, &told, none);
        guards[i].clauses = 1;
        refused(in, &told, none);
        guards[i] = right;
    }
    for (u32 i = 0; i < c->range_count; i++) {
        const GuardRange right = ranges[i];
        ranges[i].guard = c->guard_count;
        refused(in, &told, none);
        ranges[i] = right;
        if (!i) continue;
        ranges[i].start = ranges[i - 1].start - 1;
        if (ranges[i - 1].start) refused(in, &told, none);
        ranges[i] = right;
    }
}

// ---- Functions that were taken in

static u32 loops_taken;

static void change_taken(const CheckInput *in)
{
    static const char none[] = "a function was taken in where there is no call";
    Native told = *in->native;
    NativeTaken *taken = arena_copy(&arena, told.taken, told.taken_count * sizeof *taken);
    const Module *m = in->module;
    const Range body = m->funcs[told.func].body;
    told.taken = taken;
    for (u32 i = 0; i < told.taken_count; i++) {
        const NativeTaken right = taken[i];
        taken[i].func = m->func_count;
        refused(in, &told, none);
        taken[i].func = m->imported_funcs - 1;
        refused(in, &told, none);
        taken[i].func = told.func; // where its places are not
        refused(in, &told, "the runtime is told of another place");
        taken[i] = right;
        taken[i].outer = i + 1; // by itself
        taken[i].call = m->funcs[right.func].body.start;
        refused(in, &told, none);
        taken[i].outer = UINT32_MAX;
        refused(in, &told, none);
        taken[i] = right;
        taken[i].call = body.start - 1;
        refused(in, &told, none);
        taken[i].call = body.end;
        refused(in, &told, none);
        taken[i] = right;
        taken[i].first = told.frame_slots; // where there is no room for parameters
        refused(in, &told, "a function that was taken in has its frame in another's");
        taken[i].first = UINT32_MAX;
        refused(in, &told, "a function that was taken in has its frame in another's");
        taken[i] = right;
    }
    Sites s = read_sites(in->native);
    for (u32 i = 0; i < s.count; i++) {
        Sites other = s;
        other.at[i].taken = other.at[i].taken ? 0 : 1;
        sites_refused(in, &other, "the runtime is told of another place");
        other.at[i].taken = told.taken_count + 1;
        sites_refused(in, &other, "the runtime is told of another place");
        if (s.at[i].taken && s.at[i].kind == SITE_place) {
            other = s;
            other.at[i].offset++; // which is no loop
            sites_refused(in, &other, "who goes on there would find one frame, and not two");
            loops_taken++;
        }
        if (s.at[i].taken || s.at[i].kind == SITE_trap) continue;
        other = s;
        other.at[i].taken = 1; // who goes on does so in one frame
        other.at[i].offset = m->funcs[taken[0].func].body.start;
        sites_refused(in, &other, "who goes on there would find one frame, and not two");
    }
    told.taken_count--;
    refused(in, &told, "the runtime is told of another place");
}

// ---- Functions

// Where the slots would be.
static CheckInput placed(const Listing *l)
{
    enum { SLOTS_AT = -4096 };
    CheckInput in = l->in;
    u8 *bytes = arena_copy(&arena, in.bytes, in.size);
    for (u32 i = 0; i < l->field_count; i++) {
        s32 distance = SLOTS_AT + (s32)l->slots[i] * 8 - (s32)l->fields[i] - 4;
        memcpy(bytes + l->fields[i], &distance, 4);
    }
    in.bytes = bytes;
    in.slots_at = SLOTS_AT;
    return in;
}

static void check_func(const Instance *inst, u32 func)
{
    Listing l;
    arena_init(&arena);
    if (CHECK_EQ_U64(jit_list(inst->made, func, &arena, &l), COMPILED)) {
        CheckInput in = placed(&l);
        scratch = NEW_ARRAY(&arena, u32, check_scratch(&in));
        CHECK_STR(verdict(in, in.native), "ok");
        change_sites(&in);
        change_points(&in);
        change_loops(&in);
        change_clauses(&in);
        change_guards(&in);
        Native told = *in.native;
        told.frame_slots++;
        refused(&in, &told, "the frame is said to be another");
    }
    arena_free(&arena);
}

static const char small[] =
    "(module (import \"h\" \"f\" (func $host)) (memory 1)"
    "  (func $peek (param i32) (result i32)"
    "    (loop (br_if 0 (i32.load8_u (local.get 0)))) (i32.load8_u (local.get 0)))"
    "  (func $part (param i32 i32) (result i32) (i32.div_u (local.get 0) (local.get 1)))"
    "  (func (param i32) (result i32)"
    "    (call $host)"
    "    (i32.div_s (call $part (i32.const 5) (call $peek (local.get 0))) (local.get 0))))";

static void check_taken(const Instance *inst)
{
    enum { CALLER = 3 };
    Listing l;
    arena_init(&arena);
    if (CHECK_EQ_U64(jit_list(inst->made, CALLER, &arena, &l), COMPILED)) {
        CheckInput in = placed(&l);
        scratch = NEW_ARRAY(&arena, u32, check_scratch(&in));
        CHECK_STR(verdict(in, in.native), "ok");
        CHECK_EQ_U64(in.native->taken_count, 2);
        change_taken(&in);
    }
    arena_free(&arena);
}

static void check_funcs(const Instance *inst)
{
    for (u32 i = FIRST; i < FIRST + COUNT; i++) check_func(inst, i);
}
#endif

int main(void)
{
#if NATIVE
    each_mode(text, check_funcs);
    if (!tier_lacks()) mode_check(small, TIER_opt, true, false, check_taken);
    CHECK(tier_lacks() || (changes > 5000 && loops_taken));
#endif
    return check_report();
}
