;;! weft inspect --types --features=+custom-descriptors,+stack-switching
(module
  (rec
    (type $object (sub (descriptor $table) (struct (field $x i64))))
    (type $table (describes $object) (struct (field (mut i8)) (field (ref (exact $object))))))
  (type $f (func (param i32)))
  (type $k (cont $f))
  (func (param (ref $table)) (result (ref $object))
    (drop (ref.get_desc $object (struct.new_default_desc $object (local.get 0))))
    (struct.new_default_desc $object (local.get 0)))
  (func (param (ref $k)) (resume $k (i32.const 1) (local.get 0))))
;;= types: 6 in 5 recursion groups, 2 structures, 3 functions, 1 continuations
;;=   0 struct "object", open, 16 bytes, described by 1, in group 0-1; types 2, made 2, other 1
;;=     .0 at 8: i64 "x"
;;=   1 struct "table", 16 bytes, describes 0, in group 0-1; types 1
;;=     .0 at 4: (mut i8)
;;=     .1 at 8: (ref (exact 0))
;;=   2 func "f" (param i32); types 1
;;=   3 cont "k" 2; types 1, called 1
;;=   4 func (param (ref 1)) (result (ref 0)); functions 1
;;=   5 func (param (ref 3)); functions 1
