// notes.c -- see notes.h. A scan of its own over the opcodes: a body that is valid needs no types.
//
//     loop                      loop                end      end
//       |-- uses: weight[1] ----- | -- weight[2] -- |   ...   |
//                                    at the end: the 16 heaviest are noted, and 8 times all weights
//                                    go to the loop around
//
// Of each open loop down to NOTE_DEPTH there is a table by local, and a list of the locals in it,
// so a use is constant work, and at most NOTE_DEPTH times more when loops end. A local counts as
// set before it is read only where a set stands in the loop itself, in no block that could be left
// first. (What is behind it in code that nobody reaches is not reached either.)

#include "valid/notes.h"

#include "module/imm.h"

#include <assert.h>
#include <string.h>

// Of a local in a loop: 0, which is not in the list, or its weight above some bits.
typedef u64 Use;
enum {
    USE_ONE = 256,   // of weight
    USE_SET = 1,     // before anything could read it; besides NOTE_assigned and NOTE_read_first
    USE_HEAVIEST = 48, // as many bits of weight at most
};

typedef struct {
    u32 frame;       // how many frames are open in the loop
    Use *uses;       // by local
    u16 *list;       // of those with a weight
    u32 count;
} Level;

struct NoteTaker {
    LoopNotes notes;
    Arena *arena;
    const Module *m;
    const u8 *end;   // of the body
    Halt halt;
    u32 frames;      // that are open, from the outermost loop on
    u32 *loop_frames; // Level.frame of each
    u32 loop_cap, frame_count, frame_cap;
    u32 open;        // the innermost open loop, or NOTE_NONE
    u32 depth;       // how many are open
    Use *uses;       // of the innermost list; NULL: no loop is open
    u32 local_count;
    Level levels[NOTE_DEPTH + 1]; // by depth, from 1 on; empty where no loop is open
};

// ---- Uses of locals

static u64 weight_of(Use use) { return use / USE_ONE; }

static Level *innermost(NoteTaker *t) { return &t->levels[MIN(t->depth, NOTE_DEPTH)]; }

static Use *use_of(Level *l, u32 local)
{
    if (!l->uses[local]) l->list[l->count++] = (u16)local;
    return &l->uses[local];
}

// What a first use changes besides the weight.
static __attribute__((noinline)) void note_first(NoteTaker *t, u32 local, bool set)
{
    Level *l = innermost(t);
    Use *use = use_of(l, local);
    if (set) *use |= NOTE_assigned | (t->frames == l->frame ? USE_SET : 0);
    else *use |= NOTE_read_first;
    *use += USE_ONE;
}

static inline void note_get(NoteTaker *t, u32 local)
{
    if (!t->uses) return;
    if (LIKELY(t->uses[local] & (NOTE_read_first | USE_SET))) t->uses[local] += USE_ONE;
    else note_first(t, local, false);
}

static inline void note_set(NoteTaker *t, u32 local)
{
    if (!t->uses) return;
    Use use = t->uses[local];
    if (LIKELY((use & NOTE_assigned) && (use & (NOTE_read_first | USE_SET))))
        t->uses[local] += USE_ONE;
    else note_first(t, local, true);
}

// The heaviest, in order; of equals the lower local first, so that all note the same.
static void note_heaviest(LoopNote *note, const Level *l)
{
    u32 count = 0;
    for (u32 i = 0; i < l->count; i++) {
        u32 local = l->list[i], at = count;
        u64 weight = weight_of(l->uses[local]);
        for (; at; at--) {
            u32 other = note->locals[at - 1];
            u64 heavy = weight_of(l->uses[other]);
            if (heavy > weight || (heavy == weight && other < local)) break;
        }
        if (at == NOTE_LOCALS) continue;
        count = MIN(count + 1, NOTE_LOCALS);
        memmove(note->locals + at + 1, note->locals + at, (count - 1 - at) * sizeof *note->locals);
        note->locals[at] = (u16)local;
    }
    for (u32 i = 0; i < count; i++) {
        Use use = l->uses[note->locals[i]];
        note->about[i] = (u8)(63 - __builtin_clzll(weight_of(use))) |
                         (u8)(use & (NOTE_assigned | NOTE_read_first));
    }
    note->local_count = (u8)count;
}

