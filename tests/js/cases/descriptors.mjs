// Each member of a descriptor is read once.
const read = (Class, given) => {
  const names = [];
  new Class(new Proxy(given, { get: (target, name) => (names.push(name), target[name]) }));
  for (const name of Object.keys(given))
    if (names.filter((one) => one === name).length !== 1) throw new Error(`${Class.name} reads ${names}`);
};
for (const address of ['i32', 'i64']) {
  const of = (n) => (address === 'i64' ? BigInt(n) : n);
  read(WebAssembly.Memory, { address, initial: of(1), maximum: of(2), shared: false });
  read(WebAssembly.Table, { address, element: 'externref', initial: of(1), maximum: of(2) });
}
read(WebAssembly.Global, { value: 'i32', mutable: true });
read(WebAssembly.Tag, { parameters: ['i32'] });
