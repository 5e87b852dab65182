// pyodide.mjs -- CPython in the same process: its library, calls from it to us and back, errors both ways.
import { createHash } from 'node:crypto'
import { loadPyodide } from 'pyodide'

const lines = []
const python = await loadPyodide({ stdout: line => console.log('out', line), stderr: line => console.log('err', line),
    env: { PYTHONHASHSEED: '0', HOME: '/home/pyodide' } })
const show = (what, code) => {
    try {
        console.log(what, String(python.runPython(code)))
    } catch (problem) {
        console.log(what, problem.name, problem.type, problem.message.trim().split('\n').at(-1))
    }
}

show('version', 'import sys; sys.version_info[:2] >= (3, 9), sys.platform')
show('numbers', 'sum(1 / k ** 2 for k in range(1, 20000)), 2 ** 200 % 997, -7 // 2, round(2.675, 2), 0.1 + 0.2, float("1e-320")')
show('text', '"ä€😀".encode().hex(), "Straße".casefold(), f"{1234567.891:>15,.2f}", "%-5s|" % "ab"[::-1]')
show('library', `
import collections, datetime, decimal, fractions, hashlib, itertools, json, re, statistics, textwrap, zlib
words = re.findall(r"[a-z]+", "the cat and the hat and the bat" * 50)
[collections.Counter(words).most_common(3), str(decimal.Decimal(2).sqrt()), str(fractions.Fraction(22, 7) ** 3),
 hashlib.sha256(json.dumps(words).encode()).hexdigest(), len(zlib.compress(b"abc" * 5000)), statistics.stdev(range(50)),
 (datetime.date(2024, 2, 28) + datetime.timedelta(2)).isoformat(), list(itertools.combinations("abcd", 2))[-1]]`)
show('classes', `
from dataclasses import dataclass, field
from functools import lru_cache
@dataclass(order=True)
class Item:
    size: int
    name: str = field(compare=False)
@lru_cache(None)
def paths(x, y): return 1 if 0 in (x, y) else paths(x - 1, y) + paths(x, y - 1)
def gen(n):
    for i in range(n):
        match i % 3:
            case 0: yield i
            case 1: yield from (i, -i)
[max(Item(i * 7 % 10, f"n{i}") for i in range(10)), paths(30, 30), list(gen(7))]`)
show('queens', `
def queens(n, row=0, cols=0, a=0, b=0):
    return 1 if row == n else sum(queens(n, row + 1, cols | 1 << c, (a | 1 << c) << 1, (b | 1 << c) >> 1)
                                  for c in range(n) if not (cols | a | b) & 1 << c)
queens(7)`)
show('printed', 'import sys; print("one", "two", sep=", "); print("wrong", file=sys.stderr)')

// Functions of ours that Python calls, and of Python that we call.
python.globals.set('host', {
    add: (a, b) => a + b, note: text => { lines.push(text) }, fail: () => { throw new RangeError('the host refuses') },
})
show('host', 'host.note("from python"); host.add(40, 2), host.add("a", "ä"), host.add(2 ** 60, -2 ** 70)')
show('thrown out', `
from pyodide.ffi import JsException
try: host.fail()
except JsException as e: r = [e.name, str(e)]
r`)
show('thrown in', '1 / 0')
show('thrown through', 'host.fail()')
show('exit', 'raise ValueError("äö")')
show('syntax', 'def f(:')
show('deep', `
def down(n): return down(n + 1)
try: down(0)
except RecursionError as e: r = type(e).__name__
r`)
const square = python.runPython('lambda x, *, plus=0: [x ** 2 + plus, {"x": x}]')
const made = square.callKwargs(12, { plus: 5 })
console.log(JSON.stringify(made.toJs({ dict_converter: Object.fromEntries })), square.type)
made.destroy()
square.destroy()
const array = python.runPython('import array; array.array("d", [x / 7 for x in range(5000)])')
const view = array.getBuffer('f64')
console.log(view.data.length, view.shape, createHash('sha256').update(new Uint8Array(view.data.slice().buffer)).digest('hex'))
view.release()
array.destroy()

// Coroutines on our loop, and files of its own.
console.log(await python.runPythonAsync(`
import asyncio
async def work(n):
    await asyncio.sleep(0.001 * n)
    return n * n
sum(await asyncio.gather(*[work(i) for i in range(8)]))`))
python.FS.writeFile('/home/pyodide/given.txt', 'line ä\nline b\n')
show('file', 'open("given.txt").read().splitlines(), __import__("os").listdir(".")')
show('threads', '__import__("_thread").start_new_thread(print, ())')
console.log(lines.join())
