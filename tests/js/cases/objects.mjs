// Objects of guests: opaque, and the same each time; what is not of a type that is asked for is a
// TypeError; numbers that an i31 can hold are ones, through externref too.
import vm from 'node:vm';
import { instance, same, throws } from '../wat.mjs';

const maker = instance(`(module
  (type $s (struct (field (mut i32))))
  (type $a (array i8))
  (func (export "struct") (result (ref $s)) (struct.new $s (i32.const 42)))
  (func (export "array") (result (ref $a)) (array.new $a (i32.const 1) (i32.const 2)))
  (func (export "get") (param (ref null $s)) (result i32) (struct.get $s 0 (local.get 0)))
  (func (export "eq") (param eqref eqref) (result i32) (ref.eq (local.get 0) (local.get 1)))
  (func (export "structref") (param structref))
  (func (export "i31ref") (param i31ref))
  (func (export "inside") (param externref) (result i32) (i31.get_s (ref.cast (ref i31) (any.convert_extern (local.get 0)))))
  (func (export "outside") (param anyref) (result externref) (extern.convert_any (local.get 0))))`).exports;

const object = maker.struct();
for (const one of [object, maker.array()]) {
  same(maker.outside(one), one);
  same(maker.eq(one, one), 1);
  same(typeof one, 'object');
  same(one.anything, undefined);
  same('anything' in one, false);
  same(Object.getPrototypeOf(one), null);
  same(Reflect.ownKeys(one).length, 0);
  const [sloppy, dropping] = ['o.x = 1', 'delete o.x'].map((text) => vm.runInThisContext(`(function (o) { ${text}; })`));
  for (const change of [() => sloppy(one), () => dropping(one), () => Object.seal(one), () => Object.freeze(one), () => Object.preventExtensions(one),
    () => Object.defineProperty(one, 'x', { value: 1 }), () => Object.setPrototypeOf(one, null), () => Object.setPrototypeOf(one, {}), () => String(one)])
    throws(TypeError, change);
}
same(maker.get(object), 42);
throws(WebAssembly.RuntimeError, () => maker.get(null));
throws(TypeError, () => maker.get(maker.array()));
for (const wrong of ['text', 5, {}, maker.get, undefined, 2n, Symbol()]) throws(TypeError, () => maker.structref(wrong));
for (const wrong of ['text', {}, maker.get, 2 ** 30, undefined]) {
  throws(TypeError, () => maker.eq(wrong, null));
  throws(TypeError, () => maker.i31ref(wrong));
}
for (const number of [0, 7, -7, 2 ** 30 - 1, -(2 ** 30)]) same(maker.inside(number), number);
for (const wrong of [2 ** 30, -(2 ** 30) - 1, 1.5, 'text', null, object]) throws(WebAssembly.RuntimeError, () => maker.inside(wrong));

// A value for an imported constant is of the type that is declared.
for (const [type, good, bad] of [['(ref extern)', 'text', null], ['(ref any)', 'text', null], ['(ref i31)', 5, 'text'], ['i31ref', null, 2 ** 30],
  ['(ref null struct)', object, 5], ['eqref', 3, 'text']]) {
  const given = (value) => instance(`(module (import "a" "b" (global ${type})) (func) (export "g" (global 0)))`, { a: { b: value } });
  if (typeof good !== 'object' || good === null) same(given(good).exports.g.value, good);
  throws(WebAssembly.LinkError, () => given(bad));
}

// Instances that have nothing to do with each other hand each other objects; one that has a store of
// its own has them as values of JavaScript.
const text = `(module
  (type $s (struct (field (mut i32))))
  (func (export "get") (param (ref null $s)) (result i32) (struct.get $s 0 (local.get 0)))
  (func (export "pass") (param externref) (result externref) (local.get 0))
  (func (export "any") (param anyref) (result anyref) (local.get 0))
  (func (export "eq") (param eqref)))`;
const other = instance(text).exports, apart = instance(text, {}, { weft: {} }).exports;
same(other.get(object), 42);
for (const one of [other, apart]) {
  same(one.pass(object), object);
  same(one.any(object), object);
}
throws(TypeError, () => apart.eq(object));
throws(TypeError, () => apart.get(object));
const plain = instance('(module (func (export "pass") (param externref) (result externref) (local.get 0)))').exports;
same(plain.pass(object), object);
