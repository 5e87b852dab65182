;;! weft validate
(module binary "\00bsm" "\01\00\00\00")
;;2 magic_header_not_detected.wat:2:16: magic header not detected: a module starts with 00 61 73 6d
;;2     (module binary "\00bsm" "\01\00\00\00")
;;2                    ^
;;status 1
