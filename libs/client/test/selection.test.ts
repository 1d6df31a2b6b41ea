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

  it('refuses what is no index and no value', () => {
    for (const by of [-1, 1.5, Number.NaN, 2 ** 53, [0, -1], [0, 4, 0]] as IndexSelection[]) {
      assert.throws(
        () => index(by),
        (error) => isHyperslabError(error, 'INVALID_ARGUMENT'),
      );
    }
    for (const by of [Number.NaN, '', new Date(Number.NaN), {}] as ValueSelection[]) {
      assert.throws(
        () => value(by),
        (error) => isHyperslabError(error, 'INVALID_ARGUMENT'),
      );
    }
  });
});
