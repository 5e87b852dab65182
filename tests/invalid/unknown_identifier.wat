;;! weft validate
(component (import "f" (func $f)) (component (core func (canon lower (func $f)))))
;;2 unknown_identifier.wat:2:76: unknown identifier: "$f" is a func of what is outside, and needs to be an argument
;;2     (component (import "f" (func $f)) (component (core func (canon lower (func $f)))))
;;2                                                                                ^
;;status 1
