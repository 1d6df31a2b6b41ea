import assert from 'node:assert/strict';
import { join } from 'node:path';
import { elementCount, ravel } from '@hyperslab/array';
import type { Client, ComputedArray, Dataset } from '@hyperslab/client';
import { isHyperslabError } from '@hyperslab/errors';
import { sharedData } from '@hyperslab/testing';
import { type MeshOfStores, type StoreKind, startMeshOfStores, storeKinds } from '../harness/data-stores.ts';
import { inParallel } from '../harness/in-parallel.ts';
import { type ReferenceArray, referenceFiles } from '../harness/reference-values.ts';
import { statistics } from '../harness/statistics.ts';

/** A GRIB message, as ecCodes reads it. */
interface ReferenceMessage extends ReferenceArray {
  shortName: string;
  typeOfLevel: string;
  level: number;
  number?: number;
  stepRange: string;
  validityDate: number;
  validityTime: number;
  numberOfPoints: number;
}

/** A variable as cfgrib reads it. */
interface Hypercube extends ReferenceArray {
  dims: string[];
}

interface ReferenceFields {
  /** The first messages; all of them in most files. */
  messages?: ReferenceMessage[];
  n_messages?: number;
  /** Data sets that cfgrib makes of the file. */
  cfgrib_hypercubes?: { variables: Record<string, Hypercube> }[];
  /** Of PP files, by Iris and by cf-python, which alone reads packed ones. */
  iris_cubes?: ReferenceArray[];
  cf_fields?: ReferenceArray[];
}

/** One field of a cube: what is in it, and where it is. */
interface Slice extends ReturnType<typeof statistics> {
  /** The same with marks in place of missing values. */
  marked: ReturnType<typeof statistics>;
  index: number[];
  computed: ComputedArray;
}

const folder = sharedData();
const all = Object.entries((referenceFiles() ?? {}) as unknown as Record<string, ReferenceFields>);
const grib = all.filter(([, { messages }]) => messages !== undefined);
const pp = all.filter(([path]) => path.startsWith('pp/'));
/** Its writer overwrote one value, which cf-python reads bits of the next row for and we take for missing. */
const overwritten = 'pp/wgdos_packed.pp';
/** ecCodes gives what its complex packing marks as missing as 9999 where there is no bitmap. */
const markedMissing = 9999;
/** Members that start on different days: most places of members by runs by times have no field. */
const ragged = ['grib1/forecast_monthly_ukmo.grib'];
/** Here cfgrib has an axis of steps beside that of runs, most places of which have no field. */
const byStep = [...ragged, 'grib1/single_gridpoint.grib'];
/** Where every second row runs back, cfgrib leaves a grid that it does not know in the order of the file. */
const toAndFro = ['grib2/mercator.grib', 'grib2/ds.waveh.5.grib'];
/** Here cfgrib takes the control apart, the first member. */
const controlled = 'grib1/ens_50.grib';

function nameOf(store: StoreKind, path: string): string {
  return `fields/${store}/${path.replaceAll(/[^A-Za-z0-9._/-]/g, '-')}`;
}

