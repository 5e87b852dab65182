;;! weft validate
(module (func $ü))
;;2 illegal_character.wat:2:16: illegal character: only strings and comments may hold it
;;2     (module (func $ü))
;;2                    ^
;;status 1
