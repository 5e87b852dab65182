// same.mjs -- programs under the class WASI of node:wasi, or of a package: node same.mjs v8|PACKAGE FOLDER
//
// Prints the same with both. FOLDER has program.wasm and reactor.wasm, and is changed.
import fs from 'node:fs';
import path from 'node:path';
import { createRequire } from 'node:module';
import { spawnSync } from 'node:child_process';

const [where, folder] = process.argv.slice(2);
const require = createRequire(import.meta.url);
const { WASI } = where === 'v8' ? require('node:wasi') : require(where);
if (where !== 'v8') globalThis.WebAssembly = require(where).WebAssembly;

const work = fs.mkdtempSync(path.join(folder, 'work-'));
fs.mkdirSync(path.join(work, 'inner'));
fs.writeFileSync(path.join(work, 'inner/in.txt'), 'one\ntwo\n');
const modules = {};
const moduleOf = async (name) => (modules[name] ??= await WebAssembly.compile(fs.readFileSync(path.join(folder, `${name}.wasm`))));

// What it writes is caught in a file.
async function run(name, args, options = {}, use = (wasi, instance) => wasi.start(instance)) {
  const to = path.join(work, 'output'), fd = fs.openSync(to, 'w');
  const wasi = new WASI({ version: 'preview1', args: [name, ...args], stdout: fd, stderr: fd, preopens: { '/box': work }, ...options });
  const instance = await WebAssembly.instantiate(await moduleOf(name), wasi.getImportObject());
  let came;
  try {
    came = await use(wasi, instance);
  } catch (error) {
    came = `${error.name}: ${error.code ?? ''}`;
  }
  fs.closeSync(fd);
  console.log(`-- ${name} ${args.join(' ')}\n${fs.readFileSync(to)}=> ${came}`);
}

await run('program', []);
await run('program', ['env', 'A', 'env', 'B', 'env', 'NONE', 'say', 'to both'], { env: { A: '1', B: 'ü=x', C: undefined } });
for (const status of ['0', '1', '42', '255']) await run('program', ['exit', status]);
await run('program', ['list', '/box', 'read', '/box/inner/in.txt', 'size', '/box/inner', 'size', '/box/inner/in.txt', 'read', '/box/none']);
await run('program', ['write', '/box/new', 'text', 'mkdir', '/box/dir', 'mkdir', '/box/dir', 'move', '/box/new', '/box/dir/moved', 'read', '/box/dir/moved',
  'link', 'dir/moved', '/box/link', 'read', '/box/link', 'remove', '/box/link', 'remove', '/box/dir/moved', 'list', '/box/dir', 'remove', '/box/link']);
await run('program', ['read', '/etc/passwd', 'read', '/box/../../etc/passwd', 'list', '/', 'write', '/box/../out', 'x']);
await run('program', ['read', 'a/in.txt', 'list', 'b'], { preopens: { a: path.join(work, 'inner'), b: path.join(work, 'inner') } });

// Standard input from a file.
const fd = fs.openSync(path.join(work, 'inner/in.txt'));
await run('program', ['in'], { stdin: fd });
fs.closeSync(fd);

// A reactor, whose memory JavaScript sees meanwhile.
await run('reactor', [], {}, (wasi, { exports }) => {
  wasi.initialize({ exports });
  return [exports.note(5), exports.note(6), exports.memory.buffer.byteLength > 0];
});
await run('reactor', [], {}, (wasi, instance) => wasi.start(instance));
await run('program', [], {}, (wasi, instance) => wasi.initialize(instance));
await run('program', [], {}, (wasi, instance) => [wasi.start(instance), wasi.start(instance)]);
await run('program', [], {}, (wasi) => wasi.start({ exports: {} }));

// Functions that stand around those of wasiImport, and get at memory through them.
for (const all of [false, true]) {
  const to = path.join(work, 'output'), out = fs.openSync(to, 'w'), seen = [];
  const wasi = new WASI({ version: 'preview1', args: ['wrapped', 'list', '/box', 'exit', '3'], stdout: out, preopens: { '/box': work } });
  const around = {};
  for (const [name, own] of Object.entries(wasi.wasiImport))
    around[name] = all || name === 'fd_write' ? (...args) => { seen.push(name); return own(...args); } : own;
  const instance = await WebAssembly.instantiate(await moduleOf('program'), { wasi_snapshot_preview1: around });
  console.log('wrapped', wasi.start(instance), fs.readFileSync(to, 'utf8'), seen.join(' '));
  fs.closeSync(out);
}
try {
  new WASI({ version: 'preview1' }).wasiImport.sched_yield();
} catch (error) {
  console.log(error.code);
}
const names = (version) => {
  const imports = new WASI({ version }).getImportObject();
  return Object.entries(imports).map(([space, functions]) => [space, ...Object.keys(functions).filter((name) => name !== 'sock_accept').sort()]).join(' ');
};
console.log(names('preview1'), names('unstable'));
for (const options of [{ version: 'none' }, { args: 1 }, { env: 1 }, { preopens: 1 }, { returnOnExit: 1 }, { stdin: -1 }, { stdin: 'x' }])
  try {
    console.log(Object.keys(options), Object.keys(new WASI({ version: 'preview1', ...options })));
  } catch (error) {
    console.log(Object.keys(options), error.name, error.code);
  }

// The rest in processes of their own: standard input from a pipe, status that ends the process.
const script = `
  const { WASI } = require(${JSON.stringify(where === 'v8' ? 'node:wasi' : where)}), fs = require('node:fs');
  ${where === 'v8' ? '' : `globalThis.WebAssembly = require(${JSON.stringify(where)}).WebAssembly;`}
  (async () => {
    const wasi = new WASI({ version: 'preview1', args: ['program', ...process.argv.slice(1)], returnOnExit: false });
    const module = await WebAssembly.compile(fs.readFileSync(${JSON.stringify(path.join(folder, 'program.wasm'))}));
    console.log('returned', wasi.start(await WebAssembly.instantiate(module, wasi.getImportObject())));
  })();`;
for (const args of [['in', 'say', 'heard'], ['in', 'exit', '7'], ['exit', '0']]) {
  const done = spawnSync(process.execPath, ['--no-warnings', '-e', script, '--', ...args], { input: 'from a pipe\n'.repeat(30000) });
  console.log('--', ...args, done.status, done.signal, `\n${done.stdout}${done.stderr}`);
}
fs.rmSync(work, { recursive: true });
