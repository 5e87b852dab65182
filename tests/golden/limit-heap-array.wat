;;! weft --max-heap 1M run --invoke f %
(module (type $a (array i8))
  (func (export "f") (drop (array.new_default $a (i32.const 1048576)))))
;;2 limit-heap-array.wat: trap: out of memory: an array of 1048576 elements takes 1048584 bytes, and heap_bytes of the store are 1048576 at most
;;2     0: 0x26 f
;;status 134
