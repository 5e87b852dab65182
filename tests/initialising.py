"""initialising.py -- `weft run --init`: a module that was written back is what it was when it was written.

    init/NAME       of a text of init/: what `work` does of the result is what `both`, init and then work, does of the module,
                    results and traps, in each tier; the bytes are the same in each, and when it is written again after doing nothing
    init/command    so it is with init/primes.c, whose constructors do not run again, with other arguments; and
    init/reactor    with exports, where _initialize is not called again
    init/places     debug information still says where in the source something is
    init/spans      of a memory with more places that are not zero than there may be segments
    init/order      sections that are new stand where they must, and custom ones where they stood
    init/preload    what modules beside it keep would be lost, and only then they are refused
    init/stream     standard output has the module, and nothing that the program prints
    init/failed     where it traps or is refused what was there stays
    init/stale      source maps go, with a word, where code has moved
    init/others     V8 and wabt take what comes out, and V8 does the same with it
"""
import json, re, shutil, tempfile
from pathlib import Path

from generated import NODE
from outcome import Outcome, Test, leb, run_command, sanitizer_report

HERE = Path(__file__).resolve().parent / 'init'
TIERS = ['--tier=interp'], ['--tier=baseline'], ['--tier=auto', '--hot', '1']
CLANG = ['clang-19', '--target=wasm32-wasi', '--sysroot=/usr', '-Wall', '-Werror']
MAGIC = b'\0asm\1\0\0\0'


def tests(options):
    for build in options.builds:
        def test(name, work, build=build):
            return Test(f'init/{name}{build.suffix}', lambda: in_scratch(build, work), fast=build.name == 'release')
        for path in sorted(HERE.glob('*.wat')):
            yield test(path.stem, lambda b, s, path=path: text(b, s, path))
        for work in command, reactor, places, spans, order, preload, stream, failed, stale:
            yield test(work.__name__, work)
        if build.name == 'release':
            yield test('others', others)


def in_scratch(build, work):
    with tempfile.TemporaryDirectory(prefix='weft-init-') as scratch:
        return work(build, Path(scratch))


class Checks:
    """Commands and what came of them; one that a sanitizer complained about has failed."""
    def __init__(self, build, scratch):
        self.build, self.scratch, self.outcome = build, scratch, Outcome()

    def weft(self, *words, **how):
        done = run_command([self.build.weft, *words], cwd=self.scratch, **how)
        if sanitizer_report(done):
            self.outcome.fail(done.describe())
        return done

    def that(self, good, *done):
        if good:
            self.outcome.passed += 1
        else:
            self.outcome.fail('\n'.join(d if isinstance(d, str) else d.describe() for d in done))
        return good

    def file(self, name, data):
        path = self.scratch / name
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
        return path

    def init(self, source, out, *options):
        done = self.weft('run', *options, '--init', 'init', '-o', out, source)
        valid = self.weft('validate', out) if done.status == 0 else done
        self.that(done.status == 0 and valid.status == 0, done, valid)
        return done


def seen(done):
    """What a run came to, without places in the module."""
    trap = re.search(rb'trap: .*', done.stderr)
    return done.status, done.stdout, trap and trap[0]


def text(build, scratch, path):
    c = Checks(build, scratch)
    works, first = re.findall(r'\(export "work(.*?)"\)', path.read_text()), None
    for tier in TIERS:
        c.init(path, 'out.wasm', *tier)
        for work in works:
            for other in TIERS:
                before = c.weft('run', *other, '--invoke', f'both{work}', path)
                after = c.weft('run', *other, '--invoke', f'work{work}', 'out.wasm')
                c.that(seen(before) == seen(after) and (before.status == 134) == bool(work), before, after)
        made = (scratch / 'out.wasm').read_bytes()
        first = first or made
        c.that(made == first, f'other bytes with {tier}')
        for name in 'again.wasm', 'twice.wasm':
            done = c.weft('run', *tier, '--init', 'noop', '--keep-init', '-o', name, 'out.wasm')
            same = done.status == 0 and (scratch / name).read_bytes() == first
            c.that(same, done, 'other bytes')
    return c.outcome


