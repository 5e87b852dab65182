// Several namespaces in one environment, some of which end: what they share stays.
import assert from 'node:assert';
import { load, turns, wasm } from './case.mjs';

const weft = load();
const add = await weft.WebAssembly.compile(wasm('(func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))'));
for (let i = 0; i < 40; i++) {
    const { Instance, Module, Table } = weft.create().WebAssembly;
    assert.throws(() => new Instance(add), TypeError);       // another namespace's
    assert.equal(new Instance(new Module(wasm('(func (export "f") (result i32) (i32.const 7))'))).exports.f(), 7);
    new Table({ element: 'externref', initial: 3 }, i).grow(1);
    if (i % 8 === 0) await turns(2);
}
await turns(3);
assert.equal(new weft.WebAssembly.Instance(add).exports.add(2, 3), 5);
