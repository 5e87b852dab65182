"""sql.py -- a long SQL script with the same content every time, for SQLite's shell."""
import random


def script(rows=50000):
    r = random.Random('weft sql')
    names = [''.join(r.choice('bcdfglmnprstv') + r.choice('aeiou') for _ in range(r.randint(2, 4))) for _ in range(400)]
    yield '''.bail on
.mode list
PRAGMA encoding;
CREATE TABLE customer(id INTEGER PRIMARY KEY, name TEXT NOT NULL, town TEXT, credit REAL);
CREATE TABLE orders(id INTEGER PRIMARY KEY, customer INTEGER REFERENCES customer, day TEXT, item TEXT, amount INTEGER, price REAL, note BLOB);
CREATE INDEX orders_customer ON orders(customer, day);
CREATE TRIGGER spend AFTER INSERT ON orders WHEN new.amount > 98 BEGIN
  UPDATE customer SET credit = credit - new.price WHERE id = new.customer; END;
BEGIN;
'''
    for i in range(1, 1001):
        yield f"INSERT INTO customer VALUES({i},'{r.choice(names)}','{r.choice(names[:40])}',{r.randint(0, 10**6) / 100});\n"
    for i in range(1, rows + 1):
        yield (f"INSERT INTO orders VALUES({i},{r.randint(1, 1000)},date('2000-01-01','+{r.randint(0, 9000)} days'),"
               f"'{r.choice(names)}',{r.randint(1, 99)},{r.randint(1, 99999) / 100},x'{r.randbytes(r.randint(0, 12)).hex()}');\n")
    yield '''COMMIT;
SELECT count(*), sum(amount), round(sum(price), 2), min(day), max(day), sum(length(note)), total(customer) FROM orders;
SELECT town, count(*), round(sum(amount * price), 2) AS t FROM orders JOIN customer ON customer.id = customer GROUP BY town ORDER BY t DESC LIMIT 20;
SELECT c.name, o.item, o.day FROM customer c LEFT JOIN orders o ON o.customer = c.id AND o.amount = 99 AND o.price > 900 ORDER BY c.id, o.id LIMIT 50;
SELECT item, count(DISTINCT customer), group_concat(DISTINCT substr(day, 1, 3)) FROM orders GROUP BY item HAVING count(*) > 140 ORDER BY item LIMIT 40;
SELECT strftime('%Y-%m', day) AS m, sum(amount), round(avg(sum(price)) OVER (ORDER BY strftime('%Y-%m', day) ROWS 5 PRECEDING), 4) FROM orders GROUP BY m ORDER BY m LIMIT 60;
SELECT * FROM (SELECT town, name, credit, rank() OVER w, dense_rank() OVER w, ntile(4) OVER w, lag(name, 1, '-') OVER w
  FROM customer WINDOW w AS (PARTITION BY town ORDER BY credit DESC, id)) LIMIT 60;
WITH RECURSIVE fib(n, a, b) AS (VALUES(1, 0, 1) UNION ALL SELECT n + 1, b, a + b FROM fib WHERE n < 80) SELECT max(b), count(*) FROM fib;
WITH RECURSIVE x(i) AS (VALUES(0) UNION ALL SELECT i + 1 FROM x WHERE i < 60000) SELECT sum(i * i % 97), sum(i / 3.0), max(hex(i)) FROM x;
WITH RECURSIVE xaxis(x) AS (VALUES(-2.0) UNION ALL SELECT x + 0.05 FROM xaxis WHERE x < 1.2),
  yaxis(y) AS (VALUES(-1.0) UNION ALL SELECT y + 0.1 FROM yaxis WHERE y < 1.0),
  m(iter, cx, cy, x, y) AS (SELECT 0, x, y, 0.0, 0.0 FROM xaxis, yaxis
    UNION ALL SELECT iter + 1, cx, cy, x * x - y * y + cx, 2.0 * x * y + cy FROM m WHERE (x * x + y * y) < 4.0 AND iter < 28),
  m2(iter, cx, cy) AS (SELECT max(iter), cx, cy FROM m GROUP BY cx, cy),
  a(t) AS (SELECT group_concat(substr(' .+*#', 1 + min(iter / 7, 4), 1), '') FROM m2 GROUP BY cy)
SELECT group_concat(rtrim(t), x'0a') FROM a;
SELECT json_group_array(json_object('id', id, 'n', name, 'c', credit)) FROM (SELECT * FROM customer ORDER BY id LIMIT 40);
SELECT key, value, type FROM json_each('{"a":[1,2.5,null,"x\\u00e9"],"b":{"c":true}}') UNION ALL SELECT fullkey, atom, type FROM json_tree('[1,{"k":[true,false]}]');
CREATE VIRTUAL TABLE ft USING fts5(name, item, tokenize = 'porter');
INSERT INTO ft SELECT c.name, o.item FROM orders o JOIN customer c ON c.id = o.customer WHERE o.id <= 6000;
SELECT count(*) FROM ft WHERE ft MATCH 'ba* OR du*';
SELECT rowid, highlight(ft, 1, '[', ']') FROM ft WHERE ft MATCH 'item:ta*' ORDER BY rank, rowid LIMIT 10;
CREATE VIRTUAL TABLE box USING rtree(id, x0, x1, y0, y1);
INSERT INTO box SELECT id, amount, amount + price / 100, price, price + amount FROM orders WHERE id <= 5000;
SELECT count(*), sum(id) FROM box WHERE x0 > 20 AND x1 < 60 AND y0 > 200 AND y1 < 700;
SELECT round(sqrt(2), 12), round(sin(1), 12), round(exp(1.5), 10), round(ln(10), 12), pi(), 1e300 * 1e10, -9223372036854775808, 7 % -3, 0.1 + 0.2;
SELECT printf('%08.3f|%-10s|%+d|%x|%e|%,d', 3.14159, 'left', 42, 48879, 12345.678, 1234567890), quote(x'00ff'), 'it''s' LIKE 'IT_s', 'abc' GLOB 'a[a-c]*';
UPDATE orders SET price = round(price * 1.07, 2) WHERE item IN (SELECT item FROM orders GROUP BY item ORDER BY count(*), item LIMIT 50);
DELETE FROM orders WHERE customer % 17 = 3;
INSERT INTO customer(id, name, credit) VALUES(5, 'again', 1) ON CONFLICT(id) DO UPDATE SET name = excluded.name || name RETURNING id, name;
SELECT count(*), round(sum(price), 2) FROM orders;
CREATE TABLE copy AS SELECT * FROM orders ORDER BY item, day, id;
SELECT sum(rowid * amount % 1009), round(sum(price), 2) FROM copy;
EXPLAIN QUERY PLAN SELECT * FROM orders WHERE customer = 7 AND day > '2010';
PRAGMA integrity_check;
SELECT hex(sum(unicode(substr(name, 1, 1)) * id)) FROM customer;
.mode quote
SELECT * FROM orders ORDER BY id LIMIT 200;
.schema
'''
