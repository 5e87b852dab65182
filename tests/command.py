"""command.py -- what the command does with descriptors, files, links and pipes as others left them.

    command/closed-N      some of descriptors 0 to 2 are closed when it starts: they stay closed, whatever it opens
    command/output-HOW    what an output's name stood for before it stands for after: a link, a file with other names, with
                          a mode, where something is mounted, in a directory where nothing can be made; or nothing changes
                          and what is no module is written over no input, and where it cannot be, that is said at once
    command/patient       standard streams that do not wait are waited for
    command/reader-gone   a program that writes for ever ends when nobody reads
    command/fifo          a program reads what somebody writes later
    command/read-only     a directory of --dir-ro may be looked at
    command/listen        a program serves one connection at an address, and at a listener that was handed over
    command/streams       --stdin, --stdout and --stderr: files, nothing, ours
    command/same          --deterministic: two runs in two directories print the same, whatever the order things were made in
    command/argv0         what a program sees as its argument 0
    command/walled        what a program leaves behind the second wall is written as without it: a module, a snapshot, a census,
                          what perf reads; with the mode of what was there, and what cannot be written is told
    command/quiet         `parse` names annotations that it passes over, and with --quiet does not
    command/utf-16        text that no tool of WebAssembly reads is told by its name
    command/little-stack  where the limit of the stack is too low that is said; 64 KiB are enough (stops/stack-64 runs the suite)

Hazards: R87.
"""
import fcntl, json, os, resource, select, shutil, signal, socket, subprocess, sys, tempfile, threading, time
from pathlib import Path

from outcome import Outcome, Test, SANITIZER_ENV, Done, sanitizer_report

WASI = '(import "wasi_snapshot_preview1" "%s" (func $%s (param %s) (result i32)))'


def program(imports, code, data=''):
    """A WASI command; $say writes a line of one digit, whether something failed."""
    lines = ''.join(WASI % (name, name, types) for name, types in {'fd_write': 'i32 i32 i32 i32', **imports}.items())
    return f'(module {lines} (memory (export "memory") 1) {data}' \
        '(func $say (param $err i32) (i32.store8 (i32.const 16) (i32.add (i32.const 48) (i32.ne (local.get $err) (i32.const 0))))' \
        ' (i32.store8 (i32.const 17) (i32.const 10)) (i32.store (i32.const 0) (i32.const 16)) (i32.store (i32.const 4) (i32.const 2))' \
        ' (drop (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8))))' \
        f'(func (export "_start") {code}))'


ENDLESS = program({}, '(loop (call $say (i32.const 0)) (br 0))')
OPEN = {'path_open': 'i32 i32 i32 i32 i32 i64 i64 i32 i32'}


def opening(path, rights, flags=0, at=100):
    return f'(call $path_open (i32.const 3) (i32.const 1) (i32.const {at}) (i32.const {len(path)}) (i32.const {flags})' \
        f' (i64.const {rights}) (i64.const 0) (i32.const 0) (i32.const 24))'


# It reads from a FIFO, and says what it read, or with nothing, 1.
READER = program({**OPEN, 'fd_read': 'i32 i32 i32 i32'}, f'''
  (if {opening('pipe', 2)} (then (call $say (i32.const 1))))
  (i32.store (i32.const 0) (i32.const 200)) (i32.store (i32.const 4) (i32.const 50))
  (drop (call $fd_read (i32.load (i32.const 24)) (i32.const 0) (i32.const 1) (i32.const 8)))
  (i32.store (i32.const 4) (i32.load (i32.const 8)))
  (drop (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))''', '(data (i32.const 100) "pipe")')

# Each line: does it fail?  Reading; writing, making, cutting, renaming, removing, making a directory, a link, setting times.
WRITER = program({**OPEN, 'path_rename': 'i32 i32 i32 i32 i32 i32', 'path_unlink_file': 'i32 i32 i32',
                  'path_create_directory': 'i32 i32 i32', 'path_symlink': 'i32 i32 i32 i32 i32',
                  'path_filestat_set_times': 'i32 i32 i32 i32 i64 i64 i32'}, f'''
  (call $say {opening('file', 2)})
  (call $say {opening('file', 0x40)})
  (call $say {opening('new', 0x40, 1, 110)})
  (call $say {opening('file', 2, 8)})
  (call $say (call $path_rename (i32.const 3) (i32.const 100) (i32.const 4) (i32.const 3) (i32.const 110) (i32.const 3)))
  (call $say (call $path_unlink_file (i32.const 3) (i32.const 100) (i32.const 4)))
  (call $say (call $path_create_directory (i32.const 3) (i32.const 110) (i32.const 3)))
  (call $say (call $path_symlink (i32.const 100) (i32.const 4) (i32.const 3) (i32.const 110) (i32.const 3)))
  (call $say (call $path_filestat_set_times (i32.const 3) (i32.const 1) (i32.const 100) (i32.const 4) (i64.const 1) (i64.const 1) (i32.const 5)))
  ''', '(data (i32.const 100) "file") (data (i32.const 110) "new")')

