# script.py -- a little of everything a Python program does; prints the same on every Python 3.11 or newer.
import ast, base64, collections, csv, dataclasses, datetime, decimal, fractions, functools, hashlib, heapq, io
import itertools, json, math, random, re, statistics, string, struct, textwrap

out = []
show = lambda *things: print(*things)

# Numbers
show(2**521 - 1, math.factorial(60), math.comb(100, 37), pow(3, 10**6, 10**9 + 7))
show(math.isqrt(10**40), fractions.Fraction(355, 113) - fractions.Fraction(22, 7), 0.1 + 0.2, 1e308 * 10, -7 // 2, -7 % 3)
decimal.getcontext().prec = 60
show(decimal.Decimal(2).sqrt(), decimal.Decimal(1) / 7)
show([round(math.sin(x / 7), 12) for x in range(8)], float.hex(math.pi), struct.pack('<dfi', math.e, 1.5, -3).hex())

# A sieve, primes in a dictionary
limit = 60000
sieve = bytearray([1]) * limit
for i in range(2, int(limit**0.5) + 1):
    if sieve[i]:
        sieve[i * i :: i] = bytes(len(range(i * i, limit, i)))
primes = [i for i in range(2, limit) if sieve[i]]
show(len(primes), primes[-5:], collections.Counter(p % 10 for p in primes).most_common())

# Text
random.seed(42, version=2)
words = [''.join(random.choice(string.ascii_lowercase) for _ in range(random.randint(2, 9))) for _ in range(20000)]
text = ' '.join(words)
count = collections.Counter(w[0] for w in words)
show(sorted(count.items()))
show(len(re.findall(r'\b([a-e]\w*?)(\w)\2', text)), re.sub(r'(\w+) (\w+)', r'\2 \1', text[:60]))
show(textwrap.fill(text[:400], 72))
for name in ('md5', 'sha1', 'sha256', 'sha3_256', 'blake2b'):
    show(name, hashlib.new(name, text.encode()).hexdigest())
show(base64.b64encode(text[:90].encode()).decode(), '\u00e9\u4e2d\U0001f600'.encode(), 'Straße'.upper(), 'ſ'.casefold())

# Data
rows = [{'id': i, 'word': w, 'score': round(random.random(), 6), 'even': i % 2 == 0, 'none': None}
        for i, w in enumerate(words[:2000])]
blob = json.dumps(rows)
show(len(blob), hashlib.sha256(blob.encode()).hexdigest(), json.loads(blob) == rows)
table = io.StringIO()
csv.DictWriter(table, rows[0].keys()).writerows(rows[:300])
show(hashlib.sha256(table.getvalue().encode()).hexdigest())
show(statistics.fmean(r['score'] for r in rows), statistics.median(r['score'] for r in rows))
show(heapq.nsmallest(5, words), sorted(words, key=lambda w: (len(w), w[::-1]))[:5])
show(sum(1 for p in itertools.permutations(range(7)) if all(abs(p[i] - p[j]) != j - i for i in range(7) for j in range(i + 1, 7))))

# Classes, generators, exceptions
@dataclasses.dataclass(order=True)
class Point:
    x: int
    y: int = 0

def walk(tree):
    if tree:
        left, value, right = tree
        yield from walk(left)
        yield value
        yield from walk(right)

def insert(tree, value):
    if not tree:
        return (None, value, None)
    left, v, right = tree
    return (insert(left, value), v, right) if value < v else (left, v, insert(right, value))

tree = functools.reduce(insert, (random.randrange(10000) for _ in range(2000)), None)
show(list(walk(tree)) == sorted(walk(tree)), sorted([Point(2, 1), Point(1, 5)]))
caught = collections.Counter()
for i in range(3000):
    try:
        [None, 1 // (i % 3), {}['k'] if i % 5 == 0 else 1][i % 4]
    except (ZeroDivisionError, KeyError, IndexError) as e:
        caught[type(e).__name__] += 1
show(sorted(caught.items()))
try:
    (lambda f: f(f))(lambda f: f(f))
except RecursionError:
    show('recursion is limited')
show(ast.dump(ast.parse('a = b[1:2] + f(x, *y, z=3)')))
show(datetime.date(2000, 2, 29) + datetime.timedelta(days=366 * 4), datetime.datetime(1999, 12, 31, 23, 59, 59).isoformat())
