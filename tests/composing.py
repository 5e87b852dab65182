"""composing.py -- `weft component compose`: the wac language, and components that are plugged into one.

    composing/made       what a file makes: the world of the component that comes of it, or what is printed of it
    composing/refused    what is said, and where, of what makes none
    composing/plugs      without a file
    composing/hostile    cycles, depth, and much of all
    composing/suite      components of wit-component's suite in a file that passes on all that they import and export: their world stays
"""
import tempfile
from pathlib import Path

from componentizing import embedded, world_lines
from outcome import Outcome, Test, in_share, run_command
from wit import fault


def tests(options):
    suite = options.conformance and options.conformance / 'wasm-tools/wit-component/components'
    for build in options.builds:
        if suite:
            yield Test(f'composing/suite{build.suffix}', lambda build=build: passed_on(build, suite, options.full))
        for name, run in (('made', made), ('refused', refused), ('plugs', plugs), ('hostile', hostile)):
            yield Test(f'composing/{name}{build.suffix}', lambda run=run, build=build: run(build))


def weft(build, *words):
    return run_command([build.weft, *words])


# ---- parts

LOG = '(import "a:b/log@0.2.%s" (instance (export "put" (func (param "t" string)))%s))'
FLUSH = ' (export "flush" (func))'
PARTS = {
    'log': '(component (import "sink" (func $f (param "t" string))) (instance $i (export "put" (func $f))) (export "a:b/log@0.2.1" (instance $i)))',
    'one': f'(component {LOG % (0, "")} (import "n" (func (result u32))) (export "m" (func 0)))',
    'two': f'(component {LOG % (3, FLUSH)} (import "n" (func (result u32))))',
    'bad': f'(component {LOG % (1, FLUSH.replace("func", "func (result u8)"))})',
    'number': '''(component (import "n" (func $f (result u32))) (export "n" (func $f))
        (instance $d (export "n" (func $f))) (instance $i (export "deep" (instance $d))) (export "x:y/n@1.0.0" (instance $i)))''',
    'number@1.2.0': '(component (import "other" (func $f (result u32))) (export "n" (func $f)))',
    'user': '''(component (import "a:b/types" (instance $t (export "r" (type (sub resource)))))
        (alias export $t "r" (type $r))
        (import "a:b/uses" (instance $u (alias outer 1 $r (type $o)) (export "r" (type $s (eq $o)))
          (type $w (own $s)) (export "get" (func (result $w)))))
        (export "got" (func $u "get")))''',
    'keeper': '''(component (import "a:b/uses" (instance (export "r" (type $r (sub resource)))
        (type $w (own $r)) (export "take" (func (param "x" $w)))))
        (import "c" (component (import "x" (func)) (export "y" (func)))))''',
    'records': '''(component (import "a:b/shapes" (instance (type $p (record (field "x" u32))) (export "point" (type $n (eq $p)))
        (type $l (list $n)) (type $o (option $l)) (export "all" (func (result $o))))))''',
    'constant': '''(component (core module $m (func (export "n") (result i32) (i32.const 7))) (core instance $i (instantiate $m))
        (func (export "n") (result u32) (canon lift (core func $i "n"))))''',
    'module': '(component (import "m" (core module)))',
    'echo': '''(component (import "i" (instance $i (export "r" (type (sub resource))))) (export "e" (instance $i)))''',
}
WIT = '''package w:t@1.0.0;
interface log { put: func(t: string); }
world w { import log; export n: func() -> u32; }
'''


def compose(build, folder, text):
    file = folder / 'x.wac'
    file.write_text(text)
    return weft(build, 'component', 'compose', file, '-o', folder / 'x.wasm')


def with_parts(run):
    def inner(build):
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch)
            (folder / 'deps/p').mkdir(parents=True)
            (folder / 'deps/w').mkdir()
            for name, text in PARTS.items():
                (folder / f'deps/p/{name}.wat').write_text(text)
            (folder / 'deps/w/t.wit').write_text(WIT)
            wrong = list(run(build, folder))
            return Outcome.of(not wrong, '\n'.join(wrong))
    return inner


# ---- made

