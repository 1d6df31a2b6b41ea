import assert from 'node:assert/strict';
import { isHyperslabError } from '@hyperslab/errors';
import { Cube } from '@hyperslab/proto/cube';
import fc from 'fast-check';
import { indicesAt, wholeNumber } from '../../src/explore/request.ts';

const cube = Cube.fromPartial({ name: 't', dimensions: ['time', 'x'], shape: [3, 5] });
const at = (text: string) => indicesAt(new URLSearchParams({ at: text }), cube);

describe('a request', () => {
  it('names an index of each dimension', () => assert.deepEqual(at('2,4'), [2, 4]));

  it('is refused with words for anything else', () => {
    for (const text of [
      '',
      '1',
      '1,2,3',
      '3,0',
      '0,5',
      '-1,0',
      '1.5,0',
      '1e0,0',
      ' 1,0',
      '0x1,0',
      'NaN,0',
      ',',
      '1,99999999999999999999',
    ])
      assert.throws(
        () => at(text),
        (error) => isHyperslabError(error, 'INVALID_ARGUMENT') && /^at: expected/.test(error.message),
      );
  });

  it('ends in indices of the cube or in a refusal, whatever the text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        try {
          const [time, x] = at(text);
          assert.ok(
            Number.isInteger(time) && time >= 0 && time < 3 && Number.isInteger(x) && x >= 0 && x < 5,
          );
        } catch (error) {
          assert.ok(isHyperslabError(error, 'INVALID_ARGUMENT'));
        }
      }),
    );
  });

  it('keeps numbers within bounds', () => {
    const size = (text: string) => wholeNumber(new URLSearchParams({ size: text }), 'size', [1, 200], 50);
    assert.deepEqual(['', '1', '200'].map(size), [50, 1, 200]);
    for (const text of ['0', '201', '-1', '1e2', 'many'])
      assert.throws(
        () => size(text),
        (error) => isHyperslabError(error, 'INVALID_ARGUMENT'),
      );
  });
});
