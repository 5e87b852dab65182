// reflection.js -- types of what there is, and functions of a given type (proposal js-types), where
// they are asked for.
'use strict';

const idl = require('./webidl.js');

module.exports = ({ Store, exported, kinds }, { of, bind, typeOf, reflected, Memory, Table, Global, Tag }, prim) => {
  let common; // the store of functions that JavaScript makes

  class Function extends globalThis.Function {
    constructor(type, target) {
      const what = 'WebAssembly.Function()';
      idl.need(arguments.length, 2, what);
      if (!idl.isObject(type)) throw new TypeError(`${what}: Argument 0 must be a function type`);
      const member = (name) => {
        if (!idl.isObject(type[name])) throw new TypeError(`${what}: Argument 0 must be a function type with '${name}'`);
        return Array.from(type[name], (one) => typeOf(idl.enumeration(one, ['i32', 'i64', 'f32', 'f64', 'v128', 'externref', 'anyfunc', 'funcref'], `${what}: ${name}`)));
      };
      const full = { kind: 'function', parameters: member('parameters'), results: member('results') };
      if (typeof target !== 'function') throw new TypeError(`${what}: Argument 1 must be a function`);
      common ??= new Store();
      const place = common.host(full, target);
      return (common.items[place] = common.callable(place, full, 0));
    }

    type() {
      const known = exported.get(this);
      if (!known) throw new TypeError('Receiver is not a WebAssembly.Function');
      return reflected({ ...known.type, kind: 'function' });
    }
  }
  idl.dress(Function, 'Function');
  kinds.function = (wrapper) => Object.setPrototypeOf(wrapper, Function.prototype);

  const described = (state) => prim.itemType(state.store.handle, state.place);
  const types = {
    Memory: [Memory, (state) => described(bind(state))],
    Table: [Table, (state) => (state.store ? described(state)
      : { kind: 'table', minimum: state.size, maximum: state.maximum, is64: state.is64, element: state.element })],
    Global: [Global, ({ type, mutable }) => ({ kind: 'global', value: type, mutable })],
    Tag: [Tag, ({ types: parameters }) => ({ kind: 'tag', parameters })],
  };
  for (const [kind, [Class, tell]] of Object.entries(types)) {
    const { type } = { type() { return reflected(tell(of(this, kind))); } };
    Object.defineProperty(Class.prototype, 'type', { value: type, writable: true, enumerable: true, configurable: true });
  }
  return Function;
};
