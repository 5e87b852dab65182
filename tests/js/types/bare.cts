// bare.cts -- without a library that declares WebAssembly, and required.
import weft = require('weft');

const { exports } = new weft.WebAssembly.Instance(new weft.WebAssembly.Module(new Uint8Array(8)), {}, { weft: { fuel: 1 } });
const wasi: weft.WASI = new weft.WASI();
const options: weft.WASIOptions = { stdin: 0 }, limits: weft.Limits = { fuel: 1n };
export const all: unknown[] = [exports, wasi, options, limits, weft.create().WebAssembly, weft.version];
// @ts-expect-error
weft.create(1);
