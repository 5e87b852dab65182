;;! weft validate
(module
  (func (export "f"))
  (func (export "f")))
;;2 duplicate_export.wat:4:9: duplicate export name: "f"
;;2       (func (export "f")))
;;2             ^
;;status 1