def compile_c(c, name, *options):
    """A program of init/primes.c; else why there is none."""
    if not shutil.which('clang-19') or not Path('/usr/lib/wasm32-wasi/crt1-command.o').exists():
        return Outcome.skip('no clang-19, or no wasi-libc')
    done = run_command([*CLANG, *options, '-o', name, HERE / 'primes.c'], cwd=c.scratch)
    return None if c.that(done.status == 0, done) else c.outcome


def command(build, scratch):
    c = Checks(build, scratch)
    bad = compile_c(c, 'primes.wasm', '-O1')
    if bad:
        return bad
    c.init('primes.wasm', 'out.wasm', '--func-rename', '_start=resume')
    shown = c.weft('inspect', '--json', 'out.wasm')
    c.that([e['name'] for e in json.loads(shown.stdout)['exports']] == ['memory', '_start'], shown)
    for tier in TIERS:
        for words in ['0', '1', '20000'], []:
            before, after = (c.weft('run', *tier, file, *words) for file in ('primes.wasm', 'out.wasm'))
            c.that(seen(before) == seen(after) and bool(before.stdout) == bool(words), before, after)
    # its table is not made again
    slow, fast = (c.weft('run', '--fuel', '500000', file, '5') for file in ('primes.wasm', 'out.wasm'))
    c.that(slow.status == 134 and fast.status == 0 and b'constructed 1' in fast.stdout, slow, fast)
    return c.outcome


def reactor(build, scratch):
    c = Checks(build, scratch)
    bad = compile_c(c, 'primes.wasm', '-O1', '-DREACTOR', '-mexec-model=reactor')
    if bad:
        return bad
    made = c.init('primes.wasm', 'out.wasm')
    for tier in TIERS:
        before = c.weft('run', *tier, '--invoke', 'both', 'primes.wasm', '1000')
        after = c.weft('run', *tier, '--invoke', 'work', 'out.wasm', '1000')
        c.that(made.stdout and before.stdout == made.stdout + after.stdout and b'constructed 1' in after.stdout, before, after)
    return c.outcome


def places(build, scratch):
    c = Checks(build, scratch)
    bad = compile_c(c, 'primes.wasm', '-O1', '-g')
    if bad:
        return bad
    if not (build.weft.parent / 'weft-where').exists():
        return Outcome.skip('no reader of debug information was built')
    c.init('primes.wasm', 'out.wasm', '--func-rename', '_start=resume')
    listed = c.weft('inspect', '--disassemble', '--function', 'init', 'primes.wasm').stdout.decode()
    offsets = [int(at, 16) for at in re.findall(r'^\s*0x([0-9a-f]+)', listed, re.M)]
    code = [int(re.search(r'^\s+code\s+0x([0-9a-f]+)', c.weft('inspect', f).stdout.decode(), re.M)[1], 16) for f in ('primes.wasm', 'out.wasm')]
    moved = code[1] - code[0]
    before = c.weft('addr2line', 'primes.wasm', *map(hex, offsets))
    after = c.weft('addr2line', 'out.wasm', *(hex(at + moved) for at in offsets))
    without = lambda done: re.sub(rb'0x[0-9a-f]+', b'', done.stdout)
    c.that(len(offsets) > 20 and b'primes.c:' in before.stdout and without(before) == without(after), before, after)
    return c.outcome


