#!/usr/bin/env python3
"""generated.py -- random modules that are valid (gen/README.md)."""
from pathlib import Path

from outcome import Outcome, Test, run_command

ROOT = Path(__file__).resolve().parent.parent


def program(build):
    return ROOT / 'build' / build.name / 'tests/gen/gen'


def tests(options, tally):
    for build in options.builds:
        def run(*words, build=build):
            if not program(build).exists():
                return Outcome(failed=1, text=f'{program(build)} was not built')
            return tally(run_command([program(build), *words], cwd=ROOT, timeout=600))
        release = build.name == 'release'
        yield Test(f'gen/valid{build.suffix}', lambda run=run, count=20000 if release else 10000:
                   run('--check', '--seed', '1', '--index', '0', '--count', count), fast=release)
