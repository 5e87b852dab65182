// jspi.js -- guests that wait for promises (proposal js-promise-integration): Suspending, promising
// and SuspendError.
//
// A call that `promising` makes is a task of the engine's. When a function that is Suspending
// answers it with a promise, the function that stands for it says that it waits, and leaves the
// promise in the store; when that is settled the task goes on by calling the same function once
// more, which finds there what it came to.
'use strict';

const idl = require('./webidl.js');
const errors = require('./errors.js');

const ENDED = 0, WAITS = 2;

module.exports = (prim, { exported }, { must }) => {
  const inside = new WeakMap(); // Suspending -> function

  class Suspending {
    constructor(target) {
      const what = 'WebAssembly.Suspending()';
      idl.need(arguments.length, 1, what);
      if (typeof target !== 'function') throw new TypeError(`${what}: Argument 0 must be a function`);
      inside.set(this, target);
    }
  }
  idl.dress(Suspending, 'Suspending');

  // What a guest's call of it does: its results, or nothing, when it waits.
  function suspending(store, target) {
    return (...args) => {
      const { settled } = store;
      if (settled) {
        store.settled = undefined;
        if (settled.failed) throw settled.value;
        return settled.value;
      }
      const value = target(...args);
      return value instanceof Promise ? store.wait(value) : value;
    };
  }

  function promising(target) {
    const what = 'WebAssembly.promising()';
    idl.need(arguments.length, 1, what);
    const known = typeof target === 'function' ? exported.get(target) : undefined;
    if (!known) throw new TypeError(`${what}: Argument 0 must be a WebAssembly exported function`);
    const { store, place, type } = known;
    const wrapper = (...args) => new Promise((resolve, reject) => {
      const values = type.parameters.map((one, k) => store.accept(one, args[k]));
      values.forEach((value, k) => store.putTyped(type.parameters[k], k, value));
      const task = prim.taskStart(store.handle, place);
      if (task) go(store, type, task, resolve, reject);
      else {
        const why = prim.why();
        // Where a guest of the store stands below, nobody can be set aside.
        if (why.name === 'is_running') resolve(target(...args));
        else reject(store.reason(why));
      }
    });
    return Object.defineProperties(wrapper, {
      name: { value: target.name, configurable: true }, length: { value: target.length, configurable: true },
    });
  }

  // Until it ends, whenever what it waits for is settled.
  function go(store, type, task, resolve, reject) {
    const end = (how, value) => {
      prim.taskFree(store.handle, task);
      how(value);
    };
    const on = (settled) => {
      store.settled = settled;
      const status = prim.taskRetry(store.handle, task);
      store.settled = undefined;
      if (status === undefined) go(store, type, task, resolve, reject);
      else end(reject, store.reason(prim.why()));
    };
    const state = prim.taskState(store.handle, task);
    if (state === WAITS) {
      store.waiting().then((value) => on({ value }), (value) => on({ value, failed: true }));
      return;
    }
    if (state !== ENDED) {
      end(reject, new errors.RuntimeError('the call was stopped'));
      return;
    }
    must(prim.taskResults(store.handle, task));
    const values = type.results.map((one, k) => store.get(one, k));
    end(resolve, values.length > 1 ? values : values[0]);
  }

  return {
    Suspending, promising,
    isSuspending: (value) => inside.has(value),
    target: (store, value) => suspending(store, inside.get(value)),
  };
};