describe('real files of fields', function () {
  this.timeout(600_000);
  let stores: MeshOfStores;
  let client: Client;

  before(async function () {
    if (folder === undefined || grib.length === 0) {
      console.log('skipped: the shared data are not beside the repository');
      this.skip();
    }
    stores = await startMeshOfStores(folder);
    client = await stores.mesh.client();
  });
  after(() => stores?.stop());

  async function publish(store: StoreKind, path: string): Promise<Dataset> {
    const options = { allowMissing: ragged.includes(path) };
    await client.publish(nameOf(store, path), [stores.urlOf(store, path)!], options).catch((error) => {
      throw new Error(`${path}: ${error.message}`);
    });
    return client.open(nameOf(store, path));
  }

  for (const store of storeKinds) {
    describe(`on ${store}`, () => {
      before(function () {
        if (stores.urlOf(store, '') === undefined) this.skip();
      });

      it('in GRIB have each message in its place, with the values that ecCodes reads', async () => {
        await inParallel(grib, 3, async ([path, { messages, n_messages, cfgrib_hypercubes }]) => {
          const dataset = await publish(store, path);
          const cubes: ComputedArray[] = [];
          for (const { name } of dataset.parameters()) cubes.push(await dataset.variable(name).compute());
          for (const { variables } of cfgrib_hypercubes!)
            for (const [name, reference] of Object.entries(variables))
              assert.ok(
                partsOf(path, cubes).some((cube) => isHypercube(path, cube, reference)),
                `${path}: no cube is cfgrib's ${name} of shape ${reference.shape} and mean ${reference.mean}`,
              );
          const slices = cubes.flatMap((cube) => slicesOf(cube, messages![0].numberOfPoints));
          for (const message of messages!) {
            const what = `${path} ${message.shortName} ${message.typeOfLevel} ${message.level} ${message.stepRange}`;
            const found = slices.filter(
              (slice) => hasStatistics(slice, message) || hasStatistics(slice.marked, message),
            );
            assert.ok(
              found.length > 0,
              `${what}: no field of ${message.count_valid} values has mean ${message.mean}`,
            );
            const placed = found.find((slice) => isAt(slice, message));
            assert.ok(placed, `${what}: a field of its values lies elsewhere`);
            slices.splice(slices.indexOf(placed), 1);
          }
          if (messages!.length < n_messages!) return;
          const left = slices.filter(({ finite }) => finite > 0);
          assert.equal(left.length, 0, `${path}: fields that no message has`);
        });
      });

      it('in PP are the cubes that Iris and cf-python make of them', async () => {
        await inParallel(pp, 3, async ([path, { iris_cubes, cf_fields }]) => {
          const references = iris_cubes ?? cf_fields ?? [];
          assert.ok(references.length > 0, path);
          const dataset = await publish(store, path);
          const cubes = await Promise.all(
            dataset.parameters().map(({ name }) => dataset.variable(name).compute()),
          );
          assert.equal(cubes.length, references.length, path);
          for (const reference of references) {
            const found = cubes.find(
              (cube) =>
                squeezed(cube.shape).join() === squeezed(reference.shape).join() &&
                (path === overwritten ? cube.missing === 1 : hasStatistics(statistics(cube), reference)),
            );
            assert.ok(found, `${path}: no cube of shape ${reference.shape} has mean ${reference.mean}`);
          }
        });
      });
    });
  }

  it('of which two can not be told apart are refused by name', async () => {
    const path = join(folder!, 'grib1_edge/ced1.lf00.t00z.eta.grb');
    await assert.rejects(client.publish('fields/twice', [path]), (error) => {
      assert.ok(isHyperslabError(error, 'MERGE_CONFLICT'));
      assert.match(
        error.message,
        /"lftx": two fields of .*ced1.*, at bytes \d+ and \d+, can't be one cube: both lie at .*isobaricLayer/,
      );
      return true;
    });
  });
});

/** The fields of a cube: its last dimension, or its last two, hold as many points as a message. */
function slicesOf(computed: ComputedArray, points: number): Slice[] {
  const { shape, values, mask } = computed;
  const rank = shape.at(-1) === points || points === 1 ? 1 : 2;
  const inner = elementCount(shape.slice(-rank));
  const leading = shape.slice(0, -rank);
  return Array.from({ length: elementCount(leading) }, (_, row) => {
    const part = { start: row * inner, end: (row + 1) * inner };
    let rest = row;
    const index = leading.map(() => 0);
    for (let axis = leading.length - 1; axis >= 0; axis--) {
      index[axis] = rest % leading[axis];
      rest = Math.floor(rest / leading[axis]);
    }
    const field = {
      dtype: computed.dtype,
      shape: shape.slice(-rank),
      values: (values as Float32Array).subarray(part.start, part.end),
      mask: mask?.subarray(part.start, part.end),
    };
    const unmasked = {
      ...field,
      values: field.values.map((value, i) => (field.mask?.[i] ? markedMissing : value)),
    };
    const found = statistics(field);
    return {
      ...found,
      marked: found.finite < inner ? statistics({ ...unmasked, mask: undefined }) : found,
      index,
      computed,
    };
  });
}

