// Shared memories: one for all instances, stores and threads that have it.
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads';
import { compile, instance, same, throws, wat } from '../wat.mjs';
import weft from '../../../build/js/index.mjs';

const { Memory, LinkError } = WebAssembly;
const text = (min, max) => `(module
  (import "m" "memory" (memory ${min} ${max} shared))
  (func (export "size") (result i32) (memory.size))
  (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))
  (func (export "load") (param i32) (result i32) (i32.atomic.load (local.get 0)))
  (func (export "store") (param i32 i32) (i32.atomic.store (local.get 0) (local.get 1)))
  (func (export "add") (param i32 i32) (result i32) (i32.atomic.rmw.add (local.get 0) (local.get 1)))
  (func (export "wait") (param i32 i32 i64) (result i32) (memory.atomic.wait32 (local.get 0) (local.get 1) (local.get 2)))
  (func (export "wait64") (param i32 i64 i64) (result i32) (memory.atomic.wait64 (local.get 0) (local.get 1) (local.get 2)))
  (func (export "notify") (param i32 i32) (result i32) (memory.atomic.notify (local.get 0) (local.get 1))))`;
const shared = (initial, maximum) => new Memory({ initial, maximum, shared: true });
const over = (memory, max = 4, options = undefined) => instance(text(1, max), { m: { memory } }, options).exports;

// ---- What another thread does, as it is told: functions of a guest's, or of its Memory object

async function beside() {
  let memory, guest, kept;
  const made = {
    memory: (given, bytes) => {
      memory = given;
      guest = new WebAssembly.Instance(new WebAssembly.Module(bytes), { m: { memory } }).exports;
      return [memory instanceof Memory, memory.buffer instanceof SharedArrayBuffer];
    },
    keep: () => { kept = memory.buffer; },
    lengths: () => [kept.byteLength, memory.buffer.byteLength],
    growMemory: (pages) => memory.grow(pages),
    waitJs: (cell, value) => Atomics.wait(new Int32Array(memory.buffer), cell, value),
    notifyJs: (cell, count) => Atomics.notify(new Int32Array(memory.buffer), cell, count),
  };
  parentPort.on('message', ([name, ...args]) => {
    try {
      parentPort.postMessage([(made[name] ?? guest[name])(...args)]);
    } catch (error) {
      parentPort.postMessage([undefined, `${error}`]);
    }
  });
}

function other() {
  const worker = new Worker(new URL(import.meta.url), { workerData: 'beside' });
  const ask = (...what) => new Promise((resolve, reject) => {
    worker.once('message', ([value, error]) => (error ? reject(new Error(error)) : resolve(value)));
    worker.postMessage(what);
  });
  return { ask, end: () => worker.terminate() };
}

// ---- In one thread

