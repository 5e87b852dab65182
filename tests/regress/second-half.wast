;;! weft wast %
;; What goes wrong behind a part that is right, or beside one.
(assert_malformed
  (module binary "\00asm\01\00\00\00" "\01\04\01\60\00\00" "\03\02\01\00" "\0a\05\01\03\00\fc\80")
  "unexpected end")
(assert_invalid (module (func (try (do (i32.const 1)) (catch_all)))) "type mismatch")
(assert_invalid (module (type $s (struct (field i32) (field (ref any)))) (func (drop (struct.new_default $s))))
  "field type is not defaultable")
(assert_invalid (module (import "spectest" "table" (table 2 1 funcref))) "size minimum must not be greater than maximum")
;;= 4 passed, 0 failed
