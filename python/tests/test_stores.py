"""Stores: their limits, what ends a guest, threads, and what is let go with them."""
import gc
import os
import signal
import subprocess
import sys
import threading
import time
import unittest

import weft
from support import TIERS, Case

SPIN = '(func (export "spin") (loop $l (br $l)))'
# Counts until a word of its memory is not 0, which the host sets.
WAIT = '''(memory (export "m") 1) (func (export "wait") (result i64) (local i64)
    (loop $l (local.set 0 (i64.add (local.get 0) (i64.const 1))) (br_if $l (i32.eqz (i32.load (i32.const 0)))))
    (local.get 0))'''
# What is written beside a guest that runs, an atomic instruction is sure to read.
WAIT_BESIDE = WAIT.replace('i32.load', 'i32.atomic.load')


class Limits(Case):
    def test_what_is_met_is_named(self):
        self.begin(limits=weft.Limits(memory_bytes=2 << 16, table_entries=10, instances=2))
        with self.assertRaises(weft.WeftError) as caught:
            weft.Memory(self.store, 3)
        self.assertEqual(caught.exception.name, 'limit_memory_size')
        with self.assertRaises(weft.WeftError) as caught:
            weft.Table(self.store, 'funcref', 11)
        self.assertEqual(caught.exception.name, 'limit_table_size')
        m = weft.Memory(self.store, 1)
        self.assertEqual(m.grow(1), 1)
        with self.assertRaises(weft.WeftError):
            m.grow(1)
        self.assertEqual(self.store.usage()['memory_bytes'], 2 << 16)

    def test_bad_ones_are_refused(self):
        for limits, error in [(weft.Limits(memory_bytes=-1), OverflowError), (weft.Limits(handles=1.5), TypeError),
                              (7, TypeError), (weft.Limits(memory_bytes=2**64), OverflowError)]:
            with self.assertRaises(error):
                weft.Store(self.engine, limits)

    def test_the_stack(self):
        self.begin(limits=weft.Limits(stack_bytes=64 << 10))
        f = self.export('(func $f (export "f") (call $f))', 'f')
        with self.assertRaises(weft.Trap) as caught:
            f()
        self.assertEqual(caught.exception.name, 'call_stack_exhausted')
        self.assertEqual(len(caught.exception.frames), 100)

    def test_fuel(self):
        self.assertIsNone(self.store.fuel)
        with self.assertRaises(weft.WeftError):
            self.store.fuel = 5
        for tier in TIERS:
            self.begin(tier, fuel=0)
            f = self.export('''(func (export "f") (param i32) (result i32)
                (loop $l (br_if $l (local.tee 0 (i32.sub (local.get 0) (i32.const 1))))) (i32.const 9))''', 'f')
            with self.assertRaises(weft.Trap) as caught:
                f(100)
            self.assertEqual(caught.exception.name, 'out_of_fuel')
            self.store.fuel = 1000
            self.assertTrue(self.store.resumable)
            self.assertEqual(self.store.stopped, f)
            self.assertEqual(self.store.resume(), 9)
            self.assertLess(self.store.fuel, 1000)
            self.assertFalse(self.store.resumable)
            self.assertIsNone(self.store.stopped)
            with self.assertRaisesRegex(weft.WeftError, 'continue'):
                self.store.resume()
            for bad, error in (-1, OverflowError), (1.5, TypeError), (None, TypeError):
                with self.assertRaises(error):
                    self.store.fuel = bad

    def test_engines(self):
        for keywords in {'tier': 'fast'}, {'features': '+nonsense'}, {'module_bytes': 'x'}, {'other': 1}:
            with self.assertRaises((ValueError, TypeError, weft.WeftError)):
                weft.Engine(**keywords)
        small = weft.Engine(module_bytes=1000)
        with self.assertRaisesRegex(weft.WeftError, 'module_bytes'):
            weft.Module(small, f'(module {"(func)" * 1000})')
        self.assertEqual(small.usage()['module_bytes'], 0)
        with self.assertRaisesRegex(weft.WeftError, 'at most'):
            weft.Module(weft.Engine(module_size=7), '(module)')
        with self.assertRaisesRegex(weft.WeftError, 'longer than it may'):
            weft.Module(weft.Engine(load_ns=1), '(module' + ' ' * (2 << 20) + ')')
        self.assertEqual(weft.Engine(tier='interp').tier, 'interp')
        self.assertEqual(weft.Engine(tier=None).tier, 'auto')
        self.assertIsInstance(small.compiler_lacks, (str, type(None)))


