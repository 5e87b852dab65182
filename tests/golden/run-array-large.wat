;;! weft run --invoke f %
;; More than an array may take whatever the limit is, which nothing has used up.
(module (type $a (array (mut i64)))
  (func (export "f") (drop (array.new $a (i64.const 7) (i32.const -1)))))
;;2 run-array-large.wat: trap: out of memory: an array of 4294967295 elements takes 34359738368 bytes, and heap_bytes of the store are 1073741824 at most
;;2     0: 0x25 f
;;status 134
