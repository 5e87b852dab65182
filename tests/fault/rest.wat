(component
  (core type $f (func))
  (core type $m (module))
  (import "g" (func))
  (import "unbundled-module0" (core module (type $m)))
  (import "h" (func)))
