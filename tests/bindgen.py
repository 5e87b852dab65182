"""bindgen.py -- `weft bindgen guest-c`: bindings for guests in C.

    bindgen/worlds     of the worlds of WASI 0.2 and of the suites, a share or all: what is written compiles as C11 and as C++17 without a
                       warning, and is the same when it is written once more; what is async is refused
    bindgen/guests     a guest gives back values of each kind of type, and one that calls it gives back what that gave: equal in WAVE;
                       what handles are for, from both sides; and nothing is left of what functions were given and gave
    bindgen/wasi       a command of WASI 0.2 without a library, on a folder
    bindgen/hostile    names that are keywords, or the same in C, and types that grow by themselves
    bindgen/refused    what is said of what cannot be
"""
import json, re, shutil, tempfile
from pathlib import Path

from outcome import Outcome, Test, in_share, run_command
from wit import fault

HERE = Path(__file__).resolve().parent / 'bindgen'
CLANG = ['--target=wasm32-wasi', '-Wall', '-Wextra', '-Wpedantic', '-Werror']
C, CXX = ['clang-19', '-std=c11', *CLANG], ['clang++-19', '-x', 'c++', '-std=c++17', *CLANG]
FIXED = '--features=+cm-fixed-length-lists'


def tests(options):
    if not shutil.which('clang-19') or not shutil.which('wasm-ld-19'):
        yield Test('bindgen', lambda: Outcome.skip('no clang-19 or wasm-ld-19'))
        return
    for build in options.builds:
        yield Test(f'bindgen/guests{build.suffix}', lambda build=build: guests(build, options.full))
        yield Test(f'bindgen/hostile{build.suffix}', lambda build=build: hostile(build))
        yield Test(f'bindgen/refused{build.suffix}', lambda build=build: refused(build))
        if options.conformance:
            yield Test(f'bindgen/worlds{build.suffix}', lambda build=build: worlds(build, options.conformance, options.full))
            yield Test(f'bindgen/wasi{build.suffix}', lambda build=build: wasi(build, options.conformance))


class Wrong(Exception):
    """What went wrong, told."""


def do(*words, status=0, **how):
    done = run_command([str(word) for word in words], **how)
    if fault(done, status):
        raise Wrong(fault(done, status))
    return done


def within(test):
    """A test in a folder of its own, which fails by Wrong."""
    def run(build, *more):
        with tempfile.TemporaryDirectory(prefix='weft-bindgen-') as scratch:
            try:
                return test(build, Path(scratch), *more)
            except Wrong as wrong:
                return Outcome.of(False, str(wrong))
    return run


def component(build, scratch, wit, world):
    """The component of a guest of ours."""
    made = scratch / f'{world}.wasm'
    do(build.weft, 'bindgen', 'guest-c', '--world', world, wit, '-o', scratch)
    objects = []
    for n, source in enumerate([scratch / f'{world}.c', HERE / f'{world}.c']):
        objects.append(scratch / f'{world}{n}.o')
        do(*C, '-O1', '-I', scratch, '-I', HERE, '-c', source, '-o', objects[-1])
    do('wasm-ld-19', '--no-entry', *objects, '-o', scratch / 'core.wasm')
    do(build.weft, 'component', 'new', scratch / 'core.wasm', '-o', made)
    return made


def both(build, scratch):
    """The guest that gives back, and the one that calls it."""
    echo, user = (component(build, scratch, HERE / 'kinds.wit', world) for world in ('kinds', 'user'))
    composed = scratch / 'composed.wasm'
    do(build.weft, 'component', 'compose', user, '--plug', echo, '-o', composed)
    return echo, composed


# ---- round trips

MIXED = "{a: 255, b: 18446744073709551615, c: true, d: '\\u{10ffff}', e: \"text\", int: -3, e-t: -0.5}"
SHAPES = ['nil', 'dot({x: -2147483648, y: 0.5})', 'name("")', 'name("\\u{2603}")', 'area(-15000.25)', 'many([])', 'many(["a", "", "ccc"])', 'one(0.1)',
          'id(18446744073709551615)']
