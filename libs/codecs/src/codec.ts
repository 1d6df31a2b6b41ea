/**
 * One step from stored bytes to values and back. Pure. `configuration` is the codec's JSON object, already parsed.
 * `decodedLength` is how many bytes must come out at most: what a hostile input may make of memory is bounded by it.
 */
export interface Codec {
  readonly name: string;
  decode(bytes: Uint8Array, configuration: CodecConfiguration, decodedLength: number): Uint8Array;
  encode(bytes: Uint8Array, configuration: CodecConfiguration): Uint8Array;
}

export type CodecConfiguration = Readonly<Record<string, unknown>>;
