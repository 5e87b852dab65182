;;! weft inspect --types --json
(module
  (rec
    (type $any (sub (struct (field $vtable (ref $vtable)) (field $hash (mut i32)))))
    (type $vtable (sub (struct (field funcref))))
    (type $string (sub final $any (struct (field (ref $vtable)) (field (mut i32)) (field $length i8) (field $chars (ref null $chars)))))
    (type $chars (array (mut i16))))
  (type $box_vtable (sub $vtable (struct (field funcref) (field i64))))
  (type $box (sub $any (struct (field $table (ref $box_vtable)) (field (mut i32)) (field $value (mut f64)))))
  (type $plain (struct))
  (type (@name "again\u{202e}") (struct))
  (rec)
  (type $boxes (array (ref null $plain)))
  (type $make (func (param i32) (result (ref $any))))
  (type (func))
  (type $more (sub final $box_vtable (struct (field funcref) (field i64) (field v128))))
  (import "" "make" (func $imported (type $make)))
  (table 1 (ref null $make))
  (table (ref null $plain) (elem (struct.new $plain) (struct.new $plain)))
  (global $empty (ref $plain) (struct.new_default $plain))
  (tag (type $nothing_else))
  (type $nothing_else (func (param i64)))
  (func $f (type $make) (local (ref null $chars)) (local $s (ref null $any)) (local (ref null $any))
    (local.set $s (ref.null $any))
    (array.copy $chars $chars (local.get 1) (i32.const 0) (local.get 1) (i32.const 0) (i32.const 1))
    (drop (array.get_u $chars (local.get 1) (i32.const 0)))
    (struct.set $string 1 (ref.cast (ref $string) (local.get $s)) (i32.const 1))
    (if (ref.test (ref $string) (local.get $s))
      (then (drop (call_indirect (type $make) (i32.const 1) (i32.const 0)))))
    (drop (block $l (result (ref $any)) (br_on_cast $l (ref null $any) (ref $string) (local.get $s))))
    (return_call_ref $make (i32.const 2) (ref.func $f))))
;;= {
;;=   "file": "inspect-types-json.wat",
;;=   "format": "text",
;;=   "size": 446,
;;=   "readable": 446,
;;=   "valid": false,
;;=   "error": "type mismatch: end expected (ref 0) for operand 1, found (ref null 0)",
;;=   "line": 30,
;;=   "column": 101,
;;=   "types": [
;;=     {"index": 0, "name": "any", "group": 0, "group_count": 4, "kind": "struct", "final": false, "super": null, "subtypes": [2, 5], "size": 16, "fields": [{"name": "vtable", "type": "(ref 1)", "mutable": false, "offset": 4, "size": 4}, {"name": "hash", "type": "i32", "mutable": true, "offset": 8, "size": 4}], "uses": {"types": 1, "locals": 2, "other": 2}},
;;=     {"index": 1, "name": "vtable", "group": 0, "group_count": 4, "kind": "struct", "final": false, "super": null, "subtypes": [4], "size": 8, "fields": [{"name": null, "type": "funcref", "mutable": false, "offset": 4, "size": 4}], "uses": {"types": 2}},
;;=     {"index": 2, "name": "string", "group": 0, "group_count": 4, "kind": "struct", "final": true, "super": 0, "subtypes": [], "size": 24, "fields": [{"name": null, "type": "(ref 1)", "mutable": false, "offset": 4, "size": 4}, {"name": null, "type": "i32", "mutable": true, "offset": 8, "size": 4}, {"name": "length", "type": "i8", "mutable": false, "offset": 12, "size": 1}, {"name": "chars", "type": "(ref null 3)", "mutable": false, "offset": 16, "size": 4}], "uses": {"written": 1, "cast": 3}},
;;=     {"index": 3, "name": "chars", "group": 0, "group_count": 4, "kind": "array", "final": true, "super": null, "subtypes": [], "size": 8, "fields": [{"name": null, "type": "i16", "mutable": true, "offset": 8, "size": 2}], "uses": {"types": 1, "locals": 1, "read": 2, "written": 1}},
;;=     {"index": 4, "name": "box_vtable", "group": 4, "group_count": 1, "kind": "struct", "final": false, "super": 1, "subtypes": [11], "size": 16, "fields": [{"name": null, "type": "funcref", "mutable": false, "offset": 4, "size": 4}, {"name": null, "type": "i64", "mutable": false, "offset": 8, "size": 8}], "uses": {"types": 1}},
;;=     {"index": 5, "name": "box", "group": 5, "group_count": 1, "kind": "struct", "final": false, "super": 0, "subtypes": [], "size": 24, "fields": [{"name": "table", "type": "(ref 4)", "mutable": false, "offset": 4, "size": 4}, {"name": null, "type": "i32", "mutable": true, "offset": 8, "size": 4}, {"name": "value", "type": "f64", "mutable": true, "offset": 16, "size": 8}], "uses": {}},
;;=     {"index": 6, "name": "plain", "group": 6, "group_count": 1, "kind": "struct", "final": true, "super": null, "subtypes": [], "size": 8, "fields": [], "uses": {"types": 1, "items": 3, "made": 3}},
;;=     {"index": 7, "name": "again\u202e", "group": 7, "group_count": 1, "same": 6},
;;=     {"index": 8, "name": "boxes", "group": 8, "group_count": 1, "kind": "array", "final": true, "super": null, "subtypes": [], "size": 8, "fields": [{"name": null, "type": "(ref null 6)", "mutable": false, "offset": 8, "size": 4}], "uses": {}},
;;=     {"index": 9, "name": "make", "group": 9, "group_count": 1, "kind": "func", "final": true, "super": null, "subtypes": [], "type": "(func (param i32) (result (ref 0)))", "uses": {"functions": 2, "items": 1, "called": 2}},
;;=     {"index": 10, "name": null, "group": 10, "group_count": 1, "kind": "func", "final": true, "super": null, "subtypes": [], "type": "(func)", "uses": {}},
;;=     {"index": 11, "name": "more", "group": 11, "group_count": 1, "kind": "struct", "final": true, "super": 4, "subtypes": [], "size": 32, "fields": [{"name": null, "type": "funcref", "mutable": false, "offset": 4, "size": 4}, {"name": null, "type": "i64", "mutable": false, "offset": 8, "size": 8}, {"name": null, "type": "v128", "mutable": false, "offset": 16, "size": 16}], "uses": {}},
;;=     {"index": 12, "name": "nothing_else", "group": 12, "group_count": 1, "kind": "func", "final": true, "super": null, "subtypes": [], "type": "(func (param i64))", "uses": {"functions": 1}}
;;=   ]
;;= }
;;2 inspect-types-json.wat:30:101: func 1: type mismatch: end expected (ref 0) for operand 1, found (ref null 0)
;;2     (result (ref $any)) (br_on_cast $l (ref null $any) (ref $string) (local.get $s))))
;;2                                                                                     ^
;;status 1
