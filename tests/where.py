"""where.py -- where in their source instructions are, and what becomes of a backtrace when that is told wrong.

    where/lines-BITS-dwarf-N-O    of each instruction of a program, what llvm-symbolizer says (where/one.c, where/two.cpp)
    where/left-out                the same, where code that is not there is described at 0
    where/traps                   the same lines in backtraces, in each tier
    where/native                  and in listings of machine code
    where/map-HOW                 the same by source maps, in each form
    where/map-away                a map that is elsewhere, or no map: said, and nothing is read
    where/damaged-N               debug information in which bytes were changed, or that is cut: the backtrace stands
    where/helper-HOW              the program that reads it is missing, does not start, answers nothing, nonsense, or for ever
    where/names                   names that expand or go deep: in time, and others are as they were
    where/alone                   no process is started for a module that has nothing to read
    where/confined                what the reader may do while it reads

Hazards: R45.
"""
import base64, functools, json, os, random, re, shutil, struct, subprocess, tempfile, time, urllib.parse
from pathlib import Path

from outcome import Outcome, Test, in_share, leb, run_command, sanitizer_report

HERE = Path(__file__).resolve().parent / 'where'
WAYS = [(bits, version, level) for bits in (32, 64) for version in (4, 5) for level in ('O0', 'O2')]
PARTS, DAMAGES = 8, 250         # in make test one part, and of that an eighth under the sanitizers
LONG = 60                       # seconds that a machine under load may take for what has a limit of some
FRAME = re.compile(rb'^  +\d+: (0x[0-9a-f]+)', re.M)


def tests(options):
    for build in options.builds:
        fast = build.name == 'release'
        for way in WAYS:
            yield Test(f'where/lines-{way[0]}-dwarf-{way[1]}-{way[2]}{build.suffix}', lambda build=build, way=way: lines(build, way), fast=fast)
        yield Test(f'where/left-out{build.suffix}', lambda build=build: left_out(build), fast=fast)
        yield Test(f'where/traps{build.suffix}', lambda build=build: traps(build), fast=fast)
        yield Test(f'where/native{build.suffix}', lambda build=build: native(build), fast=fast)
        for how in MAPS:
            yield Test(f'where/map-{how}{build.suffix}', lambda build=build, how=how: by_map(build, how), fast=fast)
        yield Test(f'where/map-away{build.suffix}', lambda build=build: map_away(build), fast=fast)
        for part in range(PARTS):
            due = options.full or in_share(part)
            count = DAMAGES if fast or options.full else DAMAGES // 8
            yield Test(f'where/damaged-{part}{build.suffix}', lambda build=build, part=part, count=count: damaged(build, part, count),
                       full=not due, slow=True)
        for how in HELPERS:
            yield Test(f'where/helper-{how}{build.suffix}', lambda build=build, how=how: helper(build, how), fast=fast)
        yield Test(f'where/names{build.suffix}', lambda build=build: names(build), fast=fast)
        yield Test(f'where/alone{build.suffix}', lambda build=build: alone(build), fast=fast)
        yield Test(f'where/confined{build.suffix}', lambda build=build: confined(build), fast=fast)


def missing(build, *programs):
    """Why a test cannot be done here, or None."""
    if not (build.weft.parent / 'weft-where').exists():
        return Outcome.skip('weft-where was not built (tools/setup.sh build)')
    for program in programs:
        if not shutil.which(program):
            return Outcome.skip(f'{program} is not installed (tools/setup.sh wasm test)')


@functools.cache
def program(bits, version, level):
    """A module with debug information, as bytes."""
    flags = [f'--target=wasm{bits}', '-c', f'-gdwarf-{version}', f'-{level}', '-fdebug-compilation-dir=.', '-o']
    with tempfile.TemporaryDirectory(prefix='weft-where-') as scratch:
        for name in 'one.c', 'two.cpp':
            shutil.copy(HERE / name, scratch)
        for command in (['clang-19', *flags, '1.o', 'one.c'], ['clang++-19', *flags, '2.o', 'two.cpp'],
                        ['wasm-ld-19', f'-mwasm{bits}', '--no-entry', '-o', 'out.wasm', '1.o', '2.o']):
            done = run_command(command, cwd=scratch)
            if done.status:
                raise RuntimeError(done.describe())
        return (Path(scratch) / 'out.wasm').read_bytes()


