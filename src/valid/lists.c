// lists.c -- comparing long lists of types.
//
//     operands    ... | a list that was pushed | one | by | one | another list |
//                     ^ WalkPushed                               ^ WalkPushed
//
// A call is two bytes and may compare a thousand types. Where those are the same it is a memcmp;
// where they match by subtyping only, what was found is kept: for each long list that is pushed
// where it stands, and for each pair of lists how far from their beginning they match. So operands
// are compared list with list, once for each pair, and only those that were pushed one by one (or
// in short lists) one by one: these are gone then, or replaced by the list that they were compared
// with.
//
// Nothing here is believed unseen. What stands in place of a pushed list is compared with it, since
// operands come and go without notice; and lists never change, so a pair that matches does so for
// good.
//
// The bound: an instruction costs a memcmp and a memcpy of a thousand types at most, and what it
// compares for the first time. There are PAIRS_MOST places for pairs. Only a module with so many
// long lists that it can always show another pair makes each instruction compare a thousand types
// one by one, at a nanosecond each while they are of a few hundred kinds; its lists take so much
// room that 10 MB of it come to two million pairs or so.

#include "valid/walk_core.h"

#include <string.h>

enum {
    KNOWN_LOG2 = 10,       // pairs of types
    PAIRS_LEAST = 16,      // pairs of lists: places to begin with, and at most
    PAIRS_MOST = 1 << 15,
    PAIR_PROBES = 8,
};

struct WalkPushed {
    u32 start, count;      // heights start .. start + count - 1 were
    const Type *types;     // these, when they were pushed
};

struct WalkPair {
    const Type *sub, *super;
    u32 count;             // so many from their beginning match
};

u64 list_hash(const Type *a, const Type *b)
{
    u64 h = (u64)(uintptr_t)a * 0x9e3779b97f4a7c15u;
    h = ((h ^ h >> 32) + (u64)(uintptr_t)b) * 0x9fb21c651e98df25u;
    return h ^ h >> 29;
}

static const Type *list_at(TypeList l, u32 i) { return l.first + (size_t)i * l.step; }

// Asks about each pair of types only now and then.
static ALWAYS_INLINE u32 mismatch_known(const WalkState *w, u64 *known, const Type *sub,
                                        const Type *super, u32 step, u32 count)
{
    u64 by = list_hash((const Type *)known, NULL) | 1; // nobody can prepare types that collide
    for (; count > 0; count--) {
        Type a = sub[count - 1], b = super[(size_t)(count - 1) * step];
        u64 both = (u64)a << 32 | b, *place = &known[both * by >> (64 - KNOWN_LOG2)];
        if (LIKELY(*place == both)) continue; // zeroes are bottom and bottom
        if (!walk_matches(w, a, type_unpacked(b))) break;
        *place = both;
    }
    return count;
}

static u32 mismatch_long(WalkState *w, const Type *sub, TypeList super, u32 count)
{
    if (!w->known) w->known = NEW_ARRAY(w->arena, u64, 1 << KNOWN_LOG2);
    return super.step == 1 ? mismatch_known(w, w->known, sub, super.first, 1, count)
                           : mismatch_known(w, w->known, sub, super.first, super.step, count);
}

// How many remain when the last that does not match is the last; 0: all match.
static u32 mismatch(WalkState *w, const Type *sub, TypeList super, u32 count)
{
    if (!WALK_SMALL && count >= LIST_LONG) return mismatch_long(w, sub, super, count);
    for (; count > 0; count--)
        if (!walk_matches(w, sub[count - 1], type_unpacked(*list_at(super, count - 1)))) break;
    return count;
}

// ---- Pairs of lists

static bool is_pair(const struct WalkPair *p, const Type *sub, const Type *super)
{
    return p->sub == sub && p->super == super;
}

// The place of a pair, or one that it may take.
static struct WalkPair *find_pair(const WalkState *w, const Type *sub, const Type *super)
{
    u32 home = (u32)list_hash(sub, super), mask = w->pair_cap - 1;
    for (u32 i = 0; i < PAIR_PROBES; i++) {
        struct WalkPair *p = &w->pairs[(home + i) & mask];
        if (!p->sub || is_pair(p, sub, super)) return p;
    }
    return &w->pairs[home & mask];
}

