;;! weft validate --features=-gc
;; Function references alone know no recursion: a type mentions those before it.
(module
  (type $a (func (param i32)))
  (type $b (func (param (ref $a))))
  (type $c (func (param (ref null $c)))))
;;2 types-before-gc.wat:6:3: unknown type: 2
;;2       (type $c (func (param (ref null $c)))))
;;2       ^
;;status 1
