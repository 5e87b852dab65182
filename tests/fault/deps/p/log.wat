(component
  (import "sink" (func $f (param "t" string)))
  (instance $i (export "put" (func $f)))
  (export "a:b/log@0.2.1" (instance $i)))
