"""formal.py -- the formal machine (src/formal): official scripts, and our own, give on it what they must, and its rules are the
specification's. Programs do on it what they do in the interpreter.
"""
import re, shutil, tempfile
from pathlib import Path

import golden
import rules
from helper import measure
from outcome import Outcome, Test, run_command, number, share, SHARES

TESTS = Path(__file__).resolve().parent
ROOT = TESTS.parent
SPEC = ['--tier=spec']
CHECKED = ['--check']
# Suites, and scripts, that it has all rules for, and what they need.
SUITES = [('spec/core', []), ('spec/custom', []), ('spec/legacy-exceptions', []),
          ('proposals/custom-page-sizes', ['--features=+custom-page-sizes']),
          ('proposals/compact-import-section', []), ('proposals/wide-arithmetic', []),
          ('proposals/custom-descriptors', ['--features=+custom-descriptors']),
          ('proposals/stack-switching', ['--features=+stack-switching']),
          ('proposals/threads/atomic.wast', []), ('proposals/threads/exports.wast', []), ('proposals/threads-upstream', [])]
# Those that make what is collected.
COLLECTED = [('spec/core/gc', []), ('spec/core/exceptions', [])] + [row for row in SUITES if re.search('legacy|desc|stack|upstream', row[0])]
# Of the file with the names of all rules, the parts that a table is about, and what it has besides: what is prose there.
TABLES = {'rule.def': (['4.3-execution.instructions'], {'Step_read/call_ref-host'}),
          'judge.def': (['4.1-execution.values', '7.0-soundness.contexts', '7.1-soundness.configurations'], set())}
MISTAKES = 72       # of which one is tried each time, where not all are


def check(outcome, good, text):
    if good:
        outcome.passed += 1
    else:
        outcome.fail(text)


def same_rules(conformance):
    """The tables have each rule of their parts by its name, and no other but what the specification has in prose and those
    of proposals, which it does not know."""
    rows = [line.split('\t') for line in (conformance / 'spectec-rules.txt').read_text().splitlines()]
    live = re.findall(r'^FEATURE\((\w+), "[^"]+", live', (ROOT / 'src/op/feature.def').read_text(), re.M)
    outcome = Outcome()
    for file, (parts, prose) in TABLES.items():
        wanted = {row[1] for row in rows if row[0] in parts}
        table = re.findall(r'^(?:RULE|RULE_OF|CONTEXT|JUDGE)\((?:(\w+), )?(\w+), "([^"]+)"\)',
                           (ROOT / 'src/formal' / file).read_text(), re.M)
        for proposal, function, name in table:
            check(outcome, function == re.sub(r'\W', '_', name), f'{name} is the function {function}')
            if proposal:
                check(outcome, proposal in live and name not in wanted, f'{name} is of the proposal {proposal}')
        have = {name for proposal, _, name in table if not proposal} - prose
        check(outcome, have == wanted, f'{file}: missing {sorted(wanted - have)}, too many {sorted(have - wanted)}')
    return outcome


def premises():
    """Each rule says what it looks at (`weft step`), in words that are known."""
    step = ROOT / 'src/cli/step'
    table, code = (step / 'premise.def').read_text(), (step / 'premise.c').read_text()
    rules = re.findall(r'^RULE(?:_OF\(\w+, |\()(\w+), "', (ROOT / 'src/formal/rule.def').read_text(), re.M)
    outcome = Outcome()
    have = re.findall(r'^PREMISE\((\w+),', table, re.M)
    check(outcome, sorted(have) == sorted(rules), f'missing {set(rules) - set(have)}, too many {set(have) - set(rules)}')
    numbered = re.findall(r'digit_behind\(name, "(\w*)"', code)
    for word in set(re.findall(r'\{([\w=]+)\}', table)):
        known = f'"{word}"' in code or f'{{{word}}}' in code or re.sub(r'\d$', '', word) in numbered
        check(outcome, known, f'premise.c knows no {{{word}}}')
    return outcome


def scripts(suite):
    return sorted(suite.rglob('*.wast')) if suite.is_dir() else [suite]


def suites(build, conformance, tally, parts=1, how=(), of=SUITES):
    """All of it in a process for each set of features; or every so-manieth script."""
    outcome = Outcome()
    for suite, features in of:
        files = [file for n, file in enumerate(scripts(conformance / suite)) if n % parts == share() % parts]
        if files:
            done = tally(run_command([build.weft, 'wast', '-k', *features, *SPEC, *how, *files], cwd=ROOT, timeout=600))
            outcome.passed += done.passed
            outcome.failed += done.failed
            if done.failed:
                outcome.text += done.text
    return outcome


