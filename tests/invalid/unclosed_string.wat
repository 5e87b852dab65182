;;! weft validate
(module (memory 1) (data (i32.const 0) "abc))
;;2 unclosed_string.wat:2:40: unclosed string: the line ends before the string
;;2     (module (memory 1) (data (i32.const 0) "abc))
;;2                                            ^
;;status 1
