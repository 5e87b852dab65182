"""components.py -- components that others made, the official scripts, and damaged ones.

Those of `../shared/conformance/components` are valid, modules and components alike, and components are shown as text and as JSON. Of the official scripts every
command is right, or skipped by a reason, and none is lost; those about values, resources and linking run in each tier. What is left when a component is cut, or a byte of it is another, is
valid or refused at a place that is in the file, and nothing else (hazard R40).
"""
import json, random, re, tempfile
from pathlib import Path

import bordering
from outcome import Outcome, Test, run_command, sanitizer_report
from wit import due

# What the scripts have needs these, which are off unless they are asked for.
FEATURES = '--features=' + ','.join('+cm-' + name for name in (
    'fixed-length-lists', 'more-async', 'threading', 'error-context', 'async-stackful', 'memory64', 'canonical-names'))
ROUND_SAME = 659     # of them that come back byte for byte, or more
ARE_RIGHT = 1238     # commands of the scripts, or more: those that need tasks are skipped
RUN = 527            # of these, about values, resources and linking
TASKS = [b'components: async', b'components: imports that nothing gives']  # why commands are skipped
# Between an instance and one inside it calls go both ways (CanonicalABI/may_enter_from); the file has "for now" that they do not.
CALLS_OF_PARENTS = ('component-model/async/trap-on-reenter.wast', [b'86:1: assert_trap: it returned', b'110:1: assert_trap: it returned'])
DAMAGED = 40
GRAPHS = 10          # of components that call each other
HEADER = b'\0asm\x0d\0\1\0'


# An instance that calls itself by way of its own function, without end.
CALLS_ITSELF = '''(component
  (core module $T (table (export "t") 1 funcref)
    (func (export "f") (param i32) (result i32) (call_indirect (param i32) (result i32) (local.get 0) (i32.const 0))))
  (core instance $t (instantiate $T))
  (func $f (param "n" u32) (result u32) (canon lift (core func $t "f")))
  (core func $g (canon lower (func $f)))
  (core module $M (import "" "t" (table 1 funcref)) (import "" "g" (func $g (param i32) (result i32)))
    (func $h (param i32) (result i32) (call $g (local.get 0))) (elem (i32.const 0) $h))
  (core instance (instantiate $M (with "" (instance (export "t" (table $t "t")) (export "g" (func $g))))))
  (export "f" (func $f)))'''


# A list whose lists are all the same: what is lifted of it is far more than the guest wrote.
LISTS = '''(component
  (component $A (import "take" (func $t (param "x" (list (list (list bool))))))
    (core module $L (memory (export "m") 1) (func (export "fill") (local i32)
      (loop (i32.store offset=4 (local.get 0) (i32.const 1000))
        (br_if 0 (i32.lt_u (local.tee 0 (i32.add (local.get 0) (i32.const 8))) (i32.const 8000))))))
    (core instance $l (instantiate $L))
    (core func $t (canon lower (func $t) (memory $l "m")))
    (core module $M (import "" "t" (func $t (param i32 i32))) (import "" "fill" (func $fill))
      (func (export "go") (call $fill) (call $t (i32.const 0) (i32.const 1000))))
    (core instance $m (instantiate $M (with "" (instance (export "t" (func $t)) (export "fill" (func $l "fill"))))))
    (func (export "go") (canon lift (core func $m "go"))))
  (component $B
    (core module $M (memory (export "m") 1) (func (export "r") (param i32 i32 i32 i32) (result i32) (i32.const 0))
      (func (export "take") (param i32 i32)))
    (core instance $i (instantiate $M))
    (func (export "take") (param "x" (list (list (list bool)))) (canon lift (core func $i "take") (memory $i "m") (realloc (func $i "r")))))
  (instance $b (instantiate $B))
  (instance $a (instantiate $A (with "take" (func $b "take"))))
  (export "go" (func $a "go")))'''


