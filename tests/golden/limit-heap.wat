;;! weft --max-heap 1M run --invoke f % 40000000
(module (tag $t (param i64)) (table $kept 0 exnref)
  (func (export "f") (param i32) (local $e exnref)
    (loop $l
      (block $h (result i64 exnref) (try_table (catch_ref $t $h) (throw $t (i64.const 1))) (unreachable))
      (local.set $e) (drop)
      (drop (table.grow $kept (local.get $e) (i32.const 1)))
      (br_if $l (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))))
;;2 limit-heap.wat: trap: out of memory: heap_bytes of the store are used up: the limit is 1048576
;;2     0: 0x41 f
;;status 134
