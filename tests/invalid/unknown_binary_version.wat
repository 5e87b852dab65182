;;! weft validate
(module binary "\00asm" "\02\00\00\00")
;;2 unknown_binary_version.wat:2:25: unknown binary version: 02 00 00 00, and not 01 00 00 00
;;2     (module binary "\00asm" "\02\00\00\00")
;;2                             ^
;;status 1
