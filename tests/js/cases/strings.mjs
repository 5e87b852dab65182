// Strings of JavaScript's for guests: the functions of "wasm:js-string" trap where they are given
// something else, which no guest can catch; nobody changes them; and constants.
import { compile, instance, same, throws, wat } from '../wat.mjs';

const types = {
  cast: ['(param externref)', '(result (ref extern))'],
  test: ['(param externref)', '(result i32)'],
  fromCharCodeArray: ['(param (ref null $a) i32 i32)', '(result (ref extern))'],
  intoCharCodeArray: ['(param externref (ref null $a) i32)', '(result i32)'],
  fromCharCode: ['(param i32)', '(result (ref extern))'],
  fromCodePoint: ['(param i32)', '(result (ref extern))'],
  charCodeAt: ['(param externref i32)', '(result i32)'],
  codePointAt: ['(param externref i32)', '(result i32)'],
  length: ['(param externref)', '(result i32)'],
  concat: ['(param externref externref)', '(result (ref extern))'],
  substring: ['(param externref i32 i32)', '(result (ref extern))'],
  equals: ['(param externref externref)', '(result i32)'],
  compare: ['(param externref externref)', '(result i32)'],
};
const names = Object.keys(types);
const imports = names.map((name) => `(import "wasm:js-string" "${name}" (func $${name} ${types[name].join(' ')}))`).join('\n');
const again = names.map((name) => {
  const count = types[name][0].replace('(ref null $a)', 'ref').split(' ').length - 1;
  const args = Array.from({ length: count }, (_, k) => `(local.get ${k})`).join(' ');
  return `(func (export "${name}") ${types[name].join(' ')} (call $${name} ${args}))`;
}).join('\n');
const text = `(module (type $a (array (mut i16))) ${imports} ${again}
  (func (export "array") (param i32) (result (ref $a)) (array.new_default $a (local.get 0)))
  (func (export "get") (param (ref $a) i32) (result i32) (array.get_u $a (local.get 0) (local.get 1)))
  (func (export "direct") (param externref) (result externref)
    (local $x (ref null $a))
    (local.set $x (array.new_default $a (i32.const 8)))
    (drop (call $intoCharCodeArray (local.get 0) (local.get $x) (i32.const 2)))
    (call $fromCharCodeArray (local.get $x) (i32.const 1) (i32.const 6)))
  (func (export "caught") (param externref) (block $b (try_table (catch_all $b) (drop (call $cast (local.get 0))))))
  (export "itself" (func $length)))`;
const options = { builtins: ['js-string', 'another'] };
const module = compile(text, options);
same(WebAssembly.Module.imports(module).length, 0);
same(WebAssembly.Module.imports(compile(text)).length, 13);
const s = new WebAssembly.Instance(module, {}).exports;

// They are what they were, whatever becomes of String.
const changed = ['charCodeAt', 'codePointAt', 'substring', 'concat'].map((name) => [String.prototype, name, String.prototype[name]]);
changed.push(...['fromCharCode', 'fromCodePoint'].map((name) => [String, name, String[name]]));
for (const [where, name] of changed) where[name] = () => { throw new Error('not this one'); };

const pair = '\u{1f600}', half = '\ud83d';
same(s.cast('text'), 'text');
same(s.test(''), 1);
same(s.fromCharCode(0x263a), '\u263a');
same(s.fromCharCode(0x1263a), '\u263a');
same(s.fromCodePoint(0x1f600), pair);
same(s.charCodeAt(pair, 0), 0xd83d);
same(s.codePointAt(pair, 0), 0x1f600);
same(s.codePointAt(pair, 1), 0xde00);
same(s.length(pair), 2);
same(s.concat(half, '\ude00'), pair);
same(s.substring('hello', 1, 3), 'el');
same(s.substring('hello', 1, -1), 'ello');
same(s.substring('hello', 3, 1), '');
same(s.substring('hello', 6, 7), '');
same(s.equals('a', 'a'), 1);
same(s.equals(null, null), 1);
same(s.equals(null, 'a'), 0);
same(s.compare('a', 'b'), -1);
same(s.compare('b', 'a'), 1);
same(s.compare('a', 'a'), 0);
same(s.itself('abc'), 3);
same(s.itself.name, '8');

const array = s.array(8);
same(s.intoCharCodeArray('', array, 8), 0);
same(s.intoCharCodeArray('abc', array, 5), 3);
same(s.fromCharCodeArray(array, 4, 8), '\0abc');
same(s.fromCharCodeArray(array, 8, 8), '');
same(s.intoCharCodeArray(half, array, 0), 1);
same(s.fromCharCodeArray(array, 0, 1), half);
same(s.get(array, 1), 0);
same(s.direct('xyz'), '\0xyz\0');
for (let i = 0; i < 1000; i++) same(s.direct('xyz'), '\0xyz\0');

