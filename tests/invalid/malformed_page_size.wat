;;! weft validate --features=+custom-page-sizes %
(module (memory 1 (pagesize 3)))
;;2 malformed_page_size.wat:2:29: invalid custom page size: a page size is a power of two
;;2     (module (memory 1 (pagesize 3)))
;;2                                 ^
;;status 1
