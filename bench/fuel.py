#!/usr/bin/env python3
"""fuel.py -- what a unit of fuel buys, in time: every function of WASI, and every instruction.

    python3 bench/fuel.py [-n ROUNDS] [NAME...]     all, or those whose name holds one of these

For each, nanoseconds of processor time for a unit, interpreted and compiled, and how many plain units that is: a plain
one is an instruction of a loop that counts. Twenty are promised; what takes more is marked. Each is a loop that does the
same again and again until its fuel is out, with files of a directory that is made for it. The least of the rounds counts,
in which the tiers take turns; behind it is what each gave. Of numbers those are shown that take more than some. At the end, for
which nothing is promised, is what stalls the processor, and a collection of much that lives.

bench/run.py --only fuel makes a table of it.
"""
import argparse, os, socket, subprocess, sys, tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / 'tests')]
import bombs, dear

PROMISED, SHOWN = 20, 5      # plain units; of numbers
TIERS = 'interp', 'baseline'
FUEL, LASTS = 20000000, 0.03 # units at first; then as many as take so many seconds
PREVIEW1 = 'wasi_snapshot_preview1'
DEEP, LINKS = 2000, 39

# Where things stand in the memory of the guest. The path of row n is at 1000 * n.
RESULT, IOVEC, MANY, EVENTS, BUFFER, PATHS = 16, 64, 65536, 300000, 900000, 131072
TEXTS = {}


def path(text):
    """Its address and length, which take a place of their own."""
    at = TEXTS.setdefault(text, PATHS + 4200 * len(TEXTS))
    return f'(i32.const {at}) (i32.const {len(text)})'


def numbers(*values):
    return ' '.join(v if isinstance(v, str) else f'(i32.const {v})' for v in values)


def long(value):
    return f'(i64.const {value})'


DIR, FILE, PIPE, SOCKET = 3, '(global.get $file)', 1, 0
RIGHTS = long(0x1fffffff)
MOST = '/'.join('d' * DEEP)                # as many components as a path has room for
CHAIN = f'l{LINKS}'                        # a link to a link to ... , each through many directories
CHAIN_OF_FEW = f's{LINKS}'
OPEN = numbers(DIR, 1, path('f'), 0, RIGHTS, RIGHTS, 0, RESULT)
CLOSE_RESULT = '(call $fd_close (i32.load (i32.const 16)))'

