;;! weft validate
;; The line that is shown holds U+009B and U+202E, as the text format allows in comments.
(module (func (; 31m ‮ é ;) i33.add))
;;2 R52-line.wat:3:34: unknown operator: "i33.add" is no instruction, did you mean "i32.add"?
;;2     (module (func (; ?31m ? é ;) i33.add))
;;2                                  ^
;;status 1
