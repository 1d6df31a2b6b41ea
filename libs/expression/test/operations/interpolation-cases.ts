import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type MaskedArray, regularRuns } from '@hyperslab/array';
import type { Dataset } from '@hyperslab/proto/cube';
import { runPython } from '@hyperslab/testing';
import { numbers, type SampleVariable, sampleDataset } from '../sample-dataset.ts';
import { plainValues } from './plain-values.ts';

/** A random array of level, time and latitude, and what xarray interpolates of it. */
export interface InterpolationCase {
  dtype: 'float64' | 'float32' | 'int32';
  shape: [number, number, number];
  level: number[];
  latitude: number[];
  data: number[];
  missing: number[];
  levels: number[];
  /** Null where only levels are interpolated. */
  latitudes: number[] | null;
  method: 'linear' | 'log' | 'nearest';
  /** At each of the levels and latitudes. */
  expected: (number | null)[];
  /** At each pair of a level and a latitude; null where only levels are interpolated. */
  points: (number | null)[] | null;
}

export function interpolationCases(seed: number): InterpolationCase[] {
  return runPython(join(import.meta.dirname, '../foreign/interpolations.py'), seed, 60);
}

/** A dataset whose variable `t` is the array of a case. */
export function datasetOf({ dtype, shape, data, missing, ...each }: InterpolationCase): {
  dataset: Dataset;
  variables: SampleVariable[];
} {
  const variables: SampleVariable[] = [
    {
      name: 't',
      dimensions: ['level', 'time', 'latitude'],
      array: { ...numbers(dtype, shape, data), mask: Uint8Array.from(missing) },
      chunks: shape.map((extent) => regularRuns(extent, 2)),
    },
    axis('level', each.level, { units: 'hPa' }),
    axis('latitude', each.latitude, { units: 'degrees_north' }),
  ];
  const t = ['level', 'latitude'].map((name) => ({ variable: name, dimensions: [name] }));
  return { dataset: sampleDataset(variables, { t }), variables };
}

/** The coordinate of a dimension. */
export function axis(name: string, points: number[], attributes: Record<string, string>): SampleVariable {
  return {
    name,
    dimensions: [name],
    array: numbers('float64', [points.length], points),
    attributes,
  };
}

/** Values of a case are some hundreds at most. */
export function assertNear(
  result: MaskedArray,
  expected: readonly (number | null)[],
  { dtype }: InterpolationCase,
  text: string,
): void {
  const tolerance = dtype === 'float32' ? 2e-4 : 2e-7;
  const found = plainValues(result);
  assert.equal(found.length, expected.length, text);
  found.forEach((value, i) => {
    const wanted = expected[i];
    const isSame =
      value === null || wanted === null ? value === wanted : Math.abs(value - wanted) <= tolerance;
    assert.ok(isSame, `${text} at ${i}: ${value}, xarray has ${wanted}`);
  });
}
