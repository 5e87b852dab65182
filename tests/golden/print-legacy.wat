;;! weft print --fold --features=all %
(module
  (import "m" (item "a" (func $a)) (item "b" (global i32)))
  (import "m" (item "c") (item "d") (func (param i32)))
  (memory 1 2 (pagesize 1))
  (type $ft (func)) (type $ct (cont $ft)) (tag $t)
  (rec (type $o (descriptor $r) (struct)) (type $r (describes $o) (struct)))
  (func
    (try $x (do (call $a)) (catch $t (rethrow 0)) (catch_all (nop)))
    (try (do (try (do (throw $t)) (delegate 1))))
    (block $h (result (ref $ct)) (resume $ct (on $t $h) (cont.new $ct (ref.null $ft))) (unreachable)) (drop)
    (drop (struct.new_default_desc $o (struct.new_default $r)))
    (i64.add128 (i64.const 1) (i64.const 2) (i64.const 3) (i64.const 4)) (drop) (drop)))
;;= (module
;;=   (type $ft (;0;) (func))
;;=   (type $ct (;1;) (cont $ft))
;;=   (rec
;;=     (type $o (;2;) (descriptor $r) (struct))
;;=     (type $r (;3;) (describes $o) (struct)))
;;=   (type (;4;) (func (param i32)))
;;=   (import "m"
;;=     (item "a" (func $a (;0;) (type $ft)))
;;=     (item "b" (global (;0;) i32)))
;;=   (import "m"
;;=     (item "c")
;;=     (item "d")
;;=     (func (type 4)))
;;=   (memory (;0;) 1 2 (pagesize 1))
;;=   (tag $t (;0;) (type $ft))
;;=   (func (;3;) (type $ft)
;;=     (try $x
;;=       (do
;;=         (call $a))
;;=       (catch $t
;;=         (rethrow $x))
;;=       (catch_all
;;=         (nop)))
;;=     (try (;L1;)
;;=       (do
;;=         (try (;L2;)
;;=           (do
;;=             (throw $t))
;;=           (delegate 1))))
;;=     (drop
;;=       (block $h (result (ref $ct))
;;=         (resume $ct (on $t $h) (cont.new $ct (ref.null $ft)))
;;=         (unreachable)))
;;=     (drop (struct.new_default_desc $o (struct.new_default $r)))
;;=     (i64.add128 (i64.const 1) (i64.const 2) (i64.const 3) (i64.const 4))
;;=     (drop)
;;=     (drop)
;;=   )
;;= )
