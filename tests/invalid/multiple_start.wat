;;! weft validate
(module (func) (start 0) (start 0))
;;2 multiple_start.wat:2:26: multiple start sections: a module has one at most
;;2     (module (func) (start 0) (start 0))
;;2                              ^
;;status 1