def sections(module):
    """(id, name of a custom one, where its content begins, where it ends) of each."""
    def number(at):
        value = shift = 0
        while True:
            value |= (module[at] & 0x7f) << shift
            shift, at = shift + 7, at + 1
            if not module[at - 1] & 0x80:
                return value, at
    at = 8
    while at < len(module):
        kind, (size, start) = module[at], number(at + 1)
        end, name = start + size, b''
        if kind == 0:
            length, start = number(start)
            name, start = module[start:start + length], start + length
        yield kind, name, start, end
        at = end


# ---- What is said ---------------------------------------------------------------------------------

def told(frames, name, file, line, column, own):
    """What two programs that read the same agree in: where no line is known the file is of no matter, and what the module's
    own function is called its names tell."""
    out = [(f[name] or '', f[file] or '', f[line], f[column]) if f[line] else (f[name] or '', '', 0, 0) for f in frames]
    return out[:-1] + [('', *out[-1][1:])] if own and out else out


def lines(build, way):
    skip = missing(build, 'clang-19', 'clang++-19', 'wasm-ld-19', 'llvm-symbolizer-19')
    if skip:
        return skip
    module = program(*way)
    with tempfile.TemporaryDirectory(prefix='weft-where-') as scratch:
        path = Path(scratch) / 'out.wasm'
        path.write_bytes(module)
        start = next(s[2] for s in sections(module) if s[0] == 10)
        listed = run_command([build.weft, 'inspect', '--disassemble', path])
        offsets = [int(at, 16) for at in re.findall(rb'^  (0x[0-9a-f]{6})  ', listed.stdout, re.M)]
        done = run_command([build.weft, 'addr2line', '--json', path, *map(hex, offsets)])
        other = run_command([build.weft, 'addr2line', '--json', '--code', path, *(hex(at - start) for at in offsets)])
        theirs = run_command(['llvm-symbolizer-19', f'--obj={path}', '--no-demangle', '--output-style=JSON',
                              *(hex(at - start) for at in offsets)])
    outcome = Outcome.of(done.status == 0 and done.stdout == other.stdout and not sanitizer_report(done), done.describe())
    if outcome.failed:
        return outcome
    ours, inlined = json.loads(done.stdout)['places'], 0
    for at, one, two in zip(offsets, ours, json.loads(theirs.stdout), strict=True):
        one = told(one['frames'], 'linkage_name', 'file', 'line', 'column', True)
        two = told(two['Symbol'], 'FunctionName', 'FileName', 'Line', 'Column', True)
        inlined += len(one) > 1
        outcome.passed += one == two
        if one != two:
            outcome.fail(f'{at:#x}: {one}, and llvm-symbolizer says {two}')
    if len(offsets) < 100 or not inlined:
        outcome.fail(f'{len(offsets)} instructions, of which {inlined} are inlined: that is no test')
    return outcome


def left_out(build):
    """As linkers once wrote it: what they left out is at 0, as if there were code. What is said is the same."""
    skip = missing(build, 'clang-19', 'clang++-19', 'wasm-ld-19')
    if skip:
        return skip
    outcome = Outcome()
    for way in ((32, 4, 'O0'), (32, 5, 'O0')):
        module, told = program(*way), []
        older = bytearray(module)
        for _, name, start, end in sections(module):
            if name in (b'.debug_line', b'.debug_info', b'.debug_addr'):
                older[start:end] = module[start:end].replace(b'\xff' * 4, bytes(4))
        with tempfile.TemporaryDirectory(prefix='weft-where-') as scratch:
            path = Path(scratch) / 'out.wasm'
            for one in module, bytes(older):
                path.write_bytes(one)
                offsets = re.findall(rb'^  (0x[0-9a-f]{6})  ', run_command([build.weft, 'inspect', '--disassemble', path]).stdout, re.M)
                told.append(run_command([build.weft, 'addr2line', path, *offsets]))
        good = bytes(older) != module and told[0].status == 0 and told[0].stdout == told[1].stdout and not sanitizer_report(told[1])
        outcome.passed += good
        if not good:
            outcome.fail(told[1].describe())
    return outcome


