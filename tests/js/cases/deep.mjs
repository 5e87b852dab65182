// A guest and JavaScript that call each other until JavaScript's stack is at its end, wherever that is: a RangeError of V8's
// comes out, which the guests do not catch, and all goes on afterwards.
import { instance, same } from '../wat.mjs';

let most = 0;
const next = (n) => (most = Math.max(most, n), exports.down(n + 1));
// One that wants more of the stack than what is done about its RangeError.
const down = (n, next) => Math.max(
  n, n, n, n, n, n, n, n, n, n, n, n, n, n, n, n, n, n, n, n,
  n, n, n, n, n, n, n, n, n, n, n, n, n, n, n, n, n, n, n, n,
  n, n, n, n, n, n, n, n, n, n, n, n, n, n, n, n, n, n, n, n,
  next(n));
const { exports } = instance(`(module
  (import "js" "down" (func $down (param i32) (result i32)))
  (func (export "down") (param i32) (result i32) (i32.add (i32.const 1) (call $down (local.get 0)))))`,
{ js: { down: (n) => down(n, next) } });
const pad = (n) => (n ? pad(n - 1) : exports.down(0));
for (let n = 0; n < 150; n++) {
  let error;
  try {
    pad(n);
  } catch (problem) {
    error = problem;
  }
  same(`${error}`, 'RangeError: Maximum call stack size exceeded');
}
same(most > 150, true);
