;;! weft parse % -o /dev/null
(module  (func)
  (func    i32.cnst 1)  (func))
;;2 parse-caret-returns.wat:5:5: unknown operator: "i32.cnst" is no instruction, did you mean "i32.const"?
;;2         i32.cnst 1)
;;2         ^
;;status 1
