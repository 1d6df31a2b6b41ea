import { codecUnsupported } from '../codec-error.ts';

/** How a stream of samples was coded: nothing of it stands in the stream itself. */
export interface AecParameters {
  /** Bits of a sample, 1 to 32. */
  bitsPerSample: number;
  /** Samples of a block: 8, 16, 32 or 64; any even number as an extension of libaec's. */
  blockSize: number;
  /** Blocks between two reference samples, 1 to 4096. */
  rsi: number;
  /** Samples are two's complement numbers. */
  signed: boolean;
  /** Differences to the sample before are coded instead of samples. */
  preprocess: boolean;
  /** Samples of at most 4 bits have shorter identifiers. */
  restricted: boolean;
  /** Every reference sample interval begins at a byte. */
  padRsi: boolean;
}

// Bits of libaec's `flags`, as GRIB 2 keeps them (template 5.42, octet 22).
const flag = { signed: 1, preprocess: 8, restricted: 16, padRsi: 32 };

/**
 * Parameters from the flags of libaec. Two of its flags say how it lays samples out in memory (3-byte, 2; MSB first, 4):
 * here they are numbers, and these mean nothing.
 */
export function aecParameters(
  flags: number,
  sizes: { bitsPerSample: number; blockSize: number; rsi: number },
): AecParameters {
  const has = (bit: number) => (flags & bit) !== 0;
  return {
    ...sizes,
    signed: has(flag.signed),
    preprocess: has(flag.preprocess),
    restricted: has(flag.restricted),
    padRsi: has(flag.padRsi),
  };
}

/** Throws FORMAT_UNSUPPORTED when parameters are outside of what there is. */
export function checkAecParameters({ bitsPerSample, blockSize, rsi }: AecParameters): void {
  const check = (name: string, value: number, least: number, most: number) => {
    if (Number.isInteger(value) && value >= least && value <= most) return;
    throw codecUnsupported('aec', `expected ${name} from ${least} to ${most}, found ${value}`);
  };
  check('bits per sample', bitsPerSample, 1, 32);
  check('samples per block', blockSize, 2, 256);
  check('blocks per reference sample', rsi, 1, 4096);
  if (blockSize % 2 !== 0) {
    throw codecUnsupported('aec', `expected an even number of samples per block, found ${blockSize}`);
  }
}

/** Bits of the identifier that says how a block is coded (CCSDS 121.0-B-3, table 5-1). */
export function identifierBits({ bitsPerSample, restricted }: AecParameters): number {
  if (bitsPerSample > 16) return 5;
  if (bitsPerSample > 8) return 4;
  if (!restricted || bitsPerSample > 4) return 3;
  return bitsPerSample > 2 ? 2 : 1;
}
