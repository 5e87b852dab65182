// What a guest's references take while a function of JavaScript's runs is given back when they are used, not when it returns.
import assert from 'node:assert';
import { load, wasm } from './case.mjs';

const { Instance, JSTag, Module } = load().WebAssembly;
const module = new Module(wasm(`
  (import "e" "f" (func $f)) (import "e" "throws" (func $throws)) (import "e" "any" (func $any (param anyref) (result anyref)))
  (import "e" "js" (tag $js (param externref)))
  (type $s (struct (field i32))) (tag $t (export "tag") (param anyref))
  (table (export "table") 1 20 anyref) (global (export "global") (mut anyref) (ref.null any))
  (func (export "run") (call $f))
  (func (export "throws") (call $throws))
  (func (export "new") (result anyref) (struct.new $s (i32.const 1)))
  (func (export "same") (param anyref) (result anyref) (call $any (local.get 0)))
  (func (export "out") (param anyref) (result externref) (extern.convert_any (local.get 0)))
  (func (export "in") (param externref) (result anyref) (any.convert_extern (local.get 0)))`));
const other = new Instance(module, { e: { f() {}, throws() {}, any: (v) => v, js: JSTag } }).exports;
const { exports } = new Instance(module, { e: { f: () => work(10000), throws() { throw 'x'; }, any: (v) => v, js: JSTag } }, { weft: { handles: 500 } });

function work(times) {
    const object = exports.new(), table = exports.table;
    for (let k = 0; k < times; k++) {
        for (const value of [k & 0xffff, object, 'text', null]) {
            assert.equal(exports.same(value), value);
            assert.equal(exports.out(value), value);
            assert.equal(exports.in(value), value);
            table.set(0, value);
            assert.equal(table.get(0), value);
            exports.global.value = value;
            assert.equal(exports.global.value, value);
        }
        try {
            exports.throws();
            assert.fail('nothing was thrown');
        } catch (error) {
            assert.equal(error, 'x');
        }
    }
}
work(2000);
exports.run();

// An object of another store's is one of JavaScript's, which nobody can look into.
const object = other.new();
assert.equal(new Instance(new Module(wasm('(func (export "f") (param externref) (result externref) (local.get 0))'))).exports.f(object), object);
assert.equal(exports.same(object), object);
