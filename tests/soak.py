#!/usr/bin/env python3
"""soak.py -- random modules for as long as it is told, beside other work: `make soak T=MINUTES`.

What was run is kept in docs/ledger.md, which also says where to go on: the modules of a line are those with the indices below its
count. The line that is furthest from its goal is next. Who differs is written to build/gen/, and nothing stops.
"""
import os, re, subprocess, sys, time
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parent)]
import generated
from outcome import run_command

ROOT = Path(__file__).resolve().parent.parent
LEDGER, FOUND = ROOT / 'docs/ledger.md', ROOT / 'build/gen'
SEED = 1000
GOALS = {'modes': 24 * 10**5, 'v8-liftoff': 52 * 10**4, 'v8-turbofan': 52 * 10**3, 'jsc': 52 * 10**3, 'wasmtime': 52 * 10**3,
         'spoilt': 4 * 10**5}
CHUNK = 2000
ROW = re.compile(r'^\| (\S+) \| (\d+) \| (\d+) \| (\d+) \| (\d+) \| (.*?) \|$', re.M)     # name, then those of Line


class Line:
    def __init__(self, modules=0, compared=0, excused=0, differ=0, last=''):
        self.modules, self.compared, self.excused, self.differ, self.last = modules, compared, excused, differ, last

    def row(self, name):
        return f'| {name} | {self.modules} | {self.compared} | {self.excused} | {self.differ} | {self.last} |'


def read():
    return {name: Line(*map(int, numbers), last) for name, *numbers, last in ROW.findall(LEDGER.read_text())}


def write(lines):
    text = LEDGER.read_text()
    for name, line in lines.items():
        text = re.sub(rf'^\| {name} \| \d.*$', line.row(name), text, count=1, flags=re.M)
    LEDGER.write_text(text)


def commit():
    return run_command(['git', 'rev-parse', '--short=9', 'HEAD'], cwd=ROOT).stdout.decode().strip()


def modes(first):
    done = run_command([generated.program('release'), '--check', '--seed', SEED, '--index', first, '--count', CHUNK],
                       cwd=ROOT, timeout=3600)
    found = re.search(rb'(\d+) excused\n(\d+) passed, (\d+) failed', done.stdout)
    if not found:
        return 0, 0, 1, done.describe()
    excused, passed, failed = map(int, found.groups())
    return passed, excused, failed, done.describe()


def peer(name):
    """The engine that is asked; None: this one alone."""
    return {'modes': None, 'spoilt': generated.SPOILT}.get(name, name)


def outside(name, first):
    spoil = name == 'spoilt'
    counts = generated.outside(peer(name), SEED + spoil, first, CHUNK, spoil)
    return counts.passed, counts.excused, counts.failed, counts.text


def chunk(name, line):
    passed, excused, failed, text = modes(line.modules) if name == 'modes' else outside(name, line.modules)
    if failed:
        FOUND.mkdir(parents=True, exist_ok=True)
        (FOUND / f'{name}-{line.modules}.txt').write_text(text)
        print(f'{name}: {failed} differ, from index {line.modules} on: see {FOUND}')
    return Line(line.modules + CHUNK, line.compared + passed + excused + failed, line.excused + excused,
                line.differ + failed, f'{version(name)}, {commit()}')


def version(name):
    return generated.version(peer(name)) if peer(name) else 'weft'


def can_run(name):
    return not peer(name) or peer(name) in generated.ENGINES and generated.is_here(peer(name))


def main():
    os.nice(19)
    end, lines = time.monotonic() + 60 * float(sys.argv[1]), read()
    here = [name for name in lines if can_run(name)]
    while time.monotonic() < end:
        name = min(here, key=lambda name: lines[name].modules / GOALS[name])
        lines[name] = chunk(name, lines[name])
        write({name: lines[name]})
    for name, line in lines.items():
        print(line.row(name))


if __name__ == '__main__':
    main()