# A file, by which command it is shown, and what stands there.
MADE = [
    ('nothing', 'package a:b;', 'print', ['(component']),
    ('versions', 'package a:b; let x = new p:one { ... }; let y = new p:two { ... };', 'wit',
     ['import a:b/log@0.2.3;', 'import n: func() -> u32;', 'flush: func();']),
    ('given', 'package a:b; import s: func(t: string); let l = new p:log { sink: s }; let x = new p:one { ...l, ... }; export x.m;', 'wit',
     ['import s: func(t: string);', 'import n: func() -> u32;', 'export m: func() -> u32;', '-a:b/log']),
    ('inferred', 'package a:b; let n = new p:number { ... }; let l = new p:log { ... }; let log = l.log; let x = new p:one { log, n: n.n };', 'print', ['"sink"', '(alias export']),
    ('inner', 'package a:b; let x = (new p:number { ... })["x:y/n@1.0.0"].deep.n; let y = new p:number { n: x }; export y.n as "two"; export y...;', 'print',
     ['"two" (func', '(export (;5;) "n" (func', '"x:y/n@1.0.0" (instance']),
    ('nested', 'package a:b; export new p:number { n: (new p:number { n: new p:number@1.2.0 { ... }.n }).n }.n as out;', 'wit',
     ['import other: func() -> u32;', 'export out: func() -> u32;']),
    ('resources', 'package a:b; let x = new p:user { ... }; let y = new p:user { ... };', 'wit', ['import a:b/types;', 'import a:b/uses;', 'use types.{r};']),
    ('explicit', 'package a:b; import types: interface { resource r { f: func(); } }; let x = new p:user { "a:b/types": types, ... };', 'print',
     ['(import "types" (instance', '(import "a:b/uses" (instance']),
    ('resource', 'package a:b; import i: interface { resource r; }; export new p:echo { i }.e;', 'print', ['(export (;3;) "e" (instance']),
    ('records', 'package a:b; let x = new p:records { ... }; let y = new p:records { ... };', 'wit', ['all: func() -> option<list<point>>;']),
    ('wit', 'package a:b; import log: w:t/log; import l as other: w:t/log; let x = new p:log { sink: log.put }; export x["a:b/log@0.2.1"];', 'wit',
     ['import w:t/log@1.0.0;', 'import other:', 'export a:b/log@0.2.1;']),
    ('targets', 'package a:b targets mine; world mine { import f: func() -> u32; export n: func() -> u32; } import f: func() -> u32; '
                'let n = new p:number { n: new p:number@1.2.0 { other: new p:number { n: f }.n }.n }; export n.n;', 'print', ['"n"']),
    ('foreign', 'package a:b targets w:t/w; import l: w:t/log; export new p:constant {}.n;', 'wit', ['import w:t/log@1.0.0;', 'export n: func() -> u32;']),
    ('types', '/// Of a shape.\npackage a:b; record point { x: u32 } type points = list<point>; type get = func() -> points; type got = get;\n'
              'interface i { f: got; type inner = func(p: point); g: inner; } import f: get; import j: interface { h: got; }; export f as g;', 'print',
     ['(import "point" (type', '(export (;', '"a:b/i"', '"[-]missing']),
    ('docs', 'package a:b@1.0.0-rc.1; /// One.\ninterface i { /// Two.\n type t = u8; }', 'print', ['"a:b/i@1.0.0-rc.1"']),
    ('worlds', 'package a:b; world w { include w:t/w; export f: func(); }', 'print', ['(import "w:t/log@1.0.0"', '(export "f"']),
    ('component', 'package a:b; let x = new p:keeper { ... };', 'print', ['(import "c" (component']),
    ('rename', 'package a:b; import f as g-h: func(t: string); let x = new p:log { sink: f }; export x.log as %export;', 'wit',
     ['import g-h: func(t: string);', 'export %export: a:b/log@0.2.1;']),
]


@with_parts
def made(build, folder):
    for name, text, command, wanted in MADE:
        done = compose(build, folder, text)
        if fault(done, 0):
            yield f'{name}: {done.describe()}'
            continue
        shown = weft(build, command, folder / 'x.wasm')
        out = shown.stdout.decode()
        if fault(shown, 0):
            yield f'{name}: {shown.describe()}'
        for word in wanted:
            lacks = word.lstrip('"').startswith(('-', '[-]'))
            plain = word.lstrip('"').removeprefix('[-]').removeprefix('-') if lacks else word
            if (plain in out) == lacks:
                yield f'{name}: {word!r} in\n{out}'
        (folder / 'x.wasm').unlink()


# ---- refused

