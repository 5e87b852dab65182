#!/usr/bin/env python3
"""formal_mistakes.py -- mistakes put into the formal machine one at a time: do the scripts find them, and does typing alone?

    python3 tests/formal_mistakes.py [-j N] [NAME...]      all, or those whose name holds one of these

They are in tests/mistakes/formal, as mistakes.py reads them. The one file that a mistake is in is compiled and linked with
what the release build has; then the official scripts that the machine passes run on it, and our own about it, until one
fails: a result is wrong, nothing goes on, or it goes on for SECONDS. Typing alone finds it if `--check` says that a step,
or what it left, breaks a judgement; results are not looked at then, and HEAVY is left out. Nothing may be found without a mistake.
"""
import argparse, concurrent.futures, os, re, resource, shlex, shutil, subprocess, sys, tempfile, time
from collections import Counter
from pathlib import Path

TESTS = Path(__file__).resolve().parent
ROOT = TESTS.parent
sys.path[:0] = [str(TESTS), str(ROOT / 'tools')]
import formal, mistakes

RELEASE = ROOT / 'build/release'
SECONDS, FILES = 8, 40       # of the processor, for so many scripts at a time
CHECKS = (ROOT / 'src/formal/judge.def').exists()
ENOUGH = 0.95
VIOLATION = re.compile(rb'\b(?:Preservation|Progress|memory safety) fails')
HEAVY = re.compile(r'return_call(_ref)?\.|(grow|copy|fill)64|skip-stack')      # five sixths of what judging all takes: left out then
WORDS = {'results': 'found by results alone', 'typing': 'found by typing alone', 'both': 'found by either', None: 'NOT FOUND'}


def all_mistakes():
    """Those of typing.txt only where there is typing."""
    return [m for m in mistakes.mistakes(mistakes.FOLDER / 'formal') if CHECKS or not m.name.startswith('typing/')]


def built(mistake, folder):
    """A command with the mistake in it; None: with none."""
    flags = shlex.split((RELEASE / 'flags').read_text())
    objects = [path for path in sorted((RELEASE / 'src').rglob('*.o')) if 'debug/where/' not in str(path)]
    if mistake:
        source, wrong = folder / Path(mistake.path).name, folder / 'wrong.o'
        source.write_text(mistake.applied((ROOT / mistake.path).read_text()))
        run([*flags, '-Wno-everything', '-O1', '-g0', '-c', '-o', wrong, source])
        objects = [wrong if path == RELEASE / mistake.path.replace('.c', '.o') else path for path in objects]
    weft = folder / 'weft'
    quick = ['-fuse-ld=lld'] if shutil.which('ld.lld-19') or shutil.which('ld.lld') else []
    run([*flags, '-Wno-everything', *quick, '-Wl,-S', '-o', weft, *objects, '-lpthread'])
    return weft


def run(command):
    done = subprocess.run(list(map(str, command)), cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode:
        raise mistakes.NotBuilt(done.stdout[-2000:])


def limit():
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (24 << 30, 24 << 30))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def suites(conformance):
    """(features, scripts), so many at a time, what is quick first."""
    found = [(['--features=all'], sorted((TESTS / 'formal').glob('*.wast')))]
    found += [(features, formal.scripts(conformance / suite)) for suite, features in formal.SUITES]
    slow = re.compile(r'return_call|grow|fill|copy|skip-stack|call')
    for features, files in found:
        files.sort(key=lambda file: (bool(slow.search(file.name)), str(file)))
        for at in range(0, len(files), FILES):
            yield features, files[at:at + FILES]


def finds(weft, conformance, check):
    """The first scripts in which it is found, by results or by typing alone, as a word of what was printed; None."""
    for features, files in suites(conformance):
        files = [file for file in files if not (check and HEAVY.search(file.name))]
        done = subprocess.run([weft, 'wast', *features, '--tier=spec', *['--check'] * check, *files], cwd=ROOT, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, preexec_fn=limit)
        if check:
            if found := VIOLATION.search(done.stdout):
                return found[0].decode()
        elif done.returncode:
            first = re.search(rb'^(\S+\.wast):\d+:\d+: ', done.stdout, re.M)
            return Path(os.fsdecode(first[1])).name if first else f'exit status {done.returncode}'
    return None


def try_one(mistake, conformance, both):
    """What finds it (results, typing, both, None), and where. Both are asked, or typing where results are right."""
    with tempfile.TemporaryDirectory() as folder:
        weft = built(mistake, Path(folder))
        by_results = finds(weft, conformance, False)
        by_typing = finds(weft, conformance, True) if CHECKS and (both or not by_results) else None
    how = 'both' if by_results and by_typing else 'results' if by_results else 'typing' if by_typing else None
    return how, ', '.join(filter(None, (by_results, by_typing)))


def tried(chosen, conformance, jobs, both):
    """(mistake, how, where, seconds) of each, in order."""
    def timed(mistake):
        start = time.monotonic()
        return mistake, *try_one(mistake, conformance, both), time.monotonic() - start
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        yield from pool.map(timed, chosen)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('names', nargs='*')
    parser.add_argument('-j', type=int, default=len(os.sched_getaffinity(0)))
    options = parser.parse_args()
    conformance = Path(os.environ.get('WEFT_CONFORMANCE', ROOT.parent / 'shared/conformance'))
    chosen = [m for m in all_mistakes() if not options.names or any(n in m.name for n in options.names)]
    if wrong := mistakes.stale(chosen):
        print('\n'.join(wrong))
        return 1
    how, where = try_one(None, conformance, True)
    if how:
        print(f'without any mistake: {WORDS[how]}: {where}')
        return 1
    totals = Counter()
    for mistake, how, where, seconds in tried(chosen, conformance, options.j, True):
        totals[mistake.name.split('/')[0], how] += 1
        print(f'{mistake.name}: {WORDS[how]}{": " * bool(where)}{where} ({seconds:.0f} s)', flush=True)
    for area in sorted({area for area, _ in totals}):
        print(f'{area:10}' + ', '.join(f'{totals[area, how]} {word}' for how, word in WORDS.items() if totals[area, how]))
    found = sum(n for (_, how), n in totals.items() if how)
    typing = sum(n for (_, how), n in totals.items() if how in ('typing', 'both'))
    print(f'{found} of {len(chosen)} found' + (f', {typing} by typing' if CHECKS else ''))
    return found < ENOUGH * len(chosen)


if __name__ == '__main__':
    sys.exit(main())
