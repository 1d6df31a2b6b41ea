import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { withTemporaryDirectory } from '@hyperslab/testing';
import type { Result } from '../../src/result.ts';
import { saveResults } from '../../src/save-results.ts';

describe('writeCsv', () => {
  it('has a row for a scalar that is missing', () =>
    withTemporaryDirectory(async (folder) => {
      const result: Result = {
        head: {
          name: 't',
          dtype: 'float32',
          units: 'K',
          dimensions: [],
          shape: [],
          attributes: [],
          coordinates: [],
          blockGrid: [],
        },
        async *blocks() {
          const values = Float32Array.of(0);
          yield { dtype: 'float32', shape: [], origin: [], values, mask: Uint8Array.of(1) };
        },
      };
      const path = join(folder, 'a.csv');
      await saveResults(path, [{ result }]);
      // pandas and others skip lines without anything.
      assert.equal(await readFile(path, 'utf8'), 't\r\n""\r\n');
    }));
});
