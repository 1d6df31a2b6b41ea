import assert from 'node:assert/strict';
import { HyperslabError } from '@hyperslab/errors';
import { memorySource } from '@hyperslab/storage';
import { withinLimits } from '@hyperslab/testing';
import fc from 'fast-check';
import { indexFile } from '../../src/index.ts';
import { grid2, message1, message2, product2, section3, sphere } from './write-sections.ts';

const data = [1, 2, 3, 4, 5, 6];
const octets = (count: number, value = 0) => Array.from({ length: count }, () => value);

/** Gaussian, reduced: 4 parallels between pole and equator, rows of 20 points and more. */
const reduced = section3(
  176,
  40,
  [
    ...sphere,
    ...[255, 255, 255, 255, 0, 0, 0, 8, ...octets(4), ...octets(4, 255)],
    ...[
      4,
      95,
      79,
      16,
      ...octets(4),
      0x30,
      132,
      95,
      79,
      16,
      20,
      255,
      160,
      0,
      ...octets(4, 255),
      0,
      0,
      0,
      4,
      0,
    ],
  ],
  [2, [20, 20, 24, 24, 24, 24, 20, 20]],
);

/** Intervals, members, limits: templates of many parts. */
const interval = (template: number, parts: number[]) => {
  const product = [
    ...product2(1, 8, 1, 0),
    ...parts,
    7,
    232,
    6,
    4,
    0,
    0,
    0,
    1,
    ...octets(4),
    1,
    2,
    1,
    0,
    0,
    0,
    12,
    255,
    ...octets(4),
  ];
  product[1] = template;
  return product;
};

const files: Uint8Array[] = [
  message1({ data, local: [1, 1, 11, 4, 11, 48, 48, 48, 49, 7, 50, 0] }),
  message1({ data, centre: 7, table: 2, gridNumber: 6, local: [1, 2, 3, 1, 0] }),
  message2([
    { before: [grid2], product: product2(2, 2, 103, 10), data },
    { product: interval(11, [1, 3, 20]), data },
    { product: interval(9, [0, 1, 1, 0, 0, 0, 0, 5, 0, 0, 0, 0, 9]), data },
  ]),
  message2([{ before: [reduced], product: product2(0, 0, 105, 3), data: octets(176, 7) }]),
];

describe('grib: fuzz', () => {
  it('the files to damage are read', async () => {
    const notes = [];
    for (const file of files) notes.push(...(await indexFile(memorySource('x', file))).notes);
    assert.ok(notes.length === 1 && notes[0].includes('grid 6 of centre 7'), notes.join('\n'));
  });

  it('files are answered with an index or a typed error, whatever was damaged', async function () {
    this.timeout(30_000);
    const damage = fc.record({
      order: fc.array(fc.nat(files.length - 1), { minLength: 1, maxLength: 4 }),
      flips: fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 5 }),
      cut: fc.oneof(fc.constant(0), fc.nat(300)),
    });
    await fc.assert(
      fc.asyncProperty(damage, async ({ order, flips, cut }) => {
        const whole = Buffer.concat(order.map((number) => files[number]));
        // Not what makes a file one of messages.
        for (const [at, value] of flips) whole[8 + (at % (whole.length - 8))] = value;
        const bytes = whole.subarray(0, whole.length - Math.min(cut, whole.length));
        try {
          await withinLimits(() => indexFile(memorySource('x', bytes)));
        } catch (error) {
          assert.ok(error instanceof HyperslabError, `${String(error)} ${(error as Error).stack}`);
          assert.ok(/^FORMAT_/.test(error.reason), error.message);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('sizes that no file has take no memory', async () => {
    const huge = [255, 255, 255, 254];
    for (const at of [grid2.length - 58 + 16, grid2.length - 58 + 20]) {
      const grid = [...grid2];
      grid.splice(6, 4, ...huge);
      grid.splice(at, 4, ...huge);
      const file = message2([{ before: [grid], product: product2(0, 0, 1, 0), data }]);
      await assert.rejects(indexFile(memorySource('x', file)), HyperslabError);
    }
  });
});