WANT = [rb'average at ./one.c:17:12 (inlined)', rb'report at ./one.c:26:19', rb' measure at ./one.c:37:12']


def run_module(weft, module, *more, name='out.wasm', env=None):
    """The program divides by zero there."""
    with tempfile.TemporaryDirectory(prefix='weft-where-') as scratch:
        (Path(scratch) / name).write_bytes(module)
        return run_command([weft, 'run', *more, '--invoke', 'measure', name, '0'], cwd=scratch, timeout=LONG, env=env)


def traps(build):
    skip = missing(build, 'clang-19', 'clang++-19', 'wasm-ld-19')
    if skip:
        return skip
    outcome = Outcome()
    for way in WAYS[:4]:
        for tier in 'interp', 'baseline':
            done = run_module(build.weft, program(*way), f'--tier={tier}')
            good = done.status == 134 and all(want in done.stderr for want in WANT) and not sanitizer_report(done)
            outcome.passed += good
            if not good:
                outcome.fail(done.describe())
    return outcome


def native(build):
    """Each instruction of a function beside its code says what addr2line says of it."""
    skip = missing(build, 'clang-19', 'clang++-19', 'wasm-ld-19')
    if skip:
        return skip
    with tempfile.TemporaryDirectory(prefix='weft-where-') as scratch:
        path = Path(scratch) / 'out.wasm'
        path.write_bytes(program(32, 5, 'O2'))
        listed = run_command([build.weft, 'inspect', '--json', '--native', 'report', path])
        if b'has no compiler' in listed.stderr:
            return Outcome.skip('this build has no compiler')
        parts = json.loads(listed.stdout)['parts'] if listed.status == 0 else []
        parts = [part for part in parts if part['kind'] == 'instruction']
        done = run_command([build.weft, 'addr2line', '--json', path, *(hex(part['offset']) for part in parts)])
        places = json.loads(done.stdout)['places'] if done.status == 0 else []
    same = [part.get('source', []) for part in parts] == [place['frames'] for place in places]
    return Outcome.of(len(places) > 50 and same and not sanitizer_report(listed), listed.describe() + done.describe())


# ---- Source maps ----------------------------------------------------------------------------------

DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'


def variable(n):
    """A number of a map."""
    n, text = n << 1 if n >= 0 else -n << 1 | 1, ''
    while n > 31:
        n, text = n >> 5, text + DIGITS[n & 31 | 32]
    return text + DIGITS[n]


def made_map(places, base=0, root=''):
    """A map that says of each place, (offset, file, line, column), what is said there; a file of '' is none."""
    sources, segments, before = sorted({p[1] for p in places if p[1]}), [], [0, 0, 0, 0]
    for at, file, line, column in places:
        now = [at - base, sources.index(file), line - 1, column - 1] if file else [at - base]
        segments.append(''.join(variable(a - b) for a, b in zip(now, before)))
        before = now + before[len(now):]
    return {'version': 3, 'sourceRoot': root, 'sources': sources, 'names': [], 'mappings': ','.join(segments) + ';AAAA,SASA'}


def with_url(module, url):
    """The module without debug information, and with the name of a map."""
    out = module[:8]
    for kind, name, start, end in sections(module):
        if not name.startswith(b'.debug_'):
            body = (leb(len(name)) + name if kind == 0 else b'') + module[start:end]
            out += bytes([kind]) + leb(len(body)) + body
    body = b'\x10sourceMappingURL' + leb(len(url)) + url
    return out + b'\0' + leb(len(body)) + body


