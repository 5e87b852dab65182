// wrappers.js -- functions that stand between JavaScript and a guest: one is generated for each
// signature, so that a call of numbers does nothing but convert, write slots, and read them.
'use strict';

const { asIntN } = BigInt;

// How a parameter becomes a constant, how that is written, and how a result is read. By the letter
// of a type; `store` and `types` are what the wrapper was made with.
const numbers = {
  i: { take: (v) => `${v} | 0`, put: (k, v) => `I32[${2 * k}] = ${v}`, get: (k) => `I32[${2 * k}]` },
  l: { take: (v) => `asIntN(64, ${v})`, put: (k, v) => `B64[${k}] = ${v}`, get: (k) => `B64[${k}]` },
  f: { take: (v) => `+${v}`, put: (k, v) => `F32[${2 * k}] = ${v}`, get: (k) => `F32[${2 * k}]` },
  d: { take: (v) => `+${v}`, put: (k, v) => `F64[${k}] = ${v}`, get: (k) => `F64[${k}]` },
};
const other = (letter, t) => ({
  take: (v) => `store.accept(${t}, ${v})`,
  put: (k, v) => (letter === 'F' ? `store.put(${k}, ${v})` : `store.putAny(${k}, ${v})`),
  get: (k) => `store.get(${t}, ${k})`,
});
const part = (letter, t) => numbers[letter] ?? other(letter, `types[${t}]`);
const list = (count, one) => Array.from({ length: count }, (_, k) => one(k));

// Values are converted before the first is written: that may run anything, another call too.
function outwards(params, results) {
  const names = list(params.length, (k) => `a${k}`);
  const result = (k) => part(results[k], params.length + k).get(k);
  return `
    let raw = () => (raw = link())();
    return (${names.join(', ')}) => {
      ${names.map((v, k) => `const c${k} = ${part(params[k], k).take(v)};`).join(' ')}
      ${names.map((_, k) => `${part(params[k], k).put(k, `c${k}`)};`).join(' ')}
      const status = raw();
      if (status !== undefined) store.fail(status);
      ${results.length === 0 ? '' : results.length === 1 ? `return ${result(0)};`
        : `return [${list(results.length, result).join(', ')}];`}
    };`;
}

function inwards(params, results) {
  const args = list(params.length, (k) => part(params[k], k).get(k)).join(', ');
  const result = (k) => part(results[k], params.length + k);
  const value = (k) => (results.length === 1 ? 'result' : `all[${k}]`);
  return `
    return () => {
      try {
        ${results.length ? 'const result = ' : ''}target(${args});
        ${results.length > 1 ? `const all = store.several(result, ${results.length});` : ''}
        ${list(results.length, (k) => `const c${k} = ${result(k).take(value(k))};`).join(' ')}
        ${list(results.length, (k) => `${result(k).put(k, `c${k}`)};`).join(' ')}
      } catch (error) {
        store.throwOn(error);
      }
    };`;
}

// Where nobody may make code of text, the same by going through the types at each call.
function slowly(direction, params, results) {
  const { slots } = module.exports;
  const write = {
    i: (k, v) => { slots.I32[2 * k] = v; }, l: (k, v) => { slots.B64[k] = v; },
    f: (k, v) => { slots.F32[2 * k] = v; }, d: (k, v) => { slots.F64[k] = v; },
  };
  const read = {
    i: (k) => slots.I32[2 * k], l: (k) => slots.B64[k], f: (k) => slots.F32[2 * k], d: (k) => slots.F64[k],
  };
  const convert = { i: (v) => v | 0, l: (v) => asIntN(64, v), f: (v) => +v, d: (v) => +v };
  const take = (store, type, v) => (convert[type[0]] ? convert[type[0]](v) : store.accept(type, v));
  const put = (store, type, k, v) => (write[type[0]] ? write[type[0]](k, v) : store.putTyped(type, k, v));
  const get = (store, type, k) => (read[type[0]] ? read[type[0]](k) : store.get(type, k));
  const given = (types) => types.slice(params.length);
  if (direction === outwards)
    return (store, types, link) => {
      let raw = () => (raw = link())();
      const wrapper = (...args) => {
        const all = list(params.length, (k) => take(store, types[k], args[k]));
        all.forEach((v, k) => put(store, types[k], k, v));
        const status = raw();
        if (status !== undefined) store.fail(status);
        const out = given(types).map((type, k) => get(store, type, k));
        return out.length > 1 ? out : out[0];
      };
      return Object.defineProperty(wrapper, 'length', { value: params.length });
    };
  return (store, types, target) => () => {
    try {
      const result = target(...list(params.length, (k) => get(store, types[k], k)));
      const all = results.length > 1 ? store.several(result, results.length) : [result];
      given(types).map((type, k) => take(store, type, all[k])).forEach((v, k) => put(store, given(types)[k], k, v));
    } catch (error) {
      store.throwOn(error);
    }
  };
}

const made = new Map();

function factory(direction, params, results) {
  const key = `${direction.name} ${params}:${results}`;
  let make = made.get(key);
  if (!make) {
    try {
      const { I32, F32, F64, B64 } = module.exports.slots;
      make = new Function('I32', 'F32', 'F64', 'B64', 'asIntN',
        `'use strict'; return (store, types, ${direction === outwards ? 'link' : 'target'}) => {${direction(params, results)}};`)(I32, F32, F64, B64, asIntN);
    } catch (error) {
      if (!(error instanceof EvalError)) throw error;
      make = slowly(direction, params, results);
    }
    made.set(key, make);
  }
  return make;
}

const letters = (types) => types.map((type) => type[0]).join('');

// `type` has parameters and results, each a letter with a name behind it. `link` gives what calls
// the function, when it is first called.
exports.callable = (store, type, link) =>
  factory(outwards, letters(type.parameters), letters(type.results))(store, [...type.parameters, ...type.results], link);
// What a guest calls so that `target` is called.
exports.thunk = (store, type, target) =>
  factory(inwards, letters(type.parameters), letters(type.results))(store, [...type.parameters, ...type.results], target);
exports.slots = null; // the views, once there are any
