// Guests that wait for promises: what waits, what is refused, and what comes of it either way.
import { instance, same, throws } from '../wat.mjs';

const { promising, Suspending, SuspendError, RuntimeError, JSTag } = WebAssembly;
const tick = () => new Promise(setImmediate);
const rejected = (promise) => promise.then((value) => { throw new Error(`it gives ${String(value)}`); }, (error) => error);
const log = [];
const logged = () => log.splice(0).join();

// ---- The two themselves

throws(TypeError, () => Suspending(() => 1));
for (const wrong of [undefined, null, {}, 'text', new Suspending(() => 1)]) {
  throws(TypeError, () => new Suspending(wrong));
  throws(TypeError, () => promising(wrong));
}
throws(TypeError, () => promising(() => 1));
throws(TypeError, () => promising());
throws(TypeError, () => new Suspending());
same(Object.prototype.toString.call(new Suspending(() => 1)), '[object WebAssembly.Suspending]');
same(Suspending.length, 1);
same(promising.length, 1);
same(new SuspendError('why') instanceof Error, true);
same(new SuspendError('why') instanceof RuntimeError, false);

// ---- One guest, whose function `wait` may be anything

let wait;
const text = `(module
  (import "js" "wait" (func $wait (param i32) (result i32)))
  (import "js" "log" (func $log (param i32)))
  (import "js" "tag" (tag $js (param externref)))
  (import "js" "back" (func $back (param i32) (result i32)))
  (import "js" "pass" (func $pass (param i64 externref anyref f32) (result f32 anyref externref i64)))
  (type $pair (struct (field i32)))
  (tag $own (export "own") (param i32))
  (global $global (export "global") (mut i32) (i32.const 0))
  (func (export "once") (param i32) (result i32) (call $wait (local.get 0)))
  (func (export "plain") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
  (func (export "none"))
  (func (export "sum") (param $n i32) (result i32) (local $sum i32)
    (loop $l
      (local.set $sum (i32.add (local.get $sum) (call $wait (local.get $n))))
      (br_if $l (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (local.get $sum))
  (func (export "order") (call $log (i32.const 1)) (call $log (call $wait (i32.const 2))) (call $log (i32.const 3)))
  (func (export "caught") (result externref)
    (block $h (result externref) (try_table (catch $js $h) (drop (call $wait (i32.const 0)))) (ref.null extern)))
  (func (export "caughtOwn") (result i32)
    (block $h (result i32) (try_table (catch $own $h) (drop (call $wait (i32.const 0)))) (i32.const -1)))
  (func (export "throw") (drop (call $wait (i32.const 0))) (throw $own (i32.const 7)))
  (func (export "trap") (drop (call $wait (i32.const 0))) (unreachable))
  (func (export "back") (result i32) (i32.add (call $back (i32.const 5)) (i32.const 100)))
  (func (export "deep") (param i32) (result i32)
    (if (result i32) (local.get 0) (then (i32.add (call 11 (i32.sub (local.get 0) (i32.const 1))) (i32.const 1)))
      (else (call $wait (i32.const 0)))))
  (func (export "values") (param i64 externref anyref f32) (result f32 anyref externref i64)
    (call $pass (local.get 0) (local.get 1) (local.get 2) (local.get 3)))
  (func (export "pair") (param i32) (result (ref $pair)) (struct.new $pair (local.get 0)))
  (func (export "first") (param (ref $pair)) (result i32) (drop (call $wait (i32.const 0))) (struct.get $pair 0 (local.get 0)))
  (func (export "give") (param externref) (result externref) (local.get 0))
  (func (export "v128") (result v128) (global.set $global (i32.const 1)) (v128.const i64x2 1 2))
  (export "itself" (func $wait)))`.replace('call 11', 'call $deep').replace('(func (export "deep")', '(func $deep (export "deep")');
let back = () => 0;
const js = { wait: new Suspending((...args) => wait(...args)), log: (n) => log.push(n), tag: JSTag, back: (n) => back(n),
  pass: new Suspending(async (a, b, c, d) => [d, c, b, a]) };
const make = (options) => instance(text, { js }, options).exports;
const e = make();
const p = Object.fromEntries(Object.entries(e).filter(([, value]) => typeof value === 'function').map(([name, f]) => [name, promising(f)]));

same(p.plain.length, 2);
same(p.plain.name, e.plain.name);
throws(TypeError, () => new p.plain());
same(await p.plain(1, 2), 3);
same(await p.none(), undefined);
same(p.none() instanceof Promise, true);

// What waits is a promise of what the function gives, whatever that is.
const thenable = { then: (resolve) => resolve(7) };
for (const seven of [7, '7', Promise.resolve(7), thenable, tick().then(() => 7), (async () => 7)(), new (class extends Promise {})((resolve) => resolve(7))]) {
  wait = () => seven;
  same(await p.once(0), 7);
  same(await p.itself(0), 7);
  same(await p.deep(100), 107);
}
wait = (n) => n;
const running = p.order();
log.push('JavaScript');
await running;
same(logged(), '1,JavaScript,2,3');
for (wait of [async (n) => n, (n) => n, (n) => tick().then(() => n)]) same(await p.sum(10), 55);
same((await Promise.all([1, 2, 3, 4].map((n) => p.sum(n)))).join(), '1,3,6,10');
const { then } = Promise.prototype;
wait = (n) => n;
Promise.prototype.then = () => { throw new Error('not this one'); };
const unseen = p.sum(3);
Promise.prototype.then = then;
same(await unseen, 6);

