"""stepping.py -- `weft step` where a golden test cannot look: its page, its screen, and what it does to the host.

    step/page        the page of --html has the steps of --json, put together as the page's script does
    step/hostile     what a module and its program say cannot end the script that they stand in, nor drive anything
    step/bounded     a program that does not end makes a page that is as long as is allowed, and says so
    step/commands    what --do says is done as it stands, or refused
    step/host        going back does nothing to the host a second time, and gives what it gave
    step/led-out     a page goes where its name led before the program ran, which is behind a second wall
    step/screen      the screen: keys, conditions, another size, signals; the terminal is as it was
    step/browser     the page in Chromium: by keyboard, mouse and touch, at the width of a telephone (make full)
"""
import fcntl, json, os, pty, re, select, signal, struct, subprocess, tempfile, termios, time
from pathlib import Path

import browser, command
from outcome import Outcome, Test, SANITIZER_ENV, run_command

PATIENCE = 60
SUMS = b'''(module
  (global $sum (mut i32) (i32.const 0)) (memory 1)
  (func $add (param i32) (global.set $sum (i32.add (global.get $sum) (local.get 0))))
  (func $f (export "f") (param $n i32) (result i32)
    (loop $again
      (call $add (local.get $n))
      (i32.store8 (local.get $n) (global.get $sum))
      (br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (if (result i32) (i32.gt_s (global.get $sum) (i32.const 5)) (then (i32.const 1)) (else (i32.const 2)))))'''
TRAPS = b'(module (func $f (export "f") unreachable))'
FOREVER = b'(module (func $f (export "f") (loop (br 0))))'
# What may be there by the thousands: clauses of each kind.
MANY = [b'(module (tag) (tag) (func (export "f") (block $h (try_table ' + b'(catch 1 $h) ' * 9999 + b'(throw 0)))))',
        b'(module (tag) (tag) (func (export "f") (try (do (throw 0)) ' + b'(catch 1) ' * 9999 + b')))',
        b'(module (tag) (tag) (type $f (func)) (type $c (cont $f)) (func $g (suspend 0)) (elem declare func $g) (func (export "f") '
        b'(drop (block $h (result (ref $c)) (resume $c ' + b'(on 1 $h) ' * 9999 + b'(cont.new $c (ref.func $g))) (unreachable)))))']
HOSTILE = r'''(module
  (import "wasi_snapshot_preview1" "fd_write" (func (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 8) "\10\00\00\00\30\00\00\00</script><script>document.title='!'</script>\1b[2J\e2\80\ae")
  (func (@name "</script><img src=x onerror=document.title=1>\1b]0;\u{202e}") (export "f")
    (drop (call 0 (i32.const 1) (i32.const 8) (i32.const 1) (i32.const 4)))))'''.encode()
# Appends a random byte to a file, and prints it.
APPENDS = rb'''(module
  (import "wasi_snapshot_preview1" "path_open" (func $open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "random_get" (func $random (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 8) "\20\00\00\00\01\00\00\00") (data (i32.const 64) "file")
  (func (export "_start")
    (drop (call $open (i32.const 3) (i32.const 0) (i32.const 64) (i32.const 4) (i32.const 1) (i64.const 0x40) (i64.const 0) (i32.const 1) (i32.const 16)))
    (drop (call $random (i32.const 32) (i32.const 1)))
    (drop (call $write (i32.load (i32.const 16)) (i32.const 8) (i32.const 1) (i32.const 4)))
    (drop (call $write (i32.const 1) (i32.const 8) (i32.const 1) (i32.const 4)))))'''


def tests(options):
    for build in options.builds:
        for name, test in ('page', page), ('hostile', hostile), ('bounded', bounded), ('commands', commands), \
                ('host', host), ('led-out', led_out), ('screen', screen):
            yield Test(f'step/{name}{build.suffix}', lambda build=build, test=test: test(build), fast=build.name == 'release')
    yield Test('step/browser', lambda: in_browser(options.builds[0]), full=True)


