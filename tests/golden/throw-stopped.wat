;;! weft run --fuel 23406 --stop-every 1 --invoke f %
;; A search through three hundred frames asks five times whether to stop. Stopped there it begins again, once, and is paid
;; for once: the same fuel does that does where nobody stops it.
(module
  (tag $e) (tag $other)
  (func $down (param $n i32)
    (if (i32.eqz (local.get $n)) (then (throw $e)))
    (block $caught (try_table (catch $other $caught) (call $down (i32.sub (local.get $n) (i32.const 1))))))
  (func (export "f") (block $caught (try_table (catch $e $caught) (call $down (i32.const 300))))))
