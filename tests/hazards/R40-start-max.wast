;; A start function with the largest index is an unknown one, not none.
(assert_invalid (module (start 4294967295)) "unknown function")
(assert_invalid (module (func) (start 4294967295)) "unknown function")
(assert_invalid (module binary "\00asm\01\00\00\00\08\05\ff\ff\ff\ff\0f") "unknown function")
