"""outcome.py -- what every kind of test is made of: a command that was run, and what came of it."""
import difflib, functools, os, re, shlex, signal, subprocess
from collections import Counter, namedtuple
from dataclasses import dataclass, field
from pathlib import Path
from typing import Callable

BUILD = namedtuple('Build', 'name weft suffix')      # e.g. asan, its weft, @asan
INTERPRETED = ['--tier=interp']        # options of those that execute, for tests of the interpreter

# A report is told apart from any verdict of ours by its exit status, and by its text.
SANITIZER_ENV = {'ASAN_OPTIONS': 'exitcode=99:allocator_may_return_null=1',
                 'UBSAN_OPTIONS': 'exitcode=99:print_stacktrace=1', 'TSAN_OPTIONS': 'exitcode=99:allocator_may_return_null=1'}
SANITIZER_TEXT = re.compile(rb'(Address|Leak|UndefinedBehavior|Thread)Sanitizer|runtime error: ')


SHARES = 8
TURNS = ['gcc', 'tsan', 'a64', 'arm', 'tsan', 'pic']


@functools.cache
def number():
    """The commit's, or SHARE=n."""
    if 'SHARE' in os.environ:
        return int(os.environ['SHARE'])
    commit = run_command(['git', 'rev-parse', 'HEAD'], cwd=Path(__file__).parent).stdout.strip()
    return int(commit, 16) if re.fullmatch(rb'[0-9a-f]{40,}', commit) else 0


def share():
    """What is too long for every time is done in eighths: which one, the number says."""
    return number() % SHARES


def in_share(n, parts=SHARES):
    """Is the n-th of some list due, of which so many parts are done in turn? The others have full=True."""
    return n % parts == share() % parts


def kind_due(kind):
    """Is what this kind builds to be tested? Those for other machines and compilers, for threads, and for what is installed, take
    turns."""
    return kind not in TURNS or kind == TURNS[number() // SHARES % len(TURNS)]


def leb(n):
    """A number in a module."""
    out = b''
    while n >= 0x80:
        out, n = out + bytes([n & 0x7f | 0x80]), n >> 7
    return out + bytes([n])


def nops(functions, size):
    """A module of so many functions that do nothing, so many times; they are of type [] -> [], and number 0 is exported."""
    body = b'\0' + b'\1' * size + b'\x0b'
    code = leb(functions) + (leb(len(body)) + body) * functions
    return (b'\0asm\1\0\0\0' + b'\1\4\1\x60\0\0' + b'\3' + leb(1 + functions) + bytes([functions]) + bytes(functions) +
            b'\7\5\1\1f\0\0' + b'\x0a' + leb(len(code)) + code)


@dataclass
class Test:
    name: str
    run: Callable
    fast: bool = False
    slow: bool = False
    full: bool = False      # only of `make full`


@dataclass
class Outcome:
    passed: int = 0
    failed: int = 0
    skipped: Counter = field(default_factory=Counter)      # reason -> how many
    text: str = ''

    @staticmethod
    def of(good, text):
        return Outcome(passed=int(good), failed=int(not good), text=text)

    @staticmethod
    def skip(reason, count=1):
        return Outcome(skipped=Counter({reason: count}))

    @staticmethod
    def of_command(command, **how):
        done = run_command(command, **how)
        return Outcome.of(done.status == 0, done.describe())

    def fail(self, text):
        self.failed += 1
        self.text += '\n' + text

    def verdict(self):
        return 'failed' if self.failed else 'passed' if self.passed else 'skipped'

    def shown(self, limit=4000):
        text = self.text.strip()
        return text if len(text) <= limit else text[:limit // 2] + '\n[...]\n' + text[-limit // 2:]


@dataclass
class Done:
    command: list
    status: int          # as a shell would say it: 128 + signal
    stdout: bytes
    stderr: bytes
    note: str = ''

    def describe(self):
        text = '$ ' + ' '.join(shlex.quote(os.fsdecode(c)) for c in self.command) + '\n'
        for label, data in (('', self.stdout), ('', self.stderr)):
            if data:
                text += data.decode(errors='replace').rstrip('\n') + '\n'
        return text + f'(exit status {self.status}{self.note})'


def run_command(command, cwd=None, stdin=b'', timeout=60, env=None):
    command = [c if isinstance(c, bytes) else str(c) for c in command]    # bytes: what no text can say
    try:
        p = subprocess.Popen(command, cwd=cwd, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                             stderr=subprocess.PIPE, env={**os.environ, **SANITIZER_ENV, **(env or {})},
                             start_new_session=True)
    except OSError as problem:
        return Done(command, 127, b'', str(problem).encode())
    try:
        out, err = p.communicate(stdin, timeout=timeout)
        note = f', signal {signal.Signals(-p.returncode).name}' if p.returncode < 0 else ''
        return Done(command, p.returncode if p.returncode >= 0 else 128 - p.returncode, out, err, note)
    except subprocess.TimeoutExpired:
        os.killpg(p.pid, signal.SIGKILL)
        out, err = p.communicate()
        return Done(command, 137, out, err, f', killed after {timeout} s')


def sanitizer_report(done):
    """Words to print when a sanitizer complained, else ''."""
    found = done.status == 99 or SANITIZER_TEXT.search(done.stderr)
    return 'a sanitizer complained\n' if found else ''


def diff_text(want, got, label):
    lines = difflib.unified_diff(want.decode(errors='replace').splitlines(), got.decode(errors='replace').splitlines(),
                                 f'{label} expected', f'{label} got', lineterm='', n=1)
    shown = [line for _, line in zip(range(60), lines)]
    return '\n'.join(shown or [f'{label} differs in its line ends or in bytes that are not text']) + '\n'
