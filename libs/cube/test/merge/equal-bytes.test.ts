import assert from 'node:assert/strict';
import { decodeArray } from '@hyperslab/array';
import { isHyperslabError } from '@hyperslab/errors';
import { aggregate } from '../../src/index.ts';
import { buildIndex } from '../build-index.ts';
import { merge, step } from './merge-sketches.ts';

/** A file with a label of each of its two points, one of which stands for nothing. */
function labelled(url: string, time: number, fill: number) {
  return step(url, [time], {
    variables: {
      t: { dimensions: ['time', 'y'], attributes: { units: 'K', coordinates: 'label' } },
      label: { dtype: 'uint8', dimensions: ['y'], values: [0, 1], attributes: { _FillValue: fill } },
    },
  });
}

describe('equal bytes that mean different things', () => {
  it('are two contents where fill values differ', async () => {
    const { dataset } = await merge(labelled('a', 0, 0), labelled('b', 6, 1));
    const label = dataset.variables.find(({ name }) => name === 'label');
    assert.ok(label?.data?.$case === 'inlineValues');
    assert.deepEqual(label.shape, [2, 2]);
    const { mask } = decodeArray(label.data.value);
    assert.deepEqual([...mask!], [1, 0, 0, 1]);
  });

  it('are one content where only their attributes are written otherwise', async () => {
    const { dataset } = await merge(labelled('a', 0, 0), labelled('b', 6, 0));
    assert.deepEqual(dataset.variables.find(({ name }) => name === 'label')?.shape, [2]);
  });

  it('are not stored alike where one fill value is no number and another is infinite', async () => {
    const filled = (url: string, time: number, fill: number) =>
      step(url, [time], {
        variables: { t: { dimensions: ['time', 'y'], attributes: { units: 'K', _FillValue: fill } } },
      });
    const { dataset } = await merge(filled('a', 0, Number.NaN), filled('b', 6, Number.NEGATIVE_INFINITY));
    const t = dataset.variables.find(({ name }) => name === 't');
    assert.deepEqual([t?.storedDtype, t?.packing], ['', undefined]);
  });
});

describe('a chunk of four gibibytes', () => {
  it('is refused with its file', async () => {
    const index = buildIndex(step('huge.nc', [0]));
    const t = index.root!.variables.find(({ name }) => name === 't')!;
    t.chunks!.lengths[0] = 5e9;
    await assert.rejects(aggregate([index]), (error) => {
      assert.ok(isHyperslabError(error, 'FORMAT_UNSUPPORTED'));
      assert.match(error.message, /huge\.nc: a chunk of 5000000000 bytes/);
      return true;
    });
  });
});