def check(outcome, good, text):
    if good:
        outcome.passed += 1
    else:
        outcome.fail(text)


class Scratch(tempfile.TemporaryDirectory):
    """A folder with this module in it."""
    def __init__(self, module):
        super().__init__(prefix='weft-step-')
        self.module = Path(self.name) / 'a.wat'
        self.module.write_bytes(module)


def page_of(build, scratch, *words):
    out = Path(scratch) / 'page.html'
    done = run_command([build.weft, 'step', '--html', out, *words], cwd=scratch, timeout=PATIENCE)
    return done, out.read_bytes() if out.exists() else b''


def recorded(page):
    return json.loads(re.search(rb'<script type="application/json" id="run">(.*?)</script>', page, re.S)[1])


def json_steps(build, scratch, *words):
    done = run_command([build.weft, 'step', '--json', *words], cwd=scratch, timeout=PATIENCE)
    return [json.loads(line) for line in done.stdout.splitlines()], done


# ---- the page ------------------------------------------------------------------------------------

def put_together(run):
    """Each step in full, as --json has it."""
    lines, locals_ = [], []
    number = run['first'] - 1
    for step in run['steps']:
        front, behind, between = step['c']
        lines = lines[:front] + between + (lines[len(lines) - behind:] if behind else [])
        locals_ = step.get('l', [] if 'f' not in step else locals_)
        number = step.get('n', number + 1)
        func = run['funcs'][step['f']] if 'f' in step else None
        yield {'step': number, 'config': re.sub('[\1\2]', '', '\n'.join(lines)), 'rule': run['rules'][step['r']][0],
               'premise': run['rules'][step['r']][1] or None, 'values': step.get('v'), 'depth': step.get('d', 0), 'locals': locals_,
               'offset': step.get('o', 0), 'output': step.get('p', ''), 'func': func and func['index'],
               'touched': [{'part': p, 'before': b or None, 'after': a} for p, b, a in step.get('t', [])]}


def in_full(step):
    return {**{key: step[key] for key in ('step', 'config', 'rule', 'premise', 'values', 'depth', 'touched')}, 'output': step.get('output', ''),
            'locals': step.get('locals', []), 'offset': step.get('offset', 0), 'func': step['func'] and step['func']['index']}


def page(build):
    outcome = Outcome()
    for words in ['--invoke', 'f', 'a.wat', '4'], ['--from', '9', '--steps', '20', '--invoke', 'f', 'a.wat', '4'], \
                 ['--only', 'op global.*', '--invoke', 'f', 'a.wat', '4'], ['--whole', '--invoke', 'f', 'a.wat', '4']:
        with Scratch(SUMS) as scratch:
            done, text = page_of(build, scratch, *words)
            want, _ = json_steps(build, scratch, *words)
            if done.status or not text:
                return Outcome(failed=1, text=done.describe())
            run = recorded(text)
            steps = [s for s in want if 'step' in s]
            check(outcome, list(put_together(run)) == [in_full(s) for s in steps], f'{words}: the page has other steps')
            check(outcome, run['end'] == want[-1].get('end', ''), f'{words}: it ends in {run["end"]!r}')
            code = {line[0]: line[2] for func in run['funcs'] for line in func['code'] if line}
            check(outcome, all(s['offset'] in code for s in steps if s.get('offset')), 'a place is not in the code')
            check(outcome, text.count(b'http') == 1 and b'http-equiv' in text, 'the page names another place')
    with Scratch(TRAPS) as scratch:
        done, text = page_of(build, scratch, '--invoke', 'f', 'a.wat')
        check(outcome, done.status == 134 and recorded(text)['end'] == 'trap: unreachable', done.describe())
    return outcome


