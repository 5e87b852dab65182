;; wasi2.wat -- a component that opens a file until the table of descriptors must grow, lists a directory, reads and waits. Made by
;; `weft component new` and `weft print`. What went wrong is in the trace.
(component
  (type (;0;)
    (instance
      (type (;0;) (list string))
      (type (;1;) (func (result 0)))
      (export "get-arguments" (func (;0;) (type 1)))
    )
  )
  (import "wasi:cli/environment@0.2.12" (instance (;0;) (type 0)))
  (type (;1;)
    (instance
      (type (;0;) (func (param "status-code" u8)))
      (export "exit-with-code" (func (;0;) (type 0)))
    )
  )
  (import "wasi:cli/exit@0.2.12" (instance (;1;) (type 1)))
  (type (;2;)
    (instance
      (export "error" (type (;0;) (sub resource)))
    )
  )
  (import "wasi:io/error@0.2.12" (instance (;2;) (type 2)))
  (type (;3;)
    (instance
      (export "pollable" (type (;0;) (sub resource)))
      (type (;1;) (borrow 0))
      (type (;2;) (list 1))
      (type (;3;) (list u32))
      (type (;4;) (func (param "in" 2) (result 3)))
      (export "poll" (func (;0;) (type 4)))
    )
  )
  (import "wasi:io/poll@0.2.12" (instance (;3;) (type 3)))
  (alias export 2 "error" (type (;4;)))
  (alias export 3 "pollable" (type (;5;)))
  (type (;6;)
    (instance
      (alias outer 1 4 (type (;0;)))
      (export "error" (type (;1;) (eq 0)))
      (alias outer 1 5 (type (;2;)))
      (export "pollable" (type (;3;) (eq 2)))
      (type (;4;) (own 1))
      (type (;5;) (variant (case "last-operation-failed" 4) (case "closed")))
      (export "stream-error" (type (;6;) (eq 5)))
      (export "input-stream" (type (;7;) (sub resource)))
      (type (;8;) (borrow 7))
      (type (;9;) (list u8))
      (type (;10;) (result 9 (error 6)))
      (type (;11;) (func (param "self" 8) (param "len" u64) (result 10)))
      (export "[method]input-stream.blocking-read" (func (;0;) (type 11)))
      (type (;12;) (own 3))
      (type (;13;) (func (param "self" 8) (result 12)))
      (export "[method]input-stream.subscribe" (func (;1;) (type 13)))
    )
  )
  (import "wasi:io/streams@0.2.12" (instance (;4;) (type 6)))
  (alias export 4 "input-stream" (type (;7;)))
  (type (;8;)
    (instance
      (alias outer 1 7 (type (;0;)))
      (export "input-stream" (type (;1;) (eq 0)))
      (type (;2;) u64)
      (export "filesize" (type (;3;) (eq 2)))
      (type (;4;) (enum "unknown" "block-device" "character-device" "directory" "fifo" "symbolic-link" "regular-file" "socket"))
      (export "descriptor-type" (type (;5;) (eq 4)))
      (type (;6;) (flags "read" "write" "file-integrity-sync" "data-integrity-sync" "requested-write-sync" "mutate-directory"))
      (export "descriptor-flags" (type (;7;) (eq 6)))
      (type (;8;) (flags "symlink-follow"))
      (export "path-flags" (type (;9;) (eq 8)))
      (type (;10;) (flags "create" "directory" "exclusive" "truncate"))
      (export "open-flags" (type (;11;) (eq 10)))
      (type (;12;) (record (field "type" 5) (field "name" string)))
      (export "directory-entry" (type (;13;) (eq 12)))
      (type (;14;) (enum "access" "would-block" "already" "bad-descriptor" "busy" "deadlock" "quota" "exist" "file-too-large" "illegal-byte-sequence" "in-progress" "interrupted" "invalid" "io" "is-directory" "loop" "too-many-links" "message-size" "name-too-long" "no-device" "no-entry" "no-lock" "insufficient-memory" "insufficient-space" "not-directory" "not-empty" "not-recoverable" "unsupported" "no-tty" "no-such-device" "overflow" "not-permitted" "pipe" "read-only" "invalid-seek" "text-file-busy" "cross-device"))
      (export "error-code" (type (;15;) (eq 14)))
      (export "descriptor" (type (;16;) (sub resource)))
      (export "directory-entry-stream" (type (;17;) (sub resource)))
      (type (;18;) (borrow 16))
      (type (;19;) (own 1))
      (type (;20;) (result 19 (error 15)))
      (type (;21;) (func (param "self" 18) (param "offset" 3) (result 20)))
      (export "[method]descriptor.read-via-stream" (func (;0;) (type 21)))
      (type (;22;) (own 17))
      (type (;23;) (result 22 (error 15)))
      (type (;24;) (func (param "self" 18) (result 23)))
      (export "[method]descriptor.read-directory" (func (;1;) (type 24)))
      (type (;25;) (own 16))
      (type (;26;) (result 25 (error 15)))
      (type (;27;) (func (param "self" 18) (param "path-flags" 9) (param "path" string) (param "open-flags" 11) (param "flags" 7) (result 26)))
      (export "[method]descriptor.open-at" (func (;2;) (type 27)))
      (type (;28;) (borrow 17))
      (type (;29;) (option 13))
      (type (;30;) (result 29 (error 15)))
      (type (;31;) (func (param "self" 28) (result 30)))
      (export "[method]directory-entry-stream.read-directory-entry" (func (;3;) (type 31)))
    )
  )
  (import "wasi:filesystem/types@0.2.12" (instance (;5;) (type 8)))
  (alias export 5 "descriptor" (type (;9;)))
  (type (;10;)
    (instance
      (alias outer 1 9 (type (;0;)))
      (export "descriptor" (type (;1;) (eq 0)))
      (type (;2;) (own 1))
      (type (;3;) (tuple 2 string))
      (type (;4;) (list 3))
      (type (;5;) (func (result 4)))
      (export "get-directories" (func (;0;) (type 5)))
    )
  )
  (import "wasi:filesystem/preopens@0.2.12" (instance (;6;) (type 10)))
  (type (;11;)
    (instance
      (type (;0;) (list u8))
      (type (;1;) (func (param "len" u64) (result 0)))
      (export "get-random-bytes" (func (;0;) (type 1)))
    )
  )
  (import "wasi:random/random@0.2.12" (instance (;7;) (type 11)))
  (core module (;0;)
    (type (;0;) (func (param i32)))
    (type (;1;) (func (param i32 i32 i32 i32 i32 i32 i32)))
    (type (;2;) (func (param i32 i64 i32)))
    (type (;3;) (func (param i32 i32)))
    (type (;4;) (func (param i32) (result i32)))
    (type (;5;) (func (param i32 i32 i32)))
    (type (;6;) (func (param i64 i32)))
    (type (;7;) (func (param i32 i32 i32 i32) (result i32)))
    (type (;8;) (func (result i32)))
    (import "wasi:cli/exit@0.2.12" "exit-with-code" (func $exit (;0;) (type 0) (param i32)))
    (import "wasi:cli/environment@0.2.12" "get-arguments" (func $args (;1;) (type 0) (param i32)))
    (import "wasi:filesystem/preopens@0.2.12" "get-directories" (func $dirs (;2;) (type 0) (param i32)))
    (import "wasi:filesystem/types@0.2.12" "[method]descriptor.open-at" (func $open (;3;) (type 1) (param i32 i32 i32 i32 i32 i32 i32)))
    (import "wasi:filesystem/types@0.2.12" "[method]descriptor.read-via-stream" (func $reads (;4;) (type 2) (param i32 i64 i32)))
    (import "wasi:filesystem/types@0.2.12" "[method]descriptor.read-directory" (func $list (;5;) (type 3) (param i32 i32)))
    (import "wasi:filesystem/types@0.2.12" "[method]directory-entry-stream.read-directory-entry" (func $entry (;6;) (type 3) (param i32 i32)))
    (import "wasi:io/streams@0.2.12" "[method]input-stream.blocking-read" (func $read (;7;) (type 2) (param i32 i64 i32)))
    (import "wasi:io/streams@0.2.12" "[method]input-stream.subscribe" (func $subscribe (;8;) (type 4) (param i32) (result i32)))
    (import "wasi:io/poll@0.2.12" "poll" (func $poll (;9;) (type 5) (param i32 i32 i32)))
    (import "wasi:random/random@0.2.12" "get-random-bytes" (func $random (;10;) (type 6) (param i64 i32)))
    (memory (;0;) (export "memory") 8)
    (global $used (;0;) (mut i32) (i32.const 4096))
    (func (;11;) (export "cabi_realloc") (type 7) (param i32 i32 i32 i32) (result i32)
      global.get $used
      i32.const 7
      i32.add
      i32.const -8
      i32.and
      global.set $used
      global.get $used
      global.get $used
      local.get 3
      i32.add
      global.set $used
    )
    (func $must (;12;) (type 0) (param i32)
      local.get 0
      i32.load8_u
      if (;L1;)
        i32.const 1
        call $exit
      end
    )
    (func (;13;) (export "wasi:cli/run@0.2.12#run") (type 8) (result i32)
      (local $root i32) (local $i i32) (local $stream i32)
      i32.const 0
      call $args
      i64.const 70000
      i32.const 0
      call $random
      i32.const 4096
      global.set $used
      i32.const 0
      call $dirs
      i32.const 0
      i32.load
      i32.load
      local.set $root
      local.get $root
      i32.const 0
      call $list
      i32.const 0
      call $must
      i32.const 4
      i32.load
      i32.const 8
      call $entry
      i32.const 8
      call $must
      loop $again
        local.get $root
        i32.const 1
        i32.const 64
        i32.const 5
        i32.const 0
        i32.const 1
        i32.const 0
        call $open
        i32.const 0
        call $must
        i32.const 4
        i32.load
        i64.const 0
        i32.const 8
        call $reads
        i32.const 8
        call $must
        i32.const 12
        i32.load
        local.set $stream
        local.get $stream
        i64.const 64
        i32.const 0
        call $read
        i32.const 0
        call $must
        i32.const 128
        local.get $stream
        call $subscribe
        i32.store
        i32.const 128
        i32.const 1
        i32.const 0
        call $poll
        local.get $i
        i32.const 1
        i32.add
        local.set $i
        local.get $i
        i32.const 12
        i32.lt_u
        br_if $again
      end
      i32.const 0
    )
    (data (;0;) (i32.const 64) "a.txt")
  )
  (core module (;1;)
    (type (;0;) (func (param i32)))
    (type (;1;) (func (param i32)))
    (type (;2;) (func (param i32 i32 i32 i32 i32 i32 i32)))
    (type (;3;) (func (param i32 i64 i32)))
    (type (;4;) (func (param i32 i32)))
    (type (;5;) (func (param i32 i32)))
    (type (;6;) (func (param i32 i64 i32)))
    (type (;7;) (func (param i32 i32 i32)))
    (type (;8;) (func (param i64 i32)))
    (table (;0;) 9 9 funcref)
    (export "0" (func 0))
    (export "1" (func 1))
    (export "2" (func 2))
    (export "3" (func 3))
    (export "4" (func 4))
    (export "5" (func 5))
    (export "6" (func 6))
    (export "7" (func 7))
    (export "8" (func 8))
    (export "$imports" (table 0))
    (func (;0;) (type 0) (param i32)
      local.get 0
      i32.const 0
      call_indirect (type 0)
    )
    (func (;1;) (type 1) (param i32)
      local.get 0
      i32.const 1
      call_indirect (type 1)
    )
    (func (;2;) (type 2) (param i32 i32 i32 i32 i32 i32 i32)
      local.get 0
      local.get 1
      local.get 2
      local.get 3
      local.get 4
      local.get 5
      local.get 6
      i32.const 2
      call_indirect (type 2)
    )
    (func (;3;) (type 3) (param i32 i64 i32)
      local.get 0
      local.get 1
      local.get 2
      i32.const 3
      call_indirect (type 3)
    )
    (func (;4;) (type 4) (param i32 i32)
      local.get 0
      local.get 1
      i32.const 4
      call_indirect (type 4)
    )
    (func (;5;) (type 5) (param i32 i32)
      local.get 0
      local.get 1
      i32.const 5
      call_indirect (type 5)
    )
    (func (;6;) (type 6) (param i32 i64 i32)
      local.get 0
      local.get 1
      local.get 2
      i32.const 6
      call_indirect (type 6)
    )
    (func (;7;) (type 7) (param i32 i32 i32)
      local.get 0
      local.get 1
      local.get 2
      i32.const 7
      call_indirect (type 7)
    )
    (func (;8;) (type 8) (param i64 i32)
      local.get 0
      local.get 1
      i32.const 8
      call_indirect (type 8)
    )
  )
  (core instance (;0;) (instantiate 1))
  (alias export 1 "exit-with-code" (func (;0;)))
  (core func (;0;) (canon lower (func 0)))
  (core instance (;1;)
    (export "exit-with-code" (func 0)))
  (alias core export 0 "0" (core func (;1;)))
  (core instance (;2;)
    (export "get-arguments" (func 1)))
  (alias core export 0 "1" (core func (;2;)))
  (core instance (;3;)
    (export "get-directories" (func 2)))
  (alias core export 0 "2" (core func (;3;)))
  (alias core export 0 "3" (core func (;4;)))
  (alias core export 0 "4" (core func (;5;)))
  (alias core export 0 "5" (core func (;6;)))
  (core instance (;4;)
    (export "[method]descriptor.open-at" (func 3))
    (export "[method]descriptor.read-via-stream" (func 4))
    (export "[method]descriptor.read-directory" (func 5))
    (export "[method]directory-entry-stream.read-directory-entry" (func 6)))
  (alias core export 0 "6" (core func (;7;)))
  (alias export 4 "[method]input-stream.subscribe" (func (;1;)))
  (core func (;8;) (canon lower (func 1)))
  (core instance (;5;)
    (export "[method]input-stream.blocking-read" (func 7))
    (export "[method]input-stream.subscribe" (func 8)))
  (alias core export 0 "7" (core func (;9;)))
  (core instance (;6;)
    (export "poll" (func 9)))
  (alias core export 0 "8" (core func (;10;)))
  (core instance (;7;)
    (export "get-random-bytes" (func 10)))
  (core instance (;8;) (instantiate 0
    (with "wasi:cli/exit@0.2.12" (instance 1))
    (with "wasi:cli/environment@0.2.12" (instance 2))
    (with "wasi:filesystem/preopens@0.2.12" (instance 3))
    (with "wasi:filesystem/types@0.2.12" (instance 4))
    (with "wasi:io/streams@0.2.12" (instance 5))
    (with "wasi:io/poll@0.2.12" (instance 6))
    (with "wasi:random/random@0.2.12" (instance 7))))
  (alias core export 8 "memory" (core memory (;0;)))
  (alias core export 8 "cabi_realloc" (core func (;11;)))
  (alias export 0 "get-arguments" (func (;2;)))
  (core func (;12;) (canon lower (func 2) string-encoding=utf8 (memory 0) (realloc 11)))
  (alias export 6 "get-directories" (func (;3;)))
  (core func (;13;) (canon lower (func 3) string-encoding=utf8 (memory 0) (realloc 11)))
  (alias export 5 "[method]descriptor.open-at" (func (;4;)))
  (core func (;14;) (canon lower (func 4) string-encoding=utf8 (memory 0)))
  (alias export 5 "[method]descriptor.read-via-stream" (func (;5;)))
  (core func (;15;) (canon lower (func 5) string-encoding=utf8 (memory 0)))
  (alias export 5 "[method]descriptor.read-directory" (func (;6;)))
  (core func (;16;) (canon lower (func 6) string-encoding=utf8 (memory 0)))
  (alias export 5 "[method]directory-entry-stream.read-directory-entry" (func (;7;)))
  (core func (;17;) (canon lower (func 7) string-encoding=utf8 (memory 0) (realloc 11)))
  (alias export 4 "[method]input-stream.blocking-read" (func (;8;)))
  (core func (;18;) (canon lower (func 8) string-encoding=utf8 (memory 0) (realloc 11)))
  (alias export 3 "poll" (func (;9;)))
  (core func (;19;) (canon lower (func 9) string-encoding=utf8 (memory 0) (realloc 11)))
  (alias export 7 "get-random-bytes" (func (;10;)))
  (core func (;20;) (canon lower (func 10) string-encoding=utf8 (memory 0) (realloc 11)))
  (alias core export 0 "$imports" (core table (;0;)))
  (core module (;2;)
    (type (;0;) (func (param i32)))
    (type (;1;) (func (param i32)))
    (type (;2;) (func (param i32 i32 i32 i32 i32 i32 i32)))
    (type (;3;) (func (param i32 i64 i32)))
    (type (;4;) (func (param i32 i32)))
    (type (;5;) (func (param i32 i32)))
    (type (;6;) (func (param i32 i64 i32)))
    (type (;7;) (func (param i32 i32 i32)))
    (type (;8;) (func (param i64 i32)))
    (import "" "0" (func (;0;) (type 0) (param i32)))
    (import "" "1" (func (;1;) (type 1) (param i32)))
    (import "" "2" (func (;2;) (type 2) (param i32 i32 i32 i32 i32 i32 i32)))
    (import "" "3" (func (;3;) (type 3) (param i32 i64 i32)))
    (import "" "4" (func (;4;) (type 4) (param i32 i32)))
    (import "" "5" (func (;5;) (type 5) (param i32 i32)))
    (import "" "6" (func (;6;) (type 6) (param i32 i64 i32)))
    (import "" "7" (func (;7;) (type 7) (param i32 i32 i32)))
    (import "" "8" (func (;8;) (type 8) (param i64 i32)))
    (import "" "$imports" (table (;0;) 9 9 funcref))
    (elem (;0;) (i32.const 0) func 0 1 2 3 4 5 6 7 8)
  )
  (core instance (;9;)
    (export "0" (func 12))
    (export "1" (func 13))
    (export "2" (func 14))
    (export "3" (func 15))
    (export "4" (func 16))
    (export "5" (func 17))
    (export "6" (func 18))
    (export "7" (func 19))
    (export "8" (func 20))
    (export "$imports" (table 0)))
  (core instance (;10;) (instantiate 2
    (with "" (instance 9))))
  (type (;12;) (result))
  (type (;13;) (func (result 12)))
  (alias core export 8 "wasi:cli/run@0.2.12#run" (core func (;21;)))
  (func (;11;) (type 13) (canon lift (core func 21)))
  (component (;0;)
    (type (;0;) (result))
    (type (;1;) (func (result 0)))
    (import "import-func-run" (func (;0;) (type 1)))
    (type (;2;) (result))
    (type (;3;) (func (result 2)))
    (export (;1;) "run" (func 0) (func (type 3)))
  )
  (instance (;8;) (instantiate 0
    (with "import-func-run" (func 11))))
  (export (;9;) "wasi:cli/run@0.2.12" (instance 8))
)
