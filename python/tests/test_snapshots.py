"""Stores as bytes: calls that were stopped go on in another engine, tier and process."""
import contextlib
import os
import random
import subprocess
import sys
import tempfile
import threading
import unittest
from pathlib import Path

import weft
from support import TIERS, Case

# Adds up numbers, tells the host of each, and keeps in its memory how many there were.
COUNT = '''(module (import "h" "at" (func $at (param i32)))
    (memory (export "m") 1)
    (global (export "g") (mut i32) (i32.const 7))
    (func (export "count") (param $n i32) (result i32 i64) (local $sum i64)
        (loop $l
            (call $at (local.get $n))
            (i32.store (i32.const 0) (i32.add (i32.load (i32.const 0)) (i32.const 1)))
            (local.set $sum (i64.add (local.get $sum) (i64.extend_i32_u (local.get $n))))
            (br_if $l (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
        (i32.load (i32.const 0)) (local.get $sum)))'''
KEEP = '''(module (table (export "t") 4 externref) (global (export "g") (mut externref) (ref.null extern))
    (func (export "put") (param i32 externref) (table.set (local.get 0) (local.get 1))))'''
WASI = '''(module
    (import "wasi_snapshot_preview1" "path_open"
        (func $open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
    (import "h" "at" (func $at (param i32)))
    (func $pause (drop (memory.grow (i32.const 0)))) ;; is taken in nowhere
    (memory (export "memory") 1)
    (data (i32.const 0) "\\40\\00\\00\\00\\04\\00\\00\\00") (data (i32.const 16) "file")
    (func (export "run") (result i32) (local $fd i32)
        (drop (call $open (i32.const 3) (i32.const 0) (i32.const 16) (i32.const 4) (i32.const 0)
            (i64.const 2) (i64.const 0) (i32.const 0) (i32.const 8)))
        (local.set $fd (i32.load (i32.const 8)))
        (drop (call $read (local.get $fd) (i32.const 0) (i32.const 1) (i32.const 12)))
        (call $at (i32.load8_u (i32.const 64)))
        (call $pause)
        (drop (call $read (local.get $fd) (i32.const 0) (i32.const 1) (i32.const 12)))
        (i32.load (i32.const 64))))'''


def with_sum(data):
    """The same, with the sum in its last 8 bytes made right."""
    def mix(total, word):
        total = (total ^ word) * 0x9e3779b97f4a7c15 & 2**64 - 1
        return total ^ total >> 32
    data, lanes = bytes(data[:-8]), [0] * 4
    words = [int.from_bytes(data[i:i + 8], 'little') for i in range(0, len(data) - 7, 8)]
    for i, word in enumerate(words):
        lanes[i % 4] = mix(lanes[i % 4], word)
    total = mix(int.from_bytes(data[8 * len(words):], 'little'), len(data) % 8)
    for lane in lanes:
        total = mix(total, lane)
    return data + total.to_bytes(8, 'little')


