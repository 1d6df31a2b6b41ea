import assert from 'node:assert/strict';
import { griddedDataset, type SampleGrid } from '../operations/grids.ts';
import { planText } from '../run-plan.ts';
import { numbers as numberArray } from '../sample-dataset.ts';

const rotated: SampleGrid = { pole: [37.5, 177.5], latitude: [-1, 0, 1], longitude: [-2, -1, 0, 1] };
const globe: SampleGrid = { latitude: [50, 51], longitude: [0, 1] };
const data = numberArray(
  'float32',
  [2, 3, 4],
  Array.from({ length: 24 }, (_, i) => i),
);
const { dataset } = griddedDataset(data, rotated, globe);

async function poleOf(text: string): Promise<number | undefined> {
  const { result } = await planText(text, dataset);
  const { attributes = [] } = result!.gridMapping ?? {};
  return attributes.find(({ name }) => name === 'grid_north_pole_latitude')?.numbers[0];
}

describe('the grid mapping of a result', () => {
  it('is that of its horizontal coordinates, whatever is computed on them', async () => {
    for (const text of [
      't',
      't * 2 + 1',
      'mean(t, time)',
      't[y=#0:#2]',
      'rolling(t, mean, y=2)',
      'max(t, y)',
    ])
      assert.equal(await poleOf(text), 37.5, text);
  });

  it('goes with them, and comes with those of another grid', async () => {
    assert.equal(await poleOf('regrid(t, like=like)'), undefined);
    const { dataset: other } = griddedDataset(data, globe, rotated);
    const { result } = await planText('regrid(t, like=like)', other);
    assert.equal(result!.gridMapping?.attributes[0].strings[0], 'rotated_latitude_longitude');
    assert.equal((await planText('t', other)).result!.gridMapping, undefined);
  });
});
