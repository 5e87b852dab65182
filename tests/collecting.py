"""collecting.py -- programs that make objects for long, in little memory; and what each of them gives."""
import json, re, tempfile
from pathlib import Path

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
# Objects that live, or die old: arguments, bytes that live, and most that may be held for that: twice and a half, and what is there
# in any case. Then what takes longer.
GRAPHS = bombs.ROOT / 'tests/gc/long.wat'
FREE = 16 << 20
LIVING = {'list': ('1000000', 16e6), 'queue': ('500000', 8e6), 'rings': ('100000', 0), 'steady': ('1000000 500000', 10e6),
          'young': ('2000000 500000', 8e6), 'trees': ('1000', 0), 'forest': ('3000 500', 8e6), 'arrays': ('3000', 5e6)}
LIVING_LONG = {'list': ('10000000', 160e6), 'queue': ('10000000', 160e6), 'rings': ('30000000', 0), 'steady': ('20000000 10000000', 200e6),
               'young': ('1000000000 10000000', 160e6), 'trees': ('300000', 0), 'forest': ('50000 16384', 268e6), 'arrays': ('1000000', 5e6)}


def tests(options):
    for build in options.builds:
        release = build.name == 'release'
        for name, (caught, many) in PROGRAMS.items():
            yield Test(f'gc/{name}{build.suffix}', lambda build=build, name=name, caught=caught: counted(build, name, caught),
                       fast=release)
            if release:
                yield Test(f'gc/{name}-many', lambda build=build, name=name, many=many: measured(build, name, many), slow=True)
        for name, (args, live) in LIVING.items() if release else ():
            yield Test(f'gc/living-{name}', lambda build=build, name=name, args=args, live=live: living(build, name, args, live), fast=True)
        for name, (args, live) in LIVING_LONG.items() if release else ():
            yield Test(f'gc/living-{name}-long', lambda build=build, name=name, args=args, live=live: living(build, name, args, live),
                       full=True, slow=True)
        if release:
            yield Test('gc/log', lambda build=build: logged(build), fast=True)
            yield Test('gc/census', lambda build=build: counted_at_end(build), fast=True)
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


def living(build, name, args, live):
    got = measure([build.weft, 'run', '--invoke', name, GRAPHS, *args.split()], 900)
    most = FREE + 2.5 * live
    return Outcome.of(got['status'] == 0 and got['rss'] < most,
                      f'status {got["status"]}, {got["rss"] / 1e6:.1f} MB of memory, at most {most / 1e6:.1f}: {got["stderr"]}')


LOGGED = re.compile(rb'gc: (minor|slice|major) \d+ us, (\d+) -> (\d+) bytes, budget (\d+), (\d+) blocks')
SUMMED = re.compile(rb'gc: (\d+) collections, (\d+) major in (\d+) slices, \d+ us; half of them at most (\d+) us, 99% (\d+) us, the longest (\d+) us')


def logged(build):
    """--gc-log has a line for each collection, of either kind, and each slice, and counts them; what is printed else stays as it is."""
    done = run_command([build.weft, 'run', '--gc-log', '--invoke', 'list', GRAPHS, '1000000'], cwd=bombs.ROOT, timeout=120)
    *lines, end = done.stderr.splitlines()
    found = [LOGGED.fullmatch(line) for line in lines]
    summed = SUMMED.fullmatch(end)
    good = done.stdout == b'1000000\n' and len(found) > 4 and all(found) and summed
    if good:
        minors, slices, majors = (sum(m[1] == kind for m in found) for kind in (b'minor', b'slice', b'major'))
        count, *of_these, half, most, longest = map(int, summed.groups())
        good = (count, *of_these) == (minors + majors, majors, slices) and majors and slices > majors < minors and half <= most <= longest
        good = good and all(int(m[2]) >= int(m[3]) and int(m[4]) >= 1 << 18 and int(m[5]) for m in found)
    quiet = run_command([build.weft, 'run', '--invoke', 'list', GRAPHS, '1000000'], cwd=bombs.ROOT, timeout=120)
    scripts = [bombs.ROOT / 'tests/gc' / name for name in ('loops.wast', 'objects.wast')]
    told = run_command([build.weft, 'wast', '--gc-log', '--gc-stress', *scripts], cwd=bombs.ROOT, timeout=120)
    summed = [m for m in map(SUMMED.fullmatch, told.stderr.splitlines()) if m]
    lines = sum(bool(LOGGED.fullmatch(line)) for line in told.stderr.splitlines())
    scripts_good = told.status == 0 and len(summed) == len(scripts) and sum(int(m[1]) + int(m[3]) for m in summed) == lines > 10
    return Outcome.of(bool(good) and not quiet.stderr and scripts_good, f'{done.describe()}\n{told.describe()}')


def counted_at_end(build):
    """--heap-census writes JSON where the name says so, which adds up; and nothing for what was not run."""
    with tempfile.TemporaryDirectory(prefix='weft-census-') as scratch:
        out, folder, program = Path(scratch, 'out.json'), Path(scratch, 'none'), bombs.ROOT / 'tests/golden/run-census.wat'
        command = [build.weft, 'run', '--heap-census', out, '--invoke']
        refused = run_command([*command, 'main', bombs.ROOT / 'tests/gc/none.wat'])
        nothing = not out.exists()
        done = run_command([*command, 'main', program])
        written = json.loads(out.read_text())
        nowhere = run_command([build.weft, 'run', '--heap-census', folder / 'x', '--invoke', 'list', GRAPHS, '1000'])
    sums = [[part['objects'] for part in written[key]] for key in ('roots', 'types')]
    held = [sum(row['objects'] for row in t['held']) for t in written['types']]
    holders = {row['by'] for t in written['types'] for row in t['held']} - {None}
    good = refused.status == 1 and nothing and done.status == 0 and nowhere.status == 1 and not nowhere.stdout
    good = good and sum(sums[0]) == sum(sums[1]) == written['objects'] and held == sums[1] and all(i < len(held) for i in holders)
    return Outcome.of(good and written['objects'] == 11, f'{written}\n{done.describe()}\n{nowhere.describe()}')
