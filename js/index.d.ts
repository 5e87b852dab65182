// index.d.ts -- the package's types. What it has of WebAssembly's is as TypeScript's library has it,
// where that is asked for ("lib": ["dom"] or ["webworker"], which declare WebAssembly); without it
// those types are any.

type Standard = typeof globalThis extends { WebAssembly: infer T } ? T : any;
type Of<Name extends string> = Standard extends Record<Name, { prototype: infer T }> ? T : any;

declare namespace weft {
  /** A copy is made of what is compiled: it may change then. */
  type Bytes = ArrayBuffer | SharedArrayBuffer | ArrayBufferView;
  type Module = Of<'Module'>;
  type Instance = Of<'Instance'>;
  /** By the names of modules, then of items: functions, numbers and BigInts, objects of WebAssembly's. */
  type Imports = Record<string, Record<string, unknown>>;

  /** What an instance may take. A number that is not given is the engine's own: docs/limits.md. */
  interface Limits {
    /** Instructions, the same number on every machine. Then it ends in a RuntimeError, `out_of_fuel`. */
    fuel?: number | bigint;
    /** Of all its memories. */
    memoryBytes?: number | bigint;
    /** Of one table. */
    tableEntries?: number | bigint;
    /** Of all its tables. */
    tableTotal?: number | bigint;
    /** Of its own stack. */
    stackBytes?: number | bigint;
    /** Of its objects: structures, arrays, exceptions. */
    heapBytes?: number | bigint;
    /** References that JavaScript has to its objects, and it to JavaScript's. */
    handles?: number | bigint;
    instances?: number | bigint;
    instanceBytes?: number | bigint;
    functions?: number | bigint;
    continuations?: number | bigint;
    continuationBytes?: number | bigint;
  }

  interface OwnOptions extends Limits {
    /** The same bits in every NaN, on every machine. */
    deterministic?: boolean;
  }

  interface CompileOptions {
    /** Known: 'js-string'. */
    builtins?: Iterable<string>;
    /** The name of the module whose imports are the strings that their names are. */
    importedStringConstants?: string | null;
  }

  interface InstanceOptions {
    /** An instance with limits shares no memory, table or mutable global with others. */
    weft?: OwnOptions;
  }

  type NumberType = 'i32' | 'i64' | 'f32' | 'f64' | 'v128';
  type ValueType = NumberType | 'externref' | 'anyfunc';

  interface Tag {
    readonly [Symbol.toStringTag]: string;
  }

  interface Exception {
    is(tag: Tag): boolean;
    getArg(tag: Tag, index: number): any;
    readonly stack: string | undefined;
  }

  /** The namespace, as the JavaScript API has it, and with options of the package's own. */
  type Namespace = Omit<Standard, 'Module' | 'Instance' | 'instantiate' | 'compile' | 'validate'> & {
    Module: {
      new (bytes: Bytes, options?: CompileOptions): Module;
      readonly prototype: Module;
      customSections(module: Module, name: string): ArrayBuffer[];
      exports(module: Module): { name: string; kind: 'function' | 'table' | 'memory' | 'global' | 'tag' }[];
      imports(module: Module): { module: string; name: string; kind: 'function' | 'table' | 'memory' | 'global' | 'tag' }[];
    };
    Instance: {
      new (module: Module, imports?: Imports, options?: InstanceOptions): Instance;
      readonly prototype: Instance;
    };
    Tag: {
      new (type: { parameters: Iterable<ValueType> }): Tag;
      readonly prototype: Tag;
    };
    Exception: {
      new (tag: Tag, payload: Iterable<any>, options?: { traceStack?: boolean }): Exception;
      readonly prototype: Exception;
    };
    /** Of what functions of JavaScript's throw. */
    readonly JSTag: Tag;
    validate(bytes: Bytes, options?: CompileOptions): boolean;
    compile(bytes: Bytes, options?: CompileOptions): Promise<Module>;
    instantiate(bytes: Bytes, imports?: Imports, options?: CompileOptions & InstanceOptions): Promise<{ module: Module; instance: Instance }>;
    instantiate(module: Module, imports?: Imports, options?: InstanceOptions): Promise<Instance>;
  };

  /** A namespace of its own. */
  function create(options?: {
    /** Types of everything, and WebAssembly.Function (the proposal js-types). */
    reflection?: boolean;
  }): Namespace;

  /** The one that `weft/register` makes the global of that name. */
  const WebAssembly: Namespace;

  /** A program for WASI ended itself by an exit that nobody expected; start() expects it. */
  class ExitError extends Error {
    constructor(code: number);
    readonly code: number;
  }

  /** A file descriptor; the process's own; or a file that takes all and has nothing. */
  type Stream = number | 'inherit' | 'ignore';

  interface WASIOptions {
    /** That of what imports it. */
    version?: 'preview1' | 'unstable';
    /** The name of the program first. */
    args?: readonly string[];
    env?: Readonly<Record<string, string | undefined>>;
    /** Folders of the host's by the names that the program has for them. Nothing leads out of one. */
    preopens?: Readonly<Record<string, string | { path: string; readOnly?: boolean }>>;
    /** Standard input, output and error. */
    stdio?: readonly (Stream | undefined)[];
    stdin?: Stream;
    stdout?: Stream;
    stderr?: Stream;
    /** False: an exit ends the process. */
    returnOnExit?: boolean;
  }

  /** What a program for WASI is granted; used as the class of node:wasi is. It serves one instance. */
  class WASI {
    constructor(options?: WASIOptions);
    readonly wasiImport: Record<string, (...args: any[]) => any>;
    getImportObject(): Record<string, Record<string, (...args: any[]) => any>>;
    /** Runs a command, and gives its exit status. */
    start(instance: object): number;
    /** Makes a reactor ready. */
    initialize(instance: object): void;
    /** Instead of these two, for who calls its functions otherwise. */
    finalizeBindings(instance: object, options?: { memory?: object }): void;
  }

  const version: string;
}

export = weft;
