;;! weft validate
(module
  (func)
  (export "\1b[31m\c2\9b31m\e2\80\ae\n" (func 0))
  (export "\1b[31m\c2\9b31m\e2\80\ae\n" (func 0)))
;;2 R52-message.wat:5:3: duplicate export name: "?[31m?31m??"
;;2       (export "\1b[31m\c2\9b31m\e2\80\ae\n" (func 0)))
;;2       ^
;;status 1
