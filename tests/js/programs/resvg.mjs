// resvg.mjs -- resvg renders drawings with gradients, filters, masks and patterns; what their pixels and files hash to.
import { initWasm, Resvg } from '@resvg/resvg-wasm'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

await initWasm(readFileSync(createRequire(import.meta.url).resolve('@resvg/resvg-wasm/index_bg.wasm')))
const digest = bytes => createHash('sha256').update(bytes).digest('hex')

function flower(petals) {
    const paths = Array.from({ length: petals }, (_, i) => `<path transform="rotate(${360 * i / petals} 100 100)"
        d="M100 100 C ${60 + i} 40, ${140 - i} 40, 100 100 Z" fill="hsl(${360 * i / petals}, 80%, 55%)" fill-opacity="0.7"/>`)
    return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 200" width="200" height="200">${paths.join('')}</svg>`
}

const filtered = `<svg xmlns="http://www.w3.org/2000/svg" width="320" height="240">
  <defs>
    <linearGradient id="sky" x2="0" y2="1"><stop offset="0" stop-color="#036"/><stop offset="1" stop-color="#9cf"/></linearGradient>
    <radialGradient id="sun"><stop offset="0" stop-color="#fff"/><stop offset="1" stop-color="#fa0" stop-opacity="0"/></radialGradient>
    <filter id="soft"><feGaussianBlur stdDeviation="3 1"/><feColorMatrix type="hueRotate" values="40"/></filter>
    <filter id="rough"><feTurbulence type="fractalNoise" baseFrequency="0.05" numOctaves="3" seed="7" result="noise"/>
      <feDisplacementMap in="SourceGraphic" in2="noise" scale="12" xChannelSelector="R" yChannelSelector="G"/></filter>
    <pattern id="dots" width="12" height="12" patternUnits="userSpaceOnUse"><circle cx="6" cy="6" r="3" fill="#063"/></pattern>
    <mask id="fade"><rect width="320" height="240" fill="url(#sun)"/></mask>
    <clipPath id="star"><path d="M160 20 l30 80 h85 l-70 50 25 85 -70 -50 -70 50 25 -85 -70 -50 h85 z"/></clipPath>
  </defs>
  <rect width="320" height="240" fill="url(#sky)"/>
  <circle cx="240" cy="60" r="50" fill="url(#sun)" filter="url(#soft)"/>
  <g clip-path="url(#star)"><rect width="320" height="240" fill="url(#dots)"/></g>
  <g mask="url(#fade)" filter="url(#rough)"><path d="M0 180 Q 80 120 160 180 T 320 180 V 240 H 0 Z" fill="#264" stroke="#fff"
     stroke-width="4" stroke-dasharray="9 5" stroke-linejoin="round"/></g>
</svg>`

const options = { background: 'rgba(20, 30, 40, .5)', fitTo: { mode: 'width', value: 500 } }
for (const [name, svg, how] of [['flower', flower(17)], ['filtered', filtered], ['large', flower(40), options]]) {
    const drawing = new Resvg(svg, how)
    const box = drawing.getBBox()
    const image = drawing.render(), png = image.asPng()
    console.log(name, drawing.width, drawing.height, image.width, image.height, png.length, digest(png), digest(image.pixels))
    console.log(JSON.stringify([box?.x, box?.y, box?.width, box?.height]), digest(drawing.toString()))
    image.free()
    drawing.free()
}

for (const wrong of ['<svg', '<svg xmlns="http://www.w3.org/2000/svg" width="-1" height="1"/>', 'no drawing']) {
    try {
        new Resvg(wrong)
        console.log('no error')
    } catch (problem) {
        console.log('error', String(problem.message ?? problem))
    }
}

// Images that are in a drawing come from us.
const nested = new Resvg(`<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64"><image href="https://example.test/a.png"
    width="64" height="64"/></svg>`)
console.log(nested.imagesToResolve())
const inner = new Resvg(flower(5), { fitTo: { mode: 'width', value: 32 } }).render().asPng()
nested.resolveImage('https://example.test/a.png', inner)
console.log(digest(nested.render().asPng()))
