;;! weft run --sandbox=on --snapshot-at 10 -o unwritten --invoke f %
;; Where a file is to be made in the end there is no wall.
(module (func (export "f")))
;;2 error: --sandbox=on and --snapshot-at: behind the wall no file is made
;;status 2
