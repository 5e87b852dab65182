// index.mjs -- the same for `import`, which sees no names in index.js.
import weft from './index.js';

export const { WebAssembly, create, WASI, ExitError, version } = weft;
export default weft;