// What was in the loop was in the one around it. It may not have been run, so it set nothing there.
static void merge(Level *outer, Level *inner)
{
    for (u32 i = 0; i < inner->count; i++) {
        Use *from = &inner->uses[inner->list[i]];
        if (outer) {
            Use *to = use_of(outer, inner->list[i]);
            u64 weight = weight_of(*to) + 8 * weight_of(*from);
            u8 about = (u8)*to | (*from & NOTE_assigned);
            if ((*from & NOTE_read_first) && !(*to & USE_SET)) about |= NOTE_read_first;
            *to = MIN(weight, (u64)1 << USE_HEAVIEST) * USE_ONE | about;
        }
        *from = 0;
    }
    inner->count = 0;
}

// ---- Loops

// Its frame is the one that was opened last.
static void open_loop(NoteTaker *t, const u8 *at)
{
    LoopNotes *n = &t->notes;
    u32 number = n->loop_count;
    LoopNote *note = &ARENA_PUSH(t->arena, n->loops, n->loop_count, t->loop_cap);
    *note = (LoopNote){.start = (u32)(at - t->m->bytes),
                       .parent = t->open,
                       .depth = (u8)MIN(t->depth + 1, UINT8_MAX)};
    ARENA_PUSH(t->arena, t->loop_frames, t->frame_count, t->frame_cap) = t->frames;
    t->open = number;
    if (++t->depth > NOTE_DEPTH) return;
    Level *l = &t->levels[t->depth];
    l->frame = t->frames;
    t->uses = l->uses;
    if (l->uses) return;
    l->uses = NEW_ARRAY(t->arena, Use, t->local_count);
    l->list = NEW_ARRAY(t->arena, u16, t->local_count);
    t->uses = l->uses;
}

static void close_loop(NoteTaker *t, const u8 *end)
{
    LoopNote *note = &t->notes.loops[t->open];
    note->end = (u32)(end - t->m->bytes);
    if (t->depth <= NOTE_DEPTH) {
        note_heaviest(note, &t->levels[t->depth]);
        merge(t->depth > 1 ? &t->levels[t->depth - 1] : NULL, &t->levels[t->depth]);
    }
    t->open = note->parent;
    t->depth--;
    t->uses = t->depth ? innermost(t)->uses : NULL;
    if (t->open == NOTE_NONE) return;
    LoopNote *outer = &t->notes.loops[t->open];
    outer->calls = (u16)MIN((u32)outer->calls + note->calls, UINT16_MAX);
}

static void close_frame(NoteTaker *t, const u8 *end)
{
    if (t->open != NOTE_NONE && t->loop_frames[t->open] == t->frames) close_loop(t, end);
    t->frames--;
}

static void note_callee(NoteTaker *t)
{
    if (t->open == NOTE_NONE) return;
    LoopNote *note = &t->notes.loops[t->open];
    if (note->calls < UINT16_MAX) note->calls++;
}

// ---- The scan -----------------------------------------------------------------------------------

// By the first byte of an instruction of which nothing is noted: how many numbers follow, and one
// more. All others are looked at.
enum { PLAIN = 1, PLAIN_ONE, PLAIN_TWO };
static const u8 plain[256] = {
    [0x00] = PLAIN, [0x01] = PLAIN, [0x05] = PLAIN,       // unreachable, nop, else
    [0x0c ... 0x0d] = PLAIN_ONE, [0x0f] = PLAIN,          // br, br_if, return
    [0x1a ... 0x1b] = PLAIN,                              // drop, select
    [0x23 ... 0x26] = PLAIN_ONE,                          // of globals and tables
    [0x28 ... 0x3e] = PLAIN_TWO, [0x3f ... 0x40] = PLAIN_ONE, // of memories
    [0x41 ... 0x42] = PLAIN_ONE, [0x45 ... 0xc4] = PLAIN, // constants, numeric
};
enum { MEMARG_MEMORY = 0x40 }; // in the first number of PLAIN_TWO: there is a third

