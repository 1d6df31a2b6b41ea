import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isHyperslabError } from '@hyperslab/errors';
import { toolPath, withTemporaryDirectory } from '@hyperslab/testing';
import { arrayText } from '../../src/output/array-text.ts';
import { jsonArray } from '../../src/output/json-array.ts';
import { chunkShape } from '../../src/output/netcdf-definition.ts';
import { outputFormat, writeArray } from '../../src/output/write-array.ts';
import { computedArray } from './computed-array.ts';

describe('a computed array', () => {
  it('is printed as JSON with ISO times beside the numeric ones', () => {
    assert.deepEqual(jsonArray(computedArray()), {
      dtype: 'float32',
      units: 'K',
      dimensions: ['time', 'x'],
      shape: [2, 3],
      values: [1, null, 3, 4, null, 6],
      missing: 1,
      nan: 1,
      coordinates: [
        {
          name: 'time',
          dimensions: ['time'],
          units: 'hours since 2026-11-22',
          calendar: 'standard',
          values: [0, 6.5],
          iso: ['2026-11-22T00:00:00Z', '2026-11-22T06:30:00Z'],
          bounds: [-1, 0, 5.5, 6.5],
        },
        {
          name: 'station',
          dimensions: ['x'],
          units: '',
          calendar: '',
          values: ['a,b', 'c', 'd"e'],
          bounds: null,
        },
      ],
    });
  });

  it('is written as the same JSON', async () => {
    await withTemporaryDirectory(async (folder) => {
      const path = join(folder, 'a.json');
      await writeArray(path, computedArray());
      assert.deepEqual(JSON.parse(await readFile(path, 'utf8')), jsonArray(computedArray()));
    });
  });

  it('is written as CSV, a row for each value', async () => {
    await withTemporaryDirectory(async (folder) => {
      const path = join(folder, 'a.csv');
      await writeArray(path, computedArray());
      assert.deepEqual((await readFile(path, 'utf8')).split('\r\n'), [
        'time,x,"mean(t, level)"',
        '2026-11-22T00:00:00Z,0,1',
        '2026-11-22T00:00:00Z,1,',
        '2026-11-22T00:00:00Z,2,3',
        '2026-11-22T06:30:00Z,0,4',
        '2026-11-22T06:30:00Z,1,',
        '2026-11-22T06:30:00Z,2,6',
        '',
      ]);
    });
  });

  it('is written as netCDF that ncdump reads', async function () {
    const ncdump = toolPath('ncdump');
    if (ncdump === undefined) return this.skip();
    await withTemporaryDirectory(async (folder) => {
      const path = join(folder, 'a.nc');
      await writeArray(path, computedArray());
      const { stdout } = spawnSync(ncdump, [path], { encoding: 'utf8' });
      assert.match(stdout, /float mean_t_level\(time, x\)/);
      assert.match(stdout, /mean_t_level:long_name = "mean\(t, level\)"/);
      assert.match(stdout, /mean_t_level:coordinates = "station"/);
      assert.match(stdout, /mean_t_level =\s*1, _, 3,\s*4, NaNf?, 6 ;/);
      assert.match(stdout, /time:bounds = "time_bnds"/);
      assert.match(stdout, /time_bnds =\s*-1, 0,\s*5.5, 6.5 ;/);
      assert.match(stdout, /station = "a,b", "c", "d\\"e" ;/);
    });
  });

  it('is shown to a person, missing values as --', () => {
    const text = arrayText(computedArray());
    assert.match(text, /^mean\(t, level\) \/ \(K\) {2}float32 \(time: 2; x: 3\) {2}1 missing, 1 NaN$/m);
    assert.match(text, /time \(time\): 2026-11-22T00:00:00Z, 2026-11-22T06:30:00Z$/m);
    assert.match(text, /^\[\[1 -- 3\]\n \[4 -- 6\]\]$/m);
  });

  it('is written only under a name whose ending says how', () => {
    assert.equal(outputFormat('/a/B.NC'), '.nc');
    assert.throws(
      () => outputFormat('a.txt'),
      (error) => isHyperslabError(error, 'INVALID_ARGUMENT'),
    );
  });

  it('is cut into chunks of whole rows', () => {
    assert.deepEqual(chunkShape([10, 1000, 2000]), [1, 524, 2000]);
    assert.deepEqual(chunkShape([4, 0]), [4, 1]);
  });
});
