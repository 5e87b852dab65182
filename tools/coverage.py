#!/usr/bin/env python3
"""coverage.py -- what the tests reach: lines, branches and MC/DC by folder.

    python3 tools/coverage.py             with what was built by KIND=cover; see `make coverage`
    python3 tools/coverage.py --report    from what ran the last time

In the areas below so much must be reached, of each place that a branch or a condition of a decision stands at, in whatever
function or macro it came to be. What is not reached is in tests/coverage.txt, line by line, with the reason: a line there
that is reached, or is gone, is reported, and so is one that is not reached and not there. Where the reason begins with
"sometimes", it may be reached or not.

Tests that are run are those of TESTS; fuzz/ would reach more and asserts little. What ends by a signal or at once tells
nothing.
"""
import argparse, functools, json, os, re, subprocess, sys
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / 'build/cover'
RAW, PROFILE, JSON = BUILD / 'raw', BUILD / 'all.profdata', BUILD / 'coverage.json'
LIST = 'tests/coverage.txt'
TESTS = [['--only', 'unit,golden,check,wast,stops,tiers,gc,hazards,wasi,fault,wabt,numeric,peers,signals,changing,signatures,reducing,guide,print'],
         ['--only', 'bombs', '-k', 'bombs/lists-'], ['--only', 'gen', '-k', 'gen/modes-0@cover']]
ELSEWHERE = {'walk_hand'}     # functions that only the micro build calls
BRANCHES, MCDC = 95, 90     # per cent, in each area
AREAS = {
    'decoder': [f'src/binary/{name}' for name in ('decode', 'expr', 'imports', 'instr', 'names', 'reader', 'rec', 'sections', 'types')],
    'validator': ['src/valid/'],
    'numerics': ['src/op/'],
    'limits': ['src/base/account', 'src/op/limit', 'src/engine/engine.c', 'src/engine/intake'],
    'bounds': ['src/run/memory', 'src/run/table', 'src/run/access', 'src/run/slow', 'src/run/guard'],
    'paths': ['src/wasi/path.c', 'src/wasi/guest.h', 'src/plat/linux/beneath.c'],
}
# Told beside them; nothing is wanted of these yet.
TOLD = {
    'compiler': ['src/jit/compile', 'src/jit/hooks', 'src/jit/image', 'src/jit/labels', 'src/jit/regs', 'src/jit/runtime', 'src/jit/x64/'],
    'checker': ['src/jit/check/'],
    'native code': ['src/run/native'],
}


def run_tests():
    RAW.mkdir(parents=True, exist_ok=True)
    for old in RAW.iterdir():
        old.unlink()
    # What is done in shares is not to depend on the commit.
    env = {**os.environ, 'LLVM_PROFILE_FILE': f'{RAW}/%4m.profraw', 'SHARE': '0', 'WEFT_SHARE': '0'}
    for what in TESTS:
        done = subprocess.run([sys.executable, 'tests/run.py', '--build', 'cover', *what], cwd=ROOT, env=env,
                              stdout=subprocess.PIPE, text=True)
        print(done.stdout if done.returncode else done.stdout.splitlines()[-1], flush=True)
    subprocess.run(['llvm-profdata-19', 'merge', '-sparse', '-o', PROFILE, *RAW.iterdir()], check=True)


def export():
    with open(JSON, 'wb') as out:
        subprocess.run(['llvm-cov-19', 'export', '--skip-expansions', BUILD / 'weft', f'-instr-profile={PROFILE}'],
                       stdout=out, stderr=subprocess.DEVNULL, check=True)


def short(path):
    return str(Path(path).relative_to(ROOT)) if path.startswith(str(ROOT)) else path


def read():
    """Places of branches -> [times true, times false]; of decisions -> [is this condition's effect shown; None: it has none]; files."""
    data = json.loads(JSON.read_bytes())['data'][0]
    branches, decisions = defaultdict(lambda: [0, 0]), {}
    for function in data['functions']:
        if function['name'] in ELSEWHERE:
            continue
        names = [short(name) for name in function['filenames']]
        starts, conditions = {}, []
        for l1, c1, l2, c2, yes, no, file, _, _ in function['branches']:
            place = names[file], l1, c1, l2, c2
            branches[place][0] += yes
            branches[place][1] += no
            starts[l1, c1] = names[file]
            conditions.append(place)
        for l1, c1, l2, c2, _, _, shown in function.get('mcdc_records', []):
            # Of a decision the file is not told; its first condition begins where it does.
            file = starts.get((l1, c1), names[0])
            within = sorted({c for c in conditions if c[0] == file and (l1, c1) <= c[1:3] and c[3:5] <= (l2, c2)}, key=lambda c: c[1:3])
            if len(within) == len(shown):
                shown = [None if fixed(*c) else met for met, c in zip(shown, within)]
            for _ in range(len(shown) - len(within)):       # the compiler knew it, and made no branch
                if False in shown:
                    shown[shown.index(False)] = None
            before = decisions.get((file, l1, c1, l2, c2), shown)
            if len(before) == len(shown):
                decisions[file, l1, c1, l2, c2] = [a if b is None else b if a is None else a or b for a, b in zip(before, shown)]
    lines = {short(f['filename']): f['summary']['lines'] for f in data['files']}
    return branches, decisions, lines


