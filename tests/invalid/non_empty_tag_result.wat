;;! weft validate
(module (tag (result i32)))
;;2 non_empty_tag_result.wat:2:9: non-empty tag result type: tag 0
;;2     (module (tag (result i32)))
;;2             ^
;;status 1
