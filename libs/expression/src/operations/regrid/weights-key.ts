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

/** Texts that tell the coordinates among a node's inputs, which are all but the first, from others: by input. */
export function coordinateKeys(parts: readonly MaskedArray[]): string[] {
  return parts.map((part, input) => (input === 0 ? '' : contentOf(part)));
}

function contentOf({ values, mask }: MaskedArray): string {
  const bytes = ({ buffer, byteOffset, byteLength }: NumericValues) =>
    new Uint8Array(buffer, byteOffset, byteLength);
  return hash('sha256', bytes(values as NumericValues)) + (mask ? hash('sha256', mask) : '');
}
