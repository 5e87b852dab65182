#!/usr/bin/env python3
"""reducing.py -- how small and how soon: `weft reduce` and the reducers that are found here, on the same failures.

    python3 bench/reducing.py [-k PATTERN] [-t SECONDS] [--tool NAME=PROGRAM]... [--weft PROGRAM] [--table]

A failure is a module and a script that exits with 0 where the module still shows it; all tools are given the same. They take
turns, each until it is done or has used so many seconds of processor time, with all that it started. What counts is that
time, since the machine may have others to serve, and the bytes of the smallest module so far, which the script is asked
about once more.

    weft            -j 1 --exit 0; with --weft another one
    wasm-reduce     of Binaryen
    wasm-tools      its `shrink`

A failure is real where it is of a tool or an engine as somebody has it: found by giving it what tests/gen makes; or of Weft as it
was before a mistake was mended. The others are not: a mistake out of tests/mistakes that was put into Weft, or something
that is true of the module. What is not as it is today is built in build/reducing. What a line needs and is not here is said.
Results are kept there, too, and --table prints all that were kept.
"""
import argparse, contextlib, fnmatch, json, os, shutil, signal, subprocess, sys, tempfile, time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / 'build/reducing'
sys.path[:0] = [str(ROOT / 'tests'), str(ROOT / 'tests/real')]
import mistakes, real

TICK = os.sysconf('SC_CLK_TCK')
RESULTS = OUT / 'results.json'


class Missing(Exception):
    pass


# ---- modules and Wefts ---------------------------------------------------------------------------

def of_real(prepare, name):
    def path():
        try:
            return prepare() / name
        except real.Missing as why:
            raise Missing(str(why))
    return path


def example(name):
    def path():
        subprocess.run(['make', '-s', f'build/examples/{name}.wasm'], cwd=ROOT, check=True)
        return ROOT / f'build/examples/{name}.wasm'
    return path


# Proposals that all the tools know; the others know fewer than we do.
OLD = ','.join('-' + name for name in (
    'extended-const', 'tail-call', 'exception-handling', 'multi-memory', 'memory64', 'function-references', 'gc', 'relaxed-simd', 'threads',
    'wide-arithmetic', 'compact-imports', 'legacy-exceptions', 'custom-page-sizes', 'memory-control', 'custom-descriptors', 'stack-switching', 'reference-types'))


# What JavaScriptCore runs that has no exceptions in it.
JSC = ','.join('-' + name for name in (
    'extended-const', 'tail-call', 'exception-handling', 'multi-memory', 'memory64', 'gc', 'relaxed-simd', 'threads', 'wide-arithmetic',
    'compact-imports', 'legacy-exceptions', 'custom-page-sizes', 'memory-control', 'custom-descriptors', 'stack-switching'))
BUN = ROOT / 'build/peers/node_modules/@oven/bun-linux-x64/bin/bun'


def generated(index, features=OLD):
    def path():
        program = ROOT / 'build/release/tests/gen/gen'
        if not program.exists():
            raise Missing('no generator: make unit')
        made = OUT / f'{index}.wasm'
        with open(made, 'wb') as out:
            subprocess.run([program, '--portable', '--features', features, '--seed', '1', '--index', str(index)], stdout=out, check=True)
        return made
    return path


def judge():
    """The release build as it was at first: what is measured may be built anew meanwhile."""
    copy = OUT / 'judge'
    if not copy.exists():
        shutil.copy2(ROOT / 'build/release/weft', copy)
    return copy


def mistaken(name):
    """A Weft with the mistake of this name."""
    copy = OUT / name.replace('/', '-')
    if not (copy / 'weft').exists():
        mistake, = [m for m in mistakes.mistakes() if m.name == name]
        mistakes.COPY = copy
        mistakes.make_copy()
        path = copy / mistake.path
        path.write_text(mistake.applied(path.read_text()))
        subprocess.run(['make', '-s', 'weft'], cwd=copy, check=True)
    return copy / 'weft'


