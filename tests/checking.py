"""checking.py -- the checker of machine code (src/jit/check), held against what others know.

    check/decoding      whatever it decodes, Zydis and LLVM read the same: all rows with all operands, and random bytes
"""
from pathlib import Path

from outcome import Outcome, Test, run_command

ROOT = Path(__file__).resolve().parent.parent
STRINGS = {'release': 3000000, 'asan': 200000}
STRINGS_FULL = 10000000


def tests(options, tally):
    for build in options.builds:
        yield Test(f'check/decoding{build.suffix}', lambda build=build: decoding(build, options, tally), fast=build.name == 'release')


def decoding(build, options, tally):
    program = ROOT / 'build' / build.name / 'tests/check/differ'
    if not program.exists():
        return Outcome.skip('no Zydis or no LLVM to read machine code beside us')
    full = options.full and build.name == 'release'
    count = STRINGS_FULL if full else 20000 if options.fast else STRINGS[build.name]
    return tally(run_command([program, count, *([] if full else ['share'])], cwd=ROOT, timeout=600))
