"""signals.py -- Ctrl-C and its kin, at any time: the command ends, soon, as its shell expects, and leaves nothing behind.

    signals/parse        the output of `weft parse` is whole, or as it was; nothing lies beside it
    signals/init         so is that of `weft run --init`, when the program is over
    signals/COMMAND      on programs and scripts that never end
    signals/load-COMMAND while a large file is read by one thread and validated by another
    signals/wast-at-once the processes of `weft wast -j` end with it, also when the signal is for it alone

And what a terminal sees of a long load, and a pipe does not:

    signals/progress     it is told, then taken away again
"""
import os, pty, signal, subprocess, tempfile, time
from pathlib import Path

from outcome import Outcome, Test, SANITIZER_ENV, leb, nops

LONG = 60                    # seconds that a machine under load may take for what is at once
ENDLESS = '(module (func (export "f") (loop (br 0))))\n(invoke "f")\n'
BYTES = 96 << 20             # so much that a signal meets the writing of it
NAME = 'some custom section'
# It is binary already, so that all the time goes into writing it.
BINARY = b'\0asm\1\0\0\0\0' + leb(BYTES + 1 + len(NAME)) + bytes([len(NAME)]) + NAME.encode() + bytes(BYTES)
FILLS = f'(module (memory {BYTES >> 16}) (func (export "f") (memory.fill (i32.const 0) (i32.const 1) (i32.const {BYTES}))))'.encode()
TIMES = 5


def tests(options):
    for build in options.builds:
        fast = build.name == 'release'
        for sig in signal.SIGINT, signal.SIGTERM:
            name = sig.name.lower()
            yield Test(f'signals/parse-{name}{build.suffix}', lambda build=build, sig=sig: written(build, sig, ['parse', 'in', '-o', 'out'], BINARY))
            yield Test(f'signals/init-{name}{build.suffix}', lambda build=build, sig=sig: written(build, sig, ['run', '--init', 'f', '-o', 'out', 'in'], FILLS))
        for words in ['wast'], ['wast', '-j', '2'], ['run', '--invoke', 'f'], ['run', '--tier=spec', '--invoke', 'f']:
            how = '-at-once' if '-j' in words else '-spec' if '--tier=spec' in words else ''
            yield Test(f'signals/{words[0]}{how}{build.suffix}', fast=fast,
                       run=lambda build=build, words=words: endless(build, words))
        for words in ['validate'], ['run', '--invoke', 'f']:
            yield Test(f'signals/load-{words[0]}{build.suffix}', lambda build=build, words=words: load(build, words), fast=fast)
        yield Test(f'signals/progress{build.suffix}', lambda build=build: progress(build))


def start(build, words, scratch, **how):
    """In a session of its own, so that no other process gets the signal, with all signals as a shell leaves them."""
    return subprocess.Popen([build.weft, *words], cwd=scratch, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                            env={**os.environ, **SANITIZER_ENV}, start_new_session=True, restore_signals=True, **how)


def until(holds):
    end = time.monotonic() + LONG
    while not holds():
        if time.monotonic() > end:
            return False
        time.sleep(0.0005)
    return True


def ended(process):
    """What a shell would call its status; None, and it is killed, if it goes on."""
    try:
        code = process.wait(LONG)
        return 128 - code if code < 0 else code
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        return None
    finally:
        process.stderr.close()


def written(build, sig, words, module):
    """A signal may come too late: then all is there, whether or not the process gets to say so."""
    outcome, met = Outcome(), 0
    with tempfile.TemporaryDirectory(prefix='weft-signals-') as scratch:
        out = Path(scratch) / 'out'
        (Path(scratch) / 'in').write_bytes(module)
        if ended(start(build, words, scratch)) != 0:
            return Outcome(failed=1, text=f'{words} fails')
        whole = out.stat().st_size
        for _ in range(TIMES):
            out.write_text('old')
            process = start(build, words, scratch)
            until(lambda: len(os.listdir(scratch)) > 2 or process.poll() is not None)
            process.send_signal(sig)
            status, left = ended(process), sorted(os.listdir(scratch))
            met += status == 128 + sig
            size = out.stat().st_size
            good = status in (0, 128 + sig) and left == ['in', 'out'] and size in (len('old'), whole)
            if not good or (status == 0 and size != whole):
                outcome.fail(f'exit status {status}, {left}, {size} bytes in out')
            for path in left:
                if path not in ('in', 'out'):
                    os.unlink(f'{scratch}/{path}')
    if not met:
        outcome.fail('the signal never came while it was written')
    outcome.passed += not outcome.failed
    return outcome


