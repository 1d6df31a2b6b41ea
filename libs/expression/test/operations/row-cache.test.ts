import assert from 'node:assert/strict';
import {
  boundRows,
  holdRows,
  keepFewerRows,
  keptBytes,
  keptRows,
} from '../../src/operations/regrid/row-cache.ts';

describe('the weights that a thread keeps', () => {
  const mebibyte = 2 ** 20;
  let made: string[] = [];
  const ask = (key: string, bytes: number, making = bytes) =>
    keptRows(key, making, () => {
      made.push(key);
      return { value: key, bytes };
    });

  beforeEach(() => {
    made = [];
    boundRows(0);
    boundRows(128 * mebibyte);
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

  it('are bounded; what is larger alone is made each time', () => {
    for (let i = 0; i < 100; i++) {
      ask(`many ${i}`, 7 * mebibyte);
      assert.ok(keptBytes() <= 128 * mebibyte);
    }
    ask('huge', 500 * mebibyte);
    assert.equal(keptBytes(), 0);
    ask('huge', 500 * mebibyte);
    assert.equal(made.filter((key) => key === 'huge').length, 2);
    ask('small', 1);
    boundRows(10);
    assert.equal(keptBytes(), 1);
    ask('larger than the new bound', 11);
    assert.equal(keptBytes(), 0);
  });

  it('leave room beforehand for what making others takes', () => {
    ask('a', 60 * mebibyte);
    ask('b', 60 * mebibyte);
    keptRows('c', 80 * mebibyte, () => {
      assert.equal(keptBytes(), 0);
      return { value: 'c', bytes: 10 * mebibyte };
    });
    ask('d', 100 * mebibyte);
    assert.equal(keptBytes(), 110 * mebibyte);
  });

  it('do not go while they are held, and count', () => {
    ask('source', 100 * mebibyte);
    {
      using _source = holdRows('source');
      for (let i = 0; i < 2; i++) {
        ask('strip', 40 * mebibyte);
        keepFewerRows();
        ask('source', 100 * mebibyte);
        assert.equal(keptBytes(), 100 * mebibyte);
      }
      ask('small', 20 * mebibyte);
    }
    assert.equal(keptBytes(), 120 * mebibyte);
    {
      using _larger = holdRows('larger than the bound');
      for (let i = 0; i < 2; i++) ask('larger than the bound', 200 * mebibyte);
      assert.equal(keptBytes(), 200 * mebibyte);
    }
    assert.equal(keptBytes(), 0);
    assert.deepEqual(made, ['source', 'strip', 'strip', 'small', 'larger than the bound']);
  });

  it('go by half when memory is short, the least recently used first', () => {
    for (const key of ['a', 'b', 'c', 'd']) ask(key, 10);
    ask('a', 10);
    keepFewerRows();
    assert.equal(keptBytes(), 20);
    for (const key of ['a', 'd']) ask(key, 10);
    assert.deepEqual(made, ['a', 'b', 'c', 'd']);
  });
});
