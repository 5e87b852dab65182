"""hostile.py -- when memory fails, and when the input was made to do harm.

    fault/NAME      a row of tests/fault/scenarios.def: each allocation, each page and each call of the system on its way
                    fails, once and from then on; in make t and under the sanitizers of a row that is long, says the table,
                    a part of them, another for each share; and under the sanitizers one of two rows
    fault/complete  each function that src/ calls of libc is in tests/fault/calls.def, or cannot be refused
    fault/scripts   the same while official scripts run, a sample of them
    fuzz/TARGET     a target of fuzz/ over a sample of its seeds and all of tests/regress/fuzz/TARGET, then a
                    thousand more inputs that it makes up, the same ones every time; in make full a few thousand,
                    which follow what runs
    modes/...       the release build dispatches by tail calls, the one under the sanitizers by computed goto: both must
                    say the same of the examples (and see generated.py)
"""
import re, shutil, tempfile
from pathlib import Path

from outcome import in_share, Outcome, Test, run_command, sanitizer_report, share

ROOT = Path(__file__).resolve().parent.parent
SCRIPTS = 24      # of the core suite
FAULTS = 10       # of one scenario that is long in one way
SEEDS = 300
RUNS = 6000


def fault_rows():
    """The names, and what marks those that are long."""
    return re.findall(r'^(?:CASE|COMMAND|SCRIPT|GUEST|READER|KEEPER)\((\w+).*?(// long)?$', (ROOT / 'tests/fault/scenarios.def').read_text(), re.M)


def fault_tests(options, tally):
    yield Test('fault/complete', lambda: calls_complete(ROOT / 'build/release'), fast=True)
    for build in options.builds:
        program = ROOT / 'build' / build.name / 'tests/fault/fault'
        for n, (row, long) in enumerate(fault_rows()):
            sample = ['--most', FAULTS, '--share', share()] if long and not options.full and build.name != 'cover' else []
            yield Test(f'fault/{row}{build.suffix}', lambda program=program, sample=sample, row=row:
                       fault([program, *sample], [row], tally), fast=build.name == 'release',
                       full=not in_share(n, {'release': 4, 'asan': 8}.get(build.name, 1)))
        yield Test(f'fault/scripts{build.suffix}', lambda program=program: fault_scripts([program], options, tally),
                   full=build.name == 'asan' and not in_share(2, 4))


def calls_complete(folder):
    """What the release build calls is what an x86-64 Linux has; calls.def names others for other machines."""
    objects = [folder / 'libweft.a', *sorted((folder / 'src/cli').rglob('*.o'))]
    listed = run_command(['nm', *objects])
    if listed.status != 0:
        return Outcome.skip('no nm')
    defined, called = (set(re.findall(rb'(?m)^(?:[0-9a-f]+)? *%s (\w+)' % kind, listed.stdout)) for kind in (rb'[A-TV-Za-tv-z]', b'U'))
    rows = (ROOT / 'tests/fault/calls.def').read_text()
    known = re.findall(r'(?m)^(?:(?:CALL|AGAIN|PART|AFTER)\(\w+, [^,]+, |MAKES\(\w+, |FREES\(|HAND\()(\w+)', rows)
    for line in (ROOT / 'tests/fault/granted.txt').read_text().splitlines():
        known += [] if line.startswith('#') else line.split()
    unknown = sorted(name.decode() for name in called - defined if name.decode() not in known)
    return Outcome.of(bool(called) and not unknown, f'neither in calls.def nor in granted.txt: {unknown}')


def fault_scripts(command, options, tally, most=SCRIPTS):
    if not options.conformance:
        return Outcome.skip('the conformance suites are not here (WEFT_CONFORMANCE)')
    found = sorted((options.conformance / 'spec/core').glob('*.wast'))
    return fault(command, found[:: max(1, len(found) // most)], tally)


def fault(command, files, tally):
    return tally(run_command([*command, *files], cwd=ROOT, timeout=900))


def fuzz_targets():
    """Their names, and whether they are due."""
    return [(source.stem, in_share(n)) for n, source in enumerate(sorted((ROOT / 'fuzz').glob('*.c')))]


def fuzz_tests(options):
    if options.weft:
        return
    for name, due in fuzz_targets():
        yield Test(f'fuzz/{name}', lambda name=name: fuzz(name, options.full), slow=True, full=not due)


def fuzz_program(name, full=False):
    """In make test objects of the build under the sanitizers, which tell nobody what runs in them."""
    return ROOT / 'build' / ('fuzz' if full else 'asan') / 'fuzz' / name


def fuzz(name, full):
    program, corpus = fuzz_program(name, full), ROOT / 'build/fuzz/corpus' / name
    if not program.exists():
        return Outcome.skip('no libFuzzer')
    seeds = sorted(corpus.iterdir()) if corpus.is_dir() else []
    if not seeds and (corpus.parent / 'made').exists():
        return Outcome(failed=1, text=f'fuzz/seeds.py makes no seeds for {name}, and make fuzz starts from some')
    regress = ROOT / 'tests/regress/fuzz' / name
    with tempfile.TemporaryDirectory(prefix='weft-fuzz-') as scratch:
        for path in seeds[:: max(1, len(seeds) // SEEDS)]:
            shutil.copy(path, scratch)
        for path in sorted(regress.iterdir()) if regress.is_dir() else []:
            shutil.copy(path, scratch)
        done = run_command([program, f'-runs={RUNS if full else RUNS // 10}', '-seed=1', '-max_len=1024', '-timeout=10', '-rss_limit_mb=2048',
                            f'-artifact_prefix={ROOT}/build/fuzz/{name}-', scratch], cwd=ROOT, timeout=120)
    return Outcome.of(done.status == 0 and not sanitizer_report(done), done.describe()[-3000:])


def modes_tests(options):
    if len(options.builds) < 2:
        return
    yield Test('modes/examples', lambda: examples(options))


def same(outcome, options, command, **how):
    done = [run_command([build.weft, *command], **how) for build in options.builds]
    if len({(d.status, d.stdout, d.stderr) for d in done}) == 1 and not sanitizer_report(done[1]):
        outcome.passed += 1
    else:
        outcome.fail('\n'.join(d.describe() for d in done))


def examples(options):
    built = run_command(['make', '-s', 'examples'], cwd=ROOT)
    if built.status != 0:
        return Outcome.skip('no compiler for the examples')
    outcome = Outcome()
    for words in (['build/examples/wordfreq.wasm', 'Makefile', '30'], ['build/examples/jsonfmt.wasm', 'examples/planets.json'],
                  ['build/examples/mandelbrot.wasm']):
        same(outcome, options, ['run', '--dir', '.', *words], cwd=ROOT)
    return outcome
