;;! weft wast %
;; Lists of types long enough that what was found to match is not compared again. What is like them in part is.

;; the same lists again and again
(module definition
  (type $u (sub (struct)))
  (type $l (sub $u (struct)))
  (type $other (array i8))
  (type $low (func
    (result (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l))
    (result (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l))
    (result (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l))
    (result (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l))
    (result (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l))
  ))
  (type $up (func
    (param (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u))
    (param (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u))
    (param (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u))
    (param (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u))
    (param (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u))
  ))
  (type $last (func
    (result (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l))
    (result (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l))
    (result (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l))
    (result (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l))
    (result (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l))
    (result (ref null $other))
  ))
  (type $block (func
    (result (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u))
    (result (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u))
    (result (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u))
    (result (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u))
    (result (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u))
    (result (ref $u))
  ))
  (type $s (struct
    (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u))
    (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u))
    (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u))
    (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u))
    (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u))
    (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u))
    (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u))
    (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u))
  ))
  (type $a (array (ref null $u)))
  (import "" "low" (func $low (type $low)))
  (import "" "up" (func $up (type $up)))
  (import "" "last" (func $last (type $last)))
  (func
    call $low
    call $up
    call $low
    call $up
  )
)

;; in parts
(module definition
  (type $u (sub (struct)))
  (type $l (sub $u (struct)))
  (type $other (array i8))
  (type $low (func
    (result (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l))
    (result (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l))
    (result (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l))
    (result (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l))
    (result (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l))
  ))
  (type $up (func
    (param (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u))
    (param (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u))
    (param (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u))
    (param (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u))
    (param (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u))
  ))
  (type $last (func
    (result (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l))
    (result (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l))
    (result (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l))
    (result (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l))
    (result (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l))
    (result (ref null $other))
  ))
  (type $block (func
    (result (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u))
    (result (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u))
    (result (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u))
    (result (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u))
    (result (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u))
    (result (ref $u))
  ))
  (type $s (struct
    (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u))
    (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u))
    (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u))
    (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u))
    (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u))
    (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u))
    (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u))
    (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u))
  ))
  (type $a (array (ref null $u)))
  (import "" "low" (func $low (type $low)))
  (import "" "up" (func $up (type $up)))
  (import "" "last" (func $last (type $last)))
  (func
    call $low
    drop drop drop drop drop drop drop drop drop drop
    drop drop drop drop drop drop drop drop drop drop
    (ref.null $l) (ref.null $l) (ref.null $l) (ref.null $l) (ref.null $l)
    (ref.null $l) (ref.null $l) (ref.null $l) (ref.null $l) (ref.null $l)
    (ref.null $l) (ref.null $l) (ref.null $l) (ref.null $l) (ref.null $l)
    (ref.null $l) (ref.null $l) (ref.null $l) (ref.null $l) (ref.null $l)
    call $up
  )
)

;; of fields and of elements
(module definition
  (type $u (sub (struct)))
  (type $l (sub $u (struct)))
  (type $other (array i8))
  (type $low (func
    (result (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l))
    (result (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l))
    (result (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l))
    (result (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l))
    (result (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l))
  ))
  (type $up (func
    (param (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u))
    (param (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u))
    (param (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u))
    (param (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u))
    (param (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u))
  ))
  (type $last (func
    (result (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l))
    (result (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l))
    (result (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l))
    (result (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l))
    (result (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l))
    (result (ref null $other))
  ))
  (type $block (func
    (result (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u))
    (result (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u))
    (result (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u))
    (result (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u))
    (result (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u))
    (result (ref $u))
  ))
  (type $s (struct
    (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u))
    (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u))
    (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u))
    (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u))
    (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u))
    (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u))
    (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u))
    (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u))
  ))
  (type $a (array (ref null $u)))
  (import "" "low" (func $low (type $low)))
  (import "" "up" (func $up (type $up)))
  (import "" "last" (func $last (type $last)))
  (func
    call $low
    struct.new $s
    drop
    call $low
    array.new_fixed $a 40
    drop
    call $low
    struct.new $s
    drop
    call $low
    array.new_fixed $a 40
    drop
  )
)

