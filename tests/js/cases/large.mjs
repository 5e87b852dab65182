// As much of everything as there may be.
import assert from 'node:assert';
import { load, wasm } from './case.mjs';

const { Exception, Instance, Memory, Module, Table, Tag } = load().WebAssembly;
const times = (count, text) => Array(count).fill(text).join(' ');

assert.equal(new Memory({ initial: 65536 }).buffer.byteLength, 2 ** 32);
const wide = new Memory({ initial: 65537n, address: 'i64' });
for (let k = 0; k < 20; k++) assert.throws(() => wide.buffer, { name: 'RangeError', code: 'out_of_memory' });
assert.throws(() => new Memory({ initial: 1n, address: 'i64' }).grow(2n ** 64n - 1n), RangeError);

const value = {}, table = new Table({ element: 'externref', initial: 2 }, 1);
table.grow(9999000, value);
table.grow(900, 2);
table.set(5, 3);
assert.throws(() => table.grow(2 ** 32 - 1), RangeError);
const places = [0, 1, 2, 5, 9999001, 9999002, 9999901], found = [1, 1, value, 3, value, 2, 2];
assert.deepEqual(places.map((at) => table.get(at)), found);
const seen = new Instance(new Module(wasm('(import "e" "t" (table $t 1 externref)) (func (export "get") (param i32) (result externref) (table.get $t (local.get 0)))')), { e: { t: table } });
assert.deepEqual(places.map((at) => seen.exports.get(at)), found);
assert.equal(table.length, 9999902);

for (const count of [200, 201, 254, 255, 1000])
    for (const type of ['i32', 'i64', 'externref']) {
        const types = times(count, type), gets = Array.from({ length: count }, (_, k) => `(local.get ${k})`).join(' ');
        const tag = new Tag({ parameters: Array(count).fill(type) });
        const args = Array.from({ length: count }, (_, k) => (type === 'i64' ? BigInt(k) : k));
        const { exports } = new Instance(new Module(wasm(`
          (import "e" "f" (func $f (param ${types}) (result ${types}))) (import "e" "t" (tag $t (param ${types})))
          (func (export "f") (param ${types}) (result ${types}) ${gets} (call $f))
          (func (export "t") (param ${types}) ${gets} (throw $t))`)), { e: { f: (...all) => all.reverse(), t: tag } });
        assert.deepEqual(exports.f(...args), [...args].reverse());
        assert.throws(() => exports.t(...args), (e) => e instanceof Exception && e.getArg(tag, count - 1) === args[count - 1]);
    }
assert.throws(() => new Tag({ parameters: Array(1001).fill('i32') }), TypeError);
