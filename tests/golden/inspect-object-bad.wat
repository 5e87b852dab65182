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
  (@custom "linking" "\02\08\0b\02\00\04\01\03sum\09\00\00\05\0b\01\07.data.x\02\05\06\02\05\01\07\02\00\00")
  (@custom "reloc.CODE" "\05\02\00\0a\02c\00\00")
  (@custom "reloc.DATA" "M\00")
  (@custom "reloc.far" "\05\01\00\90N\02")
  (@custom "reloc.cut" "\05\01\00\0a\02x")
  (@custom "target_features" "\7f+")
  (@custom "dylink.0" "\01\02\80\08\02\01\00")
  (@custom "dylink.0" "\02\01\00\02\01\00")
  (@custom "sourceMappingURL" "\05ab")
  (@custom "external_debug_info" "\01\ff")
  (@custom "build_id" "\09ab")
  (@custom "producers" "\01\01a\01\05b")
  (@custom "linking" ""))
;;= inspect-object-bad.wat: text, as binary 354 bytes
;;=
;;= sections      offset        size   items
;;=   type            0x8           7       1
;;=   import          0xf          23       2
;;=   function       0x26           4       1
;;=   table          0x2a           6       1
;;=   memory         0x30           5       1
;;=   code           0x35          20       1
;;=   data           0x49          21       2
;;=   custom         0x5e          45         "linking"
;;=   custom         0x8b          21         "reloc.CODE"
;;=   custom         0xa0          15         "reloc.DATA"
;;=   custom         0xaf          18         "reloc.far"
;;=   custom         0xc1          18         "reloc.cut"
;;=   custom         0xd3          20         "target_features"
;;=   custom         0xe7          18         "dylink.0"
;;=   custom         0xf9          17         "dylink.0"
;;=   custom        0x10a          22         "sourceMappingURL"
;;=   custom        0x120          24         "external_debug_info"
;;=   custom        0x138          14         "build_id"
;;=   custom        0x146          18         "producers"
;;=   custom        0x158          10         "linking"
;;=
;;= types: 1
;;=   0 (func (param i32))
;;=
;;= imports: 2
;;=   import "env" "put" (func (param i32))
;;=   import "env" "sp" (global (mut i32))
;;=
;;= tables: 1
;;=   0 (table 1 funcref)
;;=
;;= memories: 1
;;=   0 (memory 1)
;;=
;;= data: 8 bytes in 2 segments
;;=    index    offset     size  where
;;=        0      0x51        4  memory 0 at (i32.const 0)
;;=        1      0x5a        4  memory 0 at (i32.const 4)
;;=
;;= code: 16 bytes in 1 functions, 1 more imported
;;=        16  func 1 "sum"
;;=
;;= producers
;;=
;;= features needed: mutable-global
;;=
;;= target features:
;;=
;;= source map:
;;=
;;= debug information:
;;=
;;= build id: 
;;=
;;= dynamic library
;;=   memory_size 1024
;;=
;;= dynamic library
;;=
;;= symbols: 1
;;=   0 func 1 "sum" hidden
;;=
;;= relocations
;;=   "reloc.CODE": 1 in section 5, code
;;=         1 R_WASM_FUNCTION_INDEX_LEB
;;=   "reloc.DATA"
;;=   "reloc.far"
;;=   "reloc.cut": 1 in section 5, code
;;=         1 R_WASM_FUNCTION_INDEX_LEB
;;=
;;= malformed
;;=   custom section "producers" at 0x156: length out of bounds: a name of 5 bytes
;;=   custom section "target_features" at 0xe5: unexpected end of section or function: 127 items cannot be in 1 bytes
;;=   custom section "sourceMappingURL" at 0x11d: length out of bounds: a name of 5 bytes
;;=   custom section "external_debug_info" at 0x137: malformed UTF-8 encoding: in a name
;;=   custom section "build_id" at 0x143: unexpected end of section or function: 9 items cannot be in 2 bytes
;;=   custom section "dylink.0" at 0xf6: unexpected end of section or function: more bytes are needed than there are
;;=   custom section "dylink.0" at 0x107: malformed custom section: part 2 comes twice
;;=   custom section "linking" at 0x73: malformed custom section: a symbol of kind 9
;;=   custom section "reloc.CODE" at 0x9d: malformed custom section: a relocation of type 99
;;=   custom section "reloc.DATA" at 0xad: malformed custom section: of section 77
;;=   custom section "reloc.far" at 0xbd: malformed custom section: behind its section's end
;;=   custom section "reloc.cut" at 0xd2: section size mismatch
