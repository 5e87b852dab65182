;;! weft run --init init -o - %
(module
  (tag $e)
  (global $last (mut exnref) (ref.null exn))
  (func (export "init")
    (block $caught (result exnref)
      (try_table (catch_all_ref $caught) (throw $e))
      (unreachable))
    (global.set $last)))
;;2 error: run-init-exception.wat: cannot be written with its state: global 0 holds an exception, which no constant expression can give
;;status 1
