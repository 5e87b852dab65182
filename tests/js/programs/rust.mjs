// rust.mjs -- a program in Rust (../rust/bindgen), with what wasm-bindgen puts around it: objects and closures both ways, errors, futures.
import { createHash } from 'node:crypto'

const kept = []
class Shape {
    constructor(name, sides) { Object.assign(this, { name, sides: [...sides] }) }
    area() { return this.sides.reduce((a, b) => a * b, 0.5) }
}
globalThis.host = {
    write: text => console.log('host', text.split('\n').pop()),
    each(count, callback) {
        let good = 0
        for (let i = 0; i < count; i++) good += callback(i, `n${i}é`)
        return good
    },
    fails(text) {
        if (text === 'range') throw new RangeError('the host refuses')
        if (text.startsWith('throws')) throw text
        return text.length
    },
    later: value => new Promise((resolve, reject) => setTimeout(() => value === 13 ? reject(new TypeError('not this')) : resolve(value + 0.5), 2 + value % 5)),
    keep: callback => kept.push(callback),
    largest: Math.max,
    bytes: () => Uint8Array.from([1, 2, 3]),
    Shape,
}
const { default: program } = await import('../rust/program.js')
const attempt = (label, run) => {
    try {
        console.log(label, run())
    } catch (problem) {
        const error = problem instanceof Error
        console.log(label, 'threw', error ? `${problem.name}: ${problem.message}` : problem)
    }
}
console.log(Object.keys(program).filter(name => !name.startsWith('__')).sort().join())

console.log(program.words('The cat, the häuser; THE end — Häuser 3 cats 😀'))
console.log(program.reversed('añb😀', 'x'), program.reversed(undefined), program.reversed('\ud800lone'))
console.log(program.joined(['a', '', 'ü'], '😀'), program.split('x--é-'))
console.log(program.product(3037000500n, 3037000500n), program.product(-1n, 2n ** 63n - 1n), program.product(2n ** 64n + 5n, 1n))
console.log(program.quotient(2n ** 64n - 1n, 3n), program.quotient(1n, 0n), program.quotient(1n), program.wide(2n ** 127n, -1n), program.wide(5n, -7n))
console.log(program.factorial(60), program.sums(BigInt64Array.of(1n, -5n, 2n ** 62n, 2n ** 62n)), program.halves(Float32Array.of(1, 0.1, -0)))
attempt('no big number', () => program.product(1, 2n))

const bytes = Uint8Array.from({ length: 300000 }, (_, i) => i >> (i >> 15))
const packed = program.packed(bytes), back = program.unpacked(packed)
console.log(packed.length, Buffer.compare(back, bytes), back.buffer !== packed.buffer, program.looked_at(100000))
program.scramble(bytes)
console.log(createHash('sha256').update(bytes).digest('hex'))

const note = new program.Note('first ä', program.Kind.Bold), other = new program.Note('second')
note.weight = 2.5
note.text += '!'
console.log(note.described('left'), other.described('right'), note.text, note.kind, other.kind, program.Kind[7])
attempt('side', () => note.described('up'))
attempt('empty', () => new program.Note(''))
attempt('change', () => note.changed(text => text.toUpperCase()))
attempt('change again', () => note.changed(() => { throw new RangeError('no change') }))
attempt('change inside', () => note.changed(() => note.text))
console.log(note.text)
const both = note.merged(other)
console.log(both.described('left'), both.constructor.name)
attempt('moved', () => note.text)
const heaviest = program.heaviest([...program.Note.many(50), both])
console.log(heaviest.described('right'), program.heaviest([]))
heaviest.free()
attempt('freed', () => heaviest.weight)
console.log(program.shapes())

const next = program.counter(40), again = program.counter(-1), single = program.once('one ')
console.log(next(), next(-10), again(), next(), again(1000), single('two'))
attempt('once more', () => single('three'))
console.log(program.mapped([3, 1, 2], (x, i) => ({ x, i, y: 'é'.repeat(x) })).map(each => JSON.stringify(each)).join())
console.log(program.mapped([1, 2], x => program.mapped(['a', 'b'], y => x + y)).join('|'))
attempt('mapped', () => program.mapped([1], () => { throw new SyntaxError('inside') }))
console.log(program.visited(8))
program.hold(3)
for (let i = 0; i < kept.length; i++) console.log(kept[i]({ i }))
console.log(program.let_go(), kept.length)
attempt('gone', () => kept[0](1))

for (const text of [' 42 ', '4x', '1001', '-9223372036854775808', '9223372036854775808']) attempt(`parsed ${text}`, () => program.parsed(text))
for (const value of [null, 'text', 7n, Symbol.for('symbol')]) attempt('refused', () => program.refused(value))
const thrown = new EvalError('the same')
try { program.refused(thrown) } catch (problem) { console.log(problem === thrown) }
for (const text of ['fine', 'range', 'throws a text']) attempt(text, () => program.caught(text))
const deeper = n => program.deep(n, deeper)
attempt('deep', () => deeper(100))
attempt('panics', () => program.panics(Uint32Array.of(4, 5, 6), 3))
console.log(program.panics(Uint32Array.of(4, 5, 6), 2))

const settled = await Promise.allSettled([1, 2.25, 60, 13].map(program.waited))
console.log(settled.map(({ value, reason }) => value ?? `${reason}`).join(', '))
console.log(await program.text_of(Promise.resolve([1, 'two', null])), (await program.text_of(Promise.reject(new Error('for nothing')))).split('\n')[0])
const finished = []
await new Promise(resolve => program.started(40, (...what) => finished.push(what) === 40 && resolve()))
console.log(finished.sort(([a], [b]) => a - b).map(([, value]) => value).join())

const list = Array.from({ length: 20000 }, (_, i) => i % 4 ? { i } : `text ${i}`)
const shuffled = program.shuffled(list, 60000)
const text = JSON.stringify(shuffled)
console.log(shuffled.length, createHash('sha256').update(text).digest('hex'), shuffled.every(each => typeof each === 'string' || list[each.i] === each))
console.log(program.inspected({ a: [1, 'é', null, undefined, true, NaN, -0, 5n, Symbol.iterator, () => 1], b: { c: [] }, d: new Date(0) }))
attempt('inspected', () => program.inspected({ get x() { throw new RangeError('not to be seen') } }))