;; another type on top
(assert_invalid (module
    (type $u (sub (struct)))
  (type $l (sub $u (struct)))
  (type $other (array i8))
    (type $low (func
      (result (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l))
      (result (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l))
      (result (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l))
      (result (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l))
      (result (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l))
    ))
    (type $up (func
      (param (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u))
      (param (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u))
      (param (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u))
      (param (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u))
      (param (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u))
    ))
    (type $last (func
      (result (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l))
      (result (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l))
      (result (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l))
      (result (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l))
      (result (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l))
      (result (ref null $other))
    ))
    (type $block (func
      (result (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u))
      (result (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u))
      (result (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u))
      (result (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u))
      (result (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u))
      (result (ref $u))
    ))
    (type $s (struct
      (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u))
      (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u))
      (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u))
      (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u))
      (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u))
      (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u))
      (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u))
      (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u))
    ))
    (type $a (array (ref null $u)))
    (import "" "low" (func $low (type $low)))
    (import "" "up" (func $up (type $up)))
    (import "" "last" (func $last (type $last)))
    (func
      call $low
      call $up
      call $low
      call $up
      call $low
      drop
      (ref.null $other)
      call $up
    )
) "type mismatch")

;; another type in the middle
(assert_invalid (module
    (type $u (sub (struct)))
  (type $l (sub $u (struct)))
  (type $other (array i8))
    (type $low (func
      (result (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l))
      (result (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l))
      (result (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l))
      (result (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l))
      (result (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l))
    ))
    (type $up (func
      (param (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u))
      (param (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u))
      (param (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u))
      (param (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u))
      (param (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u))
    ))
    (type $last (func
      (result (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l))
      (result (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l))
      (result (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l))
      (result (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l))
      (result (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l))
      (result (ref null $other))
    ))
    (type $block (func
      (result (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u))
      (result (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u))
      (result (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u))
      (result (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u))
      (result (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u))
      (result (ref $u))
    ))
    (type $s (struct
      (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u))
      (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u))
      (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u))
      (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u))
      (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u))
      (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u))
      (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u))
      (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u))
    ))
    (type $a (array (ref null $u)))
    (import "" "low" (func $low (type $low)))
    (import "" "up" (func $up (type $up)))
    (import "" "last" (func $last (type $last)))
    (func
      call $low
      call $up
      call $low
      call $up
      call $low
      drop drop drop drop drop drop drop drop drop drop
      drop drop drop drop drop drop drop drop drop drop
      (ref.null $other)
      (ref.null $l) (ref.null $l) (ref.null $l) (ref.null $l) (ref.null $l)
      (ref.null $l) (ref.null $l) (ref.null $l) (ref.null $l) (ref.null $l)
      (ref.null $l) (ref.null $l) (ref.null $l) (ref.null $l) (ref.null $l)
      (ref.null $l) (ref.null $l) (ref.null $l) (ref.null $l)
      call $up
    )
) "type mismatch")

;; another type at the bottom
(assert_invalid (module
    (type $u (sub (struct)))
  (type $l (sub $u (struct)))
  (type $other (array i8))
    (type $low (func
      (result (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l))
      (result (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l))
      (result (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l))
      (result (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l))
      (result (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l))
    ))
    (type $up (func
      (param (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u))
      (param (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u))
      (param (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u))
      (param (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u))
      (param (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u))
    ))
    (type $last (func
      (result (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l))
      (result (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l))
      (result (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l))
      (result (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l))
      (result (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l))
      (result (ref null $other))
    ))
    (type $block (func
      (result (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u))
      (result (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u))
      (result (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u))
      (result (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u))
      (result (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u))
      (result (ref $u))
    ))
    (type $s (struct
      (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u))
      (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u))
      (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u))
      (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u))
      (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u))
      (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u))
      (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u))
      (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u))
    ))
    (type $a (array (ref null $u)))
    (import "" "low" (func $low (type $low)))
    (import "" "up" (func $up (type $up)))
    (import "" "last" (func $last (type $last)))
    (func
      call $low
      call $up
      call $low
      call $up
      (ref.null $other)
      call $low
      drop
      call $up
    )
) "type mismatch")

