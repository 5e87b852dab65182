;;! weft run --features=all --heap-census - --invoke main
(module
  (rec (type $thing (descriptor $class) (struct)) (type $class (describes $thing) (struct (field i64))))
  (global $g (mut (ref null $thing)) (ref.null $thing))
  (func (export "main") (global.set $g (struct.new_desc $thing (struct.new $class (i64.const 4))))))
;;= heap: 2 objects, 24 bytes
;;=
;;=        bytes    objects  reached from
;;=           24          2  globals
;;=
;;=        bytes    objects  type, and what holds them
;;=           16          1  "class" (struct 1)
;;=           16          1      "thing" (struct 0), from globals
;;=            8          1  "thing" (struct 0)
;;=            8          1      globals
