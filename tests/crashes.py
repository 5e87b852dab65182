"""crashes.py -- what brought another engine down once, or came out wrong there.

    crashes/wamr/malformed/X           refused, or it traps
    crashes/wamr/ba-issues/N           what expectations.json says
    crashes/wasm-tools/wast-parse-fail/X   malformed
    crashes/wazero/..., wasm3/...      each export, with zeros and with awkward values: V8 gives the same
    crashes/binaryen/exec/X            what each export gives, and logs
    crashes/wizard/FOLDER/X            what main gives, and prints

Each runs in every build for this machine, and all of them say the same.
"""
import fnmatch, json, re, shutil, struct, tempfile
from pathlib import Path

import numeric
from outcome import Outcome, Test, run_command, sanitizer_report

TESTS = Path(__file__).resolve().parent
TRAP = 134
FUEL = 20_000_000

LEFT_OUT = {     # pattern -> reason
    'wamr/ba-issues/2829': 'expectations.json says nothing of it', 'wamr/ba-issues/2790': 'expectations.json says nothing of it',
    'wamr/ba-issues/2784': 'expectations.json says nothing of it', 'wamr/ba-issues/2726': 'its file is not in the suite',
    'wamr/ba-issues/980001': 'an interpreter without vectors is meant',
    'wamr/ba-issues/270[46]': 'the bits of a NaN, which the specification leaves open',
    'wamr/ba-issues/2832': 'the bits of a NaN, which the specification leaves open',
    'wamr/ba-issues/3027': 'the bits of a NaN, which the specification leaves open',
    'wamr/ba-issues/27080?': 'the bits of a NaN, which the specification leaves open',
    'wamr/ba-issues/98000[45]': 'poll_oneoff gives errno fault, as its definition says, and does not trap',
    'wamr/ba-issues/3410': 'it prints the time',
    'binaryen/exec/host-limit': 'an instance for whose initial values memory is short; the file calls it',
    'wasm-tools/wast-parse-fail/*alias*': 'components', 'wasm-tools/wast-parse-fail/core-*': 'components',
    'wasm-tools/wast-parse-fail/bad-name3': 'components',
    'wasm-tools/wast-parse-fail/confusing-*': 'letters that change the direction of text are allowed in the specification',
    'binaryen/exec/call_ref-import-cross-module': 'the second module imports what the first does not export',
    'wizard/wasi/wasi_random_get0?': "the numbers of Wizard's own generator",
    'wizard/wizeng/crash-compiler': "an opcode of Wizard's own", 'wizard/wizeng/echo': "a host module of Wizard's own",
    'wizard/wizeng/bad_mem': 'the trace of a validation', 'wizard/wizeng/trace_filter0': 'it exports nothing',
    'wizard/wizeng/rcall3': "main takes what Wizard's command gives it",
    'wizard/linker/*cycle': 'modules that import each other', 'wizard/linker/chain': 'modules that import each other',
    'wizard/linker/table_and_memory': 'modules that import each other',
    'wizard/linker/simple': "a host module of Wizard's own",
}


class Runs:
    """A command in every build: each must come to a proper end, and say what the first says."""
    def __init__(self, options, outcome):
        self.machines, self.outcome = [(suffix, weft) for suffix, weft in numeric.machines(options) if len(weft) == 1], outcome

    def run(self, words, stdin=b''):
        first = None
        if words[0] == 'run':            # what a NaN consists of is left open else
            words = ['run', '--deterministic', *words[1:]]
        for suffix, weft in self.machines:
            done = run_command([*weft, *words], stdin=stdin, timeout=120)
            if sanitizer_report(done) or done.status >= 124 and done.status != TRAP:
                self.outcome.fail(f'{suffix or "release"}: ' + done.describe())
            first = first or done
            if (done.status, done.stdout, done.stderr) != (first.status, first.stdout, first.stderr):
                self.outcome.fail(f'{suffix} says something else than release:\n{done.describe()}\n{first.describe()}')
        return first

    def check(self, good, done, expected):
        self.outcome.passed += bool(good)
        if not good:
            self.outcome.fail(f'{done.describe()}\nexpected: {expected}')


