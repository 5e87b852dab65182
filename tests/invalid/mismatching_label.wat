;;! weft validate
(module (func block $a end $b))
;;2 mismatching_label.wat:2:28: mismatching label: "$b" is not the label of this block
;;2     (module (func block $a end $b))
;;2                                ^
;;status 1