def hostile(build):
    outcome = Outcome()
    with Scratch(HOSTILE) as scratch:
        done, text = page_of(build, scratch, '--invoke', 'f', 'a.wat')
        check(outcome, done.status == 0 and not done.stdout and not done.stderr, done.describe())
        check(outcome, len(re.findall(rb'</script', text)) == 2, 'a script element ends where it should not')
        data = re.search(rb'id="run">(.*?)</script>', text, re.S)[1]
        check(outcome, not re.search(rb'[\0-\x08\x0b-\x1f\x7f]', text) and b'<' not in data, 'what should be an escape')
        check(outcome, '\u202e' not in text.decode(), 'a mark of direction')
        run = recorded(text)
        printed = ''.join(s.get('p', '') for s in run['steps'])
        check(outcome, printed.startswith("</script><script>document.title='!'</script>\x1b"), f'it printed {printed!r}')
        for how in ['--json'], ['--lines'], ['--do', 'end; 1; end']:
            done = run_command([build.weft, 'step', *how, '--invoke', 'f', 'a.wat'], cwd=scratch)
            check(outcome, done.status == 0 and not re.search(rb'[\0-\x08\x0b-\x1f\x7f]|\xe2\x80\xae', done.stdout), done.describe())
    return outcome


def bounded(build):
    outcome = Outcome()
    with Scratch(FOREVER) as scratch:
        for words, steps in ([], 5000), (['--steps', '300'], 300), (['--from', '100000', '--steps', '7'], 7):
            done, text = page_of(build, scratch, *words, '--invoke', 'f', 'a.wat')
            run = recorded(text)
            check(outcome, done.status == 0 and len(run['steps']) == steps and run['end'] == '', done.describe())
            check(outcome, len(text) < 4 << 20, f'{len(text)} bytes')
    for module in MANY:
        with Scratch(module) as scratch:
            done = run_command([build.weft, 'step', '--features=all', '--json', '--steps', '40', '--invoke', 'f', 'a.wat'], cwd=scratch)
            lines = done.stdout.splitlines()
            check(outcome, len(lines) > 4 and max(map(len, lines)) < 2000 and '...' in done.stdout.decode(), done.describe()[:5000])
    with Scratch(FOREVER) as scratch:
        done = run_command([build.weft, 'step', '--html', 'no/such/folder', '--invoke', 'f', 'a.wat'], cwd=scratch)
        check(outcome, done.status == 1 and b'no/such/folder' in done.stderr, done.describe())
    return outcome


def commands(build):
    """What --do has in it is taken as it stands, however long or large; or it is refused."""
    outcome = Outcome()
    with Scratch(SUMS) as scratch:
        for text, status, wanted in [(f'3; step {2**64 - 1}', 0, ['3', 'end']), ('3; step 1; go 99999999999999999999999', 0, ['3', '4', 'end']),
                                     ('2; until func "a;b" || step == 30; end', 0, ['2', '30', 'end']),
                                     ('until step == 3' + ' ' * 980 + '+ 1 || step == 2', 2, [])]:
            steps, done = json_steps(build, scratch, '--do', text, '--invoke', 'f', 'a.wat', '4')
            shown = [str(s['step']) if 'step' in s else 'end' for s in steps]
            check(outcome, done.status == status and shown == wanted, f'{shown}: {done.describe()}')
    return outcome


def host(build):
    outcome = Outcome()
    with Scratch(APPENDS) as scratch:
        words = ['--dir', f'{scratch}::/', '--json']
        steps, done = json_steps(build, scratch, *words, '--do', 'end; 1; end; back 4; 2; until output_is_no_word; end', 'a.wat')
        check(outcome, done.status == 2, done.describe())
        steps, done = json_steps(build, scratch, *words, '--do', 'until op drop && step > 20; back 2; end; 1; end; back until rule *host; end', 'a.wat')
        file = (Path(scratch) / 'file').read_bytes()
        check(outcome, done.status == 0 and len(file) == 2, f'{file!r} was written by two programs\n{done.describe()}')
        whole, done = json_steps(build, scratch, *words, '--do', ';'.join(['end', *map(str, range(1, 40)), 'end', *map(str, range(1, 40))]), 'a.wat')
        half = len(whole) // 2
        check(outcome, whole[1:half] == whole[half + 1:] and any(s.get('output') for s in whole), 'the second time is another')
        check(outcome, len((Path(scratch) / 'file').read_bytes()) == 3, 'what was written again')
    return outcome


