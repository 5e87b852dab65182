"""opt.py -- `weft opt`: what comes out does the same, is valid, and is never larger. What each pass does is in opt/*.wat.

    opt/levels      of the modules of the conformance suites, at each level: valid if they were, never larger, the same twice, and
                    the same when it is run (--verify); those that are not valid are refused, and no file appears
    opt/options     what the options mean, and what is refused
    opt/sections    what says by place where something is goes, and is named; where nothing moves it stays
    opt/hints       what is said of code goes with it, and that is said
    opt/order       what is named often gets a short number
    opt/against     modules that do not do the same are told apart
    opt/graphs      `weft inspect --graph` of functions of these modules: text, a picture that is XML, the same twice
    opt/damaged     damaged modules: a verdict, and as `weft validate` has it
    opt/fires       each pass does what opt/PASS.wat shows, and nothing in opt/PASS-not.wat
    opt/docs        docs/opt.md shows what each pass does to a module today
    opt/own-O3      our own scripts likewise, and what once went wrong
    opt/suites-O0   official scripts run with their modules opted, at this level, as they do without
    opt/spec        scripts of the official suite with their modules opted, in the interpreter of wabt
"""
import json, random, shutil, sys, tempfile
from pathlib import Path
from xml.etree import ElementTree

from outcome import INTERPRETED, Outcome, Test, in_share, leb, run_command, sanitizer_report

MAGIC = b'\0asm\1\0\0\0'
OPT = Path(__file__).resolve().parent / 'opt'
SUITE_LEVELS = ['-O0', '-O2', '-O4', '-Oz']
LEVELS = ['-O0', '-O1', '-O2', '-O3', '-O4', '-Os', '-Oz']
MODULES = {'release': 8, 'asan': 40}       # one of so many
GRAPHS = {'release': 60, 'asan': 240}      # likewise
DAMAGED = {'release': 150, 'asan': 25}


def tests(options, as_ever, tally):
    """as_ever(COMMAND, OTHER, SUITES): all official scripts give with the other command what they give with the first."""
    here = OPT.parent
    own = sorted(p for names in ('regress/*', 'gc/*', 'conts/*') for p in here.glob(f'{names}.wast'))
    for build in options.builds:
        fast = build.name == 'release'
        for test in options_are, sections, hints, order, against, fires, *([docs] if fast else []):
            yield Test(f'opt/{test.__name__.removesuffix("_are")}{build.suffix}', lambda build=build, test=test: test(build), fast=fast)
        yield Test(f'opt/own-O3{build.suffix}', lambda build=build: tally(run_command(
            [build.weft, 'wast', '-k', '--features=all', '-O3', *own], timeout=120)), fast=fast)
        if options.conformance:
            yield Test(f'opt/levels{build.suffix}', lambda build=build: levels(build, options.conformance))
            yield Test(f'opt/graphs{build.suffix}', lambda build=build: graphs(build, options.conformance))
            yield Test(f'opt/damaged{build.suffix}', lambda build=build: damaged(build, options.conformance))
            for level in SUITE_LEVELS if fast else ():
                words = [build.weft, 'wast', '-k', *INTERPRETED]
                yield Test(f'opt/suites{level}', lambda words=words, level=level: as_ever(words, [*words, level], options.conformance))
            if fast:
                yield Test('opt/spec', lambda build=build: spec(build, options.conformance), full=True)


def modules(conformance, most):
    found = [p for p in sorted(conformance.rglob('*.wasm')) if p.stat().st_size < most]
    return [p for p in found if p.read_bytes()[4:8] == MAGIC[4:]]


def opt(build, *words, **how):
    return run_command([build.weft, 'opt', '--features=all', *words], **how)


