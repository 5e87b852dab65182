// What a guest is given as a reference takes a handle of its store for that time alone: there are
// ten million of them, and calls and writes in a loop may not use them up.
import { instance, same } from '../wat.mjs';

const { exports } = instance(`(module
  (import "js" "give" (func $give (param anyref) (result anyref)))
  (type $s (struct))
  (tag (export "tag") (param anyref))
  (global (export "global") (mut anyref) (ref.null any))
  (global (export "outer") (mut externref) (ref.null extern))
  (table (export "table") 1 anyref)
  (func (export "any") (param anyref))
  (func (export "extern") (param externref))
  (func (export "pass") (param anyref) (result anyref) (call $give (local.get 0)))
  (func (export "make") (result (ref struct)) (struct.new_default $s))
  (func (export "throw") (param anyref) (throw 0 (local.get 0))))`,
{ js: { give: (value) => value } }, { weft: { handles: 100 } });

const object = exports.make();
for (const value of [5, -(2 ** 30), 2 ** 30, 'text', object, null, undefined, exports.any, 1.5, -0])
  for (let i = 0; i < 300; i++) {
    exports.any(value);
    exports.extern(value);
    exports.global.value = value;
    same(exports.global.value, value);
    exports.outer.value = value;
    same(exports.outer.value, value);
    exports.table.set(0, value);
    same(exports.table.get(0), value);
    same(exports.pass(value), value);
    if (i < 3) {
      try {
        exports.throw(value);
      } catch (error) {
        same(error.getArg(exports.tag, 0), value);
      }
    }
  }
