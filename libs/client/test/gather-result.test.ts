import assert from 'node:assert/strict';
import { HyperslabError } from '@hyperslab/errors';
import { ResultDescription } from '@hyperslab/proto/expression';
import { gatherResult, type ResultStream } from '../src/compute.ts';
import type { Connection } from '../src/connection.ts';

/** A result of one value, at a place. */
function descriptionAt(place: number): ResultDescription {
  const value = { dtype: 'float64', shape: [1], data: Buffer.from(Float64Array.of(place).buffer) };
  const values = { where: { $case: 'inlineValues' as const, value } };
  const x = { name: 'x', dimensions: ['x'], values };
  return ResultDescription.fromPartial({
    name: 't',
    dtype: 'int8',
    dimensions: ['x'],
    shape: [1],
    coordinates: [x],
  });
}

describe('gathering a result', () => {
  it('has the coordinates of the result that came in the end, when it began again as another one', async () => {
    async function* stream(): ResultStream {
      const block = { block: 0, origin: [0], dtype: 'int8' as const, shape: [1], kernelVersion: '1' };
      yield { description: descriptionAt(1) };
      yield { block: { ...block, values: Int8Array.of(10) } };
      const begunAgain = new HyperslabError('OTHER_KERNELS', 'it began again');
      yield { description: descriptionAt(2), begunAgain };
      yield { block: { ...block, values: Int8Array.of(20) } };
    }
    const { values, coordinates } = await gatherResult({} as Connection, stream());
    assert.deepEqual([values[0], coordinates[0].values[0]], [20, 2]);
  });

  it('has one text for each place of a coordinate whose characters are stored as a dimension more', async () => {
    const data = Buffer.from('Oslo\0\0Bergen');
    const value = { dtype: 'char', shape: [2, 6], data };
    const values = { where: { $case: 'inlineValues' as const, value } };
    const description = ResultDescription.fromPartial({
      ...{ name: 't', dtype: 'int8', dimensions: ['x'], shape: [2] },
      coordinates: [{ name: 'station', dimensions: ['x'], values }],
    });
    async function* stream(): ResultStream {
      yield { description };
    }
    const { coordinates } = await gatherResult({} as Connection, stream());
    const [{ dtype, shape, values: texts }] = coordinates;
    assert.deepEqual({ dtype, shape, texts }, { dtype: 'string', shape: [2], texts: ['Oslo', 'Bergen'] });
  });
});
