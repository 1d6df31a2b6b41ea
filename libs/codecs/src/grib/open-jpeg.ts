import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** What of the WebAssembly build of OpenJPEG is used. A decoder is for one stream. */
interface OpenJpeg {
  J2KDecoder: new () => J2kDecoder;
}

interface J2kDecoder {
  getEncodedBuffer(length: number): Uint8Array;
  decode(): void;
  getDecodedBuffer(): Uint8Array;
  delete(): void;
}

/** Samples as the library gives them, and what it complained of. */
interface DecodedSamples {
  /** Little-endian, one byte each up to 8 bits, else two; empty when decoding failed. */
  bytes: Uint8Array;
  complaints: string[];
}

/** What of WebAssembly is used; TypeScript declares it for browsers only. */
interface WebAssemblyClasses {
  Module: new (code: Uint8Array) => object;
  Instance: new (module: object, imports: object) => { exports: object };
  Memory: new (of: never) => { buffer: ArrayBuffer };
}

const { Module, Instance, Memory } = (globalThis as unknown as { WebAssembly: WebAssemblyClasses })
  .WebAssembly;

const require = createRequire(import.meta.url);

/** Memory of WebAssembly grows and never shrinks: an instance with more is not kept for the next stream. */
const mostKeptBytes = 64 * 1024 * 1024;

/** An instance of the library and its memory. */
interface Loaded {
  library: OpenJpeg;
  memory: { buffer: ArrayBuffer };
}

let compiled: object | undefined;
let loaded: Loaded | undefined;
let complaints: string[] = [];

/**
 * Decodes a JPEG 2000 code stream of one component. The library is compiled when a thread first needs it. Throws what WebAssembly
 * throws when memory is at an end; the next stream then gets a new instance.
 */
export function decodeCodeStream(stream: Uint8Array): DecodedSamples {
  complaints = [];
  try {
    loaded ??= instantiate();
    const decoder = new loaded.library.J2KDecoder();
    decoder.getEncodedBuffer(stream.length).set(stream);
    decoder.decode();
    const bytes = decoder.getDecodedBuffer().slice();
    decoder.delete();
    if (loaded.memory.buffer.byteLength > mostKeptBytes) loaded = undefined;
    return { bytes, complaints };
  } catch (error) {
    loaded = undefined;
    throw error;
  }
}

/** The library's own loader waits for what it needs; given the compiled module it is ready when it returns. */
function instantiate(): Loaded {
  compiled ??= new Module(readFileSync(require.resolve('@cornerstonejs/codec-openjpeg/decodewasm')));
  const load = require('@cornerstonejs/codec-openjpeg/decodewasmjs') as (module: object) => Promise<OpenJpeg>;
  const of = compiled;
  const created: { exports?: object } = {};
  const library = {
    instantiateWasm(imports: object, receive: (instance: object, module: object) => void): object {
      const instance = new Instance(of, imports);
      created.exports = instance.exports;
      receive(instance, of);
      return instance.exports;
    },
    print: keepComplaint,
    printErr: keepComplaint,
  };
  // Should it fail, the use of what is then missing tells so.
  load(library).catch(() => undefined);
  const memory = Object.values(created.exports ?? {}).find((member) => member instanceof Memory);
  return { library: library as unknown as OpenJpeg, memory: memory as Loaded['memory'] };
}

function keepComplaint(line: string): void {
  if (line !== '' && !line.startsWith('[INFO]')) complaints.push(line);
}
