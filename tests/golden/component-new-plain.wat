;;! weft component new % -o /dev/null
(module (func (export "run")))
;;2 component-new-plain.wat: this makes no component: no section component-type says for which world the module was made; `weft component embed` writes one
;;status 1
