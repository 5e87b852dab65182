// formal_collect_test.c -- what the formal machine collects, and what it must not: programs that
// make more than there is room for, and hold something meanwhile, everywhere that there is.

#include "formal.h"

// Of the smallest objects it is 47,000.
enum { HEAP = 4 << 20 };

static u64 run(const char *text, u32 rounds, Trap want, FormalStore *at_end)
{
    Machine m;
    Val values[2] = {value_i32(rounds)};
    machine_open(&m, text, NULL);
    m.store.limits.heap_bytes = HEAP;
    Trap trap = machine_call(&m, "f", values);
    CHECK_EQ_U64(trap, want);
    if (trap != want) printf("    %s: %s\n", trap_text[trap], m.config.detail);
    u64 result = values[0].bits;
    if (at_end) *at_end = m.store; // of which only numbers are looked at
    machine_close(&m);
    return result;
}

#define ROUNDS(...)                                                                                \
    "(loop $round " __VA_ARGS__                                                                    \
    " (br_if $round (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))"

static void test_garbage(void)
{
    FormalStore s;
    run("(type $s (struct (field i32 i64)))"
        "(func (export \"f\") (param i32)"
        ROUNDS("(drop (struct.new $s (local.get 0) (i64.const 1)))") ")", 75000, TRAP_none, &s);
    CHECK(s.collections >= 2 && s.structs.count < 40000);
    run("(type $a (array i8))"
        "(func (export \"f\") (param i32)"
        ROUNDS("(drop (array.new_default $a (i32.const 1000)))") ")", 500, TRAP_none, &s);
    CHECK(s.collections >= 2 && s.arrays.count < 250);
    run("(tag $e (param i32)) (func (export \"f\") (param i32)"
        ROUNDS("(block $h (result i32)"
               "  (try_table (catch $e $h) (throw $e (local.get 0))) (i32.const 0))"
               "(drop)") ")", 70000, TRAP_none, &s);
    CHECK(s.collections >= 1 && s.exns.count < 50000);
}

// A generator: each resumption and each suspension makes a continuation.
static void test_continuations(void)
{
    FormalStore s;
    u64 sum = run("(type $f (func)) (type $c (cont $f)) (tag $t (param i32))"
        "(elem declare func $g)"
        "(func $g (local i32) (loop (suspend $t (i32.and (local.get 0) (i32.const 1)))"
        "  (local.set 0 (i32.add (local.get 0) (i32.const 1))) (br 0)))"
        "(func (export \"f\") (param i32) (result i32) (local $k (ref null $c)) (local $sum i32)"
        "  (local.set $k (cont.new $c (ref.func $g)))"
        ROUNDS("(block $h (result i32 (ref $c))"
               "  (resume $c (on $t $h) (local.get $k)) (unreachable))"
               "(local.set $k)"
               "(local.set $sum (i32.add (local.get $sum)))")
        "  (local.get $sum))", 100000, TRAP_none, &s);
    CHECK_EQ_U64(sum, 50000);
    CHECK(s.collections >= 1 && s.conts.count < 70000);
}

// A list of so many stays, and is whole afterwards; it is deeper than any stack.
static void test_held(void)
{
    FormalStore s;
    u64 sum = run("(type $l (struct (field i32) (field (ref null $l))))"
        "(func (export \"f\") (param i32) (result i32) (local $list (ref null $l)) (local $n i32)"
        "  (local.set $n (i32.const 12000))"
        "  (loop (local.set $list (struct.new $l (i32.const 3) (local.get $list)))"
        "    (br_if 0 (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))"
        ROUNDS("(drop (struct.new_default $l))")
        "  (loop $on (if (ref.is_null (local.get $list)) (then (return (local.get $n))))"
        "    (local.set $n (i32.add (local.get $n) (struct.get $l 0 (local.get $list))))"
        "    (local.set $list (struct.get $l 1 (local.get $list))) (br $on))"
        "  (unreachable))", 70000, TRAP_none, &s);
    CHECK_EQ_U64(sum, 36000);
    CHECK(s.collections >= 2);
}