function alone() {
  const memory = shared(1, 4), first = memory.buffer;
  same(memory instanceof Memory, true);
  same(Object.getPrototypeOf(memory), Memory.prototype);
  same(first instanceof SharedArrayBuffer, true);
  same(Object.isFrozen(first), true);
  same(memory.buffer, first);
  const one = over(memory), two = over(memory, 4, { weft: {} }), three = over(memory);
  same(one.grow(1), 1);
  same(two.size(), 2);
  same(memory.buffer.byteLength, 131072);
  same(first.byteLength, 65536); // as it was
  same(memory.buffer === first, false);
  two.store(131068, 42);
  same(three.load(131068), 42);
  same(new Int32Array(memory.buffer)[131068 / 4], 42);
  same(memory.grow(1), 2);
  for (const guest of [one, two, three]) same(guest.size(), 3);
  throws(RangeError, () => memory.grow(2));
  same(one.grow(2), -1);
  same(two.grow(1), 3);
  same(one.wait(0, 1, -1n), 1);
  same(one.wait(0, 0, 1n), 2);
  same(two.notify(0, 1), 0);

  for (const wrong of [{ initial: 1, shared: true }, { address: 'i64', initial: 1n, maximum: 2n, shared: true }]) throws(TypeError, () => new Memory(wrong));
  for (const wrong of [{ initial: 3, maximum: 2, shared: true }, { initial: 0, maximum: 65537, shared: true }]) throws(RangeError, () => new Memory(wrong));
  throws(LinkError, () => over(memory, 3));
  throws(LinkError, () => instance('(module (import "m" "memory" (memory 1 4)))', { m: { memory } }));
  throws(LinkError, () => over(new Memory({ initial: 1, maximum: 4 })));
  same(over(shared(1, 2), 4).grow(2), -1);
  class Mine extends Memory {}
  same(new Mine({ initial: 0, maximum: 2, shared: true }) instanceof Mine, true);

  // Of two that have no bytes yet.
  const none = [shared(0, 3), shared(0, 2)];
  const empty = none.map((one) => instance(text(0, 3), { m: { memory: one } }).exports);
  same(empty[0].grow(1), 0);
  same(empty[1].size(), 0);
  same(empty[1].grow(2), 0);
  same(none.map(({ buffer }) => buffer.byteLength).join(), '65536,131072');

  // That many stores have it costs who wakes others nothing.
  for (let k = 0; k < 50; k++) over(memory, 4, { weft: {} });
  const { deref } = WeakRef.prototype;
  let asked = 0;
  WeakRef.prototype.deref = function () {
    asked++;
    return deref.call(this);
  };
  two.notify(0, 1);
  WeakRef.prototype.deref = deref;
  same(asked > 0 && asked < 5, true);

  // Nobody's word is taken for how long it is.
  const lied = over(shared(1, 4)), length = Object.getOwnPropertyDescriptor(SharedArrayBuffer.prototype, 'byteLength');
  Object.defineProperty(SharedArrayBuffer.prototype, 'byteLength', { ...length, get: () => 2 ** 32 });
  const grown = lied.grow(2);
  Object.defineProperty(SharedArrayBuffer.prototype, 'byteLength', length);
  same(grown, -1);
  throws(WebAssembly.RuntimeError, () => lied.store(65536, 1));

  // One that another namespace imports, and one that a module defines.
  const namespace = weft.create().WebAssembly;
  const theirs = new namespace.Instance(new namespace.Module(wat(text(1, 4))), { m: { memory: structuredClone(memory) } }).exports;
  same(theirs.size(), 4);
  const apart = new namespace.Memory({ initial: 1, maximum: 4, shared: true });
  same(new namespace.Instance(new namespace.Module(wat(text(1, 4))), { m: { memory: apart } }).exports.grow(1), 1);
  same(apart.buffer.byteLength, 131072);
  const defined = instance('(module (memory (export "memory") 1 4 shared))').exports.memory;
  same(defined.grow(1), 1);
  same(over(defined).size(), 2);
  throws(TypeError, () => defined.buffer);
}

// It grows as long as any object here has it, and there are new ones where old ones were.
async function collected() {
  const memory = shared(1, 4), guest = over(memory);
  (() => over(structuredClone(memory), 4, { weft: {} }))();
  for (let k = 0; k < 5; k++) {
    await new Promise(setImmediate);
    gc();
  }
  same(guest.grow(1), 1);
  const module = compile(text(1, 9));
  for (let k = 0; k < 30; k++) {
    const size = 1 + k % 4, again = new WebAssembly.Instance(module, { m: { memory: shared(size, size + 1) } }).exports;
    same(again.size(), size);
    same(again.grow(1), size);
    same(again.grow(1), -1);
    gc();
  }
}

// ---- In two

