import fc from 'fast-check';
import { type AecParameters, identifierBits } from '../src/aec/aec-parameters.ts';

/** A stream of CCSDS 121.0-B, how it is coded, and how many samples are in it. */
export interface AecStream {
  parameters: AecParameters;
  bytes: Uint8Array;
  samples: number;
}

/** What a block is made of; numbers are taken as far as they are of use. */
interface Block {
  kind: 'uncoded' | 'split' | 'zeros' | 'pairs';
  low: number;
  bits: number[];
}

const block: fc.Arbitrary<Block> = fc.record({
  kind: fc.constantFrom('uncoded', 'split', 'zeros', 'pairs'),
  low: fc.nat(28),
  bits: fc.array(fc.nat(2 ** 32 - 1), { minLength: 1, maxLength: 8 }),
});

/** Streams as their specification has them, of blocks of every kind. */
export const aecStream: fc.Arbitrary<AecStream> = fc
  .record({
    parameters: fc.record({
      bitsPerSample: fc.integer({ min: 1, max: 32 }),
      blockSize: fc.constantFrom(8, 16, 32, 64),
      rsi: fc.integer({ min: 1, max: 20 }),
      signed: fc.boolean(),
      preprocess: fc.boolean(),
      restricted: fc.boolean(),
      padRsi: fc.boolean(),
    }),
    blocks: fc.array(block, { minLength: 1, maxLength: 30 }),
    cut: fc.nat(7),
  })
  .map(({ parameters, blocks, cut }) => ({
    parameters,
    bytes: encode(parameters, blocks),
    samples: blocks.length * parameters.blockSize - cut,
  }));

function encode(parameters: AecParameters, blocks: readonly Block[]): Uint8Array {
  const { bitsPerSample, blockSize, rsi, preprocess, padRsi } = parameters;
  const idBits = identifierBits(parameters);
  let text = '';
  const put = (value: number, bits: number) => {
    if (bits > 0) text += (value % 2 ** bits).toString(2).padStart(bits, '0');
  };
  const unary = (zeros: number) => put(1, zeros + 1);
  for (const [number, { kind, low, bits }] of blocks.entries()) {
    const startsInterval = number % rsi === 0;
    if (startsInterval && padRsi) text = text.padEnd(8 * Math.ceil(text.length / 8), '0');
    const next = (i: number) => bits[i % bits.length];
    const first = preprocess && startsInterval ? 1 : 0;
    // Identifiers of split samples say how many low bits there are, and one high bit must have its place beside them.
    const lowBits = Math.min(low, 2 ** idBits - 3, bitsPerSample - 1);
    const isSplit = kind === 'split' && lowBits >= 0;
    if (kind === 'uncoded' || (kind === 'split' && !isSplit)) {
      put(2 ** idBits - 1, idBits);
      for (let i = 0; i < blockSize; i++) put(next(i), bitsPerSample);
      continue;
    }
    put(isSplit ? lowBits + 1 : 0, idBits);
    if (kind === 'zeros') put(0, 1);
    else if (kind === 'pairs') put(1, 1);
    if (first === 1) put(next(0), bitsPerSample);
    if (kind === 'zeros') unary(0);
    else if (kind === 'pairs') for (let i = 0; i < blockSize; i += 2) unary(next(i) % 3);
    else {
      for (let i = first; i < blockSize; i++) unary(next(i) % 2);
      for (let i = first; i < blockSize; i++) put(next(i), lowBits);
    }
  }
  return Uint8Array.from({ length: Math.ceil(text.length / 8) }, (_, i) =>
    Number.parseInt(text.slice(8 * i, 8 * i + 8).padEnd(8, '0'), 2),
  );
}
