// biome.mjs -- Biome formats JavaScript, JSON, CSS and more, finds what is wrong in it, and mends that.
import { Biome } from '@biomejs/js-api/nodejs'

const biome = new Biome()
const { projectKey } = biome.openProject('/project')
biome.applyConfiguration(projectKey, {
    formatter: { indentStyle: 'space', indentWidth: 4, lineWidth: 90 },
    javascript: { formatter: { quoteStyle: 'single', semicolons: 'asNeeded', arrowParentheses: 'asNeeded' } },
    linter: { rules: { recommended: true, suspicious: { noDoubleEquals: 'error' }, style: { useConst: 'error', useTemplate: 'warn' } } },
})

const long = Array.from({ length: 40 }, (_, i) => `export   function f${i}( a,b = ${i} ){ if(a==b){return  "x" +a}
  for(const [k,v] of Object.entries({a,b,"c-d":[1,2,3].map(function(x){return x*${i}})})){ console.log(k,v);;} }`).join('\n')
const files = {
    'long.js': long,
    'types.ts': `type A<T>=T extends (infer U)[]?U:never;interface B extends A<string[]>{readonly [key:string]:unknown;method?():void}
        enum C{x=1<<3,y='é'}; abstract class D<T extends object=any> implements B{ private constructor(public readonly a:number|undefined){super()} @dec() static async*m(){} }
        declare module "x"{export default function f(this:Window,...rest:unknown[]):asserts rest is string[]}`,
    'view.tsx': `export const View=({items,on}:{items:string[],on:()=>void})=><ul className="list" onClick={()=>on()}>{items.map(i=><li key={i}>{i} &amp; {\`\${i}!\`}</li>)}<></></ul>`,
    'data.json': '{"b":[1,2,{"c":null}],"a":"\\u00e9","long":["aaaaaaaaaaaaaaaaaaaa","bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb","cccccccccccccccccccccccccc"]}',
    'sheet.css': '.a,.b>c{color:RED;margin:0 0 0 0;&:hover{background:url( x.png )}}@media (min-width:100px){a{}}',
    'wrong.js': 'let a = ;\nfunction (',
}
for (const [name, content] of Object.entries(files)) {
    try {
        const formatted = biome.formatContent(projectKey, content, { filePath: `/project/${name}` })
        console.log(`--- ${name}: ${formatted.content.length}, ${formatted.diagnostics.length} to say`)
        console.log(formatted.content.slice(0, 700))
        if (formatted.diagnostics.length)
            console.log(biome.printDiagnostics(formatted.diagnostics, { filePath: name, fileSource: content }).replace(/<[^>]*>/g, ''))
    } catch (problem) {
        console.log('error', String(problem.message ?? problem).slice(0, 300))
    }
}

const careless = `// äö €
let count = 1; var unused = 3
if (count == null || NaN === count) { debugger; console.log("a" + count + "b") }
for (let i = 0; i < 3; i++) { delete count[i]; switch (count) { case 1: let x = 2; case 1: break } }
async function f() { return await [1, , 2].forEach(async x => { await x }) }
export { f }
`
const linted = biome.lintContent(projectKey, careless, { filePath: '/project/careless.js', fixFileMode: 'safeAndUnsafeFixes' })
for (const { category, severity, location, description } of linted.diagnostics)
    console.log(severity, category, JSON.stringify(location.span), description)
console.log(linted.content)
const found = biome.lintContent(projectKey, careless, { filePath: '/project/careless.js' })
console.log(found.diagnostics.length, found.diagnostics.map(each => each.category).sort().join(' '))
const printed = biome.printDiagnostics(found.diagnostics.slice(0, 3), { filePath: 'careless.js', fileSource: careless })
console.log(printed.replace(/<[^>]*>/g, ''))
biome.shutdown()
