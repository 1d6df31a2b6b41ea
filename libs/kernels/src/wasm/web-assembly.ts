/** What of WebAssembly is used; TypeScript declares it for browsers only. Pages have 64 KiB. */
export interface WasmMemory {
  readonly buffer: SharedArrayBuffer;
  /** Throws RangeError where it may not, or cannot, grow by so many pages. */
  grow(pages: number): number;
}

interface WebAssemblyClasses {
  Module: new (code: Uint8Array) => object;
  Instance: new (module: object, imports: object) => { exports: object };
  Memory: new (descriptor: { initial: number; maximum: number; shared: true }) => WasmMemory;
  validate(code: Uint8Array): boolean;
}

export const { WebAssembly: webAssembly } = globalThis as unknown as { WebAssembly: WebAssemblyClasses };

export const pageBytes = 64 * 1024;