# name: calls, one after the other. $file is open on a file of a megabyte.
CALLS = {
    'args_get': [numbers(BUFFER, BUFFER + 4096)],
    'args_sizes_get': [numbers(RESULT, RESULT + 4)],
    'environ_get': [numbers(BUFFER, BUFFER + 4096)],
    'environ_sizes_get': [numbers(RESULT, RESULT + 4)],
    'clock_res_get': [numbers(0, RESULT)],
    'clock_time_get': [numbers(n, long(0), RESULT) for n in range(4)],
    'fd_advise': [numbers(FILE, long(0), long(0), 0)],
    'fd_allocate': [numbers(FILE, long(0), long(1 << 20))],
    'fd_close': [numbers(99)],
    'fd_datasync': [numbers(FILE)],
    'fd_fdstat_get': [numbers(FILE, RESULT)],
    'fd_fdstat_set_flags': [numbers(FILE, 0)],
    'fd_fdstat_set_rights': [numbers(FILE, RIGHTS, RIGHTS)],
    'fd_filestat_get': [numbers(FILE, RESULT)],
    'fd_filestat_set_size': [numbers(FILE, long(1 << 20))],
    'fd_filestat_set_times': [numbers(FILE, long(0), long(0), 5)],
    'fd_pread': [numbers(FILE, IOVEC, 1, long(0), RESULT)],
    'fd_prestat_get': [numbers(DIR, RESULT)],
    'fd_prestat_dir_name': [numbers(DIR, BUFFER, 1)],
    'fd_pwrite': [numbers(FILE, IOVEC, 1, long(0), RESULT)],
    'fd_read': [numbers(FILE, IOVEC, 1, RESULT)],
    'fd_readdir': [numbers(DIR, BUFFER, 65536, long(0), RESULT)],
    'fd_renumber': [numbers(FILE, FILE)],
    'fd_seek': [numbers(FILE, long(0), 0, RESULT)],
    'fd_sync': [numbers(FILE)],
    'fd_tell': [numbers(FILE, RESULT)],
    'fd_write': [numbers(PIPE, IOVEC, 1, RESULT)],
    'path_create_directory': [numbers(DIR, path('d'))],
    'path_filestat_get': [numbers(DIR, 1, path('f'), BUFFER)],
    'path_filestat_set_times': [numbers(DIR, 1, path('f'), long(0), long(0), 5)],
    'path_link': [numbers(DIR, 0, path('f'), DIR, path('g'))],
    'path_open': [OPEN],
    'path_readlink': [numbers(DIR, path('l1'), BUFFER, 4096, RESULT)],
    'path_remove_directory': [numbers(DIR, path('none'))],
    'path_rename': [numbers(DIR, path('g'), DIR, path('g'))],
    'path_symlink': [numbers(path('f'), DIR, path('g'))],
    'path_unlink_file': [numbers(DIR, path('none'))],
    'poll_oneoff': [numbers(EVENTS, BUFFER, 1, RESULT)],
    'proc_raise': [numbers(0)],
    'sched_yield': [''],
    'random_get': [numbers(BUFFER, 8)],
    'sock_accept': [numbers(SOCKET, 0, RESULT)],
    'sock_recv': [numbers(SOCKET, IOVEC, 1, 0, RESULT, RESULT + 4)],
    'sock_send': [numbers(SOCKET, IOVEC, 1, 0, RESULT)],
    'sock_shutdown': [numbers(SOCKET, 0)],
}
# name: what is called, one after the other, where a function has more than one price.
MORE = {
    'path_open, and close': f'(drop (call $path_open {OPEN})) (drop {CLOSE_RESULT})',
    'path_open, no such': f'(drop (call $path_open {numbers(DIR, 1, path("none"), 0, RIGHTS, RIGHTS, 0, RESULT)}))',
    'path_filestat_get, many components': f'(drop (call $path_filestat_get {numbers(DIR, 1, path(MOST + "/f"), BUFFER)}))',
    'path_filestat_get, dots': f'(drop (call $path_filestat_get {numbers(DIR, 1, path("d/../" * 800 + "f"), BUFFER)}))',
    'path_filestat_get, links of links': f'(drop (call $path_filestat_get {numbers(DIR, 1, path(CHAIN), BUFFER)}))',
    'path_filestat_get, links': f'(drop (call $path_filestat_get {numbers(DIR, 1, path(CHAIN_OF_FEW), BUFFER)}))',
    'path_filestat_get, behind links': f'(drop (call $path_filestat_get {numbers(DIR, 1, path(CHAIN + "/f"), BUFFER)}))',
    'path_open, links of links':
        f'(drop (call $path_open {numbers(DIR, 1, path(CHAIN), 0, RIGHTS, RIGHTS, 0, RESULT)})) (drop {CLOSE_RESULT})',
    'path_open, a file and its end': f'''(drop (call $path_open {numbers(DIR, 1, path('n'), 1, RIGHTS, RIGHTS, 0, RESULT)}))
        (drop {CLOSE_RESULT}) (drop (call $path_unlink_file {numbers(DIR, path('n'))}))''',
    'path_create_directory, and remove': f'''(drop (call $path_create_directory {numbers(DIR, path('e'))}))
        (drop (call $path_remove_directory {numbers(DIR, path('e'))}))''',
    'path_rename, to and fro': f'''(drop (call $path_rename {numbers(DIR, path('f'), DIR, path('h'))}))
        (drop (call $path_rename {numbers(DIR, path('h'), DIR, path('f'))}))''',
    'path_symlink, and unlink': f'''(drop (call $path_symlink {numbers(path('f'), DIR, path('k'))}))
        (drop (call $path_unlink_file {numbers(DIR, path('k'))}))''',
    'path_link, and unlink': f'''(drop (call $path_link {numbers(DIR, 0, path('f'), DIR, path('k'))}))
        (drop (call $path_unlink_file {numbers(DIR, path('k'))}))''',
    'fd_pread, 64 KiB': f'(drop (call $fd_pread {numbers(FILE, IOVEC + 8, 1, long(0), RESULT)}))',
    'fd_pwrite, 64 KiB': f'(drop (call $fd_pwrite {numbers(FILE, IOVEC + 8, 1, long(0), RESULT)}))',
    'fd_pread, empty spans': f'(drop (call $fd_pread {numbers(FILE, MANY, 4000, long(0), RESULT)}))',
    'fd_pwrite, and sync': f'(drop (call $fd_pwrite {numbers(FILE, IOVEC, 1, long(0), RESULT)})) (drop (call $fd_sync {FILE}))',
    'fd_write, 64 KiB': f'(drop (call $fd_write {numbers(PIPE, IOVEC + 8, 1, RESULT)}))',
    'fd_readdir, one': f'(drop (call $fd_readdir {numbers(DIR, BUFFER, 24, long(0), RESULT)}))',
    'fd_filestat_set_size, to and fro': f'''(drop (call $fd_filestat_set_size {numbers(FILE, long(1 << 20))}))
        (drop (call $fd_filestat_set_size {numbers(FILE, long(0))}))''',
    'fd_allocate, and cut': f'''(drop (call $fd_allocate {numbers(FILE, long(0), long(1 << 20))}))
        (drop (call $fd_filestat_set_size {numbers(FILE, long(0))}))''',
    'poll_oneoff, files': f'(drop (call $poll_oneoff {numbers(EVENTS + 48, BUFFER, 1000, RESULT)}))',
    'random_get, 64 KiB': f'(drop (call $random_get {numbers(BUFFER, 65536)}))',
}


