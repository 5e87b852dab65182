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
    /** Instructions, the same number on every machine; 0: none. Then it ends in a RuntimeError, `out_of_fuel`. */
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
    /** Milliseconds that each call from JavaScript may take. Then it ends in a RuntimeError, `time_limit`. */
    timeLimit?: number;
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
    /** A function whose promise the guest that calls it waits for. */
    Suspending: {
      new (target: (...args: any[]) => any): object;
      readonly prototype: object;
    };
    /** Of a function of a guest's one that gives a promise. */
    promising(target: Function): (...args: any[]) => Promise<any>;
    SuspendError: new (message?: string, options?: { cause?: unknown }) => Error;
    validate(bytes: Bytes, options?: CompileOptions): boolean;
    compile(bytes: Bytes, options?: CompileOptions): Promise<Module>;
    instantiate(bytes: Bytes, imports?: Imports, options?: CompileOptions & InstanceOptions): Promise<{ module: Module; instance: Instance }>;
    instantiate(module: Module, imports?: Imports, options?: InstanceOptions): Promise<Instance>;
  };

  /** The one that `weft/register` makes the global of that name. */
  const WebAssembly: Namespace;

  /** A namespace of its own, with functions for its instances. */
  function create(options?: {
    /** Types of everything, and WebAssembly.Function (the proposal js-types). */
    reflection?: boolean;
  }): Omit<typeof weft, 'create' | 'WASI' | 'version'>;

  /** Units of fuel that are left; undefined where they are not counted. */
  function fuel(instance: Instance): number | bigint | undefined;
  function setFuel(instance: Instance, units: number | bigint): void;
  /** Milliseconds for each call from now on; 0: any time. */
  function setTimeLimit(instance: Instance, milliseconds: number): void;
  /** Of each limit what is used now. */
  function usage(instance: Instance): Record<Exclude<keyof Limits, 'timeLimit'>, number | bigint>;
  /** Collects the guest's objects. */
  function collect(instance: Instance): void;
  /** For a function that a guest called: the call from JavaScript that it is in ends in a RuntimeError with this code, and may go on later. */
  function stop(instance: Instance, why?: 'paused' | 'interrupted' | 'time_limit'): void;
  /** Is there a call that was stopped, and can go on? */
  function isStopped(instance: Instance): boolean;
  /** It goes on, and gives what it would have given. */
  function resume(instance: Instance): any;
  /** The instance, with a call that was stopped, as bytes. `number` gives one for each value of JavaScript's that it has. */
  function snapshot(instance: Instance, options?: { number?: (value: any) => number | bigint }): Uint8Array;
  /** A new instance that stands where the one stood that was written. */
  function restore(bytes: Bytes, module: Module, imports?: Imports, options?: RestoreOptions): Instance;
  /** A second instance that stands where the first one does. */
  function fork(instance: Instance, imports?: Imports, options?: RestoreOptions): Instance;
  /** Is it one of this package's? */
  function isInstance(value: unknown): boolean;

  interface RestoreOptions extends InstanceOptions {
    /** The value of a number that a snapshot has. */
    value?: (number: number | bigint) => unknown;
  }

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
