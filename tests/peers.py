"""peers.py -- the scripts of other engines' suites.

They are thousands and small, so one `weft wast` runs many of them. One that brings its process down is found
by halving: whoever is left alone with the blame has it. Each script is a test, and as with the official suites
each of its commands counts and none may get lost.

What a suite says about features is taken from where it says so: `;;! key = value` (Wasmtime), `;; RUN: ... -f
LIST` (wasm-tools), `;; RUN: ... --enable-X` (Binaryen's validation/, where each such line is a test), the
folder's name (Wizard). Four lists say what else is different from an ordinary script:

    INPUTS          modules that are another tool's input, with imports that nobody here has: they are only validated
    TWINS           folders with an X.bin.wast for each X.wast, which must do the same
    SWITCHED_OFF    scripts about what is refused without its feature, which is malformed to us and invalid to others
    LEFT_OUT        scripts in a language that is not ours yet: they are run, since they must not bring us down
                    either, but their verdicts do not count
"""
import copy, fnmatch, re, tempfile, threading
from pathlib import Path

from outcome import Outcome, Test, run_command, sanitizer_report

SUITES = ['binaryen/spec', 'binaryen/basic', 'wasmtime/misc_testsuite', 'wasm-tools/cli', 'wizard/regress',
          'wizard/stress', 'wamr/ba-issues', 'proposals/shared-everything-threads']
BATCH = 150      # scripts

INPUTS = ['binaryen/basic/*', '*.fail.wast'] + ['wasm-tools/cli/' + name for name in (
    'branch-hinting/branch-hinting-simple.wast', 'custom-descriptors-ops.wast', 'folding/branch-hinting-simple.wast',
    'folding/fold-call-import-gen-names.wast', 'fuzz1.wast', 'gc/gc-ref-global-import.wast', 'lime1.wast',
    'naming.wast', 'table-copy.wast')]
TWINS = ['wizard/regress']

SWITCHED_OFF = ['wasm-tools/cli/missing-features/*', 'wasm-tools/cli/*-disabled.wast', 'wasm-tools/cli/lime1.wast',
                'wasm-tools/cli/compact-imports/compact-imports-rejected.wast',
                *('wasm-tools/cli/component-model/' + name for name in (
                    'async/futures.wast', 'async/streams.wast', 'async/task-builtins.wast', 'memory64.wast', 'resources.wast')),
                'wasmtime/misc_testsuite/component-model/implements-disabled.wast']

LEFT_OUT = {     # the early proposal -> patterns
    'shared-everything-threads': [
        'proposals/shared-everything-threads/*', 'wasm-tools/cli/shared-everything-threads/*',
        'wasm-tools/cli/component-model/shared-everything-threads/*', 'wasm-tools/cli/missing-features/*shared-*', 'binaryen/spec/shared-*', 'binaryen/basic/shared-*',
        'binaryen/basic/gc-atomics-null-refs.wast', 'binaryen/basic/print-explicit-typeuse.wast',
        'binaryen/basic/pause.wast', 'binaryen/validation/elem-type.wast:2', 'binaryen/validation/pause.wast:2',
        'binaryen/validation/shared-[acrs][bet]*:2', 'binaryen/validation/struct-atomic-threads.wast:2',
        'binaryen/validation/table-type.wast:2', 'binaryen/spec/convert_extern.wast'],
    'acquire-release and relaxed atomics': [
        'binaryen/spec/acquire-release-atomics/*', 'binaryen/basic/relaxed-atomics.wast',
        'binaryen/validation/acquire-release-atomics.wast:[13]', 'binaryen/validation/relaxed-atomics.wast:[13]'],
    'half-precision': ['binaryen/spec/f16.wast', 'binaryen/basic/f16.wast', 'binaryen/validation/fp16.wast:2'],
    'stringref': ['binaryen/basic/unreachable-string-new.wast', 'binaryen/validation/strings-in-types.wast:2',
                  'binaryen/validation/no-type-collision-stringref.wast:1'],
    'multibyte-array-access': ['binaryen/spec/array-multibyte.wast'],
    'cm-gc': ['wasm-tools/cli/component-model/gc/*', 'wasmtime/misc_testsuite/component-model/gc/*'],
    'wat-numeric-values': ['wasm-tools/cli/wat-numerics.wast'],
}

ALL_OURS = '+custom-page-sizes,+memory-control,+custom-descriptors,+stack-switching'
OURS = {'mutable-global', 'sign-extension', 'nontrapping-float-to-int', 'multi-value', 'reference-types', 'bulk-memory',
        'simd', 'extended-const', 'tail-call', 'exception-handling', 'multi-memory', 'memory64', 'function-references',
        'gc', 'relaxed-simd', 'threads', 'wide-arithmetic', 'compact-imports', 'legacy-exceptions',
        'custom-page-sizes', 'memory-control', 'custom-descriptors', 'stack-switching', 'branch-hinting',
        'cm-async', 'cm-map', 'cm-implements', 'cm-nested-names', 'cm-more-async', 'cm-async-stackful', 'cm-threading',
        'cm-error-context', 'cm-fixed-length-lists', 'cm-memory64', 'cm-canonical-names', 'cm-values'}
