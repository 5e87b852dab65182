;;! weft opt --only dead % -o -
;;| weft print -
;; What cannot be reached goes, and nop; what can be reached stays, also behind a block that is left by a branch.

(module
  (func (export "goes") (param i32) (result i32)
    nop
    block
      local.get 0
      br_if 0
      i32.const 1
      return
      i32.const 2
      drop
      loop unreachable end
    end
    unreachable
    f64.const 1
    drop)
  (func (export "stays") (result i32)
    block
      br 0
    end
    i32.const 3))
;;= (module
;;=   (type (;0;) (func (param i32) (result i32)))
;;=   (type (;1;) (func (result i32)))
;;=   (func (;0;) (export "goes") (type 0) (param i32) (result i32)
;;=     block (;L1;)
;;=       local.get 0
;;=       br_if 0 (;L1;)
;;=       i32.const 1
;;=       return
;;=     end
;;=     unreachable
;;=   )
;;=   (func (;1;) (export "stays") (type 1) (result i32)
;;=     block (;L1;)
;;=       br 0 (;L1;)
;;=     end
;;=     i32.const 3
;;=   )
;;= )
