import type { CodecConfiguration } from '../codec.ts';
import { codecUnsupported } from '../codec-error.ts';

/** The number that stands for "missing": BMDI of a PP header. */
export function missingValue(codec: string, configuration: CodecConfiguration): number {
  const { missing } = configuration;
  if (typeof missing === 'number') return missing;
  throw codecUnsupported(codec, `expected "missing" to be a number, found ${JSON.stringify(missing)}`);
}
