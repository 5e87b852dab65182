// Exceptions as references, which JavaScript has none of; JavaScript's values as exceptions, and back.
import { instance, same, throws } from '../wat.mjs';

const { JSTag } = WebAssembly;
let thrown;
const e = instance(`(module
  (import "js" "tag" (tag $js (param externref)))
  (import "js" "throw" (func $throw))
  (tag $own (export "own") (param i32 i64 externref))
  (global (export "global") (mut exnref) (ref.null exn))
  (table (export "table") 2 exnref)
  (func (export "take") (param exnref))
  (func (export "give") (result exnref) (ref.null exn))
  (func (export "caught") (result externref)
    (block $b (result externref) (try_table (catch $js $b) (call $throw)) (ref.null extern)))
  (func (export "any") (result i32)
    (block $b (try_table (catch_all $b) (call $throw)) (return (i32.const 0))) (i32.const 1))
  (func (export "again")
    (block $b (result exnref) (try_table (catch_all_ref $b) (call $throw)) (unreachable))
    (throw_ref))
  (func (export "keep")
    (block $b (result exnref) (try_table (catch_all_ref $b) (call $throw)) (unreachable))
    (global.set 0))
  (func (export "kept") (throw_ref (global.get 0)))
  (func (export "make") (throw $own (i32.const 1) (i64.const -2) (ref.null extern)))
  (func (export "value") (param externref) (throw $js (local.get 0))))`,
{ js: { tag: JSTag, throw() { throw thrown; } } }).exports;

throws(TypeError, () => e.take(null));
throws(TypeError, () => e.give());
throws(TypeError, () => e.global.value);
throws(TypeError, () => { e.global.value = null; });
throws(TypeError, () => e.table.get(0));
throws(TypeError, () => e.table.set(0, null));
throws(TypeError, () => e.table.set(0));
const caught = (run) => {
  try {
    run();
  } catch (error) {
    return [error];
  }
  return [];
};
for (thrown of [undefined, null, 5, 'text', {}, new Error('mine'), Symbol()]) {
  same(e.caught(), thrown);
  same(e.any(), 1);
  same(caught(() => e.again())[0], thrown);
  e.keep();
  same(caught(() => e.kept())[0], thrown);
  same(caught(() => e.value(thrown))[0], thrown);
}
const own = caught(() => e.make())[0];
same(own instanceof WebAssembly.Exception, true);
same(own.is(e.own), true);
same(own.is(JSTag), false);
same(own.getArg(e.own, 1), -2n);
same(own.getArg(e.own, 2), null);
thrown = own;
same(e.any(), 1);
same(caught(() => e.again())[0], own);
same(caught(() => e.caught())[0], own);
thrown = new WebAssembly.Exception(e.own, [7, 8n, own]);
same(caught(() => e.again())[0], thrown);
same(thrown.getArg(e.own, 2), own);
throws(TypeError, () => new WebAssembly.Exception(JSTag, [1]));
throws(TypeError, () => new WebAssembly.Exception(e.own, [7, 8, null]));
