"""doctoring.py -- `weft doctor`: what it says of files that no text can stand for, and whether it is right.

    doctor/kinds     damaged files, other formats and what linkers make are called by their names
    doctor/agrees    of modules of the tests and of the conformance suites it says that they would run if `weft run` begins to
                     run them, and only then
"""
import base64, re, tempfile
from pathlib import Path

from outcome import Outcome, Test, in_share, leb, run_command, sanitizer_report

ROOT = Path(__file__).resolve().parent.parent
MAGIC = b'\0asm\1\0\0\0'
START = b'\1\4\1\x60\0\0' + b'\3\2\1\0' + b'\7\x0a\1\6_start\0\0' + b'\x0a\4\1\2\0\x0b'


def custom(name, content=b''):
    body = leb(len(name)) + name.encode() + content
    return b'\0' + leb(len(body)) + body


GOOD = MAGIC + START
LINES = MAGIC + b''.join(custom('a', b'\n' * 20) for _ in range(3)) + START
KINDS = {
    # name: bytes, what is said, would it run
    'good': (GOOD, b'a WASI command', True),
    'cut': (GOOD[:-3], b'it is refused: ', False),
    'cut-long': (MAGIC + b'\0\xff\x01', b'the file seems to be cut short', False),
    'crlf': (LINES.replace(b'\n', b'\r\n'), b'each line feed has a carriage return in front', False),
    'utf-8': (b'\xef\xbf\xbdasm\1', b'a module that was copied as if it were text', False),
    'base64': (base64.b64encode(GOOD), b'a module in base64', False),
    'url': (b'data:application/wasm;base64,' + base64.b64encode(GOOD), b'a URL that holds a module in base64', False),
    'hexadecimal': (GOOD.hex().encode(), b'a module in hexadecimal', False),
    'html': (b'<!DOCTYPE html>', b'an HTML page', False),
    'json': (b'{"error": 404}', b'JSON', False),
    'lfs': (b'version https://git-lfs.github.com/spec/v1\n', b'what git has in place of a large file', False),
    'gzip': (b'\x1f\x8b\x08\0', b'gunzip', False),
    'elf': (b'\x7fELF\2\1\1', b'an ELF executable', False),
    'component': (b'\0asm\x0d\0\1\0', b'a WebAssembly component', False),
    'compiled': (b'\0aot\3\0\0\0', b'WAMR compiled', False),
    'object': (MAGIC + START + custom('linking', b'\2'), b'this is an object file', False),
    'library': (MAGIC + custom('dylink.0') + START, b'linked at run time', False),
    'empty': (b'', b'empty', False),
    'version': (b'\0asm\2\0\0\0', b'unknown binary version', False),
    'producers': (GOOD + custom('producers', b'\xff\xff\xff\xff\x0f'), b'it would run here', True),
    'targets': (GOOD + custom('target_features', b'\2+\3abc'), b'built for: +abc', True),
    'names': (GOOD + custom('producers', b'\1\3\x1b[m\1\2\xc2\x9b\0'), rb'made by: \u{9b} (\u{1b}[m)', True),
}


def tests(options):
    for build in options.builds:
        yield Test(f'doctor/kinds{build.suffix}', lambda build=build: kinds(build), fast=build.name == 'release')
        yield Test(f'doctor/agrees{build.suffix}', lambda build=build: agrees(build, options.conformance))


def kinds(build):
    outcome = Outcome()
    for name, (data, said, runs) in KINDS.items():
        with tempfile.TemporaryDirectory(prefix='weft-doctor-') as scratch:
            path = Path(scratch, 'in.wasm')
            path.write_bytes(data)
            done = run_command([build.weft, 'doctor', path])
            if said in done.stdout and done.status == (not runs) and not done.stderr:
                outcome.passed += 1
            else:
                outcome.fail(f'{name}: {done.describe()}')
    return outcome


BEFORE = b'traps before anything of it runs'
# What was not linked may begin to run all the same, where nothing of it needed a place.
UNLINKED = b'  this is '


def agrees(build, conformance):
    outcome = Outcome()
    files = sorted(p for place in [ROOT / 'tests', conformance] if place for p in place.rglob('*') if p.suffix in ('.wat', '.wasm'))
    for n, path in enumerate(files):
        if build.name != 'release' and not in_share(n) or n % 3:
            continue
        said = run_command([build.weft, 'doctor', path])
        ran = run_command([build.weft, 'run', '--fuel', '100000', path], stdin=b'')
        # Its own status may be 1, but then nothing is said that is not of its own.
        begins = ran.status != 1 or not re.search(rb'^error: |^' + re.escape(bytes(path)) + rb':', ran.stderr)
        later = any(text in said.stdout for text in (BEFORE, UNLINKED))
        if sanitizer_report(said) or said.stderr or said.status not in (0, 1) or (said.status == 0) != begins and not (later and begins):
            outcome.fail(said.describe() + ran.describe())
        else:
            outcome.passed += 1
    return outcome
