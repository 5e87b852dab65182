// suite.js -- runs the files of the JavaScript API's own suite.
//
//     node tests/js/suite.js PACKAGE|v8 SUITE [FILE...]
//
// PACKAGE is a folder that has Weft for Node (build/js); `v8` leaves Node's own WebAssembly in its place. SUITE has the
// folders wasm, resources and interfaces, laid out as they are where the suite comes from. A FILE is below SUITE/wasm and ends
// in .any.js; without any, all of jsapi and webapi. Each has a process of its own, and prints a line of JSON for each subtest:
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
    const found = path.join(suite, 'wasm', folder)
    return (fs.existsSync(found) ? fs.readdirSync(found, { withFileTypes: true }) : []).flatMap(entry => {
        const name = `${folder}/${entry.name}`
        return entry.isDirectory() ? filesBelow(name) : name.endsWith('.any.js') ? [name] : []
    }).sort()
}

// What is about browsers alone: a database that they have, responses from elsewhere that a page may not read.
const LEFT_OUT = ['webapi/historical.any.js', 'webapi/origin.sub.any.js', 'webapi/idlharness.any.js']

// A server of the suite knows some files by other names.
const SERVED = { '/resources/WebIDLParser.js': '/resources/webidl2/lib/webidl2.js',
                 '/wasm/incrementer.wasm': '/wasm/webapi/resources/incrementer.wasm' }

function load(served) {
    const found = path.join(suite, SERVED[served] || served)
    vm.runInThisContext(fs.readFileSync(found, 'utf8'), { filename: found })
}

// Of the suite's helpers this one is not among the distribution's.
const HELPERS = { '/wasm/resources/load_wasm.js': () => {
    globalThis.createWasmModule = () => WebAssembly.compile(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0))
} }

// What that server does when a file asks it for something, as far as they do.
async function fetchServed(asked, { signal } = {}) {
    const { pathname, searchParams } = new URL(asked, 'http://suite/wasm/webapi/')
    await new Promise(setImmediate)
    signal?.throwIfAborted()
    if (searchParams.has('status'))         // a Response is made with few of them, and a server sends any
        return Object.defineProperties(new Response(null, { status: 404 }), { status: { value: +searchParams.get('status') } })
    const found = path.join(suite, SERVED[pathname] || pathname)
    if (!fs.existsSync(found)) return new Response(null, { status: 404 })
    const [, type] = /^header\(Content-Type,(.*)\)$/.exec(searchParams.get('pipe')) || [0, pathname.endsWith('.wasm') ? 'application/wasm' : '']
    return new Response(new ReadableStream({
        start(body) {
            signal?.addEventListener('abort', () => body.error(signal.reason))
            setImmediate(() => {
                if (signal?.aborted) return
                body.enqueue(fs.readFileSync(found))
                body.close()
            })
        },
    }), { headers: type ? { 'content-type': type } : {} })
}

async function replaceWebAssembly() {
    if (chosen === 'v8') return
    const folder = path.resolve(chosen)
    await import(url.pathToFileURL(path.join(folder, 'register.mjs')))
    if (require(folder).WebAssembly !== globalThis.WebAssembly)
        throw new Error('register.mjs put another WebAssembly in place than the package has')
}

// What files of newer suites use though the harness has it no more, or another file alone does.
const MISSED = {
    assert_throws: (error, run, message) => assert_throws_js(typeof error === 'function' ? error : error.constructor, run, message),
    promise_rejects: (test, error, promise, message) => promise_rejects_js(test, error.constructor, promise, message),
    assertEquals: (got, wanted, message) => assert_equals(got, wanted, message),
    nulls: count => new Array(count).fill(null),
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
    Object.assign(globalThis, MISSED)
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
    for (const file of files.length ? files : [...filesBelow('jsapi'), ...filesBelow('webapi')].filter(each => !LEFT_OUT.includes(each))) {
        const ran = child.spawnSync(process.execPath, [...process.execArgv, __filename, chosen, suite, file], { stdio: 'inherit' })
        if (ran.status === 0) continue
        if (ran.status !== 1) say(file, null, 'fail', `the process ended with ${ran.signal || `status ${ran.status}`}`)
        process.exitCode = 1
    }
}
