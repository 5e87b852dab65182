;;! weft validate
(module (func (rethrow 0)))
;;2 invalid_rethrow_label.wat:2:16: func 0: invalid rethrow label 0: it is no catch
;;2     (module (func (rethrow 0)))
;;2                    ^
;;status 1
