;;! weft validate
(module (data "\q"))
;;2 illegal_escape.wat:2:16: illegal escape: expected one of \n \r \t \\ \' \" \hh \u{...}
;;2     (module (data "\q"))
;;2                    ^
;;status 1
