import type { Allocator } from '@hyperslab/kernels';

/**
 * One step from stored bytes to values and back. Pure: the input is never changed, the output may share its memory.
 * `configuration` is the codec's JSON object, already parsed.
 */
export interface Codec {
  readonly name: string;
  /** Gets ready what `decode` needs and can't wait for, a WebAssembly module say. Called before the first use, and again is no harm. */
  load?(): Promise<void>;
  /**
   * Undoes `encode`. `decodedLength` is how many bytes come out at most: what a hostile input may make of memory is
   * bounded by it. Throws FORMAT_CORRUPT or CHECKSUM_MISMATCH.
   * @param memory where the output may be made, by codecs that can
   */
  decode(
    bytes: Uint8Array,
    configuration: CodecConfiguration,
    decodedLength: number,
    memory?: Allocator,
  ): Uint8Array;
  /** Absent where nothing is ever written with the codec. */
  encode?(bytes: Uint8Array, configuration: CodecConfiguration): Uint8Array;
  /** How many bytes `encode` makes of `decodedLength` bytes at most. */
  encodedBound(decodedLength: number, configuration: CodecConfiguration): number;
}

export type CodecConfiguration = Readonly<Record<string, unknown>>;
