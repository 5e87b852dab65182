// go.mjs -- a program in Go (../go/main.go), with the part of Go that is JavaScript: both call each other, wait, and fail.
import { createHash, webcrypto } from 'node:crypto'
import fs, { readFileSync } from 'node:fs'
import path from 'node:path'
import { gunzipSync } from 'node:zlib'

Object.assign(globalThis, { fs, path })
globalThis.crypto ??= webcrypto
await import('../go/wasm_exec.js')

const entries = Array.from({ length: 12 }, (_, i) => ({
    name: `ä${i * 7 % 12}`, sizes: [i, i * i].slice(0, i % 3), more: { half: i / 2 } }))
let offered
const ready = new Promise(resolve => { offered = resolve })
globalThis.host = {
    text: JSON.stringify(entries), write: text => console.log('host', text.trim()), ready: offer => offered(offer), add: (a, b) => a + b }

const go = new Go()
const bytes = readFileSync(new URL('../go/program.wasm', import.meta.url))
const { instance } = await WebAssembly.instantiate(bytes, go.importObject)
const ended = go.run(instance)
const program = await ready
const digest = bytes => createHash('sha256').update(bytes).digest('hex')

console.log(program.add(0.1, 0.2), program.add(2 ** 53, 1), Object.entries(program.words('the cat, the hät; THE end')).sort().join(' '))
const squares = Uint8Array.from({ length: 70000 }, (_, i) => i * i % 251)
console.log(program.digest(squares) === digest(squares))
const text = 'some text that repeats; '.repeat(2000)
console.log(gunzipSync(program.zipped(text)).toString() === text, program.zipped(text).length)
console.log(program.mapped([3, 1, 2], (x, i) => ({ x, i, y: 'é'.repeat(x) })).map(each => JSON.stringify(each)).join())
console.log(program.mapped([1, 2], x => program.mapped(['a', 'b'], y => program.add(x, y.length))).join('|'))
console.log(program.caught(() => { throw new RangeError('the host refuses') }))
const slow = await Promise.allSettled([10, 20, 1, 5].map(program.slow))
console.log(JSON.stringify(slow.map(each => each.value ?? each.reason.message)))
program.stop()
await ended
console.log('ended', go.exited)
try {
    console.log(program.add(1, 2))
} catch (problem) {
    console.log('error', problem.message)
}
