;; guest-map.wat -- ends in a trap; a source map says where.
(module
  (func $fail (export "fail") unreachable)
  (@custom "sourceMappingURL" (after code) "\09guest.map"))