class Snapshots(Case):
    def at(self, n):
        self.seen.append(n)
        if n == self.pause_at:
            self.store.stop('paused')

    def linker(self, store):
        linker = weft.Linker(store)
        linker.define_func('h', 'at', (['i32'], []), self.at)
        return linker

    def paused(self, tier=None, **keywords):
        """A store whose call of count(9) was stopped after it had told of 5, at the turn of its loop."""
        self.begin(tier, **keywords)
        self.seen, self.pause_at = [], 5
        instance = self.linker(self.store).instantiate(weft.Module(self.engine, COUNT))
        with self.assertRaises(weft.Trap) as caught:
            instance.exports.count(9)
        self.assertEqual(caught.exception.name, 'paused')
        return instance

    def fresh(self, tier=None, **keywords):
        self.engine = weft.Engine('all', tier=tier)
        self.store = weft.Store(self.engine, **keywords)
        return self.store

    def refused(self, name, call, words=''):
        with self.assertRaisesRegex(weft.WeftError, words) as caught:
            call()
        self.assertEqual(caught.exception.name, name)

    def test_from_tier_to_tier(self):
        for first in TIERS:
            for second in TIERS:
                self.paused(first)
                data = self.store.snapshot()
                self.assertEqual(data, self.store.snapshot())
                before = self.store
                self.assertEqual(self.fresh(second).restore(data, self.linker(self.store)), ())
                self.assertTrue(self.store.resumable)
                instance, = self.store.instances()
                self.assertEqual(self.store.stopped, instance.exports.count)
                self.assertEqual((instance.exports.m[0], instance.exports.g.value), (5, 7))
                self.assertEqual(self.store.resume(), (9, 45))
                self.assertEqual(self.seen, [9, 8, 7, 6, 5, 4, 3, 2, 1])
                self.assertEqual(instance.exports.count(1), (10, 1))
                before.stop(None)                   # which may go on too
                self.assertEqual(before.resume(), (9, 45))

    def test_what_comes_with_it(self):
        instance = self.paused(fuel=100_000)
        left = self.store.fuel
        data = self.store.snapshot()
        self.assertEqual(weft.Store.look(data), {'fuel': left, 'deterministic': False})
        self.fresh(fuel=5).restore(data, self.linker(self.store))
        self.assertEqual(self.store.fuel, 5)                    # no more than it was given
        self.fresh(fuel=left + 5).restore(bytearray(data), self.linker(self.store))
        self.assertEqual(self.store.fuel, left)
        again, = self.store.instances()
        self.assertEqual(again.module.binary, instance.module.binary)
        self.assertEqual([e.name for e in again.module.exports], ['m', 'g', 'count'])
        module = again.module
        self.assertIs(self.store.instances()[0].module, module)
        self.store.resume()
        self.store.close()
        self.assertEqual(module.hash, instance.module.hash)     # it outlives the store
        other = weft.Instance(weft.Store(self.engine), module, [print])
        self.assertEqual(other.exports.g.value, 7)
        self.assertEqual(weft.Store.look(weft.Store(weft.Engine(deterministic=True)).snapshot()),
                         {'fuel': None, 'deterministic': True})

    def test_modules(self):
        instance = self.paused()
        small, whole = self.store.snapshot(modules=False), self.store.snapshot()
        self.assertLess(len(small), len(whole))
        asked = []

        def module(hash):
            asked.append(hash)
            return weft.Module(self.engine, COUNT)
        for data in small, whole:
            self.fresh().restore(data, self.linker(self.store), module=module)
            self.assertEqual(self.store.resume(), (9, 45))
        self.assertEqual(asked, [instance.module.hash] * 2)
        shared = weft.Module(self.engine, COUNT)
        self.store = weft.Store(self.engine)
        self.store.restore(small, self.linker(self.store), module={shared.hash: shared}.get)
        self.assertIs(self.store.instances()[0].module, shared)
        for wrong, error in [(lambda h: None, 'snapshot_mismatch'), (None, 'snapshot_mismatch'),
                             (lambda h: weft.Module(self.engine, KEEP), 'snapshot_mismatch'),
                             (lambda h: instance.module, 'snapshot_mismatch')]:
            self.fresh()
            self.refused(error, lambda: self.store.restore(small, self.linker(self.store), module=wrong))
            self.assertTrue(self.store.closed)
        self.fresh()
        with self.assertRaisesRegex(TypeError, 'a Module is wanted'):
            self.store.restore(small, self.linker(self.store), module=lambda h: 5)
        self.fresh()
        with self.assertRaises(ZeroDivisionError):
            self.store.restore(whole, self.linker(self.store), module=lambda h: 1 // 0)
        self.assertTrue(self.store.closed)

    def test_objects(self):
        class Thing:
            pass
        things = [Thing(), Thing()]
        for tier in TIERS:
            self.begin(tier)
            e = self.instance(KEEP).exports
            for i, thing in enumerate([*things, things[0]]):
                e.put(i, thing)
            e.g.value = things[1]
            self.refused('cannot_snapshot', self.store.snapshot, 'Thing object.*`number`')
            self.refused('cannot_snapshot', lambda: self.store.snapshot(number=lambda thing: None), '`number`')
            data = self.store.snapshot(number=things.index)
            other = [Thing(), Thing()]
            store = self.fresh(tier)
            store.restore(data, object=other.__getitem__)
            e = store.instances()[0].exports
            self.assertEqual([*e.t, e.g.value], [other[0], other[1], other[0], None, other[1]])
            for give, error in [(None, weft.WeftError), (lambda n: None, weft.WeftError), ([].__getitem__, IndexError)]:
                store = self.fresh(tier)
                with self.assertRaises(error):
                    store.restore(data, object=give)
                self.assertTrue(store.closed)
        self.begin()
        self.instance(KEEP).exports.g.value = things[0]
        for number, error in [(lambda t: -1, OverflowError), (lambda t: 2**64, OverflowError), (lambda t: 'x', TypeError),
                              (lambda t: 1 // 0, ZeroDivisionError), ([].index, ValueError)]:
            with self.assertRaises(error):
                self.store.snapshot(number=number)
        data = self.store.snapshot(number=lambda t: 2**64 - 1)
        store, asked = self.fresh(), []
        store.restore(data, object=lambda n: asked.append(n) or self)
        self.assertEqual(asked, [2**64 - 1])
        self.assertIs(store.instances()[0].exports.g.value, self)

    def test_objects_are_let_go(self):
        class Thing:
            def __del__(self):
                gone.append(1)
        gone = []
        e = self.instance(KEEP).exports
        for i in range(4):
            e.put(i, self)
        data = self.store.snapshot(number=lambda thing: 1)
        self.fresh().restore(data, object=lambda n: Thing())
        self.assertEqual(gone, [])
        self.store.close()
        self.assertEqual(len(gone), 4)
        some = [Thing(), Thing()]
        with self.assertRaises(IndexError):
            self.fresh().restore(data, object=lambda n: some.pop())
        self.assertEqual(len(gone), 6)

    def test_tasks(self):
        for tier in TIERS:
            self.begin(tier)
            self.seen, self.pause_at = [], 5
            count = self.linker(self.store).instantiate(weft.Module(self.engine, COUNT)).exports.count
            first = count.start(9)
            self.assertEqual((first.state, first.stop, first.func), ('stopped', 'paused', count))
            self.store.stop(None)
            self.pause_at = 2
            second = count.start(3)
            data = self.store.snapshot()
            self.pause_at = None
            tasks = self.fresh().restore(data, self.linker(self.store))
            self.assertEqual([(t.state, t.stop) for t in tasks], [('stopped', 'paused')] * 2)
            self.assertEqual(tasks[0].func, self.store.instances()[0].exports.count)
            tasks[1].go_on()
            self.assertEqual(tasks[1].result, (8, 6))
            self.assertFalse(self.store.resumable)
            tasks[0].go_on()
            self.assertEqual(tasks[0].result, (12, 45))
            tasks = self.fresh().restore(data, self.linker(self.store))
            del tasks                       # they end where they stand
            self.assertEqual(self.store.instances()[0].exports.count(1)[1], 1)
            self.assertEqual(self.store.usage()['continuation_bytes'], 0)
            del first, second

    def test_what_waits(self):
        class Later:
            def __await__(self):
                yield
        f = self.instance('(module (import "h" "f" (func $f)) (func (export "f") (call $f)))', [Later]).exports.f
        task = f.start()
        self.assertEqual(task.state, 'waits')
        self.refused('cannot_snapshot', self.store.snapshot, 'waits')
        del task
        self.assertGreater(len(self.store.snapshot()), 0)

    def test_refs_are_let_go_before(self):
        ref = self.export('(type $p (struct)) (func (export "f") (result (ref $p)) (struct.new $p))', 'f')()
        self.refused('cannot_snapshot', self.store.snapshot, 'references that the host holds')
        del ref
        self.store.snapshot()

    def test_a_pause_from_beside(self):
        for tier in TIERS:
            self.begin(tier)
            e = self.instance('''(module (memory (export "m") 1) (func (export "wait") (result i32)
                (loop $l (br_if $l (i32.eqz (i32.load (i32.const 0))))) (i32.const 3)))''').exports
            timer = threading.Timer(0.02, self.store.stop, ['paused'])
            timer.start()
            with self.assertRaises(weft.Trap):
                e.wait()
            timer.join()
            data = self.store.snapshot()
            self.fresh().restore(data)
            self.store.instances()[0].exports.m[0] = 1
            self.assertEqual(self.store.resume(), 3)

    def test_through_a_file(self):
        if 'weft._weft' in sys.builtin_module_names:
            self.skipTest('a Python that has the extension built in finds it only here')
        self.paused()
        program = '''if True:
            import sys, pathlib, weft
            store = weft.Store(weft.Engine('all', tier='interp'))
            linker = weft.Linker(store)
            linker.define_func('h', 'at', (['i32'], []), print)
            store.restore(pathlib.Path(sys.argv[1]).read_bytes(), linker)
            print(store.resume())'''
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, 'state')
            path.write_bytes(self.store.snapshot())
            done = subprocess.run([sys.executable, '-c', program, path], timeout=60, capture_output=True, text=True,
                                  env={**os.environ, 'PYTHONPATH': os.path.dirname(os.path.dirname(weft.__file__))})
        self.assertEqual(done.stdout, '4\n3\n2\n1\n(9, 45)\n', done.stderr)

    def wasi(self, folder):
        linker = self.linker(self.store)
        if folder:
            config = weft.WasiConfig(['prog'])
            config.preopen_dir(folder, '/d')
            linker.define_wasi(config)
        return linker

    def test_wasi(self):
        for tier in TIERS:
            with tempfile.TemporaryDirectory() as here, tempfile.TemporaryDirectory() as there:
                Path(here, 'file').write_bytes(b'abcdefgh')
                Path(there, 'file').write_bytes(b'ABCDEFGH')
                self.begin(tier)
                self.seen, self.pause_at = [], ord('a')
                run = self.wasi(here).instantiate(weft.Module(self.engine, WASI)).exports.run
                with self.assertRaises(weft.Trap):
                    run()
                self.assertEqual(self.seen, [ord('a')])
                data = self.store.snapshot()
                self.fresh().restore(data, self.wasi(there))
                self.assertEqual(self.store.resume().to_bytes(4, 'little'), b'EFGH')
                os.unlink(Path(there, 'file'))
                self.fresh()
                self.refused('system_error', lambda: self.store.restore(data, self.wasi(there)), 'WASI')
                self.fresh()
                self.refused('unknown_import', lambda: self.store.restore(data, self.wasi(None)), 'path_open')

    def test_misuse(self):
        def within():
            self.refused('is_running', self.store.snapshot, 'between calls')
            self.refused('is_running', lambda: self.store.restore(data), 'a new one')
            return self.store.stopped
        self.paused()
        data = self.store.snapshot()
        self.begin()
        self.instance('(module (import "h" "f" (func $f)) (start $f))', [within])
        self.refused('is_running', lambda: self.store.restore(data), 'a new one')
        self.assertFalse(self.store.closed)
        store = self.fresh()
        with self.assertRaisesRegex(TypeError, 'define_func'):
            store.restore(data, {'h': {'at': print}})
        self.refused('wrong_store', lambda: store.restore(data, weft.Linker(weft.Store(self.engine))), 'another store')
        for bad in (5, 'text', None, [1, 2]):
            with self.assertRaisesRegex(TypeError, 'is bytes'):
                store.restore(bad)
            with self.assertRaises(TypeError):
                store.look(bad)
        for keywords in {'object': 5}, {'module': {}}, {'number': 5}:
            with self.assertRaises(TypeError):
                store.restore(data, **keywords)
        with self.assertRaisesRegex(TypeError, 'callable'):
            store.snapshot(number={})
        view = memoryview(weft.Memory(store, 1))
        with self.assertRaisesRegex(BufferError, 'views'):
            store.restore(data)
        view.release()
        self.assertFalse(store.closed)
        self.refused('unknown_import', lambda: store.restore(data, weft.Linker(store)), 'at')
        self.assertTrue(store.closed)
        for use in store.snapshot, lambda: store.restore(data), store.instances, lambda: store.stopped:
            self.refused('wrong_store', use, 'closed')
        store = weft.Store(self.engine, fuel=5)
        self.refused('snapshot_mismatch', lambda: store.restore(data), 'does not count fuel')

    def test_limits_hold(self):
        self.begin()
        self.instance('(module (memory 10))')
        data = self.store.snapshot()
        self.refused('limit_memory_size', lambda: self.fresh(limits=weft.Limits(memory_bytes=65536)).restore(data))

    def test_the_store_is_not_used_meanwhile(self):
        seen = []

        def use(what):
            for call in (store.snapshot, store.collect, store.close, store.instances, lambda: store.restore(b''),
                         lambda: weft.Memory(store, 1), lambda: memory[0], lambda: memory.grow(1), lambda: store.fuel):
                with self.assertRaises(weft.WeftError) as caught:
                    call()
                seen.append(caught.exception.name)
            weft.Instance(weft.Store(self.engine), weft.Module(self.engine, KEEP)).exports.put(0, 1)     # others are
            return what
        store = self.store
        memory = weft.Memory(store, 1)
        self.instance(KEEP).exports.put(0, 5)
        data = store.snapshot(number=use)
        store = weft.Store(self.engine)
        memory = weft.Memory(store, 1)
        store.restore(data, object=use)
        store.close()
        self.assertEqual(seen, ['is_running'] * 18)

    def test_others_run_meanwhile(self):
        self.instance('(module (memory (export "m") 64))').exports.m.write(0, bytes(range(1, 255)) * 16000)
        data, counts = self.store.snapshot(), []

        def beside():
            store = weft.Store(self.engine)
            for _ in range(20):
                counts.append(len(store.snapshot()))
        threads = [threading.Thread(target=beside) for _ in range(2)]
        for thread in threads:
            thread.start()
        for _ in range(5):
            weft.Store(self.engine).restore(data)
            self.assertEqual(len(self.store.snapshot()), len(data))
        for thread in threads:
            thread.join()
        self.assertEqual(len(counts), 40)

    def hostile(self):
        """What was cut or changed, and then, now and then, given the right sum."""
        self.paused(fuel=100_000)
        self.store.stop(None)
        self.pause_at = None
        weft.Instance(self.store, weft.Module(self.engine, KEEP)).exports.t[1] = self
        data, r = self.store.snapshot(number=lambda thing: 3), random.Random(4)
        self.assertEqual(with_sum(data), data)
        for _ in range(100):
            yield data[:r.randrange(len(data))]
        for turn in range(1500):
            bad = bytearray(data)
            for _ in range(r.choice([1, 1, 4])):
                bad[r.randrange(len(bad))] ^= r.randrange(1, 256)
            yield with_sum(bad) if turn > 100 else bad

    def test_hostile_bytes(self):
        outcomes = set()
        for turn, bad in enumerate(self.hostile()):
            self.engine = weft.Engine('all', tier=TIERS[turn % 3])
            store = weft.Store(self.engine, weft.Limits(memory_bytes=1 << 20), fuel=0)
            try:
                tasks = store.restore(bad, self.linker(store), object=lambda n: self)
            except weft.WeftError as problem:
                self.assertTrue(store.closed)
                outcomes.add(problem.name)
                continue
            store.fuel = 10_000                 # it is a state that the modules may be in
            for use in [store.resume, *(task.go_on for task in tasks), store.snapshot, store.collect,
                        *(lambda i=i: i.exports.count(3) for i in store.instances() if 'count' in i.exports)]:
                with contextlib.suppress(weft.WeftError):
                    use()
            outcomes.add('restored')
        self.assertLessEqual({'malformed_snapshot', 'restored'}, outcomes)
        for bad in b'', b'x', bytes(100), b'\0asm\1\0\0\0':
            self.refused('malformed_snapshot', lambda: weft.Store(self.engine).restore(bad))
            self.refused('malformed_snapshot', lambda: weft.Store.look(bad))


class Forks(Case):
    def test_both_go_on(self):
        for tier in TIERS:
            for forks in (False, True):
                engine = weft.Engine(tier=tier, forks=forks)
                store, seen = weft.Store(engine), []

                def at(n, seen=seen, store=store):
                    seen.append(n)
                    if n == 60:
                        store.stop('paused')

                linker = weft.Linker(store)
                linker.define_func('h', 'at', weft.FuncType(['i32'], []), at)
                instance = linker.instantiate(weft.Module(engine, COUNT))
                with self.assertRaises(weft.Trap) as raised:
                    instance.exports.count(100)
                self.assertEqual(raised.exception.name, 'paused')
                store.stop(None)
                other = weft.Store(engine)
                second = weft.Linker(other)
                second.define_func('h', 'at', weft.FuncType(['i32'], []), lambda n: None)
                self.assertEqual(other.fork(store, second), ())
                self.assertEqual(other.resume(), (100, 5050))
                self.assertEqual(store.resume(), (100, 5050))
                other.instances()[0].exports.m.write(0, b'xyz')
                self.assertEqual(instance.exports.m.read(0, 4), (100).to_bytes(4, 'little'))

    def test_objects(self):
        engine = weft.Engine(forks=True)
        store, thing = weft.Store(engine), object()
        instance = weft.Instance(store, weft.Module(engine, KEEP), {})
        instance.exports.put(1, thing)
        count = sys.getrefcount(thing)
        other = weft.Store(engine)
        other.fork(store)
        self.assertIs(other.instances()[0].exports.t[1], thing)
        store.close()
        self.assertIs(other.instances()[0].exports.t[1], thing)
        other.close()
        self.assertLess(sys.getrefcount(thing), count)

    def test_misuse(self):
        engine = weft.Engine()
        store = weft.Store(engine)
        with self.assertRaises(weft.WeftError):
            store.fork(store)
        with self.assertRaises(TypeError):
            store.fork(7)
        weft.Instance(store, weft.Module(engine, KEEP), {})
        full = weft.Store(engine)
        weft.Instance(full, weft.Module(engine, KEEP), {})
        with self.assertRaises(weft.WeftError):
            full.fork(store)
        with self.assertRaises(weft.WeftError):
            weft.Store(weft.Engine()).fork(store)
        store.close()
        with self.assertRaises(weft.WeftError):
            weft.Store(engine).fork(store)

if __name__ == '__main__':
    unittest.main()
