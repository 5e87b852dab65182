;;! weft validate
(module (type $f (func)) (type (cont $f)))
;;2 feature_disabled.wat:2:26: feature is not enabled: stack-switching (switch it on with --features=+stack-switching)
;;2     (module (type $f (func)) (type (cont $f)))
;;2                              ^
;;status 1
