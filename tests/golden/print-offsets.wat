;;! weft print --offsets %
(module (func (export "f") (param i32) (result i32) (local i64)
  (if (result i32) (local.get 0) (then (i32.const 1)) (else (i32.add (local.get 0) (i32.const 300))))))
;;= (module
;;=   (type (;0;) (func (param i32) (result i32)))
;;=   (func (;0;) (export "f") (type 0) (param i32) (result i32) (;@1f;)
;;=     (local i64)
;;= (;@22;)        local.get 0
;;= (;@24;)        if (;L1;) (result i32)
;;= (;@26;)          i32.const 1
;;= (;@28;)        else
;;= (;@29;)          local.get 0
;;= (;@2b;)          i32.const 300
;;= (;@2e;)          i32.add
;;= (;@2f;)        end
;;=   )
;;= )
