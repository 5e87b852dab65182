;;! weft validate --features=-mutable-global
;; Before globals that change could be imported, they could not be exported either.
(module (global $g (mut i32) (i32.const 0)) (global $k i32 (i32.const 0)) (export "k" (global $k)) (export "g" (global $g)))
;;2 mutable-global-off.wat:3:100: feature is not enabled: mutable-global (switch it on with --features=+mutable-global)
;;2     (mut i32) (i32.const 0)) (global $k i32 (i32.const 0)) (export "k" (global $k)) (export "g" (global $g)))
;;2                                                                                     ^
;;status 1
