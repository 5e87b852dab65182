// A table that is in no store yet has what it will have there, however large it grows.
import { instance, same, throws } from '../wat.mjs';

const text = `(module (import "m" "table" (table 0 externref))
  (func (export "get") (param i32) (result externref) (table.get (local.get 0)))
  (func (export "size") (result i32) (table.size)))`;
const table = new WebAssembly.Table({ element: 'externref', initial: 2, maximum: 9000000 }, 'first');
same(table.grow(0, 'nothing'), 2);
same(table.grow(2, 'second'), 2);
same(table.grow(3, 'second'), 4);
same(table.grow(1), 7);
same(table.grow(4, 0), 8);
same(table.grow(7999996, -0), 12);
table.set(0, 'set');
table.set(5, undefined);
table.set(8000007);
throws(RangeError, () => table.grow(1000000));
throws(RangeError, () => table.get(8000008));
const want = ['set', 'first', 'second', 'second', 'second', undefined, 'second', undefined, 0];
const check = (get) => {
  want.forEach((value, k) => same(get(k), value));
  same(get(8000006), -0);
  same(get(8000007), undefined);
};
check((k) => table.get(k));
const guest = instance(text, { m: { table } }).exports;
check((k) => table.get(k));
check((k) => guest.get(k));
same(guest.size(), 8000008);
