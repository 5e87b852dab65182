// op.c -- the tables as data. See op.h.

#include "op/op.h"

#include "base/leb.h"

#include <pthread.h>
#include <string.h>

#ifdef WEFT_MICRO
#define NAMED(name)
#else
#define NAMED(name) name,
#endif
// Rows that are left out need no words.
#define WORDS(text, since) (FEATURES_LEFT_OUT & FEATURE_BIT(FEATURE_##since) ? NULL : (text))
#define OP_KNOWN_ONLY
const OpInfo op_info[OP_KNOWN] = {
#define ROW(name, text, opcode, imm, sig, since, bits, lanes)                                      \
    [OP_##name] = {NAMED(#name) WORDS(text, since), opcode, EFFECTS_##name, IMM_##imm, SIG_##sig, FEATURE_##since, bits, lanes},
#define OP(name, text, opcode, imm, sig, since, effects)                                           \
    ROW(name, text, opcode, imm, sig, since, 0, 0)
#define LOAD(name, text, opcode, sig, since, bits, ext)                                            \
    ROW(name, text, opcode, memarg, sig, since, bits, 0)
#define STORE(name, text, opcode, sig, since, bits)                                                \
    ROW(name, text, opcode, memarg, sig, since, bits, 0)
#define VLOAD(name, text, opcode, sig, since, bits, ...)                                           \
    ROW(name, text, opcode, memarg, sig, since, bits, 0)
#define VSTORE STORE
#define LOAD_LANE(name, text, opcode, sig, since, bits)                                            \
    ROW(name, text, opcode, memarg_lane, sig, since, bits, 128 / bits)
#define STORE_LANE(name, text, opcode, sig, since, bits)                                           \
    ROW(name, text, opcode, memarg_lane, sig, since, bits, 128 / bits)
#define LANE(name, text, opcode, sig, since, lanes, ...)                                           \
    ROW(name, text, opcode, lane, sig, since, 0, lanes)
#define ATOMIC(name, text, opcode, sig, since, bits, ...)                                          \
    ROW(name, text, opcode, memarg, sig, since, bits, 0)
#include "op/op.def"
#undef ROW
#undef WORDS
#undef NAMED
};
#undef OP_KNOWN_ONLY

#define OP(name, text, opcode, imm, sig, since, effects)                                           \
    _Static_assert((u32)OP_##name < OP_KNOWN ||                                                    \
                       FEATURES_LEFT_OUT & FEATURE_BIT(FEATURE_##since),                           \
                   text " needs a row in op_info");
#include "op/op.def"

const SigInfo sig_info[SIG_COUNT] = {
#define SIG(name) [SIG_##name] = SHAPE_##name(SIG_INFO),
#include "op/sig.def"
};

u8 op_prefix(u32 opcode)
{
    return opcode < 0x100 ? 0 : (u8)(opcode > 0xffff ? opcode >> 12 : opcode >> 8);
}

u32 op_sub(u32 opcode) { return opcode > 0xffff ? opcode & 0xfff : opcode & 0xff; }

// A duplicate encoding in the tables is a duplicate case, which does not compile.
#ifdef __OPTIMIZE_SIZE__
Op op_find(u8 prefix, u32 sub)
{
    for (u32 op = 0; op < OP_KNOWN; op++)
        if (op_prefix(op_info[op].opcode) == prefix && op_sub(op_info[op].opcode) == sub)
            return FEATURES_LEFT_OUT >> op_info[op].since & 1 ? OP_COUNT : (Op)op;
    return OP_COUNT;
}
#else
Op op_find(u8 prefix, u32 sub)
{
    if (sub > 0xffff) return OP_COUNT;
    switch ((u32)prefix << 16 | sub) {
#define PREFIX(opcode) ((opcode) < 0x100 ? 0 : (opcode) > 0xffff ? (opcode) >> 12 : (opcode) >> 8)
#define SUB(opcode) ((opcode) > 0xffff ? (opcode) & 0xfff : (opcode) & 0xff)
#define OP(name, text, opcode, immediates, sig, since, ...)                                        \
    case PREFIX(opcode) << 16 | SUB(opcode):                                                       \
        return FEATURES_LEFT_OUT & FEATURE_BIT(FEATURE_##since) ? OP_COUNT : OP_##name;
#include "op/op.def"
    }
    return OP_COUNT;
}
#endif

Op op_at(const u8 *bytes)
{
    u8 first = *bytes++;
    if (first < 0xfb || first > 0xfe) return op_find(0, first);
    return op_find(first, leb_known_u32(&bytes));
}

// Its ends and its length, which tell the rows' texts well enough apart.
static u32 text_hash(const char *text, size_t len)
{
    u64 head = 0, tail = 0;
    if (len >= 8) {
        memcpy(&head, text, 8);
        memcpy(&tail, text + len - 8, 8);
    } else {
        for (size_t i = 0; i < len; i++) head = head << 8 | (u8)text[i];
    }
    head = (head ^ tail * 0x9e3779b97f4a7c15u ^ len) * 0xd6e8feb86659fd93u;
    return (u32)(head >> 40);
}

// Made when somebody first asks, which a program that only runs binaries never does.
enum { BY_TEXT_SIZE = 4096 };
static struct { u16 op; u8 len; } by_text[BY_TEXT_SIZE]; // op: one more than the row's

static void make_by_text(void)
{
    for (u32 i = OP_KNOWN; i-- > 0;) {
        const char *row = op_info[i].text;
        u32 at = text_hash(row, strlen(row)) % BY_TEXT_SIZE;
        while (by_text[at].op && strcmp(op_info[by_text[at].op - 1].text, row))
            at = (at + 1) % BY_TEXT_SIZE;
        by_text[at].op = (u16)(i + 1);
        by_text[at].len = (u8)strlen(row);
    }
}

Op op_find_text(const char *text, size_t len)
{
    // Not call_once: ThreadSanitizer does not know it, and takes it for a race.
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, make_by_text);
    for (u32 at = text_hash(text, len) % BY_TEXT_SIZE; by_text[at].op; at = (at + 1) % BY_TEXT_SIZE)
        if (by_text[at].len == len && !memcmp(op_info[by_text[at].op - 1].text, text, len))
            return (Op)(by_text[at].op - 1);
    return OP_COUNT;
}

const char *const feature_text[FEATURE_COUNT] = {
#define FEATURE(name, text, ...) [FEATURE_##name] = text,
#include "op/feature.def"
#undef FEATURE
};

enum { FEATURE_DEFAULT_on = 1, FEATURE_DEFAULT_off = 0 };
const Features features_default = ~FEATURES_LEFT_OUT & (0
#define FEATURE(name, text, state, on, here) | (Features)FEATURE_DEFAULT_##on << FEATURE_##name
#include "op/feature.def"
#undef FEATURE
    );
const Features features_all = (FEATURE_BIT(FEATURE_COUNT) - 1) & ~FEATURES_LEFT_OUT;

bool features_parse(Features *set, const char *switches, Bytes *bad)
{
    Features result = *set;
    for (const char *s = switches; *s;) {
        const char *end = strchr(s, ',');
        size_t len = end ? (size_t)(end - s) : strlen(s);
        bool off = *s == '-', sign = *s == '-' || *s == '+';
        const char *word = s + sign;
        size_t word_len = len - sign;
        Features bits = 0;
        if (word_len == 3 && !memcmp(word, "all", 3)) bits = features_all;
        for (u32 f = 0; f < FEATURE_COUNT; f++)
            if (strlen(feature_text[f]) == word_len && !memcmp(feature_text[f], word, word_len))
                bits = FEATURE_BIT(f);
        if (!bits) {
            *bad = (Bytes){(const u8 *)word, word_len};
            return false;
        }
        result = off ? result & ~bits : result | bits;
        s += len + (end != NULL);
    }
    *set = result;
    return true;
}

const char *const trap_text[TRAP_COUNT] = {
    [TRAP_none] = "no trap",
#define TRAP(name, text) [TRAP_##name] = text,
#include "op/trap.def"
#undef TRAP
};

const u8 op_nan[OP_KNOWN] = {
#define OP_KNOWN_ONLY
#define SECOND(first, second, ...) second
#define RESULT(...) SECOND(__VA_ARGS__, 0, )
#define TRAP_IF(condition, trap)
#define LET(n, name, value)
#define NAN_OF(N, X) , NANS_##N
#define PURE(name, text, opcode, sig, since, meaning) [OP_##name] = meaning,
#include "op/op.def"
#ifndef WEFT_MICRO
#undef NAN_OF
#define NAN_OF(N, X) , NANS_lanes_##N
#define PAIR(first, second)
#define FLANES(N, value) RESULT(value)
#define FLANES2 FLANES
#define FLANES3 FLANES
#define FTESTS2(N, value) 0
#define LANES(N, value) 0
#define LANES2 LANES
#define LANES3 LANES
#define VECTOR(name, text, opcode, sig, since, ...) [OP_##name] = __VA_ARGS__,
#include "op/op.def"
#undef PAIR
#undef FLANES
#undef FLANES2
#undef FLANES3
#undef FTESTS2
#undef LANES
#undef LANES2
#undef LANES3
#endif
#undef OP_KNOWN_ONLY
#undef SECOND
#undef RESULT
#undef TRAP_IF
#undef LET
#undef NAN_OF
};

const u16 op_dear[OP_COUNT] = {
#define DEAR(row, units) [OP_##row] = units,
#include "op/price.def"
#define KEEP 0
#define WRITE(value) PRICE_atomic
#define WRITE_IF(condition, value) PRICE_atomic
#define ATOMIC(name, text, opcode, sig, since, bits, meaning) [OP_##name] = meaning,
#include "op/op.def"
#undef KEEP
#undef WRITE
#undef WRITE_IF
};
