;;! weft run --max-heap 64K --heap-census - --invoke main
;; What fills the heap is in the newest frame. A name says what it wants to.
(module
  (type (@name "list\u{1b}[1m") (struct (field (ref null 0))))
  (type $big (array (mut i32)))
  (tag $e (param (ref $big)))
  (global $kept (mut (ref null $big)) (ref.null $big))
  (func $fill (local (ref null 0))
    (loop $on (local.set 0 (struct.new 0 (local.get 0))) (br $on)))
  (func (export "main") (local (ref null $big))
    (local.set 0 (array.new_default $big (i32.const 100)))
    (call $fill)
    (global.set $kept (local.get 0)))) ;; else optimized code would not keep it
;;= heap: 8142 objects, 65536 bytes
;;=
;;=        bytes    objects  reached from
;;=        65536       8142  frames
;;=
;;=        bytes    objects  type, and what holds them
;;=        65128       8141  "list\u{1b}[1m" (struct 0)
;;=        65120       8140      "list\u{1b}[1m" (struct 0), from frames
;;=            8          1      frames
;;=          408          1  "big" (array 1)
;;=          408          1      frames
;;2 run-census-trap.wat: trap: out of memory: heap_bytes of the store are used up: the limit is 65536
;;2     0: 0x44 fill
;;2     1: 0x5a main
;;status 134