SHOW = program({'args_get': 'i32 i32', 'args_sizes_get': 'i32 i32'}, '''
  (drop (call $args_sizes_get (i32.const 32) (i32.const 36)))
  (drop (call $args_get (i32.const 64) (i32.const 1024)))
  (i32.store (i32.const 0) (i32.const 1024)) (i32.store (i32.const 4) (i32.load (i32.const 36)))
  (drop (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))''')

# It takes one connection of listener 3, receives, sends that back, and shuts down; exits with the first errno.
SERVER = program({'sock_accept': 'i32 i32 i32', 'sock_recv': 'i32 i32 i32 i32 i32 i32', 'sock_send': 'i32 i32 i32 i32 i32',
                  'sock_shutdown': 'i32 i32', 'proc_raise': 'i32'}, '''
  (i32.store (i32.const 0) (i32.const 200)) (i32.store (i32.const 4) (i32.const 50))
  (call $say (call $sock_accept (i32.const 3) (i32.const 0) (i32.const 24)))
  (i32.store (i32.const 0) (i32.const 200)) (i32.store (i32.const 4) (i32.const 50))
  (call $say (call $sock_recv (i32.load (i32.const 24)) (i32.const 0) (i32.const 1) (i32.const 0) (i32.const 32) (i32.const 36)))
  (i32.store (i32.const 0) (i32.const 200)) (i32.store (i32.const 4) (i32.load (i32.const 32)))
  (call $say (call $sock_send (i32.load (i32.const 24)) (i32.const 0) (i32.const 1) (i32.const 0) (i32.const 32)))
  (call $say (call $sock_shutdown (i32.load (i32.const 24)) (i32.const 2)))
  (call $say (call $proc_raise (i32.const 15)))''')

# What it is given at its input goes to both of its outputs.
COPY = program({'fd_read': 'i32 i32 i32 i32'}, '''
  (i32.store (i32.const 0) (i32.const 200)) (i32.store (i32.const 4) (i32.const 50))
  (call $say (call $fd_read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 24)))
  (i32.store (i32.const 0) (i32.const 200)) (i32.store (i32.const 4) (i32.load (i32.const 24)))
  (drop (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))
  (drop (call $fd_write (i32.const 2) (i32.const 0) (i32.const 1) (i32.const 8)))''')

# It prints the time, random bytes, and what a listing of its directory is, but for the numbers of files.
WORLD = program({'clock_time_get': 'i32 i64 i32', 'random_get': 'i32 i32', 'fd_readdir': 'i32 i32 i32 i64 i32'}, '''
  (local $at i32)
  (drop (call $clock_time_get (i32.const 0) (i64.const 0) (i32.const 200)))
  (drop (call $random_get (i32.const 208) (i32.const 32)))
  (drop (call $fd_readdir (i32.const 3) (i32.const 256) (i32.const 4096) (i64.const 0) (i32.const 24)))
  (loop $more
    (i64.store (i32.add (local.get $at) (i32.const 264)) (i64.const 0))
    (local.set $at (i32.add (i32.add (local.get $at) (i32.const 24)) (i32.load (i32.add (local.get $at) (i32.const 272)))))
    (br_if $more (i32.lt_u (local.get $at) (i32.load (i32.const 24)))))
  (i32.store (i32.const 0) (i32.const 200)) (i32.store (i32.const 4) (i32.add (i32.const 56) (i32.load (i32.const 24))))
  (drop (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))''')

MODULE = '(module (func (export "f") (result i32) (i32.const 1)))'
EXIT_3 = '(module (import "wasi_snapshot_preview1" "proc_exit" (func $e (param i32))) (func (export "_start") (call $e (i32.const 3))))'


def tests(options):
    for build in options.builds:
        fast = build.name == 'release'
        for closed in (0,), (1,), (2,), (0, 1), (0, 1, 2):
            yield Test(f'command/closed-{"".join(map(str, closed))}{build.suffix}', fast=fast,
                       run=lambda build=build, closed=closed: in_scratch(closed_at_start, build, closed))
        for name, make in OUTPUTS.items():
            yield Test(f'command/output-{name}{build.suffix}', lambda build=build, make=make: in_scratch(make, build), fast=fast)
        for make in patient, reader_gone, fifo, read_only, listen, streams, same, argv0, walled, writer_ends, led_out, terminal_by_path, quiet, utf_16:
            name = make.__name__.replace('_', '-')
            yield Test(f'command/{name}{build.suffix}', lambda build=build, make=make: in_scratch(make, build), fast=fast)
        if fast:      # sanitizers take more before there is a command
            yield Test('command/little-stack', lambda build=build: in_scratch(little_stack, build), fast=True)


def in_scratch(make, *args):
    with tempfile.TemporaryDirectory(prefix='weft-command-') as scratch:
        scratch = Path(scratch)
        (scratch / 'm.wat').write_text(MODULE)
        return make(scratch, *args)