def led_out(build):
    outcome = Outcome()
    module = f'(module {command.LEADS_OUT} (memory (export "memory") 1) (func (export "_start") {command.FOLDER_UP}))'
    with Scratch(module.encode()) as scratch:
        (Path(scratch) / 'box/sub').mkdir(parents=True)
        done = run_command([build.weft, 'step', '--dir', 'box', '--html', 'box/sub/page', 'a.wat'], cwd=scratch, timeout=PATIENCE)
        there = sorted(str(p.relative_to(scratch)) for p in Path(scratch).rglob('page*'))
        led = (Path(scratch) / 'box/sub').is_symlink()
        check(outcome, done.status == 0 and led and there == ['box/gone/page'], f'{there}\n{done.describe()}')
    return outcome


# ---- the screen ----------------------------------------------------------------------------------

class Terminal:
    """A program on a terminal, and what that shows: of all sequences those that it is to use."""
    SEQUENCE = re.compile(r'\x1b\[(\??)([0-9;]*)([A-Za-z])')

    def __init__(self, command, width, height, **how):
        self.clear(width, height)
        self.modes, self.strange, self.raw = set(), [], b''
        self.master, slave = pty.openpty()
        self.size(width, height)
        self.before = termios.tcgetattr(self.master)

        def leads():
            os.setsid()
            fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
        self.process = subprocess.Popen(command, stdin=slave, stdout=slave, stderr=slave, preexec_fn=leads, close_fds=True,
                                        env={**os.environ, **SANITIZER_ENV, 'TERM': 'xterm'}, **how)
        os.close(slave)

    def clear(self, width, height):
        self.width, self.height = width, height
        self.cells = [[' '] * width for _ in range(height)]
        self.looks = [[''] * width for _ in range(height)]
        self.x = self.y = 0
        self.look = ''

    def size(self, width, height):
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack('HHHH', height, width, 0, 0))

    def resize(self, width, height):
        self.clear(width, height)
        self.size(width, height)

    def feed(self, data):
        self.raw += data
        text = self.raw.decode('utf-8', 'ignore')
        cut = text.rfind('\x1b')
        if cut >= 0 and not self.SEQUENCE.match(text, cut):     # the rest of it is on its way
            text = text[:cut]
        self.raw = self.raw[len(text.encode()):]
        at = 0
        while at < len(text):
            match = self.SEQUENCE.match(text, at)
            if match:
                at = match.end()
                private, numbers, kind = match.groups()
                if kind == 'H':
                    self.y, self.x = (int(n) - 1 for n in (numbers or '1;1').split(';'))
                elif kind == 'm':
                    self.look = numbers
                elif private and kind in 'hl':
                    (self.modes.add if kind == 'h' else self.modes.discard)(numbers)
                else:
                    self.strange.append(match[0])
                continue
            c, at = text[at], at + 1
            if c in '\r\n':
                continue
            if ord(c) < 32 or ord(c) == 127:
                self.strange.append(c)
            elif self.y < self.height and self.x < self.width:
                self.cells[self.y][self.x], self.looks[self.y][self.x] = c, self.look
                self.x += 1

    def text(self):
        return '\n'.join(''.join(row).rstrip() for row in self.cells)

    def look_of(self, look):
        return ''.join(c for cells, looks in zip(self.cells, self.looks) for c, l in zip(cells, looks) if l.endswith(look))

    def until(self, holds):
        """Reads until that holds; False: it never does."""
        end = time.monotonic() + PATIENCE
        while not holds():
            ready, _, _ = select.select([self.master], [], [], 0.02)
            try:
                data = os.read(self.master, 1 << 16) if ready else b''
            except OSError:
                return bool(holds())
            self.feed(data)
            if time.monotonic() > end or self.process.poll() is not None and not ready:
                return bool(holds())
        return True

    def keys(self, text, wanted):
        os.write(self.master, text.encode())
        return self.until(lambda: wanted in self.text())

    def state(self):
        return Path(f'/proc/{self.process.pid}/stat').read_text().rpartition(')')[2].split()[0]

    def end(self):
        """Its status; and is the terminal as it was?"""
        try:
            status = self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            status = self.process.wait()
        self.until(lambda: False)
        same = termios.tcgetattr(self.master)[:4] == self.before[:4]
        os.close(self.master)
        return status, same and '1049' not in self.modes and '25' in self.modes and not self.strange


