"""full.py -- output that cannot be written: every command that prints says so, once, and ends as one that failed.

    full/WORDS     the command, with /dev/full as its standard output
"""
import subprocess, tempfile
from pathlib import Path

from outcome import Outcome, Test, SANITIZER_ENV

MODULE = '(module (func (export "f") (result i32) (i32.const 1)))'
LONG = '(module ' + '(func (export "%d") unreachable) ' * 5000 % tuple(range(5000)) + ')'    # more than any buffer holds
COMMANDS = ['--version', '--help', 'help', 'help run', 'run --help', 'help --man', 'help --completion=bash', 'features',
            'explain i32.add', 'inspect m.wat', 'inspect long.wat', 'inspect --json m.wat', 'inspect --json long.wat',
            'inspect --disassemble m.wat', 'doctor m.wat', 'doctor --json long.wat', 'inspect --disassemble long.wat', 'print m.wat', 'print long.wat', 'print --check m.wat', 'parse m.wat -o -', 'opt m.wat -o -', 'opt --passes',
            'run --invoke f m.wat', 'wast m.wat', 'wast -j 2 m.wat m.wat']


def tests(options):
    if not Path('/dev/full').exists():
        yield Test('full', lambda: Outcome.skip('there is no /dev/full'))
        return
    for build in options.builds:
        for words in COMMANDS:
            yield Test(f'full/{words}{build.suffix}', lambda build=build, words=words: run(build, words.split()),
                       fast=build.name == 'release')


def run(build, words):
    with tempfile.TemporaryDirectory(prefix='weft-full-') as scratch, open('/dev/full', 'wb') as full:
        for name, text in ('m.wat', MODULE), ('long.wat', LONG):
            (Path(scratch) / name).write_text(text)
        done = subprocess.run([build.weft, *words], stdout=full, stderr=subprocess.PIPE, cwd=scratch, timeout=60,
                              env=SANITIZER_ENV)
    return Outcome.of(done.returncode == 1 and done.stderr.count(b'cannot write to standard output') == 1,
                      f'weft {" ".join(words)} >/dev/full\nexit status {done.returncode}\n{done.stderr.decode(errors="replace")}')
