;;! weft inspect
(module
  (import "env" "put" (func (param i32)))
  (import "env" "sp" (global (mut i32)))
  (table 1 funcref)
  (memory 1)
  (func (param i32)
    (call 0 (i32.load offset=4 (i32.const 1)))
    (call_indirect (type 0) (global.get 0) (i32.const 0)))
  (data (i32.const 0) "abcd")
  (data (i32.const 4) "efgh")
  (@custom "linking" "\02\08e\09\00\04\01\03sum\01\02\06.L.str\00\01\03\00\10\00\01\10\05table\02P\00\0f__stack_pointer\03\02\05\00Q\00\05other\01\82\06\03abs\00\02\00\05\00\00\19__indirect_function_table\05\15\02\07.data.x\02\05\07.rodata\00\00\06\07\02\ff\ff\03\00\01c\07\0f\01\05group\00\03\01\01\00\00\07\00")
  (@custom ".debug_x" "12345")
  (@custom "reloc.CODE" "\05\05\04\04\01\00\03\07\03|\00\09\02\07\0b\04\06\0f\00")
  (@custom "reloc..debug_x" "\08\01\08\00\00\03")
  (@custom "target_features" "\02+\08sign-ext-\07simd128")
  (@custom "dylink.0" "\01\05\80\08\04\03\00\02\0f\02\07libc.so\05lib\22x\03\07\01\03tls\80\02\04\0a\01\03env\03put\01\05\06\01\04/lib\09\03???")
  (@custom "sourceMappingURL" "\0csum.wasm.map")
  (@custom "external_debug_info" "\11sum\e2\80\ae.debug.wasm")
  (@custom "build_id" "\04\00\1b\ff\10"))
;;= inspect-object.wat: text, as binary 524 bytes
;;=
;;= sections      offset        size   items
;;=   type            0x8           7       1
;;=   import          0xf          23       2
;;=   function       0x26           4       1
;;=   table          0x2a           6       1
;;=   memory         0x30           5       1
;;=   code           0x35          20       1
;;=   data           0x49          21       2
;;=   custom         0x5e         164         "linking"
;;=   custom        0x102          16         ".debug_x"
;;=   custom        0x112          32         "reloc.CODE"
;;=   custom        0x132          23         "reloc..debug_x"
;;=   custom        0x149          38         "target_features"
;;=   custom        0x16f          69         "dylink.0"
;;=   custom        0x1b4          32         "sourceMappingURL"
;;=   custom        0x1d4          40         "external_debug_info"
;;=   custom        0x1fc          16         "build_id"
;;=
;;= types: 1
;;=   0 (func (param i32))
;;=
;;= imports: 2
;;=   import "env" "put" (func (param i32))
;;=   import "env" "sp" (global (mut i32))
;;=
;;= tables: 1
;;=   0 (table 1 funcref) "__indirect_function_table"
;;=
;;= memories: 1
;;=   0 (memory 1)
;;=
;;= data: 8 bytes in 2 segments
;;=    index    offset     size  where
;;=        0      0x51        4  memory 0 at (i32.const 0) ".data.x"
;;=        1      0x5a        4  memory 0 at (i32.const 4) ".rodata"
;;=
;;= code: 16 bytes in 1 functions, 1 more imported
;;=        16  func 1 "sum"
;;=
;;= features needed: mutable-global
;;=
;;= target features: +sign-ext -simd128
;;=
;;= source map: "sum.wasm.map"
;;=
;;= debug information: "sum\u{202e}.debug.wasm"
;;=
;;= build id: 001bff10
;;=
;;= dynamic library
;;=   memory_size 1024
;;=   memory_align_log2 4
;;=   table_size 3
;;=   table_align_log2 0
;;=   needed "libc.so"
;;=   needed "lib\"x"
;;=   exports "tls" tls
;;=   imports "env" "put" weak
;;=   runtime_path "/lib"
;;=
;;= symbols: 9
;;=   0 func 1 "sum" hidden
;;=   1 data ".L.str" segment 0 at 1, 3 bytes local
;;=   2 func 0 "put" undefined
;;=   3 data "table" undefined
;;=   4 global 0 "__stack_pointer" undefined explicit_name
;;=   5 section 5 local
;;=   6 func 0 "other" weak undefined explicit_name
;;=   7 data "abs" segment 0 at 2, 0 bytes local tls absolute
;;=   8 table 0 "__indirect_function_table"
;;=
;;= segments for the linker: 2
;;=   0 ".data.x" aligned to 2^2 strings retain
;;=   1 ".rodata" aligned to 2^0
;;=
;;= functions called at the start: 2
;;=   priority 65535 symbol 0 "sum"
;;=   priority 1 symbol 99
;;=
;;= groups that are linked once: 1
;;=   "group" func 1 data 0 ? 0
;;=
;;= relocations
;;=   "reloc.CODE": 5 in section 5, code
;;=         1 R_WASM_FUNCTION_INDEX_LEB
;;=         1 R_WASM_MEMORY_ADDR_LEB
;;=         1 R_WASM_MEMORY_ADDR_SLEB
;;=         1 R_WASM_TYPE_INDEX_LEB
;;=         1 R_WASM_GLOBAL_INDEX_LEB
;;=   "reloc..debug_x": 1 in section 8, custom ".debug_x"
;;=         1 R_WASM_FUNCTION_OFFSET_I32