def signature(sig):
    words = {'i': 'i32', 'l': 'i64'}
    params, results = sig.split(':')
    return '(param ' + ' '.join(words[c] for c in params) + ')' + ''.join(f' (result {words[c]})' for c in results)


def rows():
    for line in (ROOT / 'src/wasi/wasi.def').read_text().splitlines():
        if line.startswith(('BOTH(', 'ONE(', 'TWO(')):
            name, sig = line[line.index('(') + 1:line.rindex(')')].split(', ')
            yield name, sig.strip('"')


def quoted(data):
    return ''.join(f'\\{byte:02x}' for byte in data)


def words(*values):
    return b''.join(v.to_bytes(4, 'little') for v in values)


def module(body):
    imports = ' '.join(f'(import "{PREVIEW1}" "{name}" (func ${name} {signature(sig)}))' for name, sig in rows())
    clock = words(7, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0)            # at once
    ready = words(7, 0, 1, 0, 3, 0, 0, 0, 0, 0, 0, 0) * 1000     # of a directory, which is refused
    datas = {IOVEC: words(BUFFER, 1, BUFFER, 65536), EVENTS: clock, EVENTS + 48: ready}
    datas.update({at: text.encode() for text, at in TEXTS.items()})
    return f'''(module {imports} (memory 64) (global $file (mut i32) (i32.const 0))
      {' '.join(f'(data (i32.const {at}) "{quoted(data)}")' for at, data in datas.items())}
      (func (export "f") (local i32)
        (drop (call $path_open {OPEN})) (global.set $file (i32.load (i32.const {RESULT})))
        (loop $again {body} (br $again))))'''


def furnish(directory):
    """The files of the granted directory."""
    where = Path(directory)
    restore(directory)
    deep = os.open(directory, os.O_RDONLY)
    for _ in range(DEEP):
        os.mkdir('d', dir_fd=deep)
        deep, outer = os.open('d', os.O_RDONLY, dir_fd=deep), deep
        os.close(outer)
    os.close(os.open('f', os.O_CREAT, dir_fd=deep))
    os.close(deep)
    dots = 'd/../' * 780
    (where / 'l1').symlink_to(dots + 'f')
    (where / 's1').symlink_to('f')
    for n in range(2, LINKS + 1):
        (where / f'l{n}').symlink_to(dots + f'l{n - 1}')
        (where / f's{n}').symlink_to(f's{n - 1}')


def restore(directory):
    """What the last row may have left undone."""
    where = Path(directory)
    for name in 'h', 'k', 'n':
        (where / name).unlink(missing_ok=True)
    if (where / 'e').exists():
        (where / 'e').rmdir()
    (where / 'f').write_bytes(bytes(1 << 20))
    (where / 'g').write_bytes(b'')


def unfurnish(directory):
    os.system(f'rm -rf {directory}/d')    # deeper than Python recurses


def alone(weft, path, fuel, tier, stdin, stdout):
    """Seconds of processor time."""
    granted = f'{Path(path).parent}/granted'
    with tempfile.TemporaryFile() as said:
        guest = subprocess.Popen([weft, 'run', f'--tier={tier}', '--fuel', str(fuel), '--timeout', '60s', '--dir', f'{granted}::/', '--env', 'A=1',
                                  '--features=+custom-page-sizes,+memory-control,+stack-switching', '--invoke', 'f', path],
                                 stdin=stdin, stdout=stdout, stderr=said)
        _, _, usage = os.wait4(guest.pid, 0)
        said.seek(0)
        text = said.read().decode(errors='replace')
    if 'out of fuel' not in text:
        raise SystemExit(f'{path}: {text[:1000]}')
    return usage.ru_utime + usage.ru_stime


def once(weft, path, fuel, tier):
    """The same. If there is WASI, standard output is a pipe that somebody empties, and standard input a socket that somebody
    fills and empties."""
    if '(import "wasi_snapshot' not in Path(path).read_text():
        return alone(weft, path, fuel, tier, subprocess.DEVNULL, subprocess.DEVNULL)
    ours, theirs = socket.socketpair()
    helpers = [subprocess.Popen(['cat'], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL),
               subprocess.Popen(['cat', '/dev/zero'], stdout=ours, stderr=subprocess.DEVNULL),
               subprocess.Popen(['cat'], stdin=ours, stdout=subprocess.DEVNULL)]
    took = alone(weft, path, fuel, tier, theirs, helpers[0].stdin)
    for helper in helpers:
        helper.kill()
        helper.wait()
    ours.close(), theirs.close(), helpers[0].stdin.close()
    return took