def collected(build, conformance, tally):
    """Where objects, exceptions and continuations are made, with a collection before each."""
    paths = [path for folder in ('formal', 'gc', 'conts') for path in (TESTS / folder).glob('*.wast')]
    ours = [(path, ['--features=all']) for path in sorted(paths)]
    return suites(build, conformance, tally, of=ours + COLLECTED, how=['--gc-stress'])


def own(build, parts):
    """Our own scripts, or every so-manieth."""
    outcome = Outcome()
    paths = sorted(p for folder in ('regress', 'gc', 'hazards', 'conts') for p in (TESTS / folder).glob('*.wast'))
    for path in (path for n, path in enumerate(paths) if n % parts == share() % parts):
        command = [build.weft, 'wast', '-k', '--features=all']
        done = run_command([*command, *SPEC, path], cwd=ROOT, timeout=120)
        # what fails in the interpreter too is not this machine's affair
        good = done.status == 0 or run_command([*command, '--tier=interp', path], cwd=ROOT, timeout=120).stdout == done.stdout
        check(outcome, good, f'{path.name}: {done.describe()}')
    return outcome


# Golden tests of `run` where it ends otherwise: fuel is steps; what limits say, and how deep calls go.
OTHERWISE = re.compile(r'fuel|endless|seed-tier|limit|recursion|imports-other|run-array|tables-to|-loops|tail-calls|-items|incompatible_import|check-tier')
REFUSED = re.compile(r'the formal machine \(--tier=spec\) (has no |runs no components)')


def programs(build):
    """Golden tests of `run`."""
    outcome = Outcome()
    for path in sorted(TESTS.rglob('*.wat')):
        first = path.open('rb').readline()
        if first.startswith(b';;!') and b' run ' in first and golden.executes(path) and not OTHERWISE.search(path.name):
            done = golden.run(build, path, False, SPEC)
            check(outcome, not done.failed or REFUSED.search(done.text), done.text)
    return outcome


def examples(build):
    outcome = Outcome()
    if run_command(['make', '-s', 'examples'], cwd=ROOT).status:
        return Outcome.skip('no compiler for the examples')
    for words in (['wordfreq.wasm', 'Makefile', '30'], ['jsonfmt.wasm', 'examples/planets.json'], ['mandelbrot.wasm']):
        spec, interp = (run_command([build.weft, 'run', tier, '--dir', '.', f'build/examples/{words[0]}', *words[1:]], cwd=ROOT)
                        for tier in (SPEC[0], '--tier=interp'))
        same = (spec.status, spec.stdout, spec.stderr) == (interp.status, interp.stdout, interp.stderr)
        check(outcome, same and spec.stdout, spec.describe() + interp.describe())
    return outcome


def about(build):
    """The scripts about what no official suite is about, which golden.py runs in the other tiers."""
    outcome = Outcome()
    for path in sorted((TESTS / 'formal').glob('*.wast')):
        done = run_command([build.weft, 'wast', '--features=all', *SPEC, path], cwd=ROOT, timeout=120)
        check(outcome, done.status == 0 and b'skipped' not in done.stdout, f'{path.name}: {done.describe()}')
    return outcome


def seeds(build):
    """A seed says how threads take turns, the same way each time; others say otherwise."""
    outcome, seen = Outcome(), set()
    command = [build.weft, 'wast', '-v', *SPEC]
    for seed in range(16):
        runs = [run_command([*command, '--seed', seed, TESTS / 'formal/race.wast'], cwd=ROOT, timeout=120) for _ in range(2)]
        check(outcome, runs[0].status == 0 and runs[0].stdout == runs[1].stdout, f'seed {seed}: {runs[0].describe()}, {runs[1].describe()}')
        seen.update(re.findall(rb'print_i32_f32 (\d+) ', runs[0].stdout))
        ping = run_command([*command, '--seed', seed, TESTS / 'formal/ping.wast'], cwd=ROOT, timeout=120)
        check(outcome, ping.status == 0, ping.describe())
    check(outcome, len(seen) > 4 and all(200 <= int(n) <= 400 for n in seen), f'counts: {sorted(seen)}')
    return outcome


