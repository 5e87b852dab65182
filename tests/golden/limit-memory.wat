;;! weft --max-memory 1M run --invoke f %
(module (memory 17) (func (export "f")))
;;2 limit-memory.wat: memory is larger than the limit: memory 0 starts with 17 pages, the limit is 1048576 bytes
;;status 1
