import assert from 'node:assert/strict';
import { ravel } from '@hyperslab/array';
import type { ComputedArray } from '@hyperslab/client';
import type { ReferenceArray } from './reference-values.ts';
import { statistics } from './statistics.ts';

/** Relative to the largest magnitude: the resolution of float32, in which many packed values are unpacked. */
const tolerance = 1e-6;

/** Compares a computed array with what a reference reader found: shape, counts, range, mean and samples. */
export function assertValues(computed: ComputedArray, reference: ReferenceArray, what: string): void {
  assert.deepEqual(computed.shape, reference.shape, `${what}: shape`);
  const { finite, infinite, ...found } = statistics(computed);
  if (reference.count_missing !== undefined) {
    assert.equal(computed.missing, reference.count_missing, `${what}: how many are missing`);
    assert.equal(
      computed.nan + infinite,
      reference.count_nan_or_inf,
      `${what}: how many are NaN or infinite`,
    );
    assert.equal(finite, reference.count_valid, `${what}: how many are valid`);
  }
  const scale = Math.max(Math.abs(reference.min ?? 0), Math.abs(reference.max ?? 0));
  for (const name of ['min', 'max', 'mean'] as const) {
    const expected = reference[name];
    if (expected !== undefined) assertClose(found[name], expected, scale, `${what}: ${name}`);
  }
  for (const { index, value } of reference.samples ?? []) {
    const at = ravel(index, computed.shape);
    const actual = computed.mask?.[at] === 1 ? null : computed.values[at];
    const where = `${what}[${index.join(', ')}]`;
    if (value === 'nan') assert.ok(Number.isNaN(actual), `${where}: expected NaN, got ${actual}`);
    else if (typeof value === 'number') assertClose(Number(actual), value, scale, where);
    else assert.equal(asText(computed, actual), value ?? asText(computed, null), where);
  }
}

function assertClose(actual: number, expected: number, scale: number, what: string): void {
  const close = Math.abs(actual - expected) <= tolerance * Math.max(scale, Math.abs(expected));
  assert.ok(close, `${what}: expected ${expected}, got ${actual}`);
}

/** A text value as the reference has it: a char as one character, null for a missing one. */
function asText({ dtype }: ComputedArray, value: string | number | bigint | null): string | null {
  if (dtype !== 'char') return value === null ? null : String(value);
  return value === null || Number(value) === 0 ? '' : String.fromCharCode(Number(value));
}
