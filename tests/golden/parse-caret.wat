;;! weft parse % -o /dev/null
(module
  (func (result i32)
    i32.cnst 1))
;;2 parse-caret.wat:4:5: unknown operator: "i32.cnst" is no instruction, did you mean "i32.const"?
;;2         i32.cnst 1))
;;2         ^
;;status 1