VALUES = {
    'bool': ['true', 'false'], 'u8': ['0', '255'], 's8': ['-128', '127'], 'u16': ['65535'], 's16': ['-32768'], 'u32': ['4294967295'],
    's32': ['-2147483648'], 'u64': ['18446744073709551615'], 's64': ['-9223372036854775808'], 'f32': ['1.5', '-inf', 'nan'],
    'f64': ['15000.0625', '-0', 'nan'], 'char': ["'a'", "'\\u{10ffff}'"], 'string': ['""', '"text"', '"\\u{2603}"'], 'point': ['{x: -7, y: 2.5}'],
    'one': ['{v: -0.25}'], 'mixed': [MIXED], 'color': ['red', 'blue'], 'perms': ['{}', '{read, exec}'], 'many': ['{a0, a31}', '{a7, a8, a15, a16}'],
    'shape': SHAPES, 'points': ['[]', '[{x: 1, y: 2}, {x: -1, y: 0.5}]'], 'lists': ['[]', '[[], ["a", ""], ["bc"]]'], 'tuple': ['(7, "x", -9)'],
    'option': ['none', 'some("")', 'some("x")'], 'nested': ['none', 'some(none)', 'some(some(0))', 'some(some(7))'],
    'result': ['ok(5)', 'err("why")'], 'ok': ['ok(0.5)', 'err'], 'err': ['ok', 'err(-1)'], 'none': ['ok', 'err'], 'shapes': [f'[{", ".join(SHAPES)}]'],
    'joined': ['ok(1.25)', 'err(1.25)'], 'fixed': ['[1, 2, 65535]'], 'fixed-long': ['[none, some("a"), none, some(""), none, none, none, none, some("z")]'],
    'map': ['[]', '[("a", {x: 1, y: 2}), ("", {x: 3, y: 4})]'],
}


def echoed(build, component, function, arguments, want):
    got = do(build.weft, 'run', FIXED, '--invoke', f't:kinds/echo.{function}({arguments})', component).stdout.decode().strip()
    if value(got) != value(want):
        raise Wrong(f'{component.name}: {function}({arguments}) gives {got}')


def value(text):
    """As WAVE prints it, whatever way it was written."""
    return text.replace('\\u{2603}', '\u2603').replace('\\u{10ffff}', '\U0010ffff')


def give_back(build, made, all_of_them):
    calls = [(f'e-{kind}', each, each) for kind, values in VALUES.items() for each in values]
    for shape in SHAPES:
        arguments = f'{shape}, name("q"), {MIXED}, (1, 2, 3)'
        calls.append(('e-spilled', arguments, f'({arguments})'))
    calls.append(('nothing', '', ''))
    for n, call in enumerate(calls):
        if all_of_them or in_share(n, 4):
            echoed(build, made, *call)


@within
def guests(build, scratch, all_of_them):
    echo, composed = both(build, scratch)
    give_back(build, echo, all_of_them)
    give_back(build, composed, all_of_them)
    said = do(build.weft, 'run', FIXED, '--invoke', 't:kinds/calls.all()', composed).stdout.decode()
    if said != '"one 5 fourthree no name fourthree none"\n':
        return Outcome.of(False, said)
    return left(build, scratch, composed)


def quoted(data):
    return '"' + ''.join(f'\\{byte:02x}' for byte in data) + '"'


def left(build, scratch, composed):
    script = scratch / 'left.wast'
    calls = '''(assert_return (invoke "first" (list.const (str.const "ab") (str.const "") (str.const "c"))) (option.some (str.const "ab")))
        (assert_return (invoke "first" (list.const)) (option.none))
        (assert_return (invoke "held") (u32.const 0))\n'''
    script.write_text(f'(component binary {quoted(composed.read_bytes())})\n' + 2 * calls)
    done = do(build.weft, 'wast', FIXED, script)
    return Outcome.of(b'7 passed' in done.stdout, done.describe())


@within
def wasi(build, scratch, conformance):
    wit, folder = scratch / 'wit', scratch / 'folder'
    wit.mkdir()
    folder.mkdir()
    shutil.copy(HERE / 'files.wit', wit)
    shutil.copytree(conformance / 'wasi-wit/0.2.12', wit / 'deps')
    (folder / 'in.txt').write_text('abcdefg\n')
    made = component(build, scratch, wit, 'files')
    done = do(build.weft, 'run', '--dir', folder, made, 'one', 'two')
    written = (folder / 'out.txt').read_text()
    return Outcome.of(done.stdout == b'defg\none\ntwo\n' and written == 'defg\n', f'{done.describe()}\n{written}')


# ---- what is written

