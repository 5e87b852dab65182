;;! weft validate
(module
  (@producers (language "C11"))
  (func (export "f")))
;;2 producers-wrong.wat:3:30: malformed annotation: @producers annotation: a name and a version were expected
;;2       (@producers (language "C11"))
;;2                                  ^
;;status 1
