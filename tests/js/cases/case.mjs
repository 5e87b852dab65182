// case.mjs -- what the cases here share. Each is run as `node --expose-gc CASE PACKAGE`, prints nothing and ends with status 0.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import url from 'node:url';

const require = createRequire(import.meta.url);
const root = path.join(path.dirname(url.fileURLToPath(import.meta.url)), '../../..');
export const folder = path.resolve(process.argv[2]);
export const load = () => require(folder);

// The fields of a module, or the whole, in text.
export function wasm(text) {
    const input = text.startsWith('(module') ? text : `(module ${text})`;
    const done = spawnSync(path.join(root, 'build/release/weft'), ['parse', '-', '-o', '-'], { input, maxBuffer: 1 << 26 });
    if (done.status !== 0) throw new Error(`weft parse: ${done.stderr}`);
    return new Uint8Array(done.stdout);
}

// Collects, and lets what was collected be told.
export async function turns(count = 1) {
    for (let i = 0; i < count; i++) {
        globalThis.gc();
        await new Promise(setImmediate);
    }
}

// Memory is flat: what `round` does the second half of the times takes at most so many megabytes.
export async function flat(times, round, megabytes, each = 1000) {
    const measure = async () => {
        await turns(4);
        return process.memoryUsage.rss() / 2 ** 20;
    };
    let half = 0;
    for (let i = 0; i < times; i++) {
        await round(i);
        if (i % each === each - 1) await turns();
        if (i === times >> 1) half = await measure();
    }
    const grown = await measure() - half;
    if (grown > megabytes) throw new Error(`${round.name || round}: ${grown.toFixed(1)} MB more after ${times} rounds than after half of them`);
}