REFUSED = [
    ('', '1:1', 'expected package'),
    ('package a:b; let x = new p:one { n: 1 };', '1:37', 'expected new, or a name'),
    ('package a:b; let x = new p:none { ... };', '1:26', 'there is no component p:none; --dep p:none=FILE'),
    ('package p:one; let x = new p:one { ... };', '1:28', 'the package that is being made'),
    ('package a:b; let x = new p:one { ..., n };', '1:34', '"..." stands last'),
    ('package a:b; let x = new p:one {};', '1:26', 'the argument "a:b/log@0.2.0" is missing'),
    ('package a:b; import f: func(); let x = new p:one { m: f, ... };', '1:52', 'there is no import "m"'),
    ('package a:b; import f: func(); let x = new p:one { n: f, ... };', '1:52', '  given   n: func()\n  wanted  n: func() -> u32\n'),
    ('package a:b; import i: interface { put: func(t: u8); }; let x = new p:one { log: i, ... };', '1:77',
     '  given   put: func(t: u8)\n  wanted  put: func(t: string)\n'),
    ('package a:b; import i: interface {}; let x = new p:one { log: i, ... };', '1:58', 'an export is missing\n'),
    ('package a:b; let x = new p:two { ... };\nlet y = new p:bad { ... };', '2:13', '  first   flush: func()\n  second  flush: func() -> u8\n'),
    ('package a:b; let k = new p:keeper { ... };\nlet y = new p:user { ... };', '2:13', 'p:keeper and p:user import "a:b/uses" as of different types'),
    ('package a:b; import n: func() -> u32; let x = new p:one { ... };', '1:51', '"n" is imported by the file itself'),
    ('package a:b; import n: func() -> u32; import m as n: func();', '1:51', 'another import "n"'),
    ('package a:b; let x = new p:number { ... }; let x = x.n;', '1:48', '"x" is something else already'),
    ('package a:b; let x = y;', '1:22', 'nothing in front of this is called "y"'),
    ('package a:b; let x = new p:number { ... }.m;', '1:43', 'there is no export "m"'),
    ('package a:b; let x = new p:number { ... }.n.o;', '1:45', 'this is no instance but a func'),
    ('package a:b; import i: interface {}; let x = new p:one { ...i, ... };', '1:61', 'no export of this'),
    ('package a:b; import i: interface {}; export i...;', '1:45', 'it has no exports'),
    ('package a:b; export new p:one { ... };', '1:21', 'this has no name of its own'),
    ('package a:b; import f: func(); export f; export f;', '1:49', 'another export "f"'),
    ('package a:b; import f: func(); export f as "F_";', '1:44', 'no name of an export'),
    ('package a:b targets w:t/w;', '1:21', 'the component does not export n'),
    ('package a:b targets w:t/log; ', '1:25', 'is'),
    ('package a:b; resource r;', '1:23', 'a resource stands in an interface or world'),
    ('package a:b; record t { x: u8 } record t { x: u8 }', '1:40', '"t" is a type in front of this'),
    ('package a:b; import f: no:such/thing;', '1:24', 'unknown package'),
    ('package a:b; let x = new p:module { ... };', '', 'which compositions do not import'),
    ('package a:b; let i = new p:echo { ... }; let x = new p:user { types: i.e, ... };', '1:54', 'the import "a:b/uses" of p:user uses a resource of another one, which is given as an argument'),
    ('package a:b; let x = new ..:.. {};', '1:26', 'expected the namespace'),
    ('package a:b; let x = new p:one@../../x {};', '1:32', 'malformed version'),
]


@with_parts
def refused(build, folder):
    for text, at, said in REFUSED:
        done = compose(build, folder, text)
        error = done.stderr.decode()
        if fault(done, 1) or said not in error or (at and f'x.wac:{at}:' not in error) or (folder / 'x.wasm').exists():
            yield f'{text}\n  wants {at} {said}: {done.describe()}'


# ---- plugs

