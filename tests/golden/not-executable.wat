;;! weft run --features=+stack-switching --invoke f %
(module
  (type $f (func)) (type $c (cont $f))
  (elem declare func $g)
  (func $g)
  (func (export "f") (drop (cont.new $c (ref.func $g)))))
;;2 not-executable.wat: trap: this tier cannot execute the instruction: cont.new
;;2     0: 0x2d f
;;status 134
