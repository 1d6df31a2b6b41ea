export { type AecParameters, aecParameters } from './aec/aec-parameters.ts';
export { decodeAec } from './aec/decode-aec.ts';
export type { Codec, CodecConfiguration } from './codec.ts';
export { decodeLz4Block } from './lz4-block.ts';
export { decodeBytes, decodeChunk, type EncodedLayout, encodeChunk, loadCodecs } from './pipeline.ts';
export { packMask } from './pp/land-sea.ts';
export { codecNames, findCodec } from './registry.ts';
export { decodeSnappy } from './snappy-block.ts';
