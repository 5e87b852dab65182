// webidl.js -- how values of JavaScript become what an interface takes (Web IDL), as far as
// WebAssembly's needs it, and how its classes look.
'use strict';

exports.isObject = (value) => (typeof value === 'object' && value !== null) || typeof value === 'function';

// [EnforceRange] unsigned long
exports.unsignedLong = (value, what) => {
  const number = Math.trunc(+value);
  if (!(number >= 0 && number <= 0xffffffff)) throw new TypeError(`${what}: ${describe(value)} is not an integer from 0 to 2^32 - 1`);
  return number + 0;
};

// spec: ECMAScript, ToIndex
exports.index = (value, what) => {
  const number = Math.trunc(+value) || 0;
  if (number < 0 || number > Number.MAX_SAFE_INTEGER) throw new RangeError(`${what}: ${number} is not from 0 to 2^53 - 1`);
  return number;
};

// An address of a memory or table: a number, or, where those have 64 bits, a BigInt.
exports.address = (value, is64, what) => {
  if (!is64) return exports.unsignedLong(value, what);
  if (typeof value === 'number' || value === undefined || value === null || typeof value === 'symbol')
    throw new TypeError(`${what}: ${describe(value)} is not a BigInt`);
  const number = BigInt.asIntN(Number.MAX_SAFE_INTEGER, value); // as it is; but no number becomes one
  if (number < 0n || number >= 2n ** 64n) throw new TypeError(`${what}: ${number} is not from 0 to 2^64 - 1`);
  return number;
};

function describe(value) {
  try {
    return typeof value === 'bigint' ? `${value}n` : String(value);
  } catch {
    return typeof value;
  }
}

exports.enumeration = (value, names, what) => {
  const name = `${value}`;
  if (!names.includes(name)) throw new TypeError(`${what}: '${name}' is none of ${names.join(', ')}`);
  return name;
};

exports.usvString = (value) => {
  const string = `${value}`;
  return string.toWellFormed?.() ?? string.replace(/\p{Surrogate}/gu, '\ufffd');
};

exports.sequence = (value, convert, what) => {
  if (!exports.isObject(value) || typeof value[Symbol.iterator] !== 'function') throw new TypeError(`${what} must be an iterable object`);
  return Array.from(value, (one) => convert(one));
};

exports.dictionary = (value, what) => {
  if (value !== undefined && value !== null && !exports.isObject(value)) throw new TypeError(`${what} must be an object`);
  return value ?? {};
};

// The bytes of a buffer, or of a view of one, where they are; a buffer that is detached has none.
exports.bytesOf = (source, what) => {
  const isView = ArrayBuffer.isView(source), buffer = isView ? source.buffer : source;
  if (!isView && !isBuffer(buffer)) throw new TypeError(`${what} must be a buffer source`);
  if (isDetached(buffer)) return new Uint8Array(0);
  return isView ? new Uint8Array(buffer, source.byteOffset, source.byteLength) : new Uint8Array(buffer);
};

function isDetached(buffer) {
  if (buffer.byteLength !== 0) return false;
  try {
    return new Uint8Array(buffer).length !== 0;
  } catch {
    return true;
  }
}

const sizes = ['ArrayBuffer', 'SharedArrayBuffer'].map((name) => Object.getOwnPropertyDescriptor(globalThis[name].prototype, 'byteLength').get);
function isBuffer(value) {
  return sizes.some((size) => {
    try {
      size.call(value);
      return true;
    } catch {
      return false;
    }
  });
}

// So many arguments must be given.
exports.need = (count, wanted, what) => {
  if (count < wanted) throw new TypeError(`${what}: ${wanted} argument${wanted > 1 ? 's are' : ' is'} required, and ${count} given`);
};

// Members of interfaces can be enumerated, and methods cannot be constructed. A class written here
// has all of the rest.
exports.dress = (constructor, name) => {
  const { prototype } = constructor;
  for (const [target, skip] of [[prototype, ['constructor']], [constructor, ['length', 'name', 'prototype']]])
    for (const key of Reflect.ownKeys(target)) {
      if (typeof key === 'symbol' || skip.includes(key)) continue;
      Object.defineProperty(target, key, { enumerable: true });
    }
  Object.defineProperty(prototype, Symbol.toStringTag, { value: `WebAssembly.${name}`, configurable: true });
  Object.defineProperty(constructor, 'prototype', { writable: false });
};
