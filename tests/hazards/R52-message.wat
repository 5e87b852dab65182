;;! weft validate
(module
  (func)
  (export "\1b[31m\c2\9b31m\e2\80\ae\n" (func 0))
  (export "\1b[31m\c2\9b31m\e2\80\ae\n" (func 0)))
;;2 R52-message.wat:5:3: duplicate export name: "\u{1b}[31m\u{9b}31m\u{202e}\u{a}"
;;2       (export "\1b[31m\c2\9b31m\e2\80\ae\n" (func 0)))
;;2       ^
;;status 1
