// shared.js -- shared memories, which are made by the WebAssembly that is here already: no other way
// leads to a SharedArrayBuffer that grows.
'use strict';

const PAGE = 65536;

// `native` is the namespace as it was before anybody put another one in its place.
module.exports = ({ Memory }, prim) => {
  if (!Memory) return undefined;
  const buffer = Object.getOwnPropertyDescriptor(Memory.prototype, 'buffer').get;
  const { grow } = Memory.prototype;
  const all = new Map(); // number -> WeakRef

  // A guest, or JavaScript, wants so many bytes.
  prim.onSharedGrowth((number, bytes) => {
    const memory = all.get(number)?.deref();
    if (!memory) return false;
    try {
      const more = bytes - buffer.call(memory).byteLength;
      if (more > 0) grow.call(memory, more / PAGE);
      return true;
    } catch {
      return false;
    }
  });

  const maxima = new WeakMap();
  class Shared extends Memory {
    constructor(descriptor) {
      super(descriptor);
      maxima.set(this, descriptor.maximum);
    }
  }

  return {
    Memory: Shared, buffer, all,
    is(value) {
      try {
        return buffer.call(value) instanceof SharedArrayBuffer;
      } catch {
        return false;
      }
    },
    // Of one that another thread made nobody here is told it; the engine knows it there.
    most: (memory) => maxima.get(memory) ?? PAGE,
  };
};
