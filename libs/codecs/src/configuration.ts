import type { CodecConfiguration } from './codec.ts';
import { codecUnsupported } from './codec-error.ts';

/** A parameter that must be a whole number of at least 1. */
export function positiveInteger(codec: string, configuration: CodecConfiguration, key: string): number {
  const value = configuration[key];
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 1) return value;
  throw codecUnsupported(
    codec,
    `expected "${key}" to be a whole number of at least 1, found ${JSON.stringify(value)}`,
  );
}
