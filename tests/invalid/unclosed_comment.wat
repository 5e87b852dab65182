;;! weft validate
(module) (; (; ;)
;;2 unclosed_comment.wat:2:10: unclosed comment: "(;" has no ";)"
;;2     (module) (; (; ;)
;;2              ^
;;status 1
