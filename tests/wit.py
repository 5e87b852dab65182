"""wit.py -- `weft wit`: the suites of WIT.

    wit/parses/NAME   of wasm-tools' wit-parser: the JSON is the one that is written there, with the same numbers; and what is printed
                      stands for the same, with numbers apart, and prints the same again
    wit/fails/NAME    likewise: refused, with a line and a caret where the suite says one
    wit/wasi/NAME     the WIT of WASI 0.2 and 0.3, which is printed and read again
    wit/binary/NAME   all of these, and those of wit-component, as components and back: they mean the same, and are the same bytes when
                      they are written once more; those of the suites in quarters
    wit/told/NAME     wit-component's packages in binary, given as text: they mean what is printed of them there
    wit/merges/NAME   wit-component's pairs of packages, put together: they mean what it expects, or are refused
    wit/component     the world of a component that other tools made, which its own WIT is a part of
    wit/large         what is large, deep or grows by itself: refused, or done, within a limit of time (hazard R79)

Gates of the feature `active` are open, as there.
"""
import json, re, shutil, tempfile
from pathlib import Path

from outcome import Outcome, Test, in_share, leb, run_command, sanitizer_report

OPEN = ['--features', 'active']


def due(build, n):
    """Of many small files the sanitizers see a quarter each time."""
    return build.name == 'release' or in_share(n, 4)


def tests(options):
    if not options.conformance:
        yield Test('wit', lambda: Outcome.skip('the conformance suites are not here (WEFT_CONFORMANCE)'))
        return
    parser = options.conformance / 'wasm-tools/wit-parser-ui'
    for build in options.builds:
        for n, path in enumerate(sorted(parser.glob('*.wit.json'))):
            yield Test(f'wit/parses/{path.name.removesuffix(".wit.json")}{build.suffix}', lambda path=path, build=build: parses(build, path),
                       full=not due(build, n))
        for n, path in enumerate(sorted(parser.glob('parse-fail/*.wit.result'))):
            yield Test(f'wit/fails/{path.name.removesuffix(".wit.result")}{build.suffix}', lambda path=path, build=build: fails(build, path),
                       full=not due(build, n))
        wasi = options.conformance / 'wasi-wit'
        for path in sorted([*wasi.glob('0.2.*/*/'), *wasi.glob('0.3.*/*.wit')]):
            name = f'{path.parent.name}/{path.stem}'
            yield Test(f'wit/wasi/{name}{build.suffix}', lambda path=path, build=build: same_again(build, path, ['--all-features'], wasi_deps(path)))
            yield Test(f'wit/binary/{name}{build.suffix}', lambda path=path, build=build: binary(build, path, wasi_deps(path)))
        for n, path in enumerate(binary_sources(options.conformance)):
            name = f'{path.parent.name}/{path.name}'
            yield Test(f'wit/binary/{name}{build.suffix}', lambda path=path, build=build: binary(build, path), full=not in_share(n, 4))
        for n, path in enumerate(sorted((options.conformance / 'wasm-tools/wit-component/interfaces').glob('*.wit.print'))):
            yield Test(f'wit/told/{path.name.removesuffix(".wit.print")}{build.suffix}', lambda path=path, build=build: told(build, path),
                       full=not due(build, n))
        for path in sorted((options.conformance / 'wasm-tools/wit-component/merge').iterdir()):
            yield Test(f'wit/merges/{path.name}{build.suffix}', lambda path=path, build=build: merges(build, path))
        yield Test(f'wit/component{build.suffix}', lambda build=build: component(build, options.conformance / 'components'))
        yield Test(f'wit/returns{build.suffix}', lambda build=build: returns(build))
        yield Test(f'wit/large{build.suffix}', lambda build=build: large(build))


def source_of(expected):
    """The file or folder that a file of the suite is about; some are not there."""
    base = Path(str(expected).removesuffix(expected.suffix).removesuffix('.wit'))
    found = [p for p in (base.with_name(base.name + '.wit'), base, base.with_name(base.name + '.wat')) if p.exists()]
    return found[0] if found else None


def weft_wit(build, *words, **how):
    return run_command([build.weft, 'wit', *words], **how)


def fault(done, status):
    """What went wrong with a command that should have ended so."""
    return sanitizer_report(done) or ('' if done.status == status else done.describe())


# ---- the parser's suite

