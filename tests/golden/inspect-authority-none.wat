;;! weft inspect --authority %
(module (func (export "f")))
;;=   nothing: it imports nothing
