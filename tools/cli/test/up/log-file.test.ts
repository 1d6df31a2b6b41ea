import assert from 'node:assert/strict';
import { closeSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { withTemporaryDirectory } from '@hyperslab/testing';
import { lastErrors } from '../../src/up/last-errors.ts';
import { openLogFile, rotateLogFile } from '../../src/up/log-file.ts';

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

  it('say why a service ended', async () => {
    await withTemporaryDirectory(async (folder) => {
      const path = join(folder, 'a.log');
      const file = openLogFile(path);
      writeSync(file, 'one\ntwo\nthree\nfour\n');
      assert.equal(lastErrors(path), 'two | three | four');
      writeSync(file, 'SyntaxError: no such export\n    at x.ts:1:1\n\nNode.js v26\n');
      assert.equal(lastErrors(path), 'SyntaxError: no such export');
      closeSync(file);
      assert.equal(lastErrors(join(folder, 'absent')), '');
    });
  });
});
