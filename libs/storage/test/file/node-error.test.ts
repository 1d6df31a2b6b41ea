import assert from 'node:assert/strict';
import { fileError } from '../../src/file/node-error.ts';

describe('errors of the file system', () => {
  for (const [code, reason] of [
    ['ENOENT', 'OBJECT_NOT_FOUND'],
    ['EACCES', 'ACCESS_DENIED'],
    ['ENOSPC', 'DISK_FULL'],
    ['EDQUOT', 'DISK_FULL'],
    ['EMFILE', 'STORAGE_UNAVAILABLE'],
    ['EIO', 'STORAGE_UNAVAILABLE'],
    ['ENOTYETKNOWN', 'STORAGE_UNAVAILABLE'],
  ]) {
    it(`${code} is ${reason}`, () => {
      const error = fileError('file:///a', { code });
      assert.equal(error.reason, reason);
      assert.match(error.message, /^file:\/\/\/a: /);
    });
  }
});