def parses(build, expected):
    source = source_of(expected)
    if source is None:
        return Outcome.skip('the file is not in the suite')
    done = weft_wit(build, *OPEN, '--json', source)
    if fault(done, 0):
        return Outcome.of(False, fault(done, 0))
    if json.loads(done.stdout) != json.loads(expected.read_bytes()):
        return Outcome.of(False, f'{source}: another JSON than {expected.name}')
    return same_again(build, source, OPEN)


def fails(build, expected):
    source = source_of(expected)
    if source is None:
        return Outcome.skip('the file is not in the suite')
    done = weft_wit(build, *OPEN, source)
    if fault(done, 1):
        return Outcome.of(False, fault(done, 1))
    placed = re.search(r'^ +--> ', expected.read_text(), re.M)
    shown = re.match(rb'.*:\d+:\d+: .*\n.*\n +\^\n\Z', done.stderr) or not placed
    return Outcome.of(shown and not done.stdout, done.describe())


# ---- printed, and read again

class Meaning:
    """A document with names in place of numbers, so that two can be compared that count otherwise."""
    def __init__(self, document):
        self.d, self.known, self.places = document, {}, {}
        for w, world in enumerate(document['worlds']):
            for way in ('imports', 'exports'):
                for key, item in world[way].items():
                    if 'interface' in item and not key.startswith('interface-'):
                        self.places.setdefault(item['interface']['id'], f'{self.world(w)} {way} {key}')

    def package(self, n):
        return self.d['packages'][n]['name']

    def world(self, n):
        return f'{self.package(self.d["worlds"][n]["package"])}/{self.d["worlds"][n]["name"]}'

    def interface(self, n):
        i = self.d['interfaces'][n]
        return f'{self.package(i["package"])}/{i["name"]}' if i['name'] else self.places[n]

    def type(self, t):
        if not isinstance(t, int):
            return t
        if t not in self.known:
            found = self.d['types'][t]
            owner = found['owner']
            if found['name']:
                self.known[t] = f'{self.interface(owner["interface"]) if "interface" in owner else self.world(owner["world"])}.{found["name"]}'
            else:
                self.known[t] = json.dumps(self.kind(found['kind']), sort_keys=True)
        return self.known[t]

    def kind(self, k):
        """Numbers in what a type or function is, which all are those of types, but for how long a list is."""
        if isinstance(k, dict):
            return {key: [self.type(value[0]), value[1]] if key == 'fixed-length-list' else
                    value if key in ('name', 'docs') else self.kind(value) for key, value in k.items()}
        return [self.kind(value) for value in k] if isinstance(k, list) else self.type(k)

    def function(self, f):
        return {**f, **{key: self.kind(f[key]) for key in ('kind', 'params', 'result') if key in f}}

    def item(self, item):
        if 'type' in item:
            return self.type(item['type'])
        if 'function' in item:
            return self.function(item['function'])
        return {**item['interface'], 'id': self.interface(item['interface']['id'])}

    def items(self, items):
        return {self.interface(int(k[10:])) if k.startswith('interface-') else k: self.item(i) for k, i in items.items()}

    def whole(self):
        worlds = {self.world(n): {**w, 'imports': self.items(w['imports']), 'exports': self.items(w['exports']), 'package': 0}
                  for n, w in enumerate(self.d['worlds'])}
        interfaces = {self.interface(n): {**i, 'types': {k: self.type(t) for k, t in i['types'].items()}, 'package': 0, 'clone_of': 0,
                                          'functions': {k: self.function(f) for k, f in i['functions'].items()}}
                      for n, i in enumerate(self.d['interfaces'])}
        types = {self.type(n): {**t, 'kind': self.kind(t['kind']), 'owner': 0} for n, t in enumerate(self.d['types']) if t['name']}
        packages = {p['name']: p.get('docs') for p in self.d['packages']}
        return worlds, interfaces, types, packages


def wasi_deps(path):
    """Of a package of WASI, the others that it may name: all of its version."""
    return [p for p in sorted(path.parent.iterdir()) if p != path and (p.is_dir() or p.suffix == '.wit')]


def same_again(build, source, how, deps=()):
    with tempfile.TemporaryDirectory() as scratch:
        if deps:
            source = with_deps(Path(scratch) / 'whole', source, deps)
        first, printed = weft_wit(build, *how, '--json', source), weft_wit(build, *how, source)
        again = Path(scratch) / 'again.wit'
        again.write_bytes(printed.stdout)
        second, twice = weft_wit(build, *how, '--json', again), weft_wit(build, *how, again)
        for done in (first, printed, second, twice):
            if fault(done, 0):
                return Outcome.of(False, fault(done, 0) + f'\nof {source}')
        if printed.stdout != twice.stdout:
            return Outcome.of(False, f'{source} prints otherwise when it is read again\n{printed.stdout.decode()}\n{twice.stdout.decode()}')
        before, after = (Meaning(json.loads(done.stdout)).whole() for done in (first, second))
        return Outcome.of(before == after, f'{source} means something else when it is read again\n{difference(before, after)}')


