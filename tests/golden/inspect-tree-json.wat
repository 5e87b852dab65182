;;! weft inspect --tree --json --raw-names
(module
  (func (@name "_ZN4core3fmt5write17h0123456789abcdefE") nop nop nop nop nop)
  (func (@name "_ZN4core3fmt9Formatter3pad17h0123456789abcdefE") nop nop nop nop nop nop nop nop)
  (func (@name "_ZN63_$LT$alloc..vec..Vec$LT$T$GT$$u20$as$u20$core..clone..Clone$GT$5clone17h0123456789abcdefE") nop nop nop nop nop nop nop nop nop nop nop)
  (func (@name "_ZN5alloc3vec12Vec$LT$T$GT$4push17h0123456789abcdefE") nop nop nop nop nop nop nop nop nop nop nop nop nop nop)
  (func (@name "_ZNSt6vectorIiSaIiEE9push_backERKi") nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop)
  (func (@name "_ZN12_GLOBAL__N_13fooEv") nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop)
  (func (@name "_ZNK4game4ItemclEi") nop nop nop nop nop nop)
  (func (@name "_ZN4game5thingIiEET_S1_") nop nop nop nop nop nop nop nop nop)
  (func (@name "_ZNK4game4ItemltERKS0_") nop nop nop nop nop nop nop nop nop nop nop nop)
  (func (@name "github.com/foo/bar.(*T).Method") nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop)
  (func (@name "github.com/foo/bar.New") nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop)
  (func (@name "github.com/foo/baz.init.0") nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop)
  (func (@name "runtime.mallocgc") nop nop nop nop nop nop nop)
  (func (@name "runtime.gc") nop nop nop nop nop nop nop nop nop nop)
  (func (@name "memcpy") nop nop nop nop nop nop nop nop nop nop nop nop nop)
  (func (@name ".L.str") nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop)
  (func (@name "a::::b") nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop)
  (func (@name "::") nop nop nop nop nop)
  (func (@name "<<<") nop nop nop nop nop nop nop nop)
  (func (@name "(((") nop nop nop nop nop nop nop nop nop nop nop)
  (func (@name "a/") nop nop nop nop nop nop nop nop nop nop nop nop nop nop)
  (func (@name "x->y::z") nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop)
  (func (@name "tricky \22</title><script>&") nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop)
  (func (@name "\u{202e}x::y") nop nop nop nop nop nop)
  (func (@name "a::b::operator->::c") nop nop nop nop nop nop nop nop nop)
  (func (@name "operator new(unsigned long)") nop nop nop nop nop nop nop nop nop nop nop nop)
  (func nop) (func (nop))
  (memory 1)
  (data (@name ".rodata") (i32.const 0) "hello, world") (data "abc")
  (@custom ".debug_info" "0123456789") (@custom "" "x"))
