(component
  (import "a:b/log@0.2.0" (instance (export "put" (func (param "t" string)))))
  (import "p:wit/others" (instance $t (export "r" (type (sub resource))) (type $p (record (field "x" u8))) (export "p" (type (eq $p)))))
  (import "n" (func $n (result u32)))
  (export "m" (func $n)))
