;;! weft inspect --disassemble
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
;;=
;;= func $sum (;1;) (type 0) (param i32)
;;=   0x00003a  i32.const 1
;;=   0x00003b          R_WASM_MEMORY_ADDR_SLEB ".L.str"
;;=   0x00003c  i32.load offset=4
;;=   0x00003e          R_WASM_MEMORY_ADDR_LEB "table" -4
;;=   0x00003f  call $put
;;=   0x000040          R_WASM_FUNCTION_INDEX_LEB "put"
;;=   0x000041  global.get $__stack_pointer
;;=   0x000042          R_WASM_GLOBAL_INDEX_LEB "__stack_pointer"
;;=   0x000043  i32.const 0
;;=   0x000045  call_indirect (type 0)
;;=   0x000046          R_WASM_TYPE_INDEX_LEB 0
;;=   0x000048  end