;;= {
;;=   "file": "inspect-tree-json.wat",
;;=   "format": "text",
;;=   "size": 1158,
;;=   "readable": 1158,
;;=   "valid": true,
;;=   "error": null,
;;=   "tree": {
;;=     "name": "inspect-tree-json.wat",
;;=     "kind": "part",
;;=     "size": 1158,
;;=     "functions": 28,
;;=     "children": [{"name": "custom", "kind": "part", "size": 670, "functions": 0, "children": [{"name": "name", "kind": "part", "size": 642, "functions": 0, "children": []}, {"name": ".debug_info", "kind": "part", "size": 24, "functions": 0, "children": []}, {"name": "", "kind": "part", "size": 4, "functions": 0, "children": []}]}, {"name": "code", "kind": "part", "size": 413, "functions": 28, "children": [{"name": "github.com", "kind": "part", "size": 63, "functions": 3, "children": [{"name": "foo", "kind": "part", "size": 63, "functions": 3, "children": [{"name": "bar", "kind": "part", "size": 39, "functions": 2, "children": [{"name": "New", "kind": "function", "index": 10, "size": 21, "functions": 1, "children": []}, {"name": "(*T)", "kind": "part", "size": 18, "functions": 1, "children": [{"name": "Method", "kind": "function", "index": 9, "size": 18, "functions": 1, "children": []}]}]}, {"name": "baz", "kind": "part", "size": 24, "functions": 1, "children": [{"name": "init", "kind": "part", "size": 24, "functions": 1, "children": [{"name": "0", "kind": "function", "index": 11, "size": 24, "functions": 1, "children": []}]}]}]}]}, {"name": "a", "kind": "part", "size": 34, "functions": 2, "children": [{"name": "b", "kind": "function", "index": 16, "size": 22, "functions": 1, "children": []}, {"name": "b", "kind": "part", "size": 12, "functions": 1, "children": [{"name": "operator->::c", "kind": "function", "index": 24, "size": 12, "functions": 1, "children": []}]}]}, {"name": "_ZN12_GLOBAL__N_13fooEv", "kind": "function", "index": 5, "size": 23, "functions": 1, "children": []}, {"name": "runtime", "kind": "part", "size": 23, "functions": 2, "children": [{"name": "gc", "kind": "function", "index": 13, "size": 13, "functions": 1, "children": []}, {"name": "mallocgc", "kind": "function", "index": 12, "size": 10, "functions": 1, "children": []}]}, {"name": "tricky \"</title><script>&", "kind": "function", "index": 22, "size": 23, "functions": 1, "children": []}, {"name": "_ZNSt6vectorIiSaIiEE9push_backERKi", "kind": "function", "index": 4, "size": 20, "functions": 1, "children": []}, {"name": "x->y", "kind": "part", "size": 20, "functions": 1, "children": [{"name": "z", "kind": "function", "index": 21, "size": 20, "functions": 1, "children": []}]}, {"name": ".L", "kind": "part", "size": 19, "functions": 1, "children": [{"name": "str", "kind": "function", "index": 15, "size": 19, "functions": 1, "children": []}]}, {"name": "_ZN5alloc3vec12Vec$LT$T$GT$4push17h0123456789abcdefE", "kind": "function", "index": 3, "size": 17, "functions": 1, "children": []}, {"name": "a/", "kind": "function", "index": 20, "size": 17, "functions": 1, "children": []}, {"name": "memcpy", "kind": "function", "index": 14, "size": 16, "functions": 1, "children": []}, {"name": "_ZNK4game4ItemltERKS0_", "kind": "function", "index": 8, "size": 15, "functions": 1, "children": []}, {"name": "operator new(unsigned long)", "kind": "function", "index": 25, "size": 15, "functions": 1, "children": []}, {"name": "_ZN63_$LT$alloc..vec..Vec$LT$T$GT$$u20$as$u20$core..clone..Clone$GT$5clone17h0123456789abcdefE", "kind": "function", "index": 2, "size": 14, "functions": 1, "children": []}, {"name": "(((", "kind": "function", "index": 19, "size": 14, "functions": 1, "children": []}, {"name": "_ZN4game5thingIiEET_S1_", "kind": "function", "index": 7, "size": 12, "functions": 1, "children": []}, {"name": "_ZN4core3fmt9Formatter3pad17h0123456789abcdefE", "kind": "function", "index": 1, "size": 11, "functions": 1, "children": []}, {"name": "<<<", "kind": "function", "index": 18, "size": 11, "functions": 1, "children": []}, {"name": "_ZNK4game4ItemclEi", "kind": "function", "index": 6, "size": 9, "functions": 1, "children": []}, {"name": "\u202ex", "kind": "part", "size": 9, "functions": 1, "children": [{"name": "y", "kind": "function", "index": 23, "size": 9, "functions": 1, "children": []}]}, {"name": "_ZN4core3fmt5write17h0123456789abcdefE", "kind": "function", "index": 0, "size": 8, "functions": 1, "children": []}, {"name": "", "kind": "function", "index": 17, "size": 8, "functions": 1, "children": []}, {"name": null, "kind": "function", "index": 26, "size": 4, "functions": 1, "children": []}, {"name": null, "kind": "function", "index": 27, "size": 4, "functions": 1, "children": []}]}, {"name": "function", "kind": "part", "size": 31, "functions": 0, "children": []}, {"name": "data", "kind": "part", "size": 25, "functions": 0, "children": [{"name": ".rodata", "kind": "segment", "index": 0, "size": 18, "functions": 0, "children": []}, {"name": null, "kind": "segment", "index": 1, "size": 5, "functions": 0, "children": []}]}, {"name": "type", "kind": "part", "size": 6, "functions": 0, "children": []}, {"name": "memory", "kind": "part", "size": 5, "functions": 0, "children": []}]
;;=   }
;;= }
