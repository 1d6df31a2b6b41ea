import assert from 'node:assert/strict';
import { closeSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { withTemporaryDirectory } from '@hyperslab/testing';
import { openLogFile, rotateLogFile } from '../../src/up/log-file.ts';
import { logTail } from '../../src/up/log-tail.ts';

describe('log files', () => {
  it('are moved when they are long, while their writer goes on', async () => {
    await withTemporaryDirectory(async (folder) => {
      const path = join(folder, 'logs', 'a.log');
      const file = openLogFile(path);
      writeSync(file, 'one\n');
      assert.equal(rotateLogFile(path, 100), false);
      assert.equal(rotateLogFile(path, 4), true);
      writeSync(file, 'two\n');
      closeSync(file);
      assert.equal(readFileSync(`${path}.1`, 'utf8'), 'one\n');
      assert.equal(readFileSync(path, 'utf8'), 'two\n');
    });
  });

  it('are shown from the end', async () => {
    await withTemporaryDirectory(async (folder) => {
      const path = join(folder, 'a.log');
      const file = openLogFile(path);
      writeSync(file, 'one\ntwo\nthree\n');
      closeSync(file);
      assert.equal(logTail(path, 2), 'two | three');
      assert.equal(logTail(join(folder, 'absent'), 2), '');
    });
  });
});
