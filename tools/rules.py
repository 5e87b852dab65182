#!/usr/bin/env python3
"""rules.py -- the rules of the specification: where each is implemented, and which test exercises it.

    python3 tools/rules.py [--reach] [NAME...]    all, or those whose name holds one of these; `make rules`

Their names are those of ../shared/conformance/spectec-rules.txt. Nothing may be missing of:

    steps and judgements  a row of src/formal/rule.def or judge.def, and its function; what uses it are the official scripts,
                          and tests/formal/steps.wast, as `weft wast --tier=spec --count-rules` tells; why none can
                          stands in NEVER
    typing                a comment `// rule: NAME`, or `// rules: NAME, NAME`, in the validator's code. It stands for the first
                          line that runs, there or behind it: a function, a statement, a row of a table whose lines are
                          cases, or the function that reads the table

Tests of typing are tests/typing/*.wast. A line says what the commands behind it are about, to the next such line; several
may stand in front of the same commands:

    ;; rule: NAME reaches                  modules that are valid by this rule
    ;; rule: NAME breaks PREMISE           the last command asserts that a module is refused, in which that premise alone
                                           does not hold, and has all of the message
    ;; rule: NAME unbreakable: REASON      it has no premise that could fail

That no comment lies is seen in a build in which gcc counts lines (make KIND=rules): each test alone runs a line that a
comment of its rule stands for, and each comment's line is run by a test of its rule.
"""
import argparse, json, os, re, subprocess, sys, tempfile
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RELEASE, COUNTING = ROOT / 'build/release/weft', ROOT / 'build/rules/weft'
TYPING = ('2.1-validation.types', '2.2-validation.subtyping', '2.3-validation.instructions', '2.4-validation.modules')
TAG = re.compile(r'// rules?: ([A-Z][\w/.-]*(?:, [A-Z][\w/.-]*)*)$')
TEST = re.compile(r';; rule: (\S+) (?:(reaches)|(breaks) (.+)|(unbreakable): (.+))$')
ROW = re.compile(r'^(RULE|CONTEXT|JUDGE)\((\w+), "([^"]+)"\)', re.M)
NEVER = {name: 'no row on vectors is without a result' for name in ('Step_pure/vunop-trap', 'Step_pure/vbinop-trap', 'Step_pure/vternop-trap')}
NEVER['Step_pure/unop-trap'] = 'no such row on numbers is without a result'


@dataclass
class Case:
    """A test of typing: commands, and the rules that they are about."""
    file: Path
    line: int
    about: list = field(default_factory=list)      # (rule, reaches or breaks, premise)
    text: str = ''
    before: str = ''                               # what stands in front of all under its heading

    def place(self):
        return f'{self.file.relative_to(ROOT)}:{self.line}'


def names(conformance):
    """Rule -> the file of the specification that it is in."""
    rows = (line.split('\t') for line in (conformance / 'spectec-rules.txt').read_text().splitlines() if not line.startswith('#'))
    return {name: file for file, name in rows}


def sources():
    return sorted(path for path in (ROOT / 'src').rglob('*') if path.suffix in ('.c', '.h', '.def'))


def tags():
    """Rule -> places (file, line) of its comments."""
    found = defaultdict(list)
    for path in sources():
        for n, line in enumerate(path.read_text().splitlines(), 1):
            if tag := TAG.search(line):
                for rule in tag[1].split(', '):
                    found[rule].append((str(path.relative_to(ROOT)), n))
    return found


def functions():
    """Rule -> (file, line) of its function; those of rows that say where a step may be done have the row."""
    rows, places = {}, {}
    for name in ('rule.def', 'judge.def'):
        path = ROOT / 'src/formal' / name
        if path.exists():
            text = path.read_text()
            for row in ROW.finditer(text):
                rows[row[3]] = (row[1], row[2], (str(path.relative_to(ROOT)), text.count('\n', 0, row.start()) + 1))
    for path in (ROOT / 'src/formal').glob('*.c'):
        for n, line in enumerate(path.read_text().splitlines(), 1):
            if definition := re.match(r'bool (\w+)\(', line):
                places[definition[1]] = str(path.relative_to(ROOT)), n
    return {rule: row if kind == 'CONTEXT' else places.get(function) for rule, (kind, function, row) in rows.items()}


