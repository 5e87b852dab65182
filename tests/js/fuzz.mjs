// fuzz.mjs -- random operations on the JavaScript API, in Weft and in V8, which must tell the same of each.
//
//     node --expose-gc tests/js/fuzz.mjs PACKAGE [SEED [COUNT]]
//
// A round is a world of modules (modules/*.wat), what they import and export, and what was done with it: some dozens of
// operations, each of which may go on within a callback, a getter or a conversion. All are drawn by the round's number, so a
// second world is the same as long as both engines do the same; what each said is a line. `node fuzz.mjs PACKAGE SEED ROUND!`
// does one round and prints it. Every third round is of what V8 has not: limits, fuel, buffers that are taken away, modules of
// newer proposals than this V8's; only that nothing breaks is tested there.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import url from 'node:url';

const here = path.dirname(url.fileURLToPath(import.meta.url));
const [folder, seed = '1', count = '20000'] = process.argv.slice(2);
const V8 = globalThis.WebAssembly, weft = createRequire(import.meta.url)(path.resolve(folder));
const { gc } = globalThis;
const only = count.endsWith('!') ? parseInt(count) : undefined;

const binaries = new Map();
for (const file of fs.readdirSync(path.join(here, 'modules')).sort()) {
    const done = spawnSync(path.join(here, '../../build/release/weft'), ['parse', path.join(here, 'modules', file), '-o', '-']);
    if (done.status !== 0) throw new Error(`${file}: ${done.stderr}`);
    binaries.set(file.slice(0, -4), new Uint8Array(done.stdout));
}
const common = [...binaries.keys()].filter((name) => V8.validate(binaries.get(name)));
// Weft's own: what V8 would not refuse.
const APART = /nothing to do with|another instance|limits of its own/;
const DEPTH = 4, OPERATIONS = 60;

class World {
    constructor(W, number, alone) {
        this.W = W;
        this.alone = alone;
        this.state = Math.imul(number + 1, 0x9e3779b1) ^ 0x5bd1e995;
        this.names = alone ? [...binaries.keys()] : common;
        this.lines = [];
        this.ids = new WeakMap();
        this.count = 0;
        this.depth = 0;
        this.pool = { function: [], memory: [], table: [], global: [], tag: [], value: [], view: [], module: [] };
        this.problems = new Map(); // by the line that tells
    }

    // ---- What is drawn

    random(n) {
        let z = this.state = (this.state + 0x6d2b79f5) | 0;
        z = Math.imul(z ^ z >>> 15, z | 1);
        z ^= z + Math.imul(z ^ z >>> 7, z | 61);
        return Math.floor(((z ^ z >>> 14) >>> 0) / 2 ** 32 * n);
    }
    chance(percent) { return this.random(100) < percent; }
    of(list) { return list[this.random(list.length)]; }
    drawn(kind) { return this.of(this.pool[kind]); }

    add(kind, value) {
        const list = this.pool[kind];
        if (list.length < 24) list.push(value);
        else list[this.random(24)] = value;
        return value;
    }

    number() {
        return this.of([0, 1, -1, 2, 3, 5, 7, 16, 100, 4096, 65532, 65536, 2 ** 30, 2 ** 31, 2 ** 32, -(2 ** 31), 2 ** 53, 1e300, 1.5, -0, NaN, Infinity, 0.1]);
    }
    bigint() { return this.of([0n, 1n, -1n, 7n, 65536n, 2n ** 31n, 2n ** 63n, -(2n ** 63n), 2n ** 64n, 2n ** 70n]); }

    value() {
        switch (this.random(14)) {
            case 0: return undefined;
            case 1: return null;
            case 2: return this.of(['', '12', 'x', true, false]);
            case 3: return this.bigint();
            case 4: return Symbol.iterator;
            case 5: return this.drawn('function');
            case 6: case 7: return this.drawn('value');
            case 8: return this.add('value', { made: this.count });
            case 9: return this.drawn(this.of(['memory', 'table', 'global', 'tag', 'module']));
            case 10: {
                const number = this.chance(80) ? this.number() : this.bigint();
                return { valueOf: () => (this.react('valueOf'), number) };
            }
            case 11: return () => this.react('function');
            default: return this.number();
        }
    }