def inspected(options, path):
    done = run_command([options.builds[0].weft, 'inspect', '--json', '--features=all', path])
    return json.loads(done.stdout) if done.status == 0 else None


def types(text, what):
    """The words of `(func (param i32 i64) (result f32))` behind param, or result."""
    found = re.search(rf'\({what} ((?:[^()]|\([^()]*\))*)\)', text)
    return re.findall(r'\([^()]*\)|[^()\s]+', found[1]) if found else []


# ---- wamr

def malformed(runs, path):
    done = runs.run(['run', '--fuel', str(FUEL), path])
    runs.check(done.status in (1, TRAP) and done.stderr, done, 'refused, or a trap')


def same_value(word, line):
    """One of WAMR's results, such as 0x1:i32, and one of ours."""
    value, _, type_ = word.rpartition(':')
    if type_ in ('i32', 'i64'):
        return (int(value, 16) - int(line)) % 2 ** int(type_[1:]) == 0
    if type_ in ('f32', 'f64'):      # seven digits
        return value.lstrip('-') == 'nan' == line.lstrip('-').partition(':')[0] or value != 'nan' and \
            abs(float(value) - float(line)) <= 1e-6 * abs(float(line))
    if type_ == 'v128':
        low, high = (int(half, 16) for half in value.strip('<>').split())
        lanes = [int(lane, 16) for lane in line.split()[1:]]
        return lanes == [low & 0xffffffff, low >> 32, high & 0xffffffff, high >> 32]
    return word == 'func:ref.null' and line == 'null'


def issue(runs, options, number, case):
    folder = options.conformance / f'wamr/ba-issues/issue-{number}'
    # What WAMR compiled ahead of time has its module beside it.
    path = (sorted(folder.glob(case['file'])) or sorted(folder.glob('*.wasm')))[0]
    words, expected = case['options'].split(), case['expected return']
    export = words[words.index('-f') + 1] if '-f' in words else None
    content = inspected(options, path)
    names = [e['name'] for e in content['exports'] if e['kind'] == 'func'] if content else []
    if not export and names and '_start' not in names:
        export = next((name for name in ('main', '_main', '__main_argc_argv') if name in names), None)
    arguments = case['argument'].split()
    if export and not arguments and content:     # main(argc, argv)
        arguments = ['0'] * len(types(next(e['type'] for e in content['exports'] if e['name'] == export), 'param'))
    with tempfile.TemporaryDirectory(prefix='weft-crashes-') as scratch:
        preload = []
        if content and any(i['module'] == 'spectest' for i in content['imports']):
            shim = Path(scratch) / 'spectest.wat'
            shim.write_text(PRINT_SHIM.replace('NAME', 'print_i32'))
            preload = ['--preload', f'spectest={shim}']
        done = runs.run(['run', '--fuel', str(10 * FUEL), *preload, *(['--invoke', export] if export else []), path, *arguments])
    lines = done.stdout.decode(errors='replace').splitlines()
    status, content = expected['ret code'], expected['stdout content']
    if content.startswith('Exception: lookup the entry point') or status == 255:
        good = done.status == 1 and not lines
    elif content.startswith('Exception:'):
        good = done.status == TRAP
    elif content.startswith('in specttest.print_i32'):
        good = done.status == status and lines == re.findall(r'\((\d+)\)', content)
    elif content:
        words = content.split(',')
        good = done.status == status and len(lines) >= len(words) and all(map(same_value, words, lines[-len(words):]))
    else:
        good = done.status == status
    runs.check(good, done, expected)


# ---- text

def parse_fail(runs, path):
    done = runs.run(['parse', path, '-o', '/dev/null'])
    runs.check(done.status == 1 and done.stderr, done, 'refused')


# ---- every export

