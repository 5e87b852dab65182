// register.mjs -- for programs that know nothing of Weft: node --import weft/register prog.mjs
import weft from './index.js';

Object.defineProperty(globalThis, 'WebAssembly', { value: weft.WebAssembly, writable: true, enumerable: false, configurable: true });
