// kotlin.mjs -- a program in Kotlin (../kotlin/main.kt), whose objects are the collector's: they hold JavaScript's, and are held by it.
const calls = []
const shape = (name, sides) => ({ name, sides, area() { return this.sides.reduce((a, b) => a * b, 0.5) } })
globalThis.host = {
    write: text => console.log(text),
    each(count, callback) {
        let good = 0
        for (let i = 0; i < count; i++) good += callback(i, `n${i}é`)
        return good
    },
    fails(text) {
        calls.push(text)
        if (text === 'throws') throw new RangeError('the host refuses')
        if (text.startsWith('throws')) throw text
        return text.length
    },
    same: (a, b) => a === b,
    shapes: [shape('triangle', [3, 4, 5]), shape('square ü', [2, 2, 2, 2]), shape('', [])],
    later: value => new Promise(resolve => setTimeout(() => resolve(value + 0.5), 5)),
}

const program = await import('../kotlin/program.mjs')
console.log(calls.join(), Object.keys(program).sort().join())
console.log(program.words('The cat, the häuser; THE end — Häuser 3 cats'))
console.log(program.big(3037000500n, 3037000500n), program.big(-1n, 2n ** 63n - 1n), program.big(2n ** 64n + 5n, 1n))
for (const code of [1, 3]) {
    try {
        console.log(program.refuse(code))
    } catch (problem) {
        console.log(problem instanceof Error, problem.name, problem.message)
    }
}
const kept = program.kept(), other = program.kept()
console.log(typeof kept, kept === other, program.code(kept), Object.isFrozen(kept), new Set([kept, other, kept]).size)
const next = program.counter(40), again = program.counter(-1)
console.log(next(), next(), again(), next(), again())
console.log((await Promise.all([1, 2, 3].map(program.waits))).map(each => typeof each + each).join())
try {
    kept.field = 1
    console.log('no error')
} catch (problem) {
    console.log(problem.name)
}
try {
    console.log(program.code({}))
} catch (problem) {
    console.log(problem.name, problem instanceof WebAssembly.RuntimeError)
}
let most = 0
for (let i = 0; i < 30000; i++) most = Math.max(most, program.code(program.kept()), program.words(`w${i % 10} w`).length)
console.log(most)
