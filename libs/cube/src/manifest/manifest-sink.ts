/** Where a manifest is written to, part after part. */
export interface ManifestSink {
  write(bytes: Uint8Array): void;
}

/** Keeps the parts: for manifests that are small. */
export class MemorySink implements ManifestSink {
  readonly #parts: Uint8Array[] = [];

  write(bytes: Uint8Array): void {
    this.#parts.push(bytes);
  }

  /** All that was written. */
  bytes(): Uint8Array {
    return Buffer.concat(this.#parts);
  }
}