def earlier(commit):
    """Weft as it was at this commit."""
    folder = OUT / commit
    if not (folder / 'weft').exists():
        folder.mkdir(exist_ok=True)
        files = subprocess.run(['git', 'archive', commit], cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout
        subprocess.run(['tar', '-x', '-C', folder], input=files, check=True)
        subprocess.run(['make', '-s', 'weft'], cwd=folder, check=True)
    return folder / 'weft'


# ---- failures ------------------------------------------------------------------------------------
# name: what can be seen; the module; the script, in which $1 is the candidate, {folder} one with the files below, {weft} a
# good Weft and {mistaken} the other; what else it needs. Those that are real come first.

# Without that part of Weft the program ends well, and with it otherwise, or it says something else. Seconds are the
# processor's, so that it is the same however many others there are.
DIFFERS = '''
ulimit -t 2
a=$({mistaken} run {bare} --dir {folder} "$1" {args} 2>/dev/null) || exit 1
b=$({mistaken} run {plain} --dir {folder} "$1" {args} 2>/dev/null)
test $? != 0 || test "$a" != "$b"
'''


def differs(bare, plain, args):
    return DIFFERS.replace('{bare}', bare).replace('{plain}', plain).replace('{args}', args)


FAILURES = {
    'stack': ('its stack is exhausted (jsonfmt, a deep value, `--max-stack 32K`)', example('jsonfmt'),
              'ulimit -t 2; {weft} run --max-stack 32K --dir {folder} "$1" {folder}/deep.json 2>&1 | grep -q "call stack exhausted"', {}),
    'compiler-yosys': ('Weft at 33ce7ba traps in it when it is compiled, and not when it is interpreted (Yosys, a small design)',
                       of_real(real.yosys, 'yosys.wasm'), differs('--tier=interp', '--tier=baseline', '-q -p "read_verilog {folder}/small.v; proc"'),
                       {'commit': '33ce7ba'}),
    'decompile': ('`wasm-decompile` 1.0.32 ends by an assertion (a random module)', generated(2585),
                  'ulimit -c 0; wasm-decompile "$1" -o {folder}/out 2>&1 | grep -q "value_stack_depth - value_stack_depth_start =="',
                  {'program': 'wasm-decompile'}),
    'ctor-eval': ('`wasm-ctor-eval` 108 ends by an exception (a random module)', generated(273),
                  'ulimit -c 0; wasm-ctor-eval -all "$1" -o {folder}/out 2>&1 | grep -q "map::at"', {'program': 'wasm-ctor-eval'}),
    'wasm2js': ('`wasm2js` 108 ends by an assertion (a random module)', generated(261),
                'ulimit -c 0; cp "$1" {folder}/in.wasm; wasm2js -all {folder}/in.wasm -o {folder}/out 2>&1 | grep -q "type.isTuple"', {'program': 'wasm2js'}),
    'jsc': ('JavaScriptCore refuses it, a `br_on_null` that nobody reaches; it is valid (a random module)', generated(2115, JSC),
            """{weft} validate "$1" >/dev/null 2>&1 && {bun} {folder}/refused.js "$1" | grep -q "exceeds control stack size\"""", {'file': BUN}),
    'interp-avr': ('a mistaken interpreter runs it otherwise, which `--bare` leaves out (avr-as, a small source)',
                   of_real(real.gcc, 'wasm/avr-as.wasm'), differs('--tier=interp --bare', '--tier=interp', '-mmcu=avr5 {folder}/small.s -o {folder}/small.o'),
                   {'mistake': 'translator/local-result'}),
    'compiler-sqlite': ('a mistaken compiler runs it otherwise than the interpreter (SQLite, one statement)', of_real(real.sqlite, 'sqlite.wasm'),
                        differs('--tier=interp', '--tier=baseline', ':memory: "select 1 + 2, 17 % 8, upper(group_concat(value)) from json_each(\'[1, 2.5, 3]\')"'),
                        {'mistake': 'compiler/wide-constant'}),
    'has-avr': ('`i32.rotl` is in it (avr-as)', of_real(real.gcc, 'wasm/avr-as.wasm'), '{weft} print "$1" 2>/dev/null | grep -q i32.rotl', {}),
    'version': ('it prints its name and version (avr-objcopy `--version`)', of_real(real.gcc, 'wasm/avr-objcopy.wasm'),
                'ulimit -t 2; {weft} run "$1" --version 2>/dev/null | grep -q "GNU objcopy"', {}),
}

FILES = {
    'deep.json': '[' * 400 + ']' * 400,
    'small.s': 'main:\n ldi r16, 5\n add r16, r17\n rjmp main\n',
    'small.v': 'module top(input a, input b, output y); assign y = a & b; endmodule\n',
    'refused.js': 'try { new WebAssembly.Module(require("fs").readFileSync(process.argv[2])) } catch (e) { console.log(e.message) }\n',
}


def prepare(name):
    """The module, and the script."""
    _, module, script, needs = FAILURES[name]
    if 'program' in needs and not shutil.which(needs['program']):
        raise Missing(f'no {needs["program"]} here')
    if 'file' in needs and not needs['file'].exists():
        raise Missing(f'no {needs["file"].name} here: tools/setup.sh peers')
    folder = OUT / 'files'
    folder.mkdir(parents=True, exist_ok=True)
    for file, text in FILES.items():
        (folder / file).write_text(text)
    words = {'weft': judge(), 'folder': folder, 'bun': BUN}
    if 'mistake' in needs:
        words['mistaken'] = mistaken(needs['mistake'])
    if 'commit' in needs:
        words['mistaken'] = earlier(needs['commit'])
    for word, text in words.items():
        script = script.replace('{' + word + '}', str(text))
    path = OUT / f'{name}.sh'
    path.write_text('#!/bin/sh\n' + script + '\n')
    path.chmod(0o755)
    module = module()
    if subprocess.run([path, module], stdin=subprocess.DEVNULL).returncode:
        raise Missing('its script finds nothing in the whole module')
    return module, path


# ---- tools ---------------------------------------------------------------------------------------

def command(tool, program, module, script, out):
    if tool == 'wasm-reduce':
        test = out.with_suffix('.test.wasm')
        return [program, module, '-cmd', f'{script} {test}', '-t', test, '-w', out, '-b', Path(program).resolve().parent, '-to', '100']
    if tool == 'wasm-tools':
        return [program, 'shrink', script, module, '-o', out]
    return [program, 'reduce', module, '-o', out, '--exit', '0', '-j', '1', '--', script]


def tools(options):
    found = {'weft': options.weft or ROOT / 'build/release/weft'}
    given = dict(tool.split('=', 1) for tool in options.tool)
    for name in ('wasm-reduce', 'wasm-tools'):
        if given.get(name) or shutil.which(name):
            found[name] = given.get(name) or shutil.which(name)
        else:
            print(f'no {name} here')
    return found


def seconds_of(pid):
    """Of a process and those that it waited for."""
    with contextlib.suppress(OSError):
        return sum(map(int, Path(f'/proc/{pid}/stat').read_text().rpartition(')')[2].split()[11:15])) / TICK
    return 0


def run(words, limit):
    """(seconds of processor time, was it stopped)"""
    with tempfile.TemporaryDirectory(prefix='weft-reducing-') as scratch:
        process = subprocess.Popen(list(map(str, words)), cwd=scratch, env={**os.environ, 'TMPDIR': scratch}, start_new_session=True,
                                   stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        used, stopped = 0, False
        while True:
            # As it is when it has ended, before that is asked for.
            ended = os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            used = max(used, seconds_of(process.pid))
            if ended or used > limit:
                break
            time.sleep(0.05)
        if not ended:
            stopped = True
            process.send_signal(signal.SIGINT)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(5)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    return used, stopped


def measure(name, found, limit):
    module, script = prepare(name)
    result = {'size': module.stat().st_size}
    for tool, program in found.items():
        out = OUT / f'{name}.{tool}.wasm'
        out.unlink(missing_ok=True)
        used, stopped = run(command(tool, program, module, script, out), limit)
        good = out.exists() and not subprocess.run([script, out], stdin=subprocess.DEVNULL).returncode
        result[tool] = [out.stat().st_size if good else None, round(used, 1), stopped]
        print(name, result['size'], tool, *result[tool], flush=True)
    return result


def kept():
    return json.loads(RESULTS.read_text()) if RESULTS.exists() else {}


def keep(name, result):
    results = kept()
    results[name] = {**results.get(name, {}), **result}
    RESULTS.write_text(json.dumps(results, indent=1))


def cell(result, tool):
    if tool not in result:
        return 'not tried'
    size, seconds, stopped = result[tool]
    time = f'{seconds:.1f} s' if seconds < 10 else f'{seconds:.0f} s'
    return 'nothing' if size is None else f'{size:,}, {"stopped after" if stopped else "done in"} {time}'


def table(results):
    print('| failure | module | weft reduce | wasm-reduce | wasm-tools shrink |\n|---|---:|---:|---:|---:|')
    for name in filter(results.get, FAILURES):
        cells = [cell(results[name], tool) for tool in ('weft', 'wasm-reduce', 'wasm-tools')]
        print('| ' + ' | '.join([FAILURES[name][0], f'{results[name]["size"]:,}', *cells]) + ' |')


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('-k', metavar='PATTERN', default='*', help='only failures whose name matches')
    parser.add_argument('-t', metavar='SECONDS', type=float, default=60, help='of processor time that a tool may use')
    parser.add_argument('--tool', metavar='NAME=PROGRAM', action='append', default=[], help='where a tool is that is not in PATH')
    parser.add_argument('--weft', metavar='PROGRAM', help='what is measured in place of the release build')
    parser.add_argument('--only', metavar='NAME,...', help='only these tools')
    parser.add_argument('--table', action='store_true', help='measure nothing')
    options = parser.parse_args()
    OUT.mkdir(parents=True, exist_ok=True)
    if options.table:
        return table(kept())
    found = tools(options)
    if options.only:
        found = {tool: found[tool] for tool in options.only.split(',') if tool in found}
    for name in FAILURES:
        if not fnmatch.fnmatch(name, options.k):
            continue
        try:
            keep(name, measure(name, found, options.t))
        except Missing as why:
            print(f'{name}: {why}')
    table(kept())


if __name__ == '__main__':
    main()