    fitting(name) {
        if (this.chance(12)) return this.value();
        switch (name) {
            case 'long': return this.bigint();
            case 'three': return this.chance(80) ? [this.number(), this.bigint(), this.number()] : new Set([this.number(), this.bigint()]);
            case 'two': return [this.value(), this.number()];
            case 'pass': return this.chance(80) ? this.drawn('function') ?? null : this.value();
            case 'change': case 'any': case 'eq': return this.value();
            default: return this.number();
        }
    }

    // Anything may happen where JavaScript is asked.
    react(where) {
        if (this.depth >= DEPTH) return;
        if (this.chance(35)) this.operate(`in ${where} `);
        if (this.chance(12)) throw this.thrown();
    }

    thrown() {
        switch (this.random(5)) {
            case 0: return this.add('value', new Error('thrown'));
            case 1: return this.drawn('value');
            case 2: return this.number();
            case 3: {
                const exception = this.exception();
                return exception ?? 'no exception';
            }
            default: return undefined;
        }
    }

    exception() {
        const tag = this.drawn('tag');
        if (!tag) return undefined;
        try {
            return this.add('value', new this.W.Exception(tag.tag, tag.types.map((type) => (type === 'i64' ? this.bigint() : type === 'externref' || type === 'anyref' ? this.value() : this.number()))));
        } catch {
            return undefined;
        }
    }

    // ---- What is said

    id(object) {
        if (!this.ids.has(object)) this.ids.set(object, this.count++);
        return this.ids.get(object);
    }

    text(value) {
        switch (typeof value) {
            case 'number': return Object.is(value, -0) ? '-0' : String(value);
            case 'bigint': return `${value}n`;
            case 'string': return JSON.stringify(value);
            case 'function': return `function ${value.name}/${value.length} #${this.id(value)}`;
            case 'object': return value === null ? 'null' : Array.isArray(value) ? `[${value.map((v) => this.text(v))}]` : `#${this.id(value)}`;
            default: return String(value);
        }
    }

    failure(error) {
        const { W } = this;
        if (error === null || typeof error !== 'object') return `throws ${this.text(error)}`;
        if (this.ids.has(error)) return `throws #${this.id(error)}`;
        if (error instanceof W.Exception) return `throws exception #${this.id(this.add('value', error))}`;
        if (!(error instanceof Error)) return `throws ${this.text(error)}`;
        if (APART.test(error.message)) return 'apart';
        this.problems.set(this.lines.length, error);
        return `throws ${['CompileError', 'LinkError', 'RuntimeError'].find((name) => error instanceof W[name]) ?? error.name}`;
    }

    say(line) { this.lines.push(`${'  '.repeat(this.depth)}${line}`); }

    operate(where = '') {
        const drawn = this.of(operations);
        const operation = (where && { instantiateLater: 'instantiate', turn: 'drop' }[drawn]) || drawn; // nobody waits within
        const what = where + operation;
        const line = this.lines.length;
        this.say(what);
        this.depth++;
        let outcome;
        try {
            outcome = this[operation]();
        } catch (error) {
            outcome = this.failure(error);
        }
        const end = (text) => {
            this.depth--;
            this.say(`= ${what}(${line}): ${text ?? ''}`);
        };
        if (outcome instanceof Promise) return outcome.catch((error) => this.failure(error)).then(end);
        return end(outcome);
    }

    // ---- Instances

    module() {
        const name = this.of(this.names);
        return this.add('module', { name, module: new this.W.Module(binaries.get(name)) });
    }

    imported({ kind, name }) {
        if (this.chance(3)) return this.value();
        if (this.chance(30) && this.pool[kind].length) {
            const known = this.drawn(kind);
            return kind === 'tag' ? known.tag : known;
        }
        const { W } = this;
        switch (kind) {
            case 'function':
                if (name === 'deeper') return (n) => this.deeper(n);
                return (...args) => {
                    if (this.depth < DEPTH) this.say(`${name}(${args.map((v) => this.text(v))})`);
                    this.react(name);
                    return this.fitting(name);
                };
            case 'memory': return this.add('memory', new W.Memory({ initial: 1 + this.random(2), ...(this.chance(60) ? { maximum: 3 + this.random(4) } : {}) }));
            case 'table': return this.add('table', new W.Table({ element: 'anyfunc', initial: 2 + this.random(3), ...(this.chance(60) ? { maximum: 6 + this.random(10) } : {}) }));
            case 'tag': return name === 'javascript' && W.JSTag ? W.JSTag : this.newTag(['i32', 'externref']).tag;
            default: switch (name) {
                case 'counter': return this.add('global', new W.Global({ value: 'i32', mutable: true }, this.number()));
                case 'wide': return this.add('global', new W.Global({ value: 'i64', mutable: true }, this.bigint()));
                case 'globe': return this.add('global', new W.Global({ value: 'externref', mutable: true }, this.value()));
                case 'fixed': return this.chance(50) ? this.number() : this.add('global', new W.Global({ value: 'f64' }, this.number()));
                default: return this.chance(50) ? this.number() : this.add('global', new W.Global({ value: 'i32' }, this.number()));
            }
        }
    }

