// register.mjs -- for programs that know nothing of Weft: node --import weft/register prog.mjs
//
// Both WebAssembly and the class WASI of node:wasi, whose instances would be of no use to each other.
import { createRequire, syncBuiltinESMExports } from 'node:module';
import weft from './index.js';

Object.defineProperty(globalThis, 'WebAssembly', { value: weft.WebAssembly, writable: true, enumerable: false, configurable: true });

// Node warns of its own WASI, which nobody gets.
const { emitWarning } = process;
process.emitWarning = () => {};
try {
  createRequire(import.meta.url)('node:wasi').WASI = weft.WASI;
  syncBuiltinESMExports();
} finally {
  process.emitWarning = emitWarning;
}