class Stopping(Case):
    def stop_soon(self, what, seconds=0.02):
        timer = threading.Timer(seconds, what)
        timer.start()
        self.addCleanup(timer.join)

    def test_from_another_thread(self):
        for tier in TIERS:
            self.begin(tier)
            spin = self.export(SPIN, 'spin')
            for why in 'interrupted', 'time_limit', 'paused':
                self.stop_soon(lambda: self.store.stop(why))
                with self.assertRaises(weft.Trap) as caught:
                    spin()
                self.assertEqual(caught.exception.name, why)
                with self.assertRaises(weft.Trap):      # it holds
                    spin()
                self.store.stop(None)
        with self.assertRaises(ValueError):
            self.store.stop('now')

    def test_a_pause_can_be_gone_on_with(self):
        for seconds in 0.02, 0.3:                   # it is in optimized code by then, mostly
            instance = self.instance(f'(module {WAIT})')
            self.stop_soon(lambda: self.store.stop('paused'), seconds)
            with self.assertRaises(weft.Trap):
                instance.exports.wait()
            self.store.stop(None)
            instance.exports.m[0] = 1
            self.assertGreater(self.store.resume(), 0)

    def test_what_was_written_meanwhile_is_read(self):
        """Wherever it is stopped: fuel is paid at several places of the loop."""
        for tier in TIERS:
            for fuel in range(20000000, 20000012):
                self.begin(tier, fuel=fuel)
                instance = self.instance('''(module (memory (export "m") 1) (global $n (mut i32) (i32.const 0))
                    (func (export "wait") (result i32) (local i32)
                        (loop $l
                            (local.set 0 (i32.add (local.get 0) (i32.const 1)))
                            (if (i32.and (local.get 0) (i32.const 1))
                                (then (global.set $n (i32.mul (global.get $n) (local.get 0))))
                                (else (global.set $n (i32.xor (global.get $n) (local.get 0)))))
                            (br_if $l (i32.eqz (i32.load (i32.const 0)))))
                        (local.get 0)))''')
                with self.assertRaises(weft.Trap):
                    instance.exports.wait()
                self.store.fuel = fuel
                instance.exports.m[0] = 1
                self.assertGreater(self.store.resume(), 0)

    def test_the_start_function_can_be_gone_on_with(self):
        self.begin(fuel=5)
        with self.assertRaises(weft.Trap):
            self.instance('''(module (func (local i32) (loop $l
                (br_if $l (i32.lt_u (local.tee 0 (i32.add (local.get 0) (i32.const 1))) (i32.const 100))))) (start 0))''')
        self.assertEqual(self.store.stopped.type, weft.FuncType())
        self.store.fuel = 1000
        self.assertIsNone(self.store.resume())
        self.assertFalse(self.store.resumable)

    def test_timeout(self):
        for tier in TIERS:
            self.begin(tier, timeout=0.02)
            spin = self.export(SPIN, 'spin')
            quick = self.export('(func (export "f") (result i32) (i32.const 1))', 'f')
            for _ in range(2):
                start = time.monotonic()
                with self.assertRaises(weft.Trap) as caught:
                    spin()
                self.assertEqual(caught.exception.name, 'time_limit')
                self.assertGreaterEqual(time.monotonic() - start, 0.02)
                self.assertEqual(quick(), 1)
        self.assertEqual(self.store.timeout, 0.02)
        self.store.timeout = None
        self.assertIsNone(self.store.timeout)
        for bad in 0, -1, float('nan'), 'x':
            with self.assertRaises((ValueError, TypeError)):
                self.store.timeout = bad
        self.store.timeout = 1e300
        self.assertEqual(quick(), 1)

    def test_a_timeout_within_calls(self):
        def host():
            with self.assertRaisesRegex(weft.WeftError, 'between'):
                self.store.timeout = 9
            with self.assertRaises(weft.Trap):
                spin()
        self.begin(timeout=0.02)
        spin = self.export(SPIN, 'spin')
        f = self.instance('(module (import "h" "f" (func $f)) (func (export "f") (call $f) (loop $l (br $l))))',
                          {'h': {'f': host}}).exports.f
        with self.assertRaises(weft.Trap) as caught:
            f()
        self.assertEqual(caught.exception.name, 'time_limit')

    def test_the_start_function_too(self):
        self.begin(timeout=0.02)
        with self.assertRaises(weft.Trap) as caught:
            self.instance('(module (func $f (loop $l (br $l))) (start $f))')
        self.assertEqual(caught.exception.name, 'time_limit')

    def interrupted(self, call, error=KeyboardInterrupt):
        """A call that a signal ends, sent from beside."""
        self.stop_soon(lambda: os.kill(os.getpid(), signal.SIGINT))
        start = time.monotonic()
        with self.assertRaises(error):
            call()
        self.assertLess(time.monotonic() - start, 5)

    def test_ctrl_c(self):
        for tier in TIERS:
            self.begin(tier)
            spin = self.export(SPIN, 'spin')
            self.interrupted(spin)
            self.interrupted(spin)              # it was taken back
            with self.assertRaises(KeyboardInterrupt):
                self.stop_soon(lambda: os.kill(os.getpid(), signal.SIGINT))
                self.instance(f'(module {SPIN} (start 0))')

    def test_ctrl_c_in_nested_calls(self):
        depth = []

        def host():
            depth.append(1)
            return f() if len(depth) < 3 else spin()
        spin = self.export(SPIN, 'spin')
        f = self.instance('(module (import "h" "f" (func $f)) (func (export "f") (call $f)))', {'h': {'f': host}}).exports.f
        self.interrupted(f)
        self.assertEqual(len(depth), 3)

    def test_ctrl_c_in_waits(self):
        wait = self.export('''(memory 1 1 shared) (func (export "f") (result i32)
            (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const -1)))''', 'f')
        self.interrupted(wait)
        linker = weft.Linker(self.store)
        read, write = os.pipe()
        self.addCleanup(os.close, read)
        self.addCleanup(os.close, write)
        linker.define_wasi(weft.WasiConfig(stdin=read))
        f = linker.instantiate(weft.Module(self.engine, '''(module
            (import "wasi_snapshot_preview1" "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
            (memory (export "memory") 1) (data (i32.const 0) "\\10\\00\\00\\00\\01\\00\\00\\00")
            (func (export "f") (result i32) (call $read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 8))))'''))
        self.interrupted(f.exports.f)
        os.write(write, b'x')
        self.assertEqual(f.exports.f(), 0)

    def test_a_handler_of_a_signal_cannot_use_the_store(self):
        seen = []

        def handler(number, frame):
            try:
                spin()
            except weft.WeftError as problem:
                seen.append(problem.name)
            self.store.stop()
        before = signal.signal(signal.SIGUSR1, handler)
        self.addCleanup(signal.signal, signal.SIGUSR1, before)
        spin = self.export(SPIN, 'spin')
        self.stop_soon(lambda: os.kill(os.getpid(), signal.SIGUSR1))
        with self.assertRaises(weft.Trap):
            spin()
        self.assertEqual(seen, ['is_running'])


