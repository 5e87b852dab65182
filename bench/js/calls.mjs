// calls.mjs -- nanoseconds of what crosses between JavaScript and a guest, on V8 or on Weft:
//
//     node bench/js/calls.mjs v8|PACKAGE MODULE
//
// MODULE is bench/js/calls.wat as binary. Prints what takes how long, as JSON; the least of some rounds.
import { createRequire } from 'node:module';
import fs from 'node:fs';

const [folder, file] = process.argv.slice(2), ROUNDS = 5;
const engine = folder === 'v8' ? WebAssembly : createRequire(import.meta.url)(folder).WebAssembly;
const { exports } = new engine.Instance(new engine.Module(fs.readFileSync(file)), { host: { next: (x) => x + 1, keep: (x) => x, long: (x) => x } });
const world = { exports, memory: new engine.Memory({ initial: 1 }), global: new engine.Global({ value: 'i32', mutable: true }, 1) };

const IN = 1000000, OUT = 300000;
const rows = {
  'JavaScript to guest, two i32': [IN, ({ exports: { add } }) => {
    for (let k = 0, kept = 0; k < IN; k++) kept = add(kept, 1);
  }],
  'JavaScript to guest, two i64': [IN / 4, ({ exports: { addLong } }) => {
    for (let k = 0; k < IN / 4; k++) addLong(1n, 2n);
  }],
  'JavaScript to guest and back, an object': [IN / 4, ({ exports: { same } }) => {
    for (let k = 0, kept = {}; k < IN / 4; k++) kept = same(kept);
  }],
  'guest to JavaScript, i32': [OUT, ({ exports: { loop } }) => loop(OUT)],
  'guest to JavaScript, i64': [OUT, ({ exports: { loopLong } }) => loopLong(OUT)],
  'memory.buffer': [IN, ({ memory }) => {
    for (let k = 0, kept = 0; k < IN; k++) kept += memory.buffer.byteLength;
  }],
  'global.value': [IN / 4, ({ global }) => {
    for (let k = 0, kept = 0; k < IN / 4; k++) kept += global.value;
  }],
};

const least = {};
for (const [what, [count, run]] of Object.entries(rows))
  for (let round = 0; round <= ROUNDS; round++) {
    const begin = process.hrtime.bigint();
    run(world);
    const taken = Number(process.hrtime.bigint() - begin) / count;
    if (round) least[what] = Math.min(least[what] ?? Infinity, taken); // the first warms up
  }
console.log(JSON.stringify(least));
