;;! weft wast %
;; A compact import may have no items: the grammar has a star there. Then it imports nothing.
(module (import "x") (import "x" (func)) (import "x" (memory 1))
  (func (export "f") (result i32) (i32.const 1)))
(assert_unlinkable (module (import "x" (item "unused") (func))) "unknown import")
(module (import "x") (import "x" (memory 1)) (memory 1) (func (export "f") (result i32) (memory.size)))
(assert_return (invoke "f") (i32.const 1))
(assert_malformed (module quote "(func) (import \"x\")") "import after function")
(assert_malformed (module quote "(import \"x\" (func $f))") "unexpected token")
(assert_malformed (module quote "(import \"x\" (item \"a\" (func)) (item \"b\"))") "unexpected token")
(assert_malformed (module quote "(import \"x\" (item \"a\"))") "unexpected token")
(assert_malformed (module quote "(import \"x\" 1)") "unexpected token")
(assert_malformed (module quote "(import \"x\" foo)") "unexpected token")
;;= 10 passed, 0 failed
