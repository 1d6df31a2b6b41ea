import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  allocateValues,
  copyRegion,
  type DataType,
  elementCount,
  gridShape,
  isBigInt,
  isFloat,
  type NumericValues,
  regularRuns,
  unravel,
} from '@hyperslab/array';
import type { Attribute } from '@hyperslab/proto/array';
import { pythonPath, toolPath, withTemporaryDirectory } from '@hyperslab/testing';
import fc from 'fast-check';
import { createNetcdf4 } from '../src/create-netcdf4.ts';
import type { DimensionDefinition, Netcdf4Definition, VariableDefinition } from '../src/definition.ts';
import { attribute } from './attribute.ts';

const numericTypes = [
  'int8',
  'uint8',
  'int16',
  'uint16',
  'int32',
  'uint32',
  'int64',
  'uint64',
  'float32',
  'float64',
] as const;

/** A file and the values that it is to hold. */
interface Meant {
  definition: Netcdf4Definition;
  values: Map<string, NumericValues | string[]>;
}

const name = fc.stringMatching(/^[a-zåß漢][a-z0-9_ .+-]{0,5}[a-z0-9]$/u);
const text = fc.string({ unit: 'grapheme', maxLength: 12 }).map((value) => value.replaceAll('\0', ''));

function numberOf(dtype: string, seed: number): number | bigint {
  if (isBigInt(dtype)) return dtype === 'int64' ? BigInt(seed - 99) * 2n ** 50n : BigInt(seed) * 2n ** 55n;
  if (isFloat(dtype)) return seed % 13 === 0 ? Number.NaN : (seed - 50) * 1.25;
  return dtype.startsWith('u') ? seed % 256 : (seed % 256) - 128;
}

function numbersOf(dtype: DataType, count: number, seed: number): NumericValues {
  const values = allocateValues(dtype, count);
  for (let i = 0; i < count; i++) values[i] = numberOf(dtype, (i * 31 + seed) % 251);
  return values;
}

const attributeValue: fc.Arbitrary<Omit<Attribute, 'name'>> = fc.oneof(
  text.map((value) => attribute('', 'char', value)),
  fc.array(text, { minLength: 1, maxLength: 3 }).map((values) => attribute('', 'string', ...values)),
  fc
    .tuple(fc.constantFrom(...numericTypes), fc.array(fc.nat(250), { minLength: 1, maxLength: 4 }))
    .map(([dtype, seeds]) => attribute('', dtype, ...seeds.map((seed) => numberOf(dtype, seed)))),
);
const attributes = fc
  .uniqueArray(fc.tuple(name, attributeValue), { maxLength: 12, selector: ([each]) => each })
  .map((pairs) => pairs.map(([each, value]) => ({ ...value, name: each })));

const file: fc.Arbitrary<Meant> = fc
  .record({
    dimensions: fc.uniqueArray(
      fc.record({ name, length: fc.integer({ min: 0, max: 13 }), unlimited: fc.boolean() }),
      { minLength: 1, maxLength: 4, selector: (dimension) => dimension.name },
    ),
    attributes,
    names: fc.uniqueArray(name, { maxLength: 5 }),
    seeds: fc.array(fc.nat(1_000_000), { minLength: 64, maxLength: 64 }),
    ownAttributes: fc.array(attributes, { minLength: 10, maxLength: 10 }),
  })
  .map(({ dimensions, attributes: global, names, seeds, ownAttributes }) => {
    let next = 0;
    const draw = (most: number) => seeds[next++ % seeds.length] % most;
    const values = new Map<string, NumericValues | string[]>();
    // Some variables have the names of dimensions, along which they lie or not.
    const all = [...new Set([...names, ...dimensions.filter(() => draw(2) === 0).map((each) => each.name)])];
    const variables = all.map((own, number): VariableDefinition => {
      const chosen = dimensions.filter(() => draw(2) === 0);
      const shape = chosen.map(({ length }) => length);
      const grows = chosen.some(({ length, unlimited }) => length === 0 || unlimited);
      const kinds: DataType[] = [...numericTypes, 'char', ...(grows ? [] : (['string'] as const))];
      const dtype = kinds[draw(kinds.length)];
      const count = elementCount(shape);
      const given =
        dtype === 'string'
          ? Array.from({ length: count }, (_, i) => ['', 'a', 'Größe 漢', 'x'.repeat(40)][(i + number) % 4])
          : dtype === 'char'
            ? Uint8Array.from({ length: count }, (_, i) => 97 + ((i + number) % 26))
            : numbersOf(dtype, count, draw(100));
      values.set(own, given);
      const base = {
        name: own,
        dtype,
        dimensions: chosen.map((each) => each.name),
        attributes: ownAttributes[number % ownAttributes.length],
      };
      if (shape.length === 0 || dtype === 'string' || draw(3) === 0) return { ...base, values: given };
      const chunk = shape.map((extent) => 1 + draw(Math.max(1, extent)));
      return { ...base, chunks: { shape: chunk, deflateLevel: draw(4), shuffle: draw(2) === 0 } };
    });
    return { definition: { dimensions, attributes: global, variables }, values };
  });

