;; work 60: objects, arrays, vectors and floats, and exceptions that hold some.
(module
  (type $cell (sub (struct (field i64) (field (mut (ref null $cell))))))
  (type $deep (sub $cell (struct (field i64) (field (mut (ref null $cell))) (field i8) (field f32))))
  (type $list (array (mut (ref null $cell))))
  (tag $t (param (ref $cell) v128 f64))
  (global $kept (mut (ref null $list)) (ref.null $list))
  (func $throws (param i32)
    (if (i32.and (local.get 0) (i32.const 1)) (then
      (throw $t (struct.new $deep (i64.extend_i32_u (local.get 0)) (ref.null $cell) (i32.const 3) (f32.const 0.5))
        (i64x2.splat (i64.const 5)) (f64.const 0.25)))))
  (func (export "work") (param i32) (result i64) (local $s i64) (local $v v128) (local $f f64) (local $c (ref null $cell))
    (global.set $kept (array.new_default $list (i32.const 16)))
    (loop $l
      (block $on
        (block $h (result (ref $cell) v128 f64)
          (try_table (catch $t $h) (call $throws (local.get 0)))
          (br $on))
        (local.set $f) (local.set $v) (local.set $c)
        (struct.set $cell 1 (local.get $c) (array.get $list (global.get $kept) (i32.const 3)))
        (array.set $list (global.get $kept) (i32.and (local.get 0) (i32.const 15)) (local.get $c))
        (local.set $s (i64.add (local.get $s) (i64.add (struct.get $cell 0 (local.get $c))
          (i64.add (i64x2.extract_lane 1 (local.get $v)) (i64.trunc_f64_s (f64.mul (local.get $f) (f64.const 100))))))))
      (br_if $l (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))
    (i64.add (local.get $s)
      (struct.get $cell 0 (ref.as_non_null (array.get $list (global.get $kept) (i32.const 1)))))))
