import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isHyperslabError } from '@hyperslab/errors';
import { withTemporaryDirectory } from '@hyperslab/testing';
import { arrayText } from '../../src/output/array-text.ts';
import { jsonArray, jsonText } from '../../src/output/json-array.ts';
import { namedExpression } from '../../src/output/named-expression.ts';
import { outKind } from '../../src/output/out-option.ts';
import { writeFileWhole } from '../../src/output/write-file.ts';
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
      await writeFileWhole(path, {}, (write) => write(jsonText(computedArray())));
      assert.deepEqual(JSON.parse(await readFile(path, 'utf8')), jsonArray(computedArray()));
    });
  });

  it('is shown to a person, missing values as --', () => {
    const text = arrayText(computedArray());
    assert.match(text, /^mean\(t, level\) \/ \(K\) {2}float32 \(time: 2; x: 3\) {2}1 missing, 1 NaN$/m);
    assert.match(text, /time \(time\): 2026-11-22T00:00:00Z, 2026-11-22T06:30:00Z$/m);
    assert.match(text, /^\[\[1 -- 3\]\n \[4 -- 6\]\]$/m);
  });

  it('is written only under a name whose ending says how', () => {
    assert.equal(outKind({ out: '/a/B.NC' }), 'saved');
    assert.equal(outKind({ out: 'a.txt', format: 'csv' }), 'saved');
    assert.equal(outKind({ out: 's3://bucket/a.zarr/' }), 'saved');
    assert.equal(outKind({ out: 'a.json' }), 'json');
    assert.equal(outKind({ out: 'a.png' }), 'picture');
    assert.throws(
      () => outKind({ out: 'a.txt' }),
      (error) => isHyperslabError(error, 'INVALID_ARGUMENT'),
    );
  });
});

describe('an expression with a name', () => {
  it('is told from one that compares', () => {
    assert.deepEqual(namedExpression('wind = sqrt(u^2)'), { name: 'wind', expression: 'sqrt(u^2)' });
    assert.deepEqual(namedExpression('a=b == c'), { name: 'a', expression: 'b == c' });
    for (const text of ['t == 3', 't[time=#0]', 'mean(t, weights=area)', '"a"=b'])
      assert.deepEqual(namedExpression(text), { name: undefined, expression: text });
  });
});
