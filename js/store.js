// store.js -- a store of the engine with what JavaScript has of it: wrappers of its items, the
// JavaScript values that its guests have, and the objects of theirs that JavaScript has.
//
//     Instance, Memory, Table, Global ---.            .--> handle   the engine's store, with all guests
//     functions of guests ---------------+--> Store --+--> items    what JavaScript has of it, by place
//     objects and exceptions of guests --'            +--> externs  values that guests have, by place
//                                                     +--> hosts    functions that guests call
//                                                     '--> refs     weakly: those objects and exceptions
//
// All of that is reached from the store alone, and the engine is told of nothing but places in
// lists here: of functions and buffers the addon has weak references. So JavaScript's collector sees
// the whole, cycles too, and ends a store when nobody has anything of it. The engine's handle keeps
// the engine's store; an object that is collected lets the engine's go (`released`), and what no
// guest has any more is asked for (`letGo`).
'use strict';

const errors = require('./errors.js');
const wrappers = require('./wrappers.js');

// What the upper half of a slot says of the lower one: as in src/value.c.
const AS_I31 = 1, AS_EXTERN = 2, AS_REF = 3;
const THREW_EXCEPTION = 1, THREW_VALUE = 2, THREW_TRAP = 3, WAITS = 4;
const WAITING = Symbol('waiting');
const HIGH = 2 ** 32;
const LONG = 256, LIGHT = 2 ** 25; // units of strings
const charCodeAt = Function.prototype.call.bind(String.prototype.charCodeAt); // whatever becomes of it

// In the engine's letters.
const letter = ([first]) => ({ F: 'p', E: 'r', A: 'a' }[first] ?? first);
const signature = ({ parameters, results = [] }) => `${parameters.map(letter).join('')}:${results.map(letter).join('')}`;

// Has JavaScript values for all parameters and results?
const hasValues = ({ parameters, results }) => ![...parameters, ...results].some(([first]) => first === 'v' || first === 'X' || first === 'C');

// Objects of guests, which JavaScript can do nothing with (spec: Exported GC Objects).
const refuse = () => { throw new TypeError('WebAssembly objects are opaque'); };
const opaque = Object.freeze({
  __proto__: null, set: refuse, deleteProperty: refuse, setPrototypeOf: () => false, preventExtensions: () => false,
});
const hollow = Object.freeze(Object.create(null));

