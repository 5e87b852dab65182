#!/usr/bin/env python3
"""run.py -- runs Weft's tests.

    python3 tests/run.py [--fast | --full] [-k PATTERN] [-j N] [-x] [--bless] [--list]

Kinds, each a module function that yields tests:

    tree    folder order, how sources look, headers that compile alone, nothing cut to 32 bits unsaid, a list of hazards that is complete,
            prices of fuel as they are documented
    unit    build/KIND/tests/unit/*_test, C programs that count their own checks; those with threads under the thread
            sanitizer too
    golden  any text file under tests/ whose first line is `;;! weft ...` (see golden.py)
    check   the checker of machine code reads it as others do, and what it lets pass (see checking.py)
    guide   what docs/guide.md shows (see guide.py)
    print   what is printed parses back to the same module (see printing.py)
    inspect what is shown of damaged files (see inspecting.py)
    strip   what is left without custom sections (see stripping.py)
    opt     what weft opt makes of modules does the same (see opt.py)
    init    modules that were written back when they had initialised themselves (see initialising.py)
    doctor  what is said of files, and whether it is right (see doctoring.py)
    listed  scripts that are written as JSON (see listing.py)
    wast    the official scripts, through `weft wast`; no command may get lost; a share of them under the thread sanitizer
    tiers   all official scripts in compiled code, also stopped and collected at each place
    formal  the official scripts, and our own, by the specification's rules (see formal.py)
    step    `weft step`: page, screen, what it does to the host (see stepping.py)
    stops   the official scripts, and hazards that are deep, stopped and gone on with elsewhere at each place where that is
            possible; on a thread that has a stack of 64 or 128 KiB; and with each instruction translated alone
    peers   the scripts of other engines' suites (see peers.py)
    wabt    the files of wabt's own tests (see wabt.py)
    wit     `weft wit`: suites of WIT (see wit.py)
    goldens what wasm-tools' commands about components say (see goldens.py)
    componentizing  `weft component`: components from modules (see componentizing.py)
    composing   components of components: the wac language (see composing.py)
    bindgen     bindings for guests in C (see bindgen.py)
    wasi2       WASI 0.2: programs of preview 1 as components, and what those do not reach (see wasi2.py)
    crashes what brought other engines down, or came out wrong there (see crashes.py)
    numeric each instruction that computes, against an oracle in exact arithmetic, in every build (see numeric.py); in each way that a
            compiler may treat on its own (see ways.py)
    hazards scripts named after what has gone wrong elsewhere
    reducing    what `weft reduce` leaves of modules (see reducing.py)
    components  components: what others made, the official binaries, damaged ones (see components.py)
    signatures  names that mean something to the command, with every shape of type (see signatures.py)
    wasi    the WASI suite, by the release build in each tier
    signals Ctrl-C at any time (see signals.py)
    threaded    programs that ask for threads (see threaded.py)
    where   places in the source, and who tells them (see where.py)
    compiled    what `weft compile` writes, and caches of that (see compiled.py)
    full    output that cannot be written (see full.py)
    reading what is read by a thread ahead, and what cannot be read (see reading.py)
    changing files that change while a command uses them (see changing.py)
    robust  damaged and absurd input, under the sanitizers (see robust.py)
    bombs   modules made to be expensive, or to grow: verdict, time and memory (see bombs.py)
    mutants damaged modules get the verdict that another engine gives (see mutants.py)
    fault   every allocation fails once (see hostile.py)
    fuzz    the fuzzing targets, for a few seconds each (see hostile.py)
    modes   release and sanitizer builds, which dispatch differently, say the same (see hostile.py)
    gen     random modules do the same in every mode (see gen/README.md)
    under   compiled code under perf, gdb and valgrind (see under.py)
    embed   the library installed, and programs that embed it (see embed.py)
    hosts   the examples that are hosts, in the distribution's nginx and SQLite (see hosting.py)
    python  the Python package (see packaged.py)
    js      the JavaScript API: its suite, and programs of npm in the package for Node (see javascript.py)
    real    programs that nobody here wrote (see real/real.py)
    cross   unit tests, the core scripts and the WASI suite as gcc builds them, and for other machines under qemu, a share of
            them; on 32-bit ARM also hostile input: hazards, and a share of fault, robust and bombs
    micro   the micro build: its size, and that it runs (docs/micro.md)

A test's name is its kind and its file, `@asan` or `@tsan` behind it where that build ran it. Expected failures
are lines of known.txt; one that passes, or fails otherwise than written there, is a failure.
A test is what has a name; a check is what is asserted within one, of which some have hundreds of thousands: every command of
a script, every CHECK of a unit or fault test, one of most others. The last lines count both apart: a test that failed has a
check that did, and who skips all is skipped. The very last is `N passed, N failed`, of checks.
"""
import argparse, concurrent.futures, fnmatch, functools, json, os, platform, re, shlex, shutil, signal, subprocess, sys, tempfile, time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TESTS = ROOT / 'tests'
sys.path[:0] = [str(TESTS), str(TESTS / 'real'), str(ROOT / 'tools')]
from outcome import Outcome, Test, run_command, BUILD, sanitizer_report, diff_text, INTERPRETED, in_share, kind_due, number, share, SHARES, TURNS
import bindgen, bombs, changing, checking, collecting, command, compiled, componentizing, composing, components, crashes, doctoring, embed, formal, full, generated, golden, goldens, guide, hosting, hostile, initialising, inspecting, javascript, listing, mistakes, mutants, numeric, opt, packaged, peers, printing, reading, robust, real, reducing, resuming, signals, signatures, stepping, stripping, style, threaded, under, wabt, wasi2, ways, where, wit

TALLY = re.compile(rb'^(?:\w+: )?(\d+) passed, (\d+) failed(?:, (\d+) skipped)?\s*$', re.M)
BOTH = [BUILD('release', ROOT / 'build/release/weft', ''), BUILD('asan', ROOT / 'build/asan/weft', '@asan')]
SKIP_REASON = re.compile(rb'^skipped (\d+): (.*)$', re.M)


# ---- tree ----------------------------------------------------------------------------------------

