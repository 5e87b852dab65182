;;! weft run --raw-names %
;;needs weft-where
;; As linkers have them.
(module
  (func $_ZN4core9panicking9panic_fmt17h768731f43edd91bfE unreachable)
  (func $_ZN3std2rt10lang_start28_$u7b$$u7b$closure$u7d$$u7d$17ha5acb4f459faceeaE (call 0))
  (func $_RNvCs1234_7mycrate3foo (call 1))
  (func $_ZNSt3__16vectorIiNS_9allocatorIiEEE9push_backEOi (call 2))
  (func $_Z1fI1AXadL_ZgtRKS0_S2_EEEvv (call 3))
  (func $_Zzz_not_mangled (call 4))
  (func $_Z1fi! (call 5))
  (func $f (call 6))
  (func $_ZN3foo17h768731f43edd91bE (call 7))
  (func $_ (call 8))
  (func (export "_start") (call 9)))
;;2 trap-raw-names.wat: trap: unreachable
;;2     0: 0x2d _ZN4core9panicking9panic_fmt17h768731f43edd91bfE
;;2     1: 0x31 _ZN3std2rt10lang_start28_$u7b$$u7b$closure$u7d$$u7d$17ha5acb4f459faceeaE
;;2     2: 0x36 _RNvCs1234_7mycrate3foo
;;2     3: 0x3b _ZNSt3__16vectorIiNS_9allocatorIiEEE9push_backEOi
;;2     4: 0x40 _Z1fI1AXadL_ZgtRKS0_S2_EEEvv
;;2     5: 0x45 _Zzz_not_mangled
;;2     6: 0x4a _Z1fi!
;;2     7: 0x4f f
;;2     8: 0x54 _ZN3foo17h768731f43edd91bE
;;2     9: 0x59 _
;;2    10: 0x5e _start
;;status 134
