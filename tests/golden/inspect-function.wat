;;! weft inspect --disassemble --function sum --function 2 --function=0x40
(module
  (import "env" "f" (func $f (param i32)))
  (func $sum (export "total") (param $x i32) (param $y i32) (result i32)
    local.get $y local.get $x
    (if (result i32) (then local.get $y) (else i32.const 7))
    i32.add)
  (func nop nop)
  (func $last
    (call $f (i32.const 1))))
;;=
;;= func $sum (;1;) (type 1) (param $x i32) (param $y i32) (result i32)
;;=   0x000039  local.get $y
;;=   0x00003b  local.get $x
;;=   0x00003d  if (;L1;) (result i32)
;;=   0x00003f    local.get $y
;;=   0x000041  else
;;=   0x000042    i32.const 7
;;=   0x000044  end
;;=   0x000045  i32.add
;;=   0x000046  end
;;=
;;= func (;2;) (type 2)
;;=   0x000049  nop
;;=   0x00004a  nop
;;=   0x00004b  end
;;=
;;= func $sum (;1;) (type 1) (param $x i32) (param $y i32) (result i32)
;;=   0x000039  local.get $y
;;=   0x00003b  local.get $x
;;=   0x00003d  if (;L1;) (result i32)
;;=   0x00003f    local.get $y
;;=   0x000041  else
;;=   0x000042    i32.const 7
;;=   0x000044  end
;;=   0x000045  i32.add
;;=   0x000046  end