def tree_tests(options):
    def deps():
        return Outcome.of_command([sys.executable, 'tools/deps.py'], cwd=ROOT)
    yield Test('tree/deps', deps, fast=True)
    yield Test('tree/style', lambda: Outcome.of_command([sys.executable, 'tools/style.py'], cwd=ROOT), fast=True)
    yield Test('tree/style-rules', style_rules, fast=True)
    for path in sorted((TESTS / 'style').iterdir()):
        yield Test(f'tree/style-{path.name}', lambda path=path: style_broken(path), fast=True)
    yield Test('tree/hazards', lambda: hazards_listed(options), fast=True)
    yield Test('tree/hazards-rows', lambda: hazards_complete(options), fast=True)
    yield Test('tree/prices', lambda: Outcome.of_command([sys.executable, 'tools/prices.py', '--check'], cwd=ROOT), fast=True)
    yield Test('tree/wasi', lambda: Outcome.of_command([sys.executable, 'tools/wasi.py', '--check'], cwd=ROOT), fast=True)
    yield Test('tree/budget', budget_complete, fast=True)
    yield Test('tree/mistakes', mistakes_apply, fast=True)
    for n, machine in enumerate(('native', 'arm', 'micro-arm')):
        yield Test(f'tree/narrow-{machine}', lambda machine=machine: narrow(machine), full=not in_share(n))
    compiler = os.environ.get('CC') or shutil.which('clang-19') or 'gcc'
    def header(path):
        return lambda: Outcome.of_command(
            [compiler, '-std=gnu11', '-Isrc', '-Iinclude', '-D_GNU_SOURCE', '-fsyntax-only', '-Werror',
             '-Wno-pragma-once-outside-header', '-Wno-unused-function', '-Wno-undefined-internal', '-x', 'c', str(path)], cwd=ROOT)
    for n, path in enumerate(sorted((ROOT / 'src').rglob('*.h')) + sorted((ROOT / 'include').glob('*.h'))):
        text = path.read_text(errors='replace')
        if '#pragma once' in text:    # else it is meant to be included many times
            name = path.relative_to(ROOT)
            yield Test(f'tree/{name}', header(name), full=not in_share(n, 4))


def style_rules():
    """Each rule of style.py has a file that breaks it."""
    rules, files = {rule.__name__ for rule in style.RULES} | {'good'}, {path.stem for path in (TESTS / 'style').iterdir()}
    return Outcome.of(rules == files, f'rules and good: {sorted(rules)}, files of tests/style: {sorted(files)}')


def style_broken(path):
    """Lines that break the rule that the file is named after have the word `bad`; no other breaks any."""
    want = [(n, path.stem) for n, line in enumerate(path.read_text().split('\n'), 1) if 'bad' in line]
    found = style.check(path)
    return Outcome.of([(n, rule) for n, rule, _ in found] == want, f'{path}: {found}, not {want}')


def narrow(machine):
    """Nothing becomes half as wide unsaid (hazard R81)."""
    done = run_command(['make', '-s', f'narrow-{machine}'], cwd=ROOT, timeout=300)
    if done.stdout.startswith(b'skipped'):
        return Outcome.skip(done.stdout.decode().strip())
    return Outcome.of(done.status == 0, done.describe())


HAZARDS = {f'R{n:02}' for n in range(1, 89)}
ROW = re.compile(r'^\| (R\d\d) \|.*?\|(.*)\|$', re.M)


def hazard_rows():
    return dict(ROW.findall((TESTS / 'hazards/README.md').read_text()))


def hazards_listed(options):
    """hazards/README.md has a line for each row, which names tests that there are and that name the row, or says what it waits for."""
    folder, rows, wrong = TESTS / 'hazards', hazard_rows(), []
    missing = sorted(HAZARDS - set(rows))
    if missing:
        wrong.append(f'rows are missing: {missing}')
    names = {re.sub('@.*', '', t.name) for _, make in KINDS for t in make(argparse.Namespace(**{**vars(options), 'weft': None, 'builds': BOTH}))}
    scripts = {path.name.rpartition('.')[0] for path in folder.glob('R[0-9]*')}
    wrong += [f'{name} is in no row' for name in sorted(scripts) if name not in rows.get(name[:3], '')]
    for row, text in rows.items():
        own, others = set(re.findall(r'R\d\d-[\w-]+', text)), set(re.findall(r'\b([a-z]+/[\w*/-]*[\w*])', text))
        wrong += [f'{row}: there is no {name}' for name in sorted(own - scripts)]
        for name in sorted(others):
            # What is not here, a suite or a machine, has one test that is skipped: `wasi`, `cross/arm`.
            above = {name[:at.start()] for at in re.finditer('/', name)}
            if not any(fnmatch.filter(names, n) for n in (name, name + '.*')) and not above & names:
                wrong.append(f'{row}: there is no {name}')
            wrong += [f'{path} does not name {row}' for path in hazard_sources(name) if row not in path.read_text(errors='replace')]
        if not own and not others and not text.strip().startswith('waits for: '):
            wrong.append(f'{row} has no test and waits for nothing')
    for file, function in re.findall(r'^ELSEWHERE\(.*, (\w+\.c), (\w+)\)$', (TESTS / 'unit/escapes.def').read_text(), re.M):
        if not re.search(rf'^static void {function}\(.*^ +{function}\(\);$', (TESTS / 'unit' / file).read_text(), re.M | re.S):
            wrong.append(f'escapes.def: no {function} is called in {file}')
    for path in sorted([*TESTS.glob('unit/*.c'), *TESTS.glob('*.py')]):
        kind = f'unit/{path.stem[:-5]}' if path.suffix == '.c' else f'{path.stem}/'
        found = set(re.findall(r'\bR\d\d\b', path.read_text()))
        wrong += [f'{path} names {row}, which does not name it' for row in sorted(found & set(rows))
                  if kind not in rows[row] and path.stem not in ('run', 'oracle')]
    return Outcome.of(not wrong, '\n'.join(wrong))


def hazard_sources(name):
    """The files that a test of this name is in, where it has files of its own."""
    kind, _, rest = name.partition('/')
    places = {'unit': f'unit/{rest}_test.c', 'golden': f'golden/{rest}.*', 'gc': 'gc/*.wast', 'fuzz': f'../fuzz/{rest}.c'}
    return sorted(TESTS.glob(places.get(kind, f'{kind}.py')))


def hazards_complete(options):
    """No row of the list is missing here."""
    source = ROOT.parent / 'shared/HAZARDS.md'
    if not source.exists():
        return Outcome.skip('the list of hazards is not here')
    found = {row for row, _ in ROW.findall(source.read_text())}
    return Outcome.of(found == set(hazard_rows()), f'rows that differ: {sorted(found ^ set(hazard_rows()))}')