def levels(build, conformance):
    outcome, tried = Outcome(), 0
    for n, path in enumerate(modules(conformance, 200000)):
        if not in_share(n, MODULES.get(build.name, 40)):
            continue
        level = LEVELS[n // 8 % len(LEVELS)]
        valid = run_command([build.weft, 'validate', '--features=all', path]).status == 0
        with tempfile.TemporaryDirectory(prefix='weft-opt-') as scratch:
            out, again = Path(scratch, 'out.wasm'), Path(scratch, 'again.wasm')
            done = opt(build, level, '--verify', path, '-o', out)
            if not valid:
                good = done.status == 1 and done.stderr and not out.exists() and not sanitizer_report(done)
            else:
                tried += 1
                second = opt(build, level, path, '-o', again)
                good = (done.status == second.status == 0 and out.read_bytes() == again.read_bytes() and
                        out.stat().st_size <= path.stat().st_size and
                        run_command([build.weft, 'validate', '--features=all', out]).status == 0)
        outcome.passed += bool(good)
        if not good: outcome.fail(done.describe())
    if tried < 3:
        outcome.fail(f'only {tried} modules')
    return outcome


def graphs(build, conformance):
    outcome = Outcome()
    for n, path in enumerate(modules(conformance, 50000)):
        if not in_share(n, GRAPHS.get(build.name, 240)) or run_command([build.weft, 'validate', '--features=all', path]).status:
            continue
        for func, how in (0, []), (1, ['-O1']), (2, ['--tier=opt']), (3, ['-Oz']):
            show = lambda *more: run_command([build.weft, 'inspect', '--features=all', '--graph', func, *how, *more, path])
            text, again, picture = show(), show(), show('--svg', '-')
            if b'is imported' in text.stderr or b'there is no function' in text.stderr:
                continue
            try:
                good = ElementTree.fromstring(picture.stdout).tag.endswith('svg')
            except ElementTree.ParseError:
                good = False
            good = good and text.status == picture.status == 0 and b'func' in text.stdout and text.stdout == again.stdout
            outcome.passed += good
            if not good: outcome.fail(text.describe() + picture.describe())
    if not outcome.passed:
        outcome.fail('no function')
    return outcome


TEXT = '(module (func $f (export "f") (result i32) i32.const 7) (func $unused unreachable))'


def options_are(build):
    outcome = Outcome()
    with tempfile.TemporaryDirectory(prefix='weft-opt-') as scratch:
        put = lambda name, data: Path(scratch, name).write_bytes(data if isinstance(data, bytes) else data.encode())
        put('m.wat', TEXT)
        put('bad.wat', '(module (func (result i32)))')
        put('cut.wasm', MAGIC + b'\1\5')
        put('gc.wat', '(module (type (struct)))')
        put('other.wat', TEXT.replace('7', '8'))
        strange = {'tag': '(module (tag (export "f")))', 'name': TEXT.replace('"f"', '"g"'), 'type': TEXT.replace('i32', 'i64'),
                   'more': f'{TEXT[:-1]} (export "g" (func $f)))', 'null': '(module (func (export "f") (param (ref null func))))',
                   'never': '(module (func (export "f") (param (ref func))))'}
        for name, text in strange.items(): put(f'{name}.wat', text)
        kept = {p.name for p in Path(scratch).iterdir()}

        def check(words, status, said=b'', made=None, stdin=b''):
            done = run_command([build.weft, 'opt', *words], cwd=scratch, stdin=stdin)
            files = {p.name for p in Path(scratch).iterdir()} - kept
            good = done.status == status and said in done.stderr and bool(done.stderr) >= bool(said) and files == set(made or ())
            outcome.passed += good
            if not good: outcome.fail(f'{done.describe()}{files}')
            for name in files: Path(scratch, name).unlink()
            return done

        for words in [[level] for level in LEVELS + ['-O', '-g', '--no-names', '--only=dead,unused', '--trace']] + [['--only', 'merge'], []]:
            check([*words, 'm.wat'], 0, made=['m.opt.wasm'])
            check([*words, 'm.wat', '-o', 'x'], 0, made=['x'])
        check(['--verify', 'm.wat'], 0, b'the same in 12 calls of 1 functions', ['m.opt.wasm'])
        check(['--verify', '--seed', '5', 'm.wat'], 0, b'the same', ['m.opt.wasm'])
        check(['--trace', 'm.wat'], 0, b'unused', ['m.opt.wasm'])
        check(['m.wat', '--against', 'm.wat'], 0, b'the same in 12 calls')
        check(['m.wat', '--against=other.wat'], 1, b'not the same: "f"')
        for first, second in [('m', name) for name in ('tag', 'name', 'type')] + [('null', 'never'), ('never', 'null')]:
            check([f'{first}.wat', f'--against={second}.wat'], 1, b'what is exported there')
        check(['m.wat', '--against=more.wat'], 1, b'not the same: exports')
        check(['m.wat', '--against=bad.wat'], 1, b'bad.wat')
        check(['m.wat', '--against=none.wat'], 1, b'none.wat')
        piped = check(['-', '-o', '-'], 0, stdin=TEXT.encode()).stdout
        whole = check(['-O0', '-'], 0, stdin=TEXT.encode()).stdout
        names = check(['--no-names', '-'], 0, stdin=TEXT.encode()).stdout
        listed = check(['--passes'], 0).stdout
        outcome.passed += (good := piped[:8] == MAGIC and len(names) < len(piped) < len(whole) and b'unused' not in piped and
                           b'unused' in whole and listed.count(b'\n') > 10)
        if not good: outcome.fail(f'{piped} {whole} {names} {listed}')
        for words, status, said in [
                ([], 2, b'FILE'), (['m.wat', 'n.wat'], 2, b'second'), (['-O5', 'm.wat'], 2, b'no option'), (['m.wat', '-o'], 2, b'missing'),
                (['--only', 'nothing', 'm.wat'], 2, b'"nothing"'), (['--only=', 'm.wat'], 2, b'--only'), (['--only=dead,', 'm.wat'], 0, b''),
                (['--seed', 'x', 'm.wat'], 2, b'--seed'), (['m.wat', '--against'], 2, b'missing'), (['--features=+none', 'm.wat'], 2, b'none'),
                (['bad.wat'], 1, b'type mismatch'), (['cut.wasm'], 1, b'out of bounds'), (['none.wat'], 1, b'none.wat'),
                (['--features=-gc', 'gc.wat'], 1, b'gc'), (['m.wat', '-o', 'no/such'], 1, b'no/such')]:
            check(words, status, said, ['m.opt.wasm'] if status == 0 else [])
    return outcome


def custom(name, content=b'0123456789'):
    body = leb(len(name)) + name.encode() + content
    return b'\0' + leb(len(body)) + body


def module(front, back, padded=False, unused=False):
    size = b'\x86\x80\0' if padded else b'\6'
    count = 2 if unused else 1
    body = b'\4\0\x20\0\x0b'
    return (MAGIC + b'\1' + size + b'\1\x60\1\x7f\1\x7f' + b'\3' + leb(1 + count) + leb(count) + bytes(count) + b'\7\5\1\1f\0\0' +
            b''.join(map(custom, front)) + b'\x0a' + leb(1 + 5 * count) + leb(count) + body * count + b''.join(map(custom, back)))


def sections(build):
    outcome = Outcome()
    placed = ['.debug_line', 'sourceMappingURL', 'external_debug_info', 'reloc.CODE', 'linking', 'metadata.code.call_targets']
    kept = ['producers', 'target_features', 'keep.me']
    for how in {}, {'padded': True}, {'unused': True}:
        front, back = ['metadata.code.call_targets'], placed[:-1] + kept
        data = module(front, back, **how)
        with tempfile.TemporaryDirectory(prefix='weft-opt-') as scratch:
            path, out = Path(scratch, 'in.wasm'), Path(scratch, 'out.wasm')
            path.write_bytes(data)
            done = opt(build, path, '-o', out)
            want = data if not how else module([], kept)
            named = all(f'"{name}"'.encode() in done.stderr for name in placed)
            good = done.status == 0 and out.read_bytes() == want and named == bool(how) == bool(done.stderr)
            outcome.passed += good
            if not good: outcome.fail(f'{done.describe()}{out.read_bytes()}\n{want}')
    return outcome


HINTED = '(module (func %s (param i32) local.get 0 (@metadata.code.branch_hint "\\01") if nop unreachable end))'


def hints(build):
    """Where hints go with code that goes, a note says so; where all stay there is none."""
    outcome = Outcome()
    with tempfile.TemporaryDirectory(prefix='weft-opt-') as scratch:
        path = Path(scratch, 'in.wat')
        for export, said in ('', True), ('(export "f")', False):
            path.write_text(HINTED % export)
            done = opt(build, '--only=dead,unused', path, '-o', '-')
            good = done.status == 0 and (b'note:' in done.stderr) == said == (b'branch_hint' not in done.stdout)
            outcome.passed += good
            if not good: outcome.fail(f'{done.describe()}')
    return outcome


def docs(build):
    return Outcome.of_command([sys.executable, 'tools/passes.py', '--check', build.weft], cwd=OPT.parent.parent)


def fires(build):
    outcome, listed = Outcome(), run_command([build.weft, 'opt', '--passes']).stdout.decode()
    for name in (line.split()[0] for line in listed.splitlines()):
        for path, fires in (OPT / f'{name}.wat', True), (OPT / f'{name}-not.wat', False):
            if fires and name == 'order': continue      # what it is about is large: below
            done = opt(build, '--only', name, '--trace', path, '-o', '-')
            outcome.passed += (good := done.status == 0 and done.stderr.startswith(name.encode()) == fires == bool(done.stderr))
            if not good: outcome.fail(f'{name} fires: {not fires}\n{done.describe()}')
    return outcome


def order(build):
    """200 functions, types and globals, of which the last is named most."""
    outcome = Outcome()
    many = 200
    types = ' '.join(f'(type $t{n} (func (param {"i32 " * (n % 14)}{"f64 " * (n // 14)})))' for n in range(many))
    funcs = ' '.join(f'(func $f{n} (export "{n}") (type $t{n}) global.get $g{n} drop i64.const {n} drop)' for n in range(many))
    globals_ = ' '.join(f'(global $g{n} (export "g{n}") (mut i32) (i32.const {n}))' for n in range(many))
    last = many - 14
    body = f'(func $often (export "often") {f"call $f{last} global.get $g{last} drop block (type $t{last}) end " * 300})'
    text = f'(module {types} {globals_} {funcs} {body})'
    with tempfile.TemporaryDirectory(prefix='weft-opt-') as scratch:
        path, out = Path(scratch, 'in.wat'), Path(scratch, 'out.wasm')
        path.write_text(text.replace(f'(type $t{last} (func (param {"i32 " * (last % 14)}{"f64 " * (last // 14)})))', f'(type $t{last} (func))'))
        plain = opt(build, '-O0', path, '-o', '-').stdout
        done = opt(build, '--only=order', '--verify', path, '-o', out)
        small = out.read_bytes() if done.status == 0 else plain
        text = run_command([build.weft, 'print', out]).stdout
        good = len(plain) - len(small) > 800 and f'$f{last} (;0;)'.encode() in text and f'$g{last} (;0;)'.encode() in text
        good = good and f'(type $t{last} (;0;)'.encode() in text and b'call $f0\n' not in text
        outcome.passed += bool(good)
        if not good: outcome.fail(f'{done.describe()}{len(plain)} {len(small)}\n' + text[:3000].decode())
        outcome.passed += (same := opt(build, '--only=order', out, '-o', '-').stdout == small)
        if not same: outcome.fail('it is not as it was the second time')
    return outcome


BASE = '''(module (import "m" "f" (func $i (param i32) (result i32))) (import "m" "g" (global $h i64)) (memory (export "m") 1 1 shared)
    (global $g (export "g") (mut i32) (i32.const 0)) (table (export "t") 2 funcref)
    (func (export "f") (param i32) (result i32)
        (global.set $g (i32.const 1)) (i32.store (i32.const 8) (i32.const 2))
        (if (i32.eq (local.get 0) (i32.const -1)) (then (drop (i32.div_s (i32.const 1) (i32.const 0)))))
        (table.set (i32.const 0) (ref.func $r)) (drop (i64.add (global.get $h) (i64.const 1)))
        (call $i (i32.const 3)))
    (func $r (export "r")) (func (export "endless") (loop br 0)))'''


def against(build):
    """One change at a time that a host could see; and some that it could not."""
    outcome = Outcome()
    seen = [('const 1))', 'const 5))'), ('const 8)', 'const 4)'), ('(i32.const 2)', '(i32.const 6)'), ('(i32.const 3)', '(i32.const 4)'),
            ('(i32.const -1)', '(i32.const 99)'), ('(i32.const 1) (i32.const 0)', '(i32.const 1) (i32.const 1)'), ('table.set (i32.const 0)', 'table.set (i32.const 1)'),
            ('(func $r (export "r"))', '(func $r (export "r") unreachable)'), ('"m") 1 1', '"m") 2 2'), ('2 funcref', '3 funcref'),
            ('(mut i32) (i32.const 0)', '(mut i32) (i32.const 9)'), ('(call $i (i32.const 3))', '(drop (call $i (i32.const 3))) (call $i (i32.const 3))'),
            ('(export "r")', '(export "s") (export "r")')]
    unseen = [('(loop br 0)', '(loop (br_if 0 (memory.atomic.wait32 (i32.const 16) (i32.const 0) (i64.const -1))))'), ('(i64.const 1)', '(i64.const 2)'), ('(loop br 0)', '(loop nop br 0)'), ('(func $r', '(func $s (drop (i32.const 1))) (func $r')]
    with tempfile.TemporaryDirectory(prefix='weft-opt-') as scratch:
        path, other = Path(scratch, 'a.wat'), Path(scratch, 'b.wat')
        path.write_text(BASE)
        for differs, changes in (True, seen), (False, unseen):
            for was, now in changes:
                assert was in BASE, was
                other.write_text(BASE.replace(was, now, 1))
                done = opt(build, path, '--against', other)
                good = done.status == differs and (b'not the same' in done.stderr) == differs
                outcome.passed += good
                if not good: outcome.fail(f'{was} -> {now}\n' + done.describe())
    return outcome


def damaged(build, conformance):
    outcome, chance = Outcome(), random.Random(1)
    seeds = [p.read_bytes() for p in modules(conformance, 4000)]
    with tempfile.TemporaryDirectory(prefix='weft-opt-') as scratch:
        path, out = Path(scratch, 'in.wasm'), Path(scratch, 'out.wasm')
        for _ in range(DAMAGED.get(build.name, 25)):
            data = bytearray(chance.choice(seeds))
            for _ in range(chance.choice([1, 1, 2])):
                data[chance.randrange(8, len(data))] = chance.choice([0, 1, 2, 11, 16, 26, 32, 65, 127, 128, 255])
            path.write_bytes(data)
            done = opt(build, chance.choice(LEVELS), '--verify', path, '-o', out)
            valid = run_command([build.weft, 'validate', '--features=all', path]).status == 0
            good = done.status == (0 if valid else 1) and not sanitizer_report(done)
            outcome.passed += good
            if not good: outcome.fail(f'{done.describe()}{bytes(data)}')
    return outcome


def spec(build, conformance):
    """What passes there as it is passes still. That something that is not used need not be there is no failure."""
    if not shutil.which('spectest-interp'):
        return Outcome.skip('no spectest-interp')
    outcome = Outcome()
    for n, path in enumerate(sorted((conformance / 'spec/core').rglob('*.wast'))):
        with tempfile.TemporaryDirectory(prefix='weft-opt-') as scratch:
            script = Path(scratch, 's.json')
            if run_command([build.weft, 'wast', '--features=all', '--json', script, path]).status:
                continue
            interp = lambda: run_command(['spectest-interp', '--enable-all', script])
            before = interp()
            if before.status:
                continue        # it does not know all that there is
            for command in json.loads(script.read_text())['commands']:
                if command['type'] == 'module':
                    module_path = Path(scratch, command['filename'])
                    done = opt(build, LEVELS[n % len(LEVELS)], module_path, '-o', module_path)
                    if done.status: outcome.fail(done.describe())
            after = interp()
            outcome.passed += (good := after.status == 0 and after.stdout == before.stdout)
            if not good: outcome.fail(f'{path}\n' + after.describe())
    if outcome.passed < 100:
        outcome.fail(f'only {outcome.passed} scripts')
    return outcome