SPANS = '''(module
  (memory 1)
  (memory 160)
  (data "kept")
  (func (export "init") (local $i i32) (local $r i32)
    (i32.store8 (i32.const 5) (i32.const 1))
    (local.set $i (i32.const 16))
    (loop $more
      (i32.store8 1 (local.get $i) (i32.add (i32.rem_u (local.get $i) (i32.const 251)) (i32.const 1)))
      (local.set $i (i32.add (local.get $i)
        (i32.add (i32.const 10) (i32.rem_u (i32.shr_u (local.get $r) (i32.const 16)) (i32.const 89)))))
      (local.set $r (i32.add (i32.mul (local.get $r) (i32.const 1103515245)) (i32.const 12345)))
      (br_if $more (i32.lt_u (local.get $i) (i32.const 10485760)))))
  (func (export "work") (result i64) (local $i i32) (local $h i64)
    (loop $more
      (local.set $h (i64.add (i64.mul (local.get $h) (i64.const 31)) (i64.load 1 (local.get $i))))
      (br_if $more (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 8))) (i32.const 10485760))))
    (local.set $h (i64.add (local.get $h) (i64.load (i32.const 0))))
    (memory.init 0 (i32.const 0) (i32.const 0) (i32.const 4))
    (local.get $h))
  (func (export "both") (result i64) (call 0) (call 1)))
'''
SEGMENTS_MOST = 100000


def spans(build, scratch):
    """Of more places than that no more are joined than must be, and not those of two memories; one of the segments was there."""
    c = Checks(build, scratch)
    source = c.file('spans.wat', SPANS)
    c.init(source, 'out.wasm')
    before, after = c.weft('run', '--invoke', 'both', source), c.weft('run', '--invoke', 'work', 'out.wasm')
    c.that(before.status == 0 and seen(before) == seen(after), before, after)
    shown = c.weft('inspect', 'out.wasm')
    count = int(re.search(rb'^\s+data\s+\S+\s+\d+\s+(\d+)', shown.stdout, re.M)[1])
    c.that(0.95 * SEGMENTS_MOST < count <= SEGMENTS_MOST, f'{count} segments')
    return c.outcome


def section(number, content):
    return bytes([number]) + leb(len(content)) + content


def custom(name):
    return section(0, leb(len(name)) + name.encode() + b'...')


def order(build, scratch):
    """Elements and data where there were none, custom sections between all: each stays in front of the same, and what is new
    stands where it must."""
    c = Checks(build, scratch)
    # init: writes to memory, and a function into the table
    body = b'\0\x41\1\x41\x2a\x3a\0\0\x41\0\xd2\0\x26\0\x0b'
    parts = [section(1, b'\1\x60\0\0'), section(3, b'\1\0'), section(4, b'\1\x70\0\2'), section(5, b'\1\0\1'),
             section(7, b'\2\4init\0\0\4self\0\0'), section(8, b'\0'), section(10, b'\1' + leb(len(body)) + body)]
    source = b''.join(custom(f'before-{n}') + part for n, part in enumerate(parts)) + custom('last')
    c.file('order.wasm', MAGIC + source)
    c.init('order.wasm', 'out.wasm')
    found, at, data = [], 8, (scratch / 'out.wasm').read_bytes()
    while at < len(data):
        number, size = data[at], data[at + 1]       # all are short
        found.append(data[at + 3:at + 3 + data[at + 2]].decode() if number == 0 else number)
        at += 2 + size
    want = ['before-0', 1, 'before-1', 3, 'before-2', 4, 'before-3', 5, 'before-4', 7, 'before-5', 9, 'before-6', 10, 11, 'last']
    c.that(found == want, f'{found}\n{want}')
    return c.outcome


