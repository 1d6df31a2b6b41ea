import assert from 'node:assert/strict';
import { decodeArray, unravel } from '@hyperslab/array';
import fc from 'fast-check';
import { aggregate } from '../../src/index.ts';
import { buildIndex, type FileSketch, type VariableSketch } from '../build-index.ts';

const names = ['member', 'time', 'y'] as const;
const subsets = [[], [0], [1], [2], [0, 1], [0, 2], [1, 2], [0, 1, 2]];

/** Extents of the files along member (each 1), time and y, and the order in which they are given. */
const anyRun = fc
  .tuple(
    fc.integer({ min: 1, max: 3 }),
    fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 3 }),
    fc.array(fc.integer({ min: 1, max: 2 }), { minLength: 1, maxLength: 3 }),
  )
  .map(([members, times, ys]) => [new Array<number>(members).fill(1), times, ys])
  .chain((extents) => {
    const cells = extents.map(({ length }) => length);
    const files = Array.from({ length: cells.reduce((a, b) => a * b) }, (_, row) => unravel(row, cells));
    return fc.record({
      extents: fc.constant(extents),
      files: fc.shuffledSubarray(files, { minLength: files.length }),
    });
  });

/** A number that tells where a file lies along some axes. */
const numberAt = (cell: readonly number[], along: readonly number[]) =>
  along.reduce((sum, axis) => sum + (cell[axis] + 1) * 10 ** axis, 0);

function fileAt(cell: number[], extents: number[][]): FileSketch {
  const [member, ...rest] = cell;
  const [times, ys] = rest.map((position, i) => {
    const first = extents[i + 1].slice(0, position).reduce((a, b) => a + b, 0);
    return Array.from({ length: extents[i + 1][position] }, (_, at) => first + at);
  });
  const numbers = subsets.map((along): [string, VariableSketch] => [
    `n${along.join('')}`,
    { dtype: 'int32', values: [numberAt(cell, along)] },
  ]);
  return {
    url: cell.join('.'),
    dimensions: { time: times.length, y: ys.length },
    variables: {
      t: { dimensions: ['time', 'y'], attributes: { coordinates: 'member' } },
      member: { dtype: 'int32', values: [member] },
      time: { dtype: 'int32', dimensions: ['time'], values: times, attributes: { axis: 'T' } },
      y: { dtype: 'int32', dimensions: ['y'], values: ys, attributes: { axis: 'Y' } },
      ...Object.fromEntries(numbers),
    },
  };
}

describe('numbers that say nothing of where they belong', () => {
  it('lie along the dimensions that they differ along, each repeated over its file', async () => {
    await fc.assert(
      fc.asyncProperty(anyRun, async ({ extents, files }) => {
        const { dataset } = await aggregate(files.map((cell) => buildIndex(fileAt(cell, extents))));
        for (const along of subsets) {
          const spanned = along.filter((axis) => extents[axis].length > 1);
          const variable = dataset.variables.find(({ name }) => name === `n${along.join('')}`)!;
          assert.deepEqual(
            variable.dimensions,
            spanned.map((axis) => names[axis]),
          );
          // The file of each step along each axis.
          const steps = spanned.map((axis) =>
            extents[axis].flatMap((size, i) => new Array<number>(size).fill(i)),
          );
          const shape = steps.map(({ length }) => length);
          assert.deepEqual(variable.shape, shape);
          assert.ok(variable.data?.$case === 'inlineValues');
          const expected = Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, row) => {
            const cell = [0, 0, 0];
            unravel(row, shape).forEach((step, i) => {
              cell[spanned[i]] = steps[i][step];
            });
            return numberAt(cell, along);
          });
          assert.deepEqual(Array.from(decodeArray(variable.data.value).values as Int32Array), expected);
        }
      }),
      { numRuns: 60 },
    );
  });
});
