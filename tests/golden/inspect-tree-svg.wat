;;! weft inspect --svg -
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
;;= <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1600 1000" width="1600" height="1000">
;;= <style>rect{stroke:#fff;stroke-width:.6}text{font:10px monospace;pointer-events:none}.c0{fill:#4e79a7}.c1{fill:#f28e2b}.c2{fill:#59a14f}.c3{fill:#b07aa1}.c4{fill:#76b7b2}.c5{fill:#edc948}.c6{fill:#9c755f}.c7{fill:#bab0ac}.d0{fill:#eee}.d1{fill-opacity:.35}.d2{fill-opacity:.4}.d3{fill-opacity:.5}.d4{fill-opacity:.6}.d5{fill-opacity:.75}g:hover>rect{stroke:#000}</style>
;;= <g><title>inspect-tree-svg.wat
;;= 1158 bytes, 100.00%, 28 functions</title><rect x="0.0" y="0.0" width="1600.0" height="1000.0" class="c0 d0"/><text x="3.0" y="10.0">inspect-tree-svg.wat</text></g>
;;= <g><title>custom
;;= 670 bytes, 57.86%</title><rect x="2.0" y="14.0" width="923.4" height="984.0" class="c3 d1"/><text x="5.0" y="24.0">custom</text></g>
;;= <g><title>name
;;= 642 bytes, 55.44%</title><rect x="4.0" y="28.0" width="919.4" height="927.5" class="c3 d2"/><text x="7.0" y="38.0">name</text></g>
;;= <g><title>.debug_info
;;= 24 bytes, 2.07%</title><rect x="4.0" y="955.5" width="788.1" height="40.5" class="c3 d2"/><text x="7.0" y="965.5">.debug_info</text></g>
;;= <g><title>&quot;&quot;
;;= 4 bytes, 0.35%</title><rect x="792.1" y="955.5" width="131.3" height="40.5" class="c3 d2"/><text x="795.1" y="965.5">&quot;&quot;</text></g>
;;= <g><title>code
;;= 413 bytes, 35.66%, 28 functions</title><rect x="925.4" y="14.0" width="672.6" height="832.8" class="c4 d1"/><text x="928.4" y="24.0">code</text></g>
;;= <g><title>github.com
;;= 63 bytes, 5.44%, 3 functions</title><rect x="927.4" y="28.0" width="316.7" height="263.0" class="c4 d2"/><text x="930.4" y="38.0">github.com</text></g>
;;= <g><title>foo
;;= 63 bytes, 5.44%, 3 functions</title><rect x="929.4" y="42.0" width="312.7" height="247.0" class="c4 d3"/><text x="932.4" y="52.0">foo</text></g>
;;= <g><title>bar
;;= 39 bytes, 3.37%, 2 functions</title><rect x="931.4" y="56.0" width="191.1" height="231.0" class="c4 d4"/><text x="934.4" y="66.0">bar</text></g>
;;= <g><title>github.com/foo/bar.New
;;= 21 bytes, 1.81%</title><rect x="933.4" y="70.0" width="187.1" height="115.8" class="c4 d5"/><text x="936.4" y="80.0">New</text></g>
;;= <g><title>(*T)
;;= 18 bytes, 1.55%</title><rect x="933.4" y="185.8" width="187.1" height="99.2" class="c4 d5"/><text x="936.4" y="195.8">(*T)</text></g>
;;= <g><title>github.com/foo/bar.(*T).Method
;;= 18 bytes, 1.55%</title><rect x="935.4" y="199.8" width="183.1" height="83.2" class="c4 d5"/><text x="938.4" y="209.8">Method</text></g>
;;= <g><title>baz
;;= 24 bytes, 2.07%</title><rect x="1122.5" y="56.0" width="117.6" height="231.0" class="c4 d4"/><text x="1125.5" y="66.0">baz</text></g>
;;= <g><title>init
;;= 24 bytes, 2.07%</title><rect x="1124.5" y="70.0" width="113.6" height="215.0" class="c4 d5"/><text x="1127.5" y="80.0">init</text></g>
;;= <g><title>github.com/foo/baz.init.0
;;= 24 bytes, 2.07%</title><rect x="1126.5" y="84.0" width="109.6" height="199.0" class="c4 d5"/><text x="1129.5" y="94.0">0</text></g>
;;= <g><title>game
;;= 36 bytes, 3.11%, 3 functions</title><rect x="1244.1" y="28.0" width="181.0" height="263.0" class="c4 d2"/><text x="1247.1" y="38.0">game</text></g>
;;= <g><title>Item
;;= 24 bytes, 2.07%, 2 functions</title><rect x="1246.1" y="42.0" width="177.0" height="164.7" class="c4 d3"/><text x="1249.1" y="52.0">Item</text></g>
;;= <g><title>game::Item::operator&lt;(game::Item const&amp;) const
;;= 15 bytes, 1.30%</title><rect x="1248.1" y="56.0" width="108.1" height="148.7" class="c4 d4"/><text x="1251.1" y="66.0">operator&lt;(game::I…</text></g>
;;= <g><title>game::Item::operator()(int) const
;;= 9 bytes, 0.78%</title><rect x="1356.2" y="56.0" width="64.9" height="148.7" class="c4 d4"/><text x="1359.2" y="66.0">operator(…</text></g>
;;= <g><title>int game::thing&lt;int&gt;(int)
;;= 12 bytes, 1.04%</title><rect x="1246.1" y="206.7" width="177.0" height="82.3" class="c4 d3"/><text x="1249.1" y="216.7">thing&lt;int&gt;(int)</text></g>
;;= <g><title>a
;;= 34 bytes, 2.94%, 2 functions</title><rect x="1425.1" y="28.0" width="170.9" height="263.0" class="c4 d2"/><text x="1428.1" y="38.0">a</text></g>
;;= <g><title>a::::b
;;= 22 bytes, 1.90%</title><rect x="1427.1" y="42.0" width="166.9" height="159.8" class="c4 d3"/><text x="1430.1" y="52.0">b</text></g>
;;= <g><title>b
;;= 12 bytes, 1.04%</title><rect x="1427.1" y="201.8" width="166.9" height="87.2" class="c4 d3"/><text x="1430.1" y="211.8">b</text></g>
;;= <g><title>a::b::operator-&gt;::c
;;= 12 bytes, 1.04%</title><rect x="1429.1" y="215.8" width="162.9" height="71.2" class="c4 d4"/><text x="1432.1" y="225.8">operator-&gt;::c</text></g>
;;= <g><title>alloc
;;= 31 bytes, 2.68%, 2 functions</title><rect x="927.4" y="291.0" width="183.9" height="222.9" class="c4 d2"/><text x="930.4" y="301.0">alloc</text></g>
;;= <g><title>vec
;;= 31 bytes, 2.68%, 2 functions</title><rect x="929.4" y="305.0" width="179.9" height="206.9" class="c4 d3"/><text x="932.4" y="315.0">vec</text></g>
;;= <g><title>Vec&lt;T&gt;
;;= 31 bytes, 2.68%, 2 functions</title><rect x="931.4" y="319.0" width="175.9" height="190.9" class="c4 d4"/><text x="934.4" y="329.0">Vec&lt;T&gt;</text></g>
;;= <g><title>alloc::vec::Vec&lt;T&gt;::push
;;= 17 bytes, 1.47%</title><rect x="933.4" y="333.0" width="171.9" height="95.9" class="c4 d5"/><text x="936.4" y="343.0">push</text></g>
;;= <g><title>&lt;alloc::vec::Vec&lt;T&gt; as core::clone::Clone&gt;::clone
;;= 14 bytes, 1.21%</title><rect x="933.4" y="429.0" width="171.9" height="79.0" class="c4 d5"/><text x="936.4" y="439.0">clone</text></g>
;;= <g><title>(anonymous namespace)
;;= 23 bytes, 1.99%</title><rect x="927.4" y="514.0" width="183.9" height="165.4" class="c4 d2"/><text x="930.4" y="524.0">(anonymous namespace)</text></g>
;;= <g><title>(anonymous namespace)::foo()
;;= 23 bytes, 1.99%</title><rect x="929.4" y="528.0" width="179.9" height="149.4" class="c4 d3"/><text x="932.4" y="538.0">foo()</text></g>
;;= <g><title>runtime
;;= 23 bytes, 1.99%, 2 functions</title><rect x="927.4" y="679.4" width="183.9" height="165.4" class="c4 d2"/><text x="930.4" y="689.4">runtime</text></g>
;;= <g><title>runtime.gc
;;= 13 bytes, 1.12%</title><rect x="929.4" y="693.4" width="101.7" height="149.4" class="c4 d3"/><text x="932.4" y="703.4">gc</text></g>
;;= <g><title>runtime.mallocgc
;;= 10 bytes, 0.86%</title><rect x="1031.1" y="693.4" width="78.2" height="149.4" class="c4 d3"/><text x="1034.1" y="703.4">mallocgc</text></g>
;;= <g><title>tricky \&quot;&lt;/title&gt;&lt;script&gt;&amp;
;;= 23 bytes, 1.99%</title><rect x="1111.3" y="291.0" width="177.0" height="171.9" class="c4 d2"/><text x="1114.3" y="301.0">tricky \&quot;&lt;/title&gt;&lt;script&gt;&amp;</text></g>
;;= <g><title>std
;;= 20 bytes, 1.73%</title><rect x="1288.2" y="291.0" width="153.9" height="171.9" class="c4 d2"/><text x="1291.2" y="301.0">std</text></g>
;;= <g><title>vector&lt;int, std::allocator&lt;int&gt;&gt;
;;= 20 bytes, 1.73%</title><rect x="1290.2" y="305.0" width="149.9" height="155.9" class="c4 d3"/><text x="1293.2" y="315.0">vector&lt;int, std::alloca…</text></g>
;;= <g><title>std::vector&lt;int, std::allocator&lt;int&gt;&gt;::push_back(int const&amp;)
;;= 20 bytes, 1.73%</title><rect x="1292.2" y="319.0" width="145.9" height="139.9" class="c4 d4"/><text x="1295.2" y="329.0">push_back(int const&amp;)</text></g>
;;= <g><title>x-&gt;y
;;= 20 bytes, 1.73%</title><rect x="1442.1" y="291.0" width="153.9" height="171.9" class="c4 d2"/><text x="1445.1" y="301.0">x-&gt;y</text></g>
;;= <g><title>x-&gt;y::z
;;= 20 bytes, 1.73%</title><rect x="1444.1" y="305.0" width="149.9" height="155.9" class="c4 d3"/><text x="1447.1" y="315.0">z</text></g>
;;= <g><title>core
;;= 19 bytes, 1.64%, 2 functions</title><rect x="1111.3" y="462.9" width="131.6" height="190.9" class="c4 d2"/><text x="1114.3" y="472.9">core</text></g>
;;= <g><title>fmt
;;= 19 bytes, 1.64%, 2 functions</title><rect x="1113.3" y="476.9" width="127.6" height="174.9" class="c4 d3"/><text x="1116.3" y="486.9">fmt</text></g>
;;= <g><title>Formatter
;;= 11 bytes, 0.95%</title><rect x="1115.3" y="490.9" width="123.6" height="92.0" class="c4 d4"/><text x="1118.3" y="500.9">Formatter</text></g>
;;= <g><title>core::fmt::Formatter::pad
;;= 11 bytes, 0.95%</title><rect x="1117.3" y="504.9" width="119.6" height="76.0" class="c4 d5"/><text x="1120.3" y="514.9">pad</text></g>
;;= <g><title>core::fmt::write
;;= 8 bytes, 0.69%</title><rect x="1115.3" y="582.9" width="123.6" height="66.9" class="c4 d4"/><text x="1118.3" y="592.9">write</text></g>
;;= <g><title>.L
;;= 19 bytes, 1.64%</title><rect x="1111.3" y="653.8" width="131.6" height="190.9" class="c4 d2"/><text x="1114.3" y="663.8">.L</text></g>
;;= <g><title>.L.str
;;= 19 bytes, 1.64%</title><rect x="1113.3" y="667.8" width="127.6" height="174.9" class="c4 d3"/><text x="1116.3" y="677.8">str</text></g>
;;= <g><title>a/
;;= 17 bytes, 1.47%</title><rect x="1242.8" y="462.9" width="181.9" height="123.6" class="c4 d2"/><text x="1245.8" y="472.9">a/</text></g>
;;= <g><title>memcpy
;;= 16 bytes, 1.38%</title><rect x="1424.8" y="462.9" width="171.2" height="123.6" class="c4 d2"/><text x="1427.8" y="472.9">memcpy</text></g>
;;= <g><title>operator new(unsigned long)
;;= 15 bytes, 1.30%</title><rect x="1242.8" y="586.4" width="148.4" height="133.6" class="c4 d2"/><text x="1245.8" y="596.4">operator new(unsigned l…</text></g>
;;= <g><title>(((
;;= 14 bytes, 1.21%</title><rect x="1242.8" y="720.1" width="148.4" height="124.7" class="c4 d2"/><text x="1245.8" y="730.1">(((</text></g>
;;= <g><title>&lt;&lt;&lt;
;;= 11 bytes, 0.95%</title><rect x="1391.3" y="586.4" width="112.6" height="129.2" class="c4 d2"/><text x="1394.3" y="596.4">&lt;&lt;&lt;</text></g>
;;= <g><title>\u{202e}x
;;= 9 bytes, 0.78%</title><rect x="1503.9" y="586.4" width="92.1" height="129.2" class="c4 d2"/><text x="1506.9" y="596.4">\u{202e}x</text></g>
;;= <g><title>\u{202e}x::y
;;= 9 bytes, 0.78%</title><rect x="1505.9" y="600.4" width="88.1" height="113.2" class="c4 d3"/><text x="1508.9" y="610.4">y</text></g>
;;= <g><title>::
;;= 8 bytes, 0.69%</title><rect x="1391.3" y="715.6" width="81.9" height="129.2" class="c4 d2"/><text x="1394.3" y="725.6">func 17</text></g>
;;= <g><title>func 26
;;= 4 bytes, 0.35%</title><rect x="1473.2" y="715.6" width="61.4" height="86.1" class="c4 d2"/><text x="1476.2" y="725.6">func 26</text></g>
;;= <g><title>func 27
;;= 4 bytes, 0.35%</title><rect x="1534.6" y="715.6" width="61.4" height="86.1" class="c4 d2"/><text x="1537.6" y="725.6">func 27</text></g>
;;= <g><title>function
;;= 31 bytes, 2.68%</title><rect x="925.4" y="846.8" width="278.0" height="151.2" class="c2 d1"/><text x="928.4" y="856.8">function</text></g>
;;= <g><title>data
;;= 25 bytes, 2.16%</title><rect x="1203.4" y="846.8" width="224.2" height="151.2" class="c0 d1"/><text x="1206.4" y="856.8">data</text></g>
;;= <g><title>.rodata
;;= 18 bytes, 1.55%</title><rect x="1205.4" y="860.8" width="158.5" height="135.2" class="c0 d2"/><text x="1208.4" y="870.8">.rodata</text></g>
;;= <g><title>segment 1
;;= 5 bytes, 0.43%</title><rect x="1364.0" y="860.8" width="61.7" height="96.6" class="c0 d2"/><text x="1367.0" y="870.8">segment 1</text></g>
;;= <g><title>type
;;= 6 bytes, 0.52%</title><rect x="1427.6" y="846.8" width="98.6" height="82.5" class="c1 d1"/><text x="1430.6" y="856.8">type</text></g>
;;= <g><title>memory
;;= 5 bytes, 0.43%</title><rect x="1427.6" y="929.3" width="98.6" height="68.7" class="c3 d1"/><text x="1430.6" y="939.3">memory</text></g>
;;= </svg>
