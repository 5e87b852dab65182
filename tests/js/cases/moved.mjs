// Bytes of a memory that were moved to another thread (ArrayBuffer.prototype.transfer) are there when the thread that made the
// memory has ended; and what nobody moved goes with its thread. Needs Node 22.
import assert from 'node:assert';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import url from 'node:url';
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads';
import { folder, load, turns } from './case.mjs';

const { transfer } = ArrayBuffer.prototype;
const here = url.fileURLToPath(import.meta.url);

// What the addon shows to our part in JavaScript is taken from it and dropped: nobody ends by that.
async function takeSlots() {
    (() => transfer.call(createRequire(here)(path.join(folder, 'weft.node')).slots()))();
    await turns(3);
}

async function worker(way) {
    const { Memory } = load().WebAssembly;
    const memories = Array.from({ length: 6 }, () => new Memory({ initial: 1, maximum: 4 }));
    memories.forEach((memory, k) => new Uint8Array(memory.buffer).fill(k));
    globalThis.kept = memories;
    if (way === 'keeps') return parentPort.postMessage([]);
    if (way === 'slots') await takeSlots();
    const moved = [transfer.call(memories[1].buffer), transfer.call(memories[4].buffer)];
    memories[1].grow(1);                        // whose old buffer has no bytes now
    new Uint8Array(memories[1].buffer)[0] = 1;
    memories[2].grow(1);
    new Uint8Array(memories[2].buffer)[0] = 2;  // and a younger one
    if (way === 'again') moved.push(transfer.call(memories[1].buffer));
    if (way === 'collects') {
        globalThis.kept = undefined;
        memories.length = 0;
        globalThis.gc();
    }
    parentPort.postMessage(moved, moved);
    if (way === 'loops') for (;;);
}

// Gigabytes of address space, where a memory reserves some.
const mapped = () => parseInt(/VmSize:\s+(\d+)/.exec(fs.readFileSync('/proc/self/status', 'utf8'))[1]) / 2 ** 20;

async function round(way) {
    const thread = new Worker(here, { argv: [folder], workerData: way });
    const ended = new Promise((done) => thread.once('exit', done));
    const moved = await new Promise((done, failed) => thread.once('message', done).once('error', failed));
    if (way === 'loops') thread.terminate();
    await ended;
    await turns(2);
    for (let k = 0; k < 20; k++) new Uint8Array(1 << 16).fill(255);
    moved.forEach((buffer, k) => {
        const view = new Uint8Array(buffer), value = [1, 4, 1][k];
        assert.equal(buffer.byteLength, k === 2 ? 131072 : 65536);
        assert.equal(view[0], value);
        assert.equal(view[65535], value);
    });
    for (const buffer of moved) assert.equal(new Uint8Array(buffer).fill(7)[65535], 7);
}

if (!isMainThread) worker(workerData);
else {
    assert(transfer, 'this Node moves no buffers');
    for (const way of ['moves', 'again', 'collects', 'slots', 'loops']) await round(way);
    await round('keeps');
    const before = mapped();
    for (let k = 0; k < 8; k++) await round('keeps');
    assert(mapped() - before < 8, `8 threads leave ${mapped() - before} GB of addresses behind`);
}
