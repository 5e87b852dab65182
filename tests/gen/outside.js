// outside.js -- what another engine does with modules: reads FILE, as outside.c writes it, runs all, and says where it
// differs, and how many were the same.
const fs = require('fs')
const { spawnSync } = require('child_process')

const why = [      // what engines say, in words as coarse as the least of them
    ['unreachable', /unreachable/i], ['zero', /divide by zero|remainder by zero|division by zero/i],
    ['range', /unrepresentable|integer overflow|trunc operation/i],
    ['cast', /illegal cast|ref\.cast/i],
    ['array', /array element|bounds array\./i],
    ['table', /table index is out of bounds|table access|call_indirect.*bounds|bounds call_indirect|element segment|table\.(grow|init|copy|fill)|length is out of bounds of table/i],
    ['memory', /memory access out of bounds|out of bounds memory|memory\.(init|copy|fill)|data segment|Atomics\.wait cannot/i],
    ['aligned', /unaligned/i],
    ['null', /null|signature/i],
]

function word(problem) {
    if (problem instanceof WebAssembly.Exception) return 'exception'
    if (problem instanceof RangeError && /stack/i.test(problem.message)) return 'other'
    if (/array is too large|failed to allocate in array|array\.init_/.test(problem.message)) return 'other'     // which it was nobody knows
    for (const [name, pattern] of why)
        if (pattern.test(problem.message)) return name
    return 'other: ' + problem.message
}

const bits = new DataView(new ArrayBuffer(8))
const text = {
    i: v => (v >>> 0).toString(16),
    l: v => BigInt.asUintN(64, v).toString(16),
    f: v => { if (v !== v) return '7fc00000'; bits.setFloat32(0, v); return bits.getUint32(0).toString(16) },
    d: v => { if (v !== v) return '7ff8000000000000'; bits.setFloat64(0, v); return bits.getBigUint64(0).toString(16) },
    r: v => v === null ? '0' : '1',
}
const from = {
    i: s => parseInt(s, 16) | 0,
    l: s => BigInt('0x' + s),
    f: s => { bits.setUint32(0, parseInt(s, 16)); return bits.getFloat32(0) },
    d: s => { bits.setBigUint64(0, BigInt('0x' + s)); return bits.getFloat64(0) },
    r: () => null,
}
const types = { i: 'i32', l: 'i64', f: 'f32', d: 'f64', r: 'externref' }
const say = (letters, values) => [...letters].map((t, i) => ` ${t}${text[t](values[i])}`).join('')

// What was imported says what it is by its name.
function importsOf(module_, out) {
    const h = {}
    let calls = 0
    for (const { kind, name } of WebAssembly.Module.imports(module_)) {
        const [, a, b, c] = name.split(' ')
        const wide = c === '1', size = n => wide ? BigInt(n) : Number(n)
        const limits = () => ({ initial: size(a), maximum: size(b), ...(wide && { address: 'i64' }) })
        if (kind === 'memory') h[name] = new WebAssembly.Memory(limits())
        else if (kind === 'table') h[name] = new WebAssembly.Table({ element: 'anyfunc', ...limits() })
        else if (kind === 'tag') h[name] = new WebAssembly.Tag({ parameters: [...(a || '')].map(t => types[t]) })
        else if (kind === 'global') h[name] = new WebAssembly.Global({ value: types[b], mutable: wide }, b === 'l' ? 5n : 5)
        else h[name] = (...values) => {
            const [given, wanted] = b.split(':')
            out.push(`host ${calls}` + say(given, values))
            const results = [...wanted].map((t, i) => {
                const n = calls * 7 + i
                return t === 'l' ? BigInt(n) : t === 'i' ? n : t === 'r' ? null : n / 2
            })
            calls++
            return results.length > 1 ? results : results[0]
        }
    }
    return { h }
}

function hash(buffer) {
    const words = new Uint32Array(buffer, 0, buffer.byteLength >> 2)
    let value = 0x811c9dc5
    for (let i = 0; i < words.length; i++) if (words[i]) value = Math.imul(value ^ words[i], 0x01000193) + i
    return (value >>> 0).toString(16)
}

// Of a memory, a global or a table; those that JavaScript cannot read are left out there, too.
function state(exports, line, next) {
    const [kind, index, value] = line.split(' ')
    if (kind === 'memory') {
        const { buffer } = exports['m' + next.memory++]
        return `memory ${buffer.byteLength / 65536} ${hash(buffer)}`
    }
    if (kind === 'global') return `global ${index}` + say(value[0], [(exports['g' + index] ?? exports.fuel).value])
    const table = exports['t' + next.table++], wide = typeof table.length === 'bigint'
    let sum = 0
    for (let i = 0; i < Math.min(Number(table.length), 64); i++)
        sum = (Math.imul(sum, 31) + (table.get(wide ? BigInt(i) : i) === null ? 0 : 1)) | 0
    return `table ${table.length} ${(sum >>> 0).toString(16)}`
}

