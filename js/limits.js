// limits.js -- what an instance may take, by the engine's names: options.weft, beyond the specification.
'use strict';

const idl = require('./webidl.js');

const NAMES = new Set(['memoryBytes', 'tableEntries', 'tableTotal', 'stackBytes', 'fuel', 'heapBytes', 'handles', 'instances',
  'instanceBytes', 'functions', 'continuations', 'continuationBytes', 'timeLimit']);

exports.check = (name, value) => {
  if (!NAMES.has(name)) throw new TypeError(`there is no limit '${name}'; there are ${[...NAMES].join(', ')}, and deterministic`);
  if (!((typeof value === 'number' || typeof value === 'bigint') && value >= 0)) throw new TypeError(`the limit ${name} must be a number that is not negative`);
};

exports.read = (given, what) => {
  const { deterministic, ...limits } = idl.dictionary(given, `${what}: options.weft`);
  for (const [name, value] of Object.entries(limits)) exports.check(name, value);
  return { ...limits, deterministic: !!deterministic };
};
