;;! weft validate
(module (tag $x) (tag $x))
;;2 duplicate_tag.wat:2:23: duplicate tag: $x
;;2     (module (tag $x) (tag $x))
;;2                           ^
;;status 1
