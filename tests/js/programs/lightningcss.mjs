// lightningcss.mjs -- Lightning CSS makes sheets small, older and modular, lets us visit what is in them, and says what is wrong.
import { browserslistToTargets, bundle, composeVisitors, Features, transform, transformStyleAttribute } from 'lightningcss-wasm'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const code = text => Buffer.from(text)
const rules = Array.from({ length: 60 }, (_, i) => `
    .card-${i} { color: rgb(${i * 4}, ${255 - i * 4}, 128); margin: ${i}px ${i}px ${i}px ${i}px; transition: opacity ${i * 10}ms ease-in 0s;
        & > .title:is(h1, h2) { font: italic bold ${10 + i / 2}px/1.5 "Some Font", serif; inset: 0 auto auto 0 }
        @media (width >= ${400 + i * 10}px) { background: oklch(${40 + i / 2}% 0.2 ${i * 6}) }
    }`).join('')
const sheet = `@layer base, theme; @layer base { :root { --main: color-mix(in srgb, red 30%, blue) } }
    ${rules}
    .grid { display: grid; grid: [top] "a a b" 40px [middle] "a a c" auto / 1fr 2fr minmax(0, 3rem); gap: 1em }
    @supports (display: grid) and (not (display: inline-grid)) { a { user-select: none; backdrop-filter: blur(2px) } }
    @keyframes turn { from { rotate: 0deg } 50% { transform: rotate(180deg) translate(10px) } to { rotate: 1turn } }
    .x { width: calc(100% - (2 * 4px + 1em)); animation: turn 2s infinite; composes: grid; color: light-dark(#fff, #000) }`

for (const [name, more] of [
    ['plain', {}], ['minify', { minify: true }], ['map', { minify: true, sourceMap: true }],
    ['modules', { minify: true, cssModules: { pattern: 'm_[local]' } }],
    ['old', { minify: true, targets: browserslistToTargets(['chrome 70', 'safari 12', 'firefox 60']) }],
    ['nesting', { include: Features.Nesting | Features.Colors, analyzeDependencies: true }],
]) {
    const { code: out, map, exports, warnings } = transform({ filename: 'sheet.css', code: code(sheet), ...more })
    const text = out.toString()
    console.log(name, text.length, warnings.length, text.slice(-500))
    if (map) console.log('map', map.toString().length, map.toString().slice(0, 50))
    if (exports) console.log(JSON.stringify(Object.entries(exports).sort().slice(0, 5)))
}

// Visitors of ours are called while it goes through the sheet.
let lengths = 0, names = new Set()
const visitor = composeVisitors([
    { Length: ({ unit, value }) => { lengths++; return unit === 'px' ? { unit: 'rem', value: value / 16 } : undefined } },
    { Selector: selector => { for (const part of selector) if (part.type === 'class') names.add(part.name); return selector } },
    { Function: { double: ({ arguments: [{ value }] }) => ({ type: 'token', value: { ...value, value: value.value * 2 } }) } },
    { Rule: { unknown: rule => { console.log('unknown', rule.name); return [] } } },
])
const visited = transform({ filename: 'v.css', minify: true, code: code(`${rules} .f { width: double(21) } @mine a b { c: d }`), visitor })
console.log('visited', lengths, [...names].sort().join(' ').slice(0, 90), visited.code.length, visited.code.toString().slice(-300))

// Several files, which it has us read.
const folder = mkdtempSync(join(tmpdir(), 'sheets-'))
writeFileSync(join(folder, 'a.css'), `@import "b.css" layer(b); @import "c.css" print; .a { color: red }`)
writeFileSync(join(folder, 'b.css'), '@import "c.css"; .b { color: #00ff00ff }')
writeFileSync(join(folder, 'c.css'), '.c { color: hsl(240deg 100% 50%) }')
console.log(bundle({ filename: join(folder, 'a.css'), minify: true }).code.toString())
rmSync(folder, { recursive: true })

console.log(transformStyleAttribute({ code: code('color: yellow; margin: 0px auto 0px auto; width: calc(1px + 2px)'), minify: true }).code.toString())
for (const wrong of ['.a { color: }}', '@import url(x.css', '.a:not( { b: c }', 'a { width: calc(1px +) ; b }']) {
    try {
        const { warnings } = transform({ filename: 'wrong.css', code: code(wrong), errorRecovery: wrong[0] === 'a' })
        console.log('warnings', JSON.stringify(warnings))
    } catch (problem) {
        console.log('error', problem.constructor.name, problem.message, JSON.stringify(problem.loc), JSON.stringify(problem.data))
    }
}
try {
    transform({ filename: 'v.css', code: code('a { width: 1px }'), visitor: { Length() { throw new RangeError('the visitor refuses') } } })
} catch (problem) {
    console.log('error', problem.constructor.name, problem.message)
}
