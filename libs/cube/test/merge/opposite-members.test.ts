import assert from 'node:assert/strict';
import { decodeArray } from '@hyperslab/array';
import type { FieldSet } from '@hyperslab/proto/index';
import { memorySource } from '@hyperslab/storage';
import { aggregate, openManifest } from '../../src/index.ts';
import { fieldFile, fieldSet, text } from './field-sketches.ts';

/** Fields of members with these numbers as a file has them; `negative` ones are perturbed negatively. */
function members(numbers: readonly number[], negative: readonly number[] = []): FieldSet {
  const set = fieldSet(
    't',
    numbers.map((realization) => ({ realization })),
  );
  const [coordinate] = set.coordinates;
  const attributes = [text('standard_name', 'realization')];
  if (negative.length > 0) {
    const marked = { name: 'negatively_perturbed', dtype: 'float64', strings: [], integers: [] };
    attributes.push({ ...marked, numbers: [...negative] });
  }
  return {
    ...set,
    coordinates: [{ ...coordinate, variable: { ...coordinate.variable!, dtype: 'int32', attributes } }],
  };
}

/** Numbers of the members of a merge, and where each is. */
async function merged(files: Record<string, FieldSet>): Promise<[number, string][]> {
  const indexes = Object.entries(files).map(([url, set]) => fieldFile(url, { surface: [set] }));
  const { dataset, manifest } = await aggregate(indexes);
  const realization = dataset.variables.find(({ name }) => name === 'realization')!;
  assert.ok(realization.data?.$case === 'inlineValues');
  assert.deepEqual(
    realization.attributes.map(({ name }) => name),
    ['standard_name'],
  );
  const field = dataset.variables.find(({ name }) => name === 't')!;
  assert.ok(field.data?.$case === 'manifestArray');
  const open = await openManifest(memorySource('m', manifest));
  const places: [number, string][] = [];
  for (const [member, number] of [...(decodeArray(realization.data.value).values as Int32Array)].entries()) {
    const first = field.shape.length === 3 ? [{ start: member, count: 1, step: 1 }] : [];
    const rest = field.shape.slice(-2).map((count) => ({ start: 0, count, step: 1 }));
    const [{ object, chunks }] = await Array.fromAsync(open.locate(field.data.value, [...first, ...rest]));
    places.push([number, `${object?.url} ${chunks[0].offset}`]);
  }
  return places;
}

describe('merging members that are perturbed in opposite directions', () => {
  it('gives the negative ones of files of their own numbers below 0', async () => {
    const files = {
      n1: members([1], [1]),
      p1: members([1]),
      n2: members([2], [2]),
      p2: members([2]),
      c0: members([0]),
    };
    assert.deepEqual(await merged(files), [
      [-2, 'n2 0'],
      [-1, 'n1 0'],
      [0, 'c0 0'],
      [1, 'p1 0'],
      [2, 'p2 0'],
    ]);
  });

  it('leaves their numbers where no other member has them', async () => {
    assert.deepEqual(await merged({ n: members([1, 3], [1, 3]), p: members([2, 4]) }), [
      [1, 'n 0'],
      [2, 'p 0'],
      [3, 'n 1000'],
      [4, 'p 1000'],
    ]);
    assert.deepEqual(await merged({ n: members([5], [5]) }), [[5, 'n 0']]);
  });

  it('agrees with numbers that a file of both has', async () => {
    assert.deepEqual(await merged({ both: members([-1, 1]), n2: members([2], [2]) }), [
      [-2, 'n2 0'],
      [-1, 'both 0'],
      [1, 'both 1000'],
    ]);
  });
});