def compiles(front):
    for compiler in (C, CXX):
        do(*compiler, '-fsyntax-only', f'{front}.c')


def bind(build, scratch, wit, world):
    """Whether there are bindings, which compile and are the same again; else what is async is refused."""
    words = [build.weft, 'bindgen', 'guest-c', '--all-features', '--world', world, wit]
    done = run_command([*words, '-o', scratch / 'once'])
    if done.status == 1 and b'bindings for C have no ' in done.stderr:
        return False
    do(*words, '-o', scratch / 'once')
    once = [(scratch / f'once.{ending}').read_bytes() for ending in 'hc']
    do(*words, '-o', scratch / 'once')
    if once != [(scratch / f'once.{ending}').read_bytes() for ending in 'hc']:
        raise Wrong(f'{wit}: {world} is not the same again')
    compiles(scratch / 'once')
    return True


def sources(conformance):
    tools = conformance / 'wasm-tools'
    folders = [*(tools / 'wit-parser-ui').iterdir(), *(tools / 'wit-component/components').iterdir()]
    return [*sorted((conformance / 'wasi-wit').glob('0.2.*/*/')), *sorted((tools / 'wit-parser-ui').glob('*.wit')), *sorted(folders),
            *sorted((tools / 'wit-component').rglob('*.wit'))]


def worlds_of(build, wit):
    """What they are called, and what they are."""
    done = run_command([build.weft, 'wit', '--json', '--all-features', wit])
    if done.status:
        return []
    said = json.loads(done.stdout)
    found = []
    for world in said['worlds']:
        package, _, version = said['packages'][world['package']]['name'].partition('@')
        found.append((f'{package}/{world["name"]}' + (f'@{version}' if version else ''), done.stdout))
    return found