// Values of all types go through, and objects of guests stay what they are.
const object = e.pair(42), map = new Map();
for (const any of [5, 'text', object, null, -0, map]) {
  const [d, c, b, a] = await p.values(-1n, map, any, 1.5);
  same(d, 1.5);
  same(c, any);
  same(b, map);
  same(a, -1n);
}
wait = () => tick().then(() => globalThis.gc?.());
same(await p.first(object), 42);
same(await p.give(Promise.resolve(5)), 5); // in V8 a promise for a promise

// ---- Failures

// Of parameters: nothing has run then.
same(await rejected(p.sum(1n)) instanceof TypeError, true);
same(await rejected(p.first({})) instanceof TypeError, true);
same(await rejected(p.v128()) instanceof TypeError, true);
same(e.global.value, 0);

// Of what the function gives.
wait = async () => 1n;
same(await rejected(p.once(0)) instanceof TypeError, true);
for (const reason of [undefined, null, 5, 'text', new Error('mine'), object]) {
  for (wait of [() => Promise.reject(reason), () => { throw reason; }, async () => { await tick(); throw reason; }, () => ({ then: (_, reject) => reject(reason) }),
    () => ({ get then() { throw reason; } })]) {
    same(await rejected(p.once(0)), reason);
    same(await p.caught(), reason);
  }
}
wait = async () => { throw new WebAssembly.Exception(e.own, [9]); };
same((await rejected(p.once(0))).getArg(e.own, 0), 9);
same(await p.caughtOwn(), 9);
wait = async () => 0;
same((await rejected(p.throw())).getArg(e.own, 0), 7);
same(await rejected(p.trap()) instanceof RuntimeError, true);
for (const name of ['once', 'sum']) same(await p[name](1), 0); // and nobody minds

// ---- Where nobody can wait, and the function is not called

wait = () => log.push('called');
throws(SuspendError, () => e.once(0));
same(e.caught() instanceof SuspendError, true);
throws(SuspendError, () => e.itself(0));
throws(SuspendError, () => instance('(module (import "js" "f" (func $f)) (start $f))', { js: { f: new Suspending(() => log.push('called')) } }));
back = (n) => e.once(n); // JavaScript stands between
same(await rejected(p.back()) instanceof SuspendError, true);
back = () => e.caught() instanceof SuspendError;
same(await p.back(), 101);
same(logged(), '');

// A guest that waits is in nobody's way.
wait = (n) => tick().then(() => n);
const waits = p.once(5);
same(e.plain(1, 2), 3);
throws(SuspendError, () => e.once(0));
same(await waits, 5);

// ---- Guests that JavaScript calls for a guest, which wait both

for (wait of [(n) => tick().then(() => n), (n) => n]) {
  back = (n) => p.once(n);
  const outer = instance(`(module
    (import "js" "between" (func $between (param i32) (result i32)))
    (import "m" "global" (global (mut i32)))
    (func (export "run") (param i32) (result i32) (i32.add (call $between (local.get 0)) (i32.const 1000))))`,
  { js: { between: new Suspending((n) => back(n)) }, m: e }).exports;
  const run = promising(outer.run);
  same(await run(1), 1001);
  back = async (n) => (await p.once(n)) + (await run2(n));
  const run2 = (n) => (n ? p.sum(n) : 0);
  same(await run(3), 1009);
  back = (n) => p.deep(n);
  same(await run(10), 1010);
}
wait = (n) => n;
let later;
back = (n) => { later = p.sum(n); return 1; }; // in one that does not wait, or not at all
same(await p.back(), 101);
same(await later, 15);
same(e.back(), 101);
same(await later, 15);
back = () => { later = p.first(e.pair(6)); return 1; };
same(e.back(), 101);
globalThis.gc?.();
same(await later, 6);
back = () => { later = rejected(p.first({})); return 1; };
same(e.back(), 101);
same(await later instanceof TypeError, true);

// ---- Two instances, of one store and of two

const second = instance(`(module
  (import "m" "once" (func $once (param i32) (result i32)))
  (func (export "twice") (param i32) (result i32) (i32.add (call $once (local.get 0)) (call $once (local.get 0)))))`, { m: e }).exports;
wait = (n) => tick().then(() => n);
same(await promising(second.twice)(21), 42);
const apart = make({ weft: {} });
same((await Promise.all([promising(apart.sum)(3), p.sum(4), promising(apart.sum)(5)])).join(), '6,10,15');

// ---- Many, and what is left of them

for (wait of [(n) => tick().then(() => n), (n) => n]) {
  const all = await Promise.all(Array.from({ length: 2000 }, (_, k) => p.sum(1 + k % 5)));
  same(all.reduce((a, b) => a + b), 14000);
}
wait = () => new Promise(() => {});
for (let k = 0; k < 1000; k++) p.once(k); // for ever
if (globalThis.gc) {
  const ended = new WeakRef((() => {
    const own = make({ weft: {} });
    promising(own.once)(1);
    return own.once;
  })());
  for (let k = 0; ended.deref() && k < 50; k++) {
    await tick();
    gc();
  }
  same(ended.deref(), undefined);
}
