// yew.mjs -- a page in Rust (../rust/yew), drawn by Yew into a document of linkedom's, as in a browser: what it has after each click.
import { readFileSync } from 'node:fs'
import { parseHTML } from 'linkedom'

const window = parseHTML('<!doctype html><html><head><title>none</title></head><body><main>to be replaced</main></body></html>')
const { document, Event } = window
class Window { static [Symbol.hasInstance](value) { return value === globalThis } }
for (const name of ['Element', 'Event', 'HTMLInputElement', 'InputEvent', 'MouseEvent', 'ShadowRoot'])
    globalThis[name] = window[name]
Object.assign(globalThis, { window: globalThis, document, Window, host: { write: text => console.log('   ', text) } })

Date.now = () => 0      // Yew lets others have a turn when it drew for 16 ms: here never, so that what is done is done in one order

const { default: init, Shown } = await import('../yew/page.mjs')
await init({ module_or_path: new Response(readFileSync(new URL('../yew/page_bg.wasm', import.meta.url)), { headers: { 'Content-Type': 'application/wasm' } }) })

const place = document.querySelector('main')
const drawn = async what => {
    await new Promise(resolve => setTimeout(resolve, 1))
    console.log(`${what}: ${document.title}\n${place.innerHTML}`)
}
const click = async selector => {
    const target = document.querySelector(selector)
    if (!target.disabled) target.dispatchEvent(new Event('click', { bubbles: true, cancelable: true }))
    await drawn(`click ${selector}`)
}
const type = async text => {
    const field = document.querySelector('input')
    field.value = text
    field.dispatchEvent(new Event('input', { bubbles: true }))
    await drawn(`type ${text}`)
}

const shown = new Shown(place)
await drawn('shown')
for (const button of ['less', 'more', 'more', 'more', 'less']) await click(`#${button}`)
for (const text of ['pear', 'äpple', 'fig <b>', 'plum & "quince"', 'cherry']) {
    await type(text)
    await click('#add')
}
const last = document.querySelector('li:last-child')
await click('#reverse')
await click('#sort')
await click('li:nth-child(2) button')
await click('li:last-child button')
console.log('kept', last === document.querySelector('li[data-id="1"]'))
for (let i = 0; i < 200; i++) {
    document.querySelector('#more').dispatchEvent(new Event('click', { bubbles: true }))
    if (i % 20 === 0) await new Promise(resolve => setTimeout(resolve, 0))
}
await drawn('many clicks')
shown.end()
await drawn('ended')
