// index.js -- the package: WebAssembly, on Weft.
'use strict';

const path = require('node:path');

const { isMainThread } = require('node:worker_threads');

const prim = require(path.join(__dirname, 'weft.node'));
if (!isMainThread) prim.watch(() => {}); // who terminates a worker does not wait for its guests
const { ExitError } = require('./errors.js');
const makeStores = require('./store.js');
const makeNamespace = require('./webassembly.js');

// A namespace of its own. `reflection`: with types of everything, and WebAssembly.Function (proposal
// js-types).
const create = (options = {}) => makeNamespace(prim, makeStores(prim), options).WebAssembly;

let WebAssembly;
module.exports = {
  get WebAssembly() {
    return (WebAssembly ??= create({ reflection: process.env.WEFT_REFLECTION === '1' }));
  },
  create,
  ExitError,
  version: prim.version(),
};
