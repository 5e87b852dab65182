// jspi.js -- guests that wait for promises (proposal js-promise-integration): Suspending, promising
// and SuspendError.
//
//     promising(f)(...)    a task of the engine's, and a promise of what it comes to
//       guest              calls a function that is Suspending:
//         target(...)      gives a value, of which a promise is made; the guest is set aside
//     ...                  and once that is settled, the task goes on: the guest calls the same
//                          function again, which finds in store.settled what it came to
//
// Who is to be set aside stands alone on the stack: no other guest of its store, and no JavaScript,
// is between the task and the function (prim.running).
'use strict';

const idl = require('./webidl.js');
const errors = require('./errors.js');

const IDLE = 0, MAY_WAIT = 1;  // of prim.running
const ENDED = 0, WAITS = 2;    // of prim.taskState; the name of a trap: it was stopped

// As they were when this was loaded, as what an engine uses itself would be.
const promiseOf = Promise.resolve.bind(Promise);
const then = Function.prototype.call.bind(Promise.prototype.then);

module.exports = (prim, { exported, hasValues }, { must }) => {
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
      if (prim.running(store.handle) !== MAY_WAIT)
        throw new errors.SuspendError('trying to suspend without WebAssembly.promising, or with JavaScript between');
      return store.wait(promiseOf(target(...args)));
    };
  }

  // `length` and `name` are the function's own, as V8 has them; the proposal's text has 1 and ''.
  function promising(target) {
    const what = 'WebAssembly.promising()';
    idl.need(arguments.length, 1, what);
    const known = typeof target === 'function' ? exported.get(target) : undefined;
    if (!known) throw new TypeError(`${what}: Argument 0 must be a WebAssembly exported function`);
    const { store, place, type } = known, callable = hasValues(type);
    const wrapper = (...args) => new Promise((resolve, reject) => {
      if (!callable) throw new TypeError('type incompatibility when transforming from/to JS');
      begin({ store, place, type, args, resolve, reject });
    });
    return Object.defineProperties(wrapper, {
      name: { value: target.name, configurable: true }, length: { value: target.length, configurable: true },
    });
  }

  // Calls that promising makes: {store, place, type, args, resolve, reject}. Where a guest of the store
  // stands below, it begins when that has been set aside, or has ended: they have one stack.
  function begin(call) {
    const { store, type, args } = call;
    const values = type.parameters.map((one, k) => store.accept(one, args[k]));
    if (prim.running(store.handle) === IDLE) start(call, values);
    else queueMicrotask(() => attempt(call, () => start(call, values)));
  }

  function attempt({ reject }, run) {
    try {
      run();
    } catch (error) {
      reject(error);
    }
  }

  function start(call, values) {
    const { store, type, place } = call;
    values.forEach((value, k) => store.putTyped(type.parameters[k], k, value));
    const task = prim.taskStart(store.handle, place);
    if (!task) store.fail();
    look(call, task);
  }

  // It has run until it ended, was stopped, or waits.
  function look(call, task) {
    const { store: { handle }, store } = call, state = prim.taskState(handle, task);
    if (state === WAITS) {
      then(store.waiting(), (value) => goOn(call, task, { value }), (value) => goOn(call, task, { value, failed: true }));
      return;
    }
    attempt(call, () => call.resolve(results(call, task, state)));
    prim.taskFree(handle, task);
  }

  function results({ store, type }, task, state) {
    if (state !== ENDED) throw errors.stopped(state);
    must(prim.taskResults(store.handle, task));
    const values = type.results.map((one, k) => store.get(one, k));
    return values.length > 1 ? values : values[0];
  }

  function goOn(call, task, settled) {
    const { store } = call;
    attempt(call, () => {
      store.settled = settled;
      let ended = true;
      try {
        ended = prim.taskRetry(store.handle, task) !== undefined;
        if (ended) store.fail();
      } finally {
        store.settled = undefined;
        if (ended) prim.taskFree(store.handle, task);
      }
      look(call, task);
    });
  }

  return {
    Suspending, promising,
    isSuspending: (value) => inside.has(value),
    target: (store, value) => suspending(store, inside.get(value)),
  };
};
