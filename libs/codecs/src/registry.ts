import { adler32Codec } from './adler32.ts';
import { astypeCodec } from './astype.ts';
import { base64Codec } from './base64.ts';
import { bitshuffleCodec } from './bitshuffle.ts';
import { bloscCodec } from './blosc.ts';
import { bytesCodec } from './bytes.ts';
import { bzip2Codec } from './bzip2/bzip2.ts';
import type { Codec } from './codec.ts';
import { codecUnsupported } from './codec-error.ts';
import { crc32Codec } from './crc32.ts';
import { crc32cCodec } from './crc32c.ts';
import { deflateCodec } from './deflate.ts';
import { deflateRawCodec } from './deflate-raw.ts';
import { deltaCodec } from './delta.ts';
import { fixedScaleOffsetCodec } from './fixed-scale-offset.ts';
import { fletcher32Codec } from './fletcher32.ts';
import { floatBitsCodec } from './float-bits.ts';
import { float16Codec } from './float16.ts';
import { gribCodec } from './grib/grib-codec.ts';
import { gridPointsCodec } from './grid-points/grid-points.ts';
import { gzipCodec } from './gzip.ts';
import { hdf5Lz4Codec } from './hdf5-lz4.ts';
import { integerBitsCodec } from './integer-bits.ts';
import { lz4Codec } from './lz4.ts';
import { lzfCodec } from './lzf.ts';
import { nbitCodec } from './nbit.ts';
import { packbitsCodec } from './packbits.ts';
import { landSeaCodec } from './pp/land-sea.ts';
import { runLengthCodec } from './pp/run-length.ts';
import { wgdosCodec } from './pp/wgdos.ts';
import { recordStrideCodec } from './record-stride.ts';
import { scaleoffsetCodec } from './scaleoffset.ts';
import { shuffleCodec } from './shuffle.ts';
import { szipCodec } from './szip.ts';
import { transposeCodec } from './transpose.ts';
import { zstdCodec } from './zstd.ts';

/** A new codec is a file and a line here. */
const codecs: readonly Codec[] = [
  bytesCodec,
  float16Codec,
  floatBitsCodec,
  integerBitsCodec,
  shuffleCodec,
  deflateCodec,
  fletcher32Codec,
  recordStrideCodec,
  szipCodec,
  nbitCodec,
  scaleoffsetCodec,
  lzfCodec,
  lz4Codec,
  hdf5Lz4Codec,
  zstdCodec,
  bzip2Codec,
  bloscCodec,
  bitshuffleCodec,
  gribCodec,
  gridPointsCodec,
  wgdosCodec,
  runLengthCodec,
  landSeaCodec,
  gzipCodec,
  deflateRawCodec,
  transposeCodec,
  crc32cCodec,
  crc32Codec,
  adler32Codec,
  deltaCodec,
  fixedScaleOffsetCodec,
  astypeCodec,
  packbitsCodec,
  base64Codec,
];

/** Names under which codecs are registered. */
export const codecNames: readonly string[] = codecs.map((codec) => codec.name);

/** The codec of a name. Throws FORMAT_UNSUPPORTED. */
export function findCodec(name: string): Codec {
  const codec = codecs.find((candidate) => candidate.name === name);
  if (codec === undefined) throw codecUnsupported(name, `expected one of ${codecNames.join(', ')}`);
  return codec;
}