OTHER_NAMES = {'exceptions': 'exception-handling', 'saturating-float-to-int': 'nontrapping-float-to-int',
               'sign-ext': 'sign-extension', 'mutable-globals': 'mutable-global', 'multimemory': 'multi-memory',
               'multivalue': 'multi-value', 'cm64': 'cm-memory64', 'cm-canon-names': 'cm-canonical-names',
               'cm-more-async-builtins': 'cm-more-async'}
SETS = {'mvp': '-all,+core,+annotations', 'wasm1': '-all,+core,+annotations,+mutable-global',
        'lime1': '-all,+core,+annotations,+mutable-global,+multi-value,+sign-extension,+nontrapping-float-to-int,'
                 '+extended-const,+bulk-memory'}


def matches(name, patterns):
    return any(fnmatch.fnmatch(name, pattern) for pattern in patterns)


def feature(word, on):
    word = re.sub('^component-model-', 'cm-', word)
    word = OTHER_NAMES.get(word, word)
    return [('+' if on else '-') + word] if word in OURS else []


def options_of(name, text):
    """The command's options for a script: its features, and what else it asks for."""
    switches, others = [], []
    if name.startswith('binaryen/'):
        switches.append(ALL_OURS)
        if name == 'binaryen/spec/simd.wast':      # it wants the canonical NaN where others may be
            others.append('--deterministic')
    elif name.startswith('wasmtime/'):
        for key, value in re.findall(r'^;;! *([\w-]+) *= *(\w+)', text, re.M):
            key = key.replace('_', '-')
            if key == 'nan-canonicalization':
                others.append('--deterministic')
            switches += feature(key, value in ('true', 'yes'))
    elif name.startswith('wasm-tools/'):
        switches.append('-legacy-exceptions')
        if name.endswith('missing-features/component-model/map.wast'):     # which that tool has to be asked for
            switches.append('-cm-map')
        run = re.search(r'^;; *RUN.*?((?:\\\n.*)*)$', text, re.M)
        for words in re.findall(r'(?:-f|--features)[ =](\S+)', run[0] if run else ''):
            for word in words.split(','):
                switches += [SETS[word]] if word in SETS else feature(word.lstrip('-'), word[0] != '-')
    elif name.startswith(('wizard/regress/ext-stack-switching', 'wizard/stress')):
        switches.append('+stack-switching')
    return (['--features=' + ','.join(switches)] if switches else []) + others


def validation_runs(text):
    """What Binaryen's RUN lines ask of a script: (line's number, options, whether it is to be refused)."""
    for number, line in enumerate(re.findall(r'^;; *RUN:(.*)', text, re.M), 1):
        if 'wasm-opt' not in line or '%s' not in line:
            continue
        switches = [ALL_OURS] if re.search(r' -all\b| --all-features', line) else \
                   ['-all,+core,+annotations,+mutable-global,+sign-extension']
        for verb, word in re.findall(r'--(enable|disable)-([\w-]+)', line):
            switches += feature(word, verb == 'enable')
            if word == 'gc':
                switches += feature('function-references', verb == 'enable')
        yield number, ['--features=' + ','.join(switches)], ' not ' in line


def as_definitions(text):
    """Modules that are bare commands are validated, and not instantiated."""
    return re.sub(r'^\(module\b(?! +(?:definition|instance)\b)', '(module definition', text, flags=re.M)


REFUSED_FOR_FEATURE = re.compile(r': assert_(?:invalid|malformed): refused for another reason: feature is not enabled: ')


# ---- running them --------------------------------------------------------------------------------

class Script:
    def __init__(self, name, path, options, counts, refused=False):
        self.name, self.path, self.options, self.counts, self.refused = name, str(path), options, counts, refused
        self.outcome = None

    def settle(self, outcome):
        """An outcome that accounts for each command."""
        self.outcome = outcome
        if self.counts is None:
            outcome.fail('the script has no line in wast-counts.tsv')
            return
        held = sum(self.counts.values())
        # A thread is one command; what is in it counts too where threads are run.
        outside = sum(n for kind, n in self.counts.items() if not kind.startswith('thread:'))
        if outcome.failed < 0:
            outcome.failed = max(held, 1)
            return
        total = outcome.passed + outcome.failed + sum(outcome.skipped.values())
        if total not in (outside, held):
            outcome.fail(f'{total} commands are accounted for, but the script holds {held}'
                         + (f' ({outside} outside of threads)' if outside != held else ''))
        elif self.refused:
            outcome.passed, outcome.failed = outcome.failed, outcome.passed
            if outcome.failed:
                outcome.text += '\nit was to be refused'
        for proposal, patterns in LEFT_OUT.items():
            if total == outside and matches(self.name, patterns):
                if not outcome.failed and not outcome.skipped and not self.refused:
                    outcome.fail('this is in LEFT_OUT and passes')
                else:
                    self.outcome = Outcome.skip(f'the proposal {proposal}', outside)
                return