AWKWARD = {'i32': ['0', '-1', '0x80000000', '7'], 'i64': ['0', '-1', '0x8000000000000000', '0x100000007'],
           'f32': ['0', '-1.5', 'nan', '1e38'], 'f64': ['0', '-1.5', 'nan', '1e300'],
           'v128': ['i32x4 0 0 0 0', 'i32x4 -1 -1 -1 -1', 'i32x4 1 2 3 4', 'f32x4 nan 1 -1 inf']}


def stand_in(scratch, module, imports):
    """A module that has what is imported from `module`: functions that give zeros, and the rest as small as it may be."""
    fields = []
    for i in imports:
        name = ''.join(f'\\{byte:02x}' for byte in i['name'].encode())
        head = f'(export "{name}")'
        body = i['type'].split(' ', 1)[1].rstrip(')') if ' ' in i['type'] else ''
        if i['kind'] == 'func':
            zeros = ' '.join({'v128': '(v128.const i32x4 0 0 0 0)'}.get(t) or (f'({t}.const 0)' if t[0] in 'if' and t[-1] in '24' else
                             f'(ref.null {t.removesuffix("ref")})') for t in types(i['type'], 'result'))
            fields.append(f'(func {head} {i["type"].removeprefix("(func").removesuffix(")")} {zeros})')
        elif i['kind'] == 'global':
            t = re.search(r'\w+(?=\)+$)', i['type'])[0]
            zero = f'({t}.const 0)' if t[0] == 'i' or t in ('f32', 'f64') else f'(ref.null {t.removesuffix("ref")})'
            fields.append(f'(global {head} {body} {zero})')
        else:
            fields.append(f'({i["kind"]} {head} {body})')
    path = Path(scratch) / f'{len(list(Path(scratch).iterdir()))}.wat'
    path.write_text('(module ' + '\n'.join(fields) + ')')
    return ['--preload', f'{module}={path}']


def same_number(ours, theirs):
    if 'nan' in (ours.lstrip('-').partition(':')[0], theirs):
        return ours.lstrip('-').partition(':')[0] == theirs
    if re.fullmatch(r'-?\d+', ours) and re.fullmatch(r'-?\d+', theirs):
        return int(ours) == int(theirs)
    try:                 # JavaScript says a f32 with the digits of a f64
        a, b = float(ours), float(theirs.replace('Infinity', 'inf'))
        return a == b or struct.pack('f', a) == struct.pack('f', b)
    except (ValueError, OverflowError):
        return theirs == 'reference' or ours == theirs


def exports(runs, options, path):
    content = inspected(options, path)
    if not content:
        done = runs.run(['run', '--fuel', str(FUEL), path])
        runs.check(done.status == 1, done, 'refused')
        return
    calls, results = [], []
    with tempfile.TemporaryDirectory(prefix='weft-crashes-') as scratch:
        preload = []
        for module in sorted({i['module'] for i in content['imports']}):
            if module and '\0' not in module:
                preload += stand_in(scratch, module, [i for i in content['imports'] if i['module'] == module])
        plain = all(i['kind'] == 'func' for i in content['imports'])
        for e in content['exports']:
            name = e['name']
            if e['kind'] != 'func' or '\0' in name or not name.isprintable():
                continue
            params, given = types(e['type'], 'param'), types(e['type'], 'result')
            for n in range(4 if params else 1):
                words = [AWKWARD[t][(n + (at if n > 1 else 0)) % 4] if t in AWKWARD else 'null' for at, t in enumerate(params)]
                done = runs.run(['run', '--fuel', str(FUEL), *preload, f'--invoke={name}', path, *words])
                runs.check(done.status in (0, 1, TRAP), done, 'a result or a trap')
                if plain and 'v128' not in params + given and b'fuel' not in done.stderr and done.status != 1:
                    calls.append([name, params, *words])
                    results.append(done)
        if not content['exports']:       # what there is to see is what instantiation does
            done = runs.run(['run', '--fuel', str(FUEL), *preload, path])
            runs.check(done.status in (0, 1, TRAP), done, 'an end')
    node = shutil.which('node')
    if not node or not calls:
        return
    second = run_command([node, '--stack-size=900', TESTS / 'crashes.js', path, json.dumps(calls)])
    if second.status != 0:               # a proposal that it does not know
        runs.outcome.skipped['V8 cannot compile it'] += 1
        return
    for call, done, theirs in zip(calls, results, json.loads(second.stdout)):
        lines = done.stdout.decode(errors='replace').splitlines()
        good = done.status == TRAP if isinstance(theirs, str) else \
            done.status == 0 and len(lines) == len(theirs) and all(map(same_number, lines, theirs))
        runs.check(good, done, f'as V8 has it: {theirs}')


