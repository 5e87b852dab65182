"""bombs.py -- modules made to cost much more than they weigh (HAZARDS R41). Each is validated, run and inspected within
time and memory that its size earns, and ends in an answer: fine, refused or trapped.

Limits: a second for each 10 MB and one to spare; 10 times the size and 64 MB more (what it asks for at run time is
kept down by --max-memory and --max-table).
"""
import json, subprocess, sys, tempfile
from pathlib import Path

from outcome import Outcome, Test
from robust import MAGIC, leb, section

MB = 1 << 20
SECONDS_SPARE = 1.0


def types(n, one=b'\x60\0\0'):
    return section(1, leb(n) + one * n)


def body(code, locals_=b'\0'):
    return leb(len(locals_) + len(code)) + locals_ + code


def funcs(*bodies):
    return section(3, leb(len(bodies)) + bytes(len(bodies))), section(10, leb(len(bodies)) + b''.join(bodies))


def module(*sections):
    return MAGIC + b''.join(sections)


def one_body(code, locals_=b'\0', before=b'', one=b'\x60\0\0'):
    declared, bodies = funcs(body(code, locals_))
    return module(types(1, one), declared, before, bodies)


FULL = 7654000          # bytes of a body; the limit is a little more
SUM = b'\x41\0\x41\0\x6a\x1a'


def chain(n):
    """A subtype chain, each type above the last."""
    return section(1, leb(n) + b'\x50\0\x5f\0' + b''.join(b'\x50\1' + leb(i) + b'\x5f\0' for i in range(n - 1)))


