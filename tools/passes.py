#!/usr/bin/env python3
"""passes.py -- what each pass of `weft opt` does to one module, as a part of docs/opt.md.

    python3 tools/passes.py [WEFT]            writes it there
    python3 tools/passes.py [WEFT] --check    says whether it stands there
"""
import difflib, re, subprocess, sys
from pathlib import Path

from page import ROOT, keep

MODULE = '''\
(module
  (type $number (func (param i32) (result i32)))
  (type $again (func (param i32) (result i32)))
  (import "env" "log" (func $log (param i32)))
  (import "env" "log" (func $log-too (param i32)))
  (memory 1)
  (data (i32.const 16) "head\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00tail")
  (table 1 funcref)
  (elem (i32.const 0) $half)
  (global $step (mut i32) (i32.const 4))
  (func $half (type $again) (i32.shr_u (local.get 0) (i32.const 1)))
  (func $left (param i32) (call $log (local.get 0)))
  (func $told (param $what i32) (param $spare i32) (result i32)
    (if (i32.gt_s (local.get $what) (i32.const 0)) (then (call $log (local.get $what)) (call $log-too (i32.const 1))))
    (call $log (i32.mul (local.get $what) (i32.const 1000)))
    (local.get $what))
  (func $lines (param i32) (result i32) (i32.load offset=64 (i32.mul (local.get 0) (i32.const 80))))
  (func $rows (param i32) (result i32) (i32.load offset=64 (i32.mul (local.get 0) (i32.const 80))))
  (func (export "sum") (param $at i32) (param $end i32) (result i32)
    (local $spare f64) (local $sum i32) (local $value i64)
    (drop (call $told (local.get $at) (i32.const 7)))
    (drop (call $told (local.get $end) (i32.const 9)))
    (loop $next
      (local.set $sum (i32.add (local.get $sum) (i32.load (local.get $at))))
      (local.set $value (i64.extend_i32_u (i32.load (local.get $at))))
      (i64.store offset=8 (local.get $at) (i64.add (local.get $value) (local.get $value)))
      (drop (i32.mul (local.get $sum) (local.get $sum)))
      (local.set $at (i32.add (local.get $at) (global.get $step)))
      (br_if $next (i32.lt_u (local.get $at) (local.get $end))))
    (local.set $sum (i32.add (call $lines (local.get $sum)) (call $rows (local.get $end))))
    (return (call_indirect (type $number) (local.get $sum) (i32.const 0)))
    nop))
'''


def weft(*words, stdin):
    done = subprocess.run([WEFT, *words], input=stdin, capture_output=True)
    if done.returncode:
        raise SystemExit(f'{words}: {done.stderr.decode()}')
    return done.stdout


def indented(lines):
    return ''.join(f'    {line}'.rstrip() + '\n' for line in lines)


def text_of(module):
    """Without numbers, which would stand out as changes."""
    return re.sub(r'\(;L?\d+;\) ', '', weft('print', '--fold', '-', stdin=module).decode()).splitlines()


def changes(before, after):
    """Lines that went, and that came, with the one in front of each run of them."""
    lines = list(difflib.unified_diff(before, after, n=1, lineterm=''))[2:]
    return ['...' if line.startswith('@@') else line for line in lines] + ['...']


def parts():
    module = weft('opt', '-O0', '-', '-o', '-', stdin=MODULE.encode())
    yield f'\n{indented(MODULE.splitlines())}\n'
    for line in weft('opt', '--passes', stdin=b'').decode().splitlines():
        name, what = line.split(None, 1)
        now = weft('opt', '-O2', '--only', name, '-', '-o', '-', stdin=module)
        before, after = text_of(module), text_of(now)
        if before == after:
            yield f'`{name}`: nothing here: {what}.\n\n'
        else:
            yield f'`{name}`: {what}.\n\n{indented(changes(before, after))}\n'
        if name == 'bodies':
            yield from steps(module)
        module = now
    yield f'What is left:\n\n{indented(text_of(module))}\n'


def steps(module):
    graph = weft('inspect', '--graph', 'sum', '-O2', '-', stdin=module).decode()
    shown = [step for step in graph.split('\n\n') if not re.match(r'== \w+: as before$', step)]
    yield 'In between `sum` is a graph, which `weft inspect --graph sum -O2` shows as it was built, and behind each step; here without\n'
    yield 'steps that found nothing:\n\n'
    yield indented('\n\n'.join(shown).splitlines()) + '\n'


if __name__ == '__main__':
    given = [word for word in sys.argv[1:] if not word.startswith('-')]
    WEFT = str(Path(given[0]).resolve()) if given else str(ROOT / 'build/release/weft')
    sys.argv[1:] = [word for word in sys.argv[1:] if word.startswith('-')]
    keep('tools/passes.py', 'docs/opt.md', ''.join(parts()), 'changes than these passes make')