class Threads(Case):
    def test_others_run_while_a_guest_does(self):
        instance = self.instance(f'(module {WAIT_BESIDE})')
        view = memoryview(instance.exports.m)

        def beside():
            time.sleep(0.01)
            view[0] = 1
        thread = threading.Thread(target=beside)
        thread.start()
        self.assertGreater(instance.exports.wait(), 0)
        thread.join()

    def test_a_store_is_for_one_thread_at_a_time(self):
        instance = self.instance(f'(module {WAIT_BESIDE})')
        wait, memory, seen = instance.exports.wait, instance.exports.m, []
        view = memoryview(memory)

        def beside():
            while not seen:
                time.sleep(0.02)
                for use in (wait, lambda: memory[0], lambda: memory.grow(1), self.store.close, lambda: instance.exports.m.type,
                            lambda: self.store.fuel, lambda: weft.Memory(self.store, 1), lambda: weft.Linker(self.store)):
                    try:
                        use()
                    except weft.WeftError as problem:
                        seen.append(problem.name)
                with self.assertRaises(BufferError):
                    memoryview(memory)
            view[0] = 1
        thread = threading.Thread(target=beside)
        thread.start()
        wait()
        thread.join()
        self.assertEqual(seen, ['is_running'] * 8)
        view.release()
        threads = [threading.Thread(target=lambda: seen.append(wait())) for _ in range(4)]
        for thread in threads:          # one after the other is fine
            thread.start()
            thread.join()
        self.assertEqual(len(seen), 12)

    def test_stores_in_threads(self):
        module = weft.Module(self.engine, '''(module (import "h" "f" (func $f (param i32) (result i32)))
            (func (export "f") (param i32) (result i32) (local i32)
                (loop $l (local.set 1 (i32.add (local.get 1) (call $f (local.get 0))))
                    (br_if $l (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))
                (local.get 1)))''')
        results = []

        def run():
            f = weft.Instance(weft.Store(self.engine), module, [lambda n: n]).exports.f
            results.append([f(1000) for _ in range(20)])
        threads = [threading.Thread(target=run) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(results, [[500500] * 20] * 4)

    def test_objects_die_beside(self):
        instance = self.instance(f'''(module {WAIT_BESIDE} (type $p (struct (field i32)))
            (func (export "make") (result (ref $p)) (struct.new $p (i32.const 1))))''')
        refs = [instance.exports.make() for _ in range(100)]
        view = memoryview(instance.exports.m)

        def beside():
            time.sleep(0.02)
            refs.clear()
            gc.collect()
            view[0] = 1
        thread = threading.Thread(target=beside)
        thread.start()
        instance.exports.wait()
        thread.join()
        self.assertEqual(instance.exports.make()[0], 1)
        self.assertLess(self.store.usage()['handles'], 5)

    def run_python(self, program):
        """Another Python, which is told where the package is."""
        if 'weft._weft' in sys.builtin_module_names:
            self.skipTest('a Python that has the extension built in finds it only here')
        path = os.path.dirname(os.path.dirname(weft.__file__))
        return subprocess.run([sys.executable, '-c', program], env={**os.environ, 'PYTHONPATH': path}, timeout=60,
                              capture_output=True, text=True)

    def test_a_child_has_its_own(self):
        done = self.run_python(f'''
import os, signal, threading, time, weft
engine = weft.Engine()
store = weft.Store(engine)
spin = weft.Instance(store, weft.Module(engine, '(module {SPIN})')).exports.spin
threading.Timer(0.05, store.stop).start()
try: spin()
except weft.Trap as trap: print(trap.name, flush=True)
store.stop(None)
child = os.fork()
store.timeout = 0.05
try: spin()
except weft.Trap as trap: os.write(1, trap.name.encode() + b'\\n')
if child:
    print(os.waitpid(child, 0)[1])
''')
        self.assertEqual(done.stdout.split(), ['interrupted', 'time_limit', 'time_limit', '0'], done.stderr)

    def test_the_end_of_the_process(self):
        done = self.run_python(f'''
import threading, time, weft
engine = weft.Engine()
module = weft.Module(engine, '(module (import "h" "f" (func $f)) (func (export "f") (loop $l (call $f) (br $l))))')
def run(host):
    weft.Instance(weft.Store(engine), module, [host]).exports.f()
for host in (lambda: None, lambda: time.sleep(0.001)):
    threading.Thread(target=run, args=(host,), daemon=True).start()
time.sleep(0.1)
print('over')
''')
        self.assertEqual((done.returncode, done.stdout), (0, 'over\n'), done.stderr)


class Closing(Case):
    def test_nothing_is_left_to_be_used(self):
        instance = self.instance('''(module (memory (export "m") 1) (table (export "t") 1 funcref)
            (global (export "g") i32 (i32.const 1)) (func (export "f")) (tag (export "tag")))''')
        e = instance.exports
        linker = weft.Linker(self.store)
        with self.store as store:
            self.assertIs(store, self.store)
        self.assertTrue(self.store.closed)
        self.store.close()
        for use in (e.f, lambda: e.m[0], lambda: e.m.read(0, 1), lambda: len(e.m), lambda: e.t[0], lambda: e.g.value,
                    lambda: e.m.grow(1), lambda: e.f.type, lambda: self.store.usage(), self.store.collect,
                    lambda: linker.instantiate(instance.module), lambda: weft.Instance(self.store, instance.module),
                    lambda: weft.Linker(self.store), lambda: weft.Func(self.store, ((), ()), print), e.f.start,
                    lambda: e.tag.exception(), lambda: self.store.stop(), self.store.resume):
            with self.assertRaisesRegex(weft.WeftError, 'closed'):
                use()
        with self.assertRaises(BufferError):
            memoryview(e.m)
        self.assertFalse(self.store.resumable)

    def test_not_while_it_runs(self):
        def host():
            with self.assertRaisesRegex(weft.WeftError, 'in use'):
                self.store.close()
        self.instance('(module (import "h" "f" (func $f)) (start $f))', {'h': {'f': host}})
        self.assertFalse(self.store.closed)

    def test_not_while_it_is_viewed(self):
        view = memoryview(weft.Memory(self.store, 1))
        with self.assertRaises(BufferError):
            self.store.close()
        view[0] = 1
        view.release()
        self.store.close()

    def test_what_is_let_go_may_look(self):
        class Looks:
            def __del__(self):
                try:
                    memory.read(0, 1)
                except weft.WeftError as problem:
                    seen.append(problem.name)
        seen = []
        memory = weft.Memory(self.store, 1)
        weft.Global(self.store, 'externref', Looks())
        weft.Func(self.store, ((), ()), Looks().__repr__)
        self.store.close()
        self.assertEqual(seen, ['wrong_store'] * 2)

    def test_without_closing(self):
        def stores():
            gc.collect()
            return sum(isinstance(o, weft.Store) for o in gc.get_objects())
        before = stores()
        for _ in range(200):
            store = weft.Store(self.engine)
            store_of = [store]
            weft.Instance(store, weft.Module(self.engine, '(module (import "h" "f" (func $f)) (start $f))'),
                          [lambda store_of=store_of: None])
        del store, store_of
        self.assertEqual(stores(), before)


if __name__ == '__main__':
    unittest.main()