def tests(options):
    for build in options.builds:
        fast = build.name == 'release'
        if not options.conformance:
            yield Test(f'components{build.suffix}', lambda: Outcome.skip('the conformance suites are not here (WEFT_CONFORMANCE)'))
            return
        folder = options.conformance / 'components'
        yield Test(f'components/made{build.suffix}', lambda build=build: made(build, folder), fast=fast)
        yield Test(f'components/script{build.suffix}', lambda build=build: script(build, options.conformance), fast=fast)
        yield Test(f'components/tiers{build.suffix}', lambda build=build: tiers(build, options.conformance), fast=fast)
        yield Test(f'components/adapters{build.suffix}', lambda build=build: adapters(build, options.conformance), fast=fast)
        yield Test(f'components/graphs{build.suffix}', lambda build=build: graphs(build, GRAPHS), fast=fast)
        yield Test(f'components/invoke{build.suffix}', lambda build=build: invoked(build), fast=fast)
        yield Test(f'components/round{build.suffix}', lambda build=build: round_trips(build, options.conformance), fast=fast, full=not due(build, 0))
        yield Test(f'components/printed{build.suffix}', lambda build=build: printed(build, options.conformance), fast=fast, full=not due(build, 1))
        yield Test(f'components/damaged{build.suffix}', lambda build=build: damaged(build, folder))


def note(outcome, holds, done):
    if holds and not sanitizer_report(done):
        outcome.passed += 1
    else:
        outcome.fail(done.describe())


def made(build, folder):
    outcome = Outcome()
    for path in sorted(folder.glob('*.wasm')):
        done = run_command([build.weft, 'validate', path])
        note(outcome, done.status == 0 and not done.stdout and not done.stderr, done)
        if path.read_bytes()[:8] != HEADER:
            continue
        done = run_command([build.weft, 'inspect', path])
        note(outcome, done.status == 0 and b': a component\n' in done.stdout, done)
        done = run_command([build.weft, 'inspect', '--json', path])
        shown = json.loads(done.stdout)
        note(outcome, shown['valid'] and shown['kind'] == 'component' and shown['size'] == path.stat().st_size and
             sum(s['section'] == 'core module' for s in shown['sections']) == shown['modules'], done)
    shown = run_command([build.weft, 'inspect', folder / 'quickjs-async.wasm'])
    for line in (b'  export  greet: func(n: string) -> string\n', b'  export  add: async func(a: u32, b: u32) -> u32\n'):
        note(outcome, line in shown.stdout, shown)
    return outcome


def script(build, conformance):
    outcome = Outcome()
    counts = [line.split('\t') for line in (conformance / 'wast-counts.tsv').read_text().splitlines() if line.startswith('component-model/')]
    held = sum(int(count.rsplit('=', 1)[1]) for _, kinds in counts for count in kinds.split())
    done = run_command([build.weft, 'wast', '-k', FEATURES, *(conformance / name for name, _ in counts)])
    told = re.search(rb'^(\d+) passed, (\d+) failed, (\d+) skipped\n\Z', done.stdout, re.M)
    passed, failed, skipped = map(int, told.groups()) if told else (0, held, 0)
    name, known = CALLS_OF_PARENTS
    wrong = re.findall(rb'^\S+?/(component-model/\S+?\.wast):(\d+:\d+: .*)$', done.stdout + done.stderr, re.M)
    note(outcome, wrong == [(name.encode(), line) for line in known] and passed + failed + skipped == held and passed >= ARE_RIGHT, done)
    reasons = re.findall(rb'^skipped (\d+): (.*)$', done.stdout, re.M)
    note(outcome, sum(int(count) for count, _ in reasons) == skipped and all(reason in TASKS for _, reason in reasons), done)
    return outcome


def tiers(build, conformance):
    outcome = Outcome()
    scripts = [path for folder in ('values', 'resources', 'linking') for path in sorted((conformance / 'component-model' / folder).glob('*.wast'))]
    for options in ['--tier=interp'], ['--tier=baseline'], ['--tier=opt'], ['--tier=opt', '--hot=1'], ['--gc-stress'], ['--stop-every=1'], ['--adapters=plain']:
        done = run_command([build.weft, 'wast', '-k', *options, FEATURES, *scripts])
        told = re.search(rb'^(\d+) passed, 0 failed, 2 skipped\n\Z', done.stdout, re.M)
        note(outcome, done.status == 0 and told and int(told[1]) >= RUN, done)
    return outcome


