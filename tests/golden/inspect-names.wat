;;! weft inspect %
;;needs weft-where
;; As the source has them.
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
  (func $start (call 9)) (start $_RNvCs1234_7mycrate3foo))
;;= inspect-names.wat: text, as binary 397 bytes
;;=
;;= sections      offset        size   items
;;=   type            0x8           6       1
;;=   function        0xe          14      11
;;=   start          0x1c           3       1
;;=   code           0x1f          57      11
;;=   custom         0x58         309         "name"
;;=
;;= types: 1
;;=   0 (func)
;;=
;;= code: 43 bytes in 11 functions, 0 more imported
;;=         4  func 1 "std::rt::lang_start::{{closure}}"
;;=         4  func 2 "mycrate::foo"
;;=         4  func 3 "std::__1::vector<int, std::__1::allocator<int>>::push_back(int&&)"
;;=         4  func 4 "void f<A, &(operator>(A const&, A const&))>()"
;;=         4  func 5 "_Zzz_not_mangled"
;;=         4  func 6 "_Z1fi!"
;;=         4  func 7 "f"
;;=         4  func 8 "_ZN3foo17h768731f43edd91bE"
;;=         4  func 9 "_"
;;=         4  func 10 "start"
;;= start: func 2 "mycrate::foo"
;;=
;;= names: 11 functions
;;=
;;= features needed: none beyond WebAssembly 1.0
