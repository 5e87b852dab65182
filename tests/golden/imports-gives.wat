;; what others here import
(module (type $s (struct (field i32)))
  (func (export "f") (param i64 (ref null $s)))
  (memory (export "m") 1 2))
