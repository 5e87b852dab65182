"""wasi2.py -- components that want WASI 0.2.

    wasi2/wasip1/NAME   programs of the suite of preview 1, made components by its adapter: they do what the suite says of them. An eighth of them, or all
    wasi2/direct        wasi2/direct.c calls what the adapter does not reach
    wasi2/whole         a component that imports all that the WIT of 0.2.12 has but HTTP can be instantiated
    wasi2/command       exit statuses, versions, imports that are not there or of another type, traces, limits, what traps
"""
import json, shutil, socket, subprocess, tempfile, time
from pathlib import Path

from outcome import Outcome, Test, in_share, run_command

HERE = Path(__file__).resolve().parent / 'wasi2'


def tests(options, wasi_run):
    if not options.conformance:
        yield Test('wasi2', lambda: Outcome.skip('the conformance suites are not here (WEFT_CONFORMANCE)'))
        return
    suite = options.conformance / 'wasi-testsuite/wasm32-wasip1'
    adapter = options.conformance / 'components/wasi_snapshot_preview1.command.wasm'
    for build in options.builds:
        if build.name == 'release':
            for n, path in enumerate(sorted(suite.rglob('*.wasm'))):
                yield Test(f'wasi2/wasip1/{path.relative_to(suite)}', lambda path=path, build=build: wrapped(build, path, adapter, wasi_run), full=not in_share(n))
        yield Test(f'wasi2/direct{build.suffix}', lambda build=build: direct(build, options.conformance))
        yield Test(f'wasi2/whole{build.suffix}', lambda build=build: whole(build, options.conformance))
        yield Test(f'wasi2/command{build.suffix}', lambda build=build: command(build), fast=build.name == 'release')


def wrapped(build, path, adapter, wasi_run):
    with tempfile.TemporaryDirectory(prefix='weft-wasi2-') as scratch:
        made = Path(scratch, path.name)
        done = run_command([build.weft, 'component', 'new', path, '--adapt', f'wasi_snapshot_preview1={adapter}', '-o', made])
        return wasi_run([build.weft], path, program=made) if done.status == 0 else Outcome.of(False, done.describe())


def note(outcome, holds, done):
    """`done` is a command's, or says itself what went wrong."""
    outcome.passed += holds
    if not holds:
        outcome.fail(done.text if isinstance(done, Outcome) else done.describe())


def world(conformance, scratch, name):
    """A folder with WIT whose world of that name has all that commands may import."""
    wit = Path(scratch, 'wit')
    shutil.copytree(conformance / 'wasi-wit/0.2.12', wit / 'deps')
    (wit / 'world.wit').write_text(f'package weft:tests; world {name} {{ include wasi:cli/command@0.2.12; }}')
    return wit


def whole(build, conformance):
    """With functions that are unstable, and without; what runs then is a function that traps."""
    outcome = Outcome()
    with tempfile.TemporaryDirectory(prefix='weft-wasi2-') as scratch:
        wit, core, made = world(conformance, scratch, 'whole'), Path(scratch, 'core.wasm'), Path(scratch, 'whole.wasm')
        for features in [], ['--all-features']:
            for words in ['embed', '--dummy', *features, '--world', 'whole', wit, '-o', core], ['new', core, '-o', made]:
                step = run_command([build.weft, 'component', *words])
                note(outcome, step.status == 0, step)
            done = run_command([build.weft, 'run', made])
            note(outcome, done.status == 134 and b'trap: unreachable' in done.stderr, done)
        lowered = run_command([build.weft, 'print', made]).stdout.count(b'canon lower')
        functions = (HERE.parent.parent / 'src/wasi/p2/p2.def').read_text().count('\nFUNC(')
        note(outcome, lowered == functions, done)
    return outcome


# ---- what the adapter does not reach