def threads(build):
    """Threads of a program likewise; and each step of theirs is sound."""
    outcome, seen = Outcome(), set()
    for seed in range(16):
        runs = [run_command([build.weft, 'run', *SPEC, *how, '--seed', seed, '--invoke', 'f', TESTS / 'formal/race.wat'], timeout=120)
                for how in ([], CHECKED)]
        check(outcome, runs[0].status == runs[1].status == 0 and runs[0].stdout == runs[1].stdout, f'seed {seed}: {runs[0].describe()}, {runs[1].describe()}')
        seen.add(int(runs[0].stdout or -1))
    check(outcome, len(seen) > 4 and all(1 < n <= 300 for n in seen), f'counts: {sorted(seen)}')
    return outcome


# Threads, one after the other, until one is refused (77): each calls a function, and is there then.
THREADS = '''(module
  (import "wasi" "thread-spawn" (func $spawn (param i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (import "env" "memory" (memory 1 1 shared)) (export "memory" (memory 0))
  %s
  (func (export "wasi_thread_start") (param i32 i32)
    (call $called) (drop (i32.atomic.rmw.add (i32.const 0) (i32.const 1))))
  (func (export "_start") (local $threads i32)
    (loop $next
      (if (i32.lt_s (call $spawn (i32.const 0)) (i32.const 0)) (then (call $exit (i32.const 77))))
      (local.set $threads (i32.add (local.get $threads) (i32.const 1)))
      (loop $again (br_if $again (i32.ne (i32.atomic.load (i32.const 0)) (local.get $threads))))
      (br $next))))
'''
LONG = '(func $called (br_if 0 (i32.const 1)) ' + 'nop ' * 100000 + ')'
SEGMENT = '(func $called) (elem funcref ' + '(ref.null func) ' * 5000 + ')'
DEEP = '(func $called (local' + ' i64' * 400 + ') (call $called))'
UNTOUCHED = '(module (memory 20000) (func (export "_start") (memory.grow (i32.const 1)) (memory.grow (i32.const 20000)) (drop) (drop)))'
CONSTANT = '(func $called) (global i32 i32.const 0' + ' i32.const 1 i32.add' * 50000 + ')'
KEPT = [(LONG, ['--max-code', '1M'], 134), (CONSTANT, ['--max-code', '1M'], 134), (LONG, ['--max-heap', '1M'], 77),
        (SEGMENT, ['--max-heap', '5M'], 77), (DEEP, ['--max-memory', '1M'], 134)]


def kept(build):
    """Bodies, what threads leave, and what they work on, keep to the limits: of memory no more than so much is taken. Nor does a
    memory take any that grows, where nobody has written."""
    outcome = Outcome()
    with tempfile.TemporaryDirectory(prefix='weft-formal-') as scratch:
        path = Path(scratch) / 'a.wat'
        for defined, limit, want in KEPT:
            path.write_text(THREADS % defined)
            done = measure([build.weft, 'run', '--features=+threads', *SPEC, *limit, path], 120)
            check(outcome, done['status'] == want and done['rss'] < 32 << 20, f'{defined[:40]}...: {done}')
        path.write_text(UNTOUCHED)
        done = measure([build.weft, 'run', *SPEC, path], 120)
        check(outcome, done['status'] == 0 and done['rss'] < 32 << 20, f'{UNTOUCHED}: {done}')
    return outcome


# Ten calls in which a step moves many values, and fuel that would be enough for so many steps.
PAID = [('(func $called (local' + ' i64' * 40000 + '))', 1000),
        ('(type $many (func (result' + ' i64' * 1000 + '))) '
         '(func $called (block $out (block (type $many) ' + '(i64.const 0) ' * 1000 + '(br 0)) (br $out)))', 300)]


def paid(build):
    """What a step does to many values is more than a step."""
    outcome = Outcome()
    with tempfile.TemporaryDirectory(prefix='weft-formal-') as scratch:
        path = Path(scratch) / 'a.wat'
        for called, fuel in PAID:
            path.write_text(f'(module {called} (func (export "_start")' + ' (call $called)' * 10 + '))')
            done = run_command([build.weft, 'run', *SPEC, '--fuel', fuel, path], timeout=120)
            check(outcome, done.status == 134 and b'out of fuel' in done.stderr, f'{called[:40]}...: {done.describe()}')
    return outcome


def typing(build):
    """The tests of typing: modules are valid, or refused in those words."""
    outcome = Outcome()
    for path in sorted((TESTS / 'typing').glob('*.wast')):
        done = run_command([build.weft, 'wast', '-k', '-v', path], cwd=ROOT, timeout=120)
        check(outcome, done.status == 0 and b'wording' not in done.stdout, done.describe())
        done = run_command([build.weft, 'wast', '-k', *SPEC, path], cwd=ROOT, timeout=120)     # which links by itself
        check(outcome, done.status == 0, done.describe())
    return outcome


