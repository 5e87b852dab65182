// places.c -- where else control comes from: what the runtime is told of a blob (run/native.h), and
// believes, held against what is found out of the code.
//
//     loops              entered from the interpreter: labels that are entries
//     clauses            entered from who throws: labels where nothing is known; what is caught has
//                        room in the frame, and every search ends
//     taken              functions whose code stands in this one: each called in one before it
//     map, points        one site behind each call that comes back or stops, and at each access
//                        that may fault; none elsewhere. It says how far the frame is moved there,
//                        and what may be done there again

#include "base/leb.h"
#include "jit/check/state_x64.h"

static bool is_label(const Checker *c, u32 at, u32 kind)
{
    u32 number;
    const CheckLabel *l = check_label(c, at, &number);
    return l && l->kind & kind;
}

static bool loops_good(Checker *c, const Native *n)
{
    for (u32 i = 0; i < n->loop_count; i++)
        if (!is_label(c, n->loops[i].at, CHECK_entry))
            return check_fail(c, "a loop is entered where there is no entry");
    return true;
}

// How many slots from its home on a clause fills, and from in front of it.
static bool clause_fits(const Checker *c, u64 clause)
{
    const Module *m = c->in->module;
    u32 kind = (u16)clause, home = (u16)(clause >> 16), tag = (u32)(clause >> 32), slots = 0;
    bool handles = kind == CLAUSE_on || kind == CLAUSE_on_switch;
    bool tagged = kind == CLAUSE_catch || kind == CLAUSE_catch_ref || kind == CLAUSE_old_catch ||
                  handles;
    bool old = kind == CLAUSE_old_catch || kind == CLAUSE_old_catch_all;
    if (handles && c->in->foreign) return false;
    if (kind > CLAUSE_on_switch || (tagged && tag >= m->tag_count)) return false;
    if (tagged && kind != CLAUSE_on_switch)
        slots = type_def(m->store, m->tags[tag].type)->param_slots;
    slots += kind == CLAUSE_catch_ref || kind == CLAUSE_catch_all_ref || kind == CLAUSE_on;
    return (!old || home) && ((u64)home + slots) * 8 <= c->in->frame_bytes;
}

// An even index, which lies behind.
static bool clause_follows(const Native *n, u32 next, s64 before)
{
    return next == CODE_NONE || (next > before && next % 2 == 0 && next + 1 < n->clause_count);
}

static bool catches_good(Checker *c, const Native *n)
{
    const Catches *in = &n->catches;
    for (u32 i = 0; i + 1 < n->clause_count; i += 2) {
        u64 to = in->clauses[i + 1];
        if (!clause_fits(c, in->clauses[i]) || !clause_follows(n, (u32)(to >> 32), i))
            return check_fail(c, "a clause that there is not");
        if ((u16)in->clauses[i] != CLAUSE_on_switch && !is_label(c, (u32)to, CHECK_resume))
            return check_fail(c, "a clause goes on where something is known");
    }
    for (u32 i = 0; i < in->guard_count; i++) {
        const Guard *g = &in->guards[i];
        if ((g->next != CODE_NONE && g->next >= i) || !clause_follows(n, g->clauses, -1))
            return check_fail(c, "a guard that there is not");
    }
    for (u32 i = 0; i < in->range_count; i++) {
        const GuardRange *r = &in->ranges[i];
        if ((r->guard != CODE_NONE && r->guard >= in->guard_count) || (i && r->start < r[-1].start))
            return check_fail(c, "a guard that there is not");
    }
    return true;
}

// Of the function that a place is in.
static Range body_of(const Checker *c, u32 taken)
{
    return taken ? c->in->module->funcs[c->in->native->taken[taken - 1].func].body : c->body;
}
static bool is_in(Range body, u32 offset) { return offset - body.start < body.end - body.start; }

// How far behind the blob's frame one's is that was taken in.
static u64 behind(const Native *n, u32 taken)
{
    u64 slots = 0;
    for (; taken; taken = n->taken[taken - 1].outer) slots += n->taken[taken - 1].first;
    return slots;
}