class Batch:
    """Scripts that one process runs, once, when the first of their tests asks."""
    def __init__(self, build, root):
        self.build, self.root = build, root
        self.scripts, self.ran, self.lock = [], False, threading.Lock()

    def outcome(self, script):
        with self.lock:
            if not self.ran:
                self.run(self.scripts)
                self.ran = True
        return copy.deepcopy(script.outcome)    # what is known to fail is taken out of it, and a twin asks too

    def run(self, scripts):
        """True: it came to a good end, whatever the verdicts."""
        paths = [script.path for script in scripts]
        done = run_command([self.build.weft, 'wast', '-k', *scripts[0].options, *paths], cwd=self.root, timeout=300)
        good = done.status in (0, 1) and not sanitizer_report(done)
        if not good and len(scripts) > 1:
            half = len(scripts) // 2
            if self.run(scripts[:half]) & self.run(scripts[half:]):
                scripts[0].outcome.fail('alone each is good, but not together:\n' + done.describe())
            return False
        lines = done.stdout.decode(errors='replace').splitlines()
        # The reasons are said once for all scripts, so a script is told of the next that are left.
        reasons = [reason for line in lines for count, reason in re.findall(r'^skipped (\d+): (.*)', line)
                   for _ in range(int(count))]
        told = {}
        for line in lines:
            told.setdefault(line.partition(':')[0], []).append(line)
        for script in scripts:
            own = told.get(script.path, [])
            last = (lines if len(scripts) == 1 else own)[-1:]
            counts = re.search(r'(?:^|: )(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$', ''.join(last))
            outcome = Outcome(text='\n'.join(own) if good else done.describe())
            if good and counts:
                outcome.passed, outcome.failed, skipped = (int(n or 0) for n in counts.groups())
                outcome.skipped.update(reasons[:skipped])
                del reasons[:skipped]
                if matches(script.name, SWITCHED_OFF):
                    off = len(REFUSED_FOR_FEATURE.findall(outcome.text))
                    outcome.passed, outcome.failed = outcome.passed + off, outcome.failed - off
            else:
                outcome.failed = -1      # all that it holds
            script.settle(outcome)
        return good


def scripts_of(options, scratch):
    commands = {}
    for line in (options.conformance / 'wast-counts.tsv').read_text().splitlines():
        if not line.startswith('#'):
            name, _, counts = line.partition('\t')
            commands[name] = {kind: int(n) for kind, n in (c.rsplit('=', 1) for c in counts.split())}
    def defined(name, text):
        path = Path(scratch) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(as_definitions(text))
        return path
    for suite in SUITES:
        for path in sorted((options.conformance / suite).rglob('*.wast')):
            name, text = str(path.relative_to(options.conformance)), path.read_text(errors='replace')
            if matches(name, INPUTS) and '(invoke' not in text:
                yield Script(name, defined(name, text), options_of(name, text), commands.get(name),
                             refused=name.endswith('.fail.wast'))
            else:
                yield Script(name, name, options_of(name, text), commands.get(name))
    for path in sorted((options.conformance / 'binaryen/validation').glob('*.wast')):
        name, text = str(path.relative_to(options.conformance)), path.read_text(errors='replace')
        for number, how, refused in validation_runs(text):
            yield Script(f'{name}:{number}', defined(f'{number}/{name}', text), how, commands.get(name), refused)


def tests(options):
    if not options.conformance:
        yield Test('peers', lambda: Outcome.skip('the conformance suites are not here (WEFT_CONFORMANCE)'))
        return
    scratch = tempfile.TemporaryDirectory(prefix='weft-peers-')      # lives as long as a test that refers to it
    for build in options.builds:
        open_batches, batch_of = {}, {}
        by_name = {script.name: script for script in scripts_of(options, scratch.name)}
        for script in by_name.values():
            how = (script.name.split('/')[0], *script.options)
            if how not in open_batches or len(open_batches[how].scripts) == BATCH:
                open_batches[how] = Batch(build, options.conformance)
            open_batches[how].scripts.append(script)
            batch_of[script.name] = open_batches[how]
        for name, script in by_name.items():
            yield Test(f'peers/{name}{build.suffix}', lambda batch=batch_of[name], script=script, scratch=scratch:
                       batch.outcome(script))
            twin = name.removesuffix('.wast') + '.bin.wast'
            if name.startswith(tuple(TWINS)) and twin in by_name:
                yield Test(f'peers/{twin}+text{build.suffix}', lambda a=script, b=by_name[twin], batch_of=batch_of:
                           same([(script, batch_of[script.name].outcome(script)) for script in (a, b)]))


def same(twins):
    """The binary one may define a module first and then make an instance of it."""
    counts = [(o.passed - script.counts.get('module-definition', 0), o.failed, sum(o.skipped.values()))
              for script, o in twins]
    return Outcome.of(counts[0] == counts[1], f'passed, failed, skipped: {counts[0]} of the text, {counts[1]} of the binary')