class Row:
    """A module; of each tier what a unit took: between so much fuel, of which starting and what is done once is a part, and twice
    that."""
    def __init__(self, scratch, name, text):
        self.name, self.path, self.text = name, f'{scratch}/module.wat', text
        self.fuel, self.once, self.twice = {}, {tier: [] for tier in TIERS}, {tier: [] for tier in TIERS}

    def enough(self, weft, tier):
        """So much that what starting takes, which varies, does not count for much."""
        fuel, start = FUEL, once(weft, self.path, 1, tier)
        lasts = max(LASTS, start)
        while (took := once(weft, self.path, fuel, tier) - start) < lasts:
            fuel = int(fuel * min(max(1.2 * lasts / max(took, 0.001), 1.5), 20))
        return fuel

    def measure(self, weft, granted):
        Path(self.path).write_text(self.text)
        for tier in TIERS:
            restore(granted)
            self.fuel[tier] = self.fuel.get(tier) or self.enough(weft, tier)
            self.once[tier].append(once(weft, self.path, self.fuel[tier], tier))
            self.twice[tier].append(once(weft, self.path, 2 * self.fuel[tier], tier))

    def unit(self, tier, seconds):
        return max(seconds, 0) * 1e9 / self.fuel[tier]

    def least(self, tier):
        """Nanoseconds: the least that each took."""
        return self.unit(tier, min(self.twice[tier]) - min(self.once[tier]))

    def each(self, tier):
        """Of each round."""
        return [self.unit(tier, twice - once) for once, twice in zip(self.once[tier], self.twice[tier])]


def all_rows():
    """Name, text, and what it is: 'priced', 'number', or 'stall'."""
    for name, calls in CALLS.items():
        yield f'wasi {name}', module(' '.join(f'(drop (call ${name} {args}))' for args in calls)), 'priced'
    for name, body in MORE.items():
        yield f'wasi {name}', module(body), 'priced'
    for name, (fields, function) in bombs.DEAR.items():
        yield name, f'(module {fields} {function})', 'priced'
    yield from ((name, text, 'priced') for name, text in dear.ROWS.items())
    yield from ((name, text, 'number') for name, text in dear.numbers())
    yield from ((name, text, 'stall') for name, text in dear.WAITS.items())


def measured(weft, rounds, patterns):
    """The plain row, then (kind, row), each when it is there. Plain is measured again with each of the others."""
    with tempfile.TemporaryDirectory(prefix='weft-fuel-') as scratch:
        granted = f'{scratch}/granted'
        os.mkdir(granted)
        furnish(granted)
        try:
            plain = Row(scratch, 'plain', f'(module {bombs.PLAIN})')
            for _ in range(5):
                plain.measure(weft, granted)
            yield 'plain', plain
            for name, text, kind in all_rows():
                if patterns and not any(p in name for p in patterns):
                    continue
                row = Row(scratch, name, text)
                row.measure(weft, granted)
                for _ in range(rounds - 1 if worth_showing(kind, row, plain) else 0):
                    row.measure(weft, granted)
                yield kind, row
        finally:
            unfurnish(granted)


def cells(row, plain):
    """Of each tier: nanoseconds, and in plain units."""
    for tier in TIERS:
        each = [took / plain.least(tier) for took in row.each(tier)]
        units = row.least(tier) / plain.least(tier)
        yield f'{row.least(tier):.3f}', f'{units:.1f} ({min(each):.1f}-{max(each):.1f})', units


def worth_showing(kind, row, plain):
    return kind != 'number' or any(units > SHOWN for *_, units in cells(row, plain))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('-n', metavar='ROUNDS', type=int, default=3)
    parser.add_argument('names', nargs='*')
    options = parser.parse_args()
    plain = None
    for kind, row in measured(os.environ.get('WEFT', str(ROOT / 'build/release/weft')), options.n, options.names):
        plain = plain or row
        if not worth_showing(kind, row, plain):
            continue
        both = list(cells(row, plain))
        dearest = max(units for *_, units in both)
        said = '  ' + kind if kind == 'stall' else '  TOO MUCH' if dearest > PROMISED else ''
        print(f'{row.name:48}' + ''.join(f'{took:>9} ns{units:>20}' for took, units, _ in both) + said, flush=True)


if __name__ == '__main__':
    main()
