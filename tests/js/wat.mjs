// wat.mjs -- what the cases have in common. Modules are in text: WEFT is the command that makes
// bytes of them.
import { execFileSync } from 'node:child_process';

export const wat = (text) => execFileSync(process.env.WEFT ?? 'build/release/weft', ['parse', '-', '-o', '-'], { input: text });
export const compile = (text, options) => new WebAssembly.Module(wat(text), options);
// `options` of Weft's are those of instances too.
export const instance = (text, imports, options) => new WebAssembly.Instance(compile(text, options), imports, options);

export function same(got, want) {
  if (!Object.is(got, want)) throw new Error(`${String(got)} is not ${String(want)}`);
}
export function throws(Class, run, message = '') {
  try {
    run();
  } catch (error) {
    if (error instanceof Class && error.message.includes(message)) return error;
    throw error;
  }
  throw new Error(`no ${Class.name} by ${run}`);
}