def budget_complete():
    """budget.txt has each kind once, and 12 minutes at most."""
    parts = read_budget().values()
    listed, kinds = sorted(k for _, kinds in parts for k in kinds), sorted({name for name, _ in KINDS})
    minutes = sum(minutes for minutes, _ in parts)
    return Outcome.of(listed == kinds and minutes <= 12, f'budget.txt has {listed}, {minutes} minutes; there are {kinds}')


def mistakes_apply():
    """What mistakes.py would put in still has its place."""
    stale, count = mistakes.stale(), len(mistakes.mistakes()) + len(mistakes.mistakes(mistakes.FOLDER / 'formal'))
    return Outcome(passed=count - len(stale), failed=len(stale), text='\n'.join(stale))


# ---- unit ----------------------------------------------------------------------------------------

def unit_tests(options):
    for build in options.builds:
        for source in sorted((TESTS / 'unit').glob('*_test.c')):
            program = ROOT / 'build' / build.name / 'tests/unit' / source.stem
            shared = options.fast or build.name != 'release'
            due = options.fast or units_of().get(build.name, {}).get(source.stem, True)
            yield Test(f'unit/{source.stem[:-5]}{build.suffix}', fast=build.name == 'release', full=not due,
                       run=lambda program=program, shared=shared: unit_run(options, [program], shared))


def unit_run(options, command, shared=True):
    """Of what there is much of a share, if `shared`; all of it when somebody asks for the test by name (check_due)."""
    if not command[-1].exists():
        return Outcome(failed=1, text=f'{command[-1]} was not built')
    env = {'WEFT_SHARE': str(share())} if shared and not options.full and not options.k else None
    return tally(run_command(command, cwd=ROOT, timeout=900 if options.full else 120, env=env))


def tally(done, skips=False):
    """The outcome of a program that ends with `N passed, N failed`."""
    found = TALLY.findall(done.stdout)
    outcome = Outcome(text=done.describe())
    if not found:
        outcome.failed = 1
        outcome.text += '\nno line `N passed, N failed`'
        return outcome
    outcome.passed, outcome.failed, skipped = (int(n or 0) for n in found[-1])
    if skips:
        for count, reason in SKIP_REASON.findall(done.stdout):
            outcome.skipped[reason.decode(errors='replace')] += int(count)
    unexplained = skipped - sum(outcome.skipped.values())
    if unexplained > 0:
        outcome.skipped['no reason given'] += unexplained
    if sanitizer_report(done) or (done.status != 0) != (outcome.failed != 0):
        outcome.failed = max(outcome.failed, 1)
        outcome.text += f'\nexit status {done.status} does not go with `{found[-1]}`'
    return outcome


# ---- wast ----------------------------------------------------------------------------------------

WAST_SUITES = [  # folder, features that are off by default
    ('spec/core', []), ('spec/custom', []), ('spec/legacy-exceptions', []), ('proposals/wide-arithmetic', []),
    ('proposals/custom-page-sizes', ['--features=+custom-page-sizes']), ('proposals/compact-import-section', []),
    ('proposals/custom-descriptors', ['--features=+custom-descriptors']),
    ('proposals/stack-switching', ['--features=+stack-switching']),
    ('proposals/threads', []), ('proposals/threads-upstream', []),
]


def wast_scripts(options):
    """Each script of the suites: its name, where it is, features, and how many commands of each kind it has."""
    expected = {}
    for line in (options.conformance / 'wast-counts.tsv').read_text().splitlines():
        if not line.startswith('#'):
            file, _, counts = line.partition('\t')
            expected[file] = {k: int(n) for k, n in (c.rsplit('=', 1) for c in counts.split())}
    for folder, features in WAST_SUITES:
        for path in sorted((options.conformance / folder).rglob('*.wast')):
            name = str(path.relative_to(options.conformance))
            yield name, path, features, expected.get(name)


def wast_tests(options):
    if not options.conformance:
        yield Test('wast', lambda: Outcome.skip('the conformance suites are not here (WEFT_CONFORMANCE)'))
        return
    for build in options.builds:
        for name, *script in wast_scripts(options):
            yield Test(f'wast/{name}{build.suffix}', lambda build=build, script=script: wast_run(build, *script))


def wast_run(build, path, features, counts):
    done = run_command([build.weft, 'wast', '-k', *INTERPRETED, *features, path], cwd=ROOT, timeout=300)
    outcome = tally(done, skips=True)
    if counts is None:
        outcome.fail('the file has no line in wast-counts.tsv')
        return outcome
    commands = sum(counts.values())
    # A thread is one command; what is in it counts too where threads are run.
    outside = sum(n for kind, n in counts.items() if not kind.startswith('thread:'))
    total = outcome.passed + outcome.failed + sum(outcome.skipped.values())
    if not TALLY.search(done.stdout):      # it died: all that the file holds failed
        outcome.failed = max(commands, 1)
    elif total not in (outside, commands):
        outcome.fail(f'{total} commands are accounted for, but the file holds {commands}'
                     + (f' ({outside} outside of threads)' if outside != commands else ''))
    return outcome


# ---- stops -----------------------------------------------------------------------------------------

STOPS = [('release', 1), ('release', 5), ('asan', 3)]       # build, at each so-manieth place


def stop_tests(options):
    if not options.conformance:
        yield Test('stops', lambda: Outcome.skip('the conformance suites are not here (WEFT_CONFORMANCE)'))
        return
    for build in options.builds:
        for name, every in STOPS:
            if name == build.name:
                yield Test(f'stops/{every}{build.suffix}', lambda build=build, every=every:
                           as_without(build, ['--stop-every', str(every)], options.conformance),
                           slow=True, full=name != 'release' and not in_share(0, 4))
        if build.name == 'release':
            yield Test('stops/bare', lambda build=build: as_without(build, ['--bare'], options.conformance), slow=True)


def as_without(build, how, conformance):
    command = [build.weft, 'wast', '-k', *INTERPRETED]
    return as_ever(command, [*command, *how], conformance)


@functools.cache
def plainly(*command):
    """What many are compared with."""
    return tally(run_command(command, cwd=ROOT, timeout=300), skips=True)