def cases():
    """All tests of typing; rule -> why nothing breaks it; lines that cannot be read."""
    found, unbreakable, wrong = [], {}, []
    for file in sorted((ROOT / 'tests/typing').glob('*.wast')):
        case, before = None, ''
        for n, line in enumerate(file.read_text().splitlines(), 1):
            about = TEST.match(line)
            if about and about[5]:
                unbreakable[about[1]] = about[6]
            elif about:
                if not case or case.text:
                    found.append(case := Case(file, n, before=before))
                case.about.append((about[1], about[2] or about[3], about[4]))
            elif line.startswith(';; ----'):
                case, before = None, ''
            elif line.startswith(';; rule'):
                wrong.append(f'{file.name}:{n}: {line}')
            elif line and not line.startswith(';;'):
                if case:
                    case.text += line + '\n'
                else:
                    before += line + '\n'
    return found, unbreakable, wrong


def commands(text):
    """The first word of each command at the margin."""
    return re.findall(r'^\((\w+)', text, re.M)


def typing_problems(conformance):
    """What is missing of typing rules, their comments and their tests, as far as it can be read."""
    (found, unbreakable, wrong), where = cases(), tags()
    wanted = {name for name, file in names(conformance).items() if file in TYPING}
    done = defaultdict(set)
    for case in found:
        for rule, how, _ in case.about:
            done[rule].add(how)
            words = commands(case.text)
            good = words and (words[-1] in ('assert_invalid', 'assert_malformed', 'assert_unlinkable') and re.search(r'[^(] "..+"\)$', case.text.strip())
                              if how == 'breaks' else set(words) == {'module'})
            if not good:
                wrong.append(f'{case.place()}: not what {how} {rule}')
    for rule in sorted(wanted):
        missing = {'reaches'} | (set() if rule in unbreakable else {'breaks'})
        wrong += [f'{rule}: nothing {how} it' for how in sorted(missing - done[rule])]
        wrong += [f'{rule}: nothing can break it, and something does'] * (rule in unbreakable and 'breaks' in done[rule])
        wrong += [f'{rule}: no comment in src/ says where it is'] * (rule not in where)
    wrong += [f'{rule}: there is no such rule' for rule in sorted({*where, *done, *unbreakable} - wanted)]
    return wrong


# ---- what runs

def run_lines(gcda):
    """File -> line -> was it run, of all that gcc counted."""
    out = subprocess.run(['gcov', '--json-format', '--stdout', *gcda], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True)
    lines = defaultdict(Counter)
    for text in out.stdout.splitlines():
        for file in json.loads(text)['files']:
            for line in file['lines']:
                lines[file['file']][line['line_number']] += line['count']
    return lines


def run_alone(case):
    """Lines that run with this test and nothing else; what was printed if it failed."""
    for old in COUNTING.parent.rglob('*.gcda'):
        old.unlink()
    with tempfile.NamedTemporaryFile('w', suffix='.wast') as script:
        script.write(case.before + case.text)
        script.flush()
        done = subprocess.run([COUNTING, 'wast', '-v', script.name], stdout=subprocess.PIPE, text=True)
    return run_lines(sorted(COUNTING.parent.rglob('*.gcda'))), done.stdout if done.returncode or 'wording' in done.stdout else ''


def stands_for(place, lines):
    """The line that a comment stands for: the first that can run; None: there is none."""
    return min((n for n in lines[place[0]] if n >= place[1]), default=None)


