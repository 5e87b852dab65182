// wasi.js -- what a guest is granted that was compiled for WASI: the class WASI, used as that of
// node:wasi is.
//
//     new WASI(options) ---- wasiImport: functions that stand for the engine's own
//                               |
//     an instance imports one --'---> its store gets what the options grant, and the function
//
// So a guest calls the engine and no JavaScript; the memory is that of the instance that calls. An
// import of WASI's own names needs nothing more. Under other names, and for JavaScript that calls a
// function of wasiImport, which sees the memory of the instance that was started, instances of small
// modules stand between. Directories are capabilities: nothing leads out of them (src/wasi/README.md).
'use strict';

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const { leb, list, bytes, text, section, binary } = require('./binary.js');
const errors = require('./errors.js');

// As src/wasi/wasi.def has them: parameters, and a result but where there is none.
const signatures = {
  args_get: 'ii', args_sizes_get: 'ii', environ_get: 'ii', environ_sizes_get: 'ii',
  clock_res_get: 'ii', clock_time_get: 'ili',
  fd_advise: 'illi', fd_allocate: 'ill', fd_close: 'i', fd_datasync: 'i', fd_fdstat_get: 'ii',
  fd_fdstat_set_flags: 'ii', fd_fdstat_set_rights: 'ill', fd_filestat_get: 'ii',
  fd_filestat_set_size: 'il', fd_filestat_set_times: 'illi', fd_pread: 'iiili', fd_prestat_get: 'ii',
  fd_prestat_dir_name: 'iii', fd_pwrite: 'iiili', fd_read: 'iiii', fd_readdir: 'iiili',
  fd_renumber: 'ii', fd_seek: 'ilii', fd_sync: 'i', fd_tell: 'ii', fd_write: 'iiii',
  path_create_directory: 'iii', path_filestat_get: 'iiiii', path_filestat_set_times: 'iiiilli',
  path_link: 'iiiiiii', path_open: 'iiiiillii', path_readlink: 'iiiiii',
  path_remove_directory: 'iii', path_rename: 'iiiiii', path_symlink: 'iiiii', path_unlink_file: 'iii',
  poll_oneoff: 'iiii', proc_exit: 'i', proc_raise: 'i', random_get: 'ii', sched_yield: '',
  sock_accept: 'iii', sock_recv: 'iiiiii', sock_send: 'iiiii', sock_shutdown: 'ii',
};
const resultOf = (name) => (name === 'proc_exit' ? '' : 'i');
const spaces = {
  preview1: { space: 'wasi_snapshot_preview1', names: Object.keys(signatures) },
  unstable: { space: 'wasi_unstable', names: Object.keys(signatures).filter((name) => name !== 'sock_accept') },
};

// ---- Modules between the two

const typeByte = { i: 0x7f, l: 0x7e };
const typesOf = (letters) => list([...letters].map((letter) => [typeByte[letter]]));

// Exports all functions: those that it imports, or, with a memory, its own, which call these; then
// it is this memory that they see. `memory` is the limits of its type.
function relay({ space, names }, memory) {
  const call = (name, k) => bytes([0, ...[...signatures[name]].flatMap((_, n) => [0x20, n]), 0x10, ...leb(k), 0x0b]);
  const first = memory ? names.length : 0;
  return binary(
    section(1, names.map((name) => [0x60, ...typesOf(signatures[name]), ...typesOf(resultOf(name))])),
    section(2, [...names.map((name, k) => [...text(space), ...text(name), 0, ...leb(k)]),
      ...(memory ? [[...text(space), ...text('memory'), 2, ...memory]] : [])]),
    memory ? section(3, names.map((_, k) => leb(k))) : [],
    section(7, names.map((name, k) => [...text(name), 0, ...leb(first + k)])),
    memory ? section(10, names.map(call)) : [],
  );
}
// The least of each kind, which any memory of WASI's fits.
const limitsOf = ({ shared }) => (shared ? [3, 0, ...leb(65536)] : [0, 0]);

// ---- Options