def adapters(build, conformance):
    """Calls between components by adapters and by the plain route: the same verdicts, and the same words of traps."""
    outcome = Outcome()
    scripts = [path for path in sorted((conformance / 'wasmtime/misc_testsuite/component-model').rglob('*.wast'))
               if 'async' not in path.parts and path.name != 'big-strings.wast']
    scripts += [path for folder in ('values', 'resources', 'linking') for path in sorted((conformance / 'component-model' / folder).glob('*.wast'))]
    own = sorted((Path(__file__).resolve().parent / 'border').glob('*.wast'))
    for options in ['--adapters=plain'], ['--tier=interp'], ['--tier=baseline'], ['--tier=opt'], ['--gc-stress', '--stop-every=1']:
        done = run_command([build.weft, 'wast', '-k', *options, *own])
        note(outcome, own and done.status == 0 and b' passed, 0 failed\n' in done.stdout, done)
    plain = run_command([build.weft, 'wast', '-k', '-v', '--adapters=plain', FEATURES, *scripts])
    note(outcome, len(scripts) > 40 and b' passed, ' in plain.stdout, plain)
    for options in ['--tier=interp'], ['--tier=baseline'], ['--tier=opt']:
        done = run_command([build.weft, 'wast', '-k', '-v', '--adapters=fused', *options, FEATURES, *scripts])
        note(outcome, (done.stdout, done.stderr, done.status) == (plain.stdout, plain.stderr, plain.status), done)
    return outcome


def graphs(build, count, first=1):
    """Random components that call each other: what comes of it is the same by adapters, or the trap."""
    outcome = Outcome()
    with tempfile.TemporaryDirectory(prefix='weft-components-') as scratch:
        path, statuses = Path(scratch, 'graph.wat'), set()
        for seed in range(first, first + count):
            rng = random.Random(seed)
            text, funcs = bordering.whole(rng)
            path.write_text(text)
            for k in range(funcs):
                call = f'go{k}({rng.choice((5, 7, 23, 311, 4095))})'
                plain, done = (run_command([build.weft, 'run', f'--adapters={how}', '--invoke', call, path]) for how in ('plain', 'fused'))
                statuses.add(plain.status)
                what, wanted = ((d.status, d.stdout, d.stderr.split(b'\n')[0]) for d in (done, plain))
                note(outcome, what == wanted and plain.status in (0, 134), done)
        note(outcome, statuses == {0, 134}, done)
    return outcome


def invoked(build):
    """Exports are called with values in WAVE; what is wrong with a call is told, and where."""
    outcome = Outcome()
    hello = Path(__file__).resolve().parent.parent / 'examples/embed/hello.wat'
    greeter = 'demo:hello/greeter'
    for call, status, said in (
            (f'{greeter}.hello("w\\"\u00f6")', 0, '"hello, w\\"\u00f6"\n'), (f'{greeter}.hello@1.0.0("x")', 0, '"hello, x"\n'),
            (f'{greeter}.add((1, 2), some((10, 20)))', 0, '(11, 22)\n'), (f'{greeter}.add((-1, 2))', 0, '(0, 3)\n'), ('calls', 0, '0\n'), ('calls()', 0, '0\n'),
            (f'{greeter}.fail()', 134, 'trap: unreachable'), (f'{greeter}.hello@2.0.0("x")', 1, 'no exported function'), ('nix()', 1, f'it exports:\n  {greeter}.hello@1.0.0\n'), ('nix()', 1, '\n  calls\n'),
            (f'{greeter}.add("\x1b[31m")', 2, '""?[31m"" where tuple<s32, s32> is wanted\n'), (f'{greeter}.hello(1)', 2, f'{greeter}.hello(1)\n' + ' ' * 25 + '^\n'), ('calls(', 2, 'calls('), ('', 2, 'the name of a function')):
        done = run_command([build.weft, 'run', '--invoke', call, hello])
        note(outcome, done.status == status and said.encode() in (done.stderr if status else done.stdout), done)
    done = run_command([build.weft, 'run', hello])
    note(outcome, done.status == 1 and b'no command of WASI 0.2; --invoke' in done.stderr, done)
    done = run_command([build.weft, 'run', '--fuel=10', '--invoke', f'{greeter}.hello("x")', hello])
    note(outcome, done.status == 134 and b'out of fuel' in done.stderr, done)
    done = run_command([build.weft, 'run', '--invoke', 'calls', '--tier=spec', hello])
    note(outcome, done.status == 2 and b'runs no components' in done.stderr, done)
    with tempfile.TemporaryDirectory(prefix='weft-components-') as scratch:
        for option in ['--snapshot-at=30', '-o', f'{scratch}/out'], [f'--preload=a={hello}']:
            done = run_command([build.weft, 'run', *option, '--invoke', 'calls', hello])
            note(outcome, done.status == 2 and b' is for modules' in done.stderr and not any(Path(scratch).iterdir()), done)
        path = Path(scratch, 'imports.wat')
        path.write_text('(component (import "f" (func $f)) (core func $g (canon lower (func $f))) (func (export "g") (canon lift (core func $g))))')
        done = run_command([build.weft, 'run', '--invoke', 'g', path])
        note(outcome, done.status == 1 and b'unknown import: func "f"' in done.stderr, done)
        done = run_command([build.weft, 'run', '--stub-imports', '--invoke', 'g', path])
        note(outcome, done.status == 134 and b'nothing defines the import' in done.stderr, done)
        # Each makes two of the one before: 2^31 in all.
        path.write_text('(component (component $c0)' + ''.join(
            f'(component $c{i} (alias outer 1 $c{i - 1} (component $c)) (instance (instantiate $c)) (instance (instantiate $c)))' for i in range(1, 31)) + '(instance (instantiate $c30)))')
        done = run_command([build.weft, 'run', '--invoke', 'g', path])
        note(outcome, done.status == 1 and b'more than 1,000,000 steps' in done.stderr, done)
        # what is of tasks, and not there yet, is refused where it would pass
        path.write_text('''(component (core module $M (func (export "f") (result i32) (i32.const 1))) (core instance $m (instantiate $M))
            (func (export "e") (result error-context) (canon lift (core func $m "f")))
            (func (export "s") (result (stream u8)) (canon lift (core func $m "f")))
            (func (export "f") (result (future)) (canon lift (core func $m "f"))))''')
        for name in 'e', 's', 'f':
            done = run_command([build.weft, 'run', '--features=+cm-error-context', '--invoke', name, path])
            note(outcome, done.status == 134 and b'trap: this is not run yet' in done.stderr, done)
        path.write_text(LISTS)  # fuel pays for it before there is no memory for it
        done = run_command([build.weft, 'run', '--fuel=1000000', '--invoke', 'go', path])
        note(outcome, done.status == 134 and b'out of fuel' in done.stderr, done)
        path.write_text(CALLS_ITSELF)
        done = run_command([build.weft, 'run', '--invoke', 'f(1)', path])
        note(outcome, done.status == 134 and b'call stack exhausted' in done.stderr, done)
    return outcome


