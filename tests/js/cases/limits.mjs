// Limits hold, also of nothing at all, and whichever way is tried.
import assert from 'node:assert';
import { load, turns, wasm } from './case.mjs';

const { Instance, Module } = load().WebAssembly;
const module = new Module(wasm(`(import "e" "f" (func $f (param i32) (result i32)))
  (func (export "loop") (loop $l (br $l)))
  (func (export "none"))
  (func (export "f") (param i32) (result i32) (call $f (local.get 0)))
  (table (export "table") 1 externref)
  (func (export "tables") (param i32) (result i32) (table.grow (ref.null extern) (local.get 0)))`));
const memory = new Module(wasm('(memory (export "m") 1) (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))'));
const limited = (one, weft) => {
    const { exports } = new Instance(one, { e: { f: (v) => (v ? exports.loop() : 0) } }, { weft });
    return exports;
};
for (const fuel of [0, 0n, 0.5, 1]) assert.throws(() => limited(module, { fuel }).loop(), { name: 'RuntimeError', code: 'out_of_fuel' });
assert.throws(() => limited(module, { fuel: 0 }).f(0), { code: 'out_of_fuel' });
const some = limited(module, { fuel: 1000 });
assert.throws(() => some.f(1), { code: 'out_of_fuel' });
assert.throws(() => some.f(0), { code: 'out_of_fuel' });

for (const memoryBytes of [0, 1, 65535]) assert.throws(() => limited(memory, { memoryBytes }), { name: 'RangeError', code: 'limit_memory_size' });
const two = limited(memory, { memoryBytes: 131072 });
assert.equal(two.grow(2), -1);
assert.throws(() => two.m.grow(2), RangeError);
assert.equal(two.m.grow(1), 1);
assert.throws(() => two.m.grow(1), RangeError);

assert.throws(() => limited(module, { tableEntries: 0 }).table.grow(1), RangeError);
const five = limited(module, { tableEntries: 5 });
assert.equal(five.tables(5), -1);
assert.equal(five.table.grow(4), 1);
assert.equal(five.tables(1), -1);
assert.throws(() => five.table.grow(1), RangeError);

for (const bad of [-1, NaN, -1n, '5', {}]) {
    try {
        limited(module, { fuel: bad }).loop();
        assert.fail();
    } catch (error) {
        assert(error instanceof TypeError, `${String(bad)}: ${error}`);
    }
}
assert.throws(() => limited(module, { fule: 5 }), TypeError);

// Without a turn of the event loop nothing ends; the process is not what ends then.
const one = new Module(wasm('(memory (export "m") 1)'));
let count = 0;
const make = () => {
    for (let k = 0; k < 30000; k++, count++) new Instance(one).exports.m.buffer;
};
assert.throws(make, { name: 'RangeError', code: 'limit_instances' });
assert(count > 10000);
await turns(3);
for (let k = 0; k < 1000; k++) new Instance(one);
