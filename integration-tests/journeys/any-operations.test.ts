import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { MaskedArray } from '@hyperslab/array';
import type { Client, ComputedArray, Dataset } from '@hyperslab/client';
import { isHyperslabError } from '@hyperslab/errors';
import { hasPython, runPython, skip } from '@hyperslab/testing';
import { inParallel } from '../harness/in-parallel.ts';
import { type Mesh, startMesh } from '../harness/start-mesh.ts';

type Values = (number | string | null)[];

/** An expression and what xarray has for it; null is NaN and missing, a text is infinite. */
interface Asked {
  text: string;
  /** Why Python has none. */
  refused?: string;
  dimensions: string[];
  shape: number[];
  /** By that of the cube: null where it goes by more than that. */
  dtypes: Record<string, string | null>;
  values: Values;
  /** 1 where it is missing and not NaN; null where xarray, which has NaN for both, does not tell. */
  missing: (0 | 1)[] | null;
  /** Of the largest number on the way. */
  size: number;
  coordinates: Record<string, Values>;
}

interface Written {
  file: string;
  about: Record<string, unknown>;
  expressions: Asked[];
}

/** The same cubes each time; SEED=… for others. */
const seed = Number(process.env.SEED ?? 6);
const cubes = 40;
const expressions = 12;
/** All others are refused by one of both: mostly of arrays without elements. */
const leastCompared = 0.8;

/** What is refused though xarray has something for it: mostly an array without elements. */
const refusals = [
  /"diff" along "\w+": it has no neighbours/,
  /n=2 of "diff": expected 1 to 1/,
  /holds no index; it has 0/,
  /one latitude or longitude without bounds has no cell/,
  /the grid of .+ has no points/,
  // SciPy sorts them.
  /values neither ascend nor descend throughout/,
];

describe('operations on cubes of any type, packing, calendar and shape', function () {
  this.timeout(300_000);
  let mesh: Mesh;
  let client: Client;

  before(async function () {
    if (!hasPython('netCDF4', 'cftime', 'xarray', 'zarr')) skip(this, 'no xarray; "npm test" installs it');
    mesh = await startMesh();
    client = await mesh.client();
  });
  after(() => mesh?.stop());

  it(`are what xarray makes of them, one of the other: seed ${seed}`, async () => {
    const folder = join(mesh.state, 'cubes');
    await mkdir(folder, { recursive: true });
    const script = join(import.meta.dirname, '../reference/write-any-operations.py');
    const written = runPython<Written>(script, folder, seed, cubes, expressions);
    assert.equal(written.length, cubes);
    const asked = written.flatMap(({ expressions, ...cube }, number) =>
      expressions.map((expression) => ({ ...cube, expression, name: `cubes/${number}` })),
    );
    const dtypes = new Map<string, string>();
    await inParallel([...written.entries()], 4, async ([number, { file }]) => {
      const name = `cubes/${number}`;
      await client.publish(name, [file]);
      const { result } = await (await client.open(name)).expression('t').explain();
      dtypes.set(name, result!.dtype);
    });
    let compared = 0;
    await inParallel(asked, 8, async ({ name, about, expression }) => {
      const found = await computed(await client.open(name), expression);
      if (found === undefined || expression.refused !== undefined) return;
      const what = `${expression.text} of ${JSON.stringify(about)}`;
      assertAgrees(found, expression, what);
      const dtype = expression.dtypes[dtypes.get(name)!];
      if (dtype !== null) assert.equal(found.dtype, dtype, what);
      compared++;
    });
    assert.ok(compared >= leastCompared * asked.length, `${compared} of ${asked.length} were compared`);
  });
});

/** What an expression is here; nothing where it is refused as it may be. */
async function computed(dataset: Dataset, asked: Asked): Promise<ComputedArray | undefined> {
  try {
    return await dataset.expression(asked.text).compute();
  } catch (error) {
    const isTyped =
      isHyperslabError(error, 'EXPRESSION_INVALID') || isHyperslabError(error, 'NOT_COMPUTABLE');
    const may = asked.refused !== undefined || refusals.some((message) => message.test(String(error)));
    if (isTyped && may) return undefined;
    throw new Error(`${asked.text} in ${dataset.name}: ${error}`, { cause: error });
  }
}

function assertAgrees(
  found: ComputedArray,
  { dimensions, shape, values, missing, size, coordinates }: Asked,
  what: string,
) {
  assert.deepEqual([found.dimensions, found.shape], [dimensions, shape], what);
  // Packed numbers become float32.
  assertClose(found, values, 2e-5 * Math.max(1, size), what);
  if (missing !== null) {
    const mask = Array.from(found.mask ?? new Uint8Array(found.values.length));
    assert.deepEqual(mask, missing, `${what}: what is missing, and not NaN`);
  }
  for (const [name, expected] of Object.entries(coordinates)) {
    const coordinate = found.coordinates.find((each) => each.name === name);
    assert.ok(coordinate !== undefined, `${what}: no coordinate ${name}`);
    const numbers = expected.map(Number);
    const [least, most] = [Math.min(...numbers), Math.max(...numbers)];
    // Of times since long ago, differences count; float32 has them hardly.
    const rounding =
      coordinate.dtype === 'float32' ? 2 ** -23 * Math.max(Math.abs(least), Math.abs(most)) : 0;
    assertClose(coordinate, expected, 1e-6 * Math.max(1, most - least) + rounding, `${what}: ${name}`);
  }
}

function assertClose({ values, mask }: MaskedArray, expected: Values, allowed: number, what: string): void {
  assert.equal(values.length, expected.length, what);
  expected.forEach((value, i) => {
    const [got, wanted] = [Number(values[i]), Number(value)];
    const absent = (mask?.[i] ?? 0) !== 0 || Number.isNaN(got);
    assert.equal(absent, value === null, `${what}: at ${i} ${absent ? 'missing' : got}, not ${value}`);
    const close = absent || got === wanted || Math.abs(got - wanted) <= allowed;
    assert.ok(close, `${what}: ${got} at ${i}, not ${value}`);
  });
}
