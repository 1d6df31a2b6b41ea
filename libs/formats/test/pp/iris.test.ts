import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hasPython, repository, runPython, withTemporaryDirectory } from '@hyperslab/testing';
import fc from 'fast-check';
import type { PpHeader } from '../../src/pp/header.ts';
import { type FieldBytes, ppBytes } from './pp-bytes.ts';
import {
  type FoundSet,
  fieldValues,
  gridValues,
  type Indexed,
  indexBytes,
  missingOf,
  textOf,
} from './reference.ts';

interface IrisCoordinate {
  name: string;
  standard_name: string | null;
  units: string;
  calendar: string | null;
  points: (number | string)[];
  bounds: number[][] | null;
  positive: string | null;
}

interface IrisField {
  name: string;
  units: string;
  stash: string;
  cell_methods: string;
  scalars: IrisCoordinate[];
  axes: IrisCoordinate[][];
  dtype: string;
  values: number[];
  missing: boolean[];
}

const script = join(repository, 'libs/formats/test/pp/foreign/describe-iris.py');

/** Names of variables that differ from what Iris calls a coordinate. */
const renamed: Record<string, string> = { air_potential_temperature: 'potential_temperature' };

const anyDate = fc.record({
  year: fc.integer({ min: 1800, max: 2200 }),
  month: fc.integer({ min: 1, max: 12 }),
  day: fc.integer({ min: 1, max: 28 }),
  hour: fc.nat(23),
  minute: fc.constantFrom(0, 0, 10, 30),
});

const quarter = (min: number, max: number) => fc.integer({ min: 4 * min, max: 4 * max }).map((n) => n / 4);

/** Dates and LBTIM. Hours between values stand in LBTIM of periods only. */
const anyTime: fc.Arbitrary<Partial<PpHeader>> = fc
  .record({
    first: anyDate,
    second: anyDate,
    ib: fc.integer({ min: 0, max: 3 }),
    ic: fc.constantFrom(1, 2, 4),
    ia: fc.constantFrom(0, 1, 6, 24),
    isSeason: fc.boolean(),
    lbft: fc.integer({ min: 0, max: 100_000 }),
  })
  .map(({ first, second, ib, ic, ia, isSeason, lbft }) => {
    const whole = { day: 1, hour: 0, minute: 0 };
    const start =
      ib === 3 && isSeason ? { ...first, ...whole, month: 3 * Math.ceil(first.month / 3) } : first;
    const end = ib === 3 && isSeason ? { ...second, ...whole, month: (start.month % 12) + 3 } : second;
    return {
      ...{ lbyr: start.year, lbmon: start.month, lbdat: start.day, lbhr: start.hour, lbmin: start.minute },
      ...{ lbyrd: end.year, lbmond: end.month, lbdatd: end.day, lbhrd: end.hour, lbmind: end.minute },
      ...{ lbtim: 100 * (ib >= 2 ? ia : 0) + 10 * ib + ic, lbft, lbrel: 3, lbday: 0, lbdayd: 0 },
    };
  });

/** Level words that Iris has a meaning for. */
const anyLevel: fc.Arbitrary<Partial<PpHeader>> = fc
  .record({
    lbvc: fc.constantFrom(0, 1, 2, 6, 8, 9, 19, 65, 128, 129),
    lblev: fc.constantFrom(1, 2, 38, 9999),
    blev: fc.oneof(quarter(0, 1000), fc.constant(-1)),
    brlev: fc.oneof(quarter(0, 100), fc.constant(0)),
    brsvd1: fc.oneof(quarter(0, 100), fc.constant(0)),
    brsvd2: quarter(0, 1),
    bhlev: quarter(0, 1),
    bhrlev: quarter(0, 1),
    lbuser5: fc.constantFrom(0, 0, 3),
    lbrsvd4: fc.constantFrom(0, 0, 12),
  })
  // Of soil between equal depths that are not 0, Iris tells no level at all.
  .map((level) =>
    level.lbvc === 6 && level.brlev === level.brsvd1 ? { ...level, brlev: 0, brsvd1: 0 } : level,
  );

const anyPhenomenon: fc.Arbitrary<Partial<PpHeader>> = fc.oneof(
  fc.constantFrom(4, 24, 2, 16203, 30201, 409).map((lbuser4) => ({ lbuser4, lbuser7: 1 })),
  fc.constantFrom(101, 149).map((lbuser4) => ({ lbuser4, lbuser7: 2 })),
  fc.constant({ lbuser4: 3236, lbuser7: 1, lbvc: 1 }),
  fc.constantFrom(16, 56, 73).map((lbfc) => ({ lbuser4: 0, lbuser7: 0, lbfc })),
);

const anyGrid: fc.Arbitrary<FieldBytes> = fc
  .record({
    lbrow: fc.integer({ min: 2, max: 6 }),
    lbnpt: fc.integer({ min: 2, max: 6 }),
    map: fc.constantFrom(
      { lbcode: 1, bplat: 90, bplon: 0 },
      { lbcode: 2, bplat: 90, bplon: 180 },
      { lbcode: 101, bplat: 37.5, bplon: 177.5 },
      { lbcode: 102, bplat: -40, bplon: 0 },
    ),
    bzy: quarter(-90, 0),
    bdy: fc.oneof(quarter(1, 10), fc.constantFrom(0, -2.5)),
    bzx: quarter(-180, 180),
    bdx: fc.oneof(quarter(1, 10), fc.constant(0)),
    isBounded: fc.boolean(),
    lbproc: fc.constantFrom(0, 0, 64, 128, 192, 4096, 8192),
  })
  .map(({ map, isBounded, ...header }) => {
    const vector = (count: number, from: number) =>
      Array.from({ length: count }, (_, i) => from + i * i + 0.5);
    const extra: [number, number[]][] = [];
    if (header.bdx === 0) {
      extra.push([1, vector(header.lbnpt, 0)]);
      if (isBounded) extra.push([12, vector(header.lbnpt, -0.25)], [13, vector(header.lbnpt, 0.25)]);
    }
    if (header.bdy === 0) {
      extra.push([2, vector(header.lbrow, -40)]);
      if (isBounded) extra.push([14, vector(header.lbrow, -40.25)], [15, vector(header.lbrow, -39.75)]);
    }
    // Of irregular columns, Iris guesses the bounds of a zonal mean; of boxes, it knows none.
    const lbproc = header.bdx === 0 || map.lbcode % 100 === 2 ? header.lbproc & ~64 : header.lbproc;
    // LBHEM 3 is a part of the globe; Iris makes others go around it.
    return { header: { ...header, ...map, lbproc, lbhem: 3 }, extra };
  });

