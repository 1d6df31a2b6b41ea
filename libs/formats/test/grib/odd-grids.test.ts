import assert from 'node:assert/strict';
import { isHyperslabError } from '@hyperslab/errors';
import { memorySource } from '@hyperslab/storage';
import { indexFile } from '../../src/index.ts';
import { fieldsOf, valuesOf } from './indexed-fields.ts';
import { message1, message2, product2, section3, sphere } from './write-sections.ts';

const data = [1, 2, 3, 4, 5, 6];
const none = 0xffffffff;

const octets = (width: number, value: number) =>
  Array.from({ length: width }, (_, i) => Math.floor(value / 256 ** (width - 1 - i)) % 256);

/** Rows of a latitude-longitude or Gaussian grid of edition 2 from 60 to 50 degrees north. */
function geographic(template: number, options: { ni?: number; rows?: number[]; n?: number; scan?: number }) {
  const { ni = 3, rows, n = 10_000_000, scan = 0 } = options;
  const nj = rows?.length ?? 2;
  const points = rows === undefined ? ni * nj : rows.reduce((sum, row) => sum + row, 0);
  const sizes = [rows === undefined ? ni : none, nj, 0, none];
  const content = [
    ...[...sphere, ...sizes.flatMap((size) => octets(4, size))],
    ...[...octets(4, 60_000_000), ...octets(4, 0), 0x30, ...octets(4, 50_000_000), ...octets(4, 20_000_000)],
    ...[...octets(4, rows === undefined ? 10_000_000 : none), ...octets(4, n), scan],
  ];
  return section3(points, template, content, rows === undefined ? undefined : [1, rows]);
}

/** The grid and the values of the only field of a message, and the notes. */
async function read(message: Uint8Array) {
  const index = await indexFile(memorySource('odd.grib', message));
  const [field] = fieldsOf(index);
  const variables = field.grid.variables.map(({ name }) => name);
  const { name } = field.grid;
  return { name, variables, notes: index.notes, shape: field.layout.chunkShape, field };
}

const withGrid = (grid: number[], values = data) =>
  message2([{ before: [grid], product: product2(0, 0, 1, 0), data: values }]);

describe('grib: odd grids', () => {
  it('that are Gaussian without saying of how many parallels have no coordinates', async () => {
    const grid1 = [
      ...[0, 0, 32, 0, 255, 4, 0, 3, 0, 2],
      ...[0, 234, 96, 0, 0, 0, 128, 0, 195, 80, 0, 78, 32, 39, 16, 255, 255, 0, 0, 0, 0, 0],
    ];
    for (const message of [withGrid(geographic(40, { n: none })), message1({ data, grid: grid1 })]) {
      const { name, variables, notes, shape, field } = await read(message);
      assert.match(name, /^@regular_gg_/);
      assert.deepEqual([variables, shape], [[], [2, 3]]);
      assert.match(notes[0], /no coordinates: its first and last points, distances and numbers of points/);
      assert.deepEqual([...(await valuesOf(field, message))], data);
    }
  });

  it('whose ends run against their scanning mode, or past a pole, have no coordinates', async () => {
    const past = geographic(0, { n: 40_000_000, scan: 64 });
    for (const grid of [geographic(0, { scan: 64 }), geographic(0, { scan: 128 }), past]) {
      const { variables, notes } = await read(withGrid(grid));
      assert.deepEqual(variables, []);
      assert.match(notes[0], /no coordinates: its first and last points, distances and numbers of points/);
    }
    const { variables } = await read(withGrid(geographic(0, { n: 4_000_000 })));
    assert.deepEqual(variables, ['latitude', 'longitude']);
  });

  it('whose points are offset have no coordinates', async () => {
    const plain = await read(withGrid(geographic(0, {})));
    assert.deepEqual(plain.variables, ['latitude', 'longitude']);
    for (const flag of [1, 2, 4, 8]) {
      const { name, variables, notes, shape } = await read(withGrid(geographic(0, { scan: flag })));
      assert.notEqual(name, plain.name);
      assert.deepEqual([variables, shape], [[], [2, 3]]);
      assert.equal(
        notes.join(),
        `grid ${name.slice(1)}: no coordinates: its points are offset, as scanning mode ${flag} says`,
      );
    }
  });

  it('whose rows run back every second time are turned, and have no coordinates when they are reduced', async () => {
    const regular = withGrid(geographic(0, { scan: 0x10 }));
    const { variables, notes, field } = await read(regular);
    assert.deepEqual([variables, notes], [['latitude', 'longitude'], []]);
    assert.deepEqual([...(await valuesOf(field, regular))], [1, 2, 3, 6, 5, 4]);
    const reduced = await read(withGrid(geographic(0, { rows: [2, 4], n: none, scan: 0x10 })));
    assert.deepEqual([reduced.variables, reduced.shape], [[], [6]]);
    assert.match(
      reduced.notes.join(),
      /no coordinates: every second row of its points runs back, as scanning mode 16/,
    );
  });

  it('of more rows than any has are one row of points', async () => {
    const rows = new Array<number>(70_000).fill(1);
    const { name, variables, notes, shape } = await read(withGrid(geographic(0, { rows, n: none }), rows));
    assert.match(name, /^@unknown_grid_/);
    assert.deepEqual([variables, shape], [[], [70_000]]);
    assert.match(notes.join(), /no coordinates: a reduced grid of 70000 rows is not read/);
  });

  it('of Gaussian parallels that would take minutes are refused', async () => {
    const rows = new Array<number>(8192).fill(1);
    const message = (first: number) => withGrid(geographic(40, { rows: rows.with(0, first), n: 4096 }), rows);
    const file = Buffer.concat([1, 2, 3, 4, 5].map(message));
    await assert.rejects(indexFile(memorySource('odd.grib', file)), (error) => {
      assert.ok(isHyperslabError(error, 'FORMAT_UNSUPPORTED'), String(error));
      assert.match(
        error.message,
        /a file with Gaussian grids of so many parallels is not supported; split it/,
      );
      return true;
    });
  });

  it('whose definitions are longer than any are refused', async () => {
    const length = 16 * 1024 * 1024 + 1;
    const message = Buffer.alloc(37 + length + 100);
    message.set(withGrid(section3(6, 0, [])).subarray(0, 42));
    message.writeBigUInt64BE(BigInt(message.length), 8);
    message.writeUInt32BE(length, 37);
    await assert.rejects(indexFile(memorySource('odd.grib', message)), (error) => {
      assert.ok(isHyperslabError(error, 'FORMAT_UNSUPPORTED'), String(error));
      assert.match(
        error.message,
        /^odd\.grib at byte 37: a section 3 of 16777217 bytes, more than 16777216, is not supported; leave the message out$/,
      );
      return true;
    });
  });
});
