"""reading.py -- a file that is read by a thread of its own while it is validated, and what cannot be read.

    reading/large    modules and texts of 8 MB: a file gives the verdict that a pipe gives, which no thread reads ahead
    reading/fails    files that cannot be read, from the start or from somewhere in the middle: said, and no more

Under the thread sanitizer too. The thread itself is in unit/ahead.
"""
import os, subprocess, tempfile
from pathlib import Path

from outcome import BUILD, Outcome, Test, SANITIZER_ENV, in_share, nops, run_command, sanitizer_report

ROOT = Path(__file__).resolve().parent.parent
COMMANDS = [['validate', '-'], ['validate', '-j', '3', '-'], ['inspect', '-'], ['parse', '-', '-o', '/dev/null']]


def tests(options):
    builds = list(options.builds)
    tsan = BUILD('tsan', ROOT / 'build/tsan/weft', '@tsan')
    if not options.weft and len(builds) > 1 and tsan.weft.exists():
        builds.append(tsan)
    for build in builds:
        yield Test(f'reading/large{build.suffix}', lambda build=build: large(build),
                   full=build.name != 'release' and not in_share(0, 4))
        yield Test(f'reading/fails{build.suffix}', lambda build=build: fails(build), fast=build.name == 'release')


def inputs():
    valid = nops(8, 1 << 20)
    return {'valid': valid, 'wrong at the end': valid[:-2] + b'\xff\x0b', 'wrong at the start': valid[:9] + b'\xff' + valid[10:],
            'cut': valid[:5 << 20], 'with more behind it': valid + b'\0', 'text': b'(module' + b' ' * (8 << 20) + b')',
            'wrong text': b'(module' + b'\n' * (8 << 20) + b'(funk))', 'no module': b'\0' * (8 << 20)}


def run(build, words, stdin):
    done = subprocess.run([build.weft, *words], stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=300,
                          env={**os.environ, **SANITIZER_ENV})
    return done.returncode, done.stdout, done.stderr


def large(build):
    outcome = Outcome()
    for name, content in inputs().items():
        with tempfile.TemporaryFile(prefix='weft-reading-') as file:
            file.write(content)
            file.flush()
            for words in COMMANDS:
                file.seek(0)
                status, *said = run(build, words, file)
                piped = run_command([build.weft, *words], stdin=content, timeout=300)
                good = (status, *said) == (piped.status, piped.stdout, piped.stderr)
                if words[0] == 'validate':
                    good = good and status == (name not in ('valid', 'text'))
                outcome.passed += good
                if not good or sanitizer_report(piped):
                    outcome.fail(f'{name}: {words}, exit status {status}, {said}; from a pipe {piped.describe()}')
    return outcome


def fails(build):
    """Each gives exit status 1, and one line of why."""
    outcome = Outcome()
    def judge(what, status, stderr, why):
        good = status == 1 and why in stderr and stderr.count(b'\n') == 1
        outcome.passed += good
        if not good:
            outcome.fail(f'{what}: exit status {status}, {stderr}')
    with tempfile.TemporaryDirectory(prefix='weft-reading-') as scratch:
        path = Path(scratch) / 'large'
        path.write_bytes(nops(8, 1 << 20))
        for words in [*COMMANDS, ['run', '-'], ['wast', '-']]:
            fd = os.open(path, os.O_WRONLY)     # a file of 8 MB, and the first read of it fails
            status, _, stderr = run(build, words, fd)
            os.close(fd)
            judge(words, status, stderr, b'cannot read standard input: Bad file descriptor')
            for name, why in (scratch, b'Is a directory'), ('/proc/self/mem', b'Input/output error'):
                done = run_command([build.weft, *(name if word == '-' else word for word in words)], timeout=60)
                judge(done.command, done.status, done.stderr, why)
    return outcome
