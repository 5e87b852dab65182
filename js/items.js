// items.js -- memories, tables, globals, tags and exceptions, as JavaScript has them.
//
// What JavaScript makes belongs to no store at first: the instance that imports it brings one. A
// table or global is kept here until then, a memory until somebody wants to see it. Tags, and
// globals that do not change, can be in several stores.
'use strict';

const idl = require('./webidl.js');
const errors = require('./errors.js');
const makeShared = require('./shared.js');
const { markAsUntransferable } = require('node:worker_threads');

const Buffer = ArrayBuffer; // whatever becomes of it
const PAGE = 65536, PAGES_MOST = 65536, PAGES_MOST_64 = 2 ** 37, ENTRIES_MOST = 10000000;
const AT_ONCE = 1024; // pages of a memory that is tried at once whether it can be had
const VALUE_TYPES = ['i32', 'i64', 'f32', 'f64', 'v128', 'externref', 'anyfunc'];
const letters = { i32: 'i', i64: 'l', f32: 'f', f64: 'd', v128: 'v', externref: 'E', anyfunc: 'F', funcref: 'F' };
const typeOf = (name) => letters[name] + (name === 'anyfunc' ? 'funcref' : name);
const nameOf = (type) => type.slice(1);
const defaults = { i: 0, l: 0n, f: 0, d: 0, v: 0n, E: undefined };
const defaultOf = (type) => (type[0] in defaults ? defaults[type[0]] : null);

