// loading.mjs -- how long a program has its modules compiled and instantiated, told as it ends:
//
//     node [--import PACKAGE/register.mjs] --import ./bench/js/loading.mjs PROGRAM
//
// Milliseconds, in the last line of its standard error. What is waited for counts from the call on.
const { Module, Instance, instantiate, instantiateStreaming, compile } = WebAssembly;
let taken = 0n;

const timed = (target) => (...args) => {
  const begin = process.hrtime.bigint();
  return target(...args).finally(() => { taken += process.hrtime.bigint() - begin; });
};

for (const [name, target] of Object.entries({ instantiate, instantiateStreaming, compile })) WebAssembly[name] = timed(target);
for (const [name, target] of Object.entries({ Module, Instance }))
  WebAssembly[name] = new Proxy(target, {
    construct(to, args, self) {
      const begin = process.hrtime.bigint();
      try {
        return Reflect.construct(to, args, self);
      } finally {
        taken += process.hrtime.bigint() - begin;
      }
    },
  });
process.on('exit', () => process.stderr.write(`loading ${Number(taken) / 1e6}\n`));
