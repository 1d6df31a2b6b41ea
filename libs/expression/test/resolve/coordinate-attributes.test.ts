import assert from 'node:assert/strict';
import { planText } from '../run-plan.ts';
import { numbers, type SampleVariable, sampleDataset } from '../sample-dataset.ts';

const depth = { units: 'm', standard_name: 'depth', long_name: 'depth below the surface', positive: 'down' };
const variables: SampleVariable[] = [
  { name: 'depth', dimensions: ['depth'], array: numbers('float64', [3], [0, 10, 30]), attributes: depth },
  { name: 't', dimensions: ['depth'], array: numbers('float32', [3], [1, 2, 4]) },
  {
    name: 'height',
    dimensions: ['depth'],
    array: numbers('float64', [3], [5, 7, 9]),
    attributes: { units: 'm', standard_name: 'height' },
  },
  ...Object.entries({ pressure: 'Pa', density: 'kg m-3' }).map(([name, units]) => ({
    name,
    dimensions: ['depth'],
    array: numbers('float64', [3], [5, 7, 9]),
    attributes: { units },
  })),
];
const cubes = { t: [{ variable: 'depth', dimensions: ['depth'], axis: 'Z' }] };

async function coordinateOf(text: string): Promise<{ longName: string; positive: string }> {
  const { result } = await planText(text, sampleDataset(variables, cubes));
  const { longName, positive } = result!.coordinates[0];
  return { longName, positive };
}

describe('a vertical coordinate of a result', () => {
  it('is called as in its file, and grows in the same direction, whatever is computed on it', async () => {
    for (const text of [
      't',
      't * 2 + t',
      't[depth=#0:#2]',
      'cumsum(t, depth)',
      'interpolate(t, depth=[5, 20])',
    ])
      assert.deepEqual(
        await coordinateOf(text),
        { longName: depth.long_name, positive: depth.positive },
        text,
      );
  });

  it('of heights or pressures that an array is brought to grows where these do, if that is known', async () => {
    const directions = { height: 'up', pressure: 'down', 'pressure / 100': 'down', density: '' };
    for (const [onto, positive] of Object.entries(directions)) {
      const text = `interpolate(t, depth=[6, 8], onto=${onto})`;
      assert.deepEqual(await coordinateOf(text), { longName: '', positive }, onto);
    }
  });
});
