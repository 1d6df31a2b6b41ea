export { type AecParameters, aecParameters } from './aec/aec-parameters.ts';
export { decodeAec } from './aec/decode-aec.ts';
export type { Codec, CodecConfiguration } from './codec.ts';
export { longitudeBetween } from './grid-points/ellipsoid.ts';
export type { GridPart, PartAxis } from './grid-points/grid-part.ts';
export { type Plane, planeOf } from './grid-points/plane.ts';
export { pointsOfPart } from './grid-points/points-of-part.ts';
export type { Earth, Projection } from './grid-points/projection.ts';
export { decodeLz4Block } from './lz4-block.ts';
export { type NativeLibraryState, nativeLibraries } from './native/native-libraries.ts';
export { type NativeCodecs, useNativeCodecs } from './native/native-library.ts';
export {
  assertStoredLength,
  decodeBytes,
  decodeChunk,
  type EncodedLayout,
  encodeChunk,
  loadCodecs,
} from './pipeline.ts';
export { packMask } from './pp/land-sea.ts';
export { codecNames, findCodec } from './registry.ts';
export { decodeSnappy } from './snappy-block.ts';