function run(bytes, expected) {
    const out = [''], module_ = new WebAssembly.Module(bytes), lines = expected.split('\n')
    let instance
    try {
        instance = new WebAssembly.Instance(module_, importsOf(module_, out))
        out.push('good')
    } catch (problem) {
        out.push(word(problem))
        return out
    }
    const { exports } = instance
    const next = { memory: 0, table: 0 }
    for (const line of lines.slice(1)) {
        if (/^(memory|global|table) /.test(line)) out.push(state(exports, line, next))
        if (!line.startsWith('call ')) continue
        const [, name, ...words] = line.split(' ')
        exports.fuel.value = 120
        out.push(line)
        try {
            const result = exports[name](...words.map(w => from[w[0]](w.slice(1))))
            out.push('good' + results(result, lines[out.length] || ''))
        } catch (problem) {
            out.push(word(problem))
        }
        if (out[out.length - 1] === 'other') break
    }
    return out
}

// Of types as they are expected.
function results(result, line) {
    const letters = line.split(' ').slice(1).map(w => w[0]).join('')
    const values = letters.length > 1 ? result : [result]
    return letters ? say(letters, values) : ''
}

// Where verdicts may differ, and whose fault that is.
const peculiar = [
    /mix of legacy and new exception/,      // V8 takes a module with one kind of them
    /exceeds control stack size/,           // JavaScriptCore, of a br_on_null in dead code
]
// What is refused here, and taken there.
const lax = [
    /br_on_non_null sends .* to a label that takes nothing/,    // V8, JavaScriptCore
    /the label's last operand is no reference/,                 // both, of the same in dead code
    /malformed reference type/,             // V8, of passive element segments of numbers
    /unknown label +4294967295;/,           // V8, of a catch clause: it adds one, which makes 0
]
const isPeculiar = problem => peculiar.some(pattern => pattern.test(problem.message ?? ''))

// V8 has a loop leave what reaches its end with the types that it has there, not those that the loop is said to leave. Is that
// why it takes this? The same module with a block behind each such loop, which does nothing but say those types, is then refused.
function takesLoops(bytes) {
    const weft = (verb, input) => {
        const { status, stdout } = spawnSync('build/release/weft', [verb, '--features=all', '-o', '-', '-'], { input })
        return status === 0 && stdout
    }
    const text = weft('print', bytes), open = []
    const changed = text && text.toString().split('\n').map(line => {
        const [word] = line.trim().split(' ', 1)
        if (/^(block|loop|if|try|try_table)$/.test(word)) open.push(word === 'loop' && line.match(/\(result (.*ref.*)\)$/)?.[1])
        const left = /^(end|delegate)$/.test(word) && open.pop()
        return left ? `${line} block (param ${left}) (result ${left}) end` : line
    })
    const binary = changed && weft('parse', changed.join('\n'))
    return binary && !WebAssembly.validate(binary)
}

function refusal(bytes) {
    if (WebAssembly.validate(bytes)) return null
    try { new WebAssembly.Module(bytes) } catch (problem) { return problem }
}

const counts = { passed: 0, failed: 0, excused: 0, valid: 0 }
let index = 0

function verdict(bytes, expected) {
    const problem = refusal(bytes)
    if (!problem) counts.valid++
    if (!problem === (expected === 'valid')) counts.passed++
    else if (problem ? isPeculiar(problem) : lax.some(pattern => pattern.test(expected)) || takesLoops(bytes)) counts.excused++
    else {
        counts.failed++
        console.log(`${index}: here ${expected}, there ${problem ? problem.message : 'valid'}`)
    }
}

// Why a call ends where two things are wrong, or the words differ.
const others = [
    'cast, there null',     // JavaScriptCore, of null where it is not wanted
    'null, there array',    // V8, of array.copy: it looks at the bounds of what is written to before it looks at what is read
    'aligned, there memory',    // V8, JavaScriptCore: they look at the bounds before the alignment
    'array, there table',   // V8, of array.init_elem: it looks at the bounds of the segment first
]

function compare(bytes, expected) {
    let out
    try {
        out = run(bytes, expected)
    } catch (problem) {
        if (isPeculiar(problem)) { counts.excused++; return }
        out = [String(problem)]
    }
    const lines = expected.split('\n')
    let at = 0
    while (at < lines.length && out[at] === lines[at]) at++
    if (at === lines.length && at === out.length) counts.passed++
    else if (out[at] === 'other' || lines[at] === 'other') counts.excused++
    else if (others.includes(`${lines[at]}, there ${out[at]}`)) counts.excused++
    else {
        counts.failed++
        const before = lines.slice(Math.max(0, at - 3), at).join('\n    ')
        console.log(`${index}: after\n    ${before}\n  here\n    ${lines[at]}\n  there\n    ${out[at]}`)
    }
}

const all = fs.readFileSync(process.argv[2])
for (let at = 0; at < all.length; index++) {
    const take = () => { const n = all.readUInt32LE(at); at += 4 + n; return all.subarray(at - n, at) }
    const bytes = take(), expected = take().toString()
    if (/^(valid|refused)/.test(expected)) verdict(bytes, expected)
    else compare(bytes, expected)
}
console.log(`${counts.valid} valid, ${counts.excused} excused`)
console.log(`${counts.passed} passed, ${counts.failed} failed`)
process.exitCode = counts.failed ? 1 : 0