def as_ever(plain, other, conformance):
    """All scripts in one process give what they give otherwise."""
    files = sorted(p for folder in ('spec/core', 'spec/legacy-exceptions') for p in (conformance / folder).rglob('*.wast'))
    files += sorted((TESTS / 'hazards').glob('R1[69]*.wast'))       # what is deep
    outcome, plain = tally(run_command([*other, *files], cwd=ROOT, timeout=300), skips=True), plainly(*plain, *files)
    if (outcome.passed, outcome.failed, outcome.skipped) != (plain.passed, plain.failed, plain.skipped):
        outcome.fail(f'else {plain.passed} passed and {plain.failed} failed')
    return outcome


# What else is the same when code is compiled. What is no tier, but trouble that one meets, takes turns.
TIERS = [('baseline', ['--tier=baseline']), ('baseline-checked', ['--tier=baseline', '--faults=off']),
         ('baseline-stops', ['--tier=baseline', '--stop-every', '1']),
         ('opt', ['--tier=opt']), ('opt-stops', ['--tier=opt', '--stop-every', '1']),
         ('opt-down', ['--tier=opt', '--down-every', '3']), ('opt-gc', ['--tier=opt', '--gc-stress']),
         ('baseline-gc', ['--tier=baseline', '--gc-stress']), ('auto', ['--tier=auto', '--hot', '1']),
         ('auto-stops', ['--tier=auto', '--hot', '2', '--stop-every', '1']),
         ('beside', ['--tier=auto', '--hot', '1', '--beside', '1']), ('beside-waited', ['--tier=baseline', '--beside', '1']),
         # as often as can be up and down between what was compiled and the interpreter
         ('down', ['--tier=baseline', '--down-every', '1']), ('mix', ['--tier=auto', '--hot', '1', '--down-every', '3']),
         ('mix-stops', ['--tier=auto', '--hot', '1', '--down-every', '3', '--stop-every', '1']),
         ('mix-gc', ['--tier=auto', '--hot', '1', '--down-every', '2', '--gc-stress']),
         # and up from baseline code
         ('up', ['--tier=auto', '--hot', '1', '--up-every', '1']),
         # having seen whom calls by tables and references call
         ('up-seen', ['--tier=auto', '--hot', '4', '--up-every', '1']),
         ('up-mix', ['--tier=auto', '--hot', '1', '--up-every', '2', '--down-every', '3']),
         ('up-stops', ['--tier=auto', '--hot', '1', '--up-every', '1', '--stop-every', '1'])]


def tier_tests(options):
    """All scripts in one process, for each set of features, give in compiled code what the interpreter gives."""
    if not options.conformance:
        yield Test('tiers', lambda: Outcome.skip('the conformance suites are not here (WEFT_CONFORMANCE)'))
        return
    own = sorted(p for names in ('regress/*', 'gc/*', 'conts/*', 'hazards/R59*') for p in TESTS.glob(f'{names}.wast'))
    switching = sorted(p for peer in ('wizard', 'wasmtime') for p in (options.conformance / peer).rglob('*stack-switching/*.wast'))
    switching += sorted((TESTS / 'conts').glob('*.wast'))
    yield Test('tiers/processors', lambda: lesser_processors(options.builds[0]))
    for build in options.builds:
        for n, (name, how) in enumerate(TIERS):
            if '--stop-every' not in how:
                yield Test(f'tiers/own-{name}{build.suffix}', lambda build=build, how=how: tally(run_command(
                    [build.weft, 'wast', '-k', '--features=all', *how, *own], cwd=ROOT, timeout=120), skips=True),
                    fast=build.name == 'release', full=build.name != 'release' and not in_share(n, 4))
            yield Test(f'tiers/switching-{name}{build.suffix}', lambda build=build, how=how: tally(run_command(
                [build.weft, 'wast', '-k', '--features=all', *how, *switching], cwd=ROOT, timeout=120)), slow=True,
                full=build.name != 'release' and not in_share(n, 4))
            trouble = len(how) > 1 and name != 'auto'
            yield Test(f'tiers/{name}{build.suffix}', lambda build=build, how=how: every_suite(build, how, options.conformance),
                       slow=True, full=(trouble and not in_share(n, 4)) if build.name == 'release' else (name != 'baseline' or not in_share(0, 3)))


# What it lacks for compiled code to run.
PROCESSORS = {'Westmere': 'is not run here, for want of AVX', 'SandyBridge': 'is not run here, for want of AVX2', 'Haswell': 'runs here'}


def lesser_processors(build):
    """Where the processor cannot run compiled code all is interpreted, whatever tier is asked for."""
    emulator = shutil.which('qemu-x86_64')
    if not emulator or platform.machine() != 'x86_64':
        return Outcome.skip('qemu-x86_64 is not here')
    outcome, script = Outcome(), next(iter(sorted((TESTS / 'regress').glob('locals*.wast'))))
    for name, said in PROCESSORS.items():
        features, ran = (run_command([emulator, '-cpu', name, build.weft, *words], cwd=ROOT, timeout=60)
                         for words in (['features'], ['wast', '--tier=baseline', script]))
        if features.stdout.decode().endswith(f'compiled code {said}\n') and ran.status == 0:
            outcome.passed += 1
        else:
            outcome.fail(f'{name}: {features.describe()}{ran.describe()}')
    return outcome


def every_suite(build, how, conformance):
    outcome = Outcome()
    for features in sorted({tuple(features) for _, features in WAST_SUITES}):
        files = sorted(p for folder, wants in WAST_SUITES if tuple(wants) == features
                       for p in (conformance / folder).rglob('*.wast'))
        command = [build.weft, 'wast', '-k', *features]
        plain = plainly(*command, *INTERPRETED, *files)
        other = tally(run_command([*command, *how, *files], cwd=ROOT, timeout=300), skips=True)
        outcome.passed += other.passed
        outcome.skipped += other.skipped
        if (other.passed, other.failed, other.skipped) != (plain.passed, plain.failed, plain.skipped):
            outcome.fail(f'{" ".join(features)}: else {plain.passed} passed and {plain.failed} failed\n{other.text}')
    return outcome


def stack_tests(options):
    """The same on threads of little stack (hazards R16, R19, R83): nothing is as deep in C as it is in the input."""
    if not options.conformance or options.builds[0].name != 'release':
        return
    weft = options.builds[0].weft
    for size in 64, 128:
        for tier in 'interp', 'baseline':
            small = ['sh', '-c', f'ulimit -s {size} && exec "$0" "$@"', weft, 'wast', '-k', f'--tier={tier}']
            yield Test(f'stops/stack-{size}-{tier}', lambda small=small: as_ever([weft, 'wast', '-k', *INTERPRETED], small, options.conformance))


