;;! weft run --invoke f % null 7
(module
  (type $s (struct (field i32) (field (mut (ref null $s)))))
  (func (export "f") (param (ref null $s) (ref $s))))
;;2 error: argument 2 of f: "7" is not of type (ref (struct (field i32) (field (mut (ref null (struct ...))))))
;;status 2