    deeper(n) {
        if (n > 100000) throw new Error('deep enough');
        return this.deep.exports.through ? this.deep.exports[n % 3 ? 'through' : 'both'](n) : n;
    }

    importsOf(module) {
        const env = {};
        let first = true; // V8 reads all before it looks at any
        for (const one of this.W.Module.imports(module)) {
            const value = this.imported(one);
            if (first && this.chance(20)) Object.defineProperty(env, one.name, { get: () => (this.react('getter'), value), configurable: true });
            else env[one.name] = value;
            first = false;
        }
        let read = false;
        const get = (target, key) => {
            if (!read) this.react('proxy');
            read = true;
            return target[key];
        };
        return this.chance(10) ? new Proxy({ env }, { get }) : { env };
    }

    limits() {
        if (!this.alone || this.chance(60)) return [];
        const limits = {};
        for (const name of ['fuel', 'memoryBytes', 'tableEntries', 'heapBytes', 'handles', 'instances', 'instanceBytes', 'functions', 'stackBytes', 'tableTotal'])
            if (this.chance(20)) limits[name] = this.of([0, 1, 5, 100, 10000, 1000000, 2 ** 40, 2n ** 63n]);
        return [{ weft: { ...limits, deterministic: this.chance(50) } }];
    }

    known(module) {
        return module && this.chance(60) ? module : this.module();
    }

    took(name, { exports }) {
        if (name === 'deep') this.deep = { exports };
        for (const key of Object.keys(exports)) {
            const one = exports[key], { W } = this;
            if (typeof one === 'function') name !== 'deep' && this.add('function', one);
            else if (one instanceof W.Memory) this.add('memory', one);
            else if (one instanceof W.Table) this.add('table', one);
            else if (one instanceof W.Global) this.add('global', one);
            else this.add('tag', { tag: one, types: key === 'own' ? ['f64', 'i64'] : key === 'empty' ? [] : name === 'objects' ? ['anyref'] : ['i32', 'externref'] });
        }
        return `${name}: ${Object.keys(exports).map((key) => `${key} ${this.text(exports[key])}`)}`;
    }

    instantiate() {
        const { name, module } = this.known(this.drawn('module'));
        return this.took(name, new this.W.Instance(module, this.importsOf(module), ...this.limits()));
    }

    async instantiateLater() {
        const { name, module } = this.known(this.drawn('module')), bytes = this.chance(50);
        const made = await this.W.instantiate(bytes ? binaries.get(name) : module, this.importsOf(module), ...this.limits());
        return this.took(name, bytes ? made.instance : made);
    }

    // ---- Calls

    call() {
        const one = this.drawn('function');
        if (!one) return 'none';
        const types = this.chance(75);
        const args = Array.from({ length: this.chance(90) ? one.length : this.random(12) }, () => (types ? this.of([() => this.number(), () => this.bigint(), () => this.value()])() : this.value()));
        this.say(`${this.text(one)}(${args.map((v) => this.text(v))})`);
        const result = one(...args);
        if (typeof result === 'object' || typeof result === 'function') this.add(typeof result === 'function' && result.name.match(/^\d+$/) ? 'function' : 'value', result);
        return this.text(result);
    }

    recurse() {
        if (!this.deep || this.depth > 2) return '';
        const { exports } = this.deep;
        const one = exports[this.of(Object.keys(exports))];
        try {
            return this.text(one(0));
        } catch (error) {
            return error instanceof RangeError || error instanceof this.W.RuntimeError ? 'deep' : this.failure(error);
        }
    }

    // ---- Items

