import { type ForeignFunctions, findForeignFunctions } from './foreign-functions.ts';

/** Whether codecs call libraries of the system where these are there, or never. */
export type NativeCodecs = 'auto' | 'off';

type Definitions = Parameters<ForeignFunctions['dlopen']>[1] & object;
type Functions<T extends Definitions> = ReturnType<typeof import('node:ffi').dlopen<T>>['functions'];

/** How a library is named and had. */
interface Known {
  name: string;
  /** Names to open it by, on Linux and macOS; the number is that of the binary interface that is called. */
  files: { linux: string; darwin: string };
  /** Packages that have it. */
  packages: { debian: string; alpine: string; homebrew: string };
}

/** What became of opening a library. */
type Opened<T extends Definitions> =
  | { ffi: ForeignFunctions; functions: Functions<T>; file: string }
  | { problem: string };

// Homebrew's folder is not searched by macOS itself.
const folders = { linux: [''], darwin: ['/opt/homebrew/lib/', '/usr/local/lib/', ''] };

// Off until a process says otherwise: which settings it has is its own affair. Of each thread.
let mode: NativeCodecs = 'off';

/** Lets the codecs of this thread call libraries of the system, or not. */
export function useNativeCodecs(next: NativeCodecs): void {
  mode = next;
}

/** A shared library that a codec calls where it is there. It is opened when it is first asked for, once a thread. */
export class NativeLibrary<const T extends Definitions> {
  readonly known: Known;
  readonly #definitions: T;
  #opened: Opened<T> | undefined;

  constructor(known: Known, definitions: T) {
    this.known = known;
    this.#definitions = definitions;
  }

  /** Its functions; undefined where native codecs are off, or the library can't be called. */
  get functions(): Functions<T> | undefined {
    if (mode === 'off') return undefined;
    const opened = this.open();
    return 'functions' in opened ? opened.functions : undefined;
  }

  /** Opens it, whatever the mode. */
  open(): Opened<T> {
    this.#opened ??= openLibrary(this.known.files, this.#definitions);
    return this.#opened;
  }
}

function openLibrary<T extends Definitions>(files: Known['files'], definitions: T): Opened<T> {
  const ffi = findForeignFunctions();
  if (ffi === undefined) return { problem: `Node ${process.version} on ${process.arch} has no node:ffi` };
  const platform = process.platform === 'darwin' ? 'darwin' : 'linux';
  let problem = '';
  for (const folder of folders[platform]) {
    const file = folder + files[platform];
    try {
      return { ffi, functions: ffi.dlopen(file, definitions).functions as Functions<T>, file };
    } catch (error) {
      // Not there, another kind of processor, without a function that is called, or not allowed.
      problem ||= (error as Error).message;
    }
  }
  return { problem };
}