# ---- snapshots -----------------------------------------------------------------------------------

def moved(done):
    """A tally, of scripts that did go on from snapshots."""
    outcome = tally(done, skips=True)
    if not re.search(rb'^went on from [1-9]\d{2,} snapshots$', done.stdout, re.M):
        outcome.failed = max(outcome.failed, 1)
        outcome.text += '\nhardly any script went on from a snapshot'
    return outcome


def snapshot_tests(options):
    """Scripts give what they give otherwise when each so-manieth stop is written to a snapshot, and another store goes on."""
    own = sorted(p for names in ('regress/*', 'gc/*', 'conts/*', 'hazards/R59*') for p in TESTS.glob(f'{names}.wast'))
    if options.conformance:
        own += sorted(p for peer in ('wizard', 'wasmtime') for p in (options.conformance / peer).rglob('*stack-switching/*.wast'))
    for build in options.builds:
        for every, tier in enumerate(('interp', 'baseline', 'auto'), 61):
            how = [f'--tier={tier}', '--snapshot-every', str(every)]
            yield Test(f'snapshots/own-{tier}{build.suffix}', lambda build=build, how=how: moved(run_command(
                [build.weft, 'wast', '-k', '--features=all', *how, *own], cwd=ROOT, timeout=300)),
                fast=build.name == 'release' and tier == 'auto',
                full=build.name != 'release' or (tier != 'auto' and not in_share(every, 2)))
        if options.conformance:
            apart = '4001' if options.full else '20011'
            yield Test(f'snapshots/suites{build.suffix}', lambda build=build, apart=apart: as_ever(
                [build.weft, 'wast', '-k'], [build.weft, 'wast', '-k', '--snapshot-every', apart], options.conformance),
                slow=True, full=build.name != 'release' or not in_share(0, 4))


# ---- collections ---------------------------------------------------------------------------------

STRESS = [['--gc-stress'], ['--gc-stress', '--stop-every', '1']]


def gc_tests(options):
    """Scripts about what is kept where, and all official ones that can make objects, with a collection before each object."""
    own = sorted(p for folder in ('gc', 'conts') for p in (TESTS / folder).glob('*.wast'))
    for build in options.builds:
        for how in STRESS:
            name = '-'.join(word.strip('-') for word in how)
            yield Test(f'gc/{name}{build.suffix}', lambda build=build, how=how: tally(run_command(
                [build.weft, 'wast', '-k', '--features=all', *INTERPRETED, *how, *own], cwd=ROOT, timeout=120), skips=True), fast=build.name == 'release')
            if options.conformance:
                yield Test(f'gc/suites-{name}{build.suffix}', lambda build=build, how=how:
                           as_without(build, how, options.conformance), slow=True, full=build.name != 'release')


# ---- threads -------------------------------------------------------------------------------------

def threads_tests(options):
    """Under the thread sanitizer: the unit tests that have threads, and the official scripts, a share at a time."""
    if options.weft or len(options.builds) < 2:
        return
    build = BUILD('tsan', ROOT / 'build/tsan/weft', '@tsan')
    if not build.weft.exists():
        yield Test('unit/threads@tsan', full=not kind_due('tsan'),
                   run=lambda: Outcome.skip('there is no build under the thread sanitizer'))
        return
    for source in sorted((TESTS / 'unit').glob('*_test.c')):
        program = ROOT / 'build/tsan/tests/unit' / source.stem
        if program.exists():
            yield Test(f'unit/{source.stem[:-5]}@tsan', lambda program=program: unit_run(options, [program]),
                       full=not (kind_due('tsan') and units_of()['tsan'][source.stem]))
    for n, (name, *script) in enumerate(wast_scripts(options) if options.conformance else ()):
        yield Test(f'wast/{name}@tsan', lambda script=script: wast_run(build, *script), full=not (kind_due('tsan') and in_share(n)))


# ---- hazards -------------------------------------------------------------------------------------

def hazard_tests(options):
    """Scripts named after what has gone wrong elsewhere. A first line `;;features +a` switches those on."""
    for build in options.builds:
        for path in sorted((TESTS / 'hazards').glob('*.wast')):
            for name, how in ('', INTERPRETED), ('-usual', []):
                yield Test(f'hazards/{path.name}{name}{build.suffix}', lambda path=path, build=build, how=how: hazard_run(build, path, how),
                           fast=build.name == 'release')


def hazard_run(build, path, how):
    words = path.read_text().split('\n')[0].split()
    features = [f'--features={words[1]}'] if words[:1] == [';;features'] else []
    return tally(run_command([build.weft, 'wast', '-k', *how, *features, path], cwd=ROOT, timeout=120), skips=True)


# ---- wasi ----------------------------------------------------------------------------------------

def wasi_tests(options):
    suite = options.conformance and options.conformance / 'wasi-testsuite/wasm32-wasip1'
    if not suite or not suite.is_dir():
        yield Test('wasi', lambda: Outcome.skip('the WASI suite is not here (WEFT_CONFORMANCE)'))
        return
    for build in options.builds:
        for path in sorted(suite.rglob('*.wasm')):
            yield Test(f'wasi/{path.relative_to(suite)}{build.suffix}',
                       lambda path=path, build=build: wasi_run([build.weft], path))
            for tier in ('interp', 'baseline', 'opt', 'spec') if build.name == 'release' else ():
                yield Test(f'wasi/{path.relative_to(suite)}-{tier}',
                           lambda path=path, build=build, tier=tier: wasi_run([build.weft], path, [f'--tier={tier}']))


def wasi_run(weft, path, how=(), program=None):
    manifest = path.with_suffix('.json')
    want = json.loads(manifest.read_text()) if manifest.exists() else {}
    with tempfile.TemporaryDirectory(prefix='weft-wasi-') as scratch:
        command = [*weft, 'run', *how]
        if 'root' in want:      # the tests write in it
            shutil.copytree(path.parent / want['root'], f'{scratch}/root', symlinks=True)
            command += ['--dir', f'{scratch}/root::/']
        for key, value in want.get('env', {}).items():
            command += ['--env', f'{key}={value}']
        done = run_command([*command, program or path, *want.get('args', [])], cwd=scratch, timeout=60)
    wrong = sanitizer_report(done)
    if done.status != want.get('exit_code', 0):
        wrong += f'exit status {done.status}, expected {want.get("exit_code", 0)}\n'
    if 'stdout' in want and done.stdout.decode(errors='replace') != want['stdout']:
        wrong += diff_text(want['stdout'].encode(), done.stdout, 'stdout')
    return Outcome.of(not wrong, done.describe() + '\n' + wrong)


