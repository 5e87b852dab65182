;;! weft inspect --graph max -O1 --svg - %
;; A picture of all steps.
(module
  (func $max (param i32 i32) (result i32)
    (loop $l
      (br_if $l (i32.eqz (local.get 0))))
    (if (result i32) (i32.gt_s (local.get 0) (i32.add (local.get 1) (i32.const 0)))
      (then (local.get 0))
      (else (local.get 1)))))
;;= <svg xmlns="http://www.w3.org/2000/svg" width="2823" height="604" viewBox="0 0 2823 604">
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
;;= <text class="h" x="2049" y="20">narrow: as before</text>
;;= <text class="h" x="2307" y="20">renew: as before</text>
;;= <text class="h" x="2565" y="20">tidy: as before</text>
;;= </svg>