@with_parts
def plugs(build, folder):
    part = lambda name: folder / f'deps/p/{name}.wat'
    out = folder / 'x.wasm'
    done = weft(build, 'component', 'compose', part('one'), '--plug', part('log'), '--plug', part('number'), '-o', out)
    shown = weft(build, 'wit', out).stdout.decode()
    if fault(done, 0) or 'import sink: func(t: string);' not in shown or 'export m: func() -> u32;' not in shown or 'a:b/log' in shown:
        yield f'{done.describe()}\n{shown}'
    for words, said in ((('one', 'echo'), 'exports nothing that'), (('bad', 'log'), 'wanted  flush: func() -> u8')):
        done = weft(build, 'component', 'compose', part(words[0]), '--plug', part(words[1]), '-o', out)
        if fault(done, 1) or said not in done.stderr.decode():
            yield f'{words}: {done.describe()}'
    moved = folder / 'moved.wat'
    part('number').rename(moved)
    for words, status in ((('--dep', f'p:number={moved}'), 0), ((), 1), (('--dep', 'number'), 2)):
        (folder / 'x.wac').write_text('package a:b; let x = new p:number { ... };')
        done = weft(build, 'component', 'compose', *words, folder / 'x.wac', '-o', out)
        if fault(done, status):
            yield f'{words}: {done.describe()}'


# ---- hostile

def hostile_files():
    many = 3000
    yield 'parentheses', 'package a:b; let x = ' + '(' * 100000, 1
    yield 'news', 'package a:b; let x = ' + 'new p:number { n: ' * 50000, 1
    yield 'accesses', 'package a:b; import i: interface {}; let x = i' + '.y' * 200000 + ';', 1
    yield 'instances', 'package a:b; ' + ''.join(f'let x{n} = new p:number {{ ... }}; ' for n in range(many)), 0
    yield 'too many', 'package a:b; ' + ''.join(f'let x{n} = new p:number {{ ... }}; ' for n in range(5000)), 1
    yield 'doubling', 'package a:b; type t0 = u8; ' + ''.join(f'type t{n + 1} = tuple<t{n}, t{n}>; ' for n in range(60)), 1
    yield 'chain', 'package a:b; type t0 = u8; ' + ''.join(f'type t{n + 1} = t{n}; ' for n in range(many)), 0
    yield 'takers', 'package a:b; type t0 = u8; ' + ''.join(f'type t{n + 1} = t{n}; ' for n in range(many)) + ''.join(
        f'interface i{n} {{ f: func(x: t{many}); }} ' for n in range(many)), 1
    yield 'itself', 'package a:b; interface i { use a:b/j.{t}; } interface j { use a:b/i.{t}; }', 1
    yield 'bytes', 'package a:b; let x = new p:number { ... };\0', 1


@with_parts
def hostile(build, folder):
    for name, text, status in hostile_files():
        done = compose(build, folder, text)
        if fault(done, status):
            yield f'{name}: {done.describe()[:2000]}'


# ---- suite

def component_of(build, scratch, folder):
    """None: it is made in another way."""
    out, words = scratch / 'c.wasm', []
    if not (folder / 'module.wat').exists() or (folder / 'error.txt').exists() or any(folder.glob('lib-*.wat')):
        return None
    for module in [folder / 'module.wat', *sorted(folder.glob('adapt-*.wat'))]:
        wit = module.with_suffix('.wit')
        file, done = embedded(build, scratch, module, wit if wit.is_file() else folder, module.stem, folder / 'module.wit')
        if fault(done, 0):
            return None
        words += [file] if module.stem == 'module' else ['--adapt', f'{module.stem[6:]}={file}']
    return None if fault(weft(build, 'component', 'new', *words, '-o', out), 0) else out


def passed_on(build, suite, all_of_them):
    wrong, seen = [], 0
    folders = sorted(suite.iterdir())
    for folder in [folder for n, folder in enumerate(folders) if all_of_them or in_share(n)]:
        with tempfile.TemporaryDirectory() as scratch:
            scratch = Path(scratch)
            component = component_of(build, scratch, folder)
            if not component:
                continue
            before = weft(build, 'wit', component).stdout.decode()
            exports = 'export x...;' if 'export' in before.split('\npackage ')[0] else ''
            (scratch / 'x.wac').write_text(f'package t:t; let x = new p:x {{ ... }}; {exports}')
            done = weft(build, 'component', 'compose', '--dep', f'p:x={component}', scratch / 'x.wac', '-o', scratch / 'o.wasm')
            after = weft(build, 'wit', scratch / 'o.wasm').stdout.decode()
            seen += 1
            if fault(done, 0) or world_lines(before) != world_lines(after):
                wrong.append(f'{folder.name}: {done.describe()}\n{before}\n{after}')
    return Outcome.of(not wrong and seen > 2, '\n'.join(wrong) or f'{seen} components only')
