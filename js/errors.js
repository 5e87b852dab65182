// errors.js -- what fails, as the errors that the JavaScript API names.
'use strict';

// Native errors: they can be called without `new`, and their prototypes hold name and message.
function nativeError(name) {
  const constructor = {
    [name]: function (message, options) { // eslint-disable-line func-names
      const made = Reflect.construct(Error, message === undefined ? [] : [message], new.target ?? constructor);
      if (options !== null && typeof options === 'object' && 'cause' in options)
        Object.defineProperty(made, 'cause', { value: options.cause, writable: true, configurable: true });
      Error.captureStackTrace?.(made, new.target ?? constructor);
      return made;
    },
  }[name];
  Object.setPrototypeOf(constructor, Error);
  Object.defineProperty(constructor, 'length', { value: 1 });
  constructor.prototype = Object.create(Error.prototype, {
    constructor: { value: constructor, writable: true, configurable: true },
    name: { value: name, writable: true, configurable: true },
    message: { value: '', writable: true, configurable: true },
  });
  Object.defineProperty(constructor, 'prototype', { writable: false });
  return constructor;
}

const CompileError = nativeError('CompileError');
const LinkError = nativeError('LinkError');
const RuntimeError = nativeError('RuntimeError');
const SuspendError = nativeError('SuspendError');

// A guest of WASI ended itself; not a failure by itself.
class ExitError extends Error {
  constructor(code) {
    super(`the program ended with status ${code}`);
    this.code = code;
  }
}
Object.defineProperty(ExitError.prototype, 'name', { value: 'ExitError', writable: true, configurable: true });

const linking = new Set(['incompatible_import', 'unknown_import', 'wrong_store', 'wrong_engine', 'wrong_count']);
const ranges = new Set(['memory_size_limit', 'table_size_limit', 'limit_memory_size', 'limit_table_size',
  'size_minimum_exceeds_maximum', 'out_of_bounds', 'out_of_memory', 'limit_instances', 'limit_instance_bytes']);
const types = new Set(['wrong_type', 'global_is_immutable', 'bad_signature', 'stale_reference']);

// Of {status, name, message, exit} as the primitive `why` has it; `code` stays the same from version
// to version.
function of(why) {
  if (!why) return new Error('weft: failed for no reason that is known');
  const { status, name, message, exit } = why;
  if (status === 3) return new ExitError(exit);
  const named = (constructor, text = message) => Object.defineProperty(new constructor(text), 'code', { value: name, configurable: true, writable: true });
  if (name === 'call_stack_exhausted') return named(RangeError, 'Maximum call stack size exceeded');
  if (status === 2) return named(RuntimeError, message.replace(/^host function failed: /, ''));
  if (linking.has(name)) return named(LinkError);
  if (ranges.has(name)) return named(RangeError);
  if (types.has(name)) return named(TypeError);
  return named(RuntimeError);
}

// A task that nobody can go on with: by the name of a trap.
const stopped = (name) => of({ status: 2, name, message: name.replaceAll('_', ' ') });

function compiling(why) {
  const place = why.offset ? ` @+${why.offset}` : '';
  const made = new CompileError(`${why.message}${place}`);
  return Object.defineProperty(made, 'code', { value: why.name, configurable: true, writable: true });
}

module.exports = { CompileError, LinkError, RuntimeError, SuspendError, ExitError, of, stopped, compiling };
