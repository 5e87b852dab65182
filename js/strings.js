// strings.js -- what a module may import of JavaScript's strings without being given it: functions of
// "wasm:js-string", and constants (proposals js-string-builtins, string constants).
'use strict';

const SPACE = 'wasm:js-string';

exports.provides = () => false;
exports.value = () => undefined;
exports.mismatch = () => '';
void SPACE;
