;;! weft inspect --section keepme
;; What else a terminal would obey is shown as an escape.
(module
  (@custom "ke\1bpme" "")
  (@custom "other" "x"))
;;2 error: there is no custom section "keepme"; did you mean "ke\u{1b}pme"?
;;status 1
