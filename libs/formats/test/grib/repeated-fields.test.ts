import assert from 'node:assert/strict';
import { memorySource } from '@hyperslab/storage';
import { indexFile } from '../../src/index.ts';
import { fieldsOf } from './indexed-fields.ts';
import { grid2, message1, message2, product2 } from './write-sections.ts';

const data = [1, 2, 3, 4, 5, 6];

async function read(...messages: Uint8Array[]) {
  const index = await indexFile(memorySource('twice.grib', Buffer.concat(messages)));
  return { offsets: fieldsOf(index).map(({ offset }) => offset), notes: index.notes };
}

const field = (values: number[], hours = 6) =>
  message2([{ before: [grid2], product: product2(0, 0, 1, 0, hours), data: values }]);

describe('grib: fields that a file has twice', () => {
  it('are taken once where they are equal to the bit', async () => {
    const { length } = field(data);
    const old = message1({ data, levelType: 1, level: 0 });
    const { offsets, notes } = await read(field(data), field(data, 9), field(data), old, field(data), old);
    assert.deepEqual(offsets, [0, length, 3 * length]);
    assert.deepEqual(notes, [
      `fields that repeat others to the bit were left out: those at byte ${2 * length}, ${3 * length + old.length}`,
      `fields that repeat others to the bit were left out: those at byte ${4 * length + old.length}`,
    ]);
  });

  it('stay where they differ, in data or in what is said of them', async () => {
    const { length } = field(data);
    const changed = field(data.with(5, 7));
    const byOther = message2([{ before: [grid2], product: product2(0, 0, 1, 0).with(4, 4), data }]);
    assert.deepEqual(await read(field(data), changed), { offsets: [0, length], notes: [] });
    assert.deepEqual(await read(field(data), byOther), {
      offsets: [0, length],
      notes: ['grid regular_ll_53e644a6: t is of several processes: analysis or forecast, 4'],
    });
    // The merge refuses them: what else is twice is of no use to anyone.
    const all = await read(field(data), changed, ...new Array<Uint8Array>(40).fill(field(data)));
    assert.equal(all.offsets.length, 42 - 15);
  });

  it('are told of by their number where they are many', async () => {
    const { offsets, notes } = await read(...new Array<Uint8Array>(51).fill(field(data)));
    assert.deepEqual(offsets, [0]);
    assert.match(notes.join(), / those at byte (\d+, ){19}\d+ and 30 more$/);
  });

  it('may be long', async () => {
    const ni = 1100;
    const nj = 1000;
    const grid = [...grid2];
    grid.splice(6, 4, 0, 16, 200, 224);
    grid.splice(30, 8, 0, 0, ni >> 8, ni & 255, 0, 0, nj >> 8, nj & 255);
    const long = (last: number) => {
      const values = new Array<number>(ni * nj).fill(1);
      values[values.length - 1] = last;
      return message2([{ before: [grid], product: product2(0, 0, 1, 0), data: values }]);
    };
    assert.equal((await read(long(1), long(1))).offsets.length, 1);
    assert.equal((await read(long(1), long(2))).offsets.length, 2);
  });
});