def with_deps(folder, source, deps):
    (folder / 'deps').mkdir(parents=True)
    for path in (source, *deps):
        for file in sorted(path.glob('*.wit')) if path.is_dir() else [path]:
            to = folder if path == source else folder / 'deps'
            shutil.copyfile(file, to / f'{path.stem}-{file.name}')
    return folder


def difference(before, after):
    return '\n'.join(f'{name}: {a.get(name)}\n  {b.get(name)}' for a, b in zip(before, after) for name in {**a, **b} if a.get(name) != b.get(name))


# ---- in binary, and back

def binary_sources(conformance):
    suite = conformance / 'wasm-tools'
    folders = [p for place in ('wit-component/interfaces', 'wit-parser-ui') for p in (suite / place).iterdir() if p.is_dir() and p.name != 'parse-fail']
    files = [p for place in ('wit-component/interfaces', 'wit-parser-ui') for p in (suite / place).glob('*.wit')]
    return sorted(files + folders)


def of_package(document, name):
    """What a document says of one package."""
    return [{key: value for key, value in part.items() if key == name or key.startswith(f'{name}/')} for part in Meaning(document).whole()]


def binary(build, source, deps=()):
    with tempfile.TemporaryDirectory() as scratch:
        once, twice, thrice = (Path(scratch) / f'{n}.wasm' for n in range(3))
        if deps:
            source = with_deps(Path(scratch) / 'whole', source, deps)
        before, first = weft_wit(build, '--all-features', '--json', source), weft_wit(build, '--all-features', '--binary', source, '-o', once)
        if before.status == 1 and not sanitizer_report(before):
            return Outcome.skip('it is no WIT')
        if first.status == 1 and first.stderr.startswith(b'in binary:'):
            return Outcome.skip('its types are none of the binary format: ' + first.stderr.decode().strip())
        name = re.search(rb'^package ([^;]*);', weft_wit(build, '--all-features', source).stdout, re.M)
        again = [weft_wit(build, '--json', once), weft_wit(build, '--binary', once, '-o', twice), weft_wit(build, '--binary', twice, '-o', thrice)]
        for done in (before, first, *again):
            if fault(done, 0):
                return Outcome.of(False, fault(done, 0) + f'\nof {source}')
        was, now = (of_package(json.loads(done.stdout), name[1].decode()) for done in (before, again[0]))
        if not any(was[:2]):
            return Outcome.skip('a package of nothing has no name in binary')
        if was != now:
            return Outcome.of(False, f'{source} means something else in binary\n{difference(was, now)}')
        return Outcome.of(twice.read_bytes() == thrice.read_bytes(), f'{source} becomes other bytes each time')


def told(build, printed):
    source = printed.with_name(printed.name.replace('.wit.print', '.wat'))
    if not source.exists():
        return Outcome.skip('the file is not in the suite')
    done = [weft_wit(build, '--all-features', '--json', path) for path in (source, printed)]
    for run in done:
        if fault(run, 0):
            return Outcome.of(False, fault(run, 0))
    was, now = (Meaning(json.loads(run.stdout)).whole() for run in done)
    return Outcome.of(any(was[:2]) and was == now, f'{source} means something else than what is printed of it\n{difference(was, now)}')


def merges(build, folder):
    into, others = folder / 'into', folder / 'from'
    done = weft_wit(build, '--all-features', '--json', into, '--merge', others)
    if (folder / 'error.txt').exists():
        return Outcome.of(not fault(done, 1) and not done.stdout and b'packages that differ: ' in done.stderr, done.describe())
    with tempfile.TemporaryDirectory() as scratch:
        name = re.search(rb'^package ([^;]*);', weft_wit(build, into).stdout, re.M)[1]
        files = sorted((folder / 'merge').iterdir())
        main = next(file for file in files if f'package {name.decode()};' in file.read_text())
        wanted = weft_wit(build, '--all-features', '--json', with_deps(Path(scratch) / 'whole', main, [file for file in files if file != main]))
        itself = weft_wit(build, '--all-features', '--json', into, '--merge', others, '--merge', into, '--merge', others)
    for run in (done, wanted, itself):
        if fault(run, 0):
            return Outcome.of(False, fault(run, 0))
    now, was = Meaning(json.loads(done.stdout)).whole(), Meaning(json.loads(wanted.stdout)).whole()
    return Outcome.of(any(was[:2]) and was == now and itself.stdout == done.stdout,
                      f'{folder.name} means something else than what is expected\n{difference(was, now)}')


