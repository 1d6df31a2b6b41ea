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
}

const { Module, Instance } = (globalThis as unknown as { WebAssembly: WebAssemblyClasses }).WebAssembly;

const require = createRequire(import.meta.url);

let compiled: object | undefined;
let instance: OpenJpeg | undefined;
let complaints: string[] = [];

/**
 * Decodes a JPEG 2000 code stream of one component. The library is compiled when a thread first needs it. Throws what WebAssembly
 * throws when memory is at an end; the next stream then gets a new instance.
 */
export function decodeCodeStream(stream: Uint8Array): DecodedSamples {
  complaints = [];
  try {
    instance ??= instantiate();
    const decoder = new instance.J2KDecoder();
    decoder.getEncodedBuffer(stream.length).set(stream);
    decoder.decode();
    const bytes = decoder.getDecodedBuffer().slice();
    decoder.delete();
    return { bytes, complaints };
  } catch (error) {
    instance = undefined;
    throw error;
  }
}

/** The library's own loader waits for what it needs; given the compiled module it is ready when it returns. */
function instantiate(): OpenJpeg {
  compiled ??= new Module(readFileSync(require.resolve('@cornerstonejs/codec-openjpeg/decodewasm')));
  const load = require('@cornerstonejs/codec-openjpeg/decodewasmjs') as (module: object) => Promise<OpenJpeg>;
  const library = compiled;
  const module = {
    instantiateWasm(imports: object, receive: (instance: object, module: object) => void): object {
      const created = new Instance(library, imports);
      receive(created, library);
      return created.exports;
    },
    print: keepComplaint,
    printErr: keepComplaint,
  };
  void load(module);
  return module as unknown as OpenJpeg;
}

function keepComplaint(line: string): void {
  if (!line.startsWith('[INFO]')) complaints.push(line);
}
