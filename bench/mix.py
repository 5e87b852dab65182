#!/usr/bin/env python3
"""mix.py -- which instructions of the interpreter's register code follow each other, in what real programs run.

    python3 bench/mix.py [-n PAIRS] [-w PAIRS]          the pairs that run most, and what share of all instructions they cover
    python3 bench/mix.py [-n PAIRS] [-w PAIRS] --write  makes src/interp/pair.def of them

Counts in a build of its own (make KIND=count) over the kernels, and over those programs of tests/real that are
there. Each program counts as one, whatever it ran; the kernels together weigh as much as the real programs. What
the kernels want besides when they are compiled for 64-bit addresses comes on top (-w).
"""
import argparse, collections, subprocess, sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / 'bench'), str(ROOT / 'tests'), str(ROOT / 'tests/real')]
PAIRS = ROOT / 'src/interp/pair.def'
HEAD = '''// pair.def -- instructions that often follow each other, and then are one operation:
//
//     PAIR(first, second, fed)           PAIR_BRANCH where the second may branch
//
// `fed` is the field of the second whose slot is the first's dst, if that is one of its sources:
// dst, a, b or none. How much of what ran they were is in the comments, in percent; of the last ones
// how much of what ran with 64-bit addresses. `python3 bench/mix.py --write` counted that and wrote
// this file.
#if INTERP_PAIRS
'''
TAIL = '#endif\n#undef PAIR\n#undef PAIR_BRANCH\n'

Instruction = collections.namedtuple('Instruction', 'place kind words name word runs')


def sources(i):
    """The fields of an instruction that are slots it reads, the likeliest to be fed first."""
    form = i.name.rsplit('_', 1)[-1].removesuffix('64')
    if i.name.startswith(('const', 'global_get')) or (i.kind == 'value' and form == 'c'):
        return []
    if i.kind == 'value':
        return ['b', 'a'] if form in ('rr', 'select') else ['a']
    if i.name == 'add_br_if':
        return ['a']
    if i.kind == 'branch':
        return [] if i.name == 'br' else ['dst', 'a'] if form == 'rr' else ['dst']
    return ['a', 'dst'] if form in 'rk' else ['dst']


def field(i, name):
    return i.word >> {'dst': 16, 'a': 32, 'b': 48}[name] & 0xffff


def pair(x, y):
    """The row of pair.def for two instructions, or None where they cannot be a pair."""
    if (x.place + x.words != y.place or x.kind not in ('value', 'step') or y.kind == 'other' or
            x.name.endswith('_x') or y.name.endswith('_x')):
        return None
    fed = [f for f in sources(y) if x.kind == 'value' and field(y, f) == field(x, 'dst')]
    return x.name, y.name, fed[0] if fed else 'none', y.kind


def programs():
    """What is run: (kind, command, input)."""
    import run
    import real
    for source in sorted((ROOT / 'bench/kernels').glob('*.c')):
        wasm = run.OUT / f'{source.stem}.wasm'
        run.build(source, run.OUT / source.stem, wasm)
        yield 'kernels', [wasm], b''
        yield 'memory64', ['--invoke', 'run', run.build_bare(source, 64)], b''
    for _, script in real.SCRIPTS:
        try:
            _, wasm, stdin = script()
            yield 'real programs', wasm, stdin
        except real.Missing:
            pass


def count(command, stdin):
    done = subprocess.run([ROOT / 'build/count/weft', 'run', *command], input=stdin, capture_output=True)
    rows = [line.split()[1:] for line in done.stderr.decode(errors='replace').splitlines() if line.startswith('count: ')]
    return [Instruction(int(r[0]), r[1], int(r[2]), r[3], int(r[4], 16), int(r[5])) for r in rows]


def shares(code, wanted):
    """Row -> its share of what ran, as the translator pairs; `wanted` None: counting every pair there is."""
    total, found, paired = sum(i.runs for i in code), collections.Counter(), None
    for x, y in zip(code, code[1:]):
        row = pair(x, y)
        if row and paired is not x and (wanted is None or row in wanted):
            found[row] += min(x.runs, y.runs) / total
            paired = y if wanted is not None else None
    return found


def mean(codes, wanted):
    kinds, result = collections.Counter(kind for kind, _ in codes), collections.Counter()
    for kind, code in codes:
        for row, share in shares(code, wanted).items():
            result[row] += share / kinds[kind] / len(kinds)
    return result


def choose(codes, count, given=frozenset()):
    """So many rows besides those that are given. They compete for their instructions: twice as many as wanted are
    taken, and those kept that get most."""
    most = [row for row, _ in mean(codes, None).most_common() if row not in given]
    best = mean(codes, given | set(most[:2 * count]))
    return given | set([row for row, _ in best.most_common() if row not in given][:count])


def main():
    parser = argparse.ArgumentParser(description='counts which instructions of register code follow each other')
    parser.add_argument('-n', metavar='PAIRS', type=int, default=300, help='how many (300)')
    parser.add_argument('-w', metavar='PAIRS', type=int, default=100, help='how many more for 64-bit addresses (100)')
    parser.add_argument('--write', action='store_true', help=f'write {PAIRS.relative_to(ROOT)}')
    options = parser.parse_args()
    subprocess.run(['make', '--no-print-directory', 'KIND=count', 'all'], cwd=ROOT, check=True, stdout=sys.stderr)
    codes = [(kind, count(command, stdin)) for kind, command, stdin in programs()]
    wide = [(kind, code) for kind, code in codes if code and kind == 'memory64']
    codes = [(kind, code) for kind, code in codes if code and kind != 'memory64']
    usual = choose(codes, options.n)
    best = choose(wide, options.w, usual)
    rows = mean(codes, usual).most_common() + [(row, share) for row, share in mean(wide, best).most_common() if row not in usual]
    lines = [f'{"PAIR_BRANCH" if kind == "branch" else "PAIR"}({first}, {second}, {fed}) // {100 * share:.2f}'
             for (first, second, fed, kind), share in rows]
    if options.write:
        PAIRS.write_text(HEAD + '\n'.join(lines) + '\n' + TAIL)
    else:
        print('\n'.join(lines))
    for name in 'kernels', 'real programs', 'memory64':
        those = [sum(shares(code, best).values()) for kind, code in codes + wide if kind == name]
        if those:
            print(f'{name}: {len(rows)} pairs are {200 * sum(those) / len(those):.0f} % of the instructions that ran', file=sys.stderr)


if __name__ == '__main__':
    main()
