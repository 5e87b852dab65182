// Threads that have the package to themselves end well: by themselves, and terminated wherever they stand.
import assert from 'node:assert';
import fs from 'node:fs';
import path from 'node:path';
import url from 'node:url';
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads';
import { folder, load, turns, wasm } from './case.mjs';

const here = url.fileURLToPath(import.meta.url);
const sleep = (time) => new Promise((done) => setTimeout(done, time));
const within = (promise, what) => Promise.race([promise, sleep(20000).then(() => { throw new Error(`${what} takes too long`); })]);

const loop = `(import "e" "f" (func $f)) (memory (export "m") 1) (start $s) (global $g (mut i32) (i32.const 0))
  (func $s (if (global.get $g) (then (loop $l (br $l)))))
  (func (export "loop") (loop $l (br $l)))
  (func (export "calls") (loop $l (call $f) (br $l)))
  (func (export "once") (call $f))
  (func (export "fills") (loop $l (memory.fill (i32.const 0) (i32.const 1) (i32.const 65536)) (br $l)))
  (func $r (export "deep") (param i32) (result i32) (i32.add (call $r (local.get 0)) (i32.const 1)))`;
const starts = '(memory 1) (start $s) (func $s (loop $l (br $l)))';

const ways = {
    ends() {
        const { WebAssembly } = load();
        const { exports } = new WebAssembly.Instance(new WebAssembly.Module(workerData.loop), { e: { f() {} } });
        exports.once();
        new Uint8Array(exports.m.buffer)[1] = 1;
        assert.throws(() => exports.deep(1), RangeError);
        assert.throws(() => exports.deep(1), RangeError);
        globalThis.kept = exports;
    },
    calls(name, f = () => {}) {
        const { WebAssembly } = load();
        const { exports } = new WebAssembly.Instance(new WebAssembly.Module(workerData.loop), { e: { f: () => f(exports) } });
        globalThis.buffer = exports.m.buffer;
        parentPort.postMessage('runs');
        exports[name]();
    },
    loop() { ways.calls('loop'); },
    host() { ways.calls('calls'); },
    fills() { ways.calls('fills'); },
    within() { ways.calls('once', (exports) => exports.loop()); },
    catches() {
        ways.calls('once', (exports) => {
            for (;;) try { exports.loop(); } catch {}
        });
    },
    shows() {
        const { Memory } = load().WebAssembly, memory = globalThis.memory = new Memory({ initial: 1, maximum: 64 });
        parentPort.postMessage('runs');
        for (;;) {
            memory.grow(0);     // which detaches the buffer
            memory.buffer;
        }
    },
    start() {
        const { WebAssembly } = load();
        parentPort.postMessage('runs');
        new WebAssembly.Instance(new WebAssembly.Module(workerData.starts));
    },
    compiles() {
        const { WebAssembly } = load();
        for (let k = 0; k < 30; k++) WebAssembly.instantiate(workerData.loop, { e: { f() {} } }).then(() => ways.compiles());
        parentPort.postMessage('runs');
    },
};

if (!isMainThread) ways[workerData.way]();
else {
    const begin = (way) => new Worker(here, { argv: [folder], workerData: { way, loop: begin.loop ??= wasm(loop), starts: begin.starts ??= wasm(starts) } });
    for (let k = 0; k < 3; k++) {
        const worker = begin('ends');
        const code = await within(new Promise((done, failed) => worker.on('exit', done).on('error', failed)), 'a worker that ends');
        assert.equal(code, 0);
    }
    for (const way of ['loop', 'host', 'fills', 'within', 'catches', 'start', 'compiles']) {
        const worker = begin(way);
        await within(new Promise((done, failed) => worker.once('message', done).on('error', failed)), way);
        await sleep(50);
        await within(worker.terminate(), `to terminate ${way}`);
    }
    // Node makes no buffer for a thread that is to end, and never says that nobody has it: most such threads would leave
    // gigabytes of addresses behind.
    const mapped = () => parseInt(/VmSize:\s+(\d+)/.exec(fs.readFileSync('/proc/self/status', 'utf8'))[1]) / 2 ** 20;
    let before = 0;
    for (let k = 0; k < 13; k++) {
        const worker = begin('shows');
        await within(new Promise((done, failed) => worker.once('message', done).on('error', failed)), 'shows');
        await sleep(1 + k);
        await within(worker.terminate(), 'to terminate shows');
        if (k === 0) before = mapped();
    }
    assert(mapped() - before < 6, `threads leave ${mapped() - before} GB of addresses behind`);
    // Random operations, terminated at random.
    for (let k = 0; k < 12; k++) {
        const worker = new Worker(path.join(path.dirname(here), '../fuzz.mjs'), { argv: [folder, String(100 + k), '1000000'], stdout: true, stderr: true });
        await sleep(60 + 37 * k);
        await within(worker.terminate(), 'to terminate operations');
    }
    load();
    await turns(2);
    const last = begin('loop');
    await new Promise((done) => last.once('message', done));
    process.exit(0);            // which waits for it
}