def weft(build, words, scratch, **how):
    return subprocess.run([build.weft, *words], cwd=scratch, timeout=120, env={**os.environ, **SANITIZER_ENV},
                          **{'stdout': subprocess.PIPE, 'stderr': subprocess.PIPE, **({} if 'input' in how else {'stdin': subprocess.DEVNULL}), **how})


def told(done, good, more=''):
    report = sanitizer_report(Done(done.args, done.returncode, done.stdout or b'', done.stderr or b''))
    return Outcome.of(good and not report, f'{done.args}\nexit status {done.returncode}\n{done.stdout!r}\n{done.stderr!r}\n{more}')


def all_of(*parts):
    """One outcome of several."""
    return Outcome(passed=sum(p.passed for p in parts), failed=sum(p.failed for p in parts), text='\n'.join(p.text for p in parts if p.failed))


# ---- Descriptors

def closed_at_start(scratch, build, closed):
    (scratch / 'exit.wat').write_text(EXIT_3)
    (scratch / 'show.wat').write_text(SHOW)
    streams = {'stdin': subprocess.DEVNULL, 'stdout': subprocess.DEVNULL, 'stderr': subprocess.DEVNULL}

    def close():
        for n in closed:
            os.close(n)
    done = weft(build, ['run', '--dir', '.', 'exit.wat'], scratch, preexec_fn=close, **streams)
    ran = Outcome.of(done.returncode == 3, f'{closed}: exit status {done.returncode}')
    # What it opens for itself is not what is written to standard output.
    done = weft(build, ['parse', 'm.wat', '-o', 'm.wasm'], scratch, preexec_fn=close, **streams)
    again = weft(build, ['print', 'm.wasm', '-o', 'm.out'], scratch, preexec_fn=close, **streams)
    made = (scratch / 'm.wasm').read_bytes()[:4], (scratch / 'm.out').read_bytes()[:7]
    return all_of(ran, Outcome.of((made, done.returncode, again.returncode) == ((b'\0asm', b'(module'), 0, 0),
                                  f'{made}, exit status {done.returncode}, {again.returncode}'))


def patient(scratch, build):
    """A reader that is slow, and a pipe that does not wait; then a writer that is, and standard input that does not."""
    (scratch / 'many.wat').write_text('(module' + '(func (result i32) i32.const 1)\n' * 20000 + ')')
    whole = weft(build, ['print', 'many.wat'], scratch)
    r, w = os.pipe()
    os.set_blocking(w, False)
    child = subprocess.Popen([build.weft, 'print', 'many.wat'], cwd=scratch, stdout=w, stderr=w, env={**os.environ, **SANITIZER_ENV})
    os.close(w)
    got = b''
    while chunk := os.read(r, 65536):
        got += chunk
        time.sleep(0.002)
    os.close(r)
    status = child.wait()
    slow = told(whole, (status, got) == (0, whole.stdout), f'status {status}, {len(got)} bytes of {len(whole.stdout)}')
    r, w = os.pipe()
    os.set_blocking(r, False)
    child = subprocess.Popen([build.weft, 'print', '-'], stdin=r, stdout=subprocess.PIPE, env={**os.environ, **SANITIZER_ENV})
    os.close(r)

    def feed():
        for piece in MODULE[:20], MODULE[20:]:
            time.sleep(0.2)
            os.write(w, piece.encode())
        os.close(w)
    thread = threading.Thread(target=feed)
    thread.start()
    out, _ = child.communicate(timeout=120)
    thread.join()
    return all_of(slow, Outcome.of(child.returncode == 0 and out.startswith(b'(module'), f'{out!r}, exit status {child.returncode}'))


def reader_gone(scratch, build):
    (scratch / 'endless.wat').write_text(ENDLESS)
    child = subprocess.Popen([build.weft, 'run', 'endless.wat'], cwd=scratch, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                             env={**os.environ, **SANITIZER_ENV})
    line = child.stdout.readline()
    child.stdout.close()
    try:
        status = child.wait(timeout=60)
    except subprocess.TimeoutExpired:
        child.kill()
        status = 'none'
    return Outcome.of((line, status) == (b'0\n', 141), f'{line}, status {status}')


def fifo(scratch, build):
    (scratch / 'reader.wat').write_text(READER)
    os.mkfifo(scratch / 'pipe')

    def write():
        time.sleep(0.3)
        (scratch / 'pipe').write_text('hello')
    thread = threading.Thread(target=write)
    thread.start()
    done = weft(build, ['run', '--dir', '.', '--timeout', '60s', 'reader.wat'], scratch)
    thread.join()
    # Who waits in vain may be stopped.
    late = weft(build, ['run', '--dir', '.', '--timeout', '300ms', 'reader.wat'], scratch)
    return all_of(told(done, done.stdout == b'hello'), told(late, late.returncode == 124))


# ---- Grants, arguments

