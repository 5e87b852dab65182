// own.mjs -- what the package's WASI promises beyond node:wasi: node own.mjs PACKAGE FOLDER
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { createRequire } from 'node:module';

const [where, folder] = process.argv.slice(2);
const weft = createRequire(import.meta.url)(where);
const { WASI, WebAssembly } = weft;

const top = fs.mkdtempSync(path.join(folder, 'own-')), work = path.join(top, 'granted');
for (const name of ['granted', 'granted/inner', 'secret']) fs.mkdirSync(path.join(top, name));
fs.writeFileSync(path.join(top, 'secret/key'), 'secret');
fs.writeFileSync(path.join(work, 'file'), 'content');
fs.symlinkSync('../secret/key', path.join(work, 'out'));
fs.symlinkSync(path.join(top, 'secret'), path.join(work, 'away'));
fs.symlinkSync('file', path.join(work, 'in'));
const module = await WebAssembly.compile(fs.readFileSync(path.join(folder, 'program.wasm')));
const reactor = await WebAssembly.compile(fs.readFileSync(path.join(folder, 'reactor.wasm')));

function run(args, options = {}, limits = undefined) {
  const to = path.join(top, 'output'), out = fs.openSync(to, 'w');
  const wasi = new WASI({ args: ['program', ...args], stdio: ['ignore', out, 'ignore'], ...options });
  try {
    const status = wasi.start(new WebAssembly.Instance(module, wasi.getImportObject(), limits && { weft: limits }));
    return `${fs.readFileSync(to, 'utf8').split('\n').slice(1).join('\n')}=> ${status}`;
  } finally {
    fs.closeSync(out);
  }
}
const refused = (what) => `${what}: Capabilities insufficient\n`;

// Nothing is granted that is not said; links lead nowhere else.
assert.equal(run(['read', 'file', 'read', path.join(work, 'file'), 'env', 'PATH']),
  `${refused('read file')}${refused(`read ${path.join(work, 'file')}`)}PATH is not set\n=> 0`);
assert.equal(run(['read', '/g/in', 'read', '/g/out', 'list', '/g/away', 'read', '/g/away/key', 'read', '/g/inner/../../secret/key'], { preopens: { '/g': work } }),
  `| content7 bytes\n${refused('read /g/out')}${refused('list /g/away')}${refused('read /g/away/key')}${refused('read /g/inner/../../secret/key')}=> 0`);
assert.match(run(['link', path.join(top, 'secret/key'), '/g/new', 'read', '/g/new'], { preopens: { '/g': work } }), /^link \/g\/new: (?!done).*\nread \/g\/new: (?!done)/);
assert.match(run(['link', '../secret/key', '/g/made', 'read', '/g/made'], { preopens: { '/g': work } }), /\nread \/g\/made: Capabilities insufficient\n/);

// To look at only.
const only = { preopens: { '/g': { path: work, readOnly: true } } };
for (const args of [['write', '/g/file', 'x'], ['write', '/g/new2', 'x'], ['mkdir', '/g/dir'], ['remove', '/g/file'], ['move', '/g/file', '/g/moved'], ['link', 'file', '/g/l']])
  assert.match(run(args, only), /: (Operation not permitted|Capabilities insufficient|Read-only file system)\n=> 0$/, args.join(' '));
assert.equal(run(['read', '/g/file'], only), '| content7 bytes\n=> 0');
assert.match(run(['write', '/g/file', 'changed'], { preopens: { '/g': { path: work } } }), /done/);
assert.equal(fs.readFileSync(path.join(work, 'file'), 'utf8'), 'changed');
// Where the process goes to later is nothing to a path that was given before.
const before = process.cwd();
process.chdir(top);
const relative = new WASI({ args: ['program', 'list', '/g'], preopens: { '/g': 'granted' }, stdio: ['ignore', 'ignore', 'ignore'] });
process.chdir(before);
assert.equal(relative.start(new WebAssembly.Instance(module, relative.getImportObject())), 0);

// What cannot be said.
for (const [options, code] of [[{ args: ['a\0b'] }, 'ERR_INVALID_ARG_VALUE'], [{ env: { 'A=B': 'c' } }, 'ERR_INVALID_ARG_VALUE'], [{ env: { A: 'b\0c' } }, 'ERR_INVALID_ARG_VALUE'],
  [{ preopens: { 'a\nb': work } }, 'ERR_INVALID_ARG_VALUE'], [{ preopens: { a: `${work}\0` } }, 'ERR_INVALID_ARG_VALUE'], [{ preopens: { a: path.join(top, 'none') } }, 'ENOENT'],
  [{ preopens: { a: path.join(work, 'file') } }, 'ENOTDIR'], [{ preopens: { a: { path: work, readOnly: 1 } } }, 'ERR_INVALID_ARG_TYPE'], [{ preopens: { a: {} } }, 'ERR_INVALID_ARG_TYPE'],
  [{ stdio: [0, 1, 2, 3] }, 'ERR_INVALID_ARG_TYPE'], [{ stdio: [true] }, 'ERR_INVALID_ARG_TYPE']])
  assert.throws(() => new WASI(options), { code }, JSON.stringify(options));
