;;! weft wast %
;; What is read behind a loop is what it leaves with, also where it is the sixth in a row of loops in each other: of those a state
;; is less exact. Which values a frame has where it stops is asked by who goes on in another tier there.
(module
  (memory 1)
  (func $f (param $n i32) (param $mine i32) (result i32)
    (local $before i32) (local $a i32) (local $e i32)
    (loop $before (br_if $before (i32.lt_u (local.tee $before (i32.add (local.get $before) (i32.const 1))) (local.get $n))))
    (block $out
      (loop $1
        (loop $2
          (loop $3
            (loop $4
              (local.set $e (i32.mul (local.get $mine) (local.get $mine)))
              (loop $5
                (loop $6
                  (i32.store (i32.const 0) (local.get $a))
                  (br_if $out (i32.eq (local.get $a) (local.get $n)))
                  (local.set $e (i32.mul (local.get $a) (local.get $a)))
                  (local.set $a (i32.add (local.get $a) (i32.const 1)))
                  (br_if $6 (i32.and (local.get $a) (i32.const 1))))
                (br_if $5 (i32.and (local.get $a) (i32.const 2))))
              (br_if $4 (i32.and (local.get $a) (i32.const 4))))
            (br_if $3 (i32.and (local.get $a) (i32.const 8))))
          (br_if $2 (i32.and (local.get $a) (i32.const 16))))
        (br_if $1 (i32.lt_u (local.get $a) (i32.const 64))))
      (return (i32.const -1)))
    (i32.add (local.get $e) (local.get $a)))
  (func (export "f") (param i32 i32) (result i32) (call $f (local.get 0) (local.get 1)))
  (func (export "g") (param $n i32) (param $mine i32) (result i32)
    (loop $before (drop (i32.load (i32.const 0))) (br_if $before (i32.eqz (local.get $n))))
    (local.set $mine (i32.const 1))
    (block $out
      (loop $2
        (i32.store (i32.const 0) (i32.const 0))
        (loop $3
          (br_if $out (local.get $n))
          (local.get $n)
          (local.set $mine (i32.const 0))
          (br_if $3))
        (local.get $n)
        (local.set $mine (i32.const 0))
        (br_if $2))
      (local.set $mine (i32.const 0)))
    (local.get $mine)))
(assert_return (invoke "f" (i32.const 0) (i32.const 100)) (i32.const 10000))
(assert_return (invoke "f" (i32.const 1) (i32.const 100)) (i32.const 1))
(assert_return (invoke "f" (i32.const 7) (i32.const 100)) (i32.const 43))
(assert_return (invoke "f" (i32.const 8) (i32.const 100)) (i32.const 10008))
(assert_return (invoke "f" (i32.const 33) (i32.const 100)) (i32.const 1057))
(assert_return (invoke "f" (i32.const 70) (i32.const 100)) (i32.const -1))
(assert_return (invoke "g" (i32.const 1) (i32.const 5)) (i32.const 1))
(assert_return (invoke "g" (i32.const 1) (i32.const 5)) (i32.const 1))
(assert_return (invoke "g" (i32.const 1) (i32.const 5)) (i32.const 1))
;;= 10 passed, 0 failed