const faulty = (Class, code, message) => Object.assign(new Class(message), { code });
function argument(good, name, wanted) {
  if (!good) throw faulty(TypeError, 'ERR_INVALID_ARG_TYPE', `The "${name}" property must be ${wanted}`);
}
const isObject = (value) => value !== null && typeof value === 'object';
// What ends, or parts, a text of the engine's cannot be in one.
function plain(value, name, not) {
  const string = `${value}`;
  if (string.includes('\0') || (not && string.includes(not)))
    throw faulty(TypeError, 'ERR_INVALID_ARG_VALUE', `The property '${name}' must not contain ${JSON.stringify(not ?? '\0')} or a null character`);
  return string;
}

let nothing; // a file that takes all and has nothing
function descriptor(value, own, name) {
  if (value === undefined || value === 'inherit') return own;
  if (value === 'ignore') return (nothing ??= fs.openSync(os.devNull, 'r+'));
  argument(typeof value === 'number', name, "a file descriptor, 'inherit' or 'ignore'");
  if (!(Number.isInteger(value) && value >= 0 && value <= 0x7fffffff))
    throw faulty(RangeError, 'ERR_OUT_OF_RANGE', `The value of "${name}" is out of range. It must be >= 0 && <= 2147483647. Received ${value}`);
  return value;
}

function directory(guest, host) {
  const name = `options.preopens['${guest}']`;
  const { path: from, readOnly = false } = isObject(host) ? host : { path: host };
  argument(typeof from === 'string', name, 'a path, or {path, readOnly}');
  argument(typeof readOnly === 'boolean', `${name}.readOnly`, 'of type boolean');
  const full = path.resolve(plain(from, name));
  if (!fs.statSync(full).isDirectory()) throw faulty(Error, 'ENOTDIR', `ENOTDIR: not a directory, '${full}'`);
  return `${readOnly ? 'ro' : 'rw'}:${plain(guest, 'options.preopens', '\n')}\n${full}`;
}

// As the primitive `wasi` takes them.
function grantsOf(options) {
  const { args = [], env = {}, preopens = {}, stdio = [] } = options;
  argument(Array.isArray(args), 'options.args', 'an instance of Array');
  argument(isObject(env), 'options.env', 'of type object');
  argument(isObject(preopens), 'options.preopens', 'of type object');
  argument(Array.isArray(stdio) && stdio.length <= 3, 'options.stdio', 'an array of three');
  return {
    args: args.map((one) => plain(one, 'options.args')),
    env: Object.entries(env).filter(([, value]) => value !== undefined)
      .map(([name, value]) => `${plain(name, 'options.env', '=')}=${plain(value, 'options.env')}`),
    dirs: Object.entries(preopens).map(([guest, host]) => directory(guest, host)),
    stdio: ['stdin', 'stdout', 'stderr'].map((name, k) => descriptor(stdio[k] ?? options[name], k, `options.${name}`)),
  };
}

// ---- The class

const places = new WeakMap(); // function of a wasiImport -> (store, type) => place: webassembly.js asks
const known = [];             // of each namespace its functions of guests: {store, place}

function storeOf(exported) {
  for (const value of Object.values(exported))
    for (const functions of typeof value === 'function' ? known : []) {
      const { store } = functions.get(value) ?? {};
      if (store) return store;
    }
  return undefined;
}