module.exports = (prim) => {
  const all = prim.slots();
  const I32 = new Int32Array(all), U32 = new Uint32Array(all), U8 = new Uint8Array(all);
  wrappers.slots = { I32, U32, F32: new Float32Array(all), F64: new Float64Array(all), B64: new BigInt64Array(all) };
  const STATUS = I32.length - 4, ENDED = I32.length - 2;

  // Of functions that a guest or the engine has: {store, place}, or another store's by store.foreign.
  const exported = new WeakMap();
  const objects = new WeakMap(); // GC objects: {store, place}
  const released = new FinalizationRegistry(({ store, place, ref }) => {
    const known = store.deref();
    if (!known || known.refs.get(place) !== ref) return;
    known.refs.delete(place);
    prim.refRelease(known.handle, place);
  });
  const kinds = {}; // what wraps items, by kind; items.js fills it in

  class Store {
    // As limits.js reads them.
    constructor({ deterministic = false, timeLimit = 0, ...limits } = {}) {
      this.handle = prim.storeNew(limits, deterministic);
      if (!this.handle || (timeLimit && !prim.timeLimit(this.handle, timeLimit))) throw errors.of(prim.why());
      this.deterministic = deterministic;
      this.items = [];    // by place
      this.externs = [null];
      this.free = [];
      this.ended = 0;     // I32[ENDED] when it looked last
      this.weight = 0;    // units of the long strings among externs
      this.lightest = LIGHT; // below that nothing is collected for them
      this.refs = new Map(); // place -> WeakRef of an object or exception
      this.hosts = [];    // functions that guests call
      this.builtins = new Map(); // of strings.js -> place here
      this.foreign = new Map(); // function of another store -> place here
      this.self = new WeakRef(this);
      this.jsTag = 0;
      this.promise = this.settled = undefined;
    }

    // ---- Values

    // What becomes of a value, before anything is written: what fails has left nothing behind.
    accept(type, value) {
      switch (type[0]) {
        case 'i': return value | 0;
        case 'l': return BigInt.asIntN(64, value);
        case 'f': return Math.fround(value);
        case 'd': return +value;
        case 'F': return value === null ? 0 : this.placeOf(value);
        case 'E':
        case 'A': return value;
        default: throw new TypeError(`a value of type ${type.slice(1)} cannot be had in JavaScript`);
      }
    }

    // An object of another store's is as any value of JavaScript's.
    putAny(slot, value) {
      if (value === null) this.put(slot, 0);
      else if (typeof value === 'number' && value === (value << 1) >> 1 && !Object.is(value, -0))
        this.put(slot, AS_I31 * HIGH + (value >>> 0));
      else {
        const object = objects.get(value);
        this.put(slot, object?.store === this ? AS_REF * HIGH + object.place : AS_EXTERN * HIGH + this.hold(value));
      }
    }

    // A place for a value that a guest gets; until the engine tells that none has it any more.
    hold(value) {
      if (I32[ENDED] !== this.ended) this.letGo();
      if (typeof value === 'string' && value.length >= LONG) this.weigh(value.length);
      if (this.free.length) {
        const place = this.free.pop();
        this.externs[place] = value;
        return place;
      }
      return this.externs.push(value) - 1;
    }

    // The count is of all stores, so each looks when it needs a place and there are more.
    letGo() {
      this.ended = I32[ENDED];
      for (const place of prim.ended(this.handle)) {
        const value = this.externs[place];
        if (typeof value === 'string' && value.length >= LONG) this.weight -= value.length;
        this.externs[place] = undefined;
        this.free.push(place);
      }
    }

    // For the store of a fork, whose guest has these values at the same places.
    copyTo(store) {
      this.letGo();
      store.externs = [...this.externs];
      store.free = [...this.free];
      store.weight = this.weight;
    }

    // To the guest's collector a string is a pointer, however long.
    weigh(length) {
      this.weight += length;
      if (this.weight < this.lightest) return;
      prim.collect(this.handle);
      this.letGo();
      this.lightest = Math.max(LIGHT, 2 * this.weight);
    }

    // The place here of a function, which may be another store's.
    placeOf(value) {
      const of = typeof value === 'function' ? exported.get(value) : undefined;
      if (!of) throw new TypeError('not a function that WebAssembly exported');
      if (of.store === this) return of.place;
      let place = this.foreign.get(value);
      if (place === undefined) {
        place = this.host(of.type, value);
        this.items[place] = value;
        this.foreign.set(value, place);
      }
      return place;
    }

    put(slot, value) {
      U32[2 * slot] = value % HIGH;
      U32[2 * slot + 1] = value / HIGH;
    }

    // Of any type, also numbers.
    putTyped(type, slot, value) {
      switch (type[0]) {
        case 'i': I32[2 * slot] = value; break;
        case 'f': wrappers.slots.F32[2 * slot] = value; break;
        case 'd': wrappers.slots.F64[slot] = value; break;
        case 'l':
        case 'v': wrappers.slots.B64[slot] = type[0] === 'l' ? value : 0n; break;
        case 'E':
        case 'A': this.putAny(slot, value); break;
        default: this.put(slot, value);
      }
    }

    get(type, slot) {
      const place = U32[2 * slot];
      switch (type[0]) {
        case 'i': return I32[2 * slot];
        case 'l': return wrappers.slots.B64[slot];
        case 'f': return wrappers.slots.F32[2 * slot];
        case 'd': return wrappers.slots.F64[slot];
        case 'F': return place ? this.item(place) : null;
        case 'E':
        case 'A': break;
        default: throw new TypeError(`a value of type ${type.slice(1)} cannot be had in JavaScript`);
      }
      switch (U32[2 * slot + 1]) {
        case AS_I31: return I32[2 * slot];
        case AS_EXTERN: return this.externs[place];
        case AS_REF: return this.object(place);
        default: return null;
      }
    }

    // What JavaScript has of a reference, once.
    known(place, make) {
      const known = this.refs.get(place)?.deref();
      if (known) return known;
      const made = make();
      const ref = new WeakRef(made);
      this.refs.set(place, ref);
      released.register(made, { store: this.self, place, ref });
      return made;
    }

    object(place) {
      return this.known(place, () => {
        const made = new Proxy(hollow, opaque);
        objects.set(made, { store: this, place });
        return made;
      });
    }

    // ---- Items

    item(place, type) {
      return (this.items[place] ??= this.wrap(place, type ?? prim.itemType(this.handle, place)));
    }

    wrap(place, type) {
      return type.kind === 'function' ? this.callable(place, type) : kinds[type.kind](this, place, type);
    }

    callable(place, type, index = prim.funcOrigin(this.handle, place)) {
      const wrapper = hasValues(type) ? wrappers.callable(this, type, () => prim.callee(this.handle, place)) : this.uncallable(type);
      Object.defineProperty(wrapper, 'name', { value: String(index), configurable: true });
      kinds.function?.(wrapper);
      exported.set(wrapper, { store: this, place, type });
      return wrapper;
    }

    // Has parameters or results that JavaScript has no values for.
    uncallable(type) {
      const wrapper = () => { throw new TypeError('type incompatibility when transforming from/to JS'); };
      return Object.defineProperty(wrapper, 'length', { value: type.parameters.length, configurable: true });
    }

    // A function of JavaScript's as one of the store's; its place.
    host(type, target) {
      return this.raw(type, wrappers.thunk(this, type, target));
    }

    // One that finds its parameters in slots.
    raw(type, thunk) {
      const place = prim.funcNew(this.handle, type.type ?? signature(type), thunk);
      if (!place) throw errors.of(prim.why());
      this.hosts.push(thunk);
      return place;
    }

    // What a function gave that has several results.
    several(value, count) {
      const out = [...value];
      if (out.length !== count) throw new TypeError(`multi-return length mismatch: ${count} values are wanted, and there are ${out.length}`);
      return out;
    }

    // ---- Exceptions

    get tagOfValues() {
      return (this.jsTag ||= prim.tagNew(this.handle, 'r:'));
    }

    // A function of JavaScript's threw this: the guest that called it may catch it.
    throwOn(value) {
      if (value === WAITING) {
        I32[STATUS] = WAITS;
        return;
      }
      let place, own;
      try {
        own = kinds.exceptionPlace(this, value);
        place = own ?? this.makeException(this.tagOfValues, ['Eexternref'], [value]);
      } catch {
        throw value; // memory or stack is short: the guests cannot catch it, and who called them gets it
      }
      U32[0] = place;
      U32[1] = AS_REF;
      I32[STATUS] = own ? THREW_EXCEPTION : THREW_VALUE;
    }

    // Such a function ends the call in a trap.
    trapOn(message) {
      let k = 0;
      for (; k < message.length; k++) U8[k] = charCodeAt(message, k);
      U8[k] = 0;
      I32[STATUS] = THREW_TRAP;
    }

    makeException(tag, types, values) {
      const accepted = types.map((type, k) => this.accept(type, values[k]));
      types.forEach((type, k) => this.putTyped(type, k, accepted[k]));
      if (!prim.exceptionNew(this.handle, tag)) throw errors.of(prim.why());
      return U32[0];
    }

    // What a guest threw and nobody caught.
    thrown() {
      if (!prim.exception(this.handle)) return errors.of(prim.why());
      const place = U32[0];
      const known = this.refs.get(place)?.deref();
      if (known) return known;
      const tag = prim.exceptionValues(this.handle);
      if (tag !== this.jsTag) return this.known(place, () => kinds.exception(this, place, tag));
      const value = this.get('Eexternref', 0);
      prim.refRelease(this.handle, place);
      return value;
    }

    // A call ended so.
    fail() {
      const why = prim.why();
      throw why.name === 'uncaught_exception' ? this.thrown() : errors.of(why);
    }


    // ---- Waiting: see jspi.js

    // For a function that the guest called, instead of its results.
    wait(promise) {
      this.promise = promise;
      throw WAITING;
    }

    waiting() {
      const { promise } = this;
      this.promise = undefined;
      return promise;
    }
  }

  return { Store, exported, kinds, signature, hasValues };
};
Object.assign(module.exports, { AS_EXTERN, AS_REF });