# ---- cross, micro --------------------------------------------------------------------------------

# Under an emulator all takes ten times as long, and a part of it is enough: the less, the more alike the machine is to ours.
CROSS = [  # kind, what runs its programs, unit tests that take minutes there; one of so many unit tests, and of scripts
    # again: it looks at memory of the process, which is the emulator's. forged: what it writes only code of the processor could, which is
    # not there; nor is there address space for a heap that holds any reference on arm. fault: qemu-arm (7.2) faults for ever on a page
    # that was mapped anew where a file had been cut
    ('gcc', None, [], 4, SHARES), ('a64', 'qemu-aarch64', ['again', 'forged', 'guard', 'reduce'], SHARES, SHARES),
    ('arm', 'qemu-arm', ['again', 'fault', 'forged', 'number', 'reduce', 'text'], SHARES, SHARES),
]


# What keeps a guest in is tried each time, in the release build.
EACH_TIME = ['account', 'beneath', 'escape', 'forged', 'guard', 'sandbox', 'unchecked', 'walled', 'wasi', 'wasi_extremes', 'wasi_grants']


def units_of():
    """Of each kind that runs a share of its unit tests: which it has, and whether they are due, if the kind is."""
    sources = sorted((TESTS / 'unit').glob('*_test.c'))
    return {kind: {source.stem: in_share(n, of_units) or (kind == 'release' and source.stem[:-5] in EACH_TIME) for n, source in enumerate(sources) if source.stem[:-5] not in left_out}
            for kind, _, left_out, of_units, _ in [*CROSS, ('release', None, [], 4, 1), ('asan', None, [], 8, 1), ('tsan', None, [], 4, 1)]}


def cross_tests(options):
    for kind, emulator, _, _, of_scripts in CROSS:
        build = ROOT / 'build' / kind
        if (emulator and not shutil.which(emulator)) or not (build / 'weft').exists():
            yield Test(f'cross/{kind}', full=not kind_due(kind), run=lambda kind=kind: Outcome.skip(
                f'{kind} was not built, or cannot be run here (tools/setup.sh cross, make cross)'))
            continue
        runner, kind_now = [emulator] if emulator else [], kind_due(kind)
        for stem, due in units_of()[kind].items():
            program = build / 'tests/unit' / stem
            yield Test(f'cross/{kind}/unit/{stem[:-5]}', lambda program=program, runner=runner:
                       unit_run(options, [*runner, program]), full=not (kind_now and due))
        if not options.conformance:
            continue
        for n, path in enumerate(sorted((options.conformance / 'spec/core').rglob('*.wast'))):
            # an emulator takes half a second and a gigabyte for each reservation of a guarded memory
            command = [*runner, build / 'weft', 'wast', '-k', *(['--faults=off'] if emulator else []), path]
            yield Test(f'cross/{kind}/{path.relative_to(options.conformance)}', lambda command=command:
                       tally(run_command(command, cwd=ROOT, timeout=120), skips=True),
                       full=not (kind_now and in_share(n, of_scripts)))
        for n, path in enumerate(sorted((options.conformance / 'wasi-testsuite/wasm32-wasip1').rglob('*.wasm'))):
            yield Test(f'cross/{kind}/wasi/{path.name}', lambda path=path, runner=runner, build=build:
                       wasi_run([*runner, build / 'weft'], path), full=not (kind_now and in_share(n, of_scripts)))


TOO_LARGE = b'(module (memory i64 65537) (func (export "peek") (param i64) (result i32) (i32.load (local.get 0))))'


def narrow_tests(options):
    """Hostile input where a size has 32 bits (hazard R81): all that is short, and a share of what is long."""
    folder, emulator = ROOT / 'build/arm', shutil.which('qemu-arm')
    if not emulator or not (folder / 'weft').exists():
        return      # cross/arm says so
    script = folder / 'weft-emulated'       # one program, for who starts one
    script.write_text(f'#!/bin/sh\nexec {shlex.quote(emulator)} {shlex.quote(str(folder / "weft"))} "$@"\n')
    script.chmod(0o755)
    build = BUILD('arm', script, '')
    def too_large():
        done = run_command([script, 'run', '--invoke', 'peek', '-', '65536'], stdin=TOO_LARGE)
        return Outcome.of(done.status == 1 and b'addresses reach no further' in done.stderr, done.describe())
    def long_file():        # the first 8 bytes of it are a module
        with tempfile.NamedTemporaryFile(prefix='weft-long-') as file:
            file.write(bombs.MAGIC)
            file.truncate(2**32 + 8)
            done = run_command([script, 'validate', file.name])
        return Outcome.of(done.status == 1, done.describe())
    fault = [emulator, folder / 'tests/fault/fault']
    parts = 1 if options.full else 4
    rows = [row for n, (row, _) in enumerate(hostile.fault_rows()) if options.full or in_share(n)]
    few = [] if options.full else ['--most', 10, '--share', share()]
    tests = {'too-large': too_large, 'long-file': long_file,
             'fault/own': lambda: hostile.fault([*fault, '--most', 1, '--share', share()], rows, tally),
             'fault/scripts': lambda: hostile.fault_scripts([*fault, *few], options, tally, most=4),
             'robust/absurd': lambda: robust.absurd(build, parts), 'robust/not-there': lambda: robust.not_there(build)}
    for name, command, count in (('validate', ['validate'], 600), ('inspect', ['inspect'], 60), ('run', None, 60), ('parse', robust.PARSE, 60)):
        tests[f'robust/damaged-{name}'] = lambda name=name, command=command, count=count: robust.damaged(
            build, name, command, count, options.conformance, parts)
    for path in sorted((TESTS / 'hazards').glob('*.wast')):
        tests[f'hazards/{path.name}'] = lambda path=path: hazard_run(build, path, INTERPRETED)
    for name, run in tests.items():
        yield Test(f'cross/arm/{name}', run, full=not kind_due('arm'))
    for n, name in enumerate(name for name in bombs.BOMBS if name.startswith('claim-') or name in bombs.EMULATED):
        yield Test(f'cross/arm/bombs/{name}', lambda name=name: bombs.run(build, name),
                   full=not (kind_due('arm') and in_share(n, 4)))


