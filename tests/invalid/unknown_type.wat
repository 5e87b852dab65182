;;! weft validate
(module (func (type 7)))
;;2 unknown_type.wat:2:9: unknown type: 7
;;2     (module (func (type 7)))
;;2             ^
;;status 1