def unreached():
    """Tests that run no line of their rule's, and comments whose line no test of theirs runs."""
    where, met, wrong = tags(), defaultdict(set), []
    for case in cases()[0]:
        lines, failed = run_alone(case)
        if failed:
            wrong.append(f'{case.place()}: {failed}')
        for rule, how, _ in case.about:
            there = {place for place in where[rule] if lines[place[0]][stands_for(place, lines)]}
            met[rule] |= there
            if not there:
                wrong.append(f'{case.place()}: {how} {rule}, and runs no line that is said to be this rule')
    for rule, places in sorted(where.items()):
        wrong += [f'{file}:{line}: no test of {rule} runs what this stands for' for file, line in sorted(set(places) - met[rule])]
    return wrong


def used(conformance):
    """Rule -> script -> how often its steps, or judgements, used it."""
    scripts = sorted((conformance / 'spec/core').rglob('*.wast')) + [ROOT / 'tests/formal/steps.wast']
    judged = ['--check'] * (ROOT / 'src/formal/judge.def').exists()
    done = subprocess.run([RELEASE, 'wast', '-k', '--tier=spec', *judged, '--count-rules', *scripts], stdout=subprocess.PIPE, text=True)
    counts = defaultdict(Counter)
    for script, rule, count in re.findall(r'^(\S+): ([A-Z][\w/.-]+) (\d+)$', done.stdout, re.M):
        counts[rule][script.removeprefix(f'{conformance}/').removeprefix(f'{ROOT}/')] += int(count)
    return counts


# ---- all of it

def rows(conformance):
    """(file of the specification, rule, where it is, tests, more) for each rule; where or tests is '' if that is missing."""
    where, places, counts = tags(), functions(), used(conformance)
    tests, unbreakable, _ = cases()
    by_rule = defaultdict(list)
    for case in tests:
        for rule, how, _ in case.about:
            by_rule[rule].append((how == 'breaks', case.place()))
    for rule, file in names(conformance).items():
        if file in TYPING:
            found = sorted(by_rule[rule])
            broken = sum(how for how, _ in found)
            at, more = where[rule], f'{len(found) - broken} reach it, {broken} break it' if rule not in unbreakable else 'cannot be broken: ' + unbreakable[rule]
            yield file, rule, ', '.join(f'{f}:{n}' for f, n in at), found[0][1] if found else '', more
            continue
        at = places.get(rule)
        if at and at[0].endswith('.def'):
            scripts, total = Counter(counts[max(counts, key=lambda r: sum(counts[r].values()))]), 'with every step'
        else:
            scripts, total = counts[rule], sum(counts[rule].values())
        first = min(scripts, default='', key=lambda s: (-scripts[s], s))
        test = NEVER.get(rule, first and first + (f' and {len(scripts) - 1} more' if len(scripts) > 1 else ''))
        yield file, rule, f'{at[0]}:{at[1]}' if at else '', test, f'{total} times' if isinstance(total, int) else total


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('names', nargs='*')
    parser.add_argument('--reach', action='store_true', help='run each test of typing alone, in the build that counts lines')
    options = parser.parse_args()
    conformance = Path(os.environ.get('WEFT_CONFORMANCE', ROOT.parent / 'shared/conformance'))
    wrong = typing_problems(conformance)
    sums = defaultdict(Counter)
    for file, rule, at, test, more in rows(conformance):
        sums[file].update(['rules'] + ['implemented'] * bool(at) + ['never' if rule in NEVER else 'exercised'] * bool(test))
        if not options.names or any(name in rule for name in options.names):
            print(f'{rule:36} {at or "MISSING":44} {test or "MISSING"}; {more}')
        if file not in TYPING:
            wrong += [f'{rule}: not implemented'] * (not at) + [f'{rule}: not exercised'] * (not test)
    if options.reach and COUNTING.exists():
        wrong += unreached()
    elif options.reach:
        print('whether tests of typing run the code of their rules is not tried: gcc and gcov are not here')
    print('\n'.join(['', *wrong]) if wrong else '')
    for file, n in sums.items():
        print(f'{file:32}{n["rules"]:5} rules, {n["implemented"]} implemented, {n["exercised"]} exercised' + (f', {n["never"]} can never be' if n['never'] else ''))
    print(f'{len(wrong)} missing or wrong')
    return bool(wrong)


if __name__ == '__main__':
    sys.exit(main())
