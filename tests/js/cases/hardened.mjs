// Who changes what Weft's part in JavaScript is made of breaks that, and no memory: primitives look at what they are given.
import assert from 'node:assert';
import path from 'node:path';
import { createRequire } from 'node:module';
import { folder, load, turns, wasm } from './case.mjs';

const prim = createRequire(import.meta.url)(path.join(folder, 'weft.node'));
const { WebAssembly } = load();
const bytes = wasm(`(import "e" "f" (func $f (param externref) (result anyref))) (memory (export "m") 1) (table (export "t") 1 funcref)
  (tag (export "x") (param i32)) (global (export "g") (mut anyref) (ref.null any))
  (func (export "run") (param externref) (result anyref) (call $f (local.get 0)))`);

// Anything at all to each primitive, some of it good.
const store = prim.storeNew({}), module = prim.compile(bytes), slots = new Uint32Array(prim.slots());
const items = () => { throw new Error('read'); };
const values = [undefined, null, 0, 1, 2, 3, -1, 2 ** 31, 2 ** 53, NaN, 2n ** 64n, 'i', 'r:a', ':', 'E', {}, [], [1, 2], () => {}, store, module,
    Object.create(null, { length: { value: 2 ** 31 } }), Object.defineProperty([0], 0, { get: items }), new Proxy([1], { get: items }),
    bytes, new Uint8Array(new SharedArrayBuffer(8)), new Float64Array(2), new ArrayBuffer(0), Symbol('s'),
    { fuel: -1, get memoryBytes() { throw new Error('read'); } }, { stdio: [1n], args: ['a', 1], env: ['a', 'b=c'], dirs: ['', 'ro', 'ro:x'] }];
let seed = 1;
const random = (n) => (seed = (Math.imul(seed, 1103515245) + 12345) >>> 0, Math.floor(seed / 2 ** 32 * n));
const some = () => values[random(values.length)];
const given = prim.funcNew(store, 'r:a', () => { slots[0] = random(9); slots[1] = random(5); });
const instance = prim.instantiate(module, store, [given]);
const run = prim.callee(store, prim.exported(store, instance, 4));
for (let i = 0; i < 60000; i++) {
    const names = Object.keys(prim).filter((name) => name !== 'compileLater' || i % 64 === 0);
    const name = names[random(names.length)];
    for (let k = 0; k < 4; k++) slots[k] = random(6);
    try {
        if (name === 'stop') prim.stop(store, 0);
        else prim[name](...(random(3) ? [random(4) ? store : module, ...[store, some(), some(), some(), some()].slice(random(2))] : [some(), some(), some()]));
        run();
    } catch {}
    prim.why();
    if (i % 10000 === 0) await turns();
}
// What calls a function keeps it.
const alone = (() => {
    const one = prim.storeNew({});
    return prim.callee(one, prim.exported(one, prim.instantiate(module, one, [prim.funcNew(one, 'r:a', () => {})]), 4));
})();
await turns(4);
alone();

// Nothing is mapped but over a buffer that has room for just all of the memory, in pages of its own.
if (ArrayBuffer.prototype.resize) {
    const PAGE = 65536, one = prim.storeNew({}), memory = prim.memoryNew(one, 1, 8, false), room = (size, most) => new ArrayBuffer(size, { maxByteLength: most });
    const lies = Object.defineProperties(room(PAGE, PAGE), { maxByteLength: { value: 8 * PAGE }, byteLength: { value: PAGE } });
    for (const wrong of [room(PAGE, PAGE), room(PAGE, 9 * PAGE), room(2 * PAGE, 8 * PAGE), new ArrayBuffer(PAGE), new ArrayBuffer(8 * PAGE), lies, new Uint8Array(PAGE), {}, null])
        assert.equal(prim.memoryResizable(one, memory, wrong, 8 * PAGE), undefined);
    const good = room(PAGE, 8 * PAGE);
    assert.equal(prim.memoryResizable(one, memory, good), true);
    assert.equal(prim.memoryGrow(one, memory, 7), 1);
    assert.equal(good.byteLength, 8 * PAGE);
    const endless = prim.memoryNew(one, 1, undefined, false);
    for (const most of [PAGE, 65536 * PAGE]) assert.equal(prim.memoryResizable(one, endless, room(PAGE, most)), undefined);
}

// The slots are one buffer, whoever takes it away.
const before = prim.slots();
assert.equal(prim.slots(), before);

// Handles that are another's.
const { get } = WeakMap.prototype;
const seen = new Set();
let odd;
WeakMap.prototype.get = function (key) {
    const found = get.call(this, key);
    if (found && typeof found === 'object') seen.add(found);
    return odd && typeof key === 'object' ? odd() : found;
};
const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { e: { f: (v) => v } });
const all = [exports, exports.m, exports.t, exports.g, exports.x];
for (const one of all) for (const name of ['buffer', 'length', 'value', 'grow', 'get']) try { one[name]?.(1); } catch {}
exports.run(exports);
const states = [...seen], handles = states.flatMap((s) => [s.handle, s.store?.handle, s.store]).filter((h) => h);
for (let i = 0; i < 3000; i++) {
    const { handle, store: s, ...rest } = states[random(states.length)];
    const fake = { ...rest, handle: handles[random(handles.length)], store: { ...s, __proto__: s && Object.getPrototypeOf(s), handle: handles[random(handles.length)] }, place: random(9) };
    odd = () => fake;
    const one = all[random(all.length)];
    try {
        [() => one.m?.buffer, () => one.grow(1), () => one.get(0), () => one.set(0, null), () => one.value, () => { one.value = 1; }, () => one.type(),
            () => new WebAssembly.Instance(one, { e: { f: one } }), () => WebAssembly.Module.exports(one), () => exports.run(one)][random(10)]();
    } catch {}
    odd = undefined;
}
WeakMap.prototype.get = get;
await turns(3);