    newItem() {
        const kind = this.of(['Memory', 'Table', 'Global', 'Tag']);
        const value = this.chance(50) ? this.drawn('function') : this.value();
        const given = {
            Memory: () => ({ initial: this.random(3), maximum: this.random(6) }),
            Table: () => ({ element: this.of(['externref', 'anyfunc']), initial: 1 + this.random(5), ...(this.chance(50) ? { maximum: 8 } : {}) }),
            Global: () => ({ value: this.of(['i32', 'i64', 'f32', 'f64', 'externref', 'anyfunc']), mutable: this.chance(70) }),
            Tag: () => ({ parameters: this.of([['i32', 'externref'], [], ['f64', 'i64'], ['externref']]) }),
        }[kind]();
        this.say(`${kind} ${JSON.stringify(given)} ${this.text(value)}`);
        if (kind === 'Tag') return this.text(this.newTag(given.parameters).tag);
        return this.text(this.add(kind.toLowerCase(), new this.W[kind](given, ...((this.chance(50) || given.value === 'externref') && value !== undefined ? [value] : given.value === 'externref' ? [null] : []))));
    }
    newTag(types) { return this.add('tag', { tag: new this.W.Tag({ parameters: types }), types }); }

    memory() {
        const one = this.drawn('memory');
        if (!one) return 'none';
        switch (this.random(5)) {
            case 0: return this.text(one.grow(this.of([0, 1, 1, 2, 70000, { valueOf: () => (this.react('grow'), 1) }])));
            case 1: {
                const view = new Uint8Array(one.buffer);
                if (view.length) view[this.random(view.length)] = this.random(256);
                this.add('view', view);
                return `${view.length} ${one.buffer === view.buffer}`;
            }
            case 2: {
                const view = new DataView(one.buffer), at = this.of([0, 4, 8, 16, 100, 65528, 65534]);
                const before = view.getInt32(at, true);
                this.react('view');
                view.setInt32(at, this.random(1000), true);
                return this.text(before);
            }
            default: return `${one.buffer.byteLength} ${this.id(one.buffer)}`;
        }
    }

    view() {
        const one = this.drawn('view');
        if (!one) return 'none';
        const at = this.random(70000);
        one[at] = this.random(256);
        return `${one.length} ${one[at]} ${one[0]} ${one[65535]}`;
    }

    // Those of memories are nobody's to take, by one way or the other.
    take() {
        const view = this.drawn('view') ?? (this.pool.memory.length ? new Uint8Array(this.drawn('memory').buffer) : undefined);
        if (!view || !this.alone) return '';
        const { buffer } = view;
        switch (this.random(3)) {
            case 0: this.add('view', new Uint8Array(structuredClone(buffer, { transfer: [buffer] }))); break;
            case 1: if (buffer.transfer) this.add('view', new Uint8Array(buffer.transfer(this.chance(50) ? this.random(200000) : undefined))); break;
            default: {
                const { port1, port2 } = new MessageChannel();
                try {
                    port1.postMessage(buffer, [buffer]);
                } finally {
                    port1.close();
                    port2.close();
                }
            }
        }
        return '';
    }

    table() {
        const one = this.drawn('table');
        if (!one) return 'none';
        const value = (this.chance(60) ? this.drawn('function') : this.value()) ?? null;
        switch (this.random(5)) {
            case 0: case 1: case 2: // V8 looks at where, and how much, first
                try {
                    return this.text(this.chance(60) ? one.set(this.chance(80) ? this.random(4) : this.value(), ...(this.chance(90) ? [value] : []))
                        : one.grow(this.of([1, 1, 2, 3e7, { valueOf: () => (this.react('grow'), 1) }]), ...(this.chance(60) ? [value] : [])));
                } catch (error) {
                    return error instanceof RangeError || error instanceof TypeError ? 'throws' : this.failure(error);
                }
            default: {
                const found = one.get(this.chance(80) ? this.random(4) : this.value());
                if (typeof found === 'function' && /^\d+$/.test(found.name)) this.add('function', found);
                return `${one.length} ${this.text(found)}`;
            }
        }
    }

    global() {
        const one = this.drawn('global');
        if (!one) return 'none';
        if (this.chance(60)) one.value = this.of([() => this.number(), () => this.bigint(), () => this.value()])();
        return this.text(one.value);
    }

