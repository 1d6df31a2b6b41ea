import assert from 'node:assert/strict';
import { decodeArray } from '@hyperslab/array';
import { CoordinateRole, type Cube, Dataset } from '@hyperslab/proto/cube';
import { MergeOptions } from '@hyperslab/proto/merge';
import { memorySource } from '@hyperslab/storage';
import { aggregate, openManifest } from '../../src/index.ts';
import { buildIndex, type FileSketch, type VariableSketch } from '../build-index.ts';

export const hours = 'hours since 2000-01-01';

/** A file of one time step or several, on a small grid. */
export function step(
  url: string,
  times: number[],
  more: Partial<FileSketch> & { units?: string } = {},
): FileSketch {
  return {
    url,
    dimensions: { time: times.length, y: 2, ...more.dimensions },
    unlimited: more.unlimited,
    attributes: more.attributes,
    variables: {
      t: { dimensions: ['time', 'y'], attributes: { units: 'K', standard_name: 'air_temperature' } },
      time: {
        dtype: 'float64',
        dimensions: ['time'],
        values: times,
        attributes: { units: more.units ?? hours },
      },
      y: { dtype: 'float32', dimensions: ['y'], values: [10, 20], attributes: { units: 'degrees_north' } },
      ...more.variables,
    },
  };
}

export function merge(...sketches: FileSketch[]) {
  return mergeWith({}, ...sketches);
}

export async function mergeWith(options: Partial<MergeOptions>, ...sketches: FileSketch[]) {
  const merge = { ...MergeOptions.create(), ...options };
  const { dataset, manifest } = await aggregate(sketches.map(buildIndex), { merge });
  // What crosses processes must say it all.
  return { dataset: Dataset.decode(Dataset.encode(dataset).finish()), manifest };
}

export function valuesOf(dataset: Dataset, name: string): unknown[] {
  const variable = dataset.variables.find((candidate) => candidate.name === name);
  assert.ok(variable?.data?.$case === 'inlineValues', `${name} is not inline`);
  return Array.from(decodeArray(variable.data.value).values as ArrayLike<number>);
}

export function shapes({ cubes }: Dataset): Record<string, string> {
  return Object.fromEntries(
    cubes.map(({ name, dimensions, shape }) => [
      name,
      dimensions.map((d, i) => `${d}:${shape[i]}`).join(' '),
    ]),
  );
}

export async function urlsAlong(dataset: Dataset, manifest: Uint8Array, name: string): Promise<string[]> {
  const variable = dataset.variables.find((candidate) => candidate.name === name);
  assert.ok(variable?.data?.$case === 'manifestArray');
  const open = await openManifest(memorySource('m', manifest));
  const ranges = variable.shape.map((count) => ({ start: 0, count, step: 1 }));
  const pieces = await Array.fromAsync(open.locate(variable.data.value, ranges));
  return pieces.map(({ object }) => object?.url ?? '');
}

export function coordinate(cube: Cube, variable: string) {
  const found = cube.coordinates.find((candidate) => candidate.variable === variable);
  assert.ok(found !== undefined, `${variable} is no coordinate of ${cube.name}`);
  return { role: found.role, dimensions: found.dimensions };
}

export const scalar = (value: number, attributes: Record<string, string> = {}): VariableSketch => ({
  dtype: 'float64',
  values: [value],
  attributes,
});
export const {
  COORDINATE_ROLE_DIMENSION: dimension,
  COORDINATE_ROLE_AUXILIARY: auxiliary,
  COORDINATE_ROLE_SCALAR: single,
} = CoordinateRole;