def direct(build, conformance):
    if not shutil.which('clang-19') or not shutil.which('wasm-ld-19'):
        return Outcome.skip('clang-19 for wasm32 is not here (tools/setup.sh)')
    outcome = Outcome()
    with tempfile.TemporaryDirectory(prefix='weft-wasi2-') as scratch:
        wit, core, made = world(conformance, scratch, 'direct'), Path(scratch, 'direct.core.wasm'), Path(scratch, 'direct.wasm')
        steps = [run_command(['clang-19', '--target=wasm32', '-Os', '-nostdlib', '-fno-builtin', '-Wl,--no-entry', '-o', core, HERE / 'direct.c']),
                 run_command([build.weft, 'component', 'embed', '--all-features', '--world', 'direct', wit, core, '-o', core]),
                 run_command([build.weft, 'component', 'new', core, '-o', made])]
        for step in steps:
            note(outcome, step.status == 0, step)
        if outcome.failed:
            return outcome
        for tier in ('interp', 'auto') if build.name == 'release' else ('auto',):
            root, fixed = Path(scratch, f'root-{tier}'), Path(scratch, f'fixed-{tier}')
            root.mkdir(), fixed.mkdir()
            for i in range(300):
                (fixed / f'f{i}').touch()
            done = run_command([build.weft, 'run', f'--tier={tier}', '--env', 'K=a=b', '--dir', f'{root}::/', '--dir-ro', f'{fixed}::/fixed', made, 'one', ''], stdin=b'0123456789')
            note(outcome, done.status == 0 and done.stdout == b'5678!\0\0' and not done.stderr, done)
            note(outcome, (root / 'f').exists() and (root / 'f').read_bytes() == b'abcDEFghgh' and len(list(fixed.iterdir())) == 300, done)
            for letter, options, status, said in MISDEEDS:
                wall = ['--sandbox=on'] if build.name == 'release' else []
                done = run_command([build.weft, 'run', f'--tier={tier}', *wall, *options, '--dir', f'{root}::/', '--dir-ro', f'{fixed}::/fixed', made, letter])
                note(outcome, done.status == status and (said in done.stderr if said else not done.stderr), done)
            note(outcome, *serving(build, tier, made))
            note(outcome, *by_six(build, tier, made))
            note(outcome, *calling(build, tier, made))
            note(outcome, (root / 'much').exists() and (root / 'much').stat().st_size == 9488, done)
            if build.name == 'release':     # the others have no wall around what goes wrong
                wrong = escaped(build, tier, Path(scratch, f'out-{tier}'), made)
                note(outcome, not wrong, wrong)
    return outcome


def serving(build, tier, made):
    """It takes two connections of a listener that was handed over, one after the other."""
    with socket.socket() as free:
        free.bind(('127.0.0.1', 0))
        port = free.getsockname()[1]
    server = subprocess.Popen([build.weft, 'run', f'--tier={tier}', '--listen', f'127.0.0.1:{port}', '--env', f'P={port}', made, 'l'], stderr=subprocess.PIPE)
    answers = []
    try:
        for _ in range(2):
            for _ in range(500):    # until it is there
                try:
                    client = socket.create_connection(('127.0.0.1', port), 10)
                    break
                except ConnectionRefusedError:
                    time.sleep(0.02)
            with client:
                client.settimeout(20)
                client.sendall(b'ping')
                answers.append(client.makefile('rb').read())
        status = server.wait(20)
    except OSError as error:
        status = error
    finally:
        server.kill()
        said = server.communicate()[1]
    good = status == 0 and answers == [b'pong'] * 2
    return good, Outcome.of(good, f'{status} {answers} {said.decode()}')


def by_six(build, tier, made):
    """It takes a listener of IPv6, where there is that."""
    try:
        with socket.socket(socket.AF_INET6) as free:
            free.bind(('::1', 0))
            port = free.getsockname()[1]
    except OSError:
        return True, None
    done = run_command([build.weft, 'run', f'--tier={tier}', '--listen', f'[::1]:{port}', '--env', f'P={port}', made, 'n'])
    return done.status == 0 and not done.stderr, done