def children(pid):
    found = []
    for task in Path('/proc').glob('[0-9]*/stat'):
        try:
            if task.read_text().rpartition(')')[2].split()[1] == str(pid):
                found.append(int(task.parent.name))
        except OSError:
            pass
    return found


def runs(pid):
    try:
        return Path(f'/proc/{pid}/stat').read_text().rpartition(')')[2].split()[0] not in 'ZX'
    except OSError:
        return False


def endless(build, words):
    with tempfile.TemporaryDirectory(prefix='weft-signals-') as scratch:
        files = ['a.wast', 'b.wast'] if words[0] == 'wast' else ['a.wast']
        for name in files:
            (Path(scratch) / name).write_text(ENDLESS if words[0] == 'wast' else ENDLESS.split('\n')[0])
        process = start(build, [*words, *files], scratch)
        wanted = 2 if '-j' in words else 0
        until(lambda: len(children(process.pid)) == wanted or process.poll() is not None)
        time.sleep(0.2)
        early, made = process.poll(), children(process.pid)
        process.send_signal(signal.SIGINT)
        status = ended(process)
        gone = until(lambda: not any(map(runs, made)))
        for pid in made if not gone else []:
            os.kill(pid, signal.SIGKILL)
    return Outcome.of(early is None and status == 130 and len(made) == wanted and gone,
                      f'{words}: {early}, exit status {status}, processes {made}, {"gone" if gone else "still there"}')


def load(build, words):
    """A module of 64 MB; the signal comes as soon as there are two threads."""
    with tempfile.TemporaryDirectory(prefix='weft-signals-') as scratch:
        (Path(scratch) / 'm').write_bytes(nops(9, 7 << 20))
        outcome, met = Outcome(), 0
        for _ in range(TIMES):
            process = start(build, [*words, 'm'], scratch)
            until(lambda: threads(process.pid) > 1 or process.poll() is not None)
            process.send_signal(signal.SIGINT)
            status = ended(process)
            met += status == 130
            if status not in (0, 130):
                outcome.fail(f'{words}: exit status {status}')
    if not met and (os.cpu_count() or 1) > 1:
        outcome.fail('the signal never came while it was read')
    outcome.passed += not outcome.failed
    return outcome


def threads(pid):
    try:
        return len(os.listdir(f'/proc/{pid}/task'))
    except OSError:
        return 0


def validate_slowly(build, stderr):
    """A module that takes a second to arrive: a custom section of 3 MB, in pieces."""
    size = 3 << 20
    process = subprocess.Popen([build.weft, 'validate', '-'], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=stderr,
                               env={**os.environ, **SANITIZER_ENV})
    process.stdin.write(b'\0asm\1\0\0\0\0' + bytes([size & 0x7f | 0x80, size >> 7 & 0x7f | 0x80, size >> 14 & 0x7f | 0x80, size >> 21])
                        + b'\1n')
    for _ in range(8):
        process.stdin.write(bytes((size - 2) // 8))
        process.stdin.flush()
        time.sleep(0.125)
    process.stdin.write(bytes((size - 2) % 8))
    process.stdin.close()
    return process.wait(LONG)


def progress(build):
    outcome = Outcome()
    ours, theirs = pty.openpty()
    os.set_blocking(ours, False)
    status = validate_slowly(build, theirs)
    seen = bytearray()

    def more():                 # a terminal hands on what was written when it gets to it
        try:
            seen.extend(os.read(ours, 65536))
        except BlockingIOError:
            pass
        return seen.endswith(b'\r\x1b[K')
    until(more)
    if status == 0 and b'\r\x1b[Kloading -: ' in seen and b' MB' in seen and seen.endswith(b'\r\x1b[K'):
        outcome.passed += 1
    else:
        outcome.fail(f'on a terminal: status {status}, {bytes(seen)!r}')
    os.close(ours)
    os.close(theirs)
    with tempfile.TemporaryFile() as pipe:
        status = validate_slowly(build, pipe)
        pipe.seek(0)
        seen = pipe.read()
    if status == 0 and seen == b'':
        outcome.passed += 1
    else:
        outcome.fail(f'elsewhere: status {status}, {seen!r}')
    return outcome
