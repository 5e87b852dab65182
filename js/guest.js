// guest.js -- what no browser has: limits, fuel, stops, snapshots and forks, of an instance and all
// that it shares a store with.
'use strict';

const idl = require('./webidl.js');
const errors = require('./errors.js');
const limits = require('./limits.js');

const REASONS = { interrupted: 1, time_limit: 2, paused: 3 };

module.exports = (prim, { Store }, { of, inside, must }, { readImports, place, wrap, moduleOf }) => {
  const storeOf = (instance) => of(instance, 'Instance').store;

  // Into a store of its own, which has what the module imports, and no instance yet.
  function restored(module, given, from, options, what) {
    const state = moduleOf(module), forks = from instanceof Store;
    const { weft, value } = idl.dictionary(options, `${what}: options`);
    const { fuel, deterministic } = forks ? { fuel: prim.fuel(from.handle), deterministic: from.deterministic } : must(prim.look(from));
    const store = new Store({ ...limits.read(weft, what), ...(fuel === undefined ? {} : { fuel }), deterministic });
    const ask = value && ((number) => store.hold(value(number)));
    if (forks && !ask) from.copyTo(store);
    const places = place(store, state, readImports(state, given, what), what);
    const number = must(prim.restore(store.handle, state.handle, places, forks ? from.handle : from, ask));
    if (!number) throw new TypeError(`${what}: it is of other modules, or of several instances`);
    return wrap(module, store, number);
  }

  return {
    // Units of fuel that are left; undefined where they are not counted.
    fuel: (instance) => prim.fuel(storeOf(instance).handle),
    setFuel(instance, units) {
      limits.check('fuel', units);
      must(prim.setFuel(storeOf(instance).handle, units));
    },
    // Milliseconds that each call from JavaScript may take from now on; 0: any time.
    setTimeLimit(instance, milliseconds) {
      limits.check('timeLimit', milliseconds);
      must(prim.timeLimit(storeOf(instance).handle, milliseconds));
    },
    // Of the limits what is used now.
    usage: (instance) => must(prim.usage(storeOf(instance).handle)),
    collect(instance) {
      must(prim.collect(storeOf(instance).handle));
    },

    // For a function that the guest called: when that returns the guest ends in a RuntimeError with
    // this `code`, and may go on later.
    stop(instance, why = 'paused') {
      const { handle } = storeOf(instance);
      prim.stop(handle, REASONS[idl.enumeration(why, Object.keys(REASONS), 'stop')]);
    },
    // Is there a call that was stopped, and can go on?
    isStopped: (instance) => prim.stopped(storeOf(instance).handle) !== undefined,
    // It goes on, and gives what it would have given.
    resume(instance) {
      const store = storeOf(instance);
      const place = prim.stopped(store.handle);
      if (place === undefined) throw new TypeError('resume: no call of it was stopped');
      const { results } = prim.itemType(store.handle, place);
      prim.stop(store.handle, 0);
      const status = prim.goOn(store.handle);
      if (status !== undefined) store.fail();
      const values = results.map((type, k) => store.get(type, k));
      return values.length > 1 ? values : values[0];
    },

    // All of its store as bytes. `number` gives a number for each value of JavaScript's that the
    // guest has.
    snapshot(instance, options) {
      const store = storeOf(instance);
      const { number } = idl.dictionary(options, 'snapshot: options');
      return new Uint8Array(must(prim.snapshot(store.handle, number && ((place) => number(store.externs[place])))));
    },
    // An instance as it was when the snapshot was made. `value` gives the value of a number.
    restore(bytes, module, imports, options) {
      return restored(module, imports, idl.bytesOf(bytes, 'restore: Argument 0').slice(), options, 'restore');
    },
    // A second instance that stands where the first one does; what it imports may be something else.
    fork(instance, imports, options) {
      const { store, module } = of(instance, 'Instance');
      return restored(module, imports, store, options, 'fork');
    },

    ExitError: errors.ExitError,
    isInstance: (value) => inside.get(value)?.kind === 'Instance',
  };
};