def calling(build, tier, made):
    """It connects to what was granted, and is refused the rest."""
    with socket.create_server(('127.0.0.1', 0)) as server:
        server.settimeout(20)
        port = server.getsockname()[1]
        client = subprocess.Popen([build.weft, 'run', f'--tier={tier}', '--allow-connect', f'127.0.0.1:{port}', '--allow-connect=localhost:1', '--env', f'P={port}', made, 'm'],
                                  stderr=subprocess.PIPE)
        try:
            connection = server.accept()[0]
            with connection:
                got = connection.recv(100)
                connection.sendall(b'pong')
            status = client.wait(20)
        except OSError as error:
            got, status = error, None
        finally:
            client.kill()
            said = client.communicate()[1]
    good = status == 0 and got == b'ping'
    return good, Outcome.of(good, f'{status} {got} {said.decode()}')


def escaped(build, tier, outside, made):
    """Nothing leads out of the directory, and what is around it stays as it is."""
    root = outside / 'root'
    for folder in (root, root / 'e'):
        (folder / 'd').mkdir(parents=True)
        (folder / 'f').write_text('mine')
        for name, target in (('up', '../' if folder is root else '../..'), ('abs', '/'), ('to', 'up')):
            (folder / name).symlink_to(target)
    (outside / 'folder').mkdir()
    (outside / 'secret').write_text('secret')
    before = sorted((path, path.lstat()) for path in outside.rglob('*'))
    done = run_command([build.weft, 'run', f'--tier={tier}', '--sandbox=on', '--dir', f'{root}::/', made, 'k'])
    return done if done.status or before != sorted((path, path.lstat()) for path in outside.rglob('*')) else None


# What is not to be done, or meets a limit: a letter for direct.c, options, how it ends.
MISDEEDS = [
    ('a', [], 134, b'poll of no pollables'), ('b', [], 134, b'more is written than check-write has said'), ('c', [], 134, b'more than 4096 bytes'),
    ('d', [], 134, b'more than 1,048,576 random bytes'), ('e', [], 134, b'too many handles'), ('f', ['--timeout=200ms'], 124, b'time limit'),
    ('f', ['--deterministic'], 0, b''), ('g', ['--fuel=100000000'], 134, b'out of fuel'), ('g', ['--timeout=200ms'], 124, b'time limit'),
    ('h', ['--max-output=10000'], 0, b''), ('i', ['--max-disk=10000'], 0, b''), ('j', ['--max-fds=16'], 0, b''),
]


# ---- the command

def component(imports, body, results='(result i32)', cores=''):
    """A command whose run is that, with imports of components before it, and core functions of those for its module."""
    return f'''(component {imports}
  (core module $M {cores} (func (export "run") {results} {body}))
  (core instance $m (instantiate $M (with "" (instance EXPORTS))))
  (func $run (result (result)) (canon lift (core func $m "run")))
  (instance $i (export "run" (func $run)))
  (export "wasi:cli/run@0.2.0" (instance $i)))'''


EXIT = '(export "exit" (func (param "status" (result))))'
CODE = '(export "exit-with-code" (func (param "status-code" u8)))'
CALLS = '(import "" "f" (func $f (param i32)))'


def with_exit(versions, call, types=(EXIT, CODE)):
    """Of two versions of wasi:cli/exit; which of their functions is called, with what."""
    imports = ''.join(f'(import "wasi:cli/exit@{version}" (instance $x{i} {type}))' for i, (version, type) in enumerate(zip(versions, types)))
    imports += f'(core func $f (canon lower (func {call[0]})))'
    return component(imports, f'(call $f (i32.const {call[1]})) (i32.const 0)', cores=CALLS).replace('EXPORTS', '(export "f" (func $f))')


