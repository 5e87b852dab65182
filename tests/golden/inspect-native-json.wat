;;! weft inspect --json --native f %
(module
  (func (export "f") (param i32) (result f32)
    (if (result f32) (local.get 0)
      (then (br_table 0 1 (f32.const 1.5) (local.get 0)))
      (else (call 0 (i32.const 1))))))
;;= {
;;=   "function": 0,
;;=   "name": "f",
;;=   "size": 168,
;;=   "code_size": 157,
;;=   "frame_slots": 3,
;;=   "parts": [
;;=     {"kind": "entry", "offset": 31, "code": [{"at": 0, "bytes": "49 83 ee 08", "text": "sub r14, 8"}, {"at": 4, "bytes": "41 8f 06", "text": "pop qword [r14]"}, {"at": 7, "bytes": "4c 8d 9d d8 ff ff ff", "text": "lea r11, [rbp - 40]"}, {"at": 14, "bytes": "4d 3b de", "text": "cmp r11, r14"}, {"at": 17, "bytes": "0f 87 75 00 00 00", "text": "ja 0x8c"}, {"at": 23, "bytes": "4d 8b 5f 10", "text": "mov r11, [r15 + 16]"}, {"at": 27, "bytes": "41 83 3b 00", "text": "cmp dword [r11], 0"}, {"at": 31, "bytes": "0f 85 6d 00 00 00", "text": "jne 0x92"}]},
;;=     {"kind": "instruction", "offset": 32, "instruction": "local.get 0", "code": []},
;;=     {"kind": "instruction", "offset": 34, "instruction": "if (;L1;) (result f32)", "code": [{"at": 37, "bytes": "83 7d 80 00", "text": "cmp dword [rbp - 128], 0"}, {"at": 41, "bytes": "0f 84 38 00 00 00", "text": "je 0x67"}]},
;;=     {"kind": "instruction", "offset": 36, "instruction": "f32.const 1.5", "code": []},
;;=     {"kind": "instruction", "offset": 41, "instruction": "local.get 0", "code": []},
;;=     {"kind": "instruction", "offset": 43, "instruction": "br_table 0 (;L1;) 1", "code": [{"at": 47, "bytes": "8b 75 80", "text": "mov esi, [rbp - 128]"}, {"at": 50, "bytes": "c7 45 88 00 00 c0 3f", "text": "mov dword [rbp - 120], 0x3fc00000"}, {"at": 57, "bytes": "41 bb 01 00 00 00", "text": "mov r11d, 1"}, {"at": 63, "bytes": "41 3b f3", "text": "cmp esi, r11d"}, {"at": 66, "bytes": "44 0f 42 de", "text": "cmovb r11d, esi"}, {"at": 70, "bytes": "48 8d 3d 53 00 00 00", "text": "lea rdi, [rip + 83]"}, {"at": 77, "bytes": "4e 63 1c 9f", "text": "movsxd r11, dword [rdi + r11*4]"}, {"at": 81, "bytes": "4c 03 df", "text": "add r11, rdi"}, {"at": 84, "bytes": "41 ff e3", "text": "jmp r11"}, {"at": 87, "bytes": "4c 8b 5d 88", "text": "mov r11, [rbp - 120]"}, {"at": 91, "bytes": "4c 89 5d 80", "text": "mov [rbp - 128], r11"}, {"at": 95, "bytes": "41 ff 36", "text": "push qword [r14]"}, {"at": 98, "bytes": "49 83 c6 08", "text": "add r14, 8"}, {"at": 102, "bytes": "c3", "text": "ret"}]},
;;=     {"kind": "instruction", "offset": 47, "instruction": "else", "code": []},
;;=     {"kind": "instruction", "offset": 48, "instruction": "i32.const 1", "code": []},
;;=     {"kind": "instruction", "offset": 50, "instruction": "call 0", "code": [{"at": 103, "bytes": "c7 45 88 01 00 00 00", "text": "mov dword [rbp - 120], 1"}, {"at": 110, "bytes": "48 83 c5 08", "text": "add rbp, 8"}, {"at": 114, "bytes": "ff 15 00 00 00 00", "text": "call qword [rip]", "slot": "func 0"}, {"at": 120, "bytes": "48 83 c5 f8", "text": "add rbp, -8"}]},
;;=     {"kind": "instruction", "offset": 52, "instruction": "end", "code": []},
;;=     {"kind": "instruction", "offset": 53, "instruction": "end", "code": [{"at": 124, "bytes": "4c 8b 5d 88", "text": "mov r11, [rbp - 120]"}, {"at": 128, "bytes": "4c 89 5d 80", "text": "mov [rbp - 128], r11"}, {"at": 132, "bytes": "41 ff 36", "text": "push qword [r14]"}, {"at": 135, "bytes": "49 83 c6 08", "text": "add r14, 8"}, {"at": 139, "bytes": "c3", "text": "ret"}]},
;;=     {"kind": "late", "offset": 31, "why": "no room for the frame", "instruction": "", "code": [{"at": 140, "bytes": "ff 15 00 00 00 00", "text": "call qword [rip]", "slot": "overflow"}]},
;;=     {"kind": "late", "offset": 31, "why": "stop at the entry", "instruction": "", "code": [{"at": 146, "bytes": "ff 15 00 00 00 00", "text": "call qword [rip]", "slot": "poll"}, {"at": 152, "bytes": "e9 88 ff ff ff", "text": "jmp 0x25"}]}
;;=   ],
;;=   "labels": [
;;=     {"at": 37, "zero_extended": 0, "runtime": false},
;;=     {"at": 87, "zero_extended": 0, "runtime": false},
;;=     {"at": 103, "zero_extended": 0, "runtime": false},
;;=     {"at": 124, "zero_extended": 0, "runtime": false},
;;=     {"at": 140, "zero_extended": 0, "runtime": false},
;;=     {"at": 146, "zero_extended": 0, "runtime": false}
;;=   ],
;;=   "constants": [],
;;=   "tables": [
;;=     {"at": 160, "targets": [124, 87]}
;;=   ]
;;= }