static void grow_pairs(WalkState *w)
{
    struct WalkPair *old = w->pairs;
    u32 old_cap = w->pair_cap;
    w->pair_cap = old_cap ? 2 * old_cap : PAIRS_LEAST;
    w->pairs = NEW_ARRAY(w->arena, struct WalkPair, w->pair_cap);
    for (u32 i = 0; i < old_cap; i++)
        if (old[i].sub) *find_pair(w, old[i].sub, old[i].super) = old[i];
}

static void keep_pair(WalkState *w, const Type *sub, const Type *super, u32 count)
{
    if (2 * w->pair_count >= w->pair_cap && w->pair_cap < PAIRS_MOST) grow_pairs(w);
    struct WalkPair *p = find_pair(w, sub, super);
    w->pair_count += !p->sub;
    *p = (struct WalkPair){sub, super, count};
}

// mismatch() for a sub that stays.
static u32 mismatch_lists(WalkState *w, const Type *sub, TypeList super, u32 count)
{
    if (w->pairs && count >= LIST_LONG) {
        const struct WalkPair *p = find_pair(w, sub, super.first);
        if (is_pair(p, sub, super.first) && p->count >= count) return 0;
    }
    u32 wrong = mismatch(w, sub, super, count);
    if (!wrong && count >= LIST_LONG) keep_pair(w, sub, super.first, count);
    return wrong;
}

bool list_matches(WalkState *w, const Type *sub, const Type *super, u32 count)
{
    return !mismatch_lists(w, sub, (TypeList){super, 1}, count);
}

// ---- Operands

void list_pushed(WalkState *w, const Type *types, u32 count)
{
    u32 at = w->operand_count;
    while (w->pushed_count && w->pushed[w->pushed_count - 1].start >= at) w->pushed_count--;
    if (w->pushed_count) {
        struct WalkPushed *below = &w->pushed[w->pushed_count - 1];
        below->count = MIN(below->count, at - below->start);
    }
    ARENA_PUSH(w->arena, w->pushed, w->pushed_count, w->pushed_cap) =
        (struct WalkPushed){at, count, types};
}

static u32 same_prefix(const Type *a, const Type *b, u32 count)
{
    enum { CHUNK = 64 };
    u32 n = 0;
    while (!WALK_SMALL && count - n >= CHUNK && memcmp(a + n, b + n, CHUNK * sizeof *a) == 0)
        n += CHUNK;
    while (n < count && a[n] == b[n]) n++;
    return n;
}

// What is still there of a pushed list from height `from` on, and below `end`: returns its end.
static u32 pushed_end(const WalkState *w, struct WalkPushed *p, u32 from, u32 end)
{
    u32 to = MIN(p->start + p->count, end);
    if (to <= from) return from;
    u32 same = same_prefix(w->operands + from, p->types + (from - p->start), to - from);
    p->count = from + same - p->start;
    return from + same;
}

u32 list_mismatch_operands(WalkState *w, TypeList types, u32 count)
{
    u32 base = w->operand_count - count, end = w->operand_count, wrong = 0;
    if (count < LIST_LONG) return mismatch(w, w->operands + base, types, count);
    while (w->pushed_count && w->pushed[w->pushed_count - 1].start >= end) w->pushed_count--;
    for (u32 n = w->pushed_count; end > base; n--) {
        struct WalkPushed *p = n ? &w->pushed[n - 1] : NULL;
        u32 from = p ? MAX(p->start, base) : base, to = p ? pushed_end(w, p, from, end) : base;
        if (to < end)
            wrong = mismatch(w, w->operands + to, (TypeList){list_at(types, to - base), types.step},
                             end - to);
        if (wrong) return to - base + wrong;
        if (to > from)
            wrong = mismatch_lists(w, p->types + (from - p->start),
                                   (TypeList){list_at(types, from - base), types.step}, to - from);
        if (wrong) return from - base + wrong;
        end = from;
    }
    return 0;
}
