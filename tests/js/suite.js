// suite.js -- runs the files of the JavaScript API's own suite.
//
//     node tests/js/suite.js PACKAGE|v8 SUITE [FILE...]
//
// PACKAGE is a folder that has Weft for Node (build/js); `v8` leaves Node's own WebAssembly in its place. SUITE has
// the folders wasm, resources and interfaces as they are in web-platform-tests. A FILE is below SUITE/wasm and ends in .any.js;
// without any, all of jsapi. Each has a process of its own, and prints a line of JSON for each subtest:
//
//     {"file": "jsapi/memory/grow.any.js", "name": "Zero initial", "status": "pass", "message": null}
//
// and one behind them whose name is null: `pass` if the file came to its end. That is also the exit status.
'use strict'
const child = require('child_process'), fs = require('fs'), path = require('path'), vm = require('vm'), url = require('url')

const [chosen, suite, ...files] = process.argv.slice(2)
if (!suite) {
    console.error('usage: suite.js PACKAGE|v8 SUITE [FILE...]')
    process.exit(2)
}
const print = console.log.bind(console)
const say = (file, name, status, message) => print(JSON.stringify({ file, name, status, message }))

function filesBelow(folder) {
    return fs.readdirSync(path.join(suite, 'wasm', folder), { withFileTypes: true }).flatMap(entry => {
        const name = `${folder}/${entry.name}`
        return entry.isDirectory() ? filesBelow(name) : name.endsWith('.any.js') ? [name] : []
    }).sort()
}

// What a server of the suite would give for a path: some names stand for others there.
const SERVED = { '/resources/WebIDLParser.js': '/resources/webidl2/lib/webidl2.js' }

function load(served) {
    const found = path.join(suite, SERVED[served] || served)
    vm.runInThisContext(fs.readFileSync(found, 'utf8'), { filename: found })
}

// Of the suite's helpers this one is not among the distribution's.
const HELPERS = { '/wasm/resources/load_wasm.js': () => {
    globalThis.createWasmModule = () => WebAssembly.compile(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0))
} }

async function fetchServed(served) {
    const found = path.join(suite, served)
    return fs.existsSync(found) ? new Response(fs.readFileSync(found)) : new Response(null, { status: 404 })
}

async function replaceWebAssembly() {
    if (chosen === 'v8') return
    const folder = path.resolve(chosen)
    await import(url.pathToFileURL(path.join(folder, 'register.mjs')))
    if (require(folder).WebAssembly !== globalThis.WebAssembly)
        throw new Error('register.mjs put another WebAssembly in place than the package has')
}

const STATUS = ['pass', 'fail', 'timeout', 'not run', 'not implemented']

async function run(file) {
    let ended = false
    process.on('exit', () => {
        if (ended) return
        say(file, null, 'fail', 'nothing was left to wait for, and the file was not done')
        process.exitCode = 1
    })
    await replaceWebAssembly()
    globalThis.self = globalThis
    globalThis.GLOBAL = { isWindow: () => false, isWorker: () => false, isShadowRealm: () => false }
    globalThis.Window = class Window {}
    globalThis.fetch = fetchServed
    load('/resources/testharness.js')
    add_completion_callback((tests, harness) => {
        ended = true
        for (const { name, status, message } of tests) say(file, name, STATUS[status], message)
        say(file, null, harness.status === harness.OK ? 'pass' : 'fail', harness.message)
        process.exitCode = harness.status === harness.OK ? 0 : 1
    })
    setup({ explicit_done: true })
    const served = `/wasm/${file}`, text = fs.readFileSync(path.join(suite, served), 'utf8')
    for (const [, script] of text.matchAll(/^\/\/ META: script=(.*)$/gm)) {
        const from = path.posix.resolve(path.posix.dirname(served), script)
        if (HELPERS[from]) HELPERS[from]()
        else load(from)
    }
    load(served)
    done()
}

if (files.length === 1) {
    run(files[0]).catch(problem => {
        console.error(problem)
        process.exit(1)
    })
} else {
    for (const file of files.length ? files : filesBelow('jsapi')) {
        const ran = child.spawnSync(process.execPath, [...process.execArgv, __filename, chosen, suite, file], { stdio: 'inherit' })
        if (ran.status === 0) continue
        if (ran.status !== 1) say(file, null, 'fail', `the process ended with ${ran.signal || `status ${ran.status}`}`)
        process.exitCode = 1
    }
}
