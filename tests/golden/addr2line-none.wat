;;! weft addr2line %
;;needs weft-where
(module
  (func $half (param i32 i32) (result i32) (i32.div_s (local.get 0) (local.get 1)))
  (func (export "main") (result i32) (i32.add (i32.const 1) (call $half (i32.const 7) (i32.const 0))))
  (@custom "sourceMappingURL" (after code) "\72data:,{\"version\":3,\"sourceRoot\":\"\",\"sources\":[\"half.ts\",\"main.ts\"],\"names\":[],\"mappings\":\"yCACS,IAAI,C,GCKX,MACS\"}"))
;;2 error: OFFSET is missing; `weft help addr2line` shows how
;;status 2
