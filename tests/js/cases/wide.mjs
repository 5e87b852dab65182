// Memories and tables with addresses of 64 bits: in JavaScript these are BigInts.
import { instance, same, throws } from '../wat.mjs';

const e = instance(`(module
  (memory (export "memory") i64 1 4)
  (table (export "table") i64 2 5 externref)
  (func (export "load") (param i64) (result i32) (i32.load8_u (local.get 0)))
  (func (export "size") (result i64) (memory.size))
  (func (export "entries") (result i64) (table.size)))`).exports;
const { memory, table } = e;
same(memory.grow(1n), 1n);
same(e.size(), 2n);
same(memory.buffer.byteLength, 131072);
new Uint8Array(memory.buffer)[70000] = 9;
same(e.load(70000n), 9);
throws(WebAssembly.RuntimeError, () => e.load(-1n));
for (const wrong of [1, null, undefined, Symbol(), {}]) throws(wrong !== null && typeof wrong === 'object' ? SyntaxError : TypeError, () => memory.grow(wrong));
for (const wrong of [-1n, 2n ** 64n]) throws(TypeError, () => memory.grow(wrong));
for (const wrong of [3n, 2n ** 48n, 2n ** 64n - 1n]) throws(RangeError, () => memory.grow(wrong));
same(table.length, 2n);
same(table.grow(1n, 'x'), 2n);
same(table.get(2n), 'x');
table.set(0n, 'y');
same(table.get(0n), 'y');
same(table.get(1n), null);
same(e.entries(), 3n);
for (const wrong of [0, '-1', undefined, -1n, 2n ** 64n]) throws(TypeError, () => table.get(wrong));
for (const wrong of [3n, 2n ** 63n, 2n ** 64n - 1n]) {
  throws(RangeError, () => table.get(wrong));
  throws(RangeError, () => table.set(wrong, 1));
  throws(RangeError, () => table.grow(wrong));
}
same(table.get('2'), 'x');

const own = new WebAssembly.Memory({ address: 'i64', initial: 1n, maximum: 2n });
same(own.grow(1n), 1n);
throws(RangeError, () => own.grow(1n));
throws(TypeError, () => new WebAssembly.Memory({ address: 'i64', initial: 1 }));
throws(TypeError, () => new WebAssembly.Memory({ address: 'i32', initial: 1n }));
throws(TypeError, () => new WebAssembly.Memory({ address: 'i65', initial: 1n }));
throws(RangeError, () => new WebAssembly.Memory({ address: 'i64', initial: 2n, maximum: 1n }));
const wide = '(module (import "m" "m" (memory i64 1)) (import "t" "t" (table i64 1 funcref)) (func (export "size") (result i64) (memory.size)))';
const entries = new WebAssembly.Table({ address: 'i64', element: 'anyfunc', initial: 1n });
same(instance(wide, { m: { m: own }, t: { t: entries } }).exports.size(), 2n);
throws(WebAssembly.LinkError, () => instance(wide, { m: { m: new WebAssembly.Memory({ initial: 1 }) }, t: { t: entries } }));
throws(WebAssembly.LinkError, () => instance(wide, { m: { m: own }, t: { t: new WebAssembly.Table({ element: 'anyfunc', initial: 1 }) } }));
