"""hostile.py -- when memory fails, and when the input was made to do harm.

    fault/own       tests/fault/fault: every allocation of every entry point fails once
    fault/scripts   the same while official scripts run, a sample of them
    fuzz/TARGET     a target of fuzz/ over a sample of its seeds and all of tests/regress/fuzz/TARGET, then a few
                    thousand more inputs that it makes up, the same ones every time
"""
import shutil, tempfile
from pathlib import Path

from outcome import Outcome, Test, run_command, sanitizer_report

ROOT = Path(__file__).resolve().parent.parent
SCRIPTS = 24      # of the core suite
SEEDS = 300
RUNS = 6000


def fault_tests(options, tally):
    for build in options.builds:
        program = ROOT / 'build' / build.name / 'tests/fault/fault'
        yield Test(f'fault/own{build.suffix}', lambda program=program: fault(program, [], tally),
                   fast=build.name == 'release')
        yield Test(f'fault/scripts{build.suffix}', lambda program=program: fault_scripts(program, options, tally))


def fault_scripts(program, options, tally):
    if not options.conformance:
        return Outcome.skip('the conformance suites are not here (WEFT_CONFORMANCE)')
    found = sorted((options.conformance / 'spec/core').glob('*.wast'))
    return fault(program, found[:: max(1, len(found) // SCRIPTS)], tally)


def fault(program, files, tally):
    return tally(run_command([program, *files], cwd=ROOT, timeout=300))


def fuzz_tests(options):
    if options.weft:
        return
    for source in sorted((ROOT / 'fuzz').glob('*.c')):
        yield Test(f'fuzz/{source.stem}', lambda name=source.stem: fuzz(name), slow=True)


def fuzz(name):
    program, corpus = ROOT / 'build/fuzz' / name, ROOT / 'build/fuzz/corpus' / name
    if not program.exists():
        return Outcome.skip('no libFuzzer')
    seeds = sorted(corpus.iterdir()) if corpus.is_dir() else []
    regress = ROOT / 'tests/regress/fuzz' / name
    with tempfile.TemporaryDirectory(prefix='weft-fuzz-') as scratch:
        for path in seeds[:: max(1, len(seeds) // SEEDS)]:
            shutil.copy(path, scratch)
        for path in sorted(regress.iterdir()) if regress.is_dir() else []:
            shutil.copy(path, scratch)
        done = run_command([program, f'-runs={RUNS}', '-seed=1', '-max_len=1024', '-timeout=10', '-rss_limit_mb=2048',
                            f'-artifact_prefix={ROOT}/build/fuzz/{name}-', scratch], cwd=ROOT, timeout=120)
    return Outcome.of(done.status == 0 and not sanitizer_report(done), done.describe()[-3000:])
