"""collecting.py -- programs that make objects for long, in little memory; and what each of them gives."""
import tempfile

import bombs
from helper import measure
from outcome import Outcome, Test, run_command

PROGRAM = bombs.ROOT / 'tests/gc/churn.wat'
PEAK = 32 << 20             # bytes; who measures lends a dozen of them. All that is made would take more
FEW = 30000
# How many exceptions are caught for n that are asked for; how many are asked for where memory is measured.
PROGRAMS = {
    'far': (lambda n: n, 4000000),
    'wide': (lambda n: n, 1000000),
    'pcall': (lambda n: sum(i % 4 + 1 for i in range(8)) * (n // 8), 1600000),
    'legacy': (lambda n: sum(i % 4 + 1 for i in range(8)) * (n // 8), 6400000),
}
LONG = 100000000


def tests(options):
    for build in options.builds:
        release = build.name == 'release'
        for name, (caught, many) in PROGRAMS.items():
            yield Test(f'gc/{name}{build.suffix}', lambda build=build, name=name, caught=caught: counted(build, name, caught),
                       fast=release)
            if release:
                yield Test(f'gc/{name}-many', lambda build=build, name=name, many=many: measured(build, name, many), slow=True)
        if release:
            yield Test('gc/far-long', lambda build=build: measured(build, 'far', LONG), full=True, slow=True)


def command(build, name, n):
    return [build.weft, 'run', '--max-memory', '1M', '--invoke', name, PROGRAM, str(n)]


def counted(build, name, caught):
    done = run_command(command(build, name, FEW), cwd=bombs.ROOT, timeout=120)
    return Outcome.of(done.stdout.strip() == str(caught(FEW)).encode(), f'{caught(FEW)} are caught\n{done.describe()}')


def measured(build, name, n):
    got = measure(command(build, name, n), 300)
    return Outcome.of(got['status'] == 0 and got['rss'] < PEAK,
                      f'status {got["status"]}, {got["rss"] >> 10} KiB of memory: {got["stderr"]}')
