// webassembly.js -- the namespace WebAssembly, by the JavaScript Interface (spec: js-api) and the
// Web API, over the primitives of src/primitive.def.
//
// An instance is in the store of the memories, tables and mutable globals that it imports; else in
// that of a shared memory, or a function of a guest's, that it imports; else, if objects of guests
// come and go, in the one for such; else in one of its own, and ends by itself.
'use strict';

const idl = require('./webidl.js');
const errors = require('./errors.js');
const limits = require('./limits.js');
const reflection = require('./reflection.js');
const makeWaiting = require('./jspi.js');
const { places: wasi } = require('./wasi.js'); // functions that are not JavaScript's
const makeGuests = require('./guest.js');
const makeStrings = require('./strings.js');
const makeItems = require('./items.js');

module.exports = (prim, stores, options = {}) => {
  const { Store, exported } = stores;
  const items = makeItems(prim, stores, options);
  const strings = makeStrings(prim);
  const { inside, of, isA, must, placeIn } = items;
  const jspi = makeWaiting(prim, stores, items);

  // ---- Modules

  function compileOptions(given) {
    const what = 'compile options', options = idl.dictionary(given, what);
    const { builtins } = options;
    const sets = builtins === undefined ? [] : idl.sequence(builtins, idl.usvString, `${what}: builtins`);
    const { importedStringConstants: constants } = options;
    return {
      builtins: sets.includes('js-string'),
      repeated: new Set(sets).size !== sets.length,
      strings: constants === undefined || constants === null ? undefined : idl.usvString(constants),
    };
  }

  const describe = (state) => (state.described ??= prim.describe(state.handle));

  function fill(module, handle, how) {
    const state = { kind: 'Module', handle, described: undefined, ...how };
    if (how.builtins || how.repeated || how.strings !== undefined) {
      const wrong = strings.mismatch(state, describe(state).imports);
      if (wrong) throw new errors.CompileError(wrong);
    }
    inside.set(module, state);
    return module;
  }

  function compileLater(source, given, what) {
    const bytes = idl.bytesOf(source, `${what}: Argument 0`);
    const how = compileOptions(given);
    return new Promise((resolve, reject) => {
      must(prim.compileLater(bytes, (handle) => {
        try {
          if (!handle) throw errors.compiling(prim.why());
          resolve(fill(Object.create(Module.prototype), handle, how));
        } catch (error) {
          reject(error);
        }
      }));
    });
  }

  const typed = (type) => (options.reflection ? { type: items.reflected(type) } : {});

  class Module {
    constructor(source) {
      const what = 'WebAssembly.Module()';
      idl.need(arguments.length, 1, what);
      const bytes = idl.bytesOf(source, `${what}: Argument 0`);
      const how = compileOptions(arguments[1]);
      const handle = prim.compile(bytes);
      if (!handle) throw errors.compiling(prim.why());
      fill(this, handle, how);
    }

    static exports(module) {
      idl.need(arguments.length, 1, 'WebAssembly.Module.exports()');
      return describe(moduleOf(module)).exports.map((type) => ({ name: type.name, kind: type.kind, ...typed(type) }));
    }

    static imports(module) {
      idl.need(arguments.length, 1, 'WebAssembly.Module.imports()');
      const state = moduleOf(module);
      return describe(state).imports.filter((type) => !strings.provides(state, type))
        .map((type) => ({ module: type.module, name: type.name, kind: type.kind, ...typed(type) }));
    }

    static customSections(module, name) {
      idl.need(arguments.length, 2, 'WebAssembly.Module.customSections()');
      const state = moduleOf(module);
      if (name === undefined) throw new TypeError('WebAssembly.Module.customSections(): Argument 1 is required');
      return prim.custom(state.handle, `${name}`);
    }
  }
  idl.dress(Module, 'Module');

  function moduleOf(module) {
    if (!isA(module, 'Module')) throw new TypeError('Argument 0 must be a WebAssembly.Module');
    return inside.get(module);
  }

  // ---- What is imported

  function checkImportObject(given, what) {
    if (given !== undefined && !idl.isObject(given)) throw new TypeError(`${what}: Argument 1 must be an object`);
  }

  function readImports(state, given, what) {
    const { imports } = describe(state);
    checkImportObject(given, what);
    return imports.map((type, k) => {
      if (strings.provides(state, type)) return { type, value: strings.value(state, type) };
      if (given === undefined) throw new TypeError(`${what}: Imports argument must be present and must be an object`);
      const space = given[type.module];
      const where = `${what}: Import #${k} "${type.module}"`;
      if (!idl.isObject(space)) throw new TypeError(`${where}: module is not an object or function`);
      const value = space[type.name];
      const wrong = misfit(type, value);
      if (wrong) throw new errors.LinkError(`${where} "${type.name}": ${wrong}`);
      return { type, value };
    });
  }

  // Why it cannot be had, as far as its kind says; the engine compares types.
  function misfit(type, value) {
    const kind = type.kind[0].toUpperCase() + type.kind.slice(1);
    if (type.kind === 'function') return typeof value === 'function' || jspi.isSuspending(value) ? '' : 'function import requires a callable';
    if (type.kind === 'global' && isA(value, 'Global')) return inside.get(value).mutable === type.mutable ? '' : 'imported global does not match the expected mutability';
    if (type.kind !== 'global') return isA(value, kind) ? '' : `${type.kind} import must be a WebAssembly.${kind} object`;
    const letter = type.value[0];
    if (type.mutable) return 'imported mutable global must be a WebAssembly.Global object';
    if (letter === 'l') return typeof value === 'bigint' ? '' : 'global import must be a BigInt';
    if ('ifd'.includes(letter)) return typeof value === 'number' ? '' : 'global import must be a number';
    return 'vXC'.includes(letter) ? 'global import must be a WebAssembly.Global object' : '';
  }

  // Objects are of one store, so those instances that may hand each other some are in one.
  const handsObject = ({ parameters = [], results = [], element = '', value = '' }) => [...parameters, ...results, element, value].some((type) => type[0] === 'A');
  const handsObjects = (state) => (state.objects ??= [...describe(state).imports, ...describe(state).exports].some(handsObject));
  let ofObjects;
  function storeOfObjects() {
    const store = ofObjects?.deref() ?? new Store();
    if (store !== ofObjects?.deref()) ofObjects = store.self;
    return store;
  }

  function storeOf(imports, given, state) {
    let shared, called; // that it must be, and that it is without any of these
    for (const { type, value } of imports) {
      const item = inside.get(value);
      if (type.kind === 'function') called ??= exported.get(value)?.store;
      else if (item?.native) called ??= item.store;
      const free = type.kind === 'function' || type.kind === 'tag' || (type.kind === 'global' && !type.mutable) || item?.native;
      const store = free ? undefined : item.store;
      if (!store || store === shared) continue;
      if (shared) throw new errors.LinkError(`Import "${type.module}" "${type.name}" belongs to instances that have nothing to do with those of another import`);
      shared = store;
    }
    if (!given) return shared ?? called ?? (handsObjects(state) ? storeOfObjects() : new Store());
    if (shared) throw new errors.LinkError('an instance with limits of its own shares no memory, table or mutable global');
    return new Store(given);
  }

  function placeOf(store, module, { type, value }, at, index) {
    const provided = strings.place(store, type, value, index);
    if (provided) return provided;
    if (type.kind === 'tag') return items.tagPlace(inside.get(value), store, type);
    if (type.kind !== 'function') return type.kind === 'global' ? items.importGlobal(store, type, value, module, at) : placeIn(inside.get(value), store);
    if (exported.has(value)) return store.placeOf(value);
    const made = wasi.get(value);
    if (made) return made(store, type);
    const place = store.host(type, jspi.isSuspending(value) ? jspi.target(store, value) : value);
    store.items[place] = store.callable(place, type, index);
    return place;
  }

  // ---- Instances

  // Beyond the specification, in one member: {weft: {fuel, memoryBytes, ..., deterministic}}.
  function limitsIn(given, what) {
    const { weft } = idl.dictionary(given, `${what}: options`);
    return weft === undefined ? undefined : limits.read(weft, what);
  }

  function placesOf(store, state, imports, what) {
    let functions = 0;
    return imports.map((one, at) => {
      try {
        return placeOf(store, state.handle, one, at, one.type.kind === 'function' ? functions++ : 0);
      } catch (error) {
        if (!(error instanceof TypeError)) throw error;
        throw new errors.LinkError(`${what}: Import "${one.type.module}" "${one.type.name}": ${error.message}`);
      }
    });
  }

  // What is there by its number in the store.
  function fillInstance(instance, module, store, number) {
    const all = Object.create(null);
    describe(inside.get(module)).exports.forEach((type, k) => {
      const place = must(prim.exported(store.handle, number, k));
      Object.defineProperty(all, type.name, { value: store.item(place, type), enumerable: true });
    });
    inside.set(instance, { kind: 'Instance', exports: Object.freeze(all), store, module, number });
    return instance;
  }

  function instantiate(instance, module, imports, how, what) {
    const state = moduleOf(module);
    const store = storeOf(imports, how, state);
    const number = prim.instantiate(state.handle, store.handle, placesOf(store, state, imports, what));
    if (number === undefined) store.fail();
    return fillInstance(instance, module, store, number);
  }

  class Instance {
    constructor(module) {
      const what = 'WebAssembly.Instance()';
      idl.need(arguments.length, 1, what);
      moduleOf(module);
      const imports = readImports(inside.get(module), arguments[1], what);
      instantiate(this, module, imports, limitsIn(arguments[2], what), what);
    }

    get exports() {
      return of(this, 'Instance').exports;
    }
  }
  idl.dress(Instance, 'Instance');

  // What is imported is read at once; a promise's instance is made later, as one that is compiled
  // first would be.
  async function instantiateLater(module, given, how, what) {
    const imports = readImports(inside.get(module), given, what);
    await undefined;
    return instantiate(Object.create(Instance.prototype), module, imports, how, what);
  }

  // ---- Responses of a server (spec: web-api)

  async function bytesOfResponse(source, what) {
    const response = await source;
    const { Response } = globalThis;
    if (!Response || !(response instanceof Response)) throw new TypeError(`${what}: Argument 0 must be a Response or a promise of one`);
    const type = (response.headers.get('Content-Type') ?? '').trim();
    if (type.toLowerCase() !== 'application/wasm') throw new TypeError(`${what}: Incorrect response MIME type. Expected 'application/wasm'.`);
    if (!response.ok) throw new TypeError(`${what}: HTTP status code is not ok`);
    return response.arrayBuffer();
  }

  // ---- The namespace

  const functions = {
    validate(bytes) {
      idl.need(arguments.length, 1, 'WebAssembly.validate()');
      const all = idl.bytesOf(bytes, 'WebAssembly.validate(): Argument 0');
      const how = compileOptions(arguments[1]);
      if (!prim.validate(all)) return false;
      if (!how.builtins && !how.repeated && how.strings === undefined) return true;
      return !strings.mismatch(how, prim.describe(must(prim.compile(all))).imports);
    },

    async compile(bytes) {
      idl.need(arguments.length, 1, 'WebAssembly.compile()');
      return compileLater(bytes, arguments[1], 'WebAssembly.compile()');
    },

    async instantiate(source) {
      const what = 'WebAssembly.instantiate()', given = arguments[1];
      idl.need(arguments.length, 1, what);
      checkImportObject(given, what);
      const how = limitsIn(arguments[2], what);
      if (isA(source, 'Module')) return instantiateLater(source, given, how, what);
      const module = await compileLater(source, arguments[2], what);
      return { module, instance: await instantiateLater(module, given, how, what) };
    },

    async compileStreaming(source) {
      const what = 'WebAssembly.compileStreaming()';
      idl.need(arguments.length, 1, what);
      return compileLater(await bytesOfResponse(source, what), arguments[1], what);
    },

    async instantiateStreaming(source) {
      const what = 'WebAssembly.instantiateStreaming()', given = arguments[1];
      idl.need(arguments.length, 1, what);
      checkImportObject(given, what);
      const how = limitsIn(arguments[2], what);
      const module = await compileLater(await bytesOfResponse(source, what), arguments[2], what);
      return { module, instance: await instantiateLater(module, given, how, what) };
    },

    promising: jspi.promising,
  };

  const WebAssembly = Object.create(Object.prototype, { [Symbol.toStringTag]: { value: 'WebAssembly', configurable: true } });
  for (const [name, value] of Object.entries(functions)) Object.defineProperty(WebAssembly, name, { value, writable: true, enumerable: true, configurable: true });
  const { Memory, Table, Global, Tag, Exception, JSTag } = items;
  const { CompileError, LinkError, RuntimeError, SuspendError } = errors;
  const { Suspending } = jspi;
  for (const [name, value] of Object.entries({ Module, Instance, Memory, Table, Global, Tag, Exception, CompileError, LinkError, RuntimeError, Suspending, SuspendError }))
    Object.defineProperty(WebAssembly, name, { value, writable: true, configurable: true });
  if (options.reflection)
    Object.defineProperty(WebAssembly, 'Function', { value: reflection(stores, items, prim), writable: true, configurable: true });
  Object.defineProperty(WebAssembly, 'JSTag', { get: Object.getOwnPropertyDescriptor({ get JSTag() { return JSTag; } }, 'JSTag').get, enumerable: true, configurable: true });

  const guests = makeGuests(prim, stores, items, {
    readImports, moduleOf, place: placesOf, wrap: (module, store, number) => fillInstance(Object.create(Instance.prototype), module, store, number),
  });
  return { WebAssembly, guests };
};
