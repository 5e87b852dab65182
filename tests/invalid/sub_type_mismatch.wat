;;! weft validate
(module (type $a (sub (struct (field i32)))) (type (sub $a (struct (field i64)))))
;;2 sub_type_mismatch.wat:2:46: sub type: 1 does not match its super type
;;2     (module (type $a (sub (struct (field i32)))) (type (sub $a (struct (field i64)))))
;;2                                                  ^
;;status 1
