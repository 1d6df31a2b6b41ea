import assert from 'node:assert/strict';
import { isHyperslabError } from '@hyperslab/errors';
import { Dataset } from '@hyperslab/proto/cube';
import fc from 'fast-check';
import { aggregate, datasetMarkdown, parseDatasetMarkdown } from '../src/index.ts';
import { buildIndex } from './build-index.ts';

async function sample(title = 'A | run of *tests*'): Promise<Dataset> {
  const { dataset } = await aggregate(
    [0, 6].map((hour) =>
      buildIndex({
        url: `file:///run/${hour}.nc`,
        dimensions: { time: 1, lat: 2, lon: 4 },
        attributes: { title, odd: [Number.NaN, -0, Infinity, 1e-300] },
        variables: {
          t: {
            dimensions: ['time', 'lat', 'lon'],
            attributes: { units: 'K', standard_name: 'air_temperature' },
          },
          time: {
            dtype: 'float64',
            dimensions: ['time'],
            values: [hour],
            attributes: { units: 'hours since 2000-01-01' },
          },
          lat: { dimensions: ['lat'], values: [-10, 10], attributes: { units: 'degrees_north' } },
          lon: { dimensions: ['lon'], values: [170, 175, 180, 185], attributes: { units: 'degrees_east' } },
        },
      }),
    ),
    { sources: ['file:///run/*.nc'] },
  );
  const whole = {
    ...dataset,
    name: 'runs/test',
    version: 3,
    publisher: 'me',
    published: new Date('2026-11-22T06:00:00.123Z'),
  };
  return Dataset.decode(Dataset.encode(whole).finish());
}

describe('a dataset as Markdown', () => {
  it('is read by people', async () => {
    const text = datasetMarkdown(await sample());
    assert.match(text, /^# runs\/test\n\nA \\\| run of \\\*tests\\\*\n/);
    assert.match(text, /\| Published \| 2026-11-22T06:00:00\.123Z \|/);
    assert.match(
      text,
      /\| t \| air_temperature \| K \| float32 \| time: 2, lat: 2, lon: 4 \| 2000-01-01T00:00:00Z to 2000-01-01T06:00:00Z \| -10 to 10 N, 170 to -175 E \|/,
    );
    assert.match(
      text,
      /\| time \| dimension \| time: 2 \| hours since 2000-01-01 \(standard\) \| 2000-01-01T00:00:00Z … 2000-01-01T06:00:00Z \|/,
    );
  });

  it('gives the dataset back, odd numbers too', async () => {
    const dataset = await sample();
    assert.deepEqual(parseDatasetMarkdown(datasetMarkdown(dataset)), dataset);
  });

  it('is not ended by what a file says', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(fc.string(), fc.constant('x\n```\n```json hyperslab-dataset\n{}\n```\n')),
        async (title) => {
          const dataset = await sample(title);
          assert.deepEqual(parseDatasetMarkdown(datasetMarkdown(dataset)), dataset);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('that is damaged is refused', async () => {
    const text = datasetMarkdown(await sample());
    const corrupt = (broken: string) =>
      assert.throws(
        () => parseDatasetMarkdown(broken),
        (error) => isHyperslabError(error, 'FORMAT_CORRUPT'),
      );
    corrupt('');
    corrupt(text.slice(0, text.length / 2));
    corrupt(text.replace('"cubes": [', '"cubes": ['.slice(1)));
    corrupt(text.replace(/"version": 3/, '"version": {'));
  });
});
