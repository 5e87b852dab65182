;;! weft print %
;; Metadata of instructions: each kind is a section in front of the code, in the order in which they are needed.
(module
  (@dylink.0
    (mem-info (memory 20 4) (table 1 0))
    (needed "libc.so" "b\"")
    (export-info "f" tls 0x1000) (export-info "g")
    (import-info "env" "foo" binding-weak undefined)
    (runtime-path "$ORIGIN"))
  (func (param i32)
    (@metadata.code.a "ab\00") (@metadata.code.branch_hint "\01")
    (if (@metadata.code.b "") (local.get 0) (then (@metadata.code.a "q") nop))
    (@metadata.code.b "zz") local.get 0 drop)
  (func (@"metadata.code. x" "\ff") block end))
;;= (module
;;=   (@dylink.0
;;=     (mem-info (memory 20 4) (table 1 0))
;;=     (needed "libc.so" "b\"")
;;=     (export-info "f" tls 0x1000)
;;=     (export-info "g")
;;=     (import-info "env" "foo" binding-weak undefined)
;;=     (runtime-path "$ORIGIN"))
;;=   (type (;0;) (func (param i32)))
;;=   (type (;1;) (func))
;;=   (func (;0;) (type 0) (param i32)
;;=     (@metadata.code.b "") local.get 0
;;=     (@metadata.code.a "ab\00") (@metadata.code.branch_hint "\01") if (;L1;)
;;=       (@metadata.code.a "q") nop
;;=     end
;;=     (@metadata.code.b "zz") local.get 0
;;=     drop
;;=   )
;;=   (func (;1;) (type 1)
;;=     (@"metadata.code. x" "\ff") block (;L1;)
;;=     end
;;=   )
;;= )
