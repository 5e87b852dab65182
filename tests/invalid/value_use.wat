;;! weft validate --features=+cm-values
(component (import "a" (value $v string)) (export "b" (value $v)) (export "c" (value $v)))
;;2 value_use.wat:2:67: value is used once: value 0 is used again
;;2     (component (import "a" (value $v string)) (export "b" (value $v)) (export "c" (value $v)))
;;2                                                                       ^
;;status 1
