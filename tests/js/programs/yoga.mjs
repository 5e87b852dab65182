// yoga.mjs -- Yoga lays out flexible boxes: rows that wrap, what grows and shrinks, texts that we measure.
import Yoga, { Align, Direction, Display, Edge, FlexDirection, Gutter, Justify, MeasureMode, PositionType, Wrap } from 'yoga-layout'

const config = Yoga.Config.create()
config.setPointScaleFactor(2)

function box(style, ...children) {
    const node = Yoga.Node.create(config)
    for (const [name, value] of Object.entries(style)) node[`set${name}`](...[value].flat())
    children.forEach((child, i) => node.insertChild(child, i))
    return node
}

// A text of so many words, in letters of 7 by 16, is as high as its width makes it.
let measured = 0
function text(words) {
    const node = Yoga.Node.create(config), letters = words.split(' ').map(word => word.length + 1)
    node.setMeasureFunc((width, widthMode) => {
        measured++
        const most = widthMode === MeasureMode.Undefined ? Infinity : Math.max(1, Math.floor(width / 7))
        let lines = 1, line = 0, widest = 0
        for (const count of letters) {
            if (line && line + count > most) { lines++; line = 0 }
            line += count
            widest = Math.max(widest, line)
        }
        return { width: Math.min(widest * 7, width || Infinity), height: lines * 16 }
    })
    return node
}

function show(node, depth = 0) {
    const { left, top, width, height } = node.getComputedLayout()
    console.log(' '.repeat(depth * 2) + [left, top, width, height].join(' '))
    for (let i = 0; i < node.getChildCount(); i++) show(node.getChild(i), depth + 1)
}

const cards = Array.from({ length: 9 }, (_, i) => box(
    { Width: 90 + i * 13 % 40, MinHeight: 40, FlexGrow: i % 3, FlexShrink: 1, Margin: [Edge.All, 4], Padding: [Edge.Horizontal, i] },
    text('some words that are of no use here '.repeat(i % 4 + 1).trim())))
const page = box({ Width: 640, Height: 480, FlexDirection: FlexDirection.Column, Padding: [Edge.All, 10] },
    box({ Height: 50, FlexDirection: FlexDirection.Row, JustifyContent: Justify.SpaceBetween, AlignItems: Align.Center },
        box({ Width: 32, Height: 32 }), text('a title'), box({ WidthPercent: 25, AspectRatio: 4 })),
    box({ FlexGrow: 1, FlexDirection: FlexDirection.Row, FlexWrap: Wrap.Wrap, AlignContent: Align.FlexStart, Gap: [Gutter.All, 6] },
        ...cards),
    box({ PositionType: PositionType.Absolute, Position: [Edge.Right, 20], Width: '12.5%', Height: 33.3 }),
    box({ Display: Display.None, Height: 99 }))

for (const direction of [Direction.LTR, Direction.RTL]) {
    page.calculateLayout(undefined, undefined, direction)
    console.log('direction', direction)
    show(page)
}
console.log('measured', measured > 0, 'dirty', page.isDirty(), page.hasNewLayout())

cards[3].setWidth('60%')
cards[4].setDisplay(Display.None)
page.setWidth(333)
console.log('dirty', page.isDirty())
page.calculateLayout(undefined, undefined, Direction.LTR)
show(page)

// Many of them, deep.
let tree = box({ Width: 3, Height: 2 })
for (let i = 0; i < 14; i++)
    tree = box({ FlexDirection: i % 4, Padding: [Edge.All, i % 3], Margin: [Edge.Left, i % 5] }, tree, box({ Width: i, Height: i / 2 }))
tree.calculateLayout(1000, 1000, Direction.LTR)
console.log(JSON.stringify(tree.getComputedLayout()))
let deep = tree
while (deep.getChildCount()) deep = deep.getChild(0)
console.log(JSON.stringify(deep.getComputedLayout()))

try {
    page.insertChild(cards[0], 0)
    console.log('no error')
} catch (problem) {
    console.log('error', problem.constructor.name)
}
tree.freeRecursive()
page.freeRecursive()
