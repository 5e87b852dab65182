// assemblyscript.mjs -- AssemblyScript's compiler, of which Binaryen is the part that is WebAssembly; and what it compiled, which is run.
import asc from 'assemblyscript/asc'
import { createHash } from 'node:crypto'

const sources = {
    'main.ts': `
        @external("host", "note") declare function note(n: i32, x: f64): void
        export const version: i32 = 7
        export class Point { constructor(public x: f64, public y: f64) {} get length(): f64 { return Math.sqrt(this.x * this.x + this.y * this.y) } }
        export function fib(n: i32): i64 { let a: i64 = 0, b: i64 = 1; for (let i = 0; i < n; i++) { const t = a + b; a = b; b = t } return a }
        export function primes(limit: i32): i32 {
            const sieve = new Uint8Array(limit); let count = 0
            for (let i = 2; i < limit; i++) { if (sieve[i]) continue; count++; for (let j = i * 2; j < limit; j += i) sieve[j] = 1 }
            note(count, <f64>limit / 3); return count
        }
        export function words(n: i32): i32 {
            const map = new Map<string, i32>()
            for (let i = 0; i < n; i++) { const key = "k" + (i % 97).toString(); map.set(key, (map.has(key) ? map.get(key) : 0) + i) }
            let sum = 0; const keys = map.keys().sort(); for (let i = 0; i < keys.length; i++) sum = sum * 31 + map.get(keys[i]) + keys[i].length
            return sum
        }
        export function sum(): f64 { const points = new Array<Point>(); for (let i = 0; i < 100; i++) points.push(new Point(i, i * 2))
            return points.reduce<f64>((total, p) => total + p.length, 0) }
        export function fail(n: i32): i32 { if (n > 2) throw new Error("too much: " + n.toString()); return n }`,
    'wrong.ts': 'export function f(x: i32): string { return x }\nlet y: Nowhere = 1\nf("a", 2)',
}
const out = {}
const options = {
    readFile: name => sources[name] ?? null,
    writeFile: (name, content) => { out[name] = content },
    listFiles: () => [],
}
async function compile(...words) {
    const { error, stdout, stderr } = await asc.main(words, options)
    console.log(words.join(' '), '|', error ? error.message : 'fine', stdout.toString().length)
    if (error) console.log(stderr.toString().replace(/\x1b\[\d+m/g, ''))
}

for (const how of [['-O0'], ['-O3', '--noAssert'], ['-Oz', '--runtime', 'minimal', '--enable', 'simd']]) {
    const name = how[0].slice(1)
    await compile('main.ts', '--outFile', `${name}.wasm`, '--textFile', `${name}.wat`, '--exportStart', 'begin', ...how)
    const bytes = out[`${name}.wasm`]
    console.log(name, bytes.length, createHash('sha256').update(bytes).digest('hex'), out[`${name}.wat`].length)
    const module = new WebAssembly.Module(bytes), notes = []
    const names = descriptors => descriptors.map(each => each.name).join()
    console.log(names(WebAssembly.Module.imports(module)), names(WebAssembly.Module.exports(module)))
    const text = (memory, at) => at ? Buffer.from(memory.buffer, at, new Uint32Array(memory.buffer)[at - 4 >> 2]).toString('utf16le') : ''
    const { exports } = new WebAssembly.Instance(module, {
        host: { note: (n, x) => notes.push([n, x]) },
        env: {
            seed: () => 1,
            abort: (message, file, line, column) => {
                throw new Error(`${text(exports.memory, message)} in ${text(exports.memory, file)}:${line}:${column}`)
            },
        },
    })
    exports.begin()
    console.log(exports.version.value, exports.fib(90), exports.primes(20000), exports.words(3000), exports.sum(), JSON.stringify(notes))
    try {
        console.log(exports.fail(2), exports.fail(3))
    } catch (problem) {
        console.log('error', problem.message)
    }
}
await compile('wrong.ts', '--outFile', 'wrong.wasm')
