;;! weft inspect --tree --percent 10 --depth 2
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
;;=      bytes     %
;;=       1158 100.0  inspect-tree-depth.wat  (28 functions)
;;=        670  57.9    custom
;;=        642  55.4      name
;;=         24   2.1      .debug_info
;;=          4   0.3      ""
;;=        413  35.7    code  (28 functions)
;;=         63   5.4      github.com  (3 functions)
;;=         36   3.1      game  (3 functions)
;;=         34   2.9      a  (2 functions)
;;=         31   2.7      alloc  (2 functions)
;;=         23   2.0      tricky \"</title><script>&
;;=        222  19.2      and 15 more
;;=         31   2.7    function
;;=         25   2.2    data
;;=          6   0.5    type
;;=          5   0.4    and 1 more
