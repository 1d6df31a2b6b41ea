import assert from 'node:assert/strict';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { HyperslabError, isHyperslabError } from '@hyperslab/errors';
import { withTemporaryDirectory } from '@hyperslab/testing';
import { defineFile } from '../src/cf/file-definition.ts';
import { formatOf, resultFormats, storageOf } from '../src/formats.ts';
import type { Result, ResultCoordinate } from '../src/result.ts';
import { saveResults } from '../src/save-results.ts';
import { sampleResult } from './sample-results.ts';

const isInvalid = (error: unknown) => isHyperslabError(error, 'INVALID_ARGUMENT');

/** The sample at other times. */
function atTimes(change: (time: ResultCoordinate) => Partial<ResultCoordinate>): Result {
  const result = sampleResult('float32', { name: 'u' });
  const coordinates = result.head.coordinates.map((each) =>
    each.name === 'time' ? { ...each, ...change(each) } : each,
  );
  return { ...result, head: { ...result.head, coordinates } };
}

/** As many, half an hour later. */
const later = () =>
  atTimes(({ values }) => ({ values: Float64Array.from(values as Float64Array, (hours) => hours + 0.5) }));

/** Of the same numbers, which are of days. */
const inDays = () => atTimes(() => ({ units: 'days since 2026-02-28' }));

describe('several results in one file', () => {
  it('share what is equal, and number what is not', () => {
    const first = sampleResult('float32', { name: 't' }).head;
    const second = later().head;
    const methods = { ...first.attributes[1], strings: ['time: mean level: mean'] };
    const heads = [first, { ...second, attributes: [methods] }].map((head) => ({ head }));
    const { dimensions, known, results } = defineFile(heads, []);
    assert.deepEqual(
      dimensions.map(({ name }) => name),
      ['time', 'y', 'x', 'time_2', 'bnds'],
    );
    assert.deepEqual(
      known.map(({ name }) => name),
      ['time', 'time_bnds', 'y', 'station', 'height', 'pressure', 'time_2', 'time_2_bnds'],
    );
    assert.deepEqual(results[1].dimensions, ['time_2', 'y', 'x']);
    const attribute = (name: string) => results[1].attributes.find((each) => each.name === name)?.strings[0];
    assert.equal(attribute('cell_methods'), 'time_2: mean level: mean');
    assert.equal(attribute('coordinates'), 'station height pressure');
  });

  it('must have names of their own', () => {
    const { head } = sampleResult('float32', { name: 'mean(t)' });
    assert.throws(() => defineFile([{ head }, { head }], []), isInvalid);
    assert.equal(defineFile([{ head }, { head, name: 'other' }], []).results[1].name, 'other');
    assert.equal(defineFile([{ head, name: 'y' }], []).results[0].name, 'y_2');
  });

  it('are called the same whatever coordinates hold: workers write chunks without them', () => {
    const { head } = sampleResult('float32');
    const unknown = { dtype: 'int8' as const, shape: [0], values: new Int8Array(0) };
    const coordinates = head.coordinates.map((each) => ({
      ...each,
      ...unknown,
      bounds: each.bounds && unknown,
    }));
    for (const name of ['bnds', 'time_bnds', 'vertices_0', 'height', 'other']) {
      const [known, without] = [head, { ...head, coordinates }].map(
        (each) => defineFile([{ head: each, name }], []).results[0].name,
      );
      assert.equal(known, without);
    }
  });

  it('lie on one grid in a table', () =>
    withTemporaryDirectory(async (folder) => {
      for (const other of [later(), inDays()]) {
        const results = [{ result: sampleResult('float32', { name: 't' }) }, { result: other }];
        for (const format of ['csv', 'parquet'] as const)
          await assert.rejects(
            saveResults(join(folder, 'a'), results, { format }),
            /lie on different points/,
          );
      }
      assert.deepEqual(await readdir(folder), []);
    }));
});

describe('a result that can not be written', () => {
  it('leaves nothing, in any format', () =>
    withTemporaryDirectory(async (folder) => {
      for (const format of resultFormats) {
        const sample = sampleResult('int16');
        const lost = new HyperslabError('WORKER_LOST', 'gone');
        const result: Result = {
          head: sample.head,
          async *blocks() {
            for await (const block of sample.blocks()) {
              yield block;
              throw lost;
            }
          },
        };
        await assert.rejects(saveResults(join(folder, format), [{ result }], { format }), lost);
        assert.deepEqual(await readdir(folder), [], format);
      }
    }));

  it('is one with a value that would read as missing', () =>
    withTemporaryDirectory(async (folder) => {
      for (const format of ['netcdf4', 'netcdf3', 'zarr3', 'zarr2'] as const) {
        const save = (masked: boolean) =>
          saveResults(join(folder, format), [{ result: sampleResult('int16', { masked }) }], {
            format,
            fillValue: 12,
          });
        await assert.rejects(save(true), /12 is one of its values/);
        assert.deepEqual(await readdir(folder), []);
        assert.equal((await save(false)).variables[0].missing, 0);
        await assert.rejects(save(false), /is there already/);
        const [path] = await readdir(folder);
        assert.equal(path, format);
        await rm(join(folder, format), { recursive: true });
      }
    }));

  it('is one with NaN that would read as missing, or a fill value that the type does not hold', () =>
    withTemporaryDirectory(async (folder) => {
      for (const format of ['netcdf4', 'netcdf3', 'zarr3', 'zarr2'] as const) {
        const save = (fillValue: number) =>
          saveResults(join(folder, format), [{ result: sampleResult('float32') }], { format, fillValue });
        await assert.rejects(save(Number.NaN), /NaN is one of its values/);
        await assert.rejects(save(1e300), /fill value 1e\+300: is no float32/);
      }
      assert.deepEqual(await readdir(folder), []);
    }));

  it('is asked for chunks along a dimension that it does not have', () =>
    withTemporaryDirectory(async (folder) => {
      const chunks = { time: 1, tiem: 1 };
      for (const format of ['netcdf4', 'zarr3'] as const)
        await assert.rejects(
          saveResults(join(folder, format), [{ result: sampleResult('int16') }], { format, chunks }),
          /"tiem": no result has this dimension; expected time, y, x/,
        );
      assert.deepEqual(await readdir(folder), []);
    }));

  it('is told by what a format does not have', () => {
    assert.throws(() => storageOf('csv', { chunks: { x: 1 } }), isInvalid);
    assert.throws(() => storageOf('netcdf4', { compression: 'zstd' }), isInvalid);
    assert.throws(() => storageOf('zarr3', { shuffle: true }), isInvalid);
    assert.throws(() => storageOf('netcdf4', { level: 10 }), isInvalid);
    assert.throws(() => storageOf('parquet', { fillValue: 1 }), isInvalid);
    assert.deepEqual(storageOf('zarr3', { level: 19 }), { compression: 'zstd', level: 19 });
    assert.equal(formatOf('s3://b/a.ZARR/'), 'zarr3');
    assert.equal(formatOf('a.txt'), undefined);
  });
});