def read_only(scratch, build):
    (scratch / 'w.wat').write_text(WRITER)
    granted = scratch / 'granted'
    granted.mkdir()
    parts, refused = [], b'0\n' + b'1\n' * 8
    for words, want in (['--dir-ro', 'granted::.'], refused), (['--dir', 'granted::.::ro'], refused), \
            (['--dir=granted::.'], b'0\n0\n0\n0\n0\n1\n1\n1\n1\n'):
        (granted / 'file').write_text('kept')
        done = weft(build, ['run', *words, 'w.wat'], scratch)
        left = {path.name: path.read_text() for path in granted.iterdir()}
        parts.append(told(done, done.stdout == want and (want != refused or left == {'file': 'kept'}), f'wanted {want!r}; {left}'))
    return all_of(*parts)


def served(port):
    """What one connection got back."""
    with socket.create_connection(('127.0.0.1', port), timeout=60) as c:
        c.sendall(b'ping')
        c.shutdown(socket.SHUT_WR)
        got = b''
        while part := c.recv(100):
            got += part
        return got


# In a process of its own: descriptor 3 is the listener, and LISTEN_PID is whoever it becomes.
HAND_OVER = '''import os, socket, sys
s = socket.socket(fileno=os.dup(int(sys.argv[1])))
os.dup2(s.fileno(), 3); os.set_inheritable(3, True); os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS="1"); os.execv(sys.argv[2], sys.argv[2:])'''


