;; guest-names.wat -- ends in a trap, in functions whose names another process makes readable.
(module
  (func $_ZN4core9panicking9panic_fmt17h768731f43edd91bfE unreachable)
  (func $_RNvCs1234_7mycrate3foo (call 0))
  (func (export "_start") (call 1)))
