;;! weft inspect --graph max --svg - %
;; A picture of all steps.
(module
  (func $max (param i32 i32) (result i32)
    (loop $l
      (br_if $l (i32.eqz (local.get 0))))
    (if (result i32) (i32.gt_s (local.get 0) (i32.add (local.get 1) (i32.const 0)))
      (then (local.get 0))
      (else (local.get 1)))))
;;= <svg xmlns="http://www.w3.org/2000/svg" width="4896" height="794" viewBox="0 0 4896 794">
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
;;= <text class="h" x="1275" y="20">remember: as before</text>
;;= <text class="h" x="1533" y="20">tidy: as before</text>
;;= <text class="h" x="1791" y="20">renew: as before</text>
;;= <text class="h" x="2049" y="20">tidy: as before</text>
;;= <text class="h" x="2307" y="20">invert: as before</text>
;;= <text class="h" x="2565" y="20">hoist: as before</text>
;;= <text class="h" x="2823" y="20">vectorize: as before</text>
;;= <text x="2823" y="44">vectors: not the loop in block 1: it reads and stores nothing</text>
;;= <text class="h" x="3298" y="20">unroll</text>
;;= <text x="3298" y="44">loop of 1 nodes is there 4 times</text>
;;= <text x="3298" y="72">floating</text>
;;= <text x="3298" y="86">  %1 = i32 arg 0</text>
;;= <text x="3298" y="100">  %2 = i32 arg 1</text>
;;= <text x="3298" y="114">  %5 = i32 i32.gt_s %1 %2</text>
;;= <path class="e" d="M3648 102 C3648 126 3648 126 3648 150" marker-end="url(#a)"/>
;;= <path class="e y" d="M3640 190 C3640 214 3553 214 3553 238 L3553 278 C3553 302 3537 302 3537 326 L3537 366 C3537 390 3711 390 3711 414 L3711 454 C3711 478 3648 478 3648 502" marker-end="url(#a)"/>
;;= <path class="e n" d="M3656 190 C3656 214 3664 214 3664 238" marker-end="url(#a)"/>
;;= <path class="e y" d="M3656 278 C3656 302 3759 302 3759 326 L3759 366 C3759 390 3743 390 3743 414 L3743 454 C3743 478 3648 478 3648 502" marker-end="url(#a)"/>
;;= <path class="e n" d="M3672 278 C3672 302 3648 302 3648 326" marker-end="url(#a)"/>
;;= <path class="e y" d="M3640 366 C3640 390 3775 390 3775 414 L3775 454 C3775 478 3648 478 3648 502" marker-end="url(#a)"/>
;;= <path class="e n" d="M3656 366 C3656 390 3600 390 3600 414" marker-end="url(#a)"/>
;;= <path class="e y" d="M3592 454 C3592 478 3648 478 3648 502" marker-end="url(#a)"/>
;;= <path class="e n" d="M3608 454 C3608 478 3497 478 3497 454 L3497 150 C3497 126 3640 126 3640 150" marker-end="url(#a)"/>
;;= <path class="e y" d="M3640 542 C3640 566 3588 566 3588 590" marker-end="url(#a)"/>
;;= <path class="e n" d="M3656 542 C3656 566 3708 566 3708 590" marker-end="url(#a)"/>
;;= <path class="e" d="M3588 630 C3588 654 3648 654 3648 678" marker-end="url(#a)"/>
;;= <path class="e" d="M3708 630 C3708 654 3648 654 3648 678" marker-end="url(#a)"/>
;;= <rect class="b" x="3614" y="62" width="68" height="40"/>
;;= <text x="3620" y="78">block 0</text>
;;= <text x="3620" y="92">  jump 1</text>
;;= <rect class="b" x="3558" y="150" width="180" height="40"/>
;;= <rect class="f" x="3564" y="156" width="168" height="14"/><text x="3564" y="166">block 1 in loop 1 &lt;- 0 4</text>
;;= <rect class="f" x="3564" y="170" width="77" height="14"/><text x="3564" y="180">  if %1 5 2</text>
;;= <rect class="b" x="3581" y="238" width="166" height="40"/>
;;= <text x="3587" y="254">block 2 in loop 1 &lt;- 1</text>
;;= <rect class="f" x="3587" y="258" width="77" height="14"/><text x="3587" y="268">  if %1 5 3</text>
;;= <rect class="b" x="3565" y="326" width="166" height="40"/>
;;= <rect class="f" x="3571" y="332" width="154" height="14"/><text x="3571" y="342">block 3 in loop 1 &lt;- 2</text>
;;= <rect class="f" x="3571" y="346" width="77" height="14"/><text x="3571" y="356">  if %1 5 4</text>
;;= <rect class="b" x="3517" y="414" width="166" height="40"/>
;;= <rect class="f" x="3523" y="420" width="154" height="14"/><text x="3523" y="430">block 4 in loop 1 &lt;- 3</text>
;;= <rect class="f" x="3523" y="434" width="77" height="14"/><text x="3523" y="444">  if %1 5 1</text>
;;= <rect class="b" x="3579" y="502" width="138" height="40"/>
;;= <rect class="f" x="3585" y="508" width="126" height="14"/><text x="3585" y="518">block 5 &lt;- 1 2 3 4</text>
;;= <rect class="f" x="3585" y="522" width="77" height="14"/><text x="3585" y="532">  if %5 6 7</text>
;;= <rect class="b" x="3540" y="590" width="96" height="40"/>
;;= <rect class="f" x="3546" y="596" width="84" height="14"/><text x="3546" y="606">block 6 &lt;- 5</text>
;;= <rect class="f" x="3546" y="610" width="56" height="14"/><text x="3546" y="620">  jump 8</text>
;;= <rect class="b" x="3660" y="590" width="96" height="40"/>
;;= <rect class="f" x="3666" y="596" width="84" height="14"/><text x="3666" y="606">block 7 &lt;- 5</text>
;;= <rect class="f" x="3666" y="610" width="56" height="14"/><text x="3666" y="620">  jump 8</text>
;;= <rect class="b" x="3572" y="678" width="152" height="68"/>
;;= <rect class="f" x="3578" y="684" width="98" height="14"/><text x="3578" y="694">block 8 &lt;- 6 7</text>
;;= <text x="3578" y="708">  %6 = i32 phi %1 %2</text>
;;= <text x="3578" y="722">  return %6</text>
;;= <text x="3578" y="736">  leave</text>
;;= <text class="h" x="3839" y="20">again</text>
;;= <text x="3839" y="58">floating</text>
;;= <text x="3839" y="72">  %1 = i32 arg 0</text>
;;= <text x="3839" y="86">  %2 = i32 arg 1</text>
;;= <rect class="f" x="3839" y="90" width="175" height="14"/><text x="3839" y="100">  %3 = i32 i32.gt_s %1 %2</text>
;;= <path class="e" d="M4189 88 C4189 112 4189 112 4189 136" marker-end="url(#a)"/>
;;= <path class="e y" d="M4181 176 C4181 200 4094 200 4094 224 L4094 264 C4094 288 4078 288 4078 312 L4078 352 C4078 376 4252 376 4252 400 L4252 440 C4252 464 4189 464 4189 488" marker-end="url(#a)"/>
;;= <path class="e n" d="M4197 176 C4197 200 4205 200 4205 224" marker-end="url(#a)"/>
;;= <path class="e y" d="M4197 264 C4197 288 4300 288 4300 312 L4300 352 C4300 376 4284 376 4284 400 L4284 440 C4284 464 4189 464 4189 488" marker-end="url(#a)"/>
;;= <path class="e n" d="M4213 264 C4213 288 4189 288 4189 312" marker-end="url(#a)"/>
;;= <path class="e y" d="M4181 352 C4181 376 4316 376 4316 400 L4316 440 C4316 464 4189 464 4189 488" marker-end="url(#a)"/>
;;= <path class="e n" d="M4197 352 C4197 376 4141 376 4141 400" marker-end="url(#a)"/>
;;= <path class="e y" d="M4133 440 C4133 464 4189 464 4189 488" marker-end="url(#a)"/>
;;= <path class="e n" d="M4149 440 C4149 464 4038 464 4038 440 L4038 136 C4038 112 4181 112 4181 136" marker-end="url(#a)"/>
;;= <path class="e y" d="M4181 528 C4181 552 4129 552 4129 576" marker-end="url(#a)"/>
;;= <path class="e n" d="M4197 528 C4197 552 4249 552 4249 576" marker-end="url(#a)"/>
;;= <path class="e" d="M4129 616 C4129 640 4189 640 4189 664" marker-end="url(#a)"/>
;;= <path class="e" d="M4249 616 C4249 640 4189 640 4189 664" marker-end="url(#a)"/>
;;= <rect class="b" x="4155" y="48" width="68" height="40"/>
;;= <text x="4161" y="64">block 0</text>
;;= <text x="4161" y="78">  jump 1</text>
;;= <rect class="b" x="4099" y="136" width="180" height="40"/>
;;= <text x="4105" y="152">block 1 in loop 1 &lt;- 0 4</text>
;;= <text x="4105" y="166">  if %1 5 2</text>
;;= <rect class="b" x="4122" y="224" width="166" height="40"/>
;;= <text x="4128" y="240">block 2 in loop 1 &lt;- 1</text>
;;= <text x="4128" y="254">  if %1 5 3</text>
;;= <rect class="b" x="4106" y="312" width="166" height="40"/>
;;= <text x="4112" y="328">block 3 in loop 1 &lt;- 2</text>
;;= <text x="4112" y="342">  if %1 5 4</text>
;;= <rect class="b" x="4058" y="400" width="166" height="40"/>
;;= <text x="4064" y="416">block 4 in loop 1 &lt;- 3</text>
;;= <text x="4064" y="430">  if %1 5 1</text>
;;= <rect class="b" x="4120" y="488" width="138" height="40"/>
;;= <text x="4126" y="504">block 5 &lt;- 1 2 3 4</text>
;;= <rect class="f" x="4126" y="508" width="77" height="14"/><text x="4126" y="518">  if %3 6 7</text>
;;= <rect class="b" x="4081" y="576" width="96" height="40"/>
;;= <text x="4087" y="592">block 6 &lt;- 5</text>
;;= <text x="4087" y="606">  jump 8</text>
;;= <rect class="b" x="4201" y="576" width="96" height="40"/>
;;= <text x="4207" y="592">block 7 &lt;- 5</text>
;;= <text x="4207" y="606">  jump 8</text>
;;= <rect class="b" x="4113" y="664" width="152" height="68"/>
;;= <text x="4119" y="680">block 8 &lt;- 6 7</text>
;;= <rect class="f" x="4119" y="684" width="140" height="14"/><text x="4119" y="694">  %4 = i32 phi %1 %2</text>
;;= <rect class="f" x="4119" y="698" width="77" height="14"/><text x="4119" y="708">  return %4</text>
;;= <text x="4119" y="722">  leave</text>
;;= <text class="h" x="4380" y="20">reduce: as before</text>
;;= <text class="h" x="4638" y="20">again: as before</text>
;;= </svg>
