// index.js -- the package: WebAssembly, on Weft, and what no browser has.
'use strict';

const { isMainThread } = require('node:worker_threads');

const native = globalThis.WebAssembly; // before ours is in its place
const prim = load();
if (!isMainThread) prim.worker(() => {}); // who terminates a worker does not wait for its guests
const makeStores = require('./store.js');
const { known, makeWASI } = require('./wasi.js');
const makeNamespace = require('./webassembly.js');

// npm may have been told to run no scripts of packages'.
function load() {
  try {
    return require('./weft.node');
  } catch (error) {
    error.message += `\nweft has no binary that fits here: npm rebuild weft makes one, or node ${JSON.stringify(require.resolve('./install.js'))}`;
    throw error;
  }
}

// Of its own. `reflection`: with types of everything, and WebAssembly.Function (proposal js-types).
function create(options = {}) {
  const stores = makeStores(prim);
  known.push(stores.exported);
  const { WebAssembly, guests } = makeNamespace(prim, stores, { ...options, native });
  return { WebAssembly, ...guests };
}

module.exports = { ...create({ reflection: process.env.WEFT_REFLECTION === '1' }), create, WASI: makeWASI(prim), version: prim.version() };
