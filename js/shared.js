// shared.js -- shared memories, which are made by the WebAssembly that is here already: no other way
// leads to a SharedArrayBuffer that grows.
//
//     its Memory object ---> store.items     as long as JavaScript has the store
//     its bytes         <--- src/shared.c    as long as a store of the engine's has it
//
// In each thread there is another object for the same bytes; that they are the same the engine finds
// out by where they are, and gives them a number. When a guest is to have more, an object of its
// thread grows; when it is to wait or wakes others, it does so by Atomics there. Who lets another
// engine's guests grow them, or sends an object and calls its grow before anything of this package has
// seen it, does that unseen.
'use strict';

const { leb, text, section, binary } = require('./binary.js');

const PAGE = 65536, PAGES_MOST = 65536;
const { wait, notify } = Atomics; // whatever becomes of it
const ANSWERS = { __proto__: null, ok: 0, 'not-equal': 1, 'timed-out': 2 };

function make({ Memory, Module, Instance }, prim) {
  const buffer = Object.getOwnPropertyDescriptor(Memory.prototype, 'buffer').get;
  const { grow } = Memory.prototype;
  const all = new Map();     // number -> [WeakRef] of its objects here
  const maxima = new WeakMap(), viewsOf = new WeakMap();
  const gone = new FinalizationRegistry((number) => { alive(number); });

  function alive(number) {
    const left = (all.get(number) ?? []).filter((ref) => ref.deref());
    if (left.length) all.set(number, left);
    else all.delete(number);
    return left;
  }

  // A guest wants so many bytes, and believes what it is shown.
  function growTo(number, bytes) {
    const memory = alive(number)[0]?.deref();
    if (!memory) return undefined;
    try {
      const more = bytes - buffer.call(memory).byteLength;
      if (more > 0) grow.call(memory, more / PAGE);
      return new Uint8Array(buffer.call(memory));
    } catch {
      return undefined;
    }
  }

  // An array of such cells, up to that address. What another thread has grown is seen once it is asked.
  function cells(number, address, bytes) {
    const memory = alive(number)[0].deref();
    if (buffer.call(memory).byteLength < address + bytes) grow.call(memory, 0);
    const shown = buffer.call(memory);
    let views = viewsOf.get(shown);
    if (!views) viewsOf.set(shown, views = { 4: new Int32Array(shown), 8: new BigInt64Array(shown) });
    return views[bytes];
  }

  // Guests wait where JavaScript does, so that either wakes the other.
  function waitFor(number, address, bytes, expected, nanoseconds) {
    const value = bytes === 8 ? BigInt.asIntN(64, BigInt(expected)) : expected | 0;
    return ANSWERS[wait(cells(number, address, bytes), address / bytes, value, Number(nanoseconds) / 1e6)];
  }

  function wake(number, address, count) {
    return notify(cells(number, address, 4), address / 4, count);
  }

  prim.onShared(growTo, waitFor, wake);

  class Shared extends Memory {
    constructor(descriptor) {
      super(descriptor);
      maxima.set(this, descriptor.maximum);
    }
  }

  // May a module import it that lets it have so many pages?
  function mayHave(memory, most) {
    const module = new Module(binary(section(2, [[...text(''), ...text(''), 2, 3, 0, ...leb(most)]])));
    try {
      new Instance(module, { '': { '': memory } });
      return true;
    } catch {
      return false;
    }
  }

  // Of one that another thread made nobody here was told it.
  function findMaximum(memory) {
    let low = 0, high = PAGES_MOST;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (mayHave(memory, middle)) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  return {
    Memory: Shared,
    bufferOf: (memory) => buffer.call(memory),
    is(value) {
      try {
        return buffer.call(value) instanceof SharedArrayBuffer;
      } catch {
        return false;
      }
    },
    maximumOf(memory) {
      if (!maxima.has(memory)) maxima.set(memory, findMaximum(memory));
      return maxima.get(memory);
    },
    // The place of an object in a store.
    placeIn(store, memory) {
      const view = new Uint8Array(buffer.call(memory));
      const place = prim.sharedOver(store.handle, view, this.maximumOf(memory));
      if (!place) return undefined;
      const number = prim.sharedNumber(store.handle, place);
      const left = alive(number);
      if (left.some((ref) => ref.deref() === memory)) return place;
      all.set(number, [...left, new WeakRef(memory)]);
      gone.register(memory, number);
      return place;
    },
  };
}

// One for all namespaces, as the engine asks one. `native` is WebAssembly as it was before anybody put
// another one in its place; there may be none.
let made;
module.exports = (native, prim) => (native?.Memory ? made ??= make(native, prim) : undefined);
