// What no browser has: limits, fuel and time, stops, snapshots and forks.
import { compile, same, throws } from '../wat.mjs';
import weft from '../../../build/js/index.mjs';

const { RuntimeError, LinkError, Instance } = WebAssembly;
const module = compile(`(module
  (import "host" "f" (func $f (param i32) (result i32)))
  (import "host" "see" (func $see (param externref)))
  (memory (export "memory") 1)
  (table (export "table") 4 externref)
  (global $count (export "count") (mut i32) (i32.const 0))
  (type $box (struct (field externref)))
  (global $box (mut (ref null $box)) (ref.null $box))
  (func (export "spin") (loop $l (br $l)))
  (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))
  (func (export "sum") (param $n i32) (result i32) (local $sum i32)
    (loop $l
      (local.set $sum (i32.add (local.get $sum) (call $f (local.get $n))))
      (global.set $count (i32.add (global.get $count) (i32.const 1)))
      (br_if $l (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (local.get $sum))
  (func (export "two") (result i32 i64) (loop $l (br_if $l (call $f (i32.const 0)))) (i32.const 1) (i64.const 2))
  (func (export "keep") (param externref) (global.set $box (struct.new $box (local.get 0))))
  (func (export "kept") (call $see (struct.get $box 0 (global.get $box))))
  (func (export "nan") (param f64) (result i64) (i64.reinterpret_f64 (f64.div (local.get 0) (local.get 0)))))`);
const seen = [];
const host = { f: (n) => n, see: (value) => seen.push(value) };
const make = (limits, more) => new Instance(module, { host: { ...host, ...more } }, { weft: limits });
const code = (Class, name, run) => same(throws(Class, run).code, name);

// ---- Fuel

const fueled = make({ fuel: 10000 });
const begun = weft.fuel(fueled);
same(fueled.exports.sum(3), 6);
const taken = begun - weft.fuel(fueled);
same(taken > 10 && taken < 1000, true);
weft.setFuel(fueled, taken);
same(fueled.exports.sum(3), 6);
same(weft.fuel(fueled), 0);
code(RuntimeError, 'out_of_fuel', () => fueled.exports.sum(3));
same(weft.isStopped(fueled), true);
code(RuntimeError, 'out_of_fuel', () => weft.resume(fueled));
weft.setFuel(fueled, taken);
same(weft.resume(fueled), 6); // the same in two pieces
same(weft.fuel(fueled), 0);
throws(TypeError, () => weft.resume(fueled));
weft.setFuel(fueled, 2n ** 70n);
same(weft.fuel(fueled) > 2 ** 62, true);

const lean = compile('(module (func (export "f") (result i32) (loop) (i32.const 1)))');
for (const nothing of [0, 0n, -0, 0.5]) {
  const none = new Instance(lean, {}, { weft: { fuel: nothing } });
  for (const one of [none, weft.fork(none), weft.restore(weft.snapshot(none), lean)]) {
    same(weft.fuel(one), 0);
    code(RuntimeError, 'out_of_fuel', () => one.exports.f());
    weft.setFuel(one, 100);
    same(weft.resume(one), 1);
  }
  code(RuntimeError, 'out_of_fuel', () => make({ fuel: nothing })); // what is made takes some
}
same(weft.fuel(make()), undefined);
same(weft.fuel(make({})), undefined);
code(RuntimeError, 'not_fueled', () => weft.setFuel(make(), 5));
code(RuntimeError, 'out_of_fuel', () => new Instance(compile('(module (func $f (loop $l (br $l))) (start $f))'), {}, { weft: { fuel: 100 } }));

// ---- Other limits

const timed = make({ timeLimit: 20 });
for (let k = 0; k < 2; k++) {
  code(RuntimeError, 'time_limit', () => timed.exports.spin());
  same(timed.exports.sum(4), 10);
}
weft.setTimeLimit(timed, 10);
code(RuntimeError, 'time_limit', () => timed.exports.spin());
same(weft.isStopped(timed), true);
code(RuntimeError, 'time_limit', () => weft.resume(timed));
weft.setTimeLimit(timed, 0);
same(timed.exports.sum(4), 10);

const small = make({ memoryBytes: 3 * 65536, tableEntries: 5 });
same(small.exports.grow(2), 1);
same(small.exports.grow(1), -1);
throws(RangeError, () => small.exports.memory.grow(1));
same(small.exports.memory.buffer.byteLength, 3 * 65536);
same(small.exports.table.grow(1), 4);
throws(RangeError, () => small.exports.table.grow(1));
same(weft.usage(small).memoryBytes, 3 * 65536);
same(weft.usage(small).instances, 1);
code(RangeError, 'limit_memory_size', () => make({ memoryBytes: 1 }));
same(make({ deterministic: true }).exports.nan(0).toString(16), '7ff8000000000000');

for (const wrong of [{ fuell: 1 }, { fuel: -1 }, { fuel: -1n }, { fuel: NaN }, { fuel: '5' }, { memoryBytes: null }, { timeLimit: -1 }, 5, 'fuel'])
  throws(TypeError, () => make(wrong));
throws(TypeError, () => make({ fuell: 1 }), 'memoryBytes');
for (const wrong of [-1, NaN, '5', undefined]) throws(TypeError, () => weft.setFuel(fueled, wrong));
for (const wrong of [undefined, {}, fueled.exports, module, fueled.exports.memory]) {
  same(weft.isInstance(wrong), false);
  for (const name of ['fuel', 'usage', 'collect', 'stop', 'isStopped', 'resume', 'snapshot', 'fork']) throws(TypeError, () => weft[name](wrong));
}
same(weft.isInstance(fueled), true);
throws(LinkError, () => new Instance(compile('(module (import "m" "memory" (memory 1)))'), { m: fueled.exports }, { weft: {} }));

