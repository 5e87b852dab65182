// sqljs.mjs -- SQLite in sql.js: joins, windows, functions in JavaScript that SQL calls, errors, a database written and read.
import initSqlJs from 'sql.js'
import { createHash } from 'node:crypto'

const SQL = await initSqlJs()
const db = new SQL.Database()
const show = (what, text) => {
    for (const { columns, values } of db.exec(text)) console.log(what, columns.join(','), JSON.stringify(values))
}

db.run(`CREATE TABLE city (id INTEGER PRIMARY KEY, name TEXT UNIQUE, country TEXT, people INTEGER);
        CREATE TABLE road (a INTEGER REFERENCES city, b INTEGER REFERENCES city, km REAL, CHECK (km > 0))`)
const countries = ['Ada', 'Bor', 'Cyr', 'Dun']
db.run('BEGIN')
const city = db.prepare('INSERT INTO city VALUES (?, ?, ?, ?)')
for (let i = 1; i <= 400; i++) city.run([i, `city ${i} ä€😀`, countries[i * 7 % 4], i * 7919 % 100003])
city.free()
const road = db.prepare('INSERT INTO road VALUES ($a, $b, $km)')
for (let i = 1; i <= 2000; i++) road.run({ $a: i * i % 397 + 1, $b: i * 57 % 400 + 1, $km: (i * 37 % 1000 + 1) / 8 })
road.free()
db.run('COMMIT')

show('join', `SELECT country, count(*), sum(km), max(people) FROM city JOIN road ON city.id = road.a
              GROUP BY country HAVING count(*) > 10 ORDER BY 2 DESC, 1`)
show('window', `SELECT name, people, rank() OVER (PARTITION BY country ORDER BY people DESC) AS place
                FROM city WHERE people > 90000 ORDER BY country, place LIMIT 12`)
show('recursive', `WITH RECURSIVE reached(id, steps) AS (VALUES (1, 0) UNION
                   SELECT b, steps + 1 FROM road, reached WHERE a = reached.id AND steps < 4)
                   SELECT steps, count(DISTINCT id) FROM reached GROUP BY steps`)

// Functions of ours that SQL calls, with values of every type.
let called = 0
db.create_function('twice', x => { called++; return x * 2 })
db.create_function('kind', x => x === null ? 'null' : x instanceof Uint8Array ? `blob of ${x.length}` : typeof x)
db.create_function('fails', x => { if (x > 1) throw new RangeError(`${x} is too much`); return x })
db.create_aggregate('longest', {
    init: () => '', step: (state, text) => text.length > state.length ? text : state, finalize: state => state.toUpperCase() })
show('functions', `SELECT twice(21), twice(0.125), kind(NULL), kind(x'010203'), kind('é'), kind(7), kind(fails(1))`)
show('aggregate', 'SELECT country, longest(name) FROM city GROUP BY country')
show('many', 'SELECT sum(twice(people)) FROM city')
console.log('called', called)

for (const wrong of ['SELEC 1', 'SELECT * FROM nowhere', 'INSERT INTO road VALUES (1, 2, -1)', 'SELECT fails(2)',
                     `INSERT INTO city VALUES (1, 'twice', 'Ada', 0)`]) {
    try {
        db.run(wrong)
        console.log('no error:', wrong)
    } catch (problem) {
        console.log('error', problem.message)
    }
}

// Memory grows under it.
db.run('CREATE TABLE big (x BLOB)')
for (let i = 0; i < 64; i++) db.run('INSERT INTO big VALUES (zeroblob(?))', [262144 + i])
show('big', 'SELECT count(*), sum(length(x)) FROM big')
db.run('DROP TABLE big')
db.run('VACUUM')

const bytes = db.export()
console.log('file', bytes.length, createHash('sha256').update(bytes.subarray(100)).digest('hex'))
db.close()
const again = new SQL.Database(bytes)
console.log(JSON.stringify(again.exec('PRAGMA integrity_check; SELECT count(*), sum(km) FROM road')))
const rows = again.prepare('SELECT id, name, people FROM city WHERE people BETWEEN ? AND ? ORDER BY people')
for (rows.bind([50000, 50500]); rows.step();) console.log(JSON.stringify(rows.getAsObject()))
rows.free()
again.close()