def told(wrong):
    return Outcome.of(not wrong, '\n'.join(wrong))


def reached():
    """Each test of typing runs the code that is said to be its rule."""
    if not shutil.which('gcc') or not shutil.which('gcov'):
        return Outcome.skip('gcc and gcov are not here')
    done = run_command(['make', '-s', 'KIND=rules', 'build/rules/weft'], cwd=ROOT, timeout=600)
    return told(rules.unreached()) if done.status == 0 else Outcome(failed=1, text=done.describe())


def exercised(conformance):
    """Each rule about steps is used, and each judgement."""
    return told([f'{rule}: {what}' for file, rule, at, test, _ in rules.rows(conformance) if file not in rules.TYPING
                 for what in ['not implemented'] * (not at) + ['not exercised'] * (not test)])


def exercised_of_proposals(build, conformance):
    """Each rule of a proposal is used, by our own scripts or its suite."""
    rules_of = re.findall(r'^RULE_OF\(\w+, \w+, "([^"]+)"\)', (ROOT / 'src/formal/rule.def').read_text(), re.M)
    used = set()
    for suite, features in [(TESTS / 'formal', ['--features=all'])] + [row for row in SUITES if not row[0].startswith('spec/c')]:
        done = run_command([build.weft, 'wast', '-k', *features, *SPEC, '--count-rules', *scripts(conformance / suite)], timeout=600)
        used.update(re.findall(r'^\S+: ([A-Z]\S+) \d+$', done.stdout.decode(errors='replace'), re.M))
    return told([f'{rule}: not exercised' for rule in rules_of if rule not in used] + ['rule.def has none'] * (not rules_of))


def mistaken(conformance, parts):
    """What is written wrong in it is found, if it is but enough of all; or every so-manieth."""
    import formal_mistakes
    chosen = [m for n, m in enumerate(formal_mistakes.all_mistakes()) if n % parts == number() % parts]
    missed = [m.name for m, how, _, _ in formal_mistakes.tried(chosen, conformance, 2, False) if not how]
    allowed = len(chosen) * (1 - formal_mistakes.ENOUGH)
    return Outcome(passed=len(chosen) - len(missed), failed=len(missed) if len(missed) > allowed else 0, text='not found: ' + ', '.join(missed))


def tests(options, tally):
    for build in options.builds:
        if build.name == 'release' or options.full:
            yield Test(f'formal/programs{build.suffix}', lambda build=build: programs(build))
            yield Test(f'formal/examples{build.suffix}', lambda build=build: examples(build))
    for build in options.builds:
        release = build.name == 'release'
        few = 1 if options.full else SHARES
        yield Test(f'formal/typing{build.suffix}', lambda build=build: typing(build), fast=release)
        yield Test(f'formal/about{build.suffix}', lambda build=build: about(build), fast=release)
        yield Test(f'formal/seeds{build.suffix}', lambda build=build: seeds(build), full=not release)
        yield Test(f'formal/threads{build.suffix}', lambda build=build: threads(build), full=not release)
        if release: # sanitizers take memory of their own
            yield Test('formal/kept', lambda build=build: kept(build))
        yield Test(f'formal/paid{build.suffix}', lambda build=build: paid(build), fast=release)
        yield Test(f'formal/own{build.suffix}', lambda build=build, few=few: own(build, few), full=not release)
        if options.conformance:
            parts = 1 if release else few
            yield Test(f'formal/suites{build.suffix}', lambda build=build, parts=parts: suites(build, options.conformance, tally, parts),
                       slow=True)
            parts = few if release else SHARES
            yield Test(f'formal/checked{build.suffix}', lambda build=build, parts=parts: suites(build, options.conformance, tally, parts, CHECKED),
                       slow=True, full=not release)
            if release:
                yield Test('formal/proposals', lambda build=build: exercised_of_proposals(build, options.conformance))
            yield Test(f'formal/collected{build.suffix}', lambda build=build: collected(build, options.conformance, tally), full=not release)
    yield Test('formal/premises', premises, fast=True)
    if options.conformance:
        yield Test('formal/rules', lambda: same_rules(options.conformance), fast=True)
        yield Test('formal/tags', lambda: told(rules.typing_problems(options.conformance)), fast=True)
        yield Test('formal/reached', reached, full=True)
        yield Test('formal/mistakes', lambda: mistaken(options.conformance, 1 if options.full else MISTAKES), slow=options.full)
        yield Test('formal/exercised', lambda: exercised(options.conformance), full=True)
    else:
        yield Test('formal', lambda: Outcome.skip('the conformance suites are not here (WEFT_CONFORMANCE)'))
