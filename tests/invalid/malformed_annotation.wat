;;! weft validate
(module (@custom 5))
;;2 malformed_annotation.wat:2:18: malformed annotation: @custom annotation: missing section name
;;2     (module (@custom 5))
;;2                      ^
;;status 1
