;;! weft validate %
(module (func (export "a\00b") (export "a\00b")))
;;2 export-twice-nul.wat:2:32: duplicate export name: "a\u{0}b"
;;2     (module (func (export "a\00b") (export "a\00b")))
;;2                                    ^
;;status 1