// Who is walked ends at the blob's own function, by calls that stand in what they are said to, and
// has its parameters in the frame.
static bool taken_good(Checker *c, const Native *n)
{
    const Module *m = c->in->module;
    for (u32 i = 0; i < n->taken_count; i++) {
        const NativeTaken *t = &n->taken[i];
        if (t->func < m->imported_funcs || t->func >= m->func_count || t->outer > i ||
            !is_in(body_of(c, t->outer), t->call))
            return check_fail(c, "a function was taken in where there is no call");
        const TypeDef *type = type_def(m->store, m->funcs[t->func].type);
        if (t->first && behind(n, i + 1) + type->param_slots > n->frame_slots)
            return check_fail(c, "a function that was taken in has its frame in another's");
    }
    return true;
}

static void find_point(Checker *c, const Native *n)
{
    c->point_from = c->point == n->point_count ? UINT32_MAX : n->points[c->point].from;
}

bool places_begin(Checker *c)
{
    const Native *n = c->in->native;
    c->sites = n ? n->map : NULL;
    c->site = (Site){0};
    c->point = 0;
    if (!n) return true;
    c->body = c->in->module->funcs[n->func].body;
    find_point(c, n);
    if ((u64)n->frame_slots * 8 != c->in->frame_bytes)
        return check_fail(c, "the frame is said to be another");
    return loops_good(c, n) && catches_good(c, n) && taken_good(c, n);
}

// A search may begin where a point says.
static bool at_point(Checker *c, const Native *n, u32 from)
{
    const SitePoint *p = &n->points[c->point++];
    bool good = c->point_from == from && p->at == c->site.at && p->offset == c->site.offset;
    find_point(c, n);
    return good;
}

// Most are of one byte or two.
static inline bool read_number(const u8 **at, const u8 *end, u32 *value)
{
    const u8 *p = *at;
    u64 large;
    if (LIKELY(end - p >= 2 && (p[0] & p[1]) < 0x80)) {
        u32 more = p[0] >> 7;
        *value = (p[0] & 0x7f) | (p[1] & (0u - more)) << 7;
        *at = p + 1 + more;
        return true;
    }
    bool good = !leb_read(at, end, 32, false, &large);
    if (good) *value = (u32)large;
    return good;
}

static bool next_site(Checker *c, const Native *n)
{
    const u8 *end = n->map + n->map_len;
    u32 step, turn, moved = 0, from = (u32)(c->sites - n->map);
    if (UNLIKELY(from >= c->point_from) && !at_point(c, n, from)) return false;
    if (!read_number(&c->sites, end, &step)) return false;
    c->site.taken = 0;
    if (UNLIKELY((step & 7) == SITE_taken)) {
        c->site.taken = step >> 3;
        if (!c->site.taken || c->site.taken > n->taken_count) return false;
        if (!read_number(&c->sites, end, &step)) return false;
    }
    if (!read_number(&c->sites, end, &turn)) return false;
    c->site.kind = (SiteKind)(step & 7);
    if (c->site.kind == SITE_call && !read_number(&c->sites, end, &moved)) return false;
    c->site.at += step >> 3;
    c->site.offset += (turn >> 1) ^ -(turn & 1);
    c->site.moved = moved;
    return true;
}

static bool is_loop(const Checker *c, u32 offset)
{
    return op_at(c->in->module->bytes + offset) == OP_loop;
}

const char *site_fault(Checker *c, u32 at, u32 kinds)
{
    const Native *n = c->in->native;
    if (!n) return NULL;
    if (!next_site(c, n) || c->site.at != at || !(kinds >> c->site.kind & 1) ||
        !is_in(body_of(c, c->site.taken), c->site.offset))
        return "the runtime is told of another place";
    if (c->site.taken && c->site.kind != SITE_trap &&
        (c->site.kind != SITE_place || !is_loop(c, c->site.offset)))
        return "who goes on there would find one frame, and not two";
    if ((s64)c->site.moved * 8 != c->rbp) return "the frame is said to be moved otherwise";
    if (c->site.kind == SITE_again && (at < AGAIN_BYTES ||
                                       !is_label(c, at - AGAIN_BYTES, CHECK_resume)))
        return "what is done again begins elsewhere";
    return NULL;
}

bool places_end(Checker *c)
{
    const Native *n = c->in->native;
    bool good = !n || (c->sites == n->map + n->map_len && c->point == n->point_count);
    return good || check_fail(c, "the runtime is told of another place");
}
