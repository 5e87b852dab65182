// What is made and dropped leaves nothing: instances in cycles with JavaScript, values, exceptions, references.
import assert from 'node:assert';
import { flat, load, turns, wasm } from './case.mjs';

const { WebAssembly } = load();
const { Exception, Global, Instance, JSTag, Memory, Module, Table, Tag } = WebAssembly;
const make = (text) => new Module(wasm(text));

// Each instance is reached by what it imports.
const cycle = make(`
  (import "e" "f" (func $f (param externref) (result externref))) (import "e" "t" (table 1 externref)) (import "e" "g" (tag))
  (memory (export "m") 1) (table (export "own") 4 funcref) (elem (table 1) (i32.const 0) func $f $call)
  (func $call (export "call") (param externref) (result externref) (call $f (local.get 0)))`);
const shared = new Tag({ parameters: [] });
let ended = 0;
const registry = new FinalizationRegistry(() => ended++);
await flat(+process.argv[3] || 8000, function instances(i) {
    const held = { i };
    const table = new Table({ element: 'externref', initial: 1 }, held);
    const { exports } = held.instance = new Instance(cycle, { e: { f: (v) => (v === held ? exports : v), t: table, g: shared } });
    assert.equal(exports.call(held), exports);
    if (i % 4 === 0) exports.m.buffer;
    registry.register(held.instance);
    table.set(0, exports.call);
}, 12);
assert(ended > 0.9 * (+process.argv[3] || 8000), `${ended} instances ended`);

// Values that go in and out, also those whose call comes to nothing.
const values = new Instance(make(`
  (import "e" "back" (func $back (param externref anyref) (result externref)))
  (tag $t (export "t") (param externref i32)) (global $g (export "g") (mut anyref) (ref.null any))
  (table $t (export "table") 2 externref) (type $s (struct (field i32)))
  (func (export "same") (param externref) (result externref) (local.get 0))
  (func (export "any") (param anyref) (result externref) (extern.convert_any (local.get 0)))
  (func (export "extern") (param externref) (result anyref) (any.convert_extern (local.get 0)))
  (func (export "both") (param externref i64))
  (func (export "new") (param i32) (result anyref) (struct.new $s (local.get 0)))
  (func (export "in") (param externref) (result externref) (call $back (local.get 0) (ref.i31 (i32.const 5))))
  (func (export "throw") (param externref) (throw $t (local.get 0) (i32.const 1)))`),
{ e: { back: (v, five) => (five === 5 ? v : five) } }).exports;
const times = (+process.argv[3] || 8000) * 10;
await flat(times, function references(i) {
    const value = { i };
    assert.equal(values.same(value), value);
    assert.equal(values.in(value), value);
}, 8, 20000);
await flat(times, function refused(i) {
    const value = { i, some: new Array(50) };
    try {
        values.both(value, 1);
    } catch {}
}, 8, 20000);
await flat(times, function anything(i) {
    const value = { i };
    assert.equal(values.any(value), value);
    assert.equal(values.extern(value), value);
    assert.equal(values.any(i & 0xffff), i & 0xffff);
    values.g.value = value;
    assert.equal(values.g.value, value);
    values.g.value = i & 0xffff;
    values.table.set(0, value);
    values.table.set(1, i);
    const object = values.g.value = values.new(i);
    assert.equal(values.any(object), object);
    assert.equal(values.extern(object), object);
    assert.equal(values.g.value, object);
}, 16, 20000);

// Exceptions of either side, that go through the other.
const thrower = new Instance(make(`
  (import "e" "f" (func $f (param i32))) (import "e" "js" (tag $js (param externref)))
  (func (export "through") (param i32) (call $f (local.get 0)))
  (func (export "caught") (param i32) (result externref)
    (block $h (result externref) (try_table (catch $js $h) (call $f (local.get 0))) (ref.null extern)))`),
{ e: { f: (i) => { throw i % 2 ? { i } : new Exception(shared, []); }, js: JSTag } }).exports;
await flat(times, function exceptions(i) {
    assert.throws(() => thrower.through(i), (e) => (i % 2 ? e.i === i : e.is(shared)));
    assert.equal(thrower.caught(i | 1).i, i | 1);
    assert.throws(() => values.throw(i), Exception);
}, 12, 20000);

// What is kept of an instance that is gone.
const kept = [];
for (let i = 0; i < 50; i++) {
    const { exports } = new Instance(make('(memory (export "m") 1 2) (global $g (mut i32) (i32.const 0)) (func (export "f") (result i32) (global.set $g (i32.add (global.get $g) (i32.const 1))) (global.get $g)) (func (export "grow") (result i32) (memory.grow (i32.const 1)))'));
    const bytes = new Uint8Array(exports.m.buffer);
    bytes[65535] = i;
    kept.push({ f: exports.f, bytes, weak: new WeakRef(exports.m) });
}
await turns(4);
kept.forEach(({ f, bytes }, i) => {
    assert.equal(f(), 1);
    assert.equal(f(), 2);
    assert.equal(bytes[65535], i);
    bytes.fill(i);
});
kept.forEach((one) => delete one.f);
await turns(4);
kept.forEach(({ bytes }, i) => assert(bytes.every((b) => b === i)));
