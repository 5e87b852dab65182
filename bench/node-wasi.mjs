// node-wasi.mjs -- runs a WASI command under node, with the options of `weft run`:
//
//     node bench/node-wasi.mjs [--dir HOST[::GUEST]] [--env K=V] [--invoke NAME] FILE [ARG...]
//
// NAME is called with integers; what it gives is printed.
import { readFileSync } from 'node:fs';

process.removeAllListeners('warning');
process.on('warning', () => {});
const { WASI } = await import('node:wasi');

const args = process.argv.slice(2), preopens = {}, env = {};
let invoke;
while (args[0]?.startsWith('--')) {
    const [option, value] = [args.shift(), args.shift()];
    if (option === '--dir') {
        const [host, guest] = value.split('::');
        preopens[guest ?? host] = host;
    } else if (option === '--invoke') {
        invoke = value;
    } else if (option === '--env') {
        const at = value.indexOf('=');
        env[value.slice(0, at)] = value.slice(at + 1);
    }
}
const wasi = new WASI({ version: 'preview1', args, env, preopens, returnOnExit: true });
const module = await WebAssembly.compile(readFileSync(args[0]));
const instance = await WebAssembly.instantiate(module, wasi.getImportObject());
if (invoke) {
    if (instance.exports._initialize) wasi.initialize(instance);
    console.log(instance.exports[invoke](...args.slice(1).map(Number)));
} else {
    process.exitCode = wasi.start(instance);
}