BOMBS = {
    'types-1e6': lambda: module(types(1000000)),
    'types-1e6-different': lambda: module(section(1, leb(300000) + b''.join(
        b'\x60\x12' + bytes(0x7c + (i >> 2 * k & 3) for k in range(9)) * 2 + b'\0' for i in range(300000)))),
    'rec-group-1e6': lambda: module(section(1, b'\1\x4e' + leb(1000000) + b'\x5f\0' * 1000000)),
    'rec-group-cycle': lambda: module(section(1, b'\1\x4e' + leb(200000) + b''.join(
        b'\x5f\1\x63' + leb_s((i + 1) % 200000) + b'\0' for i in range(200000)))),
    'rec-groups-alike': lambda: module(section(1, leb(2000) + (b'\x4e' + leb(200) + b'\x5f\1\x6e\0' * 200) * 2000)),
    'subtypes-63': lambda: module(chain(63)),
    'subtypes-1000': lambda: module(chain(1000)),
    'functions-1e6': lambda: module(types(1), section(3, leb(1000000) + bytes(1000000)),
                                    section(10, leb(1000000) + b'\2\0\x0b' * 1000000)),
    'imports-1e6': lambda: module(types(1), section(2, leb(1000000) + b'\0\0\0\0' * 1000000)),
    'exports-1e6': lambda: module(types(1), section(3, b'\1\0'), section(7, leb(1000000) + b''.join(
        b'\4' + bytes((65 + (i & 15), 65 + (i >> 4 & 15), 65 + (i >> 8 & 63), 48 + (i >> 14 & 63))) + b'\0\0'
        for i in range(1000000))), section(10, b'\1\2\0\x0b')),
    'globals-1e6': lambda: module(section(6, leb(1000000) + b'\x7f\0\x41\0\x0b' * 1000000)),
    'tags-1e6': lambda: module(types(1), section(13, leb(1000000) + b'\0\0' * 1000000)),
    'tables-1e5': lambda: module(section(4, leb(100000) + b'\x70\0\0' * 100000)),
    'tables-1e5-of-1e7': lambda: module(section(4, leb(100000) + (b'\x70\0' + leb(10000000)) * 100000)),
    'tables-full': lambda: module(types(1), section(3, b'\1\0'), section(4, leb(1000) + (
        b'\x40\0\x70\0' + leb(10000000) + b'\xd2\0\x0b') * 1000), section(9, b'\1\3\0\1\0'), section(10, b'\1\2\0\x0b')),
    'memories-100': lambda: module(section(5, leb(100) + b'\0\x80\x80\4' * 100)),
    'memories-101': lambda: module(section(5, leb(101) + b'\0\0' * 101)),
    'memory64-largest': lambda: module(section(5, b'\1\4' + leb(2 ** 37 - 1))),
    'datas-1e5': lambda: module(section(5, b'\1\0\1'), section(11, leb(100000) + b'\0\x41\0\x0b\0' * 100000)),
    'elems-1e6': lambda: module(types(1), section(3, b'\1\0'), section(9, leb(1000000) + b'\3\0\0' * 1000000), section(10, b'\1\2\0\x0b')),
    'elem-entries-1e7': lambda: module(types(1), section(3, b'\1\0'), section(9, b'\1\1\0' + leb(9999999) + bytes(9999999)), section(10, b'\1\2\0\x0b')),
    'params-1000': lambda: one_body(b'\0\x0b', one=b'\x60' + leb(1000) + b'\x7f' * 1000 + leb(1000) + b'\x7f' * 1000),
    'params-1000-calls': lambda: module(section(1, b'\2\x60\0\0\x60\0' + leb(1000) + b'\x7f' * 1000), section(3, b'\2\0\1'),
                                        section(10, b'\2' + body(b'\x10\1' * 500000 + b'\0\x0b') + body(b'\0\x0b'))),
    'locals-50000': lambda: one_body(b'\x0b', b'\1' + leb(50000) + b'\x7f'),
    'locals-50000-often': lambda: module(types(1), *funcs(*[body(b'\x0b', b'\1' + leb(50000) + b'\x7e')] * 20000)),
    'locals-groups-1e5': lambda: one_body(b'\x0b', leb(100000) + b'\0\x7f' * 100000),
    'body-longest': lambda: one_body(SUM * (FULL // len(SUM)) + b'\x0b'),
    'body-too-long': lambda: one_body(SUM * (FULL // len(SUM) + 1000) + b'\x0b'),
    'blocks-2e6': lambda: one_body(b'\x02\x40' * 2500000 + b'\x0b' * 2500001),
    'loops-2e6': lambda: one_body(b'\x03\x40' * 2500000 + b'\x0b' * 2500001),
    'ifs-1e6': lambda: one_body(b'\x41\0\x04\x40' * 1500000 + b'\x0b' * 1500001),
    'br-table-7e6': lambda: one_body(b'\x41\0\x0e' + leb(7600000) + bytes(7600001) + b'\x0b'),
    'br-tables-of-blocks': lambda: one_body(b'\x02\x40' * 2000 + (b'\x41\0\x0e' + leb(2000) + b''.join(map(leb, range(2000))) + b'\0') * 400 + b'\x0b' * 2001),
    'br-out-of-deep': lambda: one_body(b'\x02\x40' * 100000 + (b'\x41\0\x0d' + leb(99999)) * 500000 + b'\x0b' * 100001),
    'values-1e6': lambda: one_body(b'\x41\0' * 1500000 + b'\x1a' * 1500000 + b'\x0b'),
    'values-under-blocks': lambda: one_body(b'\x41\0' * 20000 + b'\x02\x40\x0b' * 1000000 + b'\x1a' * 20000 + b'\x0b'),
    'sets-of-read-locals': lambda: one_body(b'\x20\0' * 20000 + b'\x41\0\x21\0' * 500000 + b'\x1a' * 20000 + b'\x0b', b'\1\1\x7f'),
    'constant-long': lambda: module(section(6, b'\1\x7f\0' + b'\x41\0' + b'\x41\0\x6a' * 2000000 + b'\x0b')),
    'leb-padded': lambda: one_body((b'\x41\x80\x80\x80\x80\0\x1a') * 1000000 + b'\x0b'),
    'name-long': lambda: module(types(1), section(3, b'\1\0'), section(7, b'\1' + leb(5 * MB) + b'n' * (5 * MB) + b'\0\0'), section(10, b'\1\2\0\x0b')),
    'names-1e6': lambda: module(types(1), section(3, leb(1000000) + bytes(1000000)), section(10, leb(1000000) + b'\2\0\x0b' * 1000000),
                                section(0, b'\4name\1' + leb_section(b''.join(leb(i) + b'\1f' for i in range(1000000)), 1000000))),
    'customs-1e6': lambda: module(b'\0\1\0' * 2000000),
    'dead-code': lambda: one_body(b'\0' + b'\x6a' * 7000000 + b'\x1a\x0b'),
    'start-endless': lambda: module(types(1), section(3, b'\1\0'), section(8, b'\0'), section(10, b'\1' + body(b'\x03\x40\x0c\0\x0b\x0b'))),
    'start-grows': lambda: module(types(1), section(3, b'\1\0'), section(4, b'\1\x70\0\0'), section(5, b'\1\0\0'), section(8, b'\0'), section(10, b'\1' + body(
        b'\x03\x40\x41\1\x40\0\x1a\xd0\x70\x41\xff\xff\3\xfc\x0f\0\x1a\x0c\0\x0b\x0b'))),
    'start-recurses': lambda: module(types(1), section(3, b'\1\0'), section(8, b'\0'), section(10, b'\1' + body(b'\x10\0\x0b'))),
}


def leb_s(n):
    out = b''
    while not (-64 <= n < 64):
        out, n = out + bytes([n & 0x7f | 0x80]), n >> 7
    return out + bytes([n & 0x7f])


def leb_section(content, count):
    content = leb(count) + content
    return leb(len(content)) + content


def tests(options):
    for build in options.builds:
        if build.name == 'release' or options.weft:
            for name, make in BOMBS.items():
                yield Test(f'bomb/{name}{build.suffix}', lambda build=build, make=make: defuse(build, make))


def measured(command, timeout=60):
    """Exit status, seconds of processor time, bytes resident at most, what it said. Measured by a small process of its
    own, since what a process weighs before exec counts for it."""
    done = subprocess.run([sys.executable, '-S', '-c', MEASURE, str(timeout), *map(str, command)], capture_output=True)
    return json.loads(done.stdout)


MEASURE = """
import json, os, signal, sys
read, write = os.pipe()
pid = os.fork()
if not pid:
    nothing = os.open('/dev/null', os.O_RDWR)
    for to, fd in ((0, nothing), (1, nothing), (2, write)):
        os.dup2(fd, to)
    os.closerange(3, 20)
    os.execv(sys.argv[2], sys.argv[2:])
signal.signal(signal.SIGALRM, lambda *_: os.kill(pid, signal.SIGKILL))
signal.alarm(int(sys.argv[1]))
os.close(write)
said = b''
while piece := os.read(read, 65536):
    said += piece[:300]
_, status, usage = os.wait4(pid, 0)
print(json.dumps([os.waitstatus_to_exitcode(status), usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024,
                  said[:300].decode(errors='replace')]))
"""


def defuse(build, make):
    outcome, content = Outcome(), make()
    most_seconds, most_bytes = len(content) / (10 * MB) + SECONDS_SPARE, 10 * len(content) + 64 * MB
    with tempfile.NamedTemporaryFile(suffix='.wasm') as file:
        file.write(content)
        file.flush()
        for words in (['validate'], ['run', '--invoke', '', '--fuel', '1000000', '--timeout', '5s', '--max-memory', '16M', '--max-table', '100000'],
                      ['inspect']):
            status, seconds, resident, said = measured([build.weft, *words, file.name])
            wrong = ''
            if status not in ((0, 1) if words[0] != 'run' else (0, 1, 134, 124)):
                wrong += f' exit status {status};'
            # Running sets up what the module asks for, and inspecting loads it again for each feature.
            if seconds > most_seconds * (10 if words[0] == 'inspect' else 2 if words[0] == 'run' else 1):
                wrong += f' {seconds:.2f} s, at most {most_seconds:.2f};'
            if resident > most_bytes * (2 if words[0] != 'validate' else 1):
                wrong += f' {resident / MB:.0f} MB, at most {most_bytes / MB:.0f};'
            if wrong:
                outcome.fail(f'weft {" ".join(words)}, {len(content)} bytes:{wrong} {said}')
            else:
                outcome.passed += 1
    return outcome
