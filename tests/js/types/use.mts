// use.mts -- uses all of js/index.d.ts; what is wrong is said to be.
import weft, { create, ExitError, version, WASI, WebAssembly as Own } from 'weft';

const bytes = new Uint8Array(8);
const module: WebAssembly.Module = new weft.WebAssembly.Module(bytes, { builtins: ['js-string'], importedStringConstants: null });
const instance: WebAssembly.Instance = new Own.Instance(module, { host: { say: (n: number) => n, zero: 0, long: 1n } },
  { weft: { fuel: 10n ** 6n, memoryBytes: 1 << 20, heapBytes: 1, deterministic: true } });
const both = await weft.WebAssembly.instantiate(bytes, {}, { weft: { fuel: 1 }, builtins: [] });
const one: WebAssembly.Instance = await Own.instantiate(both.module, undefined, { weft: { stackBytes: 1 } });
const memory: WebAssembly.Memory = new Own.Memory({ initial: 1 });
const valid: boolean = Own.validate(memory.buffer);
const tag = new Own.Tag({ parameters: ['i32', 'externref'] });
const thrown = new Own.Exception(tag, [1, {}], { traceStack: true });
const is: boolean = thrown.is(Own.JSTag), text: string | undefined = thrown.stack;

const wasi = new WASI({ args: ['prog'], env: { A: 'b', C: undefined }, preopens: { '/a': '.', '/b': { path: '.', readOnly: true } }, stdio: ['ignore', 1, 'inherit'] });
const status: number = wasi.start(instance);
wasi.initialize(one);
wasi.finalizeBindings(one, { memory });
const { WebAssembly: other, fuel } = create({ reflection: true });
const made: WebAssembly.Instance = await other.instantiate(module, wasi.getImportObject());
const left: number | bigint | undefined = fuel(made), used: number | bigint = weft.usage(made).heapBytes;
weft.setFuel(made, 10n);
weft.setTimeLimit(made, 5);
weft.collect(made);
weft.stop(made);
if (weft.isStopped(made)) weft.resume(made);
const forked = weft.fork(weft.restore(weft.snapshot(made, { number: () => 1 }), module, {}, { value: (n) => n, weft: { timeLimit: 5 } }));
const waits = Own.promising(() => {});
const promise: Promise<number> = waits(new Own.Suspending(async () => 1));
console.log(left, used, weft.isInstance(forked), promise, new Own.SuspendError('').message);
try {
  new Own.Instance(module, { wasi_snapshot_preview1: { ...wasi.wasiImport, proc_exit: () => {} } });
} catch (error) {
  if (error instanceof ExitError) console.log(error.code.toFixed());
  if (error instanceof Own.RuntimeError) console.log(error.message);
}
console.log(version.length, status, valid, is, text);

// @ts-expect-error
new Own.Instance(module, {}, { weft: { fule: 1 } });
// @ts-expect-error
new Own.Instance(module, {}, { weft: { fuel: '1' } });
// @ts-expect-error
new WASI({ preopens: { '/b': { path: '.', readonly: true } } });
// @ts-expect-error
new WASI({ stdio: ['pipe'] });
// @ts-expect-error
create({ reflect: true });
// @ts-expect-error
weft.stop(made, 'bored');
// @ts-expect-error
weft.Memory;