def round_trips(build, conformance):
    """Each component goes to text and back, to the same bytes or to others of the same text; those of other suites do so in printing.py."""
    outcome = Outcome()
    scripts = sorted((conformance / 'component-model').rglob('*.wast'))
    done = run_command([build.weft, 'wast', '-k', '--round-trip', FEATURES, *scripts])
    told = re.search(rb'^round trips: (\d+) the same bytes, (\d+) the same text\n(\d+) passed, (\d+) failed', done.stdout, re.M)
    same, text, passed, failed = map(int, told.groups()) if told else (0, 0, 0, 1)
    note(outcome, done.status == 0 and not failed and same >= ROUND_SAME and passed == same + text, done)
    for path in sorted((conformance / 'components').glob('*.wasm')):
        note(outcome, run_command([build.weft, 'print', '--check', path]).status == 0, done)
    return outcome


def printed(build, conformance):
    """What wasm-tools printed of components is text here too, and what it gives comes back byte for byte."""
    outcome = Outcome()
    with tempfile.TemporaryDirectory(prefix='weft-components-') as scratch:
        path = Path(scratch, 'out.wasm')
        for text in sorted((conformance / 'wasm-tools/wit-component/components').glob('*/component.wat')):
            done = run_command([build.weft, 'parse', '-q', FEATURES, text, '-o', path])
            note(outcome, done.status == 0, done)
            done = run_command([build.weft, 'validate', FEATURES, path])
            note(outcome, done.status == 0, done)
            done = run_command([build.weft, 'print', '--check', FEATURES, path])
            note(outcome, done.stdout.endswith(b': comes back byte for byte\n'), done)
    return outcome


def damaged(build, folder):
    outcome, rng = Outcome(), random.Random(1)
    whole = (folder / 'quickjs-async.wasm').read_bytes()
    with tempfile.TemporaryDirectory(prefix='weft-components-') as scratch:
        path = Path(scratch, 'in.wasm')
        for i in range(DAMAGED):
            data = bytearray(whole)
            if i % 4 == 0:
                del data[rng.randrange(9, len(data)):]
            else:  # around the modules, which are most of it
                data[rng.randrange(8, 6800) if i % 4 == 1 else -rng.randrange(1, 2700)] = rng.randrange(256)
            path.write_bytes(data)
            done = run_command([build.weft, 'validate', path])
            where = int(done.stderr.split(b':')[1], 16) if done.status else 0
            note(outcome, done.status in (0, 1) and where <= len(data) and bool(done.status) == bool(done.stderr), done)
    return outcome
