#!/usr/bin/env python3
"""generated.py -- random modules that are valid do the same in every mode (gen/README.md)."""
from pathlib import Path

from outcome import Outcome, Test, run_command

ROOT = Path(__file__).resolve().parent.parent
SEED = 1
MODULES = {'release': 20000, 'asan': 500}
PARTS = {'release': 4, 'asan': 1}


def program(build):
    return ROOT / 'build' / build.name / 'tests/gen/gen'


def modes(build, first, count, tally):
    if not program(build).exists():
        return Outcome(failed=1, text=f'{program(build)} was not built')
    return tally(run_command([program(build), '--check', '--seed', SEED, '--index', first, '--count', count],
                             cwd=ROOT, timeout=3600))


def tests(options, tally):
    for build in options.builds:
        count = MODULES[build.name] * (10 if options.full else 1) // PARTS[build.name]
        for part in range(PARTS[build.name]):
            yield Test(f'gen/modes-{part}{build.suffix}', lambda build=build, part=part, count=count:
                       modes(build, part * count, count, tally), slow=True)
        if build.name == 'release':
            yield Test('gen/modes', lambda build=build: modes(build, 10**9, 1000, tally), fast=True)
