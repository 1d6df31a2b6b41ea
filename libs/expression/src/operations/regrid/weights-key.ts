import { hash } from 'node:crypto';
import type { MaskedArray, NumericValues } from '@hyperslab/array';
import type { RegridParameters } from './parameters.ts';

const texts = new WeakMap<RegridParameters, string>();

/** A short text that tells parameters from others. */
export function textOf(parameters: RegridParameters): string {
  let text = texts.get(parameters);
  if (text === undefined) {
    text = hash('sha256', JSON.stringify(parameters));
    texts.set(parameters, text);
  }
  return text;
}

/** A text that tells the coordinates among a node's inputs, which are all but the first, from others. */
export function coordinatesKey(parts: readonly MaskedArray[]): string {
  return parts.slice(1).map(contentOf).join();
}

function contentOf({ values, mask }: MaskedArray): string {
  const bytes = ({ buffer, byteOffset, byteLength }: NumericValues) =>
    new Uint8Array(buffer, byteOffset, byteLength);
  return hash('sha256', bytes(values as NumericValues)) + (mask ? hash('sha256', mask) : '');
}