function hasStatistics(
  found: ReturnType<typeof statistics>,
  { count_valid, min = 0, max = 0, mean = 0 }: ReferenceArray,
): boolean {
  const scale = Math.max(Math.abs(min), Math.abs(max));
  const close = (a: number, b: number) => Math.abs(a - b) <= 1e-6 * scale;
  if (count_valid === 0) return found.finite === 0;
  return (
    found.finite === count_valid && close(found.min, min) && close(found.max, max) && close(found.mean, mean)
  );
}

/** Cubes, and what cfgrib makes of them apart. */
function partsOf(path: string, cubes: ComputedArray[]): ComputedArray[] {
  if (path !== controlled) return cubes;
  return cubes.flatMap((cube) => {
    const [members, ...inner] = cube.shape;
    const values = cube.values as Float32Array;
    const control = values.length / members;
    return [
      { ...cube, shape: inner, values: values.subarray(0, control) },
      { ...cube, shape: [members - 1, ...inner], values: values.subarray(control) },
    ];
  });
}

/** Whether a cube has the extents, the statistics and the samples of a variable of cfgrib. */
function isHypercube(path: string, cube: ComputedArray, reference: Hypercube): boolean {
  if (!hasStatistics(statistics(cube), reference)) return false;
  if (byStep.includes(path)) return true;
  // cfgrib does not know the axes of every grid.
  const [rows, columns] = cube.shape.slice(-2);
  const isFlat = reference.dims.includes('values') && reference.shape.at(-1) === rows * columns;
  const shape = isFlat ? [...cube.shape.slice(0, -2), rows * columns] : cube.shape;
  if (squeezed(shape).join() !== squeezed(reference.shape).join()) return false;
  return hasSamples(cube, reference, isFlat && toAndFro.includes(path) ? columns : undefined);
}

/** Whether the values of a cube are those of samples; these may lie in rows of so many that run to and fro. */
function hasSamples(
  { values, mask }: ComputedArray,
  { samples, shape, min = 0, max = 0 }: Hypercube,
  row?: number,
): boolean {
  const scale = Math.max(Math.abs(min), Math.abs(max));
  return samples!.every(({ index, value }) => {
    let at = ravel(index, shape);
    if (row !== undefined && Math.floor(at / row) % 2 === 1) at += row - 1 - 2 * (at % row);
    if (typeof value !== 'number') return mask?.[at] === 1;
    return mask?.[at] !== 1 && Math.abs(Number(values[at]) - value) <= 1e-6 * scale;
  });
}

/** Whether the coordinates of a field say what its message says of level, member and time. */
function isAt(
  slice: Slice,
  { typeOfLevel, level, number, stepRange, ...message }: ReferenceMessage,
): boolean {
  const levels = coordinateAt(slice, typeOfLevel);
  if (levels !== undefined && Math.abs(levels - level) > 0.5 && !typeOfLevel.includes('ayer')) return false;
  const member = coordinateAt(slice, 'realization');
  if (member !== undefined && number !== undefined && member !== number) return false;
  const time = coordinateAt(slice, 'time');
  if (time === undefined || stepRange.includes('-')) return true;
  const text = String(message.validityDate);
  const hours =
    Date.UTC(Number(text.slice(0, -4)), Number(text.slice(-4, -2)) - 1, Number(text.slice(-2))) / 3.6e6;
  return Math.abs(time - hours - Math.floor(message.validityTime / 100)) < 1;
}

/** Value of a coordinate of one dimension, or of none, at a field; undefined where there is no such coordinate. */
function coordinateAt({ computed, index }: Slice, name: string): number | undefined {
  const coordinate = computed.coordinates.find(
    ({ name: own }) => own === name || own.startsWith(`${name}__`),
  );
  if (coordinate === undefined || coordinate.dimensions.length > 1) return undefined;
  const at =
    coordinate.dimensions.length === 0 ? 0 : index[computed.dimensions.indexOf(coordinate.dimensions[0])];
  return Number(coordinate.values[at]);
}

function squeezed(shape: readonly number[]): number[] {
  return shape.filter((extent) => extent !== 1);
}
