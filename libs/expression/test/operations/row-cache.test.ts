import assert from 'node:assert/strict';
import { keptBytes, keptRows } from '../../src/operations/regrid/row-cache.ts';

describe('the weights that a thread keeps', () => {
  const mebibyte = 2 ** 20;
  let made: string[] = [];
  const ask = (key: string, bytes: number) =>
    keptRows(key, () => {
      made.push(key);
      return { value: key, bytes };
    });

  beforeEach(() => {
    made = [];
  });

  it('are made once, and again when others took their room since they were last used', () => {
    for (const key of ['a', 'b', 'a', 'b']) assert.equal(ask(key, 40 * mebibyte), key);
    assert.deepEqual(made, ['a', 'b']);
    ask('a', 40 * mebibyte);
    ask('c', 60 * mebibyte);
    ask('a', 40 * mebibyte);
    assert.deepEqual(made, ['a', 'b', 'c']);
    ask('b', 40 * mebibyte);
    assert.deepEqual(made, ['a', 'b', 'c', 'b']);
  });

  it('are bounded, but for one that is larger alone', () => {
    for (let i = 0; i < 100; i++) {
      ask(`many ${i}`, 7 * mebibyte);
      assert.ok(keptBytes() <= 128 * mebibyte);
    }
    ask('huge', 500 * mebibyte);
    ask('huge', 500 * mebibyte);
    assert.equal(made.filter((key) => key === 'huge').length, 1);
    ask('small', 1);
    assert.equal(keptBytes(), 1);
  });
});