MICRO_MOST = 150000     # bytes, stripped


def micro_tests(options):
    for kind, machine in ('micro', []), ('micro-arm', ['qemu-arm', '-L', '/usr/arm-linux-gnueabihf']):
        program = ROOT / 'build' / kind / 'weft-micro'
        if not program.exists() or (machine and not shutil.which(machine[0])):
            yield Test(f'micro/{kind}', lambda kind=kind: Outcome.skip(f'{kind} was not built, or cannot be run here'))
            continue
        def size(program=program):
            bytes = program.stat().st_size
            return Outcome.of(bytes <= MICRO_MOST, f'{program}: {bytes} bytes, at most {MICRO_MOST}')
        def example(program=program, machine=machine):
            done = run_command([*machine, program])
            return Outcome.of(done.status == 0 and done.stdout == b'21\n', done.describe())
        yield Test(f'micro/{kind}/size', size)
        yield Test(f'micro/{kind}/gcd', example)


# ---- the driver ----------------------------------------------------------------------------------

KINDS = [('tree', tree_tests), ('unit', unit_tests), ('golden', golden.tests), ('check', lambda options: checking.tests(options, tally)), ('guide', guide.tests), ('print', printing.tests), ('strip', stripping.tests), ('opt', lambda options: opt.tests(options, as_ever, tally)), ('init', initialising.tests), ('inspect', inspecting.tests), ('doctor', doctoring.tests), ('listed', listing.tests), ('wast', wast_tests), ('stops', stop_tests), ('tiers', tier_tests), ('stops', stack_tests), ('gc', gc_tests), ('snapshots', snapshot_tests), ('snapshots', lambda options: resuming.tests(options, [row[:2] for row in CROSS], kind_due)), ('gc', collecting.tests), ('formal', lambda options: formal.tests(options, tally)), ('step', stepping.tests),
         ('peers', peers.tests), ('wabt', wabt.tests), ('wit', wit.tests), ('componentizing', componentizing.tests), ('goldens', goldens.tests), ('composing', composing.tests), ('bindgen', bindgen.tests), ('crashes', crashes.tests), ('numeric', numeric.tests), ('numeric', ways.tests), ('hazards', hazard_tests), ('signatures', signatures.tests), ('components', components.tests), ('reducing', reducing.tests), ('wasi', wasi_tests), ('wasi2', lambda options: wasi2.tests(options, wasi_run)),
         ('signals', signals.tests), ('threaded', threaded.tests), ('reading', reading.tests), ('changing', changing.tests), ('where', where.tests), ('full', full.tests), ('command', command.tests), ('compiled', compiled.tests), ('robust', robust.tests), ('bombs', bombs.tests), ('mutants', mutants.tests),
         ('fault', lambda options: hostile.fault_tests(options, tally)), ('fuzz', hostile.fuzz_tests),
         ('modes', hostile.modes_tests), ('gen', lambda options: generated.tests(options, tally)), ('under', under.tests), ('embed', embed.tests), ('hosts', hosting.tests), ('python', lambda options: packaged.tests(options, tally)), ('js', javascript.tests), ('real', real.tests),
         ('wast', threads_tests), ('cross', cross_tests), ('cross', narrow_tests), ('micro', micro_tests)]


def read_known():
    """known.txt: NAME [COUNT] REASON; COUNT is how many assertions of that file fail, else 1."""
    known = {}
    for line in (TESTS / 'known.txt').read_text().splitlines():
        if line.strip() and not line.startswith('#'):
            name, count, reason = re.fullmatch(r'(\S+)\s+(?:(\d+)\s+)?(\S.*)', line.strip()).groups()
            known[name] = (int(count or 1), reason)
    return known


def apply_known(known, name, outcome):
    expected = known.get(name) or known.get(re.sub('@[at]san$', '', name))
    if not expected or (not outcome.failed and not outcome.passed):
        return
    count, reason = expected
    if outcome.failed == count:
        outcome.failed = 0
        outcome.skipped[f'known to fail: {reason}'] += count
    elif outcome.failed == 0:
        outcome.fail(f'tests/known.txt says that this fails, and it passes: remove its line ({reason})')
    else:
        outcome.text += f'\ntests/known.txt expects {count} failures here, not {outcome.failed}'


def read_budget():
    """budget.txt: PART MINUTES KIND..."""
    lines = (line.split() for line in (TESTS / 'budget.txt').read_text().splitlines() if not line.startswith('#'))
    return {part: (float(minutes), kinds) for part, minutes, *kinds in lines}


def find_conformance():
    for place in (os.environ.get('WEFT_CONFORMANCE'), ROOT.parent / 'shared/conformance'):
        if place and (Path(place) / 'wast-counts.tsv').exists():
            return Path(place).resolve()
    return None