# ---- binaryen

LOG = '''(module $log (memory 1) (global $end (mut i32) (i32.const 0)) (global $at (mut i32) (i32.const 0))
  (func $i64 (export "log-i64") (param i64) (i64.store (global.get $end) (local.get 0))
    (global.set $end (i32.add (global.get $end) (i32.const 8))))
  (func (export "log-i32") (param i32) (call $i64 (i64.extend_i32_s (local.get 0))))
  (func (export "log-f64") (param f64) (call $i64 (i64.reinterpret_f64 (local.get 0))))
  (func (export "next") (result i64) (i64.load (global.get $at)) (global.set $at (i32.add (global.get $at) (i32.const 8))))
  (func (export "left") (result i32) (i32.sub (global.get $end) (global.get $at))))
(register "fuzzing-support" $log)
'''

END = '\n)'      # of a module


def constant(type_, value):
    return f'(v128.const {value})' if type_ == 'v128' else f'({type_}.const {value})'


def executed(runs, options, path):
    """A script is made of what the comments of a module expect of its exports, up to where a pass has changed it."""
    parts = re.split(r'^(?=\(module)', path.read_text(), flags=re.M)[1:]
    second = path.with_name(path.name + '.second')
    if second.exists():
        parts.append(re.split(r'^(?=\(module)', second.read_text(), flags=re.M)[1])
    script, modules, count = LOG, [], 0
    with tempfile.TemporaryDirectory(prefix='weft-crashes-') as scratch:
        for at, part in enumerate(parts):
            scrap = Path(scratch) / 'part.wat'
            scrap.write_text(part)
            content = inspected(options, scrap)
            if not content:
                runs.outcome.skipped['the text or a proposal is Binaryen\'s own'] += 1
                return
            foreign = {(i['module'], i['name']) for i in content['imports'] if i['module'] != 'primary'}
            if not foreign <= {('fuzzing-support', name) for name in ('log-i32', 'log-i64', 'log-f64')}:
                runs.outcome.skipped["functions of Binaryen's fuzzer"] += 1
                return
            head = part.partition('[fuzz-exec] export')[0]
            if '[exception thrown: failed to instantiate' in head:
                runs.outcome.skipped['an exception in a start function'] += 1
                continue
            if '[trap' in head and len(parts) > 1 and not second.exists():
                script += f'(assert_trap {part[:part.rindex(END) + 2]} "")\n'
                continue
            modules.append({e['name']: e['type'] for e in content['exports'] if e['kind'] == 'func'})
            script += re.sub(r'^\(module(?: \$[\w.-]+)?', f'(module $m{at}', part)
            if second.exists() and at == 0:
                script += '\n(register "primary" $m0)\n'
            if second.exists() and at < len(parts) - 1:
                continue
            seen, lines = set(), re.findall(r';; CHECK(?:-NEXT)?: *(.*)', parts[0] if second.exists() else part)
            here = 0 if second.exists() else at
            for block in re.split(r'(?=\[fuzz-exec\] export )', '\n'.join(lines))[1:]:
                head, *rest = block.split('\n')
                name = head.removeprefix('[fuzz-exec] export ').strip()
                if name in seen:
                    break
                seen.add(name)
                while here < at and name not in modules[here]:
                    here += 1
                if name not in modules[here]:
                    break
                call = f'(invoke $m{here} "{name}"' + ''.join(f' {constant(t, "i32x4 0 0 0 0" if t == "v128" else 0)}' if t in AWKWARD
                    else f' (ref.null {t.removesuffix("ref")})' for t in types(modules[here][name], 'param')) + ')'
                given = types(modules[here][name], 'result')
                logged = re.findall(r'\[LoggingExternalInterface logging ([^\]]*)\]', block)
                result = re.search(r'note result: .* => (.*)', block)
                if '[trap' in block:
                    script += f'\n(assert_trap {call} "")'
                elif '[exception thrown' in block:
                    script += f'\n(assert_exception {call})'
                elif result and given[0] in AWKWARD:
                    script += f'\n(assert_return {call} {constant(given[0], result[1])})'
                else:
                    script += f'\n{call}'
                for value in logged:
                    if re.fullmatch(r'-?\d+', value):
                        script += f'\n(assert_return (invoke $log "next") (i64.const {value}))'
                    else:
                        script += '\n(assert_return (invoke $log "next") (i64.const %d))' % struct.unpack('q', struct.pack('d', float(value)))
                script += '\n(assert_return (invoke $log "left") (i32.const 0))\n'
                count += 1
        scrap = Path(scratch) / 'exec.wast'
        scrap.write_text(script)
        if not count:
            runs.outcome.skipped['no export has an expected result'] += 1
            return
        done = runs.run(['wast', '-k', '--features=all', scrap])
        runs.check(done.status == 0, done, script)