// One thing is held by each of what may hold: a global, a table, a segment, a structure, an array,
// an exception in a reference, one that was caught, a continuation, an operand in a frame below.
static void test_everywhere(void)
{
    static const char text[] =
        "(type $s (struct (field (mut i32)))) (type $a (array (ref null $s)))"
        "(type $g (func (result i32))) (type $k (cont $g)) (type $w (func (param i32)))"
        "(type $h (struct (field (ref null $a)) (field exnref) (field (ref null $k))))"
        "(tag $e (param (ref $s))) (tag $t) (elem declare func $waits)"
        "(global $global (mut (ref null $s)) (struct.new $s (i32.const 1)))"
        "(table $table 1 (ref null $s))"
        "(elem $elem (ref null $s) (item (struct.new $s (i32.const 2))))"
        "(global $holder (mut (ref null $h)) (ref.null none))"
        "(func $waits (result i32) (local $x (ref null $s)) (local $y i32)"
        "  (local.set $x (struct.new $s (i32.const 4)))"
        "  (struct.new $s (i32.const 8))"
        "  (try (result i32) (do (throw $e (struct.new $s (i32.const 512))))"
        "    (catch $e (drop) (suspend $t)"
        "      (try (result i32) (do (rethrow 1)) (catch $e (struct.get $s 0)))))"
        "  (local.set $y) (i32.add (struct.get $s 0) (struct.get $s 0 (local.get $x)))"
        "  (i32.add (local.get $y)))"
        "(func $garbage (param i32)" ROUNDS("(drop (struct.new_default $s))") ")"
        "(func $thrown (result exnref)"
        "  (block $h (result exnref) (try_table (catch_all_ref $h)"
        "    (throw $e (struct.new $s (i32.const 16)))) (unreachable)))"
        "(func $suspended (result (ref $k))"
        "  (block $h (result (ref $k))"
        "    (drop (resume $k (on $t $h) (cont.new $k (ref.func $waits))))"
        "    (unreachable)))"
        "(func (export \"f\") (param $n i32) (result i32) (local $sum i32)"
        "  (table.set $table (i32.const 0) (struct.new $s (i32.const 32)))"
        "  (global.set $holder (struct.new $h"
        "    (array.new_fixed $a 1 (struct.new $s (i32.const 64)))"
        "    (call $thrown) (call $suspended)))"
        "  (struct.new $s (i32.const 128))"
        "  (try (do (throw $e (struct.new $s (i32.const 256))))"
        "    (catch $e (drop)"
        "      (call $garbage (local.get $n))"
        "      (try (do (rethrow 1))"
        "        (catch $e (local.set $sum (struct.get $s 0))))))"
        "  (local.set $sum (i32.add (struct.get $s 0) (local.get $sum)))"
        "  (local.set $sum (i32.add (local.get $sum) (struct.get $s 0 (global.get $global))))"
        "  (local.set $sum (i32.add (local.get $sum)"
        "    (struct.get $s 0 (table.get $table (i32.const 0)))))"
        "  (table.init $table $elem (i32.const 0) (i32.const 0) (i32.const 1))"
        "  (local.set $sum (i32.add (local.get $sum)"
        "    (struct.get $s 0 (table.get $table (i32.const 0)))))"
        "  (local.set $sum (i32.add (local.get $sum) (struct.get $s 0"
        "    (array.get $a (struct.get $h 0 (global.get $holder)) (i32.const 0)))))"
        "  (local.set $sum (i32.add (local.get $sum)"
        "    (resume $k (struct.get $h 2 (global.get $holder)))))"
        "  (block $h (result (ref $s)) (try_table (catch $e $h)"
        "    (throw_ref (struct.get $h 1 (global.get $holder)))) (unreachable))"
        "  (i32.add (struct.get $s 0) (local.get $sum)))";
    FormalStore s;
    CHECK_EQ_U64(run(text, 100000, TRAP_none, &s), 1023);
    CHECK(s.collections >= 2);
}

// What is held alone fills all of it; and what goes is not counted any more.
static void test_full(void)
{
    FormalStore s;
    run("(type $l (struct (field (ref null $l))))"
        "(func (export \"f\") (param i32) (local $list (ref null $l))"
        ROUNDS("(local.set $list (struct.new $l (local.get $list)))") ")",
        100000, TRAP_out_of_memory, &s);
    CHECK_EQ_U64(s.collections, 1);
    run("(type $a (array i64))"
        "(func (export \"f\") (param i32) (drop (array.new_default $a (i32.const 200000))))",
        1, TRAP_out_of_memory, &s);
    CHECK(s.used.heap_bytes == 0 && s.collections == 0);
    run("(type $f (func)) (type $c (cont $f)) (elem declare func $g) (func $g)"
        "(type $l (struct (field (ref null $c)) (field (ref null $l))))"
        "(func (export \"f\") (param i32) (local $list (ref null $l))"
        ROUNDS("(local.set $list"
               "  (struct.new $l (cont.new $c (ref.func $g)) (local.get $list)))") ")",
        100000, TRAP_out_of_memory, NULL);
}

// Who follows the machine and says nothing of it is shown no address that means something else.
static void test_watched(void)
{
    static const Watch watch;
    Machine m;
    Val values[1] = {value_i32(100000)};
    machine_open(&m, "(type $s (struct)) (func (export \"f\") (param i32)"
        ROUNDS("(drop (struct.new $s))") ")", &watch);
    m.store.limits.heap_bytes = HEAP;
    CHECK_EQ_U64(machine_call(&m, "f", values), TRAP_out_of_memory);
    CHECK_EQ_U64(m.store.collections, 0);
    machine_close(&m);
}

int main(void)
{
    test_garbage();
    test_continuations();
    test_held();
    test_everywhere();
    test_full();
    test_watched();
    return check_report();
}