module.exports = (prim, { Store, exported, kinds, signature }, { native, ...options }) => {
  const shared = makeShared(native, prim);
  const inside = new WeakMap(); // what is behind an object: {kind, store, place, ...}

  function of(object, kind) {
    const found = inside.get(object);
    if (found?.kind === kind) return found;
    if (isA(object, kind)) return inside.get(object); // it was adopted
    throw new TypeError(`Receiver is not a WebAssembly.${kind}`);
  }
  function isA(object, kind) {
    const state = inside.get(object);
    if (state) return state.kind === kind;
    return kind === 'Memory' && !!shared?.is(object) && !!adoptShared(object);
  }
  function must(done) {
    if (done === undefined) throw errors.of(prim.why());
    return done;
  }

  // Of a type, or a TypeError; what it becomes, where it is of no store yet.
  function check(type, value) {
    switch (type[0]) {
      case 'i': return value | 0;
      case 'l': return BigInt.asIntN(64, value);
      case 'f': return Math.fround(value);
      case 'd': return +value;
      case 'F':
        if (value !== null && !exported.has(value)) throw new TypeError('not a function that WebAssembly exported, nor null');
        return value;
      case 'v': case 'X': throw new TypeError(`a value of type ${type.slice(1)} cannot be had in JavaScript`);
      default: return value;
    }
  }

  // `state` is in this store from now on, or in one of its own.
  function bind(state, given) {
    if (state.store) return state;
    const store = given ?? new Store();
    state.place = made(state, store);
    state.store = store;
    return state;
  }
  function made(state, store) {
    const place = state.make(store);
    store.items[place] = state.object;
    return place;
  }

  // The place in a store of what this store may have; shared memories are in any number of them.
  function placeIn(state, store) {
    if (!state.native || !state.store || state.store === store) return bind(state, store).place;
    let place = state.others.get(store);
    if (place === undefined) state.others.set(store, place = made(state, store));
    return place;
  }

  function adopt(Class, store, place, rest) {
    const object = Object.create(Class.prototype);
    inside.set(object, { kind: Class.name, object, store, place, ...rest });
    return object;
  }

  function writeValue(store, type, value) {
    store.putTyped(type, 0, type[0] === 'v' ? 0n : store.accept(type, value));
  }

  // ---- Limits

  function limitsOf(given, most, most64, what) {
    const { address } = given;
    const is64 = address !== undefined && idl.enumeration(address, ['i32', 'i64'], `${what}: address`) === 'i64';
    const member = (name) => {
      const value = given[name];
      return value === undefined ? undefined : Number(idl.address(value, is64, `${what}: Property '${name}'`));
    };
    const initial = member('initial'), maximum = member('maximum');
    const minimum = options.reflection ? member('minimum') : undefined;
    if (initial !== undefined && minimum !== undefined) throw new TypeError(`${what}: properties 'initial' and 'minimum' exclude each other`);
    const size = initial ?? minimum, highest = is64 ? most64 : most;
    if (size === undefined) throw new TypeError(`${what}: Property 'initial' is required`);
    if (maximum !== undefined && maximum < size) throw new RangeError(`${what}: Property 'maximum': value ${maximum} is below the initial size`);
    if (size > highest) throw new RangeError(`${what}: Property 'initial': value ${size} is above ${highest}`);
    return { initial: size, maximum, is64 };
  }

  function reflectLimits({ minimum, maximum, is64 }) {
    const wide = (n) => (is64 ? BigInt(n) : Number(n));
    return { minimum: wide(minimum), ...(maximum === undefined ? {} : { maximum: wide(maximum) }), ...(is64 ? { address: 'i64' } : {}) };
  }

  function descriptor(value, what) {
    if (!idl.isObject(value)) throw new TypeError(`${what}: Argument 0 must be a descriptor`);
    return value;
  }

  // ---- Memories

  class Memory {
    constructor(given) {
      const what = 'WebAssembly.Memory()';
      idl.need(arguments.length, 1, what);
      const limits = limitsOf(descriptor(given, what), PAGES_MOST, PAGES_MOST_64, what);
      const isShared = !!given.shared;
      if (isShared && limits.maximum === undefined) throw new TypeError(`${what}: a shared memory needs a maximum`);
      if (!limits.is64 && limits.maximum > PAGES_MOST) throw new RangeError(`${what}: Property 'maximum': value ${limits.maximum} is above ${PAGES_MOST}`);
      if (isShared) return adoptShared(newShared(limits, what), new.target.prototype);
      const state = {
        kind: 'Memory', object: this, is64: limits.is64, shared: false, buffer: undefined,
        make: (store) => must(prim.memoryNew(store.handle, limits.initial, limits.maximum, limits.is64)),
      };
      inside.set(this, state);
      if (limits.initial > AT_ONCE) bind(state);
    }

    grow(delta) {
      const state = of(this, 'Memory');
      idl.need(arguments.length, 1, 'WebAssembly.Memory.grow()');
      const old = growBy(state, idl.address(delta, state.is64, 'WebAssembly.Memory.grow()'), 'WebAssembly.Memory.grow()');
      return state.is64 ? BigInt(old) : old;
    }

    toFixedLengthBuffer() {
      const state = of(this, 'Memory'), now = show(state);
      if (state.shared || !isResizable?.(now)) return now;
      state.buffer = undefined;
      return show(state);
    }

    toResizableBuffer() {
      const state = of(this, 'Memory');
      if (state.shared) throw new TypeError('WebAssembly.Memory.toResizableBuffer(): the memory is shared');
      return makeResizable(state);
    }

    // One that shows something is the memory's: those of before are detached.
    get buffer() {
      const state = inside.get(this), buffer = state?.buffer;
      return buffer !== undefined && buffer.byteLength !== 0 ? buffer : show(of(this, 'Memory'));
    }
  }
  idl.dress(Memory, 'Memory');

  function growBy(state, pages, what) {
    const { store, place } = bind(state);
    const old = must(prim.memoryGrow(store.handle, place, pages));
    if (old < 0) throw new RangeError(`${what}: Maximum memory size exceeded`);
    return old;
  }

  // Is there such a thing here (Node 20)?
  const resize = Buffer.prototype.resize;
  const isResizable = resize && Function.prototype.call.bind(Object.getOwnPropertyDescriptor(Buffer.prototype, 'resizable').get);

  // spec: HostResizeArrayBuffer, which nobody else can be
  function growsMemory(buffer, state) {
    const value = (length) => {
      const more = idl.index(length, 'ArrayBuffer.resize()') - buffer.byteLength;
      if (state.buffer !== buffer) throw new TypeError('ArrayBuffer.resize(): the buffer is detached');
      if (more < 0 || more % PAGE) throw new RangeError('ArrayBuffer.resize(): the buffer of a WebAssembly.Memory grows in whole pages, and does not shrink');
      growBy(state, more / PAGE, 'ArrayBuffer.resize()');
    };
    return Object.defineProperty(buffer, 'resize', { value });
  }

  // Node knows by itself that no buffer of Node-API's can be sent. What it marks so later than version 22
  // nobody can detach either, which Node ends the process for.
  const marks = (() => {
    const buffer = new Buffer(8);
    markAsUntransferable(buffer);
    try {
      buffer.transfer?.();
      return true;
    } catch {
      return false;
    }
  })();

  function makeResizable(state) {
    const { store, place } = bind(state), { maximum } = prim.itemType(store.handle, place);
    if (maximum === undefined) throw new TypeError('WebAssembly.Memory.toResizableBuffer(): the memory has no maximum');
    const now = show(state);
    if (isResizable?.(now)) return now;
    if (!resize) throw new TypeError('WebAssembly.Memory.toResizableBuffer(): this version of Node has no buffers that change their length');
    const most = Number(maximum) * PAGE, made = new Buffer(now.byteLength, { maxByteLength: most });
    must(prim.memoryResizable(store.handle, place, made));
    if (marks) markAsUntransferable(made);
    return state.buffer = growsMemory(keepHere(made), state);
  }

  // Nobody takes it away, to a thread that outlives this one for example.
  const take = () => { throw new TypeError('the buffer of a WebAssembly.Memory cannot be taken from it'); };
  function keepHere(buffer) {
    for (const name of ['transfer', 'transferToFixedLength', 'transferToImmutable'])
      if (name in buffer) Object.defineProperty(buffer, name, { value: take });
    return buffer;
  }

  function show(state) {
    if (state.native) return shared.bufferOf(state.native);
    const { store, place } = bind(state);
    if (state.shared) throw new TypeError('WebAssembly.Memory.buffer: a shared memory that a module defines cannot be shown; one that it imports can');
    if (state.buffer === undefined || !prim.memoryShown(store.handle, place)) state.buffer = keepHere(must(prim.memoryBuffer(store.handle, place)));
    return state.buffer;
  }
  // A shared memory is one of the engine's for JavaScript that is here already: its SharedArrayBuffer,
  // and that it can be sent to other threads. What comes from one is adopted when it is imported.
  function newShared({ initial, maximum, is64 }, what) {
    if (!shared || is64) throw new TypeError(`${what}: there are no shared memories here${is64 ? ' with addresses of 64 bits' : ''}`);
    return new shared.Memory({ initial, maximum, shared: true });
  }

  function adoptShared(native, prototype = Memory.prototype) {
    Object.setPrototypeOf(native, prototype);
    inside.set(native, {
      kind: 'Memory', object: native, native, is64: false, shared: true, buffer: undefined,
      others: new WeakMap(), // stores beside the first -> place
      make: (store) => must(shared.placeIn(store, native)),
    });
    return native;
  }

  kinds.memory = (store, place, type) => adopt(Memory, store, place, { is64: type.is64, shared: type.shared, buffer: undefined });

  // ---- Tables

  class Table {
    constructor(given) {
      const what = 'WebAssembly.Table()';
      idl.need(arguments.length, 1, what);
      const { element: name } = descriptor(given, what);
      const element = typeOf(idl.enumeration(name, options.reflection ? ['anyfunc', 'externref', 'funcref'] : ['anyfunc', 'externref'], `${what}: Property 'element'`));
      const limits = limitsOf(given, ENTRIES_MOST, ENTRIES_MOST, what);
      const fill = check(element, arguments[1] === undefined ? defaultOf(element) : arguments[1]);
      inside.set(this, {
        kind: 'Table', object: this, element, is64: limits.is64,
        // until it is in a store
        size: limits.initial, maximum: limits.maximum, parts: [{ count: limits.initial, value: fill }], entries: new Map(),
        make(store) {
          writeValue(store, element, fill);
          const place = must(prim.tableNew(store.handle, this.parts[0].count, limits.maximum, limits.is64, element[0]));
          for (const { count, value } of this.parts.slice(1)) {
            writeValue(store, element, value);
            must(prim.tableGrow(store.handle, place, count));
          }
          for (const [index, value] of this.entries) {
            writeValue(store, element, value);
            must(prim.tableSet(store.handle, place, index));
          }
          this.fills = this.entries = undefined;
          return place;
        },
      });
    }

    get length() {
      const state = of(this, 'Table');
      const size = sizeOf(state);
      return state.is64 ? BigInt(size) : size;
    }

    get(index) {
      const state = of(this, 'Table'), what = 'WebAssembly.Table.get()';
      idl.need(arguments.length, 1, what);
      const at = entryOf(state, index, what);
      if (!state.store) return state.entries.has(at) ? state.entries.get(at) : initialAt(state.parts, at);
      must(prim.tableGet(state.store.handle, state.place, at));
      return state.store.get(state.element, 0);
    }

    set(index) {
      const state = of(this, 'Table'), what = 'WebAssembly.Table.set()';
      idl.need(arguments.length, 1, what);
      const { element, is64 } = state;
      const where = idl.address(index, is64, what);
      const value = check(element, arguments.length > 1 ? arguments[1] : defaultOf(element));
      const at = entryOf(state, where, what);
      if (!state.store) {
        state.entries.set(at, value);
        return;
      }
      writeValue(state.store, element, value);
      must(prim.tableSet(state.store.handle, state.place, at));
    }

    grow(delta) {
      const state = of(this, 'Table'), what = 'WebAssembly.Table.grow()';
      idl.need(arguments.length, 1, what);
      const { element, is64 } = state;
      const count = Number(idl.address(delta, is64, what));
      const value = check(element, arguments.length > 1 ? arguments[1] : defaultOf(element));
      const old = sizeOf(state);
      if (old + count > Math.min(state.maximum ?? ENTRIES_MOST, ENTRIES_MOST)) throw new RangeError(`${what}: failed to grow table by ${count}`);
      if (!state.store) {
        state.size = old + count;
        const last = state.parts.at(-1);
        if (Object.is(last.value, value)) last.count += count;
        else state.parts.push({ count, value });
      } else {
        writeValue(state.store, element, value);
        must(prim.tableGrow(state.store.handle, state.place, count));
      }
      return is64 ? BigInt(old) : old;
    }
  }
  for (const name of ['set', 'grow']) Object.defineProperty(Table.prototype[name], 'length', { value: 1 });
  idl.dress(Table, 'Table');

  const initialAt = (parts, at) => parts.find(({ count }) => (at -= count) < 0).value;
  const sizeOf = (state) => (state.store ? prim.tableSize(state.store.handle, state.place) : state.size);
  function entryOf(state, index, what) {
    const at = idl.address(index, state.is64, what);
    if (at >= sizeOf(state)) throw new RangeError(`${what}: invalid address ${at} in ${nameOf(state.element)} table of size ${sizeOf(state)}`);
    return Number(at);
  }
  kinds.table = (store, place, type) => adopt(Table, store, place, { element: type.element, is64: type.is64, maximum: type.maximum });

  // ---- Globals

  class Global {
    constructor(given, value = undefined) {
      const what = 'WebAssembly.Global()';
      idl.need(arguments.length, 1, what);
      const { mutable, value: name } = descriptor(given, what);
      const type = typeOf(idl.enumeration(name, options.reflection ? [...VALUE_TYPES, 'funcref'] : VALUE_TYPES, `${what}: Property 'value'`));
      inside.set(this, {
        kind: 'Global', object: this, type, mutable: !!mutable,
        value: value === undefined && type[0] !== 'v' ? defaultOf(type) : check(type, value),
        make(store) {
          const place = globalPlace(store, type, this.value, this.mutable);
          this.value = undefined;
          return place;
        },
      });
    }

    get value() {
      return read(of(this, 'Global'));
    }

    set value(value) {
      const state = of(this, 'Global');
      if (!state.mutable) throw new TypeError('set WebAssembly.Global.value: Can\'t set the value of an immutable global.');
      const checked = check(state.type, value);
      if (!state.store) {
        state.value = checked;
        return;
      }
      writeValue(state.store, state.type, checked);
      must(prim.globalSet(state.store.handle, state.place));
    }

    valueOf() {
      return read(of(this, 'Global'));
    }
  }
  Object.defineProperty(Global, 'length', { value: 1 });
  idl.dress(Global, 'Global');

  function read(state) {
    const { type, store } = state;
    if (type[0] === 'v' || type[0] === 'X') throw new TypeError(`get WebAssembly.Global.value: Can't get the value of a ${type.slice(1)} global`);
    if (!store) return state.value;
    must(prim.globalGet(store.handle, state.place));
    return store.get(type, 0);
  }
  function globalPlace(store, type, value, mutable) {
    writeValue(store, type, value);
    return must(prim.globalNew(store.handle, type[0], mutable));
  }
  kinds.global = (store, place, type) => adopt(Global, store, place, { type: type.value, mutable: type.mutable });

  // What a module's import of such a type is in this store, of a number or another value too.
  function importGlobal(store, type, value, module, index) {
    const state = isA(value, 'Global') ? inside.get(value) : undefined; // any other object is a value
    const made = (one) => {
      writeValue(store, type.value, one);
      return must(prim.globalFor(store.handle, module, index));
    };
    if (!state) return made(check(type.value, value));
    if (!state.store || state.store === store) return bind(state, store).place;
    const place = state.type === type.value ? made(read(state)) : globalPlace(store, state.type, read(state), false);
    store.items[place] = state.object;
    return place;
  }

  // ---- Tags

  class Tag {
    constructor(given) {
      const what = 'WebAssembly.Tag()';
      idl.need(arguments.length, 1, what);
      const { parameters } = descriptor(given, what);
      if (!idl.isObject(parameters)) throw new TypeError(`${what}: Property 'parameters' must be an iterable of types`);
      const types = Array.from(parameters, (name) => typeOf(idl.enumeration(name, VALUE_TYPES, `${what}: parameters`)));
      if (types.length > 1000) throw new TypeError(`${what}: there are more than 1000 parameters`);
      inside.set(this, { kind: 'Tag', object: this, types, places: new WeakMap() });
    }
  }
  idl.dress(Tag, 'Tag');

  const plain = (types) => types.map((type) => ({ 'E(ref null extern)': 'Eexternref', 'F(ref null func)': 'Ffuncref' }[type] ?? type)).join();
  // `type`: as which it is imported. Of more parameters than letters may say it is taken from there.
  function tagPlace(state, store, type) {
    let place = state.places.get(store);
    if (place) return place;
    place = state === jsTagState ? store.tagOfValues
      : must(prim.tagNew(store.handle, state.id ?? (type && plain(type.parameters) === plain(state.types) ? type.type : signature({ parameters: state.types }))));
    state.places.set(store, place);
    store.items[place] = state.object;
    return place;
  }
  kinds.tag = (store, place, type) => adopt(Tag, store, place, { types: type.parameters, id: type.type, places: new WeakMap([[store, place]]) });

  const JSTag = Object.create(Tag.prototype);
  const jsTagState = { kind: 'Tag', object: JSTag, types: ['Eexternref'], places: new WeakMap() };
  inside.set(JSTag, jsTagState);

  // ---- Exceptions

  class Exception {
    constructor(tag, payload) {
      const what = 'WebAssembly.Exception()';
      idl.need(arguments.length, 2, what);
      if (!isA(tag, 'Tag')) throw new TypeError(`${what}: Argument 0 must be a WebAssembly tag`);
      if (tag === JSTag) throw new TypeError(`${what}: Argument 0 must not be WebAssembly.JSTag`);
      const { types } = inside.get(tag);
      if (!idl.isObject(payload)) throw new TypeError(`${what}: Argument 1 must be iterable`);
      const values = Array.from(payload);
      if (values.length !== types.length) throw new TypeError(`${what}: Number of exception values does not match signature length`);
      const { traceStack } = idl.dictionary(arguments[2], `${what}: Argument 2`);
      inside.set(this, { kind: 'Exception', tag, values: types.map((type, k) => check(type, values[k])), store: undefined, place: 0 });
      const trace = {};
      if (traceStack) Error.captureStackTrace?.(trace, Exception);
      traces.set(this, traceStack ? trace.stack : undefined);
    }

    is(tag) {
      const state = of(this, 'Exception');
      idl.need(arguments.length, 1, 'WebAssembly.Exception.is()');
      if (!isA(tag, 'Tag')) throw new TypeError('WebAssembly.Exception.is(): Argument 0 must be a WebAssembly tag');
      return state.tag === tag;
    }

    getArg(tag, index) {
      const state = of(this, 'Exception'), what = 'WebAssembly.Exception.getArg()';
      idl.need(arguments.length, 2, what);
      if (!isA(tag, 'Tag')) throw new TypeError(`${what}: Argument 0 must be a WebAssembly tag`);
      const at = idl.unsignedLong(index, what);
      if (state.tag !== tag) throw new TypeError(`${what}: First argument does not match the exception tag`);
      if (at >= state.values.length) throw new RangeError(`${what}: Index must be convertible to a valid number`);
      const type = inside.get(tag).types[at];
      if (type[0] === 'v' || type[0] === 'X') throw new TypeError(`${what}: a ${type.slice(1)} cannot be had in JavaScript`);
      return state.values[at];
    }

    get stack() {
      of(this, 'Exception');
      return traces.get(this);
    }
  }
  idl.dress(Exception, 'Exception');
  const traces = new WeakMap();

  // What a guest threw: its values are in slots.
  kinds.exception = (store, place, tagAt) => {
    const tag = store.item(tagAt);
    const { types } = inside.get(tag);
    const values = types.map((type, k) => ('vXC'.includes(type[0]) ? undefined : store.get(type, k)));
    return adopt(Exception, store, place, { tag, values });
  };
  // The same for a guest; undefined where it is another value.
  kinds.exceptionPlace = (store, value) => {
    const state = inside.get(value);
    if (state?.kind !== 'Exception') return undefined;
    if (state.store === store) return state.place;
    const tag = inside.get(state.tag);
    const place = store.makeException(tagPlace(tag, store), tag.types, state.values);
    if (!state.store) {
      state.store = store;
      state.place = place;
    }
    store.known(place, () => value);
    return place;
  };

  // ---- Types, where they are asked for

  const reflected = (type) => {
    switch (type.kind) {
      case 'function': return { parameters: type.parameters.map(nameOf), results: type.results.map(nameOf) };
      case 'tag': return { parameters: type.parameters.map(nameOf) };
      case 'global': return { mutable: type.mutable, value: nameOf(type.value) };
      case 'table': return { ...reflectLimits(type), element: nameOf(type.element) };
      default: return { ...reflectLimits(type), shared: type.shared };
    }
  };

  return { inside, of, isA, must, bind, placeIn, tagPlace, importGlobal, reflected, typeOf, Memory, Table, Global, Tag, Exception, JSTag };
};