# ---- wizard

PRINT_SHIM = '''(module (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (func (export "NAME") (param $n i32) (local $at i32) (local $rest i32)
    (local.set $at (i32.const 63))
    (local.set $rest (select (i32.sub (i32.const 0) (local.get $n)) (local.get $n) (i32.lt_s (local.get $n) (i32.const 0))))
    (loop $digit
      (i32.store8 (local.get $at) (i32.add (i32.const 48) (i32.rem_u (local.get $rest) (i32.const 10))))
      (local.set $at (i32.sub (local.get $at) (i32.const 1)))
      (br_if $digit (local.tee $rest (i32.div_u (local.get $rest) (i32.const 10)))))
    (if (i32.lt_s (local.get $n) (i32.const 0)) (then
      (i32.store8 (local.get $at) (i32.const 45)) (local.set $at (i32.sub (local.get $at) (i32.const 1)))))
    (i32.store (i32.const 0) (i32.add (local.get $at) (i32.const 1)))
    (i32.store (i32.const 4) (i32.sub (i32.const 63) (local.get $at)))
    (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))))
'''


def beside(path, suffix, default=''):
    other = path.with_name(path.name + suffix)
    return other.read_text() if other.exists() else default


def wizard(runs, options, path):
    """main's result is the exit status; of what a trap or a trace prints no more is compared than that there is one."""
    folder, content = path.is_dir(), inspected(options, path / 'main.wasm' if path.is_dir() else path)
    main = path / 'main.wasm' if folder else path
    flags, out = beside(path, '.flags').split(), path.with_name(path.name + '.out')
    expected = out.read_text(errors='replace') if out.exists() else ''
    traced = any(flag.startswith(('--trace', '--metrics', '-t', '--monitors')) for flag in flags)
    exit_status = int(beside(path, '.exit', '0').strip() or 0)
    exports_ = {e['name']: e['type'] for e in content['exports'] if e['kind'] == 'func'}
    export = next((name for name in ('entrypoint', 'main', '_start') if name in exports_), None)
    hosts = {(i['module'], i['name']) for i in content['imports'] if not i['module'].startswith('wasi')}
    if not folder and not hosts <= {('wizeng', 'puti')}:
        runs.outcome.skipped["functions of Wizard's host module"] += 1
        return
    words = []
    with tempfile.TemporaryDirectory(prefix='weft-crashes-') as scratch:
        shim = Path(scratch) / 'wizeng.wat'
        shim.write_text(PRINT_SHIM.replace('NAME', 'puti'))
        if folder or hosts:
            words += ['--preload', f'wizeng={shim}']
        if folder:
            words += [w for other in sorted(path.glob('*.wasm')) if other != main for w in ('--preload', f'{other.stem}={other}')]
        for flag in flags:
            name, _, value = flag.partition('=')
            if name == '--env':
                words += [w for pair in value.split(',') for w in ('--env', pair)]
            elif name == '--dir':
                words += ['--dir', f'{path.parent / value}::{value}']
        refused = 'nonexistent_dir' in ' '.join(flags)
        done = runs.run(['run', '--fuel', str(FUEL), *words, f'--invoke={export}', main])
    printed = done.stdout.decode(errors='replace')
    status = done.status
    if status == 0 and types(exports_[export], 'result') == ['i32']:
        printed, _, result = printed.removesuffix('\n').rpartition('\n') if '\n' in printed.removesuffix('\n') else ('', '', printed)
        if hosts or folder:      # what is printed has no end of line
            result = re.search(r'-?\d+$', result)[0]
        status = int(result) & 255
    if refused:
        good = done.status not in (0, TRAP)
    elif '!trap[' in expected or exit_status == 255:
        good = done.status == TRAP
    elif folder or hosts:
        good = done.stdout.decode(errors='replace').startswith(expected) and done.status == 0
    else:
        good = status == exit_status and (traced or not expected or printed.rstrip('\n') == expected.rstrip('\n'))
    runs.check(good, done, f'status {exit_status}, {expected!r}')


