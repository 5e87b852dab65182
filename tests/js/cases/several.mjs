// Several results of a function of JavaScript's come by its iterator, whose failures are its own.
import { instance, same, throws } from '../wat.mjs';

let given;
const { pair } = instance(`(module
  (import "js" "give" (func $give (result i32 f64)))
  (func (export "pair") (result i32 f64) (call $give)))`, { js: { give: () => given } }).exports;
const iterator = (next) => ({ [Symbol.iterator]: () => ({ next }) });
for (given of [undefined, null, 5, {}, ...[undefined, null, 7, 'text', {}].map((one) => ({ [Symbol.iterator]: one })),
  ...[undefined, null, 7].map((one) => ({ [Symbol.iterator]: () => one })), ...[undefined, null, {}].map(iterator),
  ...[undefined, null, 7].map((one) => iterator(() => one)), [], [1], [1, 2, 3], [1n, 2], [1, 2n], [Symbol(), 2]])
  throws(TypeError, pair);
class Mine extends Error {}
const fail = () => { throw new Mine(); };
for (given of [{ get [Symbol.iterator]() { return fail(); } }, { [Symbol.iterator]: fail }, iterator(fail), { [Symbol.iterator]: () => ({ get next() { return fail(); } }) },
  iterator(() => ({ get done() { return fail(); } })), iterator(() => ({ done: false, get value() { return fail(); } })), [{ valueOf: fail }, 2], [1, { valueOf: fail }]])
  throws(Mine, pair);
for (given of [[5, 1.5], new Set([5, 1.5]), ['5', '1.5'], [5.9, { valueOf: () => 1.5 }], (function* () { yield 5; yield 1.5; })()]) {
  const [a, b] = pair();
  same(a, 5);
  same(b, 1.5);
}
// In the order of the results, once all are there.
const order = [];
given = [{ valueOf: () => order.push('a') }, { valueOf: () => order.push('b') }];
pair();
same(order.join(), 'a,b');
// A string has one, too.
given = '12';
same(pair().join(), '1,2');