def command(build):
    outcome = Outcome()
    plain = component('', '(i32.const 0)').replace('EXPORTS', '')
    cases = [
        # text, options, status, what is said
        (plain, [], 0, ''),
        (plain.replace('(i32.const 0)', '(i32.const 1)'), [], 1, ''),
        (plain.replace('(i32.const 0)', 'unreachable'), [], 134, 'trap: unreachable'),
        (plain, ['--heap-census', 'x'], 2, '--heap-census is for modules'),
        (plain.replace('wasi:cli/run@0.2.0', 'wasi:cli/run@0.3.0'), [], 1, 'no command'),
        (plain.replace('"wasi:cli/run@0.2.0"', '"a:b/run@0.2.0"'), [], 1, 'no command'),
        (plain.replace('(result (result))', '(result u32)'), [], 1, 'of another type'),
        (with_exit(('0.2.0', '0.2.99'), ('$x0 "exit"', 0)), [], 0, ''),
        (with_exit(('0.2.0', '0.2.99'), ('$x0 "exit"', 1)), [], 1, ''),
        (with_exit(('0.2.0', '0.2.99'), ('$x1 "exit-with-code"', 42)), [], 42, ''),
        (with_exit(('0.2.3', '0.3.0'), ('$x0 "exit"', 1)), [], 1, 'of "wasi:cli/exit@0.3.0"; of WASI 0.2.12 there is: cli/environment, cli/exit, '),
        (with_exit(('0.2.3', '0.2.0-rc-1'), ('$x0 "exit"', 1)), [], 1, 'of "wasi:cli/exit@0.2.0-rc-1"; of'),
        (with_exit(('0.2.3', '0.3.0'), ('$x0 "exit"', 1)), ['--stub-imports'], 1, ''),
        (with_exit(('0.2.3', '0.3.0'), ('$x1 "exit-with-code"', 1)), ['--stub-imports'], 134, 'nothing defines the import'),
        (with_exit(('0.2.3', '0.2.4'), ('$x0 "exit"', 1), (EXIT, CODE.replace('code"', 'code-2"', 1))), [], 1,
         'func "exit-with-code-2" of "wasi:cli/exit@0.2.4"; of WASI 0.2.12 there is: exit, exit-with-code'),
        (with_exit(('0.2.3', '0.2.4'), ('$x0 "exit"', 1), (EXIT, CODE.replace('u8', 'u16'))), [], 1,
         'incompatible import type: "exit-with-code" of "wasi:cli/exit@0.2.4" is func(status-code: u16), and WASI 0.2.12 has func(status-code: u8)'),
        (with_exit(('0.2.3', '0.2.4'), ('$x0 "exit"', 1), (EXIT, CODE.replace('status-code', 'code'))), [], 1, 'incompatible import type'),
        (with_exit(('0.2.0', '0.2.99'), ('$x1 "exit-with-code"', 42)), ['--trace-wasi'], 42, 'wasi:cli/exit exit-with-code(42) = exits\n'),
        (with_exit(('0.2.0', '0.2.99'), ('$x0 "exit"', 1)), ['--trace-wasi', '--json'], 1,
         '{"thread":0,"call":"wasi:cli/exit.exit","arguments":"err","result":"exits"}\n'),
    ]
    with tempfile.TemporaryDirectory(prefix='weft-wasi2-') as scratch:
        path = Path(scratch, 'c.wat')
        path.write_text(with_exit(('0.2.3', '0.3.0'), ('$x0 "exit"', 1)))
        for words in ['inspect', '--authority'], ['run', '--dry-run']:
            done = run_command([build.weft, *words, path])
            note(outcome, done.status == 0 and b'its own end: "wasi:cli/exit@0.2.3" (always there)\n  of others: "wasi:cli/exit@0.3.0"\n' in done.stdout, done)
            done = run_command([build.weft, *words, '--json', path])
            note(outcome, done.status == 0 and json.loads(done.stdout)['others'] == ['wasi:cli/exit@0.3.0'], done)
        done = run_command([build.weft, 'run', '--dry-run', '--allow-connect', '[::1]:80', path])
        note(outcome, done.status == 0 and b'  connections to "[::1]:80"\n' in done.stdout, done)
        for address in ['127.0.0.1', '127.0.0.1:0', ':80', 'example.com:80', '127.0.0.1:70000', '1.2.3:80', '']:
            done = run_command([build.weft, 'run', f'--allow-connect={address}', path])
            note(outcome, done.status == 2 and b'--allow-connect wants HOST:PORT' in done.stderr, done)
        for text, options, status, said in cases:
            path.write_text(text)
            done = run_command([build.weft, 'run', *options, path])
            if '--json' in options and done.stderr:
                json.loads(done.stderr)
            note(outcome, done.status == status and (said.encode() in done.stderr if said else not done.stderr), done)
    return outcome