class Count:
    def __init__(self):
        self.met = self.all = 0

    def add(self, met, all):
        self.met += met
        self.all += all

    def percent(self):
        return 100 * self.met / self.all if self.all else 100

    def __str__(self):
        return f'{self.percent():7.2f} ({self.all - self.met:4} of {self.all:5})'


def count(branches, decisions, lines, within):
    """Lines, branches and conditions, of files that this is true of; and what is missing: (file, line) -> words."""
    totals, missing = [Count(), Count(), Count()], defaultdict(list)
    for file, summary in lines.items():
        if within(file):
            totals[0].add(summary['covered'], summary['count'])
    for place, sides in branches.items():
        if within(place[0]) and not fixed(*place):
            totals[1].add(sum(map(bool, sides)), 2)
            missing[place[:2]] += [word for word, n in zip(('true', 'false'), sides) if not n]
    for (file, line, *_), shown in decisions.items():
        if within(file):
            totals[2].add(shown.count(True), len(shown) - shown.count(None))
            missing[file, line] += [f'condition {i + 1}' for i, met in enumerate(shown) if met is False]
    return totals, {where: words for where, words in missing.items() if words}


@functools.cache
def source(file):
    return [''] + (ROOT / file).read_text(errors='replace').split('\n')


# What the compiler knows, or what always answers the same: of those in the second line false, which says that something is
# refused.
KNOWN = re.compile(r'0|1|true|false|!?WALK_SMALL|!?interp_unwinds|FEATURES_LEFT_OUT & .*|!row_is_constant.*|OP_##name == OP_end|array_result\(.*')
REFUSES = re.compile(r'(walk|imm|diag|reader|decode)_fail\(|FAIL\(|store_short\(')


def text_of(file, line, column, end_line, end_column):
    return source(file)[line][column - 1:end_column - 1 if end_line == line else None] if file.startswith('src/') else ''


def fixed(*place):
    """Can the condition that stands there be only one of true and false?"""
    text = text_of(*place)
    return bool(KNOWN.fullmatch(text) or REFUSES.match(text))


def listed():
    """tests/coverage.txt: FILE: LINE OF SOURCE -- REASON; several of the same text have one line."""
    found = {}
    for line in (ROOT / LIST).read_text().splitlines():
        if line and not line.startswith('#'):
            place, reason = line.rsplit(' -- ', 1)
            file, text = place.split(': ', 1)
            found[file, text] = reason
    return found


def judge(missing):
    """Words about each line that is listed and reached, or neither."""
    reasons, open_places = listed(), {(file, source(file)[line].strip()) for file, line in missing}
    open_places |= {place for place, why in reasons.items() if why.startswith('sometimes') and place[1] in map(str.strip, source(place[0]))}
    for (file, line), words in sorted(missing.items()):
        if (file, source(file)[line].strip()) not in reasons:
            yield f'{file}:{line}: not reached ({", ".join(words)}): {source(file)[line].strip()}'
    for file, text in sorted(set(reasons) - open_places):
        yield f'{LIST}: {file}: reached, or gone: {text}'


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--report', action='store_true', help='from the profile of the last time')
    options = parser.parse_args()
    if not options.report:
        run_tests()
        export()
    data, good = read(), True
    print(f'{"missing, and of how many":28}{"lines":>22}{"branches":>22}{"MC/DC":>22}')
    for folder in sorted({str(Path(file).parent) for file in data[2] if file.startswith('src/')}):
        totals, _ = count(*data, lambda file: str(Path(file).parent) == folder)
        print(f'{folder:28}', *totals)
    for area, parts in {**AREAS, **TOLD}.items():
        totals, _ = count(*data, lambda file: file.startswith(tuple(parts)))
        print(f'{area:28}', *totals)
        if area in AREAS and (totals[1].percent() < BRANCHES or totals[2].percent() < MCDC):
            print(f'{area}: at least {BRANCHES} % of branches and {MCDC} % of conditions are wanted')
            good = False
    _, missing = count(*data, lambda file: file.startswith(tuple(p for parts in AREAS.values() for p in parts)))
    for words in judge(missing):
        print(words)
        good = False
    return 0 if good else 1


if __name__ == '__main__':
    sys.exit(main())
