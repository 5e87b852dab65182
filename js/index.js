// index.js -- the package: WebAssembly, on Weft.
'use strict';

const path = require('node:path');

const native = globalThis.WebAssembly; // before ours is in its place
const prim = require(path.join(__dirname, 'weft.node'));
const { ExitError } = require('./errors.js');
const makeStores = require('./store.js');
const makeNamespace = require('./webassembly.js');

// A namespace of its own. `reflection`: with types of everything, and WebAssembly.Function (proposal
// js-types).
const create = (options = {}) => makeNamespace(prim, makeStores(prim), { ...options, native }).WebAssembly;

let WebAssembly;
module.exports = {
  get WebAssembly() {
    return (WebAssembly ??= create({ reflection: process.env.WEFT_REFLECTION === '1' }));
  },
  create,
  ExitError,
  version: prim.version(),
};
