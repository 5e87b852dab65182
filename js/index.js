// index.js -- the package: WebAssembly, on Weft.
'use strict';

const prim = load();
const { ExitError } = require('./errors.js');
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

// A namespace of its own. `reflection`: with types of everything, and WebAssembly.Function (proposal
// js-types).
function create(options = {}) {
  const stores = makeStores(prim);
  known.push(stores.exported);
  return makeNamespace(prim, stores, options).WebAssembly;
}

let WebAssembly;
module.exports = {
  get WebAssembly() {
    return (WebAssembly ??= create({ reflection: process.env.WEFT_REFLECTION === '1' }));
  },
  create,
  WASI: makeWASI(prim),
  ExitError,
  version: prim.version(),
};
