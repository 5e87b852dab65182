;;! weft validate %
(module (memory 1 (pagesize 1)))
;;2 validate-feature.wat:2:9: feature is not enabled: custom-page-sizes (switch it on with --features=+custom-page-sizes)
;;2     (module (memory 1 (pagesize 1)))
;;2             ^
;;status 1