def parse_options():
    parser = argparse.ArgumentParser(description='runs Weft\'s tests')
    parser.add_argument('-k', metavar='PATTERN', default='', help='only tests whose name holds this, or matches it')
    parser.add_argument('-x', action='store_true', help='end with the first that fails')
    # A third of what they take is waiting.
    parser.add_argument('-j', metavar='N', type=int, default=(os.cpu_count() or 1) * 3 // 2, help='tests at a time')
    parser.add_argument('--fast', action='store_true', help='those of `make t`: release, no suites')
    parser.add_argument('--full', action='store_true', help='also those of `make full`, which else run when -k names them')
    parser.add_argument('--built-in', metavar='SECONDS', type=float, help='what the builds took, for the budget')
    parser.add_argument('--slowest', metavar='N', type=int, default=0, help='print which tests took longest')
    parser.add_argument('--bless', action='store_true', help='write what golden tests print as what they expect')
    parser.add_argument('--list', action='store_true', help='print the names and run nothing')
    parser.add_argument('--kinds', metavar='KIND,...', help='print which of these builds are due, and run nothing')
    parser.add_argument('--targets', action='store_true', help='print which fuzz targets are due, and run nothing')
    parser.add_argument('--units', metavar='KIND', help='print the unit tests of build/KIND that are due, and run nothing')
    parser.add_argument('--weft', metavar='PROGRAM', help='test this program instead of our builds')
    parser.add_argument('--build', metavar='KIND', help='or the programs of build/KIND')
    parser.add_argument('--only', metavar='KIND,...', help='only these kinds of tests')
    options = parser.parse_args()
    options.conformance = find_conformance()
    if options.full:
        os.environ['WEFT_FULL'] = '1'       # to unit tests
    if options.build:
        options.weft = ROOT / 'build' / options.build / 'weft'
    if options.weft:
        options.builds = [BUILD(options.build or 'release', Path(options.weft).resolve(), '')]
    else:
        options.builds = [*BOTH]
        if options.fast or options.bless:
            del options.builds[1]
    return options


def wanted(name, pattern):
    return pattern in name or fnmatch.fnmatch(name, pattern)


# What is about components is long, and was fuzzed: under the sanitizers it is done in quarters.
QUARTERED = tuple(f'{kind}/' for kind in ('bindgen', 'components', 'componentizing', 'composing', 'goldens', 'wasi2', 'wit'))


def main():
    # Who starts us in the background, or by nohup, ignores these, and so would all that we start and interrupt.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    options = parse_options()
    if options.kinds:
        print(*filter(kind_due, options.kinds.split(',')))
        return 0
    if options.targets:
        print(*(stem for stem, due in hostile.fuzz_targets() if due))
        return 0
    if options.units:
        print('\n'.join(stem for stem, due in units_of()[options.units].items() if due))
        return 0
    only = ['golden', 'guide'] if options.bless else options.only.split(',') if options.only else None
    kinds = [k for k in KINDS if not only or k[0] in only]
    tests = [t for _, make in kinds for t in make(options) if wanted(t.name, options.k)]
    if options.fast:
        tests = [t for t in tests if t.fast]
    if not options.full and not options.k:
        tests = [t for n, t in enumerate(tests) if not t.full and not (t.name.startswith(QUARTERED) and t.name.endswith('@asan') and not in_share(n, 4))]
    if options.list:
        print('\n'.join(t.name for t in tests))
        return 0
    known, totals, reasons, times = read_known(), {}, Counter(), []
    terminal = sys.stderr.isatty()
    tests.sort(key=lambda t: not t.slow)         # the long ones first, to end together
    with concurrent.futures.ThreadPoolExecutor(options.j) as pool:
        started = {pool.submit(timed, t): t for t in tests}
        for n, future in enumerate(concurrent.futures.as_completed(started), 1):
            test, (outcome, seconds) = started[future], future.result()
            apply_known(known, test.name, outcome)
            times.append((seconds, test.name))
            row = totals.setdefault(test.name.split('/')[0], Counter())
            row.update({'tests': 1, f'tests {outcome.verdict()}': 1, 'passed': outcome.passed, 'failed': outcome.failed,
                        'skipped': sum(outcome.skipped.values()), 'ms': int(seconds * 1000)})
            reasons.update({(test.name.split('/')[0], r): c for r, c in outcome.skipped.items()})
            if terminal:
                print(f'\r\033[K[{n}/{len(tests)}] {test.name[:60]} ', end='', file=sys.stderr, flush=True)
            if outcome.failed:
                if terminal:
                    print('\r\033[K', end='', file=sys.stderr, flush=True)
                print(f'FAILED {test.name}\n    ' + outcome.shown().replace('\n', '\n    '), flush=True)
                if options.x:
                    pool.shutdown(wait=False, cancel_futures=True)
                    break
    if terminal:
        print('\r\033[K', end='', file=sys.stderr, flush=True)
    for seconds, name in sorted(times, reverse=True)[:options.slowest]:
        print(f'{seconds:8.1f} s  {name}')
    if not options.fast and not options.k and not options.bless:
        spent(totals, options)
    return report(totals, reasons)


def spent(totals, options):
    """What each part took of its minutes. Who shares the machine with others takes more: a warning fails nothing."""
    taken = {'builds': (options.built_in or 0) / 60}
    budget, over = read_budget(), []
    print(f'share {share()} of {SHARES}, {TURNS[number() // SHARES % len(TURNS)]}; SHARE={number() % (SHARES * len(TURNS))} takes the same')
    print(f'{"part":8}{"minutes":>9}{"taken":>8}')
    for part, (minutes, kinds) in budget.items():
        if kinds:
            taken[part] = sum(totals[k]['ms'] for k in kinds if k in totals) / 60000 / options.j
        print(f'{part:8}{minutes:9.1f}' + (f'{taken[part]:8.1f}' if part in taken else ''))
        if taken.get(part, 0) > minutes:
            over.append(f'warning: {part} took {taken[part]:.1f} minutes, and {minutes:g} are its line in tests/budget.txt')
    print(f'{"all":8}{sum(minutes for minutes, _ in budget.values()):9.1f}{sum(taken.values()):8.1f}')
    if over and not options.full:
        print('\n'.join(over))


def timed(test):
    start = time.monotonic()
    try:
        outcome = test.run()
    except Exception as problem:       # a test that cannot be carried out has failed
        import traceback
        outcome = Outcome(failed=1, text=traceback.format_exc())
    return outcome, time.monotonic() - start


def report(totals, reasons):
    for (kind, reason), count in sorted(reasons.items()):
        print(f'skipped {count} of {kind}: {reason}')
    print(f'{"kind":10}{"tests":>8}{"failed":>8}{"checks":>10}{"failed":>8}{"skipped":>9}{"seconds":>9}')
    order = [name for name, _ in KINDS]
    for kind, row in sorted(totals.items(), key=lambda item: order.index(item[0])):
        print(f'{kind:10}{row["tests"]:8}{row["tests failed"]:8}{row["passed"]:10}{row["failed"]:8}{row["skipped"]:9}'
              f'{row["ms"] / 1000:9.1f}')
    def line(*columns):
        return ', '.join(f'{sum(r[c] for r in totals.values())} {c.split()[-1]}' for c in columns)
    print('tests: ' + line('tests passed', 'tests failed', 'tests skipped'))
    print('checks: ' + line('passed', 'failed', 'skipped'))
    print(line('passed', 'failed'))
    failed, passed = (sum(r[c] for r in totals.values()) for c in ('failed', 'passed'))
    return 1 if failed or not passed else 0


if __name__ == '__main__':
    sys.exit(main())
