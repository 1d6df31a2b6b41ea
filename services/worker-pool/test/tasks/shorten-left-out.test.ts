import assert from 'node:assert/strict';
import { shortenLeftOut } from '../../src/tasks/shorten-left-out.ts';

const files = (count: number) =>
  Array.from({ length: count }, (_, i) => ({
    url: `file:///${i}`,
    reason: 'FORMAT_UNKNOWN',
    message: `${i}`,
  }));

describe('files that are left out', () => {
  it('are named, or the first hundred and that there are more', () => {
    assert.deepEqual(shortenLeftOut(files(100)), files(100));
    const many = shortenLeftOut(files(5_000));
    assert.equal(many.length, 101);
    assert.deepEqual(many.slice(0, 100), files(100));
    assert.match(many[100].message, /more than 100 files can't be taken yet/);
    // What was shortened may be shortened again.
    assert.deepEqual(shortenLeftOut([...many, ...files(3)]), many);
  });
});
