;;! weft inspect %
;; An invalid module whose every index leads nowhere: it is shown as far as it goes, and nothing outside of it is read.
(module
  (type (func (param i32)))
  (export "f" (func 4294967295)) (export "t" (table 7)) (export "m" (memory 1)) (export "g" (global 4294967294)) (export "e" (tag 3))
  (elem (table 9) (i32.const 0) func 77)
  (data (memory 8) (i32.const 0) "x")
  (start 4000000000))
;;= R44-inspect-odd.wat: text, as binary 74 bytes
;;=
;;= sections      offset        size   items
;;=   type            0x8           7       1
;;=   export          0xf          31       5
;;=   start          0x2e           7       1
;;=   element        0x35          11       1
;;=   data           0x40          10       1
;;=
;;= types: 1
;;=   0 (func (param i32))
;;=
;;= exports: 5
;;=   export "f" (func 4294967295)
;;=   export "t" (table 7)
;;=   export "m" (memory 1)
;;=   export "g" (global 4294967294)
;;=   export "e" (tag 3)
;;=
;;= elements: 1 segments
;;=    index    offset    items  where
;;=        0      0x3f        1  table 9 at (i32.const 0)
;;=
;;= data: 1 bytes in 1 segments
;;=    index    offset     size  where
;;=        0      0x49        1  memory 8 at (i32.const 0)
;;=
;;= code: 0 bytes in 0 functions, 0 more imported
;;= start: func 4000000000
;;2 R44-inspect-odd.wat:6:20: unknown table 9, in elem segment 0
;;2       (elem (table 9) (i32.const 0) func 77)
;;2                        ^
;;status 1