def listen(scratch, build):
    (scratch / 'server.wat').write_text(SERVER)
    env, parts = {**os.environ, **SANITIZER_ENV}, []
    process = subprocess.Popen([build.weft, 'run', '--listen', '127.0.0.1:0', 'server.wat'], cwd=scratch, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    line = process.stderr.readline()
    got = served(int(line.split()[-1])) if line.startswith(b'listening at port') else line
    out, err = process.communicate(timeout=60)
    # A signal that would end a program ends it with its status; the host gets none.
    parts.append(Outcome.of((got, out, process.returncode) == (b'ping', b'0\n' * 4, 143), f'{got}, {out}, {err}, {process.returncode}'))
    with socket.create_server(('127.0.0.1', 0)) as s:
        process = subprocess.Popen([sys.executable, '-c', HAND_OVER, str(s.fileno()), build.weft, 'run', '--listen', 'inherit', 'server.wat'],
                                   cwd=scratch, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, pass_fds=[s.fileno()])
        got = served(s.getsockname()[1])
        out, err = process.communicate(timeout=60)
    parts.append(Outcome.of((got, out, process.returncode) == (b'ping', b'0\n' * 4, 143), f'{got}, {out}, {err}, {process.returncode}'))
    done = weft(build, ['run', '--listen', 'inherit', 'server.wat'], scratch)
    parts.append(told(done, done.returncode == 1 and b'LISTEN_FDS' in done.stderr))
    done = weft(build, ['run', '--listen', 'example.org:80', 'server.wat'], scratch)
    parts.append(told(done, done.returncode == 2 and b'an address' in done.stderr))
    # Nobody gave it one.
    done = weft(build, ['run', 'server.wat'], scratch)
    parts.append(told(done, done.stdout == b'1\n' * 4))
    return all_of(*parts)


def streams(scratch, build):
    (scratch / 'copy.wat').write_text(COPY)
    (scratch / 'in').write_text('given')
    (scratch / 'out').write_text('it is longer, and cut')
    done = weft(build, ['run', '--stdin', 'in', '--stdout', 'out', 'copy.wat'], scratch)
    parts = [told(done, (done.stdout, done.stderr, (scratch / 'out').read_text()) == (b'', b'given', '0\ngiven'))]
    done = weft(build, ['run', '--stdin', 'in', '--stdout', 'both', '--stderr', 'both', 'copy.wat'], scratch)
    parts.append(told(done, (done.stdout, done.stderr, (scratch / 'both').read_text()) == (b'', b'', '0\ngivengiven')))
    done = weft(build, ['run', '--stdin', 'null', '--stderr', 'null', 'copy.wat'], scratch, input=b'not this')
    parts.append(told(done, (done.stdout, done.stderr) == (b'0\n', b'')))
    done = weft(build, ['run', '--stdin', 'inherit', '--stderr', 'inherit', 'copy.wat'], scratch, input=b'this')
    parts.append(told(done, (done.stdout, done.stderr) == (b'0\nthis', b'this')))
    done = weft(build, ['run', '--stdin', 'none', 'copy.wat'], scratch)
    parts.append(told(done, done.returncode == 1 and b'none' in done.stderr))
    done = weft(build, ['run', '--stdin', 'in', '--trace-wasi=trace', '--json', 'copy.wat'], scratch)
    lines = (scratch / 'trace').read_text().splitlines()
    parts.append(told(done, len(lines) == 4 and all(json.loads(line)['errno'] == 'success' for line in lines), lines))
    (scratch / 'out').write_text('kept')
    done = weft(build, ['run', '--dry-run', '--stdout', 'out', '--stderr', 'new', '--trace-wasi=out', 'copy.wat'], scratch)
    parts.append(told(done, (done.returncode, (scratch / 'out').read_text(), (scratch / 'new').exists()) == (0, 'kept', False)))
    return all_of(*parts)


def same(scratch, build):
    (scratch / 'world.wat').write_text(WORLD)
    printed = set()
    for n, names in enumerate((['b', 'a', 'c', 'zz', 'm'], ['zz', 'c', 'm', 'b', 'a'])):
        (scratch / str(n)).mkdir()
        for name in names:
            (scratch / str(n) / name).write_text('')
        done = weft(build, ['run', '--deterministic', '--dir', f'{n}::/', 'world.wat'], scratch)
        printed.add(done.stdout)
    other = weft(build, ['run', '--deterministic', '--random-seed', '1', '--dir', '0::/', 'world.wat'], scratch)
    return told(done, len(printed) == 1 and len(done.stdout) > 200 and other.stdout not in printed, printed)


def argv0(scratch, build):
    (scratch / 'show.wat').write_text(SHOW)
    parts = []
    for words, want, given in (['show.wat', 'x'], b'show.wat\0x\0', ''), ([scratch / 'show.wat'], b'show.wat\0', ''), \
            (['--argv0', 'busybox', 'show.wat'], b'busybox\0', ''), (['-', 'y'], b'main.wasm\0y\0', SHOW), (['/dev/fd/0'], b'main.wasm\0', SHOW):
        done = weft(build, ['run', *words], scratch, input=given.encode())
        parts.append(told(done, done.stdout == want, f'wanted {want!r}'))
    return all_of(*parts)


def leaving(types='', keep='', first=''):
    """A module to be initialised, or run for a while."""
    return f'''(module {types} (memory (export "memory") 1)
      (func (export "go") (local $i i32) {first} {keep}
        (loop $l (local.set $i (i32.add (local.get $i) (i32.const 1))) (br_if $l (i32.lt_u (local.get $i) (i32.const 100000)))))
      (func (export "set") {first} (i32.store (i32.const 0) (i32.const 7))))'''


# What is written when a program is over: modules, options, names.
IN_THE_END = (('m.wat', ['--init', 'set', '-o'], 'o.wasm'), ('m.wat', ['--invoke', 'go', '--snapshot-at', '2000', '-o'], 'o.snapshot'),
              ('keeps.wat', ['--invoke', 'go', '--heap-census'], 'o.json'))


def write_leaving(scratch, imports='', first=''):
    (scratch / 'm.wat').write_text(leaving(imports, '', first))
    (scratch / 'keeps.wat').write_text(leaving(f'{imports} (type $p (struct)) (global $g (mut anyref) (ref.null any))',
                                               '(global.set $g (struct.new $p))', first))
    (scratch / 'box').mkdir()


def walled(scratch, build):
    write_leaving(scratch)
    parts = []
    for module, words, out in IN_THE_END:
        written = []
        for wall in 'off', 'auto', 'on':
            (scratch / out).write_text('old')
            (scratch / out).chmod(0o640)
            done = weft(build, ['run', '--dir', 'box', f'--sandbox={wall}', *words, out, module], scratch)
            written.append((scratch / out).read_bytes())
            lacks = wall == 'on' and b'this system has no wall' in done.stderr  # nor has what is instrumented
            as_ever = done.returncode == 0 and written[-1] == written[0] != b'old' and not list(scratch.glob(f'{out}.*'))
            parts.append(told(done, (lacks or as_ever) and (scratch / out).stat().st_mode & 0o777 == 0o640, out))
        done = weft(build, ['run', '--dir', 'box', *words, '/dev/full', module], scratch)
        parts.append(told(done, done.returncode == 1 and done.stderr.count(b'cannot write /dev/full') == 1))
    if build.name == 'release' and os.uname().machine == 'x86_64':
        done = weft(build, ['run', '--dir', 'box', '--perf', '--tier=baseline', '--invoke', 'go', 'm.wat'], scratch)
        dumps = list(scratch.glob('jit-*.dump'))
        parts.append(told(done, done.returncode == 0 and len(dumps) == 1 and b'func[' in dumps[0].read_bytes()))
    return all_of(*parts)


def writer_ends(scratch, build):
    """Who writes outside goes when the command does, also while nobody reads what it writes."""
    write_leaving(scratch, '', '(memory.fill (i32.const 0) (i32.const 1) (i32.const 65536))')
    os.mkfifo(scratch / 'out')
    reader = os.open(scratch / 'out', os.O_RDONLY | os.O_NONBLOCK)
    fcntl.fcntl(reader, fcntl.F_SETPIPE_SZ, 4096)
    with open(scratch / 'said', 'wb') as said:      # no pipe, whose end would be awaited
        run = subprocess.Popen([build.weft, 'run', '--dir', 'box', '--invoke', 'go', '--snapshot-at', '2000', '-o', 'out', 'm.wat'],
                               cwd=scratch, stderr=said)
    begun = select.select([reader], [], [], 60)[0] and os.read(reader, 1)
    run.kill()
    run.wait()
    waits = select.poll()
    waits.register(reader, 0)
    ended = waits.poll(20000)
    os.close(reader)
    return Outcome.of(bool(begun and ended), f'{begun} {ended} {(scratch / "said").read_bytes()}')


LEADS_OUT = '''(import "wasi_snapshot_preview1" "path_symlink" (func $link (param i32 i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "path_rename" (func $rename (param i32 i32 i32 i32 i32 i32) (result i32)))
  (data (i32.const 16) "../victim") (data (i32.const 32) "out") (data (i32.const 48) "sub") (data (i32.const 64) "gone")'''
TO_VICTIM = '(drop (call $link (i32.const 16) (i32.const 9) (i32.const 3) (i32.const 32) (i32.const 3)))'
FOLDER_UP = '''(drop (call $rename (i32.const 3) (i32.const 48) (i32.const 3) (i32.const 3) (i32.const 64) (i32.const 4)))
  (drop (call $link (i32.const 16) (i32.const 2) (i32.const 3) (i32.const 48) (i32.const 3)))'''


def led_out(scratch, build):
    """What a guest puts where something will be written in the end leads nobody out of its directory."""
    write_leaving(scratch, LEADS_OUT, TO_VICTIM + FOLDER_UP)
    box, victim, parts = scratch / 'box', scratch / 'victim', []
    victim.write_text('mine')
    for module, words, _ in IN_THE_END:
        for wall in 'off', 'auto':
            (box / 'sub').mkdir()
            done = weft(build, ['run', '--dir', 'box', f'--sandbox={wall}', *words, 'box/out', module], scratch)
            refused = done.returncode == 1 and done.stderr.count(b'cannot write box/out: Too many levels of symbolic links') == 1
            parts.append(told(done, refused and victim.read_text() == 'mine' and (box / 'sub').is_symlink()))
            for name in 'out', 'sub':
                (box / name).unlink()
            (box / 'gone').rename(box / 'sub')
            done = weft(build, ['run', '--dir', 'box', f'--sandbox={wall}', *words, 'box/sub/victim', module], scratch)
            parts.append(told(done, done.returncode == 0 and victim.read_text() == 'mine' and (box / 'gone/victim').stat().st_size))
            for name in 'out', 'sub', 'gone/victim':
                (box / name).unlink()
            (box / 'gone').rmdir()
    done = weft(build, ['run', '--dir', 'box', *words, 'none/out', module], scratch)
    parts.append(told(done, done.returncode == 1 and b'cannot write none/out: No such file' in done.stderr))
    return all_of(*parts)


def terminal_by_path(scratch, build):
    """One that a program opens itself obeys nothing either, with a wall or without."""
    parts = []
    for wall in 'off', 'auto':
        ours, theirs = os.openpty()
        name = os.path.basename(os.ttyname(theirs))
        (scratch / 'm.wat').write_text(program(OPEN, f'''(call $say {opening(name, 0x40)})
          (i32.store (i32.const 0) (i32.const 200)) (i32.store (i32.const 4) (i32.const 6))
          (drop (call $fd_write (i32.load (i32.const 24)) (i32.const 0) (i32.const 1) (i32.const 8)))''',
            f'(data (i32.const 100) "{name}") (data (i32.const 200) "\\1b[1mA\\9b")'))
        done = weft(build, ['run', '--dir', '/dev/pts', f'--sandbox={wall}', 'm.wat'], scratch)
        shown = os.read(ours, 100) if select.select([ours], [], [], 0)[0] else b''
        os.close(ours)
        os.close(theirs)
        parts.append(told(done, done.stdout == b'0\n' and shown == b'?[1mA?', shown))
    return all_of(*parts)


def quiet(scratch, build):
    """On standard error, each name once."""
    (scratch / 'a.wat').write_text('(module (@foo) (@foo) (@"b\\1b"))')
    parts = []
    for words, said in ([], b'note: a.wat: annotations that are passed over: @foo at 1:9, @b\\u{1b} at 1:23; --quiet leaves this out\n'), \
            (['-q'], b''), (['--quiet'], b''):
        done = weft(build, ['parse', *words, 'a.wat', '-o', '-'], scratch)
        parts.append(told(done, done.returncode == 0 and done.stdout == b'\0asm\1\0\0\0' and done.stderr == said))
    return all_of(*parts)


def utf_16(scratch, build):
    parts = []
    for form in 'utf-16', 'utf-16-le', 'utf-16-be':
        (scratch / 'm.wat').write_bytes(MODULE.encode(form))
        done = weft(build, ['validate', 'm.wat'], scratch)
        parts.append(told(done, done.returncode == 1 and b'this is UTF-16 text; save it as UTF-8' in done.stderr))
    return all_of(*parts)


def little_stack(scratch, build):
    (scratch / 'm.wat').write_text(MODULE)
    parts = []
    for kib in 16, 20, 32, 63, 64, 128:
        def small(limit=kib << 10):
            resource.setrlimit(resource.RLIMIT_STACK, (limit, limit))
        for words in ['run', '--invoke', 'f', 'm.wat'], ['validate', 'm.wat'], ['inspect', 'm.wat'], ['wast', 'm.wat']:
            done = weft(build, words, scratch, preexec_fn=small)
            low = done.returncode == 1 and done.stderr == b'weft: the limit of the stack is too low: ulimit -s 64 is enough\n'
            parts.append(told(done, done.returncode == 0 if kib >= 64 else low))
    return all_of(*parts)


# ---- Output

def made_well(scratch, done, name, *more):
    """It holds the module now, nothing lies beside it, and so on."""
    path = scratch / name
    good = done.returncode == 0 and path.read_bytes()[:4] == b'\0asm' and all(more)
    left = [p for p in scratch.rglob('*') if '.wasm.' in p.name]
    return told(done, good and not left, f'{path}: {path.read_bytes()[:20]!r}, {more}, left: {left}')


def output_link(scratch, build):
    (scratch / 'real.wasm').write_text('old')
    (scratch / 'link.wasm').symlink_to('real.wasm')
    done = weft(build, ['parse', 'm.wat', '-o', 'link.wasm'], scratch)
    return made_well(scratch, done, 'real.wasm', (scratch / 'link.wasm').is_symlink())


def output_dangling(scratch, build):
    (scratch / 'd').mkdir()
    (scratch / 'link.wasm').symlink_to('d/real.wasm')
    done = weft(build, ['parse', 'm.wat', '-o', 'link.wasm'], scratch)
    return made_well(scratch, done, 'd/real.wasm', (scratch / 'link.wasm').is_symlink())


def output_names(scratch, build):
    (scratch / 'one.wasm').write_text('old ' * 1000)
    os.link(scratch / 'one.wasm', scratch / 'two.wasm')
    done = weft(build, ['parse', 'm.wat', '-o', 'one.wasm'], scratch)
    same = (scratch / 'two.wasm').read_bytes() == (scratch / 'one.wasm').read_bytes()
    return made_well(scratch, done, 'one.wasm', same, (scratch / 'one.wasm').stat().st_nlink == 2)


def output_mode(scratch, build):
    (scratch / 'o.wasm').write_text('old')
    (scratch / 'o.wasm').chmod(0o751)
    done = weft(build, ['parse', 'm.wat', '-o', 'o.wasm'], scratch)
    return made_well(scratch, done, 'o.wasm', (scratch / 'o.wasm').stat().st_mode & 0o777 == 0o751)


def output_mount(scratch, build):
    (scratch / 'm.wasm').write_text('old')
    (scratch / 'below.wasm').write_text('old')
    script = 'mount --bind below.wasm m.wasm && "$0" parse m.wat -o m.wasm'
    if os.geteuid() or subprocess.run(['unshare', '-m', 'sh', '-c', 'mount --bind below.wasm m.wasm'], cwd=scratch,
                                      stderr=subprocess.DEVNULL).returncode:
        return Outcome.skip('nothing can be mounted here')
    done = subprocess.run(['unshare', '-m', 'sh', '-c', script, build.weft], cwd=scratch, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          env={**os.environ, **SANITIZER_ENV})
    return made_well(scratch, done, 'below.wasm', (scratch / 'm.wasm').read_text() == 'old')


def as_nobody(scratch, build, words):
    """By somebody who may not make files where the output is."""
    scratch.chmod(0o755)
    how = {} if os.geteuid() else {'user': 65534, 'group': 65534, 'extra_groups': []}
    try:
        return weft(build, words, scratch, **how)
    except PermissionError:
        return None                  # nobody else may come to where it stands


def output_directory(scratch, build):
    (scratch / 'd').mkdir()
    (scratch / 'd/o.wasm').write_text('old')
    (scratch / 'd/o.wasm').chmod(0o666)
    (scratch / 'd').chmod(0o555)
    done = as_nobody(scratch, build, ['parse', 'm.wat', '-o', 'd/o.wasm'])
    if not done:
        return Outcome.skip('nobody else may run this build')
    return made_well(scratch, done, 'd/o.wasm')


def output_refused(scratch, build):
    """Nothing changes: of a file that may not be written, where there is no room, where there is no directory."""
    (scratch / 'd').mkdir()
    (scratch / 'd/o.wasm').write_text('old')
    (scratch / 'd/o.wasm').chmod(0o444)
    done = as_nobody(scratch, build, ['parse', 'm.wat', '-o', 'd/o.wasm'])
    if not done:
        return Outcome.skip('nobody else may run this build')
    parts = [told(done, done.returncode == 1 and b'Permission denied' in done.stderr and (scratch / 'd/o.wasm').read_text() == 'old')]
    (scratch / 'a.wasm').write_text('old')
    os.link(scratch / 'a.wasm', scratch / 'b.wasm')

    def small():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (10, 10))
    for words in ['parse', 'm.wat', '-o', 'a.wasm'], ['parse', 'm.wat', '-o', 'c.wasm'], ['parse', 'm.wat', '-o', 'no/c.wasm']:
        done = weft(build, words, scratch, preexec_fn=small)
        left = sorted(path.name for path in scratch.iterdir())
        parts.append(told(done, done.returncode == 1 and b'cannot write' in done.stderr and (scratch / 'a.wasm').read_text() == 'old' and
                          left == ['a.wasm', 'b.wasm', 'd', 'm.wat'], left))
    return all_of(*parts)