;; the last one, of lists that matched up to there
(assert_invalid (module
    (type $u (sub (struct)))
  (type $l (sub $u (struct)))
  (type $other (array i8))
    (type $low (func
      (result (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l))
      (result (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l))
      (result (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l))
      (result (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l))
      (result (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l))
    ))
    (type $up (func
      (param (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u))
      (param (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u))
      (param (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u))
      (param (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u))
      (param (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u))
    ))
    (type $last (func
      (result (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l))
      (result (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l))
      (result (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l))
      (result (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l))
      (result (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l))
      (result (ref null $other))
    ))
    (type $block (func
      (result (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u))
      (result (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u))
      (result (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u))
      (result (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u))
      (result (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u))
      (result (ref $u))
    ))
    (type $s (struct
      (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u))
      (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u))
      (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u))
      (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u))
      (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u))
      (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u))
      (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u))
      (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u))
    ))
    (type $a (array (ref null $u)))
    (import "" "low" (func $low (type $low)))
    (import "" "up" (func $up (type $up)))
    (import "" "last" (func $last (type $last)))
    (func
      (block (type $block)
        call $last
        drop
        (ref.null $l)
        br_on_non_null 0
        drop drop drop drop drop drop drop drop drop drop
        drop drop drop drop drop drop drop drop drop drop
        drop drop drop drop drop drop drop drop drop drop
        drop drop drop drop drop drop drop drop drop
        call $last
      )
      drop drop drop drop drop drop drop drop drop drop
      drop drop drop drop drop drop drop drop drop drop
      drop drop drop drop drop drop drop drop drop drop
      drop drop drop drop drop drop drop drop drop drop
    )
) "type mismatch")

;; a field
(assert_invalid (module
    (type $u (sub (struct)))
  (type $l (sub $u (struct)))
  (type $other (array i8))
    (type $low (func
      (result (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l))
      (result (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l))
      (result (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l))
      (result (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l))
      (result (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l))
    ))
    (type $up (func
      (param (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u))
      (param (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u))
      (param (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u))
      (param (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u))
      (param (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u))
    ))
    (type $last (func
      (result (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l))
      (result (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l))
      (result (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l))
      (result (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l))
      (result (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l))
      (result (ref null $other))
    ))
    (type $block (func
      (result (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u))
      (result (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u))
      (result (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u))
      (result (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u))
      (result (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u))
      (result (ref $u))
    ))
    (type $s (struct
      (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u))
      (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u))
      (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u))
      (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u))
      (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u))
      (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u))
      (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u))
      (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u))
    ))
    (type $a (array (ref null $u)))
    (import "" "low" (func $low (type $low)))
    (import "" "up" (func $up (type $up)))
    (import "" "last" (func $last (type $last)))
    (func
      call $low
      struct.new $s
      drop
      call $last
      struct.new $s
      drop
    )
) "type mismatch")

;; an element
(assert_invalid (module
    (type $u (sub (struct)))
  (type $l (sub $u (struct)))
  (type $other (array i8))
    (type $low (func
      (result (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l))
      (result (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l))
      (result (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l))
      (result (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l))
      (result (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l))
    ))
    (type $up (func
      (param (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u))
      (param (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u))
      (param (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u))
      (param (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u))
      (param (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u))
    ))
    (type $last (func
      (result (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l))
      (result (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l))
      (result (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l))
      (result (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l))
      (result (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l))
      (result (ref null $other))
    ))
    (type $block (func
      (result (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u))
      (result (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u))
      (result (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u))
      (result (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u))
      (result (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u))
      (result (ref $u))
    ))
    (type $s (struct
      (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u))
      (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u))
      (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u))
      (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u))
      (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u))
      (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u))
      (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u))
      (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u))
    ))
    (type $a (array (ref null $u)))
    (import "" "low" (func $low (type $low)))
    (import "" "up" (func $up (type $up)))
    (import "" "last" (func $last (type $last)))
    (func
      call $low
      array.new_fixed $a 40
      drop
      call $low
      drop
      (ref.null $other)
      array.new_fixed $a 40
      drop
    )
) "type mismatch")

;; an operand is missing
(assert_invalid (module
    (type $u (sub (struct)))
  (type $l (sub $u (struct)))
  (type $other (array i8))
    (type $low (func
      (result (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l))
      (result (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l))
      (result (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l))
      (result (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l))
      (result (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l))
    ))
    (type $up (func
      (param (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u))
      (param (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u))
      (param (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u))
      (param (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u))
      (param (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u))
    ))
    (type $last (func
      (result (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l))
      (result (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l))
      (result (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l))
      (result (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l))
      (result (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l) (ref null $l))
      (result (ref null $other))
    ))
    (type $block (func
      (result (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u))
      (result (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u))
      (result (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u))
      (result (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u))
      (result (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u) (ref null $u))
      (result (ref $u))
    ))
    (type $s (struct
      (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u))
      (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u))
      (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u))
      (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u))
      (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u))
      (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u))
      (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u))
      (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u)) (field (ref null $u))
    ))
    (type $a (array (ref null $u)))
    (import "" "low" (func $low (type $low)))
    (import "" "up" (func $up (type $up)))
    (import "" "last" (func $last (type $last)))
    (func
      call $low
      call $up
      call $low
      call $up
      call $low
      drop
      call $up
    )
) "type mismatch")
;;= 10 passed, 0 failed
