;;! weft inspect --disassemble %
(module
  (type $t (func (param i32) (result i32)))
  (import "env" "log" (func $log (param i32)))
  (table $tab 2 funcref) (memory 1) (global $g (mut i64) (i64.const 0)) (tag $e (param i32))
  (func $all (param i32 f64) (result i32)
    (local $x i64)
    (drop (block $b (result i32)
      (loop $l (if (local.get 0) (then (nop)) (else (br $l))))
      (i32.load8_u offset=12 (local.get 0))
      (br_if $b (i32.const -7))
      (br_table 0 1 0 (local.get 0))
      (drop (f64.const 0.1)) (drop (f32.const -nan:0x123))))
    (i64.store align=4 (i32.const 0) (i64.const 0x7fffffffffffffff))
    (global.set $g (local.get $x))
    (call $log (i32.const 1))
    (drop (call_indirect $tab (type $t) (i32.const 1) (i32.const 0)))
    (try_table (catch $e 0) (throw $e (i32.const 3)))
    (drop (v128.const i32x4 1 2 3 4))
    (drop (ref.null func))
    (return (i32.const 1))))
;;=
;;= func $all (;1;) (type 2) (param i32 f64) (result i32)
;;=     (local $x i64)
;;=   0x00004a  block $b (result i32)
;;=   0x00004c    loop $l
;;=   0x00004e      local.get 0
;;=   0x000050      if (;L3;)
;;=   0x000052        nop
;;=   0x000053      else
;;=   0x000054        br $l
;;=   0x000056      end
;;=   0x000057    end
;;=   0x000058    local.get 0
;;=   0x00005a    i32.load8_u offset=12
;;=   0x00005d    i32.const -7
;;=   0x00005f    br_if $b
;;=   0x000061    local.get 0
;;=   0x000063    br_table $b 1 $b
;;=   0x000068    f64.const 0.1
;;=   0x000071    drop
;;=   0x000072    f32.const -nan:0x123
;;=   0x000077    drop
;;=   0x000078  end
;;=   0x000079  drop
;;=   0x00007a  i32.const 0
;;=   0x00007c  i64.const 9223372036854775807
;;=   0x000087  i64.store align=4
;;=   0x00008a  local.get $x
;;=   0x00008c  global.set $g
;;=   0x00008e  i32.const 1
;;=   0x000090  call $log
;;=   0x000092  i32.const 1
;;=   0x000094  i32.const 0
;;=   0x000096  call_indirect (type $t)
;;=   0x000099  drop
;;=   0x00009a  try_table (;L1;) (catch $e 0)
;;=   0x0000a0    i32.const 3
;;=   0x0000a2    throw $e
;;=   0x0000a4  end
;;=   0x0000a5  v128.const i32x4 0x00000001 0x00000002 0x00000003 0x00000004
;;=   0x0000b7  drop
;;=   0x0000b8  ref.null func
;;=   0x0000ba  drop
;;=   0x0000bb  i32.const 1
;;=   0x0000bd  return
;;=   0x0000be  end