const makeWASI = (prim) => {
  const compiled = {}; // by version
  const moduleOf = (version) => (compiled[version] ??= prim.compile(relay(spaces[version])));
  const private_ = new WeakMap();

  // The store has what was granted from now on.
  function bind(state, store) {
    if (state.store === store) return state;
    if (state.store) throw faulty(TypeError, 'ERR_WASI_ALREADY_BOUND', 'a WASI object serves one instance, and those it shares a memory with: make another one');
    if (!prim.wasi(store.handle, state.grants)) {
      const { name, message } = prim.why();
      throw faulty(Error, name, name === 'duplicate_definition' ? 'these instances are served by another WASI object' : message);
    }
    state.store = store;
    return state;
  }

  // All functions as items of the store: exports of an instance of its own.
  function placesIn({ store, version }, module, given) {
    const number = prim.instantiate(module, store.handle, given);
    if (number === undefined) store.fail();
    return spaces[version].names.map((_, k) => prim.exported(store.handle, number, k));
  }
  const relayed = (state) => (state.places ??= placesIn(state, moduleOf(state.version), spaces[state.version].names.map(() => 0)));

  function fits(name, type) {
    const letters = (types) => types.map(([letter]) => letter).join('');
    if (letters(type.parameters) !== signatures[name] || letters(type.results) !== resultOf(name))
      throw new TypeError(`${name} of WASI has another type`);
  }

  // Called by JavaScript.
  function called(state, name, args) {
    const { store, memory } = state;
    if (!memory) throw faulty(Error, 'ERR_WASI_NOT_STARTED', 'wasi.start() has not been called');
    if (!state.called) {
      const place = store.items.indexOf(memory);
      if (place < 1) throw faulty(TypeError, 'ERR_INVALID_ARG_TYPE', '"instance.exports.memory" property must be a WebAssembly.Memory object');
      const module = prim.compile(relay(spaces[state.version], limitsOf(prim.itemType(store.handle, place))));
      state.called = placesIn(state, module, [...relayed(state), place]);
    }
    return store.item(state.called[spaces[state.version].names.indexOf(name)])(...args);
  }

  function importsOf(state) {
    const all = {};
    spaces[state.version].names.forEach((name, k) => {
      all[name] = { [name]: (...args) => called(state, name, args) }[name];
      places.set(all[name], (store, type) => {
        fits(name, type);
        bind(state, store);
        return type.module === spaces[state.version].space && type.name === name ? 0 : relayed(state)[k];
      });
    });
    // As node:wasi has it: not the guest ends, but the process.
    if (!state.returnOnExit) all.proc_exit = (code) => process.exit(code);
    return all;
  }

  function begin(state, instance, memory) {
    if (state.started) throw faulty(Error, 'ERR_WASI_ALREADY_STARTED', 'WASI instance has already started');
    argument(isObject(instance), 'instance', 'an instance');
    const { exports } = instance;
    argument(isObject(exports), 'instance.exports', 'of type object');
    const store = state.store ?? storeOf(exports);
    if (store) bind(state, store);
    state.memory = memory ?? exports.memory;
    state.started = true;
    return exports;
  }

  return class WASI {
    constructor(options = {}) {
      if (!isObject(options)) throw faulty(TypeError, 'ERR_INVALID_ARG_TYPE', 'The "options" argument must be of type object');
      const { version = 'preview1', returnOnExit = true } = options;
      if (!Object.hasOwn(spaces, version)) throw faulty(TypeError, 'ERR_INVALID_ARG_VALUE', `The property 'options.version' unsupported WASI version. Received '${version}'`);
      argument(typeof returnOnExit === 'boolean', 'options.returnOnExit', 'of type boolean');
      const state = { version, returnOnExit, grants: grantsOf(options), store: undefined, places: undefined,
        memory: undefined, called: undefined, started: false };
      private_.set(this, state);
      this.wasiImport = importsOf(state);
    }

    getImportObject() {
      return { [spaces[private_.get(this).version].space]: this.wasiImport };
    }

    // Runs a command; its exit status.
    start(instance) {
      const { _start, _initialize } = begin(private_.get(this), instance);
      argument(typeof _start === 'function', 'instance.exports._start', 'a function');
      argument(_initialize === undefined, 'instance.exports._initialize', 'undefined');
      try {
        _start();
      } catch (error) {
        if (!(error instanceof errors.ExitError)) throw error;
        return error.code;
      }
      return 0;
    }

    // Makes a reactor ready, whose exports are called then.
    initialize(instance) {
      const { _start, _initialize } = begin(private_.get(this), instance);
      argument(_start === undefined, 'instance.exports._start', 'undefined');
      argument(_initialize === undefined || typeof _initialize === 'function', 'instance.exports._initialize', 'a function');
      _initialize?.();
    }

    // For who calls the guest's functions without one of these two.
    finalizeBindings(instance, { memory = instance?.exports?.memory } = {}) {
      begin(private_.get(this), instance, memory);
    }
  };
};

module.exports = { places, known, makeWASI };