def in_parts(places, root):
    middle = len(places) // 2
    parts = [(places[0][0], places[:middle]), (places[middle][0], places[middle:])]
    return {'version': 3, 'sections': [{'offset': {'line': 0, 'column': base}, 'map': made_map(part, base, root)} for base, part in parts]}


MAPS = {
    'file': (b'out.wasm.map', lambda p: json.dumps(made_map(p))),
    'folder': (b'maps/a%20map', lambda p: json.dumps(made_map(p))),
    'line-in-front': (b'out.wasm.map', lambda p: ")]}'\n" + json.dumps(made_map(p))),
    'root': (b'out.wasm.map', lambda p: json.dumps(made_map(p, root='/src/'))),
    'parts': (b'out.wasm.map', lambda p: json.dumps(in_parts(p, '/src'))),
    'base64': (lambda text: b'data:application/json;base64,' + base64.b64encode(text), lambda p: json.dumps(made_map(p))),
    'percent': (lambda text: b'data:application/json,' + urllib.parse.quote(text).encode(), lambda p: json.dumps(made_map(p))),
}


def by_map(build, how):
    skip = missing(build, 'clang-19', 'clang++-19', 'wasm-ld-19')
    if skip:
        return skip
    module, (url, make) = program(32, 5, 'O2'), MAPS[how]
    with tempfile.TemporaryDirectory(prefix='weft-where-') as scratch:
        path = Path(scratch) / 'out.wasm'
        path.write_bytes(module)
        offsets = re.findall(rb'^  (0x[0-9a-f]{6})  ', run_command([build.weft, 'inspect', '--disassemble', path]).stdout, re.M)
        def ask():
            done = run_command([build.weft, 'addr2line', '--json', path, *offsets])
            places = json.loads(done.stdout)['places'] if done.status == 0 and not sanitizer_report(done) else []
            frames = [(place['offset'], place['frames'][0] if place['frames'] else {'line': 0}) for place in places]
            return [(at, f['file'], f['line'], f['column']) if f['line'] and f['column'] else (at, '', 0, 0) for at, f in frames], done
        want, _ = ask()
        text = make(want)
        path.write_bytes(with_url(module, url if isinstance(url, bytes) else url(text.encode())))
        if isinstance(url, bytes):
            beside_it = Path(scratch) / urllib.parse.unquote(url.decode())
            beside_it.parent.mkdir(exist_ok=True)
            beside_it.write_text(text)
        # What is in front of it is gone, so the code is at the same place.
        got, done = ask()
        trapped = run_command([build.weft, 'run', '--invoke', 'measure', path.name, '0'], cwd=scratch)
    root = '/src/' if how in ('root', 'parts') else ''
    want = [(at, root + file if file else '', line, column) for at, file, line, column in want]
    outcome = Outcome.of(got == want and len(got) > 100, done.describe())
    if f'report at {root}./one.c:7:14'.encode() not in trapped.stderr or trapped.status != 134:
        outcome.fail(trapped.describe())
    return outcome


AWAY = {
    'server': b'https://example.org/out.wasm.map', 'file': b'file:///etc/passwd', 'top': b'/etc/passwd', 'above': b'../out.wasm.map',
    'hidden': b'a/%2e%2e/%2E./out.wasm.map', 'zero': b'out.wasm.map%00x', 'nothing': b'', 'pipe': b'pipe', 'device': b'zero', 'folder': b'.',
    'absent': b'absent.map', 'long': b'a' * 100000, 'prose': b'prose', 'deep': b'deep', 'data': b'data:', 'data-prose': b'data:;base64,%%%%',
    'numbers': b'numbers', 'wild': b'wild', 'other': b'other',
}


