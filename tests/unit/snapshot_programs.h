// snapshot_programs.h -- programs whose "work" goes round a loop as often as its argument says,
// with what is of many types in frames, objects, tables and continuations: to be stopped there. And
// who goes on with them, which is found to be sound before and after.
#pragma once

#include "api/api.h"
#include "snapshots.h"

static const char snapshot_conts[] =
    "(module"
    "  (type $fa (func (result i64))) (type $ka (cont $fa))"
    "  (type $fb (func (param f64 externref) (result externref))) (type $kb (cont $fb))"
    "  (type $fc (func (param externref) (result externref))) (type $kc (cont $fc))"
    "  (type $fd (func (param i64) (result i64))) (type $kd (cont $fd))"
    "  (tag $t (param i32) (result i64))"
    "  (global $g (mut (ref null $kb)) (ref.null $kb))"
    "  (table $held 2 (ref null $ka))"
    "  (func $a (result i64) (local $one i64) (local.set $one (i64.const 1))"
    "    (i64.add (suspend $t (i32.const 5)) (local.get $one)))"
    "  (func $b (param f64 externref) (result externref) (local.get 1))"
    "  (elem declare func $a $b)"
    "  (func (export \"work\") (param i32) (result i64) (local $x (ref null $ka))"
    "    (local $y (ref null $kb))"
    "    (local $z (ref null $kc)) (local $w (ref null $kd))"
    "    (local $v (ref null $ka)) (local $s (ref null cont))"
    "    (local $n (ref null nocont))"
    "    (local.set $x (cont.new $ka (ref.func $a)))"
    "    (local.set $y (cont.new $kb (ref.func $b)))"
    "    (local.set $z (cont.bind $kb $kc (f64.const 3) (cont.new $kb (ref.func $b))))"
    "    (local.set $s (local.get $x))"
    "    (global.set $g (cont.new $kb (ref.func $b)))"
    "    (table.set $held (i32.const 0) (cont.new $ka (ref.func $a)))"
    "    (block $on (result i32 (ref null $kd))"
    "      (drop (resume $ka (on $t $on) (local.get $x))) (unreachable))"
    "    (local.set $w) (drop)"
    "    (local.set $v (cont.bind $kd $ka (i64.const 40) (local.get $w)))"
    "    (loop $l (br_if $l (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))"
    "    (drop (resume $kb (f64.const 1) (ref.null extern) (local.get $y)))"
    "    (drop (resume $kc (ref.null extern) (local.get $z)))"
    "    (resume $ka (local.get $v))))";

static const char snapshot_legacy[] =
    "(module (tag $t (param i64)) (tag $u (param externref))"
    "  (func $in (param i32) (result i64)"
    "    (try (result i64)"
    "      (do (throw $t (i64.const 3)))"
    "      (catch $t"
    "        (loop $l (br_if $l (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))"
    "        (drop) (rethrow 0))))"
    "  (func $other (param i32) (result f64)"
    "    (try (result f64)"
    "      (do (throw $t (i64.const 3)))"
    "      (catch $t"
    "        (loop $l (br_if $l (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))"
    "        (drop) (rethrow 0))))"
    "  (func (export \"work\") (param i32) (result i64)"
    "    (try (result i64) (do (call $in (local.get 0)))"
    "      (catch $u (drop) (i64.const 9)) (catch $t))))";

static const char snapshot_objects[] =
    "(module"
    "  (rec (type $a (sub (descriptor $da) (struct (field i32))))"
    "    (type $da (sub (describes $a) (struct (field i64)))))"
    "  (rec (type $b (sub $a (descriptor $db) (struct (field i32) (field (ref null $a)))))"
    "    (type $db (sub $da (describes $b) (struct (field i64)))))"
    "  (type $f (sub (func (result i64)))) (type $g (sub $f (func (result i64))))"
    "  (type $list (array (mut (ref null $a))))"
    "  (global $d (ref (exact $da)) (struct.new $da (i64.const 1)))"
    "  (global $e (ref (exact $db)) (struct.new $db (i64.const 2)))"
    "  (global $x (mut externref) (ref.null extern))"
    "  (table $held 3 (ref $f) (ref.func $two))"
    "  (elem $items (ref $a) (item (struct.new_desc $a (i32.const 4) (global.get $d))))"
    "  (func $two (type $f) (i64.const 2))"
    "  (func $three (param i32) (result i64) (i64.const 3))"
    "  (func $four (type $g) (i64.const 4)) (elem declare func $two $four)"
    "  (func (export \"work\") (param i32) (result i64) (local $o (ref $a)) (local $p"
    "    (ref null (exact $b)))"
    "    (local $i i31ref) (local $l (ref $list)) (local $e eqref) (local $any anyref)"
    "    (local $exact (ref (exact $f))) (local $sub (ref $f))"
    "    (local.set $exact (ref.func $two)) (local.set $sub (ref.func $four))"
    "    (local.set $p (struct.new_desc $b (i32.const 5) (ref.null $a) (global.get $e)))"
    "    (local.set $l (array.new $list (local.get $p) (i32.const 2)))"
    "    (local.set $i (ref.i31 (i32.const 7)))"
    "    (local.set $e (local.get $i))"
    "    (local.set $any (local.get $l))"
    "    (global.set $x (extern.convert_any (local.get $l)))"
    "    (loop $again (br_if $again (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))"
    "    (local.set $o (ref.as_non_null (local.get $p)))"
    "    (i64.add (call_ref $f (table.get $held (i32.const 1)))"
    "      (i64.add (struct.get $da 0 (ref.get_desc $a (local.get $o)))"
    "        (i64.extend_i32_u (struct.get $a 0 (ref.as_non_null"
    "          (array.get $list (local.get $l) (i32.const 1)))))))))";

typedef struct {
    weft_engine *engine;
    weft_store *store;
} Guest;

static Guest guest_of(weft_tier tier)
{
    weft_diag why;
    weft_limits limits = weft_limits_init();
    limits.heap_bytes = 1 << 20;
    limits.stack_bytes = 1 << 16;
    limits.memory_bytes = 4 << 20;
    Guest g = {weft_engine_new("+stack-switching,+custom-descriptors,+legacy-exceptions", &why),
               NULL};
    weft_engine_set_tier(g.engine, tier);
    g.store = weft_store_new(g.engine, &limits, &why);
    return g;
}

static void leave(Guest *g)
{
    weft_store_free(g->store);
    weft_engine_free(g->engine);
}

static void go_on_for(Guest *g, u32 polls)
{
    weft_diag why;
    weft_val sum;
    check_sound(g->store->s);
    stop_at(g->store->s, polls);
    if (weft_store_may_continue(g->store)) weft_continue(g->store, &sum, 1, &why);
    weft_store_collect(g->store, NULL);
    check_sound(g->store->s);
}