async function write(path: string, { definition, values }: Meant): Promise<void> {
  await using writer = await createNetcdf4(path, definition);
  const lengths = new Map(definition.dimensions.map((dimension) => [dimension.name, dimension.length]));
  for (const variable of definition.variables) {
    if (!variable.chunks) continue;
    const shape = variable.dimensions.map((each) => lengths.get(each)!);
    const chunk = variable.chunks.shape;
    const grid = gridShape(shape.map((extent, axis) => regularRuns(extent, chunk[axis])));
    const whole = values.get(variable.name) as NumericValues;
    for (let number = elementCount(grid) - 1; number >= 0; number--) {
      const index = unravel(number, grid);
      const origin = index.map((cell, axis) => cell * chunk[axis]);
      const extents = origin.map((start, axis) => Math.min(chunk[axis], shape[axis] - start));
      const part = allocateValues(variable.dtype, elementCount(extents));
      const to = { arrayShape: extents, origin: extents.map(() => 0) };
      copyRegion(whole, { arrayShape: shape, origin }, part, to, extents);
      await writer.writeChunk(variable.name, index, part);
    }
  }
  await writer.close();
}

function meantJson({ definition, values }: Meant): string {
  const attributesOf = (list: readonly Attribute[]) =>
    Object.fromEntries(
      list.map(({ name: each, dtype, strings, numbers, integers }) => [
        each,
        [dtype, [...strings, ...numbers.map(numberJson), ...integers]],
      ]),
    );
  // An unlimited dimension is as long as what was written along it: without a variable, nothing.
  const used = new Set(definition.variables.flatMap(({ dimensions }) => dimensions));
  const lengthOf = ({ name: each, length, unlimited }: DimensionDefinition) =>
    unlimited && !used.has(each) ? 0 : length;
  return JSON.stringify({
    dimensions: Object.fromEntries(definition.dimensions.map((each) => [each.name, lengthOf(each)])),
    attributes: attributesOf(definition.attributes),
    variables: Object.fromEntries(
      definition.variables.map((variable) => [
        variable.name,
        {
          dtype: variable.dtype,
          dimensions: variable.dimensions,
          values: Array.from(values.get(variable.name)!, numberJson),
          attributes: attributesOf(variable.attributes),
          chunks: variable.chunks
            ? [
                variable.chunks.shape,
                variable.chunks.shuffle,
                variable.chunks.deflateLevel > 0 && variable.chunks.deflateLevel,
              ]
            : null,
        },
      ]),
    ),
  });
}

function numberJson(value: number | bigint | string): number | string {
  return typeof value === 'number' && Number.isFinite(value) ? value : String(value);
}

/** A tree of three levels, and more attributes and variables than HDF5 keeps in a header by itself. */
function large(): Meant {
  const values = new Map<string, NumericValues | string[]>();
  values.set('many', numbersOf('int16', 90 * 60, 3));
  const wide = Array.from({ length: 70 }, (_, i): VariableDefinition => {
    const given = numbersOf('float64', 60, i);
    values.set(`v${i}`, given);
    return { name: `v${i}`, dtype: 'float64', dimensions: ['x'], attributes: [], values: given };
  });
  const many: VariableDefinition = {
    name: 'many',
    dtype: 'int16',
    dimensions: ['y', 'x'],
    attributes: Array.from({ length: 40 }, (_, i) => attribute(`a${i}`, 'float32', i)),
    chunks: { shape: [1, 1], deflateLevel: 1, shuffle: true },
  };
  const dimensions = [
    { name: 'y', length: 90 },
    { name: 'x', length: 60 },
  ];
  return { definition: { dimensions, attributes: [], variables: [many, ...wide] }, values };
}

describe('files read back by netCDF4-python and h5py', function () {
  this.timeout(60_000);
  const python = pythonPath();

  it('hold what was meant', async function () {
    if (python === undefined) {
      console.log('skipped: no Python with netCDF4 and h5py; run `npm test` to prepare it');
      this.skip();
    }
    await withTemporaryDirectory(async (folder) => {
      const files = [large(), ...fc.sample(file, { numRuns: 60, seed: 7 })];
      for (const [number, meant] of files.entries()) {
        await write(join(folder, `${number}.nc`), meant);
        await writeFile(join(folder, `${number}.json`), meantJson(meant));
      }
      const script = fileURLToPath(new URL('./reference/read_back.py', import.meta.url));
      const { stdout, stderr, status } = spawnSync(python, [script, folder], { encoding: 'utf8' });
      assert.equal(status, 0, stdout + stderr);
    });
  });

  it('are described by ncdump with their filters', async function () {
    const ncdump = toolPath('ncdump');
    if (ncdump === undefined) {
      console.log('skipped: no ncdump');
      this.skip();
    }
    await withTemporaryDirectory(async (folder) => {
      const path = join(folder, 'large.nc');
      await write(path, large());
      const { stdout, stderr } = spawnSync(ncdump, ['-h', '-s', path], { encoding: 'utf8' });
      assert.equal(stderr, '');
      for (const line of ['many:_Shuffle = "true"', 'many:_DeflateLevel = 1', 'many:_ChunkSizes = 1, 1'])
        assert.ok(stdout.includes(line), `${line} in ${stdout}`);
    });
  });
});