def preload(build, scratch):
    c = Checks(build, scratch)
    source = c.file('main.wat', '''(module
      (import "other" "f" (func $f (result i32)))
      (global $g (mut i32) (i32.const 0))
      (func (export "init") (global.set $g (call $f)))
      (func (export "work") (result i32) (global.get $g)))''')
    c.file('pure.wat', '(module (global $g i32 (i32.const 5)) (func (export "f") (result i32) (global.get $g)))')
    options = ['--preload', 'other=pure.wat']
    c.init(source, 'out.wasm', *options)
    after = c.weft('run', *options, '--invoke', 'work', 'out.wasm')
    c.that(after.stdout == b'5\n', after)
    for what, kind in (('(memory 1)', 'a memory'), ('(table 1 funcref)', 'a table'), ('(global (mut i32) (i32.const 0))', 'a mutable global'),
                       ('(elem func 0)', 'element segments'), ('(global anyref (ref.i31 (i32.const 0)))', 'a global with objects')):
        c.file('other.wat', f'(module (func (export "f") (result i32) (i32.const 5)) {what})')
        done = c.weft('run', '--preload', 'other=other.wat', '--init', 'init', '-o', 'none.wasm', source)
        c.that(done.status == 1 and f'has {kind},'.encode() in done.stderr and not (scratch / 'none.wasm').exists(), done)
    # it imports what is another's
    for kind, own, what in (('memory', '(memory (export "x") 1)', '(memory 1)'), ('table', '(table (export "x") 1 funcref)', '(table 1 funcref)'),
                            ('mutable global', '(global (export "x") (mut i32) (i32.const 1))', '(global (mut i32))')):
        c.file('other.wat', f'(module {own})')
        user = c.file('user.wat', f'(module (import "other" "x" {what}) (func (export "init")))')
        done = c.weft('run', '--preload', 'other=other.wat', '--init', 'init', '-o', 'none.wasm', user)
        c.that(done.status == 1 and f'imports the {kind} "other" "x"'.encode() in done.stderr and not (scratch / 'none.wasm').exists(), done)
    # functions of others that it has no name for, and those that it has
    c.file('other.wat', '(module (func $h (export "h")) (elem declare func $h) (func (export "f") (result funcref) (ref.func $h)))')
    for import_it in '', '(import "other" "h" (func))':
        user = c.file('user.wat', f'''(module (import "other" "f" (func $f (result funcref))) {import_it} (table $t 3 funcref)
          (func (export "init") (table.set $t (i32.const 2) (call $f))))''')
        done = c.weft('run', '--preload', 'other=other.wat', '--init', 'init', '-o', 'user.wasm', user)
        said = b'table 0 (entry 2) holds a function that the module has no name for' in done.stderr
        c.that((done.status == 0) == bool(import_it) and said == (not import_it), done)
    # by two names, of which only one is of the table's type
    types = '(type $super (sub (func (result i32)))) (type $sub (sub $super (func (result i32))))'
    c.file('other.wat', f'(module {types} (func (export "f") (type $sub) (i32.const 8)))')
    user = c.file('user.wat', f'''(module {types} (import "other" "f" (func $s (type $super))) (import "other" "f" (func $f (type $sub)))
      (table $t 1 (ref null $sub)) (elem declare func $f) (func (export "init") (table.set $t (i32.const 0) (ref.func $f)))
      (func (export "work") (result i32) (call_indirect $t (type $sub) (i32.const 0))))''')
    c.init(user, 'out.wasm', '--preload', 'other=other.wat')
    done = c.weft('run', '--preload', 'other=other.wat', '--invoke', 'work', 'out.wasm')
    c.that(done.stdout == b'8\n', done)
    return c.outcome


PRINTS = '''(module
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "\\10\\00\\00\\00\\05\\00\\00\\00")
  (data (i32.const 16) "hello")
  (func (export "init") (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))))
'''


def stream(build, scratch):
    c = Checks(build, scratch)
    source = c.file('prints.wat', PRINTS)
    c.init(source, 'out.wasm')
    printed = c.weft('run', '--init', 'init', '-o', 'out.wasm', source)
    out = (scratch / 'out.wasm').read_bytes()
    c.that(printed.stdout == b'hello', printed)
    for name in '-', '/dev/stdout':
        done = c.weft('run', '--init', 'init', '-o', name, '-', stdin=PRINTS.encode())
        c.that(done.status == 0 and done.stdout == out and done.stderr == b'hello', done)
    return c.outcome