RIGHT, LEFT, UP, DOWN, HOME, END = '\x1b[C', '\x1b[D', '\x1b[A', '\x1b[B', '\x1b[H', '\x1b[F'


def screen(build):
    outcome = Outcome()
    command = [build.weft, 'step', '--invoke', 'f', 'a.wat']

    def tried(terminal, keys, wanted):
        check(outcome, terminal.keys(keys, wanted), f'{keys!r} does not show {wanted!r}:\n{terminal.text()}')
    with Scratch(SUMS) as scratch:
        t = Terminal([*command, '3'], 120, 30, cwd=scratch)
        steps = [s for s in json_steps(build, scratch, '--invoke', 'f', 'a.wat', '3')[0] if 'step' in s]
        sets, stores = ([s['step'] for s in steps if s['rule'] == rule] for rule in ('Step/global.set', 'Step/store-pack-val'))

        def goes(*pairs):
            for keys, step in pairs:
                tried(t, keys, f'step {step} ' if isinstance(step, int) else step)
        goes(('', 1), (RIGHT * 3, 4), (LEFT, 3), ('l', 4), (' ', 5), ('h', 4), ('12\r', 12), ('n', 13), (HOME, 1), ('/rule Step/global.set\r', sets[0]),
             (LEFT * 2, sets[0] - 2), ('.', sets[0]), ('.', sets[1]), (',', sets[0]), ('.', sets[1]), ('/local 0 ==\r', 'a value is missing'),
             ('/x\x7f\x7f', '? help'), (':sideways\r', 'a command is'), ('?', 'back until one does'), ('x', sets[1]),
             ('G', 'returned (i32.const 1)'), (LEFT, len(steps)), (HOME, 1), (RIGHT, 2), ('o', 3), ('u', 'returned'),
             ('\\rule Step/store*\r', stores[-1]), ('', 'MEMS[0].BYTES[1] 00 -> 06'), ('\\step < 1\r', 'there is none in front'),
             ('/step < 1\r', 'it holds nowhere'), ('10\r', 10))
        check(outcome, t.until(lambda: t.look_of('30;43').strip() == '(LABEL_0 {})'), f'marked is {t.look_of("30;43")!r}')
        t.resize(60, 16)
        tried(t, '', 'step 10 ')
        check(outcome, t.until(lambda: 'until' in t.text().split('\n')[-1]), f'no keys at the foot of a small screen:\n{t.text()}')
        tried(t, '?', 'page down, page up')
        tried(t, DOWN * 20, 'the operators of C')
        tried(t, UP * 20, 'right, space')
        tried(t, 'x', 'LABEL_0')
        t.resize(20, 5)
        tried(t, '', 'q ends')
        t.resize(10, 3)
        tried(t, '', 'too small')
        t.resize(150, 40)
        tried(t, '', 'step 10 ')
        os.kill(t.process.pid, signal.SIGTSTP)
        check(outcome, t.until(lambda: '1049' not in t.modes and t.state() == 'T'), 'it is stopped, and the terminal is not as it was')
        os.kill(t.process.pid, signal.SIGCONT)
        check(outcome, t.until(lambda: '1049' in t.modes and 'step 10 ' in t.text()), 'it does not go on')
        os.write(t.master, b'q')
        status, same = t.end()
        check(outcome, status == 0 and same, f'q: status {status}, {t.modes}, {t.strange}')
        for how, want in ((b'\x03', 0), (signal.SIGTERM, -signal.SIGTERM), (signal.SIGHUP, -signal.SIGHUP), (None, 0)):
            t = Terminal([*command, '3'], 80, 24, cwd=scratch)
            tried(t, '', 'step 1 ')
            if isinstance(how, bytes):
                os.write(t.master, how)
            elif how:
                os.kill(t.process.pid, how)
            else:
                os.write(t.master, b'\x04')
            status, same = t.end()
            check(outcome, status == want and same, f'{how}: status {status}, {t.modes}, {t.strange}')
    with Scratch(FOREVER) as scratch:
        t = Terminal(command, 100, 30, cwd=scratch)
        tried(t, '', 'step 1 ')
        tried(t, 'G', 'Ctrl-C stops it')
        time.sleep(0.1)
        os.write(t.master, b'\x03')
        check(outcome, t.until(lambda: re.search(r'step \d{3,} ', t.text())), f'Ctrl-C does not stop it:\n{t.text()}')
        os.write(t.master, b'\x03')
        status, same = t.end()
        check(outcome, status == 0 and same, f'status {status}, {t.modes}, {t.strange}')
    with Scratch(TRAPS) as scratch:
        for keys, want in ('', 0), ('G', 134), ('Gg', 134):
            t = Terminal(command, 110, 30, cwd=scratch)
            tried(t, keys[:1], 'trap: unreachable' if keys else 'step 1 ')
            tried(t, keys[1:], 'step 1 ' if keys != 'G' else 'trap: unreachable')
            os.write(t.master, b'q')
            status, same = t.end()
            check(outcome, status == want and same, f'{keys!r}, q: status {status} instead of {want}, {t.modes}, {t.strange}')
    with Scratch(HOSTILE) as scratch:
        t = Terminal(command, 110, 30, cwd=scratch)
        tried(t, '/rule *host\r', 'prints')
        tried(t, 'G', 'returned')
        os.write(t.master, b'q')
        status, same = t.end()
        check(outcome, status == 0 and same, f'hostile: status {status}, {t.modes}, {t.strange}')
    return outcome