// ---- Stops

for (const why of ['paused', 'interrupted', 'time_limit']) {
  const guest = make({}, { f: (n) => (n === 2 && weft.stop(guest, why), n) });
  code(RuntimeError, why, () => guest.exports.sum(4));
  same(weft.isStopped(guest), true);
  same(guest.exports.count.value, 3);
  same(weft.resume(guest), 10);
  same(weft.isStopped(guest), false);
  code(RuntimeError, why, () => guest.exports.sum(4));
  same(guest.exports.sum(1), 1); // another call, and the first is gone
  same(weft.isStopped(guest), false);
  throws(TypeError, () => weft.resume(guest));
  const promised = await WebAssembly.promising(guest.exports.sum)(4).catch((error) => error);
  same(promised instanceof RuntimeError, true);
  same(promised.code, why);
  same(guest.exports.sum(1), 1);
}
throws(TypeError, () => weft.stop(fueled, 'for no reason'));
let rounds = 0;
const two = make({}, { f: () => (weft.stop(two), ++rounds % 2) });
code(RuntimeError, 'paused', () => two.exports.two());
same(weft.resume(two).join(), '1,2'); // stopped too late, which is for no other call
code(RuntimeError, 'paused', () => two.exports.two());
const short = make({ fuel: 100 });
same((await WebAssembly.promising(short.exports.sum)(4).catch((error) => error)).code, 'out_of_fuel');

// ---- Snapshots and forks, between calls

const first = make({ fuel: 5000 });
new Uint8Array(first.exports.memory.buffer)[5] = 42;
first.exports.count.value = 7;
first.exports.grow(1);
const bytes = weft.snapshot(first), other = weft.restore(bytes, module, { host: { ...host, f: (n) => 10 * n } });
same(bytes instanceof Uint8Array, true);
same(weft.fuel(other), weft.fuel(first));
same(new Uint8Array(other.exports.memory.buffer)[5], 42);
same(other.exports.memory.buffer.byteLength, 131072);
same(other.exports.count.value, 7);
same(other.exports.sum(3), 60);
same(first.exports.sum(3), 6);
same(first.exports.count.value, 10);
code(RuntimeError, 'malformed_snapshot', () => weft.restore(bytes.subarray(0, bytes.length - 9), module, { host }));
code(RuntimeError, 'malformed_snapshot', () => weft.restore(new Uint8Array(50), module, { host }));
throws(TypeError, () => weft.restore(bytes, module));
throws(TypeError, () => weft.restore('text', module, { host }));
throws(TypeError, () => weft.restore(bytes, {}, { host }));
throws(LinkError, () => weft.restore(bytes, compile('(module)'), {}));
code(RangeError, 'limit_memory_size', () => weft.restore(bytes, module, { host }, { weft: { memoryBytes: 65536 } }));

// Values of JavaScript's, also in objects of the guest's.
const values = make(), object = { an: 'object' };
values.exports.table.set(0, object);
values.exports.table.set(1, 'text');
values.exports.keep(object);
code(RuntimeError, 'cannot_snapshot', () => weft.snapshot(values));
class Mine extends Error {}
throws(Mine, () => weft.snapshot(values, { number: () => { throw new Mine(); } }));
const all = new Map();
const numbered = weft.snapshot(values, { number: (value) => (all.has(value) || all.set(value, all.size + 1), all.get(value)) });
code(RuntimeError, 'snapshot_mismatch', () => weft.restore(numbered, module, { host }));
throws(Mine, () => weft.restore(numbered, module, { host }, { value: () => { throw new Mine(); } }));
const again = weft.restore(numbered, module, { host }, { value: (number) => [...all.keys()][number - 1] });
const copy = weft.fork(values, { host });
for (const one of [again, copy]) {
  same(one.exports.table.get(0), object);
  same(one.exports.table.get(1), 'text');
  one.exports.kept();
  same(seen.pop(), object);
  one.exports.table.set(1, 'other');
  one.exports.keep(null);
}
values.exports.kept();
same(seen.pop(), object);
same(values.exports.table.get(1), 'text');
const named = weft.fork(values, { host }, { value: (number) => `value ${number}` });
same(typeof named.exports.table.get(0), 'string');
for (const one of [values, copy]) { // each has places of its own for them
  for (let k = 0; k < 3000; k++) one.exports.table.set(2, `value ${k}`);
  weft.collect(one);
  for (let k = 0; k < 3000; k++) one.exports.table.set(3, [k]);
  same(one.exports.table.get(0), object);
  same(one.exports.table.get(2), 'value 2999');
  same(one.exports.table.get(3)[0], 2999);
}

// ---- And in a call that was stopped

let at = 3;
const stopped = make({}, { f: (n) => (n === at && weft.stop(stopped), n) });
code(RuntimeError, 'paused', () => stopped.exports.sum(5));
at = 0;
const kept = weft.snapshot(stopped), forked = weft.fork(stopped, { host: { ...host, f: (n) => 10 * n } });
const restored = [0, 1].map((k) => weft.restore(kept, module, { host: { ...host, f: (n) => 100 * n + k } }));
for (const one of [forked, ...restored]) same(weft.isStopped(one), true);
same(weft.resume(forked), 42);
same(weft.resume(stopped), 15);
same(restored.map((one) => weft.resume(one)).join(), '312,314');
for (const one of [stopped, forked, ...restored]) same(one.exports.count.value, 5);
const changed = compile('(module (import "host" "f" (func (param i32) (result i32))))');
throws(Error, () => weft.restore(kept, changed, { host }));
