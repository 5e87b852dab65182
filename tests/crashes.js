// crashes.js -- what V8 gives for calls of exports: reads FILE and [[name, arguments...], ...] as JSON, and prints as JSON,
// for each call in an instance of its own, a list of results, or a string where it traps or cannot be.
// Functions that are imported give 0, or null.
const [, , path, calls] = process.argv
const module_ = new WebAssembly.Module(require('fs').readFileSync(path))
const imports = {}
for (const { module, name } of WebAssembly.Module.imports(module_)) {
    imports[module] ??= {}
    imports[module][name] = () => null
}
const from = { i32: Number, f32: Number, f64: Number, i64: BigInt }
function text(value) {
    if (typeof value === 'bigint') return value.toString()
    if (typeof value === 'number') return Number.isNaN(value) ? 'nan' : Object.is(value, -0) ? '-0' : value.toString()
    return value === null ? 'null' : 'reference'
}
console.log(JSON.stringify(JSON.parse(calls).map(([name, types, ...words]) => {
    try {
        const { exports } = new WebAssembly.Instance(module_, imports)
        const result = exports[name](...words.map((word, i) => types[i] in from ? from[types[i]](word) : null))
        return result === undefined ? [] : Array.isArray(result) ? result.map(text) : [text(result)]
    } catch (problem) {
        return problem instanceof WebAssembly.LinkError ? 'cannot be linked' : String(problem)
    }
})))
