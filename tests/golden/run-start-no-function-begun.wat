;;! weft run %
;; What it has to do is in its start function, whatever the export is.
(module (global (export "_start") i32 (i32.const 0)) (start 0) (func))
