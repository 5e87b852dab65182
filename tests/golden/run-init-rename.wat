;;! weft run --func-rename _start=resume --func-rename resume=init --keep-init --init init -o - %
;;| weft print -
(module
  (func (export "_initialize"))
  (func $init (export "init"))
  (func $start (export "_start"))
  (func $resume (export "resume")))
;;= (module
;;=   (type (;0;) (func))
;;=   (func (;0;) (type 0)
;;=   )
;;=   (func $init (;1;) (export "resume") (type 0)
;;=   )
;;=   (func $start (;2;) (type 0)
;;=   )
;;=   (func $resume (;3;) (export "_start") (type 0)
;;=   )
;;= )