def output_descriptor(scratch, build):
    """Names of descriptors mean these, at the place where they are."""
    with open(scratch / 'out', 'wb') as out:
        out.write(b'before ')
        out.flush()
        done = weft(build, ['parse', 'm.wat', '-o', '/dev/stdout'], scratch, stdout=out)
        fd = out.fileno()
        again = weft(build, ['parse', 'm.wat', '-o', f'/dev/fd/{fd}'], scratch, pass_fds=[fd])
    text = (scratch / 'out').read_bytes()
    return told(done, text.startswith(b'before \0asm') and text.count(b'\0asm') == 2 and not again.returncode, repr(text))


SCRIPT = '(module) (assert_malformed (module quote "(func") "unexpected token") (module (func))'


def output_over_input(scratch, build):
    """A picture or a list takes no input's place, whatever that is called; and nothing is written then."""
    kept, parts = {'m.wat': MODULE, 's.wast': SCRIPT, 'o.1.wat': SCRIPT}, []
    for name, text in kept.items():
        (scratch / name).write_text(text)
    os.link(scratch / 's.wast', scratch / 'hard.json')
    (scratch / 'soft.svg').symlink_to('m.wat')
    there = sorted(path.name for path in scratch.iterdir())
    for words, given in (['inspect', '--svg', 'm.wat', 'm.wat'], None), (['inspect', '--svg', 'soft.svg', './m.wat'], None), \
            (['inspect', '--svg', 'm.wat', '-'], 'm.wat'), (['wast', '--json', 's.wast', 's.wast'], None), \
            (['wast', '--json', 'hard.json', 's.wast'], None), (['wast', '--json', 'o.json', 'o.1.wat'], None), \
            (['wast', '--json', 'o.json', '-'], 'o.1.wat'):
        with open(scratch / given if given else os.devnull) as stdin:
            done = weft(build, words, scratch, stdin=stdin)
        same = all((scratch / name).read_text() == text for name, text in kept.items())
        left = sorted(path.name for path in scratch.iterdir())
        parts.append(told(done, done.returncode == 1 and b': it is the input\n' in done.stderr and same and left == there, left))
    return all_of(*parts)


