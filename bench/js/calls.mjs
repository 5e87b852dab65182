// calls.mjs -- nanoseconds of what crosses between JavaScript and a guest, in turns on V8 and on Weft:
//
//     node bench/js/calls.mjs PACKAGE MODULE ROUNDS
//
// MODULE is bench/js/calls.wat as binary. Prints a line for each: what, V8's rounds, Weft's.
import { createRequire } from 'node:module';
import fs from 'node:fs';

const [folder, file, rounds] = process.argv.slice(2);
const engines = [WebAssembly, createRequire(import.meta.url)(folder).WebAssembly];
const bytes = fs.readFileSync(file);

const worlds = engines.map((engine) => {
  const { exports } = new engine.Instance(new engine.Module(bytes), { host: { next: (x) => x + 1, keep: (x) => x, long: (x) => x } });
  return { exports, memory: new engine.Memory({ initial: 1 }), global: new engine.Global({ value: 'i32', mutable: true }, 1) };
});

const IN = 1000000, OUT = 300000;
const within = (count, run) => [count, (world) => {
  let kept = 0;
  for (let k = 0; k < count; k++) kept = run(world, kept);
  return kept;
}];
const rows = {
  'JavaScript to guest, two i32': within(IN, ({ exports: { add } }, kept) => add(kept, 1)),
  'JavaScript to guest, two i64': within(IN / 4, ({ exports: { addLong } }) => addLong(1n, 2n)),
  'JavaScript to guest and back, an object': within(IN / 4, ({ exports: { same } }, kept) => same(kept)),
  'guest to JavaScript, i32': [OUT, ({ exports: { loop } }) => loop(OUT)],
  'guest to JavaScript, i64': [OUT, ({ exports: { loopLong } }) => loopLong(OUT)],
  'memory.buffer': within(IN, ({ memory }, kept) => kept + memory.buffer.byteLength),
  'global.value': within(IN / 4, ({ global }, kept) => kept + global.value),
};

for (const [what, [count, run]] of Object.entries(rows)) {
  const taken = [[], []];
  for (let round = 0; round <= rounds; round++)
    worlds.forEach((world, k) => {
      const begin = process.hrtime.bigint();
      run(world);
      if (round) taken[k].push(Number(process.hrtime.bigint() - begin) / count); // the first warms up
    });
  console.log(JSON.stringify([what, ...taken]));
}
