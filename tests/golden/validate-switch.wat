;;! weft wast --features=+stack-switching %
;; A tag that is switched to while a continuation is resumed gives what the continuation gives, not a subtype of it.
(module
  (type $f (func (result funcref))) (type $c (cont $f)) (tag $t (result funcref))
  (func (result funcref) (resume $c (on $t switch) (ref.null $c))))
(assert_invalid (module
  (type $f (func (result funcref))) (type $c (cont $f)) (tag $t (result nullfuncref))
  (func (result funcref) (resume $c (on $t switch) (ref.null $c)))) "type mismatch")
(assert_invalid (module
  (type $f (func (result nullfuncref))) (type $c (cont $f)) (tag $t (result funcref))
  (func (result funcref) (resume $c (on $t switch) (ref.null $c)))) "type mismatch")
(assert_invalid (module
  (type $f (func)) (type $c (cont $f)) (tag $t (result i32))
  (func (resume $c (on $t switch) (ref.null $c)))) "type mismatch")
(assert_invalid (module
  (type $f (func)) (type $c (cont $f)) (tag $t (param i32))
  (func (resume $c (on $t switch) (ref.null $c)))) "type mismatch")
(assert_invalid (module
  (type $f (func)) (type $c (cont $f)) (tag $t (result i32)) (tag $e)
  (func (resume_throw $c $e (on $t switch) (ref.null $c)))) "type mismatch")
;;= 6 passed, 0 failed
