// Memories as buffers whose length changes: as far as this Node has them.
import { instance, same, throws } from '../wat.mjs';

const { Memory } = WebAssembly, PAGE = 65536;
const pages = (buffer) => buffer.byteLength / PAGE;
const has = !!ArrayBuffer.prototype.resize;
const memoryOf = (min, max) => instance(`(module (memory (export "memory") ${min} ${max})
  (func (export "size") (result i32) (memory.size))
  (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))
  (func (export "load") (param i32) (result i32) (i32.load (local.get 0)))
  (func (export "store") (param i32 i32) (i32.store (local.get 0) (local.get 1)))
  (func (export "discard") (param i32 i32) (memory.fill (local.get 0) (i32.const 0) (local.get 1))))`).exports;

function both() {
  const { memory, size, grow, load, store } = memoryOf(1, 8), fixed = memory.buffer;
  store(100, 7);
  same(memory.toFixedLengthBuffer(), fixed);
  const buffer = memory.toResizableBuffer();
  same(fixed.byteLength, 0);
  same(buffer.resizable, true);
  same(buffer.maxByteLength, 8 * PAGE);
  same(pages(buffer), 1);
  same(memory.buffer, buffer);
  same(memory.toResizableBuffer(), buffer);
  const cells = new Int32Array(buffer);
  same(cells[25], 7);
  cells[26] = 8;
  same(load(104), 8);

  // Either side grows it, and it is the same buffer.
  same(grow(1), 1);
  same(pages(buffer), 2);
  same(cells.length, 2 * PAGE / 4);
  store(2 * PAGE - 4, 9);
  same(cells.at(-1), 9);
  same(memory.grow(1), 2);
  same(pages(buffer), 3);
  buffer.resize(5 * PAGE);
  same(size(), 5);
  store(5 * PAGE - 4, 11);
  same(cells.at(-1), 11);
  buffer.resize(5 * PAGE);
  for (const wrong of [4 * PAGE, 5 * PAGE + 1, 9 * PAGE, -1, 2 ** 53]) throws(RangeError, () => buffer.resize(wrong));
  throws(RangeError, () => memory.grow(4));
  same(grow(4), -1);
  throws(TypeError, () => buffer.transfer?.() ?? (() => { throw new TypeError(); })());
  if (parseInt(process.versions.node) < 23) {
    try {
      structuredClone(buffer, { transfer: [buffer] }); // refused, or a copy, as Node has it
    } catch {}
  }
  same(pages(buffer), 5);
  same(memory.buffer, buffer);

  // And back, and again.
  const back = memory.toFixedLengthBuffer();
  same(back.resizable, false);
  same(buffer.byteLength, 0);
  throws(TypeError, () => buffer.resize(6 * PAGE));
  same(memory.toFixedLengthBuffer(), back);
  same(new Int32Array(back)[25], 7);
  same(grow(1), 5);
  same(back.byteLength, 0);
  same(pages(memory.buffer), 6);
  store(6 * PAGE - 4, 12);
  const again = memory.toResizableBuffer();
  same(new Int32Array(again).at(-1), 12);
  same(new Int32Array(again)[25], 7);
  same(grow(2), 6);
  same(pages(again), 8);
  store(8 * PAGE - 4, 13);
  same(new Int32Array(again).at(-1), 13);
}

// What JavaScript does behind the memory's back harms nobody.
function behind() {
  const { memory, size, grow, load, store } = memoryOf(2, 8), buffer = memory.toResizableBuffer();
  const { resize, transfer } = ArrayBuffer.prototype;
  resize.call(buffer, 4 * PAGE);
  new Int32Array(buffer).fill(-1);
  same(size(), 2);
  same(load(8), -1);
  throws(WebAssembly.RuntimeError, () => load(2 * PAGE));
  same(grow(1), 2);
  same(load(2 * PAGE), 0);
  same(pages(memory.buffer) >= 3, true);
  resize.call(buffer, PAGE);
  same(load(8), -1);
  store(3 * PAGE - 4, 5);
  same(load(3 * PAGE - 4), 5);
  same(grow(1), 3);
  same(pages(memory.buffer), 4);
  same(new Int32Array(memory.buffer)[3 * PAGE / 4 - 1], 5);
  if (!transfer) return;
  let moved = transfer.call(memory.buffer);
  store(16, 77);
  same(pages(memory.buffer), 4);
  same(memory.buffer.resizable, false);
  moved = undefined;
  gc();
  for (let at = 0; at < 4 * PAGE; at += 4096) store(at, at + 1);
  for (let at = 0; at < 4 * PAGE; at += 4096) same(load(at), at + 1);
  same(new Int32Array(memory.toResizableBuffer())[1024], 4097);
}

// Nor does who changes what our part in JavaScript is made of.
function patched() {
  const { Number } = globalThis, memory = new Memory({ initial: 1, maximum: 8 }), before = memory.buffer;
  for (const wrong of [1, 9, 4096, NaN]) {
    globalThis.Number = () => wrong;
    try {
      memory.toResizableBuffer();
    } catch {} finally {
      globalThis.Number = Number;
    }
    same(memory.buffer, before);
  }
  same(pages(memory.toResizableBuffer()), 1);
  same(memory.grow(7), 1);
  same(new Int32Array(memory.buffer).some((cell) => cell), false);
}

// Each takes mappings, of which a process has so many: there are no more before JavaScript's engine
// gets none.
function many() {
  const all = [], more = () => all.push(new Memory({ initial: 1, maximum: 2 }).toResizableBuffer());
  const { code } = throws(Error, () => { while (all.length < 12000) more(); });
  same(code === 'limit_instances' || code === 'system_error', true); // or no descriptors
}

// It shows what was there when all else is gone.
async function alone() {
  let { memory, store } = memoryOf(1, 2);
  store(0, 42);
  const buffer = memory.toResizableBuffer();
  memory = store = undefined;
  for (let k = 0; k < 5; k++) {
    await new Promise(setImmediate);
    gc();
  }
  same(new Int32Array(buffer)[0], 42);
  new Int32Array(buffer).fill(1);
}

for (const name of ['toFixedLengthBuffer', 'toResizableBuffer']) {
  same(Memory.prototype[name].length, 0);
  throws(TypeError, () => Memory.prototype[name].call({}));
}
throws(TypeError, () => new Memory({ initial: 1 }).toResizableBuffer());
throws(TypeError, () => new Memory({ initial: 1, maximum: 2, shared: true }).toResizableBuffer());
if (has) {
  both();
  behind();
  patched();
  await alone();
  const empty = new Memory({ initial: 0, maximum: 0 }).toResizableBuffer();
  same(empty.resizable, true);
  same(empty.maxByteLength, 0);
  const none = new Memory({ initial: 0, maximum: 3 }), grows = none.toResizableBuffer();
  same(none.grow(3), 0);
  same(pages(grows), 3);
  new Uint8Array(grows)[3 * PAGE - 1] = 1;
  const large = new Memory({ initial: 1, maximum: 65536 }).toResizableBuffer();
  same(large.maxByteLength, 2 ** 32);
  const wide = new Memory({ initial: 1n, maximum: 4n, address: 'i64' }), wider = wide.toResizableBuffer();
  same(wide.grow(1n), 1n);
  same(pages(wider), 2);
  for (let k = 0; k < 200; k++) new Memory({ initial: 1, maximum: 4 }).toResizableBuffer();
  gc();
  many();
} else throws(TypeError, () => new Memory({ initial: 1, maximum: 2 }).toResizableBuffer());