# ---- all of them

def cases(options):
    suite = options.conformance
    for path in sorted((suite / 'wamr/malformed').rglob('*.wasm')):
        yield f'wamr/malformed/{path.stem}', lambda runs, path=path: malformed(runs, path)
    for case in json.loads((suite / 'wamr/ba-issues/expectations.json').read_text())['test cases']:
        for number in case['ids']:
            if case.get('deprecated'):
                yield f'wamr/ba-issues/{number}', 'the suite itself says that it is out of date'
            else:
                yield f'wamr/ba-issues/{number}', lambda runs, case=case, number=number: issue(runs, options, number, case)
    for path in sorted((suite / 'wasm-tools/wast-parse-fail').glob('*.wat')):
        yield f'wasm-tools/wast-parse-fail/{path.stem}', lambda runs, path=path: parse_fail(runs, path)
    for folder in 'wazero/fuzzcases', 'wazero/engine', 'wasm3/fuzz-seeds', 'wasm3/regression':
        stems = {}
        for path in sorted((suite / folder).glob('*.wa[ts]*')):
            if path.suffix in ('.wasm', '.wat'):
                stems[path.stem] = path if path.suffix == '.wasm' or path.stem not in stems else stems[path.stem]
        for stem, path in stems.items():
            yield f'{folder}/{stem}', lambda runs, path=path: exports(runs, options, path)
    for path in sorted((suite / 'binaryen/exec').glob('*.wa[ts]*')):
        if path.suffix != '.second':
            yield f'binaryen/exec/{path.stem}', lambda runs, path=path: executed(runs, options, path)
    for folder in 'wizeng', 'wasi', 'inline':
        for path in sorted((suite / 'wizard' / folder).glob('*.wasm')):
            yield f'wizard/{folder}/{path.stem}', lambda runs, path=path: wizard(runs, options, path)
    for path in sorted((suite / 'wizard/linker').iterdir()):
        if path.is_dir():
            yield f'wizard/linker/{path.name}', lambda runs, path=path: wizard(runs, options, path)


def run(options, name, what):
    reason = what if isinstance(what, str) else next((r for pattern, r in LEFT_OUT.items() if fnmatch.fnmatch(name, pattern)), None)
    if reason:
        return Outcome.skip(reason)
    outcome = Outcome()
    what(Runs(options, outcome))
    return outcome


def tests(options):
    if not options.conformance:
        yield Test('crashes', lambda: Outcome.skip('the conformance suites are not here (WEFT_CONFORMANCE)'))
        return
    for name, what in cases(options):
        yield Test(f'crashes/{name}', lambda name=name, what=what: run(options, name, what))
