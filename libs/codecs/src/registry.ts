import { bytesCodec } from './bytes.ts';
import type { Codec } from './codec.ts';
import { codecUnsupported } from './codec-error.ts';
import { deflateCodec } from './deflate.ts';
import { fletcher32Codec } from './fletcher32.ts';
import { recordStrideCodec } from './record-stride.ts';
import { shuffleCodec } from './shuffle.ts';
import { szipCodec } from './szip.ts';

/** A new codec is a file and a line here. */
const codecs: readonly Codec[] = [
  bytesCodec,
  shuffleCodec,
  deflateCodec,
  fletcher32Codec,
  recordStrideCodec,
  szipCodec,
];

/** Names under which codecs are registered. */
export const codecNames: readonly string[] = codecs.map((codec) => codec.name);

/** The codec of a name. Throws FORMAT_UNSUPPORTED. */
export function findCodec(name: string): Codec {
  const codec = codecs.find((candidate) => candidate.name === name);
  if (codec === undefined) throw codecUnsupported(name, `expected one of ${codecNames.join(', ')}`);
  return codec;
}
