#!/usr/bin/env python3
"""resuming.py -- programs of tests/snapshots that are stopped, written by one process, and gone on with by the next: in another
tier, and on another machine, until one comes to the end. It is the end that the program has when nobody stops it.
"""
import re, shutil, tempfile
from pathlib import Path

from outcome import Outcome, Test, in_share, run_command

ROOT = Path(__file__).resolve().parent.parent
PROGRAMS = sorted((ROOT / 'tests/snapshots').glob('*.wat'))
APART = 150, 331, 997           # instructions between two snapshots
MOST = 60                       # snapshots of one run
EMULATED = [331], 9             # the same where each step takes an emulator half a second


def argument(program):
    return re.match(r';; work (\d+)', program.read_text())[1]


def options_of(folder):
    return ['--features=all', '--dir', f'{folder}::/']


def straight(command, program, folder):
    return run_command([*command, 'run', *options_of(folder), '--invoke', 'work', program, argument(program)], cwd=ROOT, timeout=60)


def in_steps(runners, program, apart, folder, most):
    """Each of the runners (command, words) in turn. What the last one printed, how often it went on, and what went wrong."""
    snapshots = [folder / 'one.snapshot', folder / 'two.snapshot']
    for step in range(most):
        command, words = runners[step % len(runners)]
        last = step == most - 1
        before, after = snapshots[step % 2], snapshots[(step + 1) % 2]
        after.unlink(missing_ok=True)
        what = ['--resume', before] if step else ['--invoke', 'work']
        behind = [] if step else [program, argument(program)]
        how = [] if last else ['--snapshot-at', str(apart), '-o', after]
        done = run_command([*command, 'run', *words, *options_of(folder), *how, *what, *behind], cwd=ROOT, timeout=60)
        if done.status or not after.exists():
            return done, step
    return done, most


def through(first, runners, aparts=APART, most=MOST):
    """All programs, from and to each of the runners."""
    passed, text = 0, ''
    for program in PROGRAMS:
        with tempfile.TemporaryDirectory(prefix='weft-resuming-') as folder:
            want = straight(first, program, folder)
        for apart in aparts:
            with tempfile.TemporaryDirectory(prefix='weft-resuming-') as folder:
                done, steps = in_steps(runners, program, apart, Path(folder), most)
            if want.status == 0 and done.status == 0 and done.stdout == want.stdout and steps:
                passed += 1
            else:
                text += f'{program.name}, {apart} apart, {steps} steps: expected {want.stdout}\n{done.describe()}'
    return Outcome(passed=passed, failed=len(PROGRAMS) * len(aparts) - passed, text=text)


def tests(options, cross, due):
    """`cross`: kind and emulator of builds for other machines; due(kind) says whether it is tested now."""
    interp, baseline, auto = (['--tier=interp'], ['--tier=baseline'], ['--tier=auto', '--hot', '2'])
    for build in options.builds:
        weft = [build.weft]
        yield Test(f'snapshots/programs{build.suffix}', lambda weft=weft:
                   through(weft, [(weft, baseline), (weft, interp), (weft, auto)]), fast=build.name == 'release',
                   full=build.name != 'release' and not in_share(2, 4))
    native = [options.builds[0].weft]
    for kind, emulator in cross:
        weft = ROOT / 'build' / kind / 'weft'
        if (emulator and not shutil.which(emulator)) or not weft.exists():
            yield Test(f'snapshots/cross-{kind}', full=not due(kind), run=lambda kind=kind: Outcome.skip(
                f'{kind} was not built, or cannot be run here (tools/setup.sh cross, make cross)'))
            continue
        other = [emulator, weft] if emulator else [weft]
        yield Test(f'snapshots/cross-{kind}', lambda other=other:
                   through(native, [(native, baseline), (other, [*interp, '--faults=off']), (native, auto), (other, interp)], *EMULATED),
                   full=not due(kind))
