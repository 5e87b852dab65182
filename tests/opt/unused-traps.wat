;;! weft opt --only unused --features=+custom-descriptors % -o -
;;| weft print --features=+custom-descriptors -
;; A global that nobody reads, but that traps when the module is instantiated, stays.

(module
  (rec
    (type $s (descriptor $d) (struct))
    (type $d (describes $s) (struct)))
  (global (ref $s) (struct.new_desc $s (ref.null none)))
  (global i32 (i32.const 3)))
;;= (module
;;=   (rec
;;=     (type $s (;0;) (descriptor $d) (struct))
;;=     (type $d (;1;) (describes $s) (struct)))
;;=   (global (;0;) (ref $s) (struct.new_desc $s (ref.null none)))
;;= )
