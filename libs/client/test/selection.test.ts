import assert from 'node:assert/strict';
import { isHyperslabError } from '@hyperslab/errors';
import {
  type IndexSelection,
  indexSelectors,
  type ValueSelection,
  valueSelectors,
} from '../src/selection.ts';

const value = (by: ValueSelection) => valueSelectors({ x: by })[0].by;
const index = (by: IndexSelection) => indexSelectors({ x: by })[0].by;

describe('selections', () => {
  it('selects by value: a number, a label, a date, and ranges of them', () => {
    assert.deepEqual(value(850), { $case: 'value', value: '850' });
    assert.deepEqual(value('2026-02-30'), { $case: 'value', value: '2026-02-30' });
    assert.deepEqual(value(new Date(Date.UTC(2026, 10, 22, 6))), {
      $case: 'value',
      value: '2026-11-22T06:00:00',
    });
    assert.deepEqual(value([40, 60]), { $case: 'values', value: { from: '40', to: '60' } });
    assert.deepEqual(value([null, -1e-7]), { $case: 'values', value: { from: '', to: '-1e-7' } });
  });

  it('selects by index: one, and half-open ranges', () => {
    assert.deepEqual(index(0), { $case: 'index', value: 0 });
    assert.deepEqual(index([0, 10]), { $case: 'indices', value: { start: 0, end: 10, step: undefined } });
    assert.deepEqual(index([null, undefined, 2]), {
      $case: 'indices',
      value: { start: undefined, end: undefined, step: 2 },
    });
  });

  it('selects several values and indices, the nearest, and from the end', () => {
    assert.deepEqual(value({ values: [850, 500] }), {
      $case: 'valueList',
      value: { values: ['850', '500'] },
    });
    assert.deepEqual(value({ nearest: 51.5 }), {
      $case: 'nearest',
      value: { values: ['51.5'], within: undefined, keepsDimension: false },
    });
    assert.deepEqual(value({ nearest: [51.5], within: 0.1 }), {
      $case: 'nearest',
      value: { values: ['51.5'], within: 0.1, keepsDimension: true },
    });
    assert.deepEqual(index({ indices: [3, -1] }), { $case: 'indexList', value: { indices: [3, -1] } });
    assert.deepEqual(index(-1), { $case: 'index', value: -1 });
    assert.deepEqual(index([-1, null, -2]), {
      $case: 'indices',
      value: { start: -1, end: undefined, step: -2 },
    });
  });

  it('refuses what is no index and no value', () => {
    const indices = [1.5, Number.NaN, 2 ** 53, [0, 0.5], [0, 4, 0], { indices: [0.5] }] as IndexSelection[];
    for (const by of indices) {
      assert.throws(
        () => index(by),
        (error) => isHyperslabError(error, 'INVALID_ARGUMENT'),
      );
    }
    for (const by of [
      Number.NaN,
      '',
      new Date(Number.NaN),
      {},
      { values: [{}] },
      { nearest: '' },
    ] as ValueSelection[]) {
      assert.throws(
        () => value(by),
        (error) => isHyperslabError(error, 'INVALID_ARGUMENT'),
      );
    }
  });
});