def map_away(build):
    skip = missing(build, 'clang-19', 'clang++-19', 'wasm-ld-19')
    if skip:
        return skip
    outcome, module = Outcome(), program(32, 5, 'O2')
    with tempfile.TemporaryDirectory(prefix='weft-where-') as scratch:
        folder = Path(scratch) / 'in'
        folder.mkdir()
        sound = json.dumps(made_map([(1, 'secret.c', 1, 1)]))
        (Path(scratch) / 'out.wasm.map').write_text(sound)
        (folder / 'a').mkdir()
        os.mkfifo(folder / 'pipe')
        (folder / 'zero').symlink_to('/dev/zero')
        (folder / 'prose').write_text('It was a dark and stormy night.')
        (folder / 'deep').write_text('[' * 1000000)
        (folder / 'numbers').write_text('{"version":3,"sources":[1,null,{}],"mappings":"AAAA,CCAA,CCAA,CCAA,gggggggggggggggA"}')
        (folder / 'wild').write_text('{"version":3,"sources":"a","mappings":"DDDD,gggggB,+/+/+/,gggggggB,A"}')
        (folder / 'other').write_text('{"version":2,"sources":["secret.c"],"mappings":"AAAA"}')
        for what, url in AWAY.items():
            (folder / 'out.wasm').write_bytes(with_url(module, url))
            done = run_command([build.weft, 'run', '--invoke', 'measure', 'out.wasm', '0'], cwd=folder, timeout=LONG)
            good = done.status == 134 and len(FRAME.findall(done.stderr)) == 2 and b'secret' not in done.stderr and b' at ' not in done.stderr
            outcome.passed += good and not sanitizer_report(done)
            if not good or sanitizer_report(done):
                outcome.fail(f'{what}: {done.describe()}')
    return outcome


# ---- What is wrong --------------------------------------------------------------------------------

def damage(module, number):
    """Some bytes of debug information are others, or a section of it is cut; one of what there is to do, by number."""
    chance = random.Random(number)
    debug = [s for s in sections(module) if s[1].startswith(b'.debug_')]
    if chance.randrange(10) == 0:
        _, name, start, end = chance.choice(debug)
        keep = module[start:start + chance.randrange(end - start)]
        body = leb(len(name)) + name + keep
        return module[:8] + rebuilt(module, name, body)
    out = bytearray(module)
    for _ in range(chance.choice([1, 1, 2, 4, 16, 64])):
        _, _, start, end = chance.choice(debug)
        at = chance.randrange(start, end)
        out[at] = chance.choice([0, 1, 0x7f, 0x80, 0xff, out[at] ^ 1 << chance.randrange(8), chance.randrange(256)])
    return bytes(out)


def rebuilt(module, name, body):
    """All sections, of which that one has another body."""
    out = b''
    for kind, other, start, end in sections(module):
        mine = body if kind == 0 and other == name else (leb(len(other)) + other if kind == 0 else b'') + module[start:end]
        out += bytes([kind]) + leb(len(mine)) + mine
    return out


def damaged(build, part, count):
    skip = missing(build, 'clang-19', 'clang++-19', 'wasm-ld-19')
    if skip:
        return skip
    outcome = Outcome()
    for number in range(part * DAMAGES, part * DAMAGES + count):
        module = program(*WAYS[number % len(WAYS)])
        sound = sound_of(build, number % len(WAYS))
        done = run_module(build.weft, damage(module, number))
        good = done.status == 134 and b'trap: integer divide by zero' in done.stderr and FRAME.findall(done.stderr) == sound
        good = good and not sanitizer_report(done)
        outcome.passed += good
        if not good:
            outcome.fail(f'damage {number}: {done.describe()}')
    return outcome


@functools.cache
def sound_of(build, way):
    return FRAME.findall(run_module(build.weft, program(*WAYS[way])).stderr)