def component(build, folder):
    done, wanted = weft_wit(build, folder / 'quickjs-async.wasm'), weft_wit(build, folder / 'quickjs-async.wit')
    if fault(done, 0) or fault(wanted, 0):
        return Outcome.of(False, fault(done, 0) or fault(wanted, 0))
    with tempfile.TemporaryDirectory() as scratch:
        large, section = Path(scratch) / 'large.wasm', b'\1x' + bytes(17 << 20)     # WIT ends at 16 MiB, components do not
        large.write_bytes((folder / 'quickjs-async.wasm').read_bytes() + b'\0' + leb(len(section)) + section)
        same = weft_wit(build, large)
        if fault(same, 0) or same.stdout != done.stdout:
            return Outcome.of(False, same.describe()[:2000])
    own = [line for line in wanted.stdout.splitlines() if line.startswith(b'  export ')]
    return Outcome.of(own and all(line in done.stdout.splitlines() for line in own) and b'interface preopens' in done.stdout, done.describe())


# ---- large

def returns(build):
    """A carriage return is a space, alone too; in documentation it is printed as one."""
    done = weft_wit(build, '-', stdin=b'package a:b;\r\n/// one\rtwo\r\ninterface i {\r  f: func();\r}\n')
    return Outcome.of(not fault(done, 0) and done.stdout == b'package a:b;\n\n/// one two\ninterface i {\n  f: func();\n}\n', done.describe())


def large(build):
    """Time is not told, but what is not linear would take minutes."""
    n = 20000
    chain = ''.join(f'interface i{k} {{ use i{k - 1}.{{t}}; }}\n' for k in range(1, n))
    cases = {
        'types in types': ('package a:b; interface i { type t = ' + 'list<' * 101 + 'u8' + '>' * 101 + '; }', 'nested deeper'),
        'a chain of types': ('package a:b; interface i { type t0 = u8; ' + ''.join(f'type t{k} = list<t{k - 1}>; ' for k in range(1, n)) + '}', None),
        'a chain of interfaces': (f'package a:b; interface i0 {{ type t = u8; }}\n{chain}world w {{ export i{n - 1}; }}', None),
        'a chain of packages': ('package a:b; ' + ''.join(f'package p:x{k} {{ interface i {{ use p:x{k - 1}/i.{{t}}; }} }}\n' for k in range(1, n)) +
                                'package p:x0 { interface i { type t = u8; } }', None),
        'worlds that include each other': ('package a:b; world w0 { import f: func(); }\n' +
                                           ''.join(f'world w{k} {{ include w{k - 1}; import g{k}: func(); }}\n' for k in range(1, n)), 'grow beyond'),
        'an include of itself': ('package a:b; world w { include v; } world v { include w; }', 'cycle'),
        'types that need each other': ('package a:b; interface i { type a = b; type b = list<a>; }', 'cycle'),
        'a long version': ('package a:b@1.0.' + '1' * 10000 + ';', 'version'),
        'many fields': ('package a:b; interface i { record r { ' + ''.join(f'g{k}: u8, ' for k in range(10002)) + '} }', '10,000'),
        'braces': ('package a:b; ' + '{' * 1000000, 'unexpected token'),
        'comments in comments': ('package a:b; ' + '/*' * 1000000, 'unclosed'),
        'packages in packages': ('package a:b; ' + 'package c:d { ' * 100000, 'package'),
        'too much': ('package a:b;' + ' ' * (16 << 20), '16 MiB'),
        'no text': ('package a:b; \udcff', 'UTF-8'),
    }
    outcome = Outcome()
    for name, (text, wrong) in cases.items():
        done = weft_wit(build, '-o', '/dev/null', '-', stdin=text.encode(errors='surrogateescape'), timeout=60)
        complaint = fault(done, 1 if wrong else 0)
        good = not complaint and (not wrong or wrong.encode() in done.stderr)
        outcome.passed += good
        if not good:
            outcome.fail(f'{name}: {complaint or done.stderr[-300:]}')
    return outcome
