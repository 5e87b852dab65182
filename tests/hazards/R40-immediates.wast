;; Immediates whose arithmetic wraps or whose unknown bits are lost.
;; The template: one function of type [] -> [] and one memory; its body follows.
;; br_table of 2^32-1 labels, and of as many as would wrap when the default is added or when they are turned into bytes
(assert_malformed (module binary "\00asm\01\00\00\00\01\04\01\60\00\00\03\02\01\00\0a\0d\01\0b\00\41\00\0e\ff\ff\ff\ff\0f\00\0b") "")
(assert_malformed (module binary "\00asm\01\00\00\00\01\04\01\60\00\00\03\02\01\00\0a\0d\01\0b\00\41\00\0e\ff\ff\ff\ff\07\00\0b") "")
(assert_malformed (module binary "\00asm\01\00\00\00\01\04\01\60\00\00\03\02\01\00\0a\0d\01\0b\00\41\00\0e\80\80\80\80\04\00\0b") "")
(assert_malformed (module binary "\00asm\01\00\00\00\01\04\01\60\00\00\03\02\01\00\0a\09\01\07\00\41\00\0e\02\00\00") "")
;; a label beyond every block
(assert_invalid (module binary "\00asm\01\00\00\00\01\04\01\60\00\00\03\02\01\00\0a\0a\01\08\00\0c\ff\ff\ff\ff\0f\0b") "unknown label")
(assert_invalid (module (func (br 1))) "unknown label")
(assert_invalid (module (func (block (br 4294967295)))) "unknown label")
(assert_invalid (module (func (br_table 0 4294967295 0 (i32.const 0)))) "unknown label")
;; i32.load whose alignment has bits beyond the six that mean something: 2^7, 2^8, 2^32-1; and 2^5, 2^31, 2^32
(assert_malformed (module binary "\00asm\01\00\00\00\01\04\01\60\00\00\03\02\01\00\05\03\01\00\01\0a\0b\01\09\00\41\00\28\80\01\00\1a\0b") "malformed memop flags")
(assert_malformed (module binary "\00asm\01\00\00\00\01\04\01\60\00\00\03\02\01\00\05\03\01\00\01\0a\0b\01\09\00\41\00\28\82\02\00\1a\0b") "malformed memop flags")
(assert_malformed (module binary "\00asm\01\00\00\00\01\04\01\60\00\00\03\02\01\00\05\03\01\00\01\0a\0e\01\0c\00\41\00\28\ff\ff\ff\ff\0f\00\1a\0b") "malformed memop flags")
(assert_invalid (module binary "\00asm\01\00\00\00\01\04\01\60\00\00\03\02\01\00\05\03\01\00\01\0a\0a\01\08\00\41\00\28\05\00\1a\0b") "alignment")
(assert_invalid (module binary "\00asm\01\00\00\00\01\04\01\60\00\00\03\02\01\00\05\03\01\00\01\0a\0a\01\08\00\41\00\28\1f\00\1a\0b") "alignment")
(assert_invalid (module binary "\00asm\01\00\00\00\01\04\01\60\00\00\03\02\01\00\05\03\01\00\01\0a\0a\01\08\00\41\00\28\20\00\1a\0b") "alignment")
(assert_invalid (module binary "\00asm\01\00\00\00\01\04\01\60\00\00\03\02\01\00\05\03\01\00\01\0a\0a\01\08\00\41\00\28\3f\00\1a\0b") "alignment")
;; with bit 6 a memory's index follows: 2^32-1
(assert_invalid (module binary "\00asm\01\00\00\00\01\04\01\60\00\00\03\02\01\00\05\03\01\00\01\0a\0f\01\0d\00\41\00\28\42\ff\ff\ff\ff\0f\00\1a\0b") "unknown memory")
;; an offset of 33 bits for a 32-bit memory
(assert_invalid (module (memory 1) (func (drop (i32.load offset=0x100000000 (i32.const 0))))) "offset out of range")
;; locals: 2^32-1 twice, and parameters with as many locals as make 2^32
(assert_malformed (module binary "\00asm\01\00\00\00\01\04\01\60\00\00\03\02\01\00\0a\10\01\0e\02\ff\ff\ff\ff\0f\7f\ff\ff\ff\ff\0f\7e\0b") "too many locals")
(assert_malformed (module binary "\00asm\01\00\00\00\01\05\01\60\01\7f\00\03\02\01\00\0a\0c\01\0a\02\ff\ff\ff\ff\0f\7f\01\7f\0b") "too many locals")
(assert_malformed (module binary "\00asm\01\00\00\00\01\04\01\60\00\00\03\02\01\00\0a\10\01\0e\02\80\80\80\80\08\7f\80\80\80\80\08\7f\0b") "too many locals")
;; a local beyond all
(assert_invalid (module (func (param i32) (local i32) (drop (local.get 2)))) "unknown local")
(assert_invalid (module (func (param i32) (drop (local.get 4294967295)))) "unknown local")
;; lanes
(assert_invalid (module (func (param v128) (result i32) (i8x16.extract_lane_u 16 (local.get 0)))) "invalid lane index")
(assert_invalid (module (func (param v128) (result v128) (i8x16.shuffle 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 32 (local.get 0) (local.get 0)))) "invalid lane index")
;; types
(assert_invalid (module (func (type 1))) "unknown type")
(assert_invalid (module (func (block (type 4294967295)))) "unknown type")
(assert_invalid (module (table 1 funcref) (func (call_indirect (type 7) (i32.const 0)))) "unknown type")
;; sizes of bodies and segments: zero, one more than there is, and one that wraps the position
(assert_malformed (module binary "\00asm\01\00\00\00\01\04\01\60\00\00\03\02\01\00\0a\02\01\00") "")
(assert_malformed (module binary "\00asm\01\00\00\00\01\04\01\60\00\00\03\02\01\00\0a\04\01\03\00\0b") "")
(assert_malformed (module binary "\00asm\01\00\00\00\01\04\01\60\00\00\03\02\01\00\0a\08\01\ff\ff\ff\ff\0f\00\0b") "")
(assert_malformed (module binary "\00asm\01\00\00\00\05\03\01\00\01\0b\0a\01\00\41\00\0b\ff\ff\ff\ff\0f") "")
(assert_malformed (module binary "\00asm\01\00\00\00\05\03\01\00\01\0b\0c\01\00\41\00\0b\f0\ff\ff\ff\0fa\62") "")
(assert_malformed (module binary "\00asm\01\00\00\00\0c\05\ff\ff\ff\ff\0f\0b\01\00") "")
