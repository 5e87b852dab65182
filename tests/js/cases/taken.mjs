// Buffers of memories are nobody's to take: nothing transfers them.
import assert from 'node:assert';
import { load, wasm } from './case.mjs';

const { Instance, Memory, Module } = load().WebAssembly;
const { exports } = new Instance(new Module(wasm('(memory (export "m") 1 3) (func (export "grow") (memory.grow (i32.const 1)) (drop))')));
for (const memory of [exports.m, new Memory({ initial: 1 })]) {
    const { buffer } = memory, { port1, port2 } = new MessageChannel();
    new Uint8Array(buffer).fill(7);
    for (const take of [() => structuredClone(buffer, { transfer: [buffer] }), () => port1.postMessage(buffer, [buffer])]) {
        try {
            take();         // or it is copied
        } catch {}
        assert.equal(buffer.byteLength, 65536);
    }
    if (buffer.transfer) assert.throws(() => buffer.transfer(), TypeError);
    if (buffer.transferToFixedLength) assert.throws(() => buffer.transferToFixedLength(7), TypeError);
    port1.close();
    port2.close();
    assert.equal(memory.buffer, buffer);
    assert.equal(new Uint8Array(structuredClone(buffer))[65535], 7);
    memory.grow(1);
    assert.equal(buffer.byteLength, 0);
    assert.equal(memory.buffer.byteLength, 2 * 65536);
}
const view = new Uint8Array(exports.m.buffer);
exports.grow();
assert.equal(view.length, 0);

// Who does so all the same has bytes that stay while the memory is there.
const { transfer } = ArrayBuffer.prototype;
if (transfer) {
    const memory = new Memory({ initial: 1 }), taken = new Uint8Array(transfer.call(memory.buffer));
    taken[1] = 5;
    assert.equal(new Uint8Array(memory.buffer)[1], 5);
    memory.grow(10);
    taken[2] = 6;
    assert.equal(new Uint8Array(memory.buffer)[2], 6);
}