@within
def worlds(build, scratch, conformance, all_of_them):
    seen, count, bound = set(), 0, 0
    for n, wit in enumerate(sources(conformance)):
        if not (all_of_them or in_share(n, 16)):
            continue
        for world in worlds_of(build, wit):
            if world in seen:
                continue
            seen.add(world)
            count += 1
            bound += bind(build, scratch, wit, world[0])
    return Outcome.of(bound > count // 2 and bound > (180 if all_of_them else 3), f'{bound} of {count} worlds')


HOSTILE = '''package int:class@1.0.0-a.b+c;
interface %s { record %s { ret: u8, err: u8, int: u8, class: u8, uint32-t: u8, w-string-t: string, %%own: string, errno: u8 }
  enum %s { int, max, INT-MAX }
  f-t: func(ret: string, err: string, a: uint8, w-string-t: string, exports-w-main: string) -> result<string, uint8>;
  uint: func(out: list<uint8>, core: u8, args: u8, i: u8, ptr: u8, p0: u8, flat0: f32, %%result: f64, v: s64) -> tuple<string, string>;
  type uint8 = f32; variant tag { tag(uint8), val(string), is-err(u64), %s }
  resource r { constructor(r: string); r: func(r: borrow<r>); new: static func() -> r; rep: func(); drop-own: func(); destructor: func(); }
  type own-r = u8; type borrow-r = u8; r-drop-own: func(); %%own: func(x: r) -> list<option<r>>; borrow-r-t: func(); }
world w { import %s; export %s; import uint: interface { enum least8 { max } f: func(x: least8); type least16-t = u8; g: func(least16-t: least16-t); }
  import size: interface { type t = u8; max: func(t: t); flags least { max } } import main: func(%s: u8) -> char; export main: func(true: bool);
  import %%string: func(); import string-t: func(); import string-free: func(x: list<string>); import list-string: func(); import h: func(); import exports-x: interface { y: func(); }
  export x: interface { y: func(); } }'''
NAMES = ['%interface', '%record', '%enum', '%resource', '%interface', '%interface', 'static-assert']
DOUBLING = 'package a:b; interface i { variant v0 { a(u32), b(f64) }\n%s  f: func(x: v60) -> v60; g: func(x: list<v60>); } world w { import i; export i; }'
LONG = 'a' + '-long' * 3000


@within
def hostile(build, scratch):
    chain = ''.join(f'  variant v{n} {{ a(v{n - 1}), b(option<v{n - 1}>) }}\n' for n in range(1, 61))
    texts = {
        'names': (HOSTILE % tuple(NAMES), 0),
        'doubling': (DOUBLING % chain, 1),
        'doubling-less': ((DOUBLING % ''.join(f'  variant v{n} {{ a(v{n - 1}), b(v{n - 1}) }}\n' for n in range(1, 16))).replace('v60', 'v15'), 0),
        'aliases': ('package a:b; interface i { type a0 = list<string>;\n' + ''.join(f'type a{n} = a{n - 1};\n' for n in range(1, 5000)) +
                    'f: func(x: a4999) -> a4998; } world w { import i; export i; }', 0),
        'long': (f'package {LONG}:b; interface {LONG} {{ {LONG}f: func({LONG}: list<tuple<string, {LONG}>>, {LONG}x: {LONG}) -> {LONG}; '
                 f'enum {LONG} {{ {LONG}, {LONG}b }} record {LONG}a {{ {LONG}: u8, {LONG}b: u8 }} }} world {LONG}w {{ import {LONG}; export {LONG}; }}', 0),
        'docs': ('package a:b; interface i { /// ends in a backslash \\\n /// and in a trigraph ??/\n /// */ and /* \n f: func();\n /** a\n * b \\\n */ g: func(); }'
                 ' world w { import i; export i; }', 0),
        'cases': ('package a:b; interface i { variant v { ' + ', '.join(f'c{n}(u{8 << n % 4})' for n in range(300)) + ' } f: func(x: v) -> v; }'
                  ' world w { import i; export i; }', 0),
        'versions': ('package a:b; package c:d@1.0.0 { interface i { f: func(); } } package c:d@2.0.0 { interface i { f: func(); } }'
                     ' world w { import c:d/i@1.0.0; import c:d/i@2.0.0; export c:d/i@2.0.0; }', 0),
        'paths': ('package a:b; interface i { type a = list<u8>; f: func(x: a) -> a; } world w { import i; import a-b-i: interface { type a = string; f: func(x: a) '
                  '-> a; } export i; export a-b-i: interface { f: func() -> string; } }', 0),
    }
    for name, (text, status) in texts.items():
        wit = scratch / f'{name}.wit'
        wit.write_text(text)
        words = [build.weft, 'bindgen', 'guest-c', wit, '-o', scratch / name]
        do(*words, status=status, timeout=60)
        if not status:
            compiles(scratch / name)
    header = (scratch / 'versions.h').read_text()
    called = re.findall(r'(?m)^void (\w+)\(void\);', header)
    return Outcome.of(called == ['c_d_1_0_0_i_f', 'c_d_2_0_0_i_f', 'exports_c_d_i_f'], header)


REFUSED = [
    ('world w { import f: async func(); }', [], b'bindings for C have no async functions yet: "f"'),
    ('world w { import f: func(x: stream<u8>); }', [], b'bindings for C have no streams and futures yet'),
    ('interface i { f: func() -> error-context; } world w { export i; }', [], b'bindings for C have no type yet: "error-context"'),
    ('interface i { flags f { %s } x: func(f: f); } world w { export i; }' % ', '.join(f'flag{n}' for n in range(33)), [], b'no more than 32 flags'),
    ('world w {} world v {}', [], b'--world says which world is meant'),
    ('world w {}', ['--world', 'v'], b'there is no world of that name'),
    ('world w {}', ['-o', 'a"b'], b'cannot include'),
    ('world w {}', ['-o', 'none/w'], b'none/w.h'),
]
MISUSED = [
    ('', b'guest-c'), ('host-c w.wit', b'"host-c" is not guest-c'), ('guest-c', b'WIT'), ('guest-c w.wit v.wit', b'one WIT at a time'),
    ('--world', b'the name behind --world'), ('guest-c --features= w.wit', b'--features wants names'), ('guest-c --no w.wit', b'--no'),
]


@within
def refused(build, scratch):
    for text, words, said in REFUSED:
        (scratch / 'w.wit').write_text(f'package a:b; {text}')
        done = run_command([build.weft, 'bindgen', 'guest-c', 'w.wit', *words], cwd=scratch)
        if fault(done, 1) or said not in done.stderr or len(list(scratch.iterdir())) > 1:
            return Outcome.of(False, f'{text}\n{done.describe()}')
    for words, said in MISUSED:
        done = run_command([build.weft, 'bindgen', *words.split()], cwd=scratch)
        if fault(done, 2) or said not in done.stderr:
            return Outcome.of(False, done.describe())
    return Outcome.of(True, '')
