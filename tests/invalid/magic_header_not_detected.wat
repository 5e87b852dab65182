;;! weft validate
(module binary "\00bsm" "\01\00\00\00")
;;2 magic_header_not_detected.wat:2:16: magic header not detected
;;2     (module binary "\00bsm" "\01\00\00\00")
;;2                    ^
;;status 1
