import { aecParameters } from '../aec/aec-parameters.ts';
import { decodeAec } from '../aec/decode-aec.ts';
import type { Destination } from './field-values.ts';
import { gribUnsupported } from './grib-error.ts';
import { scaleSamples, scalingOf } from './scaling.ts';
import type { Section } from './section.ts';

/** CCSDS lossless compression (template 7.42): the packed integers are the samples of a stream. */
export function unpackCcsds(representation: Section, data: Section, destination: Destination): void {
  const parameters = aecParameters(representation.uint(22, 1), {
    bitsPerSample: representation.uint(20, 1),
    blockSize: representation.uint(23, 1),
    rsi: representation.uint(24, 2),
  });
  if (parameters.signed) throw gribUnsupported('CCSDS compression of signed integers');
  const samples = decodeAec(data.bytes.subarray(5), parameters, destination.coded);
  scaleSamples(samples, scalingOf(representation), destination.open());
}
