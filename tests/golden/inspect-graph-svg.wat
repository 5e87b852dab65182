;;! weft inspect --graph max -O1 --svg - %
;; A picture of all steps.
(module
  (func $max (param i32 i32) (result i32)
    (loop $l
      (br_if $l (i32.eqz (local.get 0))))
    (if (result i32) (i32.gt_s (local.get 0) (i32.add (local.get 1) (i32.const 0)))
      (then (local.get 0))
      (else (local.get 1)))))
;;= <svg xmlns="http://www.w3.org/2000/svg" width="4937" height="794" viewBox="0 0 4937 794">
;;= <style>text{font:11px monospace;white-space:pre}.h{font:bold 16px sans-serif}.b{fill:#f4f6fa;stroke:#445}.f{fill:#fe8}.e{fill:none;stroke:#778}.y{stroke:#283}.n{stroke:#b33}</style>
;;= <marker id="a" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8z" fill="#445"/></marker>
;;= <text class="h" x="6" y="20">build</text>
;;= <text x="6" y="58">floating</text>
;;= <text x="6" y="72">  %1 = i32 arg 0</text>
;;= <text x="6" y="86">  %2 = i32 arg 1</text>
;;= <text x="6" y="100">  %5 = i32 i32.gt_s %1 %2</text>
;;= <path class="e" d="M333 88 C333 112 333 112 333 136" marker-end="url(#a)"/>
;;= <path class="e y" d="M325 176 C325 200 333 200 333 224" marker-end="url(#a)"/>
;;= <path class="e n" d="M341 176 C341 200 205 200 205 176 L205 136 C205 112 325 112 325 136" marker-end="url(#a)"/>
;;= <path class="e" d="M333 264 C333 288 333 288 333 312" marker-end="url(#a)"/>
;;= <path class="e y" d="M325 352 C325 376 273 376 273 400" marker-end="url(#a)"/>
;;= <path class="e n" d="M341 352 C341 376 393 376 393 400" marker-end="url(#a)"/>
;;= <path class="e" d="M273 440 C273 464 333 464 333 488" marker-end="url(#a)"/>
;;= <path class="e" d="M393 440 C393 464 333 464 333 488" marker-end="url(#a)"/>
;;= <rect class="b" x="299" y="48" width="68" height="40"/>
;;= <text x="305" y="64">block 0</text>
;;= <text x="305" y="78">  jump 1</text>
;;= <rect class="b" x="243" y="136" width="180" height="40"/>
;;= <text x="249" y="152">block 1 in loop 1 &lt;- 0 1</text>
;;= <text x="249" y="166">  if %1 2 1</text>
;;= <rect class="b" x="250" y="224" width="166" height="40"/>
;;= <text x="256" y="240">block 2 in loop 1 &lt;- 1</text>
;;= <text x="256" y="254">  jump 3</text>
;;= <rect class="b" x="285" y="312" width="96" height="40"/>
;;= <text x="291" y="328">block 3 &lt;- 2</text>
;;= <text x="291" y="342">  if %5 4 5</text>
;;= <rect class="b" x="225" y="400" width="96" height="40"/>
;;= <text x="231" y="416">block 4 &lt;- 3</text>
;;= <text x="231" y="430">  jump 6</text>
;;= <rect class="b" x="345" y="400" width="96" height="40"/>
;;= <text x="351" y="416">block 5 &lt;- 3</text>
;;= <text x="351" y="430">  jump 6</text>
;;= <rect class="b" x="257" y="488" width="152" height="68"/>
;;= <text x="263" y="504">block 6 &lt;- 4 5</text>
;;= <text x="263" y="518">  %6 = i32 phi %1 %2</text>
;;= <text x="263" y="532">  return %6</text>
;;= <text x="263" y="546">  leave</text>
;;= <text class="h" x="501" y="20">tidy: as before</text>
;;= <text class="h" x="759" y="20">renew: as before</text>
;;= <text class="h" x="1017" y="20">dominators: as before</text>
;;= <text class="h" x="1275" y="20">unmake: as before</text>
;;= <text class="h" x="1533" y="20">remember: as before</text>
;;= <text class="h" x="1791" y="20">tidy: as before</text>
;;= <text class="h" x="2049" y="20">renew: as before</text>
;;= <text class="h" x="2307" y="20">tidy: as before</text>
;;= <text class="h" x="2565" y="20">invert: as before</text>
;;= <text class="h" x="2823" y="20">hoist: as before</text>
;;= <text class="h" x="3081" y="20">vectorize: as before</text>
;;= <text class="h" x="3339" y="20">unroll</text>
;;= <text x="3339" y="44">loop of 1 nodes is there 4 times</text>
;;= <text x="3339" y="72">floating</text>
;;= <text x="3339" y="86">  %1 = i32 arg 0</text>
;;= <text x="3339" y="100">  %2 = i32 arg 1</text>
;;= <text x="3339" y="114">  %5 = i32 i32.gt_s %1 %2</text>
;;= <path class="e" d="M3689 102 C3689 126 3689 126 3689 150" marker-end="url(#a)"/>
;;= <path class="e y" d="M3681 190 C3681 214 3594 214 3594 238 L3594 278 C3594 302 3578 302 3578 326 L3578 366 C3578 390 3752 390 3752 414 L3752 454 C3752 478 3689 478 3689 502" marker-end="url(#a)"/>
;;= <path class="e n" d="M3697 190 C3697 214 3705 214 3705 238" marker-end="url(#a)"/>
;;= <path class="e y" d="M3697 278 C3697 302 3800 302 3800 326 L3800 366 C3800 390 3784 390 3784 414 L3784 454 C3784 478 3689 478 3689 502" marker-end="url(#a)"/>
;;= <path class="e n" d="M3713 278 C3713 302 3689 302 3689 326" marker-end="url(#a)"/>
;;= <path class="e y" d="M3681 366 C3681 390 3816 390 3816 414 L3816 454 C3816 478 3689 478 3689 502" marker-end="url(#a)"/>
;;= <path class="e n" d="M3697 366 C3697 390 3641 390 3641 414" marker-end="url(#a)"/>
;;= <path class="e y" d="M3633 454 C3633 478 3689 478 3689 502" marker-end="url(#a)"/>
;;= <path class="e n" d="M3649 454 C3649 478 3538 478 3538 454 L3538 150 C3538 126 3681 126 3681 150" marker-end="url(#a)"/>
;;= <path class="e y" d="M3681 542 C3681 566 3629 566 3629 590" marker-end="url(#a)"/>
;;= <path class="e n" d="M3697 542 C3697 566 3749 566 3749 590" marker-end="url(#a)"/>
;;= <path class="e" d="M3629 630 C3629 654 3689 654 3689 678" marker-end="url(#a)"/>
;;= <path class="e" d="M3749 630 C3749 654 3689 654 3689 678" marker-end="url(#a)"/>
;;= <rect class="b" x="3655" y="62" width="68" height="40"/>
;;= <text x="3661" y="78">block 0</text>
;;= <text x="3661" y="92">  jump 1</text>
;;= <rect class="b" x="3599" y="150" width="180" height="40"/>
;;= <rect class="f" x="3605" y="156" width="168" height="14"/><text x="3605" y="166">block 1 in loop 1 &lt;- 0 4</text>
;;= <rect class="f" x="3605" y="170" width="77" height="14"/><text x="3605" y="180">  if %1 5 2</text>
;;= <rect class="b" x="3622" y="238" width="166" height="40"/>
;;= <text x="3628" y="254">block 2 in loop 1 &lt;- 1</text>
;;= <rect class="f" x="3628" y="258" width="77" height="14"/><text x="3628" y="268">  if %1 5 3</text>
;;= <rect class="b" x="3606" y="326" width="166" height="40"/>
;;= <rect class="f" x="3612" y="332" width="154" height="14"/><text x="3612" y="342">block 3 in loop 1 &lt;- 2</text>
;;= <rect class="f" x="3612" y="346" width="77" height="14"/><text x="3612" y="356">  if %1 5 4</text>
;;= <rect class="b" x="3558" y="414" width="166" height="40"/>
;;= <rect class="f" x="3564" y="420" width="154" height="14"/><text x="3564" y="430">block 4 in loop 1 &lt;- 3</text>
;;= <rect class="f" x="3564" y="434" width="77" height="14"/><text x="3564" y="444">  if %1 5 1</text>
;;= <rect class="b" x="3620" y="502" width="138" height="40"/>
;;= <rect class="f" x="3626" y="508" width="126" height="14"/><text x="3626" y="518">block 5 &lt;- 1 2 3 4</text>
;;= <rect class="f" x="3626" y="522" width="77" height="14"/><text x="3626" y="532">  if %5 6 7</text>
;;= <rect class="b" x="3581" y="590" width="96" height="40"/>
;;= <rect class="f" x="3587" y="596" width="84" height="14"/><text x="3587" y="606">block 6 &lt;- 5</text>
;;= <rect class="f" x="3587" y="610" width="56" height="14"/><text x="3587" y="620">  jump 8</text>
;;= <rect class="b" x="3701" y="590" width="96" height="40"/>
;;= <rect class="f" x="3707" y="596" width="84" height="14"/><text x="3707" y="606">block 7 &lt;- 5</text>
;;= <rect class="f" x="3707" y="610" width="56" height="14"/><text x="3707" y="620">  jump 8</text>
;;= <rect class="b" x="3613" y="678" width="152" height="68"/>
;;= <rect class="f" x="3619" y="684" width="98" height="14"/><text x="3619" y="694">block 8 &lt;- 6 7</text>
;;= <text x="3619" y="708">  %6 = i32 phi %1 %2</text>
;;= <text x="3619" y="722">  return %6</text>
;;= <text x="3619" y="736">  leave</text>
;;= <text class="h" x="3880" y="20">again</text>
;;= <text x="3880" y="58">floating</text>
;;= <text x="3880" y="72">  %1 = i32 arg 0</text>
;;= <text x="3880" y="86">  %2 = i32 arg 1</text>
;;= <rect class="f" x="3880" y="90" width="175" height="14"/><text x="3880" y="100">  %3 = i32 i32.gt_s %1 %2</text>
;;= <path class="e" d="M4230 88 C4230 112 4230 112 4230 136" marker-end="url(#a)"/>
;;= <path class="e y" d="M4222 176 C4222 200 4135 200 4135 224 L4135 264 C4135 288 4119 288 4119 312 L4119 352 C4119 376 4293 376 4293 400 L4293 440 C4293 464 4230 464 4230 488" marker-end="url(#a)"/>
;;= <path class="e n" d="M4238 176 C4238 200 4246 200 4246 224" marker-end="url(#a)"/>
;;= <path class="e y" d="M4238 264 C4238 288 4341 288 4341 312 L4341 352 C4341 376 4325 376 4325 400 L4325 440 C4325 464 4230 464 4230 488" marker-end="url(#a)"/>
;;= <path class="e n" d="M4254 264 C4254 288 4230 288 4230 312" marker-end="url(#a)"/>
;;= <path class="e y" d="M4222 352 C4222 376 4357 376 4357 400 L4357 440 C4357 464 4230 464 4230 488" marker-end="url(#a)"/>
;;= <path class="e n" d="M4238 352 C4238 376 4182 376 4182 400" marker-end="url(#a)"/>
;;= <path class="e y" d="M4174 440 C4174 464 4230 464 4230 488" marker-end="url(#a)"/>
;;= <path class="e n" d="M4190 440 C4190 464 4079 464 4079 440 L4079 136 C4079 112 4222 112 4222 136" marker-end="url(#a)"/>
;;= <path class="e y" d="M4222 528 C4222 552 4170 552 4170 576" marker-end="url(#a)"/>
;;= <path class="e n" d="M4238 528 C4238 552 4290 552 4290 576" marker-end="url(#a)"/>
;;= <path class="e" d="M4170 616 C4170 640 4230 640 4230 664" marker-end="url(#a)"/>
;;= <path class="e" d="M4290 616 C4290 640 4230 640 4230 664" marker-end="url(#a)"/>
;;= <rect class="b" x="4196" y="48" width="68" height="40"/>
;;= <text x="4202" y="64">block 0</text>
;;= <text x="4202" y="78">  jump 1</text>
;;= <rect class="b" x="4140" y="136" width="180" height="40"/>
;;= <text x="4146" y="152">block 1 in loop 1 &lt;- 0 4</text>
;;= <text x="4146" y="166">  if %1 5 2</text>
;;= <rect class="b" x="4163" y="224" width="166" height="40"/>
;;= <text x="4169" y="240">block 2 in loop 1 &lt;- 1</text>
;;= <text x="4169" y="254">  if %1 5 3</text>
;;= <rect class="b" x="4147" y="312" width="166" height="40"/>
;;= <text x="4153" y="328">block 3 in loop 1 &lt;- 2</text>
;;= <text x="4153" y="342">  if %1 5 4</text>
;;= <rect class="b" x="4099" y="400" width="166" height="40"/>
;;= <text x="4105" y="416">block 4 in loop 1 &lt;- 3</text>
;;= <text x="4105" y="430">  if %1 5 1</text>
;;= <rect class="b" x="4161" y="488" width="138" height="40"/>
;;= <text x="4167" y="504">block 5 &lt;- 1 2 3 4</text>
;;= <rect class="f" x="4167" y="508" width="77" height="14"/><text x="4167" y="518">  if %3 6 7</text>
;;= <rect class="b" x="4122" y="576" width="96" height="40"/>
;;= <text x="4128" y="592">block 6 &lt;- 5</text>
;;= <text x="4128" y="606">  jump 8</text>
;;= <rect class="b" x="4242" y="576" width="96" height="40"/>
;;= <text x="4248" y="592">block 7 &lt;- 5</text>
;;= <text x="4248" y="606">  jump 8</text>
;;= <rect class="b" x="4154" y="664" width="152" height="68"/>
;;= <text x="4160" y="680">block 8 &lt;- 6 7</text>
;;= <rect class="f" x="4160" y="684" width="140" height="14"/><text x="4160" y="694">  %4 = i32 phi %1 %2</text>
;;= <rect class="f" x="4160" y="698" width="77" height="14"/><text x="4160" y="708">  return %4</text>
;;= <text x="4160" y="722">  leave</text>
;;= <text class="h" x="4421" y="20">reduce: as before</text>
;;= <text class="h" x="4679" y="20">again: as before</text>
;;= </svg>
