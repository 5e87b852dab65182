// mutants.js -- what V8 says of many modules: reads PATH, where each stands behind its size in 4 bytes, and prints a
// line with 1 for each that is valid and 0 for each that is not.
const bytes = require('fs').readFileSync(process.argv[2])
let verdicts = ''
for (let at = 0; at < bytes.length;) {
    const size = bytes.readUInt32LE(at)
    verdicts += WebAssembly.validate(bytes.subarray(at + 4, at + 4 + size)) ? '1' : '0'
    at += 4 + size
}
console.log(verdicts)
