// To a guest's collector a string is a pointer; that it is long counts all the same: 40,000 of them,
// 400 MB, go by in 160.
import { isMainThread, Worker } from 'node:worker_threads';
import { instance } from '../wat.mjs';

if (isMainThread) {
  new Worker(new URL(import.meta.url), { resourceLimits: { maxOldGenerationSizeMb: 160 } });
} else {
  let n = 0;
  const { run } = instance(`(module
    (import "js" "make" (func $make (result externref)))
    (func (export "run") (param i32)
      (loop $l (drop (call $make)) (br_if $l (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))))`,
  { js: { make: () => Buffer.alloc(10000, n++ & 127).latin1Slice() } }).exports;
  run(40000);
}
