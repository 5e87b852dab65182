// binary.js -- the binary format of modules, as far as the package makes small ones of its own (spec:
// binary). All are lists of bytes.
'use strict';

const leb = (n) => (n < 128 ? [n] : [(n & 127) | 128, ...leb(n >>> 7)]);
const list = (parts) => [...leb(parts.length), ...parts.flat()];
const bytes = (part) => [...leb(part.length), ...part];
const text = (string) => bytes([...Buffer.from(string)]);
const section = (id, parts) => [id, ...bytes(list(parts))];
const binary = (...sections) => new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, ...sections.flat()]);

module.exports = { leb, list, bytes, text, section, binary };
