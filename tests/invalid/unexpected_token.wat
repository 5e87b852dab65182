;;! weft validate
(module (func local.get))
;;2 unexpected_token.wat:2:24: unexpected token: found ")", expected the index of a local
;;2     (module (func local.get))
;;2                            ^
;;status 1
