;;! weft print %
;; Names that are no identifiers, or not unique, and such as a terminal would obey; labels that hide each other.
(module $"a module" (@name "other")
  (type $"a type" (struct (field $x i32) (field $y (@name "x") i32) (field (@name "") i32)))
  (func $f) (func $g (@name "f")) (func $"with space") (func $"esc\1b[2J\u{202e}\"\\") (func (@name "")) (func $"\u{e9}t\u{e9}")
  (func $h (param $p i32) (param i32) (param $q (@name "p") i64) (local (@name "") i32)
    (block $l (loop $l (br $l) (br 1) (block (br $l) (br 2))))
    (call $f) (call $g) (call $"with space") (call 3) (call 4) (call $"\u{e9}t\u{e9}")
    (drop (local.get $q)))
  (table $t 1 funcref) (memory $m 1) (global $gl i32 (i32.const 0)) (tag $tag) (elem $e func) (data $d "")
)
;;= (module $other
;;=   (type $"a type" (;0;) (struct (field $x i32) (field $x#1 (@name "x") i32) (field (@name "") i32)))
;;=   (type (;1;) (func))
;;=   (type (;2;) (func (param i32 i32 i64)))
;;=   (table $t (;0;) 1 funcref)
;;=   (memory $m (;0;) 1)
;;=   (tag $tag (;0;) (type 1))
;;=   (global $gl (;0;) i32 (i32.const 0))
;;=   (elem $e (;0;) func)
;;=   (func $f (;0;) (type 1)
;;=   )
;;=   (func $f#1 (;1;) (@name "f") (type 1)
;;=   )
;;=   (func $"with space" (;2;) (type 1)
;;=   )
;;=   (func $"esc\u{1b}[2J\u{202e}\"\\" (;3;) (type 1)
;;=   )
;;=   (func (;4;) (@name "") (type 1)
;;=   )
;;=   (func $"été" (;5;) (type 1)
;;=   )
;;=   (func $h (;6;) (type 2) (param $p i32) (param i32) (param $p#2 (@name "p") i64)
;;=     (local (@name "") i32)
;;=     block $l
;;=       loop $l
;;=         br $l
;;=         br 1 (;L1;)
;;=         block (;L3;)
;;=           br $l
;;=           br 2 (;L1;)
;;=         end
;;=       end
;;=     end
;;=     call $f
;;=     call $f#1
;;=     call $"with space"
;;=     call $"esc\u{1b}[2J\u{202e}\"\\"
;;=     call 4
;;=     call $"été"
;;=     local.get $p#2
;;=     drop
;;=   )
;;=   (data $d (;0;) "")
;;= )
