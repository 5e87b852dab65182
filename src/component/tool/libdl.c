// libdl.c -- a library with dlopen, dlsym, dlclose and dlerror, over what layout.c writes for it:
// all libraries that can be opened are there from the start. See link.h.

#include "component/tool/coretext.h"
#include "component/tool/link.h"

// A handle is where a library stands in the list. Names are sorted, so one is halved until it is
// found; those of C end with a zero.
static const char text[] =
    "(module\n"
    "(@dylink.0 (mem-info (memory 48 2)))\n"
    "(import \"env\" \"memory\" (memory 0))\n"
    "(import \"env\" \"__memory_base\" (global $messages i32))\n"
    "(import \"GOT.mem\" \"__wasm_libdl_libraries\" (global $root (mut i32)))\n"
    "(global $error (mut i32) (i32.const 0))\n"

    // less, equal or greater than 0, as the name of $entry is to $name
    "(func $order (param $entry i32) (param $name i32) (result i32)\n"
    "  (local $at i32) (local $end i32) (local $d i32)\n"
    "  (local.set $at (i32.load offset=4 (local.get $entry)))\n"
    "  (local.set $end (i32.add (local.get $at) (i32.load (local.get $entry))))\n"
    "  (loop $next\n"
    "    (if (i32.eq (local.get $at) (local.get $end)) (then\n"
    "      (return (i32.sub (i32.const 0) (i32.load8_u (local.get $name))))))\n"
    "    (local.set $d (i32.sub (i32.load8_u (local.get $at)) (i32.load8_u (local.get $name))))\n"
    "    (local.set $at (i32.add (local.get $at) (i32.const 1)))\n"
    "    (local.set $name (i32.add (local.get $name) (i32.const 1)))\n"
    "    (br_if $next (i32.eqz (local.get $d))))\n"
    "  (local.get $d))\n"

    // of $count entries of $size bytes each the one of that name, or 0
    "(func $find (param $at i32) (param $count i32) (param $size i32) (param $name i32)\n"
    "  (result i32) (local $half i32) (local $entry i32) (local $d i32)\n"
    "  (block $none (loop $next\n"
    "    (br_if $none (i32.eqz (local.get $count)))\n"
    "    (local.set $half (i32.shr_u (local.get $count) (i32.const 1)))\n"
    "    (local.set $entry (i32.add (local.get $at) (i32.mul (local.get $half)\n"
    "      (local.get $size))))\n"
    "    (local.set $d (call $order (local.get $entry) (local.get $name)))\n"
    "    (if (i32.eqz (local.get $d)) (then (return (local.get $entry))))\n"
    "    (if (i32.lt_s (local.get $d) (i32.const 0)) (then\n"
    "      (local.set $at (i32.add (local.get $entry) (local.get $size)))\n"
    "      (local.set $half (i32.sub (i32.sub (local.get $count) (local.get $half))\n"
    "        (i32.const 1)))))\n"
    "    (local.set $count (local.get $half))\n"
    "    (br $next)))\n"
    "  (i32.const 0))\n"

    "(func $fail (param $message i32) (result i32)\n"
    "  (global.set $error (i32.add (global.get $messages) (local.get $message)))\n"
    "  (i32.const 0))\n"

    "(func (export \"dlopen\") (param $name i32) (param i32) (result i32) (local $library i32)\n"
    "  (if (local.get $name) (then\n"
    "    (local.set $library (call $find (i32.load offset=4 (global.get $root))\n"
    "      (i32.load (global.get $root)) (i32.const 16) (local.get $name)))))\n"
    "  (if (result i32) (local.get $library) (then (local.get $library))\n"
    "    (else (call $fail (i32.const 0)))))\n"

    "(func (export \"dlsym\") (param $library i32) (param $name i32) (result i32)\n"
    "  (local $symbol i32)\n"
    "  (if (local.get $library) (then\n"
    "    (local.set $symbol (call $find (i32.load offset=12 (local.get $library))\n"
    "      (i32.load offset=8 (local.get $library)) (i32.const 12) (local.get $name)))))\n"
    "  (if (result i32) (local.get $symbol) (then (i32.load offset=8 (local.get $symbol)))\n"
    "    (else (call $fail (i32.const 26)))))\n"

    "(func (export \"dlclose\") (param i32) (result i32) (i32.const 0))\n"

    // what went wrong since it was last asked, or 0
    "(func (export \"dlerror\") (result i32)\n"
    "  (global.get $error)\n"
    "  (global.set $error (i32.const 0)))\n"

    "(data (global.get $messages)\n"
    "  \"no such library is linked\\00\" \"no such symbol\\00\"))\n";

Bytes link_libdl(Maker *m)
{
    Buf b;
    buf_init(&b, m->arena);
    buf_bytes(&b, text, sizeof text - 1);
    return text_assemble(m, &b);
}