# ---- in a browser --------------------------------------------------------------------------------

SHOWN = '''(() => ({step: +document.body.dataset.step, config: [...document.querySelectorAll('#lines div')].map(d => d.textContent),
    rule: document.getElementById('name').textContent, values: document.querySelector('#premise b').textContent,
    redex: [...document.querySelectorAll('mark')].map(m => m.textContent).join(''), locals: [...document.querySelectorAll('#locals td:last-child')].map(d => d.textContent),
    changed: [...document.querySelectorAll('#changes b')].map(b => b.textContent), code: document.querySelector('#code .now')?.textContent,
    output: document.querySelector('#output pre').textContent, title: document.title}))()'''


def in_browser(build):
    if not browser.PROGRAM:
        return Outcome.skip('chromium is not here (tools/setup.sh page)')
    outcome = Outcome()

    def at(b, step, why):
        got = b.run(SHOWN)
        check(outcome, got['step'] == step, f'{why}: at step {got["step"]}, expected {step}')
    with Scratch(SUMS) as scratch, browser.Browser() as b:
        page_of(build, scratch, '--invoke', 'f', 'a.wat', '4')
        want, _ = json_steps(build, scratch, '--invoke', 'f', 'a.wat', '4')
        steps, file = [s for s in want if 'step' in s], Path(scratch) / 'page.html'
        last = steps[-1]['step']
        b.open(file, 1280, 800)
        for key, step in (('ArrowRight', 2), ('ArrowRight', 3), ('ArrowLeft', 2), ('End', last), ('ArrowRight', last), ('Home', 1), ('ArrowLeft', 1)):
            b.key(key)
            at(b, step, key)
        for step in steps:      # forwards, each in full
            got = b.run(SHOWN)
            lines = [line.strip() for line in step['config'].split('\n')]
            check(outcome, got['config'] == lines and got['rule'] == step['rule'] and got['values'] == (step['values'] or ''), f'{got} is not {step}')
            check(outcome, got['redex'].startswith(step['redex']) and got['locals'] == step.get('locals', []), f'{got} is not {step}')
            check(outcome, got['changed'] == [c['after'] for c in step['touched']], f'{got} is not {step}')
            b.key('ArrowRight')
        b.key('o'), b.key('Home'), b.key('ArrowRight'), b.key('ArrowRight')
        called = next(s for s in steps if s['step'] > 3 and s['rule'] == 'Step_read/call_ref-func')['step']
        b.run(f'show({called - 1})')
        b.key('o')
        over = next(s['step'] for s in steps if s['step'] > called and s['depth'] <= 1)
        at(b, over, 'over a call')
        b.run(f'show({called})')
        b.key('u')
        at(b, over, 'out of a call')
        box = b.run("(() => { const r = document.getElementById('line').getBoundingClientRect(); return [r.left, r.top, r.width, r.height]; })()")
        b.press(box[0] + box[2] - 1, box[1] + box[3] / 2)
        at(b, last, 'the end of the line')
        b.press(box[0] + 1, box[1] + box[3] / 2)
        at(b, 1, 'its beginning')
        b.run("document.getElementById('find').focus()")
        b.ask('Input.insertText', text='global.set')
        b.key('Enter', '\r')
        at(b, next(s['step'] for s in steps if s['rule'] == 'Step/global.set'), 'found')
        b.run("document.activeElement.blur(); document.getElementById('speed').value = 60; show(0)")
        b.key(' ', ' ')
        end = time.monotonic() + PATIENCE
        while b.run('+document.body.dataset.step') < last and time.monotonic() < end:
            time.sleep(0.05)
        at(b, last, 'played')
        check(outcome, not b.complaints(), b.complaints())
        b.open(file, 390, 844, mobile=True)
        check(outcome, b.run('document.documentElement.scrollWidth') == 390, 'wider than a telephone')
        outside = b.run("[...document.querySelectorAll('button, input')].filter(e => { const r = e.getBoundingClientRect();"
                        "return r.right > 390.5 || r.left < 0 || r.bottom > 844.5 || r.height < 36; }).map(e => e.outerHTML)")
        check(outcome, not outside, f'not to be tapped: {outside}')
        x, y = b.run("(() => { const r = document.querySelector('[data-do=next]').getBoundingClientRect(); return [r.left + r.width / 2, r.top + r.height / 2]; })()")
        b.ask('Emulation.setTouchEmulationEnabled', enabled=True)
        b.tap(x, y)
        end = time.monotonic() + PATIENCE
        while b.run('+document.body.dataset.step') == 1 and time.monotonic() < end:
            time.sleep(0.02)
        at(b, 2, 'a tap')
        check(outcome, not b.complaints(), b.complaints())
    with Scratch(HOSTILE) as scratch, browser.Browser() as b:
        page_of(build, scratch, '--invoke', 'f', 'a.wat')
        b.open(Path(scratch) / 'page.html', 1280, 800)
        b.key('End')
        got = b.run(SHOWN)
        text = b.run('document.body.innerText')
        check(outcome, got['title'] == 'a.wat – weft step' and not b.run("document.querySelectorAll('img').length"), f'the module did something: {got}')
        check(outcome, not re.search('[\0-\x08\x0b-\x1f\x7f\u202e]', text), 'a character that does something')
        check(outcome, got['output'].startswith("</script><script>document.title='!'</script>\\u{1b}"), got['output'])
        check(outcome, not b.complaints(), b.complaints())
    with Scratch(b'(module (func (export "f") (loop ' + b'nop ' * 200000 + b'(br 0))))') as scratch, browser.Browser() as b:
        page_of(build, scratch, '--steps', '1M', '--invoke', 'f', 'a.wat')      # as many as there is room for
        b.open(Path(scratch) / 'page.html', 1280, 800)
        at(b, 1, 'a page of many steps')
        check(outcome, b.run('last') > 150000 and not b.complaints(), b.complaints())
    return outcome