const anyField: fc.Arbitrary<FieldBytes> = fc
  .tuple(
    anyTime,
    anyLevel,
    anyPhenomenon,
    anyGrid,
    fc.constantFrom(1, 1, 2, 3),
    fc.constantFrom(-32768, -1e30),
  )
  .map(([time, level, phenomenon, grid, lbuser1, bmdi]) => {
    const header = { ...time, ...level, ...phenomenon, ...grid.header, lbuser1, bmdi };
    const count = header.lbrow! * header.lbnpt!;
    const values = Array.from({ length: count }, (_, i) => (i % 5 === 4 && bmdi === -32768 ? bmdi : i * 3));
    return { header, values, extra: grid.extra };
  });

describe('pp: fields of random headers beside Iris (needs Python with iris)', function () {
  this.timeout(120_000);

  it('have its names, coordinates, bounds, cell methods, values', async function () {
    if (!hasPython('iris')) this.skip();
    const fields = fc.sample(anyField, 200);
    const described = await withTemporaryDirectory(async (folder) => {
      const path = join(folder, 'fields.pp');
      writeFileSync(path, ppBytes(fields));
      return runPython<IrisField | { error: string }>(script, path);
    });
    assert.equal(described.length, fields.length);
    let refused = 0;
    for (const [i, field] of fields.entries()) {
      const iris = described[i];
      if ('error' in iris) refused++;
      else {
        const indexed = await indexBytes(ppBytes([field]));
        await compare(indexed, iris).catch((error: Error) => {
          error.stack += `\nin the field of ${JSON.stringify(field)}`;
          throw error;
        });
      }
    }
    // It does not take zonal means of boxes.
    assert.ok(refused < fields.length / 10, `${refused} refused`);
  });
});

async function compare({ source, index, sets }: Indexed, iris: IrisField): Promise<void> {
  assert.equal(sets.length, 1);
  assert.deepEqual(index.notes, []);
  const [found] = sets;
  const { set, variable } = found;
  assert.equal(variable.name, iris.name === 'unknown' ? iris.stash : iris.name);
  assert.equal(textOf(variable, 'units') ?? 'unknown', iris.units);
  assert.equal(textOf(variable, 'um_stash_source') ?? '', iris.stash);
  assert.equal(textOf(variable, 'cell_methods') ?? '', iris.cell_methods);
  assert.equal(variable.dtype, iris.dtype);
  compareScalars(found, iris.scalars);
  for (const [axis, coordinates] of iris.axes.entries()) {
    const name = variable.dimensions[axis].split('/').at(-1)!;
    assert.deepEqual(
      coordinates.map((each) => each.name),
      [name],
    );
    const [{ points, bounds }] = coordinates;
    near(gridValues(found.grid, name), points as number[]);
    const hasBounds = found.grid.variables.some((each) => each.name === `${name}_bnds`);
    assert.equal(hasBounds, bounds !== null, `bounds of ${name}`);
    if (bounds !== null) near(gridValues(found.grid, `${name}_bnds`), bounds.flat());
  }
  const values = Array.from(await fieldValues(source, set, 0), Number);
  assert.deepEqual(values, iris.values);
  assert.deepEqual(
    values.map((value) => value === missingOf(variable)),
    iris.missing,
  );
}

function compareScalars({ set }: FoundSet, scalars: readonly IrisCoordinate[]): void {
  const expected = scalars.map((scalar) => ({ ...scalar, name: renamed[scalar.name] ?? scalar.name }));
  const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1);
  expected.sort(byName);
  assert.deepEqual(
    set.coordinates.map(({ variable }) => variable!.name).sort(),
    expected.map(({ name }) => name),
  );
  for (const scalar of expected) {
    const { variable, values, texts, bounds } = set.coordinates.find(
      (each) => each.variable!.name === scalar.name,
    )!;
    if (texts.length > 0) assert.deepEqual(texts, scalar.points);
    else near(values, scalar.points as number[]);
    near(bounds, (scalar.bounds ?? []).flat());
    const text = (name: string) => textOf(variable!, name) ?? null;
    assert.equal(text('calendar'), scalar.calendar, scalar.name);
    assert.equal(text('units') ?? 'no_unit', scalar.units, scalar.name);
    if (scalar.positive !== null) assert.equal(text('positive'), scalar.positive, scalar.name);
    if (scalar.standard_name !== null) assert.equal(text('standard_name'), scalar.standard_name, scalar.name);
  }
}

function near(found: readonly number[], expected: readonly number[]): void {
  assert.equal(found.length, expected.length);
  for (const [i, value] of found.entries()) {
    assert.ok(
      Math.abs(value - expected[i]) <= 1e-5 * Math.max(1, Math.abs(expected[i])),
      `${found}, ${expected}`,
    );
  }
}
