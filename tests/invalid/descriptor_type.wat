;;! weft validate --features=+custom-descriptors %
(module (rec
  (type $a (descriptor $b) (struct))
  (type $b (struct))))
;;2 descriptor_type.wat:2:9: descriptor type: type 0 is not described by its descriptor
;;2     (module (rec
;;2             ^
;;status 1
