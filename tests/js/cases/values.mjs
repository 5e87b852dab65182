// What a module imports as a value may be any of JavaScript's: also a memory, table, tag, instance or module, which it holds as that.
import { compile, instance, same } from '../wat.mjs';

const module = compile(`(module
  (import "js" "value" (global $value externref))
  (import "js" "any" (global $any anyref))
  (import "js" "sure" (global $sure (ref extern)))
  (func (export "value") (result externref) (global.get $value))
  (func (export "any") (result anyref) (global.get $any))
  (func (export "sure") (result externref) (global.get $sure)))`);
const guest = instance('(module (func (export "f")) (global (export "g") (mut i32) (i32.const 7)) (memory (export "m") 1))');
const { f, m } = guest.exports;
const tag = new WebAssembly.Tag({ parameters: [] });
for (const value of [new WebAssembly.Memory({ initial: 1 }), new WebAssembly.Table({ element: 'anyfunc', initial: 1 }), tag, new WebAssembly.Exception(tag, []),
  WebAssembly.JSTag, module, guest, f, m, guest.exports, 'text', 2.5, Symbol(), () => 1]) {
  const { exports } = new WebAssembly.Instance(module, { js: { value, any: value, sure: value } });
  for (const name of ['value', 'any', 'sure']) same(exports[name](), value);
}
same(m.buffer.byteLength, 65536);
// But for a global, whose value it is.
const holds = new WebAssembly.Global({ value: 'externref' }, m);
same(new WebAssembly.Instance(module, { js: { value: holds, any: holds.value, sure: m } }).exports.value(), m);
