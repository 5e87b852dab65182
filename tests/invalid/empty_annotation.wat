;;! weft validate
(module (@))
;;2 empty_annotation.wat:2:9: empty annotation id: "(@" must be followed by a name
;;2     (module (@))
;;2             ^
;;status 1
