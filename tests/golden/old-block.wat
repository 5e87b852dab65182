;;! weft validate %
(module (func (result i32) (block i32 (i32.const 1))))
;;2 old-block.wat:2:35: unexpected token: what a block leaves is written (result i32) now
;;2     (module (func (result i32) (block i32 (i32.const 1))))
;;2                                       ^
;;status 1
