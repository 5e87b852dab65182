// treesitter.mjs -- Tree-sitter with a grammar that is linked when it is loaded: trees, edits, queries, texts that we hand out.
import { Language, Parser, Query } from 'web-tree-sitter'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

await Parser.init()
const grammar = createRequire(import.meta.url).resolve('tree-sitter-javascript/tree-sitter-javascript.wasm')
const language = await Language.load(readFileSync(grammar))
const parser = new Parser()
parser.setLanguage(language)
console.log(language.abiVersion, language.nodeTypeCount, language.fieldCount, language.nodeTypeForId(1))

const small = `// ä €
import a, { b as c } from "x";
class Cube extends Shape {
    #side = 3n;
    get volume() { return this.#side ** 3n }
    static async *all(...sizes) { for await (const s of sizes) yield* new Cube(s ?? 1) }
}
const text = \`\${a} and \${c?.[0]}\`, re = /[a-z]+\\/(?<n>x)/giu;
label: for (;;) { if (!text) break label; else continue }
`
let tree = parser.parse(small)
console.log(tree.rootNode.toString())

function walk(cursor, depth, out) {
    const { nodeType, nodeIsNamed, currentFieldName, startPosition, nodeText } = cursor
    if (nodeIsNamed) out.push(`${' '.repeat(depth)}${currentFieldName ?? ''}:${nodeType} ${startPosition.row}:${startPosition.column} ` +
        (nodeText.length < 20 ? nodeText : nodeText.length))
    if (cursor.gotoFirstChild()) {
        do walk(cursor, depth + 1, out)
        while (cursor.gotoNextSibling())
        cursor.gotoParent()
    }
    return out
}
console.log(walk(tree.walk(), 0, []).slice(0, 70).join('\n'))

// An edit, of which only a part is parsed again.
const at = small.indexOf('3n'), edited = small.replace('3n', '[1, 2, (3)].map(x => x * 2)')
const place = (source, index) => {
    const lines = source.slice(0, index).split('\n')
    return { row: lines.length - 1, column: lines.at(-1).length }
}
const end = at + edited.length - small.length + 2
tree.edit({ startIndex: at, oldEndIndex: at + 2, newEndIndex: end, startPosition: place(small, at), oldEndPosition: place(small, at + 2),
            newEndPosition: place(edited, end) })
const after = parser.parse(edited, tree)
console.log(JSON.stringify(tree.getChangedRanges(after)))
console.log(after.rootNode.toString() === parser.parse(edited).rootNode.toString())

// A long text, which it asks us for piece by piece; what is wrong in it; and what a query finds.
const long = Array.from({ length: 600 }, (_, i) =>
    `function f${i}(a, b = ${i}) { return a.method${i % 7}(b, "s${i}") + ${i % 50 ? '' : '@'}f${i >> 1}(a) }\n`).join('')
let pieces = 0
const big = parser.parse(index => { pieces++; return long.slice(index, index + 1000) })
console.log('pieces', pieces, 'errors', big.rootNode.hasError, big.rootNode.descendantCount, big.rootNode.endIndex)
console.log(createHash('sha256').update(big.rootNode.toString()).digest('hex'))
const query = new Query(language, `(function_declaration name: (identifier) @name (#match? @name "^f[0-9]*7$"))
    (call_expression function: (member_expression property: (property_identifier) @method) (#eq? @method "method3"))
    (ERROR) @wrong`)
const counts = {}
for (const { name, node } of query.captures(big.rootNode)) (counts[name] ??= []).push(node.text.slice(0, 40))
for (const [name, found] of Object.entries(counts)) console.log(name, found.length, found.slice(0, 4).join(' '))
try {
    new Query(language, '(function_declaration nam: (identifier))')
} catch (problem) {
    console.log('error', problem.constructor.name, problem.message)
}
let steps = 0
const stopped = parser.parse(() => null)
console.log('empty', stopped?.rootNode.toString())
parser.parse(long.repeat(4), null, { progressCallback: () => ++steps > 3 })
console.log('progress', steps)
