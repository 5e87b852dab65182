"""guide.py -- docs/guide.md does as it says: its files are written, its commands run in their order, in one shell.

    ```wat NAME          the content of a file NAME
    ```console           `$ COMMAND`, and below it what it prints, on both streams; a line `...` stands for any lines

`weft` is the build that is tested. `make bless K=guide` rewrites what is printed, except where a line
`...` is in it. Commands that name a program of examples/, or one that is compiled here, are left out where no compiler is at
hand, or no reader of debug information.
"""
import functools, os, re, shutil, subprocess, tempfile
from pathlib import Path

from outcome import Outcome, Test, SANITIZER_ENV, SANITIZER_TEXT, diff_text, run_command

ROOT = Path(__file__).resolve().parent.parent
GUIDE = ROOT / 'docs/guide.md'
BLOCK = re.compile(r'^```(\w+)(?: (\S+))?\n(.*?)^```$', re.M | re.S)
MARK = '\x01'            # what the shell prints behind each command
EXAMPLE, COMPILED = re.compile(r'\bwordfreq\b'), re.compile(r'\baverage\b')


def tests(options):
    for build in options.builds:
        yield Test(f'guide/commands{build.suffix}', lambda build=build: run(build, options.bless),
                   fast=build.name == 'release')


def entries(block):
    """(command, what is printed) of a console block."""
    found = []
    for line in block.splitlines():
        if line.startswith('$ '):
            found.append([line[2:], []])
        else:
            found[-1][1].append(line)
    return [(command, '\n'.join(lines)) for command, lines in found]


def play(commands, weft, scratch):
    """What each command printed, in one shell, so that `$?` and variables last."""
    script = ''.join(f'{command}\n_s=$?; printf "{MARK}\\n"; (exit $_s)\n' for command in commands)
    (scratch / 'bin').mkdir()
    (scratch / 'bin/weft').symlink_to(weft)
    path = {'PATH': f'{scratch}/bin:{os.environ["PATH"]}'}
    done = subprocess.run(['sh', '-c', 'exec 2>&1\n' + script], cwd=scratch / 'work', timeout=120,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          env={**os.environ, **SANITIZER_ENV, **path})
    text = done.stdout.decode(errors='replace')
    return [part.strip('\n') for part in text.split(MARK + '\n')][:len(commands)]


def matches(want, got):
    pattern = '\n'.join('.*' if line == '...' else re.escape(line) for line in want.split('\n'))
    return re.fullmatch(pattern, got, re.S) is not None


def with_printed(text, printed):
    """The guide with what was printed now; what has a line `...` or was not run stays."""
    def rebuilt(block):
        if block[1] != 'console':
            return block[0]
        lines = []
        for command, want in entries(block[3]):
            got = printed.pop(0) if has_run(command) else None
            said = want if got is None or '...' in want.split('\n') else got
            lines += [f'$ {command}'] + ([said] if said else [])
        return '```console\n' + '\n'.join(lines) + '\n```'
    printed = list(printed)
    return BLOCK.sub(rebuilt, text)


def has_run(command):
    if COMPILED.search(command):
        return have_examples() and (ROOT / 'build/release/weft-where').exists()
    return have_examples() or not EXAMPLE.search(command)


@functools.cache
def have_examples():
    return run_command(['make', '-s', 'examples'], cwd=ROOT).status == 0


def run(build, bless):
    text, wanted = GUIDE.read_text(), []
    with tempfile.TemporaryDirectory(prefix='weft-guide-') as scratch:
        scratch = Path(scratch)
        (scratch / 'work').mkdir()
        if have_examples():
            shutil.copy(ROOT / 'build/examples/wordfreq.wasm', scratch / 'work')
        for kind, name, content in BLOCK.findall(text):
            if name:
                if (scratch / 'work' / name).exists():
                    return Outcome(failed=1, text=f'docs/guide.md: {name} is written twice, and all commands see the last one')
                (scratch / 'work' / name).write_text(content)
            elif kind == 'console':
                wanted += [entry for entry in entries(content) if has_run(entry[0])]
        printed = play([command for command, _ in wanted], build.weft, scratch)
    if bless:
        GUIDE.write_text(with_printed(text, printed))
        return Outcome(passed=1)
    outcome = Outcome()
    for (command, want), got in zip(wanted, printed, strict=True):
        if matches(want, got) and not SANITIZER_TEXT.search(got.encode()):
            outcome.passed += 1
        else:
            difference = diff_text(want.encode(), got.encode(), 'printed')
            outcome.fail(f'docs/guide.md: $ {command}\n{difference}')
    if not wanted:
        outcome.fail('docs/guide.md has no commands')
    return outcome
