"""Guests that wait for what Python awaits."""
import asyncio
import gc
import unittest

import weft
from support import TIERS, Case

TEXT = '''(module (import "h" "f" (func $f (param i32) (result i32 externref)))
    (func (export "run") (param $n i32) (result i32) (local $sum i32)
        (loop $l
            (drop (call $f (local.get $n)))
            (local.set $sum (i32.add (local.get $sum)))
            (br_if $l (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
        (local.get $sum))
    (func (export "spin") (loop $l (br $l))))'''


class Tasks(Case):
    async def sleep(self, n):
        await asyncio.sleep(0)
        self.seen.append(n)
        return n * 10, 'object'

    def prepare(self, host, tier=None, **keywords):
        self.begin(tier, **keywords)
        self.seen = []
        return self.instance(TEXT, {'h': {'f': host}}).exports

    def test_awaited(self):
        for tier in TIERS:
            run = self.prepare(self.sleep, tier).run
            self.assertEqual(asyncio.run(run.call_async(3)), 60)
            self.assertEqual(self.seen, [3, 2, 1])

    def test_many_at_once(self):
        run = self.prepare(self.sleep).run

        async def main():
            return await asyncio.gather(*(run.call_async(n) for n in range(1, 51)))
        self.assertEqual(asyncio.run(main()), [5 * n * (n + 1) for n in range(1, 51)])
        self.assertEqual(sorted(set(self.seen)), list(range(1, 51)))

    def test_what_is_raised_meanwhile(self):
        async def fails(n):
            await asyncio.sleep(0)
            raise LookupError(n)
        run = self.prepare(fails).run
        with self.assertRaises(LookupError):
            asyncio.run(run.call_async(3))
        self.assertEqual(self.store.usage()['continuation_bytes'], 0)

    def test_by_hand(self):
        class Later:
            def __await__(self):
                yield
        later = Later()
        e = self.prepare(lambda n: later)
        task = e.run.start(2)
        self.assertEqual((task.state, task.stop, task.func), ('waits', None, e.run))
        self.assertIs(task.what, later)
        with self.assertRaises(weft.WeftError):
            task.result
        with self.assertRaises(weft.WeftError):
            task.go_on()
        for bad in (None, 5, (1,), (1, 2, 3), ('x', 1)):
            with self.assertRaises(TypeError):
                task.resume(bad)
        task.resume((5, None))
        self.assertEqual(task.state, 'waits')
        task.resume((6, None))
        self.assertEqual((task.state, task.result, task.what), ('ended', 11, None))
        for method, args in (task.resume, ((1, 2),)), (task.fail, (ValueError(),)), (task.go_on, ()):
            with self.assertRaises(weft.WeftError):
                method(*args)
        task = e.run.start(1)
        with self.assertRaises(TypeError):
            task.fail('why')
        with self.assertRaises(ZeroDivisionError):
            task.fail(ZeroDivisionError())
        self.assertEqual(task.state, 'failed')
        with self.assertRaises(TypeError):
            e.run.start()
        with self.assertRaises(TypeError):
            e.run(1)                # nobody can wait

    def test_those_that_are_dropped(self):
        e = self.prepare(self.sleep)
        for _ in range(50):
            what = e.run.start(1).what
            what.close()
        del what
        gc.collect()
        e.run.start(1).what.close()
        self.store.fuel             # any use of the store
        self.assertLess(self.store.usage()['continuation_bytes'], 2000)
        task = e.run.start(1)
        task.what.close()
        self.store.close()
        with self.assertRaisesRegex(weft.WeftError, 'closed'):
            task.state

    def test_not_within_a_call(self):
        def host(n):
            with self.assertRaisesRegex(weft.WeftError, 'before what runs is over'):
                e.run.start(1)
            return n, None
        e = self.prepare(host)
        self.assertEqual(e.run(2), 3)
        task = e.run.start(2)
        self.assertEqual((task.state, task.result), ('ended', 3))

    def test_those_that_are_stopped(self):
        e = self.prepare(self.sleep, fuel=100)
        task = e.spin.start()
        self.assertEqual((task.state, task.stop), ('stopped', 'out_of_fuel'))
        self.store.fuel = 100
        task.go_on()
        self.assertEqual(task.state, 'stopped')

    def test_results_that_are_references(self):
        self.begin()
        f = self.instance('''(module (type $p (struct (field i32))) (func (export "f") (param externref)
            (result externref (ref $p) i31ref) (local.get 0) (struct.new $p (i32.const 3)) (ref.i31 (i32.const 4))))''').exports.f
        task = f.start(['thing'])
        for _ in range(3):
            self.store.collect()
            thing, p, small = task.result
            self.assertTrue(thing == ['thing'] and p[0] == 3 and small == 4)
        del task, p
        self.store.collect()
        self.assertLess(self.store.usage()['handles'], 3)


if __name__ == '__main__':
    unittest.main()
