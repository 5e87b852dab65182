// esbuild.mjs -- esbuild, a program in Go, bundles modules that plugins of ours hand to it, and makes them small, older and mapped.
import { createHash, webcrypto } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

// Its way for browsers, which runs it in this thread.
globalThis.self = globalThis
globalThis.crypto ??= webcrypto
const require = createRequire(import.meta.url)
const esbuild = require('esbuild-wasm/lib/browser.js')
const wasmModule = await WebAssembly.compile(readFileSync(require.resolve('esbuild-wasm/esbuild.wasm')))
await esbuild.initialize({ wasmModule, worker: false })
const digest = text => createHash('sha256').update(text).digest('hex')

const files = {
    'main.ts': `import { area, type Shape } from './shapes'; import data from './data.json'; import words from 'virtual:words'
        import { Fragment, h } from './jsx'; import './style.css'
        enum Kind { Round = 1, Square = Round << 2, Named = 'n' }
        const shapes: Shape[] = data.sizes.map(side => ({ kind: Kind.Square, side }))
        export async function* all() { for (const s of shapes) yield await area(s) ?? words?.length }
        export const view = <Fragment><p class="x" {...data}>{words.join()}</p></Fragment>
        if (DEBUG) console.log('never', Kind.Round)`,
    'shapes.ts': `export interface Shape { kind: number; side: number }
        class Base { @logged accessor side = 1; static #count = 0n; static { Base.#count ??= 2n ** 3n } }
        function logged(value: any, context: any) { return value }
        export const area = async ({ side }: Shape) => side ** 2
        export const unused = () => new Base()`,
    'jsx.js': `export const Fragment = Symbol.for('f'); export const h = (t, p, ...c) => ({ t, p, c }); export const Unused = class {}`,
    'data.json': JSON.stringify({ sizes: Array.from({ length: 20 }, (_, i) => i * i), 'odd key': '</script>' }),
    'style.css': `@import url("other.css"); .a { &:hover { color: rgb(255 0 0 / 50%) } .b & { margin: 0 0 0 0; inset: 0 } }`,
    'other.css': `:root { --x: calc(1px + 2px) } @media (min-width: 600px) { .c { background: url(data:text/plain,x) } }`,
    'broken.ts': 'const a: number = ;\nlet b = await 1 +\n',
    'missing.js': `import x from './nowhere'; import { nothing } from './jsx.js'; console.log(x, nothing)`,
}
let asked = 0
const plugin = {
    name: 'ours',
    setup(build) {
        build.onResolve({ filter: /^virtual:/ }, ({ path }) => ({ path, namespace: 'virtual' }))
        build.onResolve({ filter: /.*/ }, async ({ path, importer, kind }) => {
            asked++
            if (path.startsWith('data:')) return { path, external: true }
            const name = path.replace(/^\.\//, ''), found = [name, `${name}.ts`, `${name}.js`].find(each => each in files)
            return found ? { path: found, namespace: 'ours' } : { errors: [{ text: `no ${path} for ${importer}, ${kind}` }] }
        })
        build.onLoad({ filter: /.*/, namespace: 'virtual' }, async ({ path }) => {
            await new Promise(done => setTimeout(done, 5))
            return { contents: JSON.stringify(path.split(':')), loader: 'json' }
        })
        build.onLoad({ filter: /.*/, namespace: 'ours' }, ({ path }) => ({
            contents: files[path], loader: path.endsWith('.ts') ? 'tsx' : path.split('.').at(-1) }))
        build.onEnd(({ errors }) => console.log('ended with', errors.length))
    },
}

async function build(name, entry, how) {
    try {
        const { outputFiles, metafile, warnings } = await esbuild.build({
            entryPoints: [entry], bundle: true, write: false, outdir: '/out', plugins: [plugin], define: { DEBUG: 'false' },
            jsxFactory: 'h', jsxFragment: 'Fragment', logLevel: 'silent', ...how })
        for (const { path, text } of outputFiles) console.log(name, path, text.length, digest(text), text.length < 1500 ? text : '')
        console.log(name, warnings.length, metafile ? Object.keys(metafile.inputs).sort().join(' ') : '')
    } catch (problem) {
        for (const { text, location } of problem.errors ?? [{ text: String(problem) }])
            console.log(name, 'error', text, JSON.stringify(location))
    }
}

await build('plain', 'main.ts', { format: 'esm' })
await build('small', 'main.ts', { format: 'iife', minify: true, sourcemap: 'external', metafile: true, globalName: 'all' })
await build('old', 'main.ts', { format: 'cjs', target: ['es2017', 'chrome80'], treeShaking: false })
await build('broken', 'broken.ts', {})
await build('missing', 'missing.js', {})
console.log('asked', asked)

const long = Array.from({ length: 300 }, (_, i) =>
    `export function f${i}(first, second = ${i}) { const sum = first + second; return sum ? sum * ${i} : first.part_ }`)
const { code, map, mangleCache } = await esbuild.transform(long.join('\n'), {
    minify: true, sourcemap: true, mangleProps: /_$/, mangleCache: {} })
console.log(code.length, digest(code), digest(map), JSON.stringify(mangleCache))
const parallel = await Promise.all(Array.from({ length: 12 }, (_, i) => esbuild.transform(
    `let x${i}: number = ${i} ** 2; x${i}!.y ||= <p>{x${i}}</p>`, { loader: 'tsx', target: 'es2018', minifySyntax: i % 2 === 0 })))
for (const each of parallel.slice(0, 3)) console.log(each.code)
console.log(digest(parallel.map(each => each.code).join()))
try {
    await esbuild.transform('let a = 1; let a = 2', { sourcefile: 'twice.js', logLevel: 'silent' })
} catch ({ errors }) {
    console.log(JSON.stringify(errors.map(({ text, location, notes }) => [text, location, notes[0].text])))
}
console.log((await esbuild.analyzeMetafile({ inputs: {}, outputs: { a: { bytes: 5, inputs: {}, imports: [], exports: [] } } })).trim())
await esbuild.stop()
