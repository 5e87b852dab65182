;;! weft wast %
;; A catch clause names a label that is there; 4294967295 is none, though one more than it is 0 in 32 bits.
(assert_invalid
  (module binary "\00asm\01\00\00\00" "\01\04\01\60\00\00" "\03\02\01\00"
    "\0a\0e\01\0c\00\1f\40\01\02\ff\ff\ff\ff\0f\0b\0b")
  "unknown label")
(assert_invalid
  (module binary "\00asm\01\00\00\00" "\01\04\01\60\00\00" "\03\02\01\00"
    "\0a\0a\01\08\00\1f\40\01\02\01\0b\0b")
  "unknown label")
(module binary "\00asm\01\00\00\00" "\01\04\01\60\00\00" "\03\02\01\00"
  "\0a\0a\01\08\00\1f\40\01\02\00\0b\0b")
;;= 3 passed, 0 failed
