;; Programs whose objects live for long, or die in many ways. Each gives what it counts, which is its parameter.
(module
  (type $node (struct (field $next (mut (ref null $node))) (field $value (mut i32)) (field $other (mut anyref))))
  (type $row (array (mut (ref null $node))))
  (type $rows (array (mut (ref null $row))))
  (type $tree (struct (field (mut (ref null $tree))) (field (mut (ref null $tree)))))
  (global $seed (mut i32) (i32.const 1))
  (func $random (param $most i32) (result i32)
    (global.set $seed (i32.add (i32.mul (global.get $seed) (i32.const 1103515245)) (i32.const 12345)))
    (i32.rem_u (i32.shr_u (global.get $seed) (i32.const 8)) (local.get $most)))

  ;; A list of n, kept as it grows; then it is gone over.
  (func (export "list") (param $n i32) (result i32)
    (local $list (ref null $node)) (local $i i32)
    (loop $more
      (local.set $list (struct.new $node (local.get $list) (local.get $i) (ref.null any)))
      (br_if $more (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $n))))
    (call $length (local.get $list)))
  (func $length (param $list (ref null $node)) (result i32)
    (local $n i32)
    (block $end
      (loop $more
        (local.set $list (struct.get $node $next (br_on_null $end (local.get $list))))
        (local.set $n (i32.add (local.get $n) (i32.const 1)))
        (br $more)))
    (local.get $n))
  ;; The same at its end, so that what was found last is stored to.
  (func (export "queue") (param $n i32) (result i32)
    (local $first (ref $node)) (local $last (ref $node)) (local $i i32)
    (local.set $last (local.tee $first (struct.new_default $node)))
    (loop $more
      (struct.set $node $next (local.get $last) (struct.new_default $node))
      (local.set $last (ref.as_non_null (struct.get $node $next (local.get $last))))
      (br_if $more (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $n))))
    (i32.sub (call $length (local.get $first)) (i32.const 1)))
  ;; Rings of ten that nothing refers to but their own: n of them.
  (func (export "rings") (param $n i32) (result i32)
    (local $i i32) (local $k i32) (local $first (ref $node)) (local $at (ref $node))
    (loop $more
      (local.set $at (local.tee $first (struct.new_default $node)))
      (local.set $k (i32.const 9))
      (loop $ring
        (struct.set $node $next (local.get $at) (struct.new_default $node))
        (local.set $at (ref.as_non_null (struct.get $node $next (local.get $at))))
        (br_if $ring (local.tee $k (i32.sub (local.get $k) (i32.const 1)))))
      (struct.set $node $next (local.get $at) (local.get $first))
      (struct.set $node $other (local.get $first) (local.get $at))
      (br_if $more (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $n))))
    (local.get $i))
  ;; `live` nodes in one array, and n times one of them is another.
  (func (export "steady") (param $n i32) (param $live i32) (result i32)
    (local $row (ref $row)) (local $i i32) (local $at i32)
    (local.set $row (array.new_default $row (local.get $live)))
    (loop $fill
      (array.set $row (local.get $row) (local.get $i) (struct.new $node (ref.null $node) (i32.const 1) (ref.null any)))
      (br_if $fill (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $live))))
    (local.set $i (i32.const 0))
    (loop $more
      (local.set $at (call $random (local.get $live)))
      (array.set $row (local.get $row) (local.get $at) (struct.new $node (ref.null $node) (i32.const 1) (ref.null any)))
      (drop (struct.new_default $node))
      (drop (struct.new_default $node))
      (drop (struct.new_default $node))
      (br_if $more (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $n))))
    (local.set $at (i32.const 0))
    (loop $sum
      (local.set $at (i32.add (local.get $at) (i32.const 1)))
      (br_if $sum (i32.and (i32.lt_u (local.get $at) (local.get $live))
        (struct.get $node $value (array.get $row (local.get $row) (i32.sub (local.get $at) (i32.const 1)))))))
    (select (local.get $i) (i32.const 0) (i32.eq (local.get $at) (local.get $live))))
  ;; Young objects, beside `live` nodes in a list that stay.
  (func (export "young") (param $n i32) (param $live i32) (result i32)
    (local $list (ref null $node)) (local $i i32)
    (loop $more
      (local.set $list (struct.new $node (local.get $list) (local.get $i) (ref.null any)))
      (br_if $more (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $live))))
    (local.set $i (i32.const 0))
    (loop $more
      (drop (struct.new_default $node))
      (br_if $more (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $n))))
    (select (local.get $i) (i32.const 0) (i32.eq (call $length (local.get $list)) (local.get $live))))
  ;; n trees of 2^10 - 1.
  (func $tree (param $depth i32) (result (ref $tree))
    (if (result (ref $tree)) (local.get $depth)
      (then (struct.new $tree (call $tree (i32.sub (local.get $depth) (i32.const 1)))
        (call $tree (i32.sub (local.get $depth) (i32.const 1)))))
      (else (struct.new_default $tree))))
  (func $count (param $t (ref null $tree)) (result i32)
    (if (result i32) (ref.is_null (local.get $t)) (then (i32.const 0))
      (else (i32.add (i32.const 1) (i32.add
        (call $count (struct.get $tree 0 (local.get $t))) (call $count (struct.get $tree 1 (local.get $t))))))))
  (func (export "trees") (param $n i32) (result i32)
    (local $i i32)
    (loop $more
      (local.set $i (i32.add (local.get $i) (i32.eq (call $count (call $tree (i32.const 9))) (i32.const 1023))))
      (br_if $more (i32.lt_u (local.get $i) (local.get $n))))
    (local.get $i))
  ;; `live` of such trees, and n times one of them is another.
  (type $forest (array (mut (ref null $tree))))
  (func (export "forest") (param $n i32) (param $live i32) (result i32)
    (local $forest (ref $forest)) (local $i i32) (local $at i32)
    (local.set $forest (array.new_default $forest (local.get $live)))
    (loop $fill
      (array.set $forest (local.get $forest) (local.get $i) (call $tree (i32.const 9)))
      (br_if $fill (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $live))))
    (local.set $i (i32.const 0))
    (loop $more
      (local.set $at (call $random (local.get $live)))
      (if (i32.eq (call $count (array.get $forest (local.get $forest) (local.get $at))) (i32.const 1023))
        (then (local.set $i (i32.add (local.get $i) (i32.const 1)))))
      (array.set $forest (local.get $forest) (local.get $at) (call $tree (i32.const 9)))
      (br_if $more (i32.lt_u (local.get $i) (local.get $n))))
    (local.get $i))
  ;; Arrays of all sizes, n of them, of which 64 live.
  (func (export "arrays") (param $n i32) (result i32)
    (local $i i32) (local $size i32) (local $a (ref null $row))
    (local $rows (ref $rows))
    (local.set $rows (array.new_default $rows (i32.const 64)))
    (loop $more
      (local.set $a (array.new_default $row (local.tee $size (call $random (i32.const 30000)))))
      (if (local.get $size)
        (then (array.set $row (local.get $a) (i32.sub (local.get $size) (i32.const 1)) (struct.new_default $node))))
      (array.set $rows (local.get $rows) (call $random (i32.const 64)) (local.get $a))
      (br_if $more (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $n))))
    (local.get $i))
)
