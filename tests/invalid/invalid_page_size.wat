;;! weft validate --features=+custom-page-sizes %
(module (memory 1 (pagesize 2)))
;;2 invalid_page_size.wat:2:9: invalid custom page size: 2^1
;;2     (module (memory 1 (pagesize 2)))
;;2             ^
;;status 1
