;;! weft --max-heap 1M run --invoke f %
;; Items of a segment that are objects take of the heap too, and what has no room ends the instantiation.
(module (type $a (array i64))
  (elem (ref $a) (item (array.new_default $a (i32.const 10)))
    (item (array.new_default $a (i32.const 1000000))) (item (array.new_default $a (i32.const 1))))
  (elem (ref $a) (item (array.new_default $a (i32.const 1))))
  (func (export "f")))
;;2 limit-heap-items.wat: trap: out of memory: an array of 1000000 elements takes 8000008 bytes, and heap_bytes of the store are 1048576 at most
;;status 134
