;;! weft run --heap-census - --invoke main
(module
  (type $data (array (mut i8)))
  (type $node (struct (field $next (mut (ref null $node))) (field (ref $data))))
  (type (struct (field i64)))
  (global $list (mut (ref null $node)) (ref.null $node))
  (table $t 4 anyref)
  (func (export "main")
    (local $n i32)
    (local.set $n (i32.const 5))
    (loop $on
      (global.set $list (struct.new $node (global.get $list) (array.new_default $data (local.get $n))))
      (br_if $on (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (table.set $t (i32.const 1) (struct.new_default 2))
    (table.set $t (i32.const 2) (global.get $list))))
;;= heap: 11 objects, 176 bytes
;;=
;;=        bytes    objects  reached from
;;=          160         10  globals
;;=           16          1  tables
;;=
;;=        bytes    objects  type, and what holds them
;;=           80          5  "data" (array 0)
;;=           80          5      "node" (struct 1), from globals
;;=           80          5  "node" (struct 1)
;;=           64          4      "node" (struct 1), from globals
;;=           16          1      globals
;;=           16          1  (struct 2)
;;=           16          1      tables