def failed(build, scratch):
    c = Checks(build, scratch)
    out = c.file('out.wasm', b'as it was')
    for body in '(unreachable)', '(table.set $t (i32.const 0) (struct.new 0))', '(br 0) (call 0)':
        source = c.file('bad.wat', f'(module (type (struct)) (table $t 1 anyref) (func (export "init") {body}))')
        done = c.weft('run', '--init', 'init', '-o', out, source)
        c.that((done.status == 0) == ('br' in body) == (out.read_bytes() != b'as it was'), done)
    done = c.weft('run', '--init', 'init', '-o', source, source)
    c.that(done.status == 1 and b'it is the input' in done.stderr, done)
    for words in ['-o', 'no/such/folder.wasm'], ['-o', '.']:
        done = c.weft('run', '--init', 'init', *words, source)
        c.that(done.status == 1 and done.stderr.startswith(b'error: cannot write'), done)
    for words, status in (['--init'], 2), (['--init', 'init', '-o'], 2), (['--keep-init', source], 2), (['--func-rename=a=b', source], 2):
        done = c.weft('run', *words)
        c.that(done.status == status and done.stderr.startswith(b'error: '), done)
    # which stays is all that there was
    names = sorted(p.name for p in scratch.iterdir())
    c.that(names == ['bad.wat', 'out.wasm'], str(names))
    # who ends itself has not been initialised, whatever it says
    for status in 0, 3, 256:
        c.file('bad.wat', f'(module (import "wasi_snapshot_preview1" "proc_exit" (func $e (param i32))) (func (export "init") (call $e (i32.const {status}))))')
        done = c.weft('run', '--init', 'init', '-o', 'none.wasm', source)
        c.that(done.status == (status & 255 or 1) and b'so nothing is written' in done.stderr and not (scratch / 'none.wasm').exists(), done)
    return c.outcome


def stale(build, scratch):
    c = Checks(build, scratch)
    for value, moved in ('100000', True), ('1', False):
        source = c.file('stale.wat', f'''(module
          (global $g (mut i32) (i32.const 0))
          (func $f) (func (export "init") (global.set $g (i32.const {value})))
          (export "initx" (func $f)) (@custom "sourceMappingURL" "\\05m.map") (@custom ".debug_x" "kept"))''')
        # the export that goes has as many bytes as are added
        done = c.weft('run', '--init', 'init', '-o', 'out.wasm', *(['--keep-init'] if not moved else []), source)
        left = (scratch / 'out.wasm').read_bytes()
        said = b'are left out: "sourceMappingURL"\n' in done.stderr
        c.that(done.status == 0 and said == moved and (b'sourceMappingURL' in left) != moved and b'.debug_x' in left, done)
    return c.outcome


V8 = '''
const fs = require("fs");
const [file, name] = process.argv.slice(1);
const { exports } = new WebAssembly.Instance(new WebAssembly.Module(fs.readFileSync(file)));
console.log([exports[name]()].flat().map(x => typeof x == "bigint" ? BigInt.asIntN(64, x) : x).join("\\n"));
'''


def others(build, scratch):
    if not NODE.exists():
        return Outcome.skip('V8 is not here (tools/setup.sh peers)')
    c = Checks(build, scratch)
    source = c.file('spans.wat', SPANS)
    for path in [p for p in sorted(HERE.glob('*.wat')) if p.stem != 'global'] + [source]:     # which gives a v128
        c.init(path, 'out.wasm')
        theirs = run_command([NODE, '-e', V8, scratch / 'out.wasm', 'work'])
        ours = c.weft('run', '--invoke', 'both', path)
        c.that(theirs.status == 0 and theirs.stdout == ours.stdout, theirs, ours)
    c.init(HERE / 'global.wat', 'out.wasm')
    theirs = run_command([NODE, '-e', 'new WebAssembly.Module(fs.readFileSync(process.argv[1]))', scratch / 'out.wasm'])
    c.that(theirs.status == 0, theirs)
    if shutil.which('wasm-validate'):
        c.init(c.file('prints.wat', PRINTS), 'out.wasm')
        theirs = run_command(['wasm-validate', scratch / 'out.wasm'])
        c.that(theirs.status == 0, theirs)
    return c.outcome
