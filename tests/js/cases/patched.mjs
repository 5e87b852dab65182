// What programs change of JavaScript's own, before Weft is loaded or later, may break them, and no memory.
let armed = false, state = 7, stolen = [];
const { apply, ownKeys, getOwnPropertyDescriptor, defineProperty } = Reflect;
const random = (n) => (state = (state * 1103515245 + 12345) % 2147483648, state % n);
const garbage = [undefined, null, 0, 1, -1, 7, 2 ** 40, 1n, '', 'i', 'lfd', [], {}, () => 1, Symbol('s'), new Uint8Array(8), new WeakMap()];

function spoil(object, name) {
    const { value, writable, configurable } = getOwnPropertyDescriptor(object, name);
    if (typeof value !== 'function' || name === 'constructor' || !(writable || configurable)) return;
    const replaced = function (...args) {
        if (!armed) return new.target ? Reflect.construct(value, args, new.target) : apply(value, this, args);
        armed = false;
        try {
            const way = random(40);
            if (way === 0) throw new Error('spoiled');
            if (way === 1) return garbage[random(garbage.length)];
            if (way === 2 && stolen.length) return stolen[random(stolen.length)];
            const found = new.target ? Reflect.construct(value, args, new.target) : apply(value, this, args);
            for (const one of [found, this, ...args])
                if (one !== null && (typeof one === 'object' || typeof one === 'function') && stolen.length < 400 && random(8) === 0) stolen[stolen.length] = one;
            return found;
        } finally {
            armed = true;
        }
    };
    replaced.prototype = value.prototype;
    for (const key of ownKeys(value)) if (key !== 'prototype') try { defineProperty(replaced, key, getOwnPropertyDescriptor(value, key)); } catch {}
    try { object[name] = replaced; } catch {}
}
const classes = { Array, Map, WeakMap, WeakRef, FinalizationRegistry, Object, Reflect, BigInt, Math, Number, Set, String, ArrayBuffer, Uint8Array };
for (const [name, one] of Object.entries(classes)) {
    for (const key of ownKeys(one)) spoil(one, key);
    if (one.prototype && name !== 'Object') for (const key of ownKeys(one.prototype)) if (!getOwnPropertyDescriptor(one.prototype, key).get) spoil(one.prototype, key);
}
for (const name of ['Function', 'WeakMap', 'WeakRef', 'Map', 'Uint8Array', 'Int32Array', 'BigInt']) spoil(globalThis, name);

const { worlds } = await import('../fuzz.mjs');
for (let k = 0; k < (+process.argv[3] || 150); k++) await worlds(k, (on) => { armed = on; });
armed = false;
globalThis.gc();
