;;! weft inspect --tree --percent 0 --depth 9
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
;;=       1158 100.0  inspect-tree.wat  (28 functions)
;;=        670  57.9    custom
;;=        642  55.4      name
;;=         24   2.1      .debug_info
;;=          4   0.3      ""
;;=        413  35.7    code  (28 functions)
;;=         63   5.4      github.com  (3 functions)
;;=         63   5.4        foo  (3 functions)
;;=         39   3.4          bar  (2 functions)
;;=         21   1.8            New
;;=         18   1.6            (*T)  (1 functions)
;;=         18   1.6              Method
;;=         24   2.1          baz  (1 functions)
;;=         24   2.1            init  (1 functions)
;;=         24   2.1              0
;;=         36   3.1      game  (3 functions)
;;=         24   2.1        Item  (2 functions)
;;=         15   1.3          operator<(game::Item const&) const
;;=          9   0.8          operator()(int) const
;;=         12   1.0        thing<int>(int)
;;=         34   2.9      a  (2 functions)
;;=         22   1.9        b
;;=         12   1.0        b  (1 functions)
;;=         12   1.0          operator->::c
;;=         31   2.7      alloc  (2 functions)
;;=         31   2.7        vec  (2 functions)
;;=         31   2.7          Vec<T>  (2 functions)
;;=         17   1.5            push
;;=         14   1.2            clone
;;=         23   2.0      (anonymous namespace)  (1 functions)
;;=         23   2.0        foo()
;;=         23   2.0      runtime  (2 functions)
;;=         13   1.1        gc
;;=         10   0.9        mallocgc
;;=         23   2.0      tricky \"</title><script>&
;;=         20   1.7      std  (1 functions)
;;=         20   1.7        vector<int, std::allocator<int>>  (1 functions)
;;=         20   1.7          push_back(int const&)
;;=         20   1.7      x->y  (1 functions)
;;=         20   1.7        z
;;=         19   1.6      core  (2 functions)
;;=         19   1.6        fmt  (2 functions)
;;=         11   0.9          Formatter  (1 functions)
;;=         11   0.9            pad
;;=          8   0.7          write
;;=         19   1.6      .L  (1 functions)
;;=         19   1.6        str
;;=         17   1.5      a/
;;=         16   1.4      memcpy
;;=         15   1.3      operator new(unsigned long)
;;=         14   1.2      (((
;;=         11   0.9      <<<
;;=          9   0.8      \u{202e}x  (1 functions)
;;=          9   0.8        y
;;=          8   0.7      func 17
;;=          4   0.3      func 26
;;=          4   0.3      func 27
;;=         31   2.7    function
;;=         25   2.2    data
;;=         18   1.6      .rodata
;;=          5   0.4      segment 1
;;=          6   0.5    type
;;=          5   0.4    memory
