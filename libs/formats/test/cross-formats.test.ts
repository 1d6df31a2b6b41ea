import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { elementCount } from '@hyperslab/array';
import type { FileIndex, IndexedVariable } from '@hyperslab/proto/index';
import { createStorage } from '@hyperslab/storage';
import { sharedData } from '@hyperslab/testing';
import { indexFile, readStored } from '../src/index.ts';
import { fieldsOf, valuesOf } from './grib/indexed-fields.ts';

/** A field of two dimensions, unpacked; NaN where it is missing. */
interface Plane {
  what: string;
  shape: number[];
  values: Float64Array;
  /** Half a step of its packing. */
  precision: number;
}

const data = sharedData();
const groups: string[][] =
  data === undefined
    ? []
    : JSON.parse(readFileSync(join(data, 'COLLECTIONS.json'), 'utf8')).cross_format.groups;

/** Of this file, the other one holds the wind of one grid only. */
const larger = 'grib1_edge/ced1.lf00.t00z.eta.grb';

describe('the same fields in several formats (needs ../shared/data)', function () {
  this.timeout(60_000);
  before(function () {
    if (groups.length === 0) this.skip();
  });

  for (const files of groups) {
    it(`${files.join(', ')}: equal within the precision of their packing`, async () => {
      const [first, ...others] = await Promise.all(files.map(planesOf));
      assert.ok(first.length > 0);
      for (const planes of others) {
        assert.ok(planes.length > 0);
        for (const plane of planes) assertAmong(plane, first);
        if (files.includes(larger)) continue;
        for (const plane of first) assertAmong(plane, planes);
      }
    });
  }
});

function assertAmong(plane: Plane, others: Plane[]): void {
  const found = others.some(
    ({ shape, values, precision }) =>
      shape.join() === plane.shape.join() &&
      values.every((value, i) => isNear(value, plane.values[i], precision + plane.precision)),
  );
  assert.ok(found, `${plane.what} is not in the other file`);
}

/** Packing, and what float32 loses. */
function isNear(a: number, b: number, precision: number): boolean {
  return Number.isNaN(a) ? Number.isNaN(b) : Math.abs(a - b) <= precision + 1e-6 * Math.abs(a);
}

async function planesOf(file: string): Promise<Plane[]> {
  const path = join(data!, file);
  const root = ['zarr.json', '.zgroup'].map((name) => join(path, name)).find(existsSync) ?? path;
  const storage = createStorage({ roots: [data!] });
  try {
    const source = storage.open(pathToFileURL(root).href);
    const index = await indexFile(source, { storage });
    if (['grib', 'pp'].includes(index.format)) return await planesOfFields(index, readFileSync(path));
    const planes: Plane[] = [];
    for (const variable of index.root!.variables.filter(({ shape }) => shape.length >= 2)) {
      const others = index.others && { others: index.others, storage };
      const { values } = await readStored(variable, source, index.version!, undefined, others);
      const [shape, points] = [variable.shape.slice(-2), elementCount(variable.shape.slice(-2))];
      for (let at = 0; at < values.length; at += points)
        planes.push(planeOf(`${file} ${variable.name}`, variable, shape, values.slice(at, at + points)));
    }
    return planes;
  } finally {
    await storage.close();
  }
}

function planesOfFields(index: FileIndex, bytes: Uint8Array): Promise<Plane[]> {
  return Promise.all(
    fieldsOf(index).map(async (field) => {
      const variable = field.set.variable!;
      const what = `${index.url} ${field.name} at ${field.offset}`;
      return planeOf(what, variable, variable.shape, await valuesOf(field, bytes));
    }),
  );
}

/** Unpacks as CF's section 8.1 says. */
function planeOf(
  what: string,
  { attributes }: IndexedVariable,
  shape: number[],
  stored: ArrayLike<unknown>,
): Plane {
  const number = (name: string) => attributes.find((attribute) => attribute.name === name)?.numbers[0];
  const integer = attributes.find(({ name }) => name === '_FillValue')?.integers[0];
  const fill = integer === undefined ? number('_FillValue') : Number(integer);
  const scale = number('scale_factor');
  const unpack = (value: number) =>
    value === fill ? Number.NaN : value * (scale ?? 1) + (number('add_offset') ?? 0);
  const values = Float64Array.from(stored, (value) => unpack(Number(value)));
  return { what, shape, values, precision: (scale ?? 0) / 2 };
}