// What is behind a plain instruction; NULL: it must be looked at. Eight bytes follow it at least.
static inline const u8 *pass_plain(const u8 *at, u32 kind)
{
    u64 word;
    memcpy(&word, at + 1, sizeof word);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = __builtin_bswap64(word);
#endif
    u64 last = ~word & 0x8080808080808080; // of each byte that ends a number, the highest bit
    u64 behind = last & (last - 1);
    if (kind == PLAIN_TWO) last = behind;
    u32 bytes = last ? ((u32)__builtin_ctzll(last) + 1) / 8 : 0;
    if (UNLIKELY(!bytes || (kind == PLAIN_TWO && word & MEMARG_MEMORY))) return NULL;
    return at + 1 + (kind == PLAIN ? 0 : bytes);
}

// Of blocks: no more than this byte?
static bool is_short_type(u8 byte) { return byte <= 0x40 || (byte >= 0x7b && byte < 0x80); }

static void open_frame(NoteTaker *t, const u8 *at, Op op)
{
    t->frames++;
    if (op == OP_loop) open_loop(t, at);
}

static void look_at(NoteTaker *t, ImmReader *r)
{
    const u8 *at = r->next;
    Imm imm;
    Op op = imm_op(r);
    assert(op != OP_COUNT);
    imm_read(r, op, &imm);
    switch (op) {
    case OP_local_get: note_get(t, imm.local); break;
    case OP_local_set: case OP_local_tee: note_set(t, imm.local); break;
    case OP_block: case OP_loop: case OP_if: case OP_try: case OP_try_table:
        open_frame(t, at, op);
        break;
    case OP_end: case OP_delegate: close_frame(t, r->next); break;
    case OP_call: case OP_call_indirect: case OP_call_ref: case OP_return_call:
    case OP_return_call_indirect: case OP_return_call_ref: case OP_resume: case OP_resume_throw:
    case OP_resume_throw_ref: case OP_switch: case OP_suspend: note_callee(t); break;
    default: break;
    }
}

// What is met most, at once; the same as look_at, which takes all else.
static const u8 *look_fast(NoteTaker *t, const u8 *at)
{
    switch (at[0]) {
    case 0x20: // local.get
        if (at[1] >= 0x80) return NULL;
        note_get(t, at[1]);
        return at + 2;
    case 0x21: case 0x22: // local.set, local.tee
        if (at[1] >= 0x80) return NULL;
        note_set(t, at[1]);
        return at + 2;
    case 0x02: case 0x03: case 0x04: // block, loop, if
        if (!is_short_type(at[1])) return NULL;
        open_frame(t, at, at[0] == 0x03 ? OP_loop : OP_block);
        return at + 2;
    case 0x0b: // end
        close_frame(t, at + 1);
        return at + 1;
    default: return NULL;
    }
}

// As far as `to`, or one instruction beyond, or the end of the outermost loop.
static void scan(NoteTaker *t, ImmReader *r, const u8 *to)
{
    const u8 *at = r->next, *end = r->end;
    do {
        const u8 *next = NULL;
        if (LIKELY(end - at > 8)) {
            u32 kind = plain[*at];
            next = kind ? pass_plain(at, kind) : look_fast(t, at);
        }
        if (UNLIKELY(!next)) {
            r->next = at;
            look_at(t, r);
            next = r->next;
        }
        at = next;
    } while (at < to && t->frames);
    r->next = at;
}

// A piece takes a tenth of a millisecond, however many loops it has.
static bool scan_pieces(NoteTaker *t, ImmReader *r)
{
    enum { PIECE = 4096 };
    do {
        if (halt_asked(t->halt)) return false;
        scan(t, r, r->next + MIN(PIECE, r->end - r->next));
    } while (t->frames);
    return true;
}

NoteTaker *notes_begin(const Module *m, u32 func, u32 local_count, Arena *arena, Halt halt)
{
    NoteTaker *t = NEW(arena, NoteTaker);
    *t = (NoteTaker){.arena = arena, .m = m, .end = m->bytes + m->funcs[func].body.end,
                     .halt = halt, .open = NOTE_NONE, .local_count = local_count};
    return t;
}

const LoopNotes *notes_find(NoteTaker *t, u32 at)
{
    Diag diag;
    diag_init(&diag);
    ImmReader r = {.m = t->m, .next = t->m->bytes + at, .end = t->end, .diag = &diag};
    assert(*r.next == 0x03);
    t->notes.loop_count = t->frame_count = 0;
    t->frames = 0;
    if (!scan_pieces(t, &r)) return NULL;
    assert(diag.err == ERR_none); // the body was validated
    return &t->notes;
}
