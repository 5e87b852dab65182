;;! weft --max-memory 1M run --invoke f %
(module (memory 9) (memory 8) (func (export "f")))
;;2 limit-memories.wat: memory is larger than the limit: memory 1 starts with 8 pages, 458752 of 1048576 bytes are left for all memories together
;;status 1
