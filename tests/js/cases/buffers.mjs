// Bytes of modules come in any kind of buffer or view of one, as it is at that time.
import { compile, same, throws, wat } from '../wat.mjs';

const bytes = wat('(module (func (export "f") (result i32) (i32.const 5)))');
const fill = (buffer, at = 0) => (new Uint8Array(buffer).set(bytes, at), buffer);
const { length } = bytes, roomy = { maxByteLength: length + 16 };
const makers = [ArrayBuffer, SharedArrayBuffer];
const good = async (source) => {
  same(WebAssembly.validate(source), true);
  same(new WebAssembly.Instance(new WebAssembly.Module(source)).exports.f(), 5);
  same((await WebAssembly.instantiate(source)).instance.exports.f(), 5);
};
const rejected = async (Class, promise) => same((await promise.catch((error) => error)) instanceof Class, true);
for (const Made of makers) {
  const at = (n, options) => fill(new Made(length + n, options), n);
  for (const source of [at(0), at(0, roomy), new Uint8Array(at(0, roomy)), new DataView(at(0, roomy)), new Uint8Array(at(4, roomy), 4),
    new DataView(at(4, roomy), 4, length), new DataView(at(3), 3)])
    await good(source);
}
const resizable = fill(new ArrayBuffer(length, roomy));
if (resizable.resize) { // Node from 20 on
  const whole = new Uint8Array(resizable);
  resizable.resize(4);
  same(WebAssembly.validate(whole), false);
  resizable.resize(length);
  await good(new Uint8Array(fill(resizable)));
  const empty = new Uint8Array(resizable, 8), cut = new Uint8Array(resizable, 8, 2), view = new DataView(resizable, 8);
  resizable.resize(4);
  for (const source of [empty, cut]) {
    same(WebAssembly.validate(source), false);
    await rejected(WebAssembly.CompileError, WebAssembly.compile(source));
  }
  throws(TypeError, () => WebAssembly.validate(view));
  await rejected(TypeError, WebAssembly.compile(view));
}
const detached = () => {
  const buffer = fill(new ArrayBuffer(length)), sources = [buffer, new Uint8Array(buffer), new DataView(buffer)];
  structuredClone(buffer, { transfer: [buffer] });
  return sources;
};
for (const source of detached()) {
  same(WebAssembly.validate(source), false);
  throws(WebAssembly.CompileError, () => new WebAssembly.Module(source));
  await rejected(WebAssembly.CompileError, WebAssembly.compile(source));
}
for (const wrong of [undefined, null, 'text', 5, {}, [], [0, 97, 115, 109]]) {
  throws(TypeError, () => WebAssembly.validate(wrong));
  await rejected(TypeError, WebAssembly.compile(wrong));
  await rejected(TypeError, WebAssembly.instantiate(wrong));
}

// What is compiled later is what there was.
const changing = Uint8Array.from(bytes), later = WebAssembly.compile(changing);
changing.fill(0);
same(new WebAssembly.Instance(await later).exports.f(), 5);
same(compile('(module)') instanceof WebAssembly.Module, true);
