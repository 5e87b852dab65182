#!/usr/bin/env python3
"""mistakes.py -- would the tests find it? Mistakes of the kind that are really made, put into a copy of the tree one at
a time.

    python3 tests/mistakes.py [NAME...]      each in turn, or those whose name holds one of these; `make mistakes`

They are in tests/mistakes/AREA.txt: a line with its name and what is wrong then, the file, what stands there (-), and
what takes its place (+). What stands there must be there exactly once, or in the function whose name is behind the file's:
`make test` looks whether it still is. Those in tests/mistakes/formal are formal_mistakes.py's.

The copy is built and tested in build/mistakes, with the release build alone, step by step until a test fails; first as
it is, when none may. Printed is which test found it; one that has taken PROCESSOR_SECONDS is ended, and has failed. A mistake
that nobody finds is a failure, for which a test is missing. `taskset -c 0` has it take one processor only.
"""
import os, re, resource, shutil, subprocess, sys, time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / 'tests/mistakes'
COPY = ROOT / 'build/mistakes'
# What is built, and what then is run, in this order: random modules, what is quick to build and to run, unit tests, what takes long.
RELEASE = ['--build', 'release', '-k']
STEPS = [(['all', 'build/release/tests/gen/gen'], ['--fast', '--only', 'gen']),
         (['checkers'], ['--fast', '--only', 'golden,check,init,tiers,gc,numeric,hazards,signatures']),
         *(([], [*RELEASE, name]) for name in ('wast/', 'wasi/')),
         (['unit'], ['--fast', '--only', 'unit,check,reducing,fault,compiled']),
         *(([], [*RELEASE, name]) for name in ('gen/', 'mutants/', 'numeric/', 'fault/', 'stops/', 'tiers/'))]
PROCESSOR_SECONDS = 60      # for each process of a test: the longest takes 16
# The driver is none: it computes what numbers should be, which takes longer than that.
DRIVER = """import runpy, signal, sys
signal.signal(signal.SIGXCPU, lambda *_: None)
sys.argv, sys.path[0] = sys.argv[1:], 'tests'
runpy.run_path(sys.argv[0], run_name='__main__')"""
JOBS = str(len(os.sched_getaffinity(0)))


@dataclass
class Mistake:
    name: str
    what: str
    path: str
    function: str
    before: str
    after: str

    def applied(self, text):
        """The text with the mistake, or None if it has no place in it any more."""
        start, end = self.scope(text)
        part = text[start:end]
        return text[:start] + part.replace(self.before, self.after) + text[end:] if part.count(self.before) == 1 else None

    def count(self, text):
        return text[slice(*self.scope(text))].count(self.before)

    def scope(self, text):
        if not self.function:
            return 0, len(text)
        found = re.search(rf'^[a-zA-Z][^\n;{{}}=]*\b{self.function}\([^;{{}}]*\)(?: \{{.*\}}|\n\{{\n(?s:.*?)\n\}})\n', text, re.M)
        return found.span() if found else (0, 0)


def parse(path):
    found = []
    for block in re.split(r'\n{2,}', path.read_text()):
        lines = [line for line in block.splitlines() if line and not line.startswith('#')]
        if not lines:
            continue
        name, what = lines[0].split(': ', 1)
        before, after = ([line[1:] for line in lines[2:] if line[0] == sign] for sign in '-+')
        if not before or lines[2:] != ['-' + line for line in before] + ['+' + line for line in after]:
            raise ValueError(f'{path}: {name}: lines with - and then lines with + are wanted')
        file, _, function = lines[1].partition(': ')
        found.append(Mistake(f'{path.stem}/{name}', what, file, function, '\n'.join(before) + '\n', ''.join(line + '\n' for line in after)))
    return found


def mistakes(folder=FOLDER):
    return [m for path in sorted(folder.glob('*.txt')) for m in parse(path)]


def stale(chosen=None):
    """What no longer applies, in words."""
    found, texts = [], {}
    for m in mistakes() + mistakes(FOLDER / 'formal') if chosen is None else chosen:
        if m.path not in texts:
            path = ROOT / m.path
            texts[m.path] = path.read_text() if path.exists() else ''
        if m.applied(texts[m.path]) is None:
            found.append(f'{m.name}: what it changes stands in {m.path} {m.function} {m.count(texts[m.path])} times, not once')
    return found


# ---- the copy

def make_copy():
    shutil.rmtree(COPY, ignore_errors=True)
    listed = subprocess.run(['git', 'ls-files', '-z'], cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout
    for name in listed.decode().split('\0'):
        if name and (ROOT / name).is_file():
            (COPY / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, COPY / name)
    if (ROOT / 'build/release').is_dir():      # what is up to date there is so here
        shutil.copytree(ROOT / 'build/release', COPY / 'build/release', copy_function=shutil.copy2)
    (COPY / 'build').mkdir(exist_ok=True)
    for name in ('peers', 'real'):
        (COPY / 'build' / name).symlink_to(ROOT / 'build' / name)


class NotBuilt(Exception):
    pass


def build(what):
    done = subprocess.run(['make', '-j', JOBS, *what], cwd=COPY, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if done.returncode:
        raise NotBuilt(done.stdout.decode(errors='replace')[-2000:])


def limit():
    resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR_SECONDS, resource.RLIM_INFINITY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def failing_test():
    """The first test that fails, and what was printed; or None."""
    conformance = os.environ.get('WEFT_CONFORMANCE', str(ROOT.parent / 'shared/conformance'))
    for what, step in STEPS:
        if what:
            build(what)
        done = subprocess.run([sys.executable, '-c', DRIVER, 'tests/run.py', '-x', '-j', JOBS, *step], cwd=COPY, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, preexec_fn=limit, env={**os.environ, 'WEFT_CONFORMANCE': conformance})
        text = done.stdout.decode(errors='replace')
        failed = re.search(r'^FAILED (\S+)', text, re.M)
        if failed or done.returncode and ' 0 failed' not in text:      # all may have been skipped
            return failed[1] if failed else ' '.join(step), text
    return None


def try_one(m):
    """What found it; None: nothing did."""
    path = COPY / m.path
    text = path.read_text()
    path.write_text(m.applied(text))
    try:
        found = failing_test()
        return found and found[0]
    except NotBuilt as problem:
        return f'the compiler, which a mistake must not be\n{problem}'
    finally:
        path.write_text(text)


def main():
    wanted = sys.argv[1:]
    chosen = [m for m in mistakes() if not wanted or any(w in m.name for w in wanted)]
    for line in stale():
        print(line)
    if stale():
        return 1
    make_copy()
    if failing := failing_test():
        print(f'without any mistake there fails {failing[0]}:\n{failing[1][-3000:]}')
        return 1
    missed = []
    for n, m in enumerate(chosen, 1):
        start = time.monotonic()
        found = try_one(m)
        if not found or found.startswith('the compiler'):
            missed.append(m.name)
        print(f'{n}/{len(chosen)} {m.name}: {"found by " + found if found else "NOT FOUND"} ({time.monotonic() - start:.0f} s)', flush=True)
    for name in missed:
        print(f'not found: {name}')
    print(f'{len(chosen) - len(missed)} passed, {len(missed)} failed')
    return bool(missed)


if __name__ == '__main__':
    sys.exit(main())
