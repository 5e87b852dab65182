// strings.js -- what a module may import of JavaScript's strings without being given it: functions of
// "wasm:js-string", and constants (spec: js-api, builtins).
//
// Such a function reads its operands where the guest's call left them, in slots, and leaves its
// result there; no wrapper is between. What it uses of JavaScript is as it was when this was loaded.
'use strict';

const { list, section, binary } = require('./binary.js');
const errors = require('./errors.js');
const { AS_EXTERN, AS_REF } = require('./store.js');
const wrappers = require('./wrappers.js');

const SPACE = 'wasm:js-string';

const plain = Function.prototype.bind.bind(Function.prototype.call);
const { fromCharCode, fromCodePoint } = String;
const [charCodeAt, codePointAt, substring] = ['charCodeAt', 'codePointAt', 'substring'].map((name) => plain(String.prototype[name]));

class Trap {
  constructor(message) {
    this.message = message;
  }
}
const trap = (message) => { throw new Trap(message); };
const OUTSIDE = 'string offset out of bounds', NO_STRING = 'illegal cast';

function make(prim) {
  const { I32, U32 } = wrappers.slots;

  // ---- Operands and results

  // Numbers and objects of guests are no strings, whichever they are.
  const value = (store, k) => (U32[2 * k + 1] === AS_EXTERN ? store.externs[U32[2 * k]] : U32[2 * k + 1] === 0 ? null : undefined);
  function text(store, k) {
    const found = value(store, k);
    return typeof found === 'string' ? found : trap(NO_STRING);
  }
  function textOrNull(store, k) {
    const found = value(store, k);
    return typeof found === 'string' || found === null ? found : trap(NO_STRING);
  }
  function give(store, string) {
    U32[0] = store.hold(string);
    U32[1] = AS_EXTERN;
  }
  function at(string, k) {
    const index = U32[2 * k];
    return index < string.length ? index : trap(OUTSIDE);
  }
  // An array has a place among the references that JavaScript has; nobody has this one.
  function withArray(store, k, use) {
    if (U32[2 * k + 1] !== AS_REF) trap('dereferencing a null pointer');
    const place = U32[2 * k];
    const done = use(place);
    if (!store.refs.has(place)) prim.refRelease(store.handle, place);
    return done === undefined ? trap('array element access out of bounds') : done;
  }

  // ---- The functions: types of parameters, of the result, and what is done
  //
  // E externref, R (ref extern), i i32, A (ref null (array (mut i16)))

  const builtins = {
    cast: ['E', 'R', (store) => {
      text(store, 0); // which is the result already
    }],
    test: ['E', 'i', (store) => { I32[0] = typeof value(store, 0) === 'string' ? 1 : 0; }],
    fromCharCodeArray: ['Aii', 'R', (store) => {
      const first = U32[2], end = U32[4];
      give(store, withArray(store, 0, (place) => prim.charsRead(store.handle, place, first, end)));
    }],
    intoCharCodeArray: ['EAi', 'i', (store) => {
      const string = value(store, 0), first = U32[4], { length } = typeof string === 'string' ? string : '';
      withArray(store, 1, (place) => (typeof string !== 'string' ? true
        : prim.charsWrite(store.handle, place, first, string, length ? charCodeAt(string, length - 1) : 0)));
      if (typeof string !== 'string') trap(NO_STRING);
      I32[0] = length;
    }],
    fromCharCode: ['i', 'R', (store) => give(store, fromCharCode(U32[0]))],
    fromCodePoint: ['i', 'R', (store) => give(store, U32[0] <= 0x10ffff ? fromCodePoint(U32[0]) : trap('invalid code point'))],
    charCodeAt: ['Ei', 'i', (store) => {
      const string = text(store, 0);
      I32[0] = charCodeAt(string, at(string, 1));
    }],
    codePointAt: ['Ei', 'i', (store) => {
      const string = text(store, 0);
      I32[0] = codePointAt(string, at(string, 1));
    }],
    length: ['E', 'i', (store) => { I32[0] = text(store, 0).length; }],
    concat: ['EE', 'R', (store) => give(store, text(store, 0) + text(store, 1))],
    substring: ['Eii', 'R', (store) => {
      const string = text(store, 0), first = U32[2], end = U32[4];
      give(store, first > end || first > string.length ? '' : substring(string, first, end));
    }],
    equals: ['EE', 'i', (store) => { I32[0] = textOrNull(store, 0) === textOrNull(store, 1) ? 1 : 0; }],
    compare: ['EE', 'i', (store) => {
      const a = text(store, 0), b = text(store, 1);
      I32[0] = a === b ? 0 : a < b ? -1 : 1;
    }],
  };
  // The specification's text has an externref here, its tests a (ref extern), as the others.
  const also = { fromCodePoint: ['i', 'E'] };

  // ---- Their types, as the engine numbers them: of a module that imports them all

  const codes = { E: [0x6f], R: [0x64, 0x6f], i: [0x7f], A: [0x63, 0] };
  const known = [...Object.entries(builtins), ...Object.entries(also)];
  const shapes = binary(
    section(1, [[0x5e, 0x77, 1], ...known.map(([, [params, result]]) => [0x60, ...list([...params].map((one) => codes[one])), ...list([codes[result]])])]),
    section(2, known.map((_, k) => [0, 0, 0, k + 1])));
  let shaped, numbers; // the types live as long as the module
  function typesOf(name) {
    if (!numbers) {
      shaped = prim.compile(shapes);
      numbers = new Map(known.map(([one]) => [one, []]));
      prim.describe(shaped).imports.forEach(({ type }, k) => numbers.get(known[k][0]).push(type));
    }
    return numbers.get(name);
  }

  // ---- What is provided

  const has = (name) => Object.hasOwn(builtins, name);
  const isConstant = (how, type) => how.strings !== undefined && type.module === how.strings;
  const isBuiltin = (how, type) => how.builtins && type.module === SPACE && has(type.name);
  const provides = (how, type) => isConstant(how, type) || isBuiltin(how, type);

  // Why a module may not have what it imports, of what is provided.
  function mismatch(how, imports) {
    if (how.repeated) return 'a set of builtins is named twice';
    for (const type of imports) {
      const where = `Import "${type.module}" "${type.name}"`;
      if (isConstant(how, type)) {
        if (type.kind !== 'global' || type.mutable || type.value[0] !== 'E' || type.value.includes('noextern'))
          return `${where}: a string constant must be imported as an immutable global of type (ref extern)`;
      } else if (isBuiltin(how, type) && (type.kind !== 'function' || !typesOf(type.name).includes(type.type)))
        return `${where}: the builtin function has another type`;
    }
    return '';
  }

  class Provided {
    constructor(name, run) {
      this.name = name;
      this.run = run; // of functions
    }
  }
  const valueOf = (how, type) => new Provided(type.name, isConstant(how, type) ? undefined : builtins[type.name][2]);

  // The item of such a value in a store; undefined: it is none.
  function place(store, type, given, index) {
    if (!(given instanceof Provided)) return undefined;
    const { name, run } = given;
    if (!run) {
      give(store, name);
      const constant = prim.globalNew(store.handle, 'R', false);
      if (!constant) throw errors.of(prim.why());
      return constant;
    }
    const key = `${name} ${type.type}`, here = store.builtins.get(key);
    if (here) return here;
    const made = store.raw(type, () => {
      try {
        run(store);
      } catch (error) {
        if (error instanceof Trap) store.trapOn(error.message);
        else store.throwOn(error);
      }
    });
    store.items[made] = store.callable(made, type, index);
    store.builtins.set(key, made);
    return made;
  }

  return { provides, mismatch, value: valueOf, place };
}

// Once, when the package is loaded: all namespaces have the same slots.
let made;
module.exports = (prim) => (made ??= make(prim));
