;;! weft validate
(module (@note "a"
;;2 unclosed_annotation.wat:2:9: unclosed annotation: "(@" has no ")"
;;2     (module (@note "a"
;;2             ^
;;status 1
