;;! weft opt --only dead % -o -
;;| weft print -
;; What can be reached stays: behind a block that is left by a branch, behind an `if` with one arm, behind a loop.

(module
  (func (export "f") (param i32) (result i32)
    block
      local.get 0
      br_if 0
      local.get 0
      if
        i32.const 1
        return
      end
      loop
        local.get 0
        br_if 0
      end
    end
    i32.const 3))
;;= (module
;;=   (type (;0;) (func (param i32) (result i32)))
;;=   (func (;0;) (export "f") (type 0) (param i32) (result i32)
;;=     block (;L1;)
;;=       local.get 0
;;=       br_if 0 (;L1;)
;;=       local.get 0
;;=       if (;L2;)
;;=         i32.const 1
;;=         return
;;=       end
;;=       loop (;L2;)
;;=         local.get 0
;;=         br_if 0 (;L2;)
;;=       end
;;=     end
;;=     i32.const 3
;;=   )
;;= )
