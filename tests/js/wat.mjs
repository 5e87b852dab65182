// wat.mjs -- modules in text, for the cases: WEFT is the command that makes bytes of them.
import { execFileSync } from 'node:child_process';

export const wat = (text) => execFileSync(process.env.WEFT ?? 'build/release/weft', ['parse', '-', '-o', '-'], { input: text });
export const compile = (text, options) => new WebAssembly.Module(wat(text), options);
// `options` of Weft's are those of instances too.
export const instance = (text, imports, options) => new WebAssembly.Instance(compile(text, options), imports, options);
