// listing_test.c -- what jit_list shows is what runs: the same bytes but for distances to slots,
// and sites are of the instruction whose part they are in.

#include "jit/listing.h"
#include "modes.h"

#if NATIVE

static const char text[] =
    "(module"
    "  (type $t (func (param i32) (result i32)))"
    "  (import \"h\" \"f\" (func $host (param i32)))"
    "  (memory 1) (table 3 funcref) (global $g (mut i64) (i64.const 0)) (tag $e (param i32))"
    "  (func $plain (param i32 i64 f64) (result f64)"
    "    (global.set $g (i64.div_u (local.get 1) (i64.const 3)))"
    "    (call $host (i32.trunc_f64_s (local.get 2)))"
    "    (drop (memory.grow (i32.load offset=70000 (local.get 0))))"
    "    (f64.mul (local.get 2) (f64.const 2.5)))"
    "  (func $loops (param $p i32) (param $n i32) (result i32) (local $s i32) (local $k i32)"
    "    (loop $l (local.set $k (i32.const 3))"
    "      (loop $m"
    "        (local.set $s (i32.add (local.get $s) (i32.load8_u (local.get $p))))"
    "        (br_if $l (i32.gt_u (local.get $s) (i32.const 1000)))"
    "        (br_if $m (local.tee $k (i32.sub (local.get $k) (i32.const 1)))))"
    "      (br_if $l (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))"
    "    (local.get $s))"
    "  (func $calls (type $t)"
    "    (block $b (block $c (br_table $b $c $b (local.get 0)))"
    "      (return (call_indirect (type $t) (i32.const 1) (local.get 0))))"
    "    (block $h (result i32)"
    "      (try_table (catch $e $h) (throw $e (local.get 0))) (unreachable))"
    "    (return_call_indirect (type $t) (i32.const 7))))";
enum { FIRST = 1, COUNT = 3 };

// Of the part that a byte is in.
static const ListingPart *part_of(const Listing *l, u32 at)
{
    u32 i = 0;
    while (i + 1 < l->part_count && l->parts[i + 1].at <= at) i++;
    return &l->parts[i];
}

static void check_parts(const Listing *l, const ModuleCode *code, const Native *n)
{
    bool late = false;
    CHECK(l->part_count > 3 && l->parts[0].at == 0);
    for (u32 i = 1; i < l->part_count; i++) {
        CHECK(l->parts[i].at >= l->parts[i - 1].at && l->parts[i].at <= l->in.code_size);
        if (l->parts[i].late) late = true;
        else CHECK(!late && l->parts[i].offset >= l->parts[i - 1].offset);
    }
    CHECK(late);
    u32 sites = 0;
    for (u32 at = 1; at <= l->in.code_size; at++) {
        const u8 *pc = native_address(code, n, at);
        Site site = native_site(code, n, pc);
        if (site.at != at) continue;
        sites++;
        CHECK_EQ_U64(site.offset, part_of(l, at - 1)->offset);
    }
    CHECK(sites > 2);
}

static void check_func(const Instance *inst, u32 func)
{
    Arena arena;
    Listing l;
    ModuleCode *code = inst->made;
    if (!CHECK(native_compile(code, func, (Halt){0}) == COMPILED)) return;
    const u8 *start = atomic_load(&code->funcs[func].native);
    const Native *n = native_find(code, start + 1);
    arena_init(&arena);
    if (CHECK_EQ_U64(jit_list(code, func, &arena, &l), COMPILED) &&
        CHECK_EQ_U64(l.in.size, n->size)) {
        u8 *bytes = arena_copy(&arena, native_address(code, n, 0), l.in.size);
        for (u32 i = 0; i < l.field_count; i++) {
            s32 distance;
            u8 *field = bytes + l.fields[i];
            memcpy(&distance, field, 4);
            memset(field, 0, 4);
            const u8 *slot = (const u8 *)native_address(code, n, l.fields[i] + 4) + distance;
            CHECK(slot == (const u8 *)&native_slots(native_region(code))[l.slots[i]]);
            CHECK(!i || l.fields[i] > l.fields[i - 1]);
        }
        CHECK_BYTES(l.in.bytes, l.in.size, bytes, l.in.size);
        CHECK_EQ_U64(l.in.native->frame_slots, n->frame_slots);
        check_parts(&l, code, n);
    }
    arena_free(&arena);
}

// The arena is as before when there is no room; the caller's failure is where it was.
static void check_short(const Instance *inst)
{
    Arena arena;
    Listing l;
    arena_init(&arena);
    jmp_buf unused;
    arena.on_failure = &unused;
    arena.limit = 1;
    CHECK_EQ_U64(jit_list(inst->made, FIRST, &arena, &l), COMPILED_short);
    CHECK(arena.on_failure == &unused);
    arena_free(&arena);
}

static void check_funcs(const Instance *inst)
{
    for (u32 i = FIRST; i < FIRST + COUNT; i++) check_func(inst, i);
    check_short(inst);
}
#endif

int main(void)
{
#if NATIVE
    each_mode(text, check_funcs);
#endif
    return check_report();
}