async function threads() {
  const { ask, end } = other(), bytes = wat(text(1, 4)), memory = shared(1, 4), here = over(memory);
  same((await ask('memory', memory, bytes)).join(), 'true,true');
  await ask('keep');
  same(here.grow(1), 1);
  same(await ask('size'), 2);
  same((await ask('lengths')).join(), '65536,131072');
  same(await ask('grow', 1), 2);
  same(here.size(), 3);
  same(memory.buffer.byteLength, 3 * 65536);
  same(await ask('growMemory', 1), 3);
  same(here.size(), 4);
  same(await ask('grow', 1), -1);
  here.store(4 * 65536 - 4, 7);
  same(await ask('load', 4 * 65536 - 4), 7);

  // A guest waits there, whom a guest here wakes.
  const wake = async (notify, ...what) => {
    const woken = ask(...what);
    while (!notify()) await new Promise((resolve) => { setTimeout(resolve, 1); });
    return woken;
  };
  const forever = -1n;
  same(await wake(() => here.notify(8, 1), 'wait', 8, 0, forever), 0);
  same(await wake(() => here.notify(8, 1), 'wait', 8, 0, 10n ** 10n), 0);
  here.store(8, 1);
  same(await ask('wait', 8, 0, forever), 1);
  same(await ask('wait', 8, 1, 1000n), 2);
  // JavaScript wakes a guest, and a guest JavaScript.
  here.store(8, 0);
  const cells = () => new Int32Array(memory.buffer);
  same(await wake(() => Atomics.notify(cells(), 2, 1), 'wait', 8, 0, forever), 0);
  same(await wake(() => Atomics.notify(cells(), 2), 'wait64', 8, 0n, forever), 0);
  same(await ask('wait64', 8, 2n ** 63n, forever), 1);
  cells().fill(-1, 4 * 16384 - 2);
  same(await wake(() => here.notify(4 * 65536 - 8, 5), 'wait64', 4 * 65536 - 8, -1n, forever), 0);
  same(await ask('wait', 4 * 65536 - 4, -1, 1000n), 2);
  same(await wake(() => here.notify(8, 1), 'waitJs', 2, 0), 'ok');
  const { value } = Atomics.waitAsync(cells(), 2, 0);
  same(await ask('notify', 8, 3), 1);
  same(await value, 'ok');
  const two = [Atomics.waitAsync(cells(), 2, 0), Atomics.waitAsync(cells(), 2, 0)];
  same(await ask('notifyJs', 2, 3), 2);
  await Promise.all(two.map((one) => one.value));
  const waiting = ask('wait', 8, 0, forever); // a value that changes while nobody is told
  here.store(8, 1);
  same((await waiting) < 2, true);
  here.store(8, 0);

  // Who waits is stopped.
  const limited = over(memory, 4, { weft: { timeLimit: 20 } });
  throws(WebAssembly.RuntimeError, () => limited.wait(8, 0, forever));
  const gone = other();
  await gone.ask('memory', memory, bytes);
  gone.ask('wait', 8, 0, forever);
  while (!here.notify(8, 1)) await new Promise((resolve) => { setTimeout(resolve, 1); });
  gone.ask('wait', 8, 0, forever);
  await new Promise((resolve) => { setTimeout(resolve, 10); });
  await gone.end();

  const added = ask('add', 16, 5);
  same(here.add(16, 3) >= 0, true);
  await added;
  same(here.load(16), 8);

  // One that nobody here imports: what it may grow to is found out there.
  for (const most of [1, 2, 1000, 65536]) {
    const { ask: askAnother, end: endAnother } = other(), sent = shared(1, most);
    await askAnother('memory', sent, wat(text(1, most)));
    same(await askAnother('grow', 1), most > 1 ? 1 : -1);
    same(over(sent, most).size(), most > 1 ? 2 : 1);
    if (most > 1) await askAnother('memory', sent, wat(text(1, most - 1))).then(() => { throw new Error('it may have more'); }, (error) => same(error.message.includes('LinkError'), true));
    await endAnother();
  }
  await end();
  same(here.size(), 4);
  here.store(4 * 65536 - 4, 8);
  same(here.load(4 * 65536 - 4), 8);
}

if (workerData === 'beside') beside();
else if (isMainThread) {
  alone();
  await collected();
  await threads();
}