const trap = (...run) => throws(WebAssembly.RuntimeError, ...run);
trap(() => s.cast(5), 'illegal cast');
for (const wrong of [null, undefined, 5, -0.5, 3n, {}, Symbol(), new Object('text'), array, s.cast]) {
  same(s.test(wrong), 0);
  trap(() => s.cast(wrong));
  trap(() => s.caught(wrong));
  trap(() => s.length(wrong));
  trap(() => s.charCodeAt(wrong, 0));
  trap(() => s.codePointAt(wrong, 0));
  trap(() => s.concat('', wrong));
  trap(() => s.concat(wrong, ''));
  trap(() => s.substring(wrong, 1, 0));
  trap(() => s.compare('', wrong));
  trap(() => s.intoCharCodeArray(wrong, array, 0));
  if (wrong !== null) trap(() => s.equals('', wrong));
}
trap(() => s.charCodeAt('abc', 3));
trap(() => s.charCodeAt('abc', -1));
trap(() => s.codePointAt('', 0));
trap(() => s.fromCodePoint(0x110000));
trap(() => s.fromCodePoint(-1));
trap(() => s.fromCharCodeArray(null, 0, 0));
trap(() => s.intoCharCodeArray('', null, 0));
trap(() => s.fromCharCodeArray(array, 1, 0));
trap(() => s.fromCharCodeArray(array, 0, 9));
trap(() => s.fromCharCodeArray(array, -1, -1));
trap(() => s.intoCharCodeArray('ab', array, 7));
trap(() => s.intoCharCodeArray('ab', array, -1));
trap(() => s.intoCharCodeArray('', array, 9));
for (const [where, name, was] of changed) where[name] = was;

// Other types, in modules that would do without.
const refused = (bytes, how) => {
  same(WebAssembly.validate(bytes, how), false);
  same(WebAssembly.validate(bytes), true);
  throws(WebAssembly.CompileError, () => new WebAssembly.Module(bytes, how));
};
for (const wrong of ['(func (param externref) (result i64))', '(func (param (ref extern)) (result i32))', '(func)', '(global i32)', '(memory 1)'])
  refused(wat(`(module (import "wasm:js-string" "length" ${wrong}))`), options);
refused(wat('(module (rec (type $f (func (param externref) (result i32))) (type (struct))) (import "wasm:js-string" "length" (func (type $f))))'), options);
refused(wat('(module)'), { builtins: ['another', 'another'] });
for (const builtins of ['js-string', 5, null, {}]) throws(TypeError, () => new WebAssembly.Module(wat('(module)'), { builtins }));

// What is in no set is imported as ever.
const more = compile('(module (import "wasm:js-string" "more" (func)) (export "f" (func 0)))', options);
same(WebAssembly.Module.imports(more).length, 1);
throws(TypeError, () => new WebAssembly.Instance(more, {}));
new WebAssembly.Instance(more, { 'wasm:js-string': { more() {} } }).exports.f();

// ---- Constants

const constants = { importedStringConstants: "'" };
const globals = (type, name) => `(module (import "'" "${name}" (global ${type})) (export "g" (global 0)))`;
for (const type of ['externref', '(ref extern)'])
  for (const [name, want] of [['', ''], ['\\00', '\0'], ['text', 'text'], ['\\f0\\9f\\98\\80', pair]]) {
    same(instance(globals(type, name), {}, constants).exports.g.value, want);
    same(WebAssembly.Module.imports(compile(globals(type, name), constants)).length, 0);
  }
for (const type of ['(mut externref)', '(mut (ref extern))', 'anyref', 'funcref', 'i32', '(ref null noextern)']) refused(wat(globals(type, 'x')), constants);
refused(wat(`(module (import "'" "x" (func)))`), constants);
same(compile(globals('i32', 'x'), { importedStringConstants: null }) instanceof WebAssembly.Module, true);
const g = instance(globals('(ref extern)', 'x'), {}, constants).exports.g;
same(instance('(module (import "a" "g" (global (ref extern))) (export "g" (global 0)))', { a: { g } }).exports.g.value, 'x');

const later = await WebAssembly.compile(wat(text), options);
same((await WebAssembly.instantiate(later, {})).exports.length('ab'), 2);
same((await WebAssembly.instantiate(wat(text), {}, options)).instance.exports.length('ab'), 2);
const response = () => new Response(wat(text), { headers: { 'content-type': 'application/wasm' } });
same((await WebAssembly.instantiateStreaming(response(), {}, options)).instance.exports.length('ab'), 2);
same(WebAssembly.Module.imports(await WebAssembly.compileStreaming(response(), options)).length, 0);
for (const start of [WebAssembly.compile, WebAssembly.instantiate]) {
  const wrong = await start(wat('(module (import "wasm:js-string" "length" (func)))'), ...(start === WebAssembly.compile ? [options] : [{}, options])).catch((error) => error);
  same(wrong instanceof WebAssembly.CompileError, true);
}