const inHost = path.join(top, 'with\nline');
fs.mkdirSync(inHost);
assert.equal(run(['list', '/g'], { preopens: { '/g': inHost } }), '=> 0');
assert.throws(() => run([], { stdio: [9999] }), { name: 'Error', code: 'system_error' });

// One object serves one store.
const wasi = new WASI({ stdio: ['ignore', 'ignore', 'ignore'] });
const first = new WebAssembly.Instance(reactor, wasi.getImportObject());
assert.throws(() => new WebAssembly.Instance(reactor, wasi.getImportObject()), { name: 'LinkError', message: /a WASI object serves one instance/ });
wasi.initialize(first);
assert.equal(first.exports.note(1), 1);
const also = new WASI({ stdio: ['ignore', 'ignore', 'ignore'] });
assert.throws(() => new WebAssembly.Instance(reactor, { wasi_snapshot_preview1: { ...wasi.wasiImport, fd_write: also.wasiImport.fd_write } }),
  { name: 'LinkError' });
// Those that share a memory are in one.
const shared = new WASI(), memory = new WebAssembly.Memory({ initial: 1 });
const small = (name) => Uint8Array.from([0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 127, 2, 45, 2, 22, ...Buffer.from('wasi_snapshot_preview1'),
  11, ...Buffer.from('sched_yield'), 0, 0, 1, 109, 1, 109, 2, 0, 1, 7, 5, 1, 1, ...Buffer.from(name), 0, 0]);
const pair = ['a', 'b'].map((name) => new WebAssembly.Instance(new WebAssembly.Module(small(name)), { ...shared.getImportObject(), m: { m: memory } }));
assert.equal(pair[0].exports.a(), 0);
assert.equal(pair[0].exports.a, pair[1].exports.b);
// Of another type.
const wrong = small('c');
wrong[14] = 126;
assert.throws(() => new WebAssembly.Instance(new WebAssembly.Module(wrong), { ...new WASI().getImportObject(), m: { m: memory } }),
  { name: 'LinkError', message: /sched_yield of WASI has another type/ });

// How it ends: by itself, from its functions too; limits hold.
assert.throws(() => first.exports.leave(9), (error) => error instanceof weft.ExitError && error.code === 9);
assert.equal(run(['exit', '300']), '=> 300');
assert.throws(() => run(['die']), { name: 'RuntimeError', code: 'unreachable' });
assert.throws(() => run(['read', '/g/file'], {}, { fuel: 1000 }), { name: 'RuntimeError', code: 'out_of_fuel' });
assert.equal(run(['env', 'A'], { env: { A: 'a' } }, { fuel: 1e7, memoryBytes: 1 << 20 }), 'A is a\n=> 0');
assert.equal(run([], {}, { instances: 2 }), '=> 0');
// Where its memory is not exported under that name it says so itself.
const bare = new WASI();
bare.finalizeBindings({ exports: {} }, { memory });
assert.throws(() => bare.wasiImport.sched_yield(), Error);
// As bytes and back, and forked: what is granted is said anew.
const granted = () => new WASI({ args: ['reactor'], stdio: ['ignore', 'ignore', 'ignore'] }).getImportObject();
const counting = new WebAssembly.Instance(reactor, granted());
for (let k = 1; k < 4; k++) assert.equal(counting.exports.note(0), k);
const restored = weft.restore(weft.snapshot(counting), reactor, granted()), forked = weft.fork(counting, granted());
assert.deepEqual([restored, forked, counting, forked].map(({ exports }) => exports.note(0)), [4, 4, 4, 5]);
// Under names that are not WASI's.
const renamed = new WASI({ stdio: ['ignore', 'ignore', 'ignore'] });
const named = new WebAssembly.Module(Uint8Array.from([0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 127, 2, 7, 1, 1, 97, 1, 98, 0, 0, 7, 5, 1, 1, 102, 0, 0]));
assert.equal(new WebAssembly.Instance(named, { a: { b: renamed.wasiImport.sched_yield } }).exports.f(), 0);
// Another namespace's instances.
const elsewhere = weft.create().WebAssembly, other = new WASI({ args: ['program', 'exit', '4'], stdio: ['ignore', 'ignore', 'ignore'] });
assert.equal(other.start(new elsewhere.Instance(new elsewhere.Module(fs.readFileSync(path.join(folder, 'program.wasm'))), other.getImportObject())), 4);
// As the source has it.
const table = fs.readFileSync(new URL('../../../src/wasi/wasi.def', import.meta.url), 'utf8');
assert.deepEqual(Object.keys(wasi.wasiImport).sort(), [...table.matchAll(/^(?:BOTH|ONE|TWO)\((\w+)/gm)].map(([, name]) => name).sort());

// Ended with what it holds, when nobody has anything of it.
if (global.gc) {
  const opened = () => fs.readdirSync('/proc/self/fd').length, start = opened();
  for (let k = 0; k < 50; k++) {
    run(['list', '/g'], { preopens: { '/g': work } });
    await new Promise((resolve) => { setImmediate(resolve); });
    global.gc();
  }
  await new Promise((resolve) => { setImmediate(resolve); });
  assert(opened() < start + 25, `${opened() - start} descriptors more`);
}
fs.rmSync(top, { recursive: true });
console.log('all is as it should be');
