// quickjs.mjs -- JavaScript in QuickJS: functions of the host that it calls, errors both ways, promises, limits.
import { getQuickJS, Scope } from 'quickjs-emscripten'

const QuickJS = await getQuickJS()
const runtime = QuickJS.newRuntime()
runtime.setMaxStackSize(64 << 10)       // so that QuickJS ends what is deep, and not the engine below it
const vm = runtime.newContext()

function evaluate(label, code, how) {
    const result = vm.evalCode(code, 'given.js', how)
    if (result.error) {
        const { name, message, stack } = vm.dump(result.error)
        console.log(label, 'error', name, message, JSON.stringify((stack ?? '').split('\n')[0]))
        result.error.dispose()
        return
    }
    console.log(label, JSON.stringify(vm.dump(result.value)))
    result.value.dispose()
}

// What the host offers.
const lines = []
Scope.withScope(scope => {
    const log = scope.manage(vm.newFunction('log', (...args) => { lines.push(args.map(vm.dump)) }))
    vm.setProp(vm.global, 'log', log)
    const each = scope.manage(vm.newFunction('each', (array, callback) => {
        const length = vm.getProp(array, 'length').consume(vm.getNumber)
        let sum = 0
        for (let i = 0; i < length; i++) {
            const item = vm.getProp(array, i)
            const got = vm.callFunction(callback, vm.undefined, item, vm.newNumber(i))
            item.dispose()
            sum += vm.unwrapResult(got).consume(vm.getNumber)
        }
        return vm.newNumber(sum)
    }))
    vm.setProp(vm.global, 'each', each)
    vm.setProp(vm.global, 'refuse', scope.manage(vm.newFunction('refuse', () => { throw new RangeError('the host refuses') })))
})

evaluate('numbers', '[0.1 + 0.2, 2 ** 53, 1 / 3, -0, 7 % -3, Math.hypot(3, 4), parseInt("ff", 16), (255).toString(2)]')
evaluate('big', 'let f = 1n; for (let i = 1n; i <= 60n; i++) f *= i; String(f)')
evaluate('text', '[..."äöü €😀"].reverse().join("|") + "x".padStart(5, "ab") + "Weft".replace(/(e)(f)/u, "$2$1")')
evaluate('classes', `class Shape { #side; constructor(s) { this.#side = s } get area() { return this.#side ** 2 } }
    class Cube extends Shape { constructor(s) { super(s); this.s = s } get volume() { return this.area * this.s } }
    const c = new Cube(3); [c.area, c.volume, c instanceof Shape]`)
evaluate('generator', 'function* fib() { let [a, b] = [0, 1]; for (;;) { yield a; [a, b] = [b, a + b] } }' +
    'const got = []; for (const x of fib()) { if (x > 1000) break; got.push(x) } got')
evaluate('sort', `const seed = []; let s = 12345; for (let i = 0; i < 3000; i++) { s = (s * 1103515245 + 12345) % 2147483648; seed.push(s) }
    seed.sort((a, b) => a - b); [seed[0], seed[1500], seed[2999], new Set(seed).size]`)
evaluate('sieve', `const sieve = new Uint8Array(60000).fill(1); let primes = 0
    for (let i = 2; i < sieve.length; i++) if (sieve[i]) { primes++; for (let j = i * i; j < sieve.length; j += i) sieve[j] = 0 } primes`)
evaluate('host', 'each([1, 2, 3, 4], (x, i) => { log("each", x, i, { x }); return x * 10 ** i })')
evaluate('thrown in', 'each([1], () => { throw new TypeError("from inside") })')
evaluate('thrown out', 'try { refuse() } catch (e) { [e.name, e.message] }')
evaluate('syntax', 'let = = 3')
evaluate('nothing', 'undefinedName + 1')
evaluate('deep', '(function down() { return down() + 1 })()')
for (const line of lines) console.log('logged', JSON.stringify(line))

// Promises: jobs are run when the host says so; one of them waits for the host.
const deferred = vm.newPromise()
vm.setProp(vm.global, 'later', deferred.handle)
evaluate('async', `globalThis.order = []; (async () => { order.push('a'); order.push(await later); order.push('c') })(); order.length`)
const word = vm.newString('b')
deferred.resolve(word)
word.dispose()
console.log('jobs', runtime.executePendingJobs().value)
evaluate('order', 'order')
deferred.dispose()

// A limit of time, here counted in calls of the handler; and memory that grows many times.
let asked = 0
runtime.setInterruptHandler(() => ++asked > 20)
evaluate('endless', 'for (;;);')
runtime.removeInterruptHandler()
console.log('asked', asked)
evaluate('memory', 'const hoard = []; for (let i = 0; i < 400; i++) hoard.push(new Array(10000).fill(i)); hoard.flat().length')
evaluate('afterwards', '[1, 2, 3].map(x => x * 2)')

vm.dispose()
runtime.dispose()