HELPERS = {
    'missing': None,
    'library': b'#!/bin/sh\nexit 127\n',
    'silent': b'#!/bin/sh\ncat >/dev/null\n',
    'hangs': b'#!/bin/sh\nexec sleep 1000\n',
    'closes': b'#!/bin/sh\nexec <&- >&-\nexec sleep 1000\n',
    'floods': b'#!/bin/sh\nexec yes\n',
    'zeros': b'#!/bin/sh\nexec cat /dev/zero\n',
    'nonsense': b'#!/bin/sh\ncat >/dev/null\nhead -c 3000 /dev/urandom\n',
    'letters': b"#!/bin/sh\ncat >/dev/null\nprintf '\\377\\0\\0\\0'\nhead -c 3000 /dev/zero | tr '\\0' '\\033'\n",
    'killed': b'#!/bin/sh\ncat >/dev/null\nkill -SEGV $$\n',
}


def beside(build, scratch, script):
    """A weft of its own, with that beside it."""
    weft, text = Path(scratch) / 'weft', Path(scratch) / 'script'
    # By a process that ends: one of ours that has just begun would still have them open to write.
    run_command(['cp', build.weft, weft])
    if script is not None:
        text.write_bytes(script)
        run_command(['install', '-m', '755', text, Path(scratch) / 'weft-where'])
    return weft


def helper(build, how):
    skip = missing(build, 'clang-19', 'clang++-19', 'wasm-ld-19')
    if skip:
        return skip
    module = program(*WAYS[1])
    with tempfile.TemporaryDirectory(prefix='weft-where-') as scratch:
        weft = beside(build, scratch, HELPERS[how])
        done = run_module(weft, module)
        inspected = run_command([weft, 'addr2line', '-', '0x60'], stdin=module, timeout=LONG) if how == 'missing' else None
    sound = FRAME.findall(run_module(build.weft, module).stderr)
    good = done.status == 134 and FRAME.findall(done.stderr) == sound and not sanitizer_report(done) and b'\x1b' not in done.stderr
    outcome = Outcome.of(good, f'{sound}\n{done.describe()}')
    says = {'missing': b'libdw-dev', 'library': b'libdw1'}.get(how)
    if says and says not in done.stderr:
        outcome.fail('it does not say what is missing: ' + done.describe())
    if inspected and (inspected.status != 1 or b'0x60 report' not in inspected.stdout or b'libdw-dev' not in inspected.stderr):
        outcome.fail(inspected.describe())
    return outcome


