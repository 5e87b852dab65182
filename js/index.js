// index.js -- the package: WebAssembly, on Weft.
'use strict';

const path = require('node:path');

const prim = require(path.join(__dirname, 'weft.node'));
const { ExitError } = require('./errors.js');
const makeStores = require('./store.js');
const { known, makeWASI } = require('./wasi.js');
const makeNamespace = require('./webassembly.js');

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