def output_many(scratch, build):
    """All that `wast --json` writes, or nothing."""
    (scratch / 's.wast').write_text(SCRIPT)
    (scratch / 'd').mkdir()
    (scratch / 'd/o.2.wasm').mkdir()
    (scratch / 'd/o.0.wasm').write_text('old')
    parts = []
    for out, why in ('d/o.json', b'cannot write d/o.2.wasm: Is a directory'), ('d', b'Is a directory'), ('no/o.json', b'No such file'), \
            ('/dev/null', b'--json wants the name of a file'), ('/dev/stdout', b'--json wants'), ('-', b'--json wants'):
        done = weft(build, ['wast', '--json', out, 's.wast'], scratch)
        left = sorted(str(path.relative_to(scratch)) for path in scratch.rglob('*'))
        good = left == ['d', 'd/o.0.wasm', 'd/o.2.wasm', 'm.wat', 's.wast'] and (scratch / 'd/o.0.wasm').read_text() == 'old'
        parts.append(told(done, done.returncode in (1, 2) and why in done.stderr and good and not list(Path('/dev').glob('*.0.wasm')), left))
    (scratch / 'd/o.2.wasm').rmdir()
    (scratch / 'd/o.json').symlink_to('../real.json')
    (scratch / 'd/o.0.wasm').chmod(0o640)
    done = weft(build, ['wast', '--json', 'd/o.json', 's.wast'], scratch)
    names = sorted(path.name for path in (scratch / 'd').iterdir())
    good = names == ['o.0.wasm', 'o.1.wat', 'o.2.wasm', 'o.json'] and (scratch / 'real.json').read_text().startswith('{') and \
        (scratch / 'd/o.0.wasm').read_bytes()[:4] == b'\0asm' and (scratch / 'd/o.0.wasm').stat().st_mode & 0o777 == 0o640
    return all_of(*parts, told(done, done.returncode == 0 and good, names))


def output_soon(scratch, build):
    """That it cannot be written is said before what takes long: here, an input that never ends."""
    parts = []
    for words in ['inspect', '--svg', 'no/o.svg', '-'], ['inspect', '--svg', '.', '-'], ['wast', '--json', 'no/o.json', '-']:
        ours, its = os.pipe()
        with os.fdopen(ours) as stdin, os.fdopen(its, 'w'):
            done = weft(build, words, scratch, stdin=stdin)
        parts.append(told(done, done.returncode == 1 and b'cannot write' in done.stderr))
    return all_of(*parts)


OUTPUTS = {name.removeprefix('output_'): make for name, make in list(globals().items()) if name.startswith('output_')}
