// index.js -- the package: WebAssembly, on Weft, and what no browser has.
'use strict';

const path = require('node:path');

const native = globalThis.WebAssembly; // before ours is in its place
const prim = require(path.join(__dirname, 'weft.node'));
const makeStores = require('./store.js');
const makeNamespace = require('./webassembly.js');

// Of its own. `reflection`: with types of everything, and WebAssembly.Function (proposal js-types).
function create(options = {}) {
  const { WebAssembly, guests } = makeNamespace(prim, makeStores(prim), { ...options, native });
  return { WebAssembly, ...guests };
}

module.exports = { ...create({ reflection: process.env.WEFT_REFLECTION === '1' }), create, version: prim.version() };
