;;! weft inspect
;; It can be decoded, so it is shown, and refused.
(module
  (func (result i32))
  (export "f" (func 0))
  (export "g" (func 99)))
;;= inspect-invalid.wat: text, as binary 36 bytes
;;=
;;= sections      offset        size   items
;;=   type            0x8           7       1
;;=   function        0xf           4       1
;;=   export         0x13          11       2
;;=   code           0x1e           6       1
;;=
;;= types: 1
;;=   0 (func (result i32))
;;=
;;= exports: 2
;;=   export "f" (func (result i32))
;;=   export "g" (func 99)
;;=
;;= code: 2 bytes in 1 functions, 0 more imported
;;=         2  func 0 "f"
;;2 inspect-invalid.wat:6:3: unknown function 99 is exported as "g"
;;2       (export "g" (func 99)))
;;2       ^
;;status 1
