;;! weft inspect --graph max --svg - %
;; A picture of all steps.
(module
  (func $max (param i32 i32) (result i32)
    (loop $l
      (br_if $l (i32.eqz (local.get 0))))
    (if (result i32) (i32.gt_s (local.get 0) (i32.add (local.get 1) (i32.const 0)))
      (then (local.get 0))
      (else (local.get 1)))))
;;= <svg xmlns="http://www.w3.org/2000/svg" width="4679" height="794" viewBox="0 0 4679 794">
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
;;= <text class="h" x="3081" y="20">unroll</text>
;;= <text x="3081" y="44">loop of 1 nodes is there 4 times</text>
;;= <text x="3081" y="72">floating</text>
;;= <text x="3081" y="86">  %1 = i32 arg 0</text>
;;= <text x="3081" y="100">  %2 = i32 arg 1</text>
;;= <text x="3081" y="114">  %5 = i32 i32.gt_s %1 %2</text>
;;= <path class="e" d="M3431 102 C3431 126 3431 126 3431 150" marker-end="url(#a)"/>
;;= <path class="e y" d="M3423 190 C3423 214 3336 214 3336 238 L3336 278 C3336 302 3320 302 3320 326 L3320 366 C3320 390 3494 390 3494 414 L3494 454 C3494 478 3431 478 3431 502" marker-end="url(#a)"/>
;;= <path class="e n" d="M3439 190 C3439 214 3447 214 3447 238" marker-end="url(#a)"/>
;;= <path class="e y" d="M3439 278 C3439 302 3542 302 3542 326 L3542 366 C3542 390 3526 390 3526 414 L3526 454 C3526 478 3431 478 3431 502" marker-end="url(#a)"/>
;;= <path class="e n" d="M3455 278 C3455 302 3431 302 3431 326" marker-end="url(#a)"/>
;;= <path class="e y" d="M3423 366 C3423 390 3558 390 3558 414 L3558 454 C3558 478 3431 478 3431 502" marker-end="url(#a)"/>
;;= <path class="e n" d="M3439 366 C3439 390 3383 390 3383 414" marker-end="url(#a)"/>
;;= <path class="e y" d="M3375 454 C3375 478 3431 478 3431 502" marker-end="url(#a)"/>
;;= <path class="e n" d="M3391 454 C3391 478 3280 478 3280 454 L3280 150 C3280 126 3423 126 3423 150" marker-end="url(#a)"/>
;;= <path class="e y" d="M3423 542 C3423 566 3371 566 3371 590" marker-end="url(#a)"/>
;;= <path class="e n" d="M3439 542 C3439 566 3491 566 3491 590" marker-end="url(#a)"/>
;;= <path class="e" d="M3371 630 C3371 654 3431 654 3431 678" marker-end="url(#a)"/>
;;= <path class="e" d="M3491 630 C3491 654 3431 654 3431 678" marker-end="url(#a)"/>
;;= <rect class="b" x="3397" y="62" width="68" height="40"/>
;;= <text x="3403" y="78">block 0</text>
;;= <text x="3403" y="92">  jump 1</text>
;;= <rect class="b" x="3341" y="150" width="180" height="40"/>
;;= <rect class="f" x="3347" y="156" width="168" height="14"/><text x="3347" y="166">block 1 in loop 1 &lt;- 0 4</text>
;;= <rect class="f" x="3347" y="170" width="77" height="14"/><text x="3347" y="180">  if %1 5 2</text>
;;= <rect class="b" x="3364" y="238" width="166" height="40"/>
;;= <text x="3370" y="254">block 2 in loop 1 &lt;- 1</text>
;;= <rect class="f" x="3370" y="258" width="77" height="14"/><text x="3370" y="268">  if %1 5 3</text>
;;= <rect class="b" x="3348" y="326" width="166" height="40"/>
;;= <rect class="f" x="3354" y="332" width="154" height="14"/><text x="3354" y="342">block 3 in loop 1 &lt;- 2</text>
;;= <rect class="f" x="3354" y="346" width="77" height="14"/><text x="3354" y="356">  if %1 5 4</text>
;;= <rect class="b" x="3300" y="414" width="166" height="40"/>
;;= <rect class="f" x="3306" y="420" width="154" height="14"/><text x="3306" y="430">block 4 in loop 1 &lt;- 3</text>
;;= <rect class="f" x="3306" y="434" width="77" height="14"/><text x="3306" y="444">  if %1 5 1</text>
;;= <rect class="b" x="3362" y="502" width="138" height="40"/>
;;= <rect class="f" x="3368" y="508" width="126" height="14"/><text x="3368" y="518">block 5 &lt;- 1 2 3 4</text>
;;= <rect class="f" x="3368" y="522" width="77" height="14"/><text x="3368" y="532">  if %5 6 7</text>
;;= <rect class="b" x="3323" y="590" width="96" height="40"/>
;;= <rect class="f" x="3329" y="596" width="84" height="14"/><text x="3329" y="606">block 6 &lt;- 5</text>
;;= <rect class="f" x="3329" y="610" width="56" height="14"/><text x="3329" y="620">  jump 8</text>
;;= <rect class="b" x="3443" y="590" width="96" height="40"/>
;;= <rect class="f" x="3449" y="596" width="84" height="14"/><text x="3449" y="606">block 7 &lt;- 5</text>
;;= <rect class="f" x="3449" y="610" width="56" height="14"/><text x="3449" y="620">  jump 8</text>
;;= <rect class="b" x="3355" y="678" width="152" height="68"/>
;;= <rect class="f" x="3361" y="684" width="98" height="14"/><text x="3361" y="694">block 8 &lt;- 6 7</text>
;;= <text x="3361" y="708">  %6 = i32 phi %1 %2</text>
;;= <text x="3361" y="722">  return %6</text>
;;= <text x="3361" y="736">  leave</text>
;;= <text class="h" x="3622" y="20">again</text>
;;= <text x="3622" y="58">floating</text>
;;= <text x="3622" y="72">  %1 = i32 arg 0</text>
;;= <text x="3622" y="86">  %2 = i32 arg 1</text>
;;= <rect class="f" x="3622" y="90" width="175" height="14"/><text x="3622" y="100">  %3 = i32 i32.gt_s %1 %2</text>
;;= <path class="e" d="M3972 88 C3972 112 3972 112 3972 136" marker-end="url(#a)"/>
;;= <path class="e y" d="M3964 176 C3964 200 3877 200 3877 224 L3877 264 C3877 288 3861 288 3861 312 L3861 352 C3861 376 4035 376 4035 400 L4035 440 C4035 464 3972 464 3972 488" marker-end="url(#a)"/>
;;= <path class="e n" d="M3980 176 C3980 200 3988 200 3988 224" marker-end="url(#a)"/>
;;= <path class="e y" d="M3980 264 C3980 288 4083 288 4083 312 L4083 352 C4083 376 4067 376 4067 400 L4067 440 C4067 464 3972 464 3972 488" marker-end="url(#a)"/>
;;= <path class="e n" d="M3996 264 C3996 288 3972 288 3972 312" marker-end="url(#a)"/>
;;= <path class="e y" d="M3964 352 C3964 376 4099 376 4099 400 L4099 440 C4099 464 3972 464 3972 488" marker-end="url(#a)"/>
;;= <path class="e n" d="M3980 352 C3980 376 3924 376 3924 400" marker-end="url(#a)"/>
;;= <path class="e y" d="M3916 440 C3916 464 3972 464 3972 488" marker-end="url(#a)"/>
;;= <path class="e n" d="M3932 440 C3932 464 3821 464 3821 440 L3821 136 C3821 112 3964 112 3964 136" marker-end="url(#a)"/>
;;= <path class="e y" d="M3964 528 C3964 552 3912 552 3912 576" marker-end="url(#a)"/>
;;= <path class="e n" d="M3980 528 C3980 552 4032 552 4032 576" marker-end="url(#a)"/>
;;= <path class="e" d="M3912 616 C3912 640 3972 640 3972 664" marker-end="url(#a)"/>
;;= <path class="e" d="M4032 616 C4032 640 3972 640 3972 664" marker-end="url(#a)"/>
;;= <rect class="b" x="3938" y="48" width="68" height="40"/>
;;= <text x="3944" y="64">block 0</text>
;;= <text x="3944" y="78">  jump 1</text>
;;= <rect class="b" x="3882" y="136" width="180" height="40"/>
;;= <text x="3888" y="152">block 1 in loop 1 &lt;- 0 4</text>
;;= <text x="3888" y="166">  if %1 5 2</text>
;;= <rect class="b" x="3905" y="224" width="166" height="40"/>
;;= <text x="3911" y="240">block 2 in loop 1 &lt;- 1</text>
;;= <text x="3911" y="254">  if %1 5 3</text>
;;= <rect class="b" x="3889" y="312" width="166" height="40"/>
;;= <text x="3895" y="328">block 3 in loop 1 &lt;- 2</text>
;;= <text x="3895" y="342">  if %1 5 4</text>
;;= <rect class="b" x="3841" y="400" width="166" height="40"/>
;;= <text x="3847" y="416">block 4 in loop 1 &lt;- 3</text>
;;= <text x="3847" y="430">  if %1 5 1</text>
;;= <rect class="b" x="3903" y="488" width="138" height="40"/>
;;= <text x="3909" y="504">block 5 &lt;- 1 2 3 4</text>
;;= <rect class="f" x="3909" y="508" width="77" height="14"/><text x="3909" y="518">  if %3 6 7</text>
;;= <rect class="b" x="3864" y="576" width="96" height="40"/>
;;= <text x="3870" y="592">block 6 &lt;- 5</text>
;;= <text x="3870" y="606">  jump 8</text>
;;= <rect class="b" x="3984" y="576" width="96" height="40"/>
;;= <text x="3990" y="592">block 7 &lt;- 5</text>
;;= <text x="3990" y="606">  jump 8</text>
;;= <rect class="b" x="3896" y="664" width="152" height="68"/>
;;= <text x="3902" y="680">block 8 &lt;- 6 7</text>
;;= <rect class="f" x="3902" y="684" width="140" height="14"/><text x="3902" y="694">  %4 = i32 phi %1 %2</text>
;;= <rect class="f" x="3902" y="698" width="77" height="14"/><text x="3902" y="708">  return %4</text>
;;= <text x="3902" y="722">  leave</text>
;;= <text class="h" x="4163" y="20">reduce: as before</text>
;;= <text class="h" x="4421" y="20">again: as before</text>
;;= </svg>