# Each is long to read, or has no end; and what a name before and one behind it are then.
def digits(n, base):
    text = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ' if base == 62 else '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'
    return (digits(n // base, base) if n >= base else '') + text[n % base]


def doubling(depth):
    """Types of which each is a pair of the one before, twice."""
    return '_Z1fI1AIiiE' + ''.join(f'S0_IS{digits(n, 36)}_S{digits(n, 36)}_E' for n in range(1, depth)) + 'Evv'


def doubling_rust(depth):
    text, before = 'INvC1a1fTuuE', len('INvC1a1f')
    for _ in range(depth):
        back = f'B{digits(before - 1, 62)}_'
        before, text = len(text), text + f'T{back}{back}E'
    return '_R' + text + 'E'


BOMBS = {
    'expands-little': doubling(4), 'expands': doubling(30), 'expands-more': doubling(200), 'rust-expands-little': doubling_rust(4), 'rust-expands': doubling_rust(30), 'rust-expands-more': doubling_rust(300),
    'deep': '_Z1f' + 'P' * 60000 + 'i', 'deeper': '_Z1f' + 'PFv' * 15000 + 'vE' * 15000,
    'long': '_Z' + '40000' + 'a' * 40000 + 'v', 'longest': '_ZN' + '1a' * 500000 + 'E', 'rust-deep': '_R' + 'NvC1a' * 10000 + '1f',
    'rust-loop': '_RIB_E', 'rust-self': '_RNvB_1f', 'rust-const': '_RIC1aKh' + 'f' * 30000 + '_E', 'rust-tuple': '_RIC1a' + 'T' * 30000 + 'E',
    'control': '_Z5\x1b[31mv',
}


def names(build):
    skip = missing(build)
    if skip:
        return skip
    outcome = Outcome()
    for bomb, text in BOMBS.items():
        functions = ['_RNvC1a5first', text, '_RNvC1a4last']
        body = leb(len(functions)) + b''.join(leb(i) + leb(len(f)) + f.encode() for i, f in enumerate(functions))
        names_section = b'\x04name\x01' + leb(len(body)) + body
        code = b'\x03' + b'\3\0\0\x0b' + b'\4\0\x10\0\x0b' + b'\4\0\x10\1\x0b'
        module = (b'\0asm\1\0\0\0\1\4\1\x60\0\0\3\4\3\0\0\0\7\x0b\1\7measure\0\2' + b'\x0a' + leb(len(code)) + code +
                  b'\0' + leb(len(names_section)) + names_section)
        with tempfile.TemporaryDirectory(prefix='weft-where-') as scratch:
            (Path(scratch) / 'a.wasm').write_bytes(module)
            start = time.monotonic()
            done = run_command([build.weft, 'run', '--invoke', 'measure', 'a.wasm'], cwd=scratch, timeout=LONG)
            took = time.monotonic() - start
        good = done.status == 134 and len(FRAME.findall(done.stderr)) == 3 and b'a::first' in done.stderr and b'\x1b' not in done.stderr
        good = good and len(done.stderr) < 10000 and not sanitizer_report(done)
        outcome.passed += good
        if not good:
            outcome.fail(f'{bomb}, {took:.1f} s: {done.describe()}')
    return outcome


# ---- Who reads it ---------------------------------------------------------------------------------

def alone(build):
    """Where there is nothing to ask, nobody is asked."""
    with tempfile.TemporaryDirectory(prefix='weft-where-') as scratch:
        weft = beside(build, scratch, f'#!/bin/sh\ntouch {scratch}/started\n'.encode())
        (Path(scratch) / 'a.wat').write_text('(module (func $f unreachable) (func (export "measure") (call $f)))')
        done = run_command([weft, 'run', '--invoke', 'measure', 'a.wat'], cwd=scratch)
        also = run_command([weft, 'inspect', 'a.wat'], cwd=scratch)
        started = (Path(scratch) / 'started').exists()
    return Outcome.of(done.status == 134 and also.status == 0 and not started, done.describe())


def confined(build):
    """While it waits for the rest of a question: descriptors, limits, and the filter of calls."""
    skip = missing(build)
    if skip:
        return skip
    question = b'n' + struct.pack('<I', 12) + b'_RNvC1a4last'
    with open(os.devnull) as other:
        p = subprocess.Popen([build.weft.parent / 'weft-where', '5'], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                             pass_fds=[other.fileno()], stderr=subprocess.DEVNULL)
        p.stdin.write(struct.pack('<QQ', 1, len(question)))
        p.stdin.flush()
        proc, wrong = Path(f'/proc/{p.pid}'), 'it did not confine itself'
        for _ in range(LONG * 10):
            status = (proc / 'status').read_text()
            if 'Seccomp:\t2' in status or not os.uname().machine in ('x86_64', 'aarch64'):
                wrong = ''
                break
            time.sleep(0.1)
        limits = (proc / 'limits').read_text()
        files = sorted(int(f.name) for f in (proc / 'fd').iterdir())
        out, _ = p.communicate(question)
    if files != [0, 1]:
        wrong += f'; it has descriptors {files}'
    for limit in ('Max cpu time +5 +5', 'Max open files +2 +2', r'Max address space +\d+ +\d+', 'Max file size +0 +0', 'Max core file size +0 +0'):
        if not re.search(limit, limits):
            wrong += f'; no limit {limit}'
    if out != struct.pack('<I', 7) + b'a::last':
        wrong += f'; it answers {out}'
    return Outcome.of(not wrong, wrong)
