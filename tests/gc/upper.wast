;; Hazards: R14, R62, R63, R69.
;; Small objects in blocks that large ones had, beside a large one that lives.
(module
  (type $refs (array (mut anyref)))
  (type $node (struct (field (mut (ref null $node))) (field i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64
    i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64)))
  (func $count (param $r (ref null $node)) (result i32) (local $n i32)
    (loop $on
      (if (ref.is_null (local.get $r)) (then (return (local.get $n))))
      (local.set $n (i32.add (local.get $n) (i32.const 1)))
      (local.set $r (struct.get $node 0 (local.get $r)))
      (br $on))
    (unreachable))
  (func (export "upper") (param $i i32) (result i32)
    (local $keep (ref null $refs)) (local $list (ref null $node)) (local $newest (ref null $node))
    (drop (array.new_default $refs (i32.const 100000)))
    (local.set $keep (array.new_default $refs (i32.const 20000)))
    (loop $on
      (local.set $newest (struct.new_default $node))
      (struct.set $node 0 (local.get $newest) (local.get $list))
      (local.set $list (local.get $newest))
      (br_if $on (local.tee $i (i32.sub (local.get $i) (i32.const 1)))))
    (i32.add (array.len (local.get $keep)) (call $count (local.get $list)))))
(assert_return (invoke "upper" (i32.const 2000)) (i32.const 22000))
