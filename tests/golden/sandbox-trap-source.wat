;;! weft run --dir . --invoke main %
;;needs weft-where
(module
  (func $half (param i32 i32) (result i32) (i32.div_s (local.get 0) (local.get 1)))
  (func (export "main") (result i32) (i32.add (i32.const 1) (call $half (i32.const 7) (i32.const 0))))
  (@custom "sourceMappingURL" (after code) "\72data:,{\"version\":3,\"sourceRoot\":\"\",\"sources\":[\"half.ts\",\"main.ts\"],\"names\":[],\"mappings\":\"yCACS,IAAI,C,GCKX,MACS\"}"))
;;2 sandbox-trap-source.wat: trap: integer divide by zero
;;2     0: 0x2d half at half.ts:2:14
;;2     1: 0x37 main at main.ts:8:12
;;status 134