    exceptions() {
        const one = this.chance(50) ? this.drawn('value') : this.exception(), tag = this.drawn('tag');
        if (!(one instanceof this.W.Exception) || !tag) return '';
        return one.is(tag.tag) && tag.types.length ? this.text(one.getArg(tag.tag, this.random(tag.types.length))) : String(one.is(tag.tag));
    }

    statics() {
        const { W } = this;
        const bytes = Uint8Array.from(binaries.get(this.of(this.names)));
        const { module } = this.known(this.drawn('module'));
        switch (this.random(4)) {
            case 0: return JSON.stringify(W.Module.exports(module).map(({ name, kind }) => [name, kind]));
            case 1: return JSON.stringify(W.Module.imports(module).map(({ name, kind }) => [name, kind]));
            case 2: return `${W.validate(bytes.subarray(0, this.random(bytes.length + 1)))} ${W.Module.customSections(module, 'name').length}`;
            default: {
                for (let k = this.random(3); k >= 0; k--) bytes[8 + this.random(bytes.length - 8)] = this.random(256);
                let mutant;
                try {
                    mutant = new W.Module(bytes);
                } catch (error) {
                    return this.alone ? this.failure(error) : '';
                }
                return this.alone ? this.took('mutant', new W.Instance(mutant, this.importsOf(mutant), { weft: { fuel: 100000 } })) : '';
            }
        }
    }

    // ---- What ends

    drop() {
        for (const list of Object.values(this.pool))
            for (let k = list.length - 1; k >= 0; k--) if (this.chance(30)) list.splice(k, 1);
        if (this.chance(30)) this.deep = undefined;
        if (this.chance(50)) gc();
    }

    dropAll() {
        if (this.chance(50)) return;
        for (const list of Object.values(this.pool)) list.length = 0;
        gc();
    }

    async turn() {
        gc();
        await new Promise(setImmediate);
    }
}
const operations = ['instantiate', 'instantiateLater', 'call', 'call', 'call', 'recurse', 'newItem', 'memory', 'view', 'take', 'table', 'global',
    'exceptions', 'statics', 'drop', 'dropAll', 'turn'];

async function round(W, number, alone) {
    const world = new World(W, number, alone);
    for (let k = 0; k < OPERATIONS; k++) await world.operate();
    return world;
}

function complain(number, theirs, ours, at) {
    console.log(`seed ${seed}, round ${number}, line ${at}: V8 and Weft differ; node --expose-gc tests/js/fuzz.mjs ${folder} ${seed} ${number}!`);
    for (let k = Math.max(0, at - 40); k < at; k++) console.log(`  ${ours.lines[k]}`);
    console.log(`- ${theirs.lines[at]}\n+ ${ours.lines[at]}`);
    for (const one of [theirs, ours]) if (one.problems.has(at)) console.log(one.problems.get(at).stack);
    process.exitCode = 1;
}

// For a case that breaks what all this is made of, but when a world itself is at work: nothing is compared.
export async function worlds(number, breaks) {
    const world = new World(weft.create().WebAssembly, number, true);
    for (let k = 0; k < OPERATIONS; k++) {
        breaks(true);
        try {
            const later = world.operate();
            breaks(false);
            await later;
        } catch {}
        breaks(false);
    }
    return world;
}

let done = 0;
for (let k = 0; url.fileURLToPath(import.meta.url) !== path.resolve(process.argv[1]) ? false : only === undefined ? done < +count && !process.exitCode : k === 0; k++) {
    const number = only ?? (parseInt(seed) * 1000003 + k) | 0;
    const alone = number % 3 === 0;
    if (process.env.FUZZ_TRACE) fs.writeSync(2, `round ${number}\n`);
    const ours = await round(weft.WebAssembly, number, alone);
    done += ours.lines.filter((line) => line.trimStart()[0] === '=').length;
    if (only !== undefined) console.log(ours.lines.join('\n'));
    if (alone) continue;
    const theirs = await round(V8, number, alone);
    const apart = ours.lines.findIndex((line) => line.endsWith('apart'));
    const most = apart < 0 ? Math.max(ours.lines.length, theirs.lines.length) : apart;
    for (let at = 0; at < most; at++)
        if (ours.lines[at] !== theirs.lines[at]) {
            complain(number, theirs, ours, at);
            break;
        }
}
