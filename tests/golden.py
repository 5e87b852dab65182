"""golden.py -- tests that are one file: an input, and what a command says about it.

    ;;! weft CMD ARGS        first line; % stands for this file, which is the last argument where no %
                             occurs (in a file called *.test it is given only where % occurs)
    ;;| weft CMD ARGS        what it wrote to standard output is given to this one, whose output counts
    ;;> a line of standard input
    ;;= a line of expected standard output
    ;;2 a line of expected standard error
    ;;status N               expected exit status, 0 where there is no such line
    ;;needs NAME             a program beside weft, without which the test is skipped

native/ has what is compiled to: a file for each family of jit/x64/lower.def, FLOAT_CMP say in float-cmp.wat, in which each
instruction of the family stands (golden/families); and files for what is done by hooks.

What is run or is a script says the same in compiled code too, with and without guards
(NAME-compiled, NAME-checked), when it is compiled while it runs (NAME-hot), and optimized (NAME-optimized).

The command runs in the file's folder, so that messages name it without a path. `make bless` rewrites the
expected lines, which stand at the end. Standard error is compared, and written, only where the status is not 0 or a
`;;2` line stands.
"""
import re, shlex
from pathlib import Path

from outcome import Done, Outcome, Test, INTERPRETED, run_command, sanitizer_report, diff_text

ROOT = Path(__file__).resolve().parent.parent
TESTS = ROOT / 'tests'
EXPECTED = (b';;=', b';;2', b';;status')


def tests(options):
    yield Test('golden/families', families, fast=True)
    yield Test('golden/begun', begun, fast=True)
    for path in sorted(TESTS.rglob('*')):
        if path.suffix in ('.wat', '.wast', '.test', '.wit') and path.is_file():
            if not path.read_bytes().startswith(b';;!'):
                continue
            name = path.relative_to(TESTS)
            kind = 'golden/' + str(name).removeprefix('golden/')
            for build in options.builds:
                yield Test(kind + build.suffix, lambda path=path, build=build: run(build, path, options.bless, INTERPRETED if executes(path) else []),
                           fast=build.name == 'release')
                for how, more in OTHERWISE.items() if executes(path) and not options.bless else ():
                    if build.name == 'release' or how == 'compiled':
                        yield Test(f'{kind}-{how}{build.suffix}', lambda path=path, build=build, more=more:
                                   run(build, path, False, more), fast=build.name == 'release')


LOWERED = re.compile(r'^[A-Z_]+\((\w+), (\w+)', re.M)


def lowered():
    """Of each instruction that has a row in a lower.def, the text and the family."""
    texts = {name: text for path in (ROOT / 'src/op').glob('*.def')
             for name, text in re.findall(r'^[A-Z_0-9]+\((\w+),\s*"([^"]+)"', path.read_text(), re.M)}
    for path in sorted((ROOT / 'src/jit').rglob('lower*.def')):
        for row, family in LOWERED.findall(path.read_text()):
            yield texts[row], family


def begun():
    """A script of regress/ that does not say how it is run would be run compiled alone, with all the others."""
    silent = [path.name for path in sorted((TESTS / 'regress').glob('*.wast')) if not path.read_bytes().startswith(b';;!')]
    return Outcome.of(not silent, f'no `;;! weft ...` at the beginning of {silent}')


def families():
    outcome = Outcome()
    for text, family in lowered():
        path = TESTS / 'native' / (family.lower().replace('_', '-') + '.wat')
        there = path.exists() and re.search(rf'\({re.escape(text)}\s', path.read_text())
        outcome.passed += bool(there)
        if not there:
            outcome.fail(f'{path.relative_to(ROOT)} shows no code of {text}')
    return outcome


# What is executed, is so in the interpreter, and in these ways too.
OTHERWISE = {'usual': [], 'compiled': ['--tier=baseline'], 'checked': ['--tier=baseline', '--faults=off'], 'hot': ['--tier=auto', '--hot=1'], 'optimized': ['--tier=opt']}


def executes(path):
    words = shlex.split(path.open().readline()[3:])
    return {'run', 'wast'} & set(words) and not any(w.startswith('--tier') or w == 'help' for w in words)


def run(build, path, bless, more):
    lines = path.read_bytes().split(b'\n')
    words = shlex.split(lines[0][3:].decode())
    if not words or words[0] != 'weft':
        return Outcome(failed=1, text=f'{path}: the first line must be `;;! weft ...`')
    for needed in (l[7:].strip().decode() for l in lines if l.startswith(b';;needs')):
        if not (build.weft.parent / needed).exists():
            return Outcome.skip(f'{needed} was not built')
    if '%' not in words and path.suffix != '.test':
        words.append('%')
    if more:
        at = 1 + next(i for i, w in enumerate(words) if w in ('run', 'wast'))
        words[at:at] = more
    command = [build.weft] + [path.name if w == '%' else w for w in words[1:]]
    done = run_command(command, cwd=path.parent, stdin=part(lines, b';;>'), timeout=120)
    for behind in (l[3:].decode() for l in lines if l.startswith(b';;|') and not done.status):
        end = run_command([build.weft] + shlex.split(behind)[1:], cwd=path.parent, stdin=done.stdout, timeout=120)
        done = Done(end.command, end.status, end.stdout, done.stderr + end.stderr)
    complaint = sanitizer_report(done)
    if bless and not complaint:
        write(path, lines, done)
        return Outcome(passed=1)
    want_status = next((int(l[8:]) for l in lines if l.startswith(b';;status')), 0)
    want_out, want_err = part(lines, b';;='), part(lines, b';;2')
    wrong = complaint
    if done.status != want_status:
        wrong += f'exit status {done.status}{done.note}, expected {want_status}\n'
    if done.stdout.rstrip(b'\n') != want_out.rstrip(b'\n'):
        wrong += diff_text(want_out, done.stdout, 'stdout')
    got_err = done.stderr
    if executes(path) and more != INTERPRETED:      # how deep a stack is depends on what a call puts there
        got_err, want_err = (re.sub(rb'\.\.\. and \d+ more', b'... and some more', text) for text in (got_err, want_err))
    if (want_err or want_status) and got_err.rstrip(b'\n') != want_err.rstrip(b'\n'):
        wrong += diff_text(want_err, got_err, 'stderr')
    return Outcome.of(not wrong, f'{path.relative_to(ROOT)}\n{done.describe()}\n{wrong}')


def part(lines, mark):
    return b''.join(l[len(mark):].removeprefix(b' ') + b'\n' for l in lines if l.startswith(mark))


def write(path, lines, done):
    keep = [l for l in lines if not l.startswith(EXPECTED)]
    while keep and not keep[-1]:
        keep.pop()
    for mark, data in ((b';;=', done.stdout), (b';;2', done.stderr)):
        if data and (mark == b';;=' or done.status or any(l.startswith(mark) for l in lines)):
            keep += [mark + b' ' + l if l else mark for l in data.removesuffix(b'\n').split(b'\n')]
    if done.status:
        keep.append(b';;status %d' % done.status)
    text = b'\n'.join(keep) + b'\n'
    if text != path.read_bytes():
        path.write_bytes(text)
        print(f'blessed {path.relative_to(ROOT)}')
