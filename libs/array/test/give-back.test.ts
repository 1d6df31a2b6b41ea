import assert from 'node:assert/strict';
import { giveBack } from '../src/index.ts';

describe('memory that is given back', () => {
  it('is gone for all who have a view of it', () => {
    const bytes = new Uint8Array(2 ** 20).fill(1);
    giveBack(bytes.subarray(5, 10));
    assert.equal(bytes.length, 0);
  });

  it('is not that of small buffers, which have it in common, nor what threads share', () => {
    const neighbours = [Buffer.from('one'), Buffer.from('two')];
    giveBack(neighbours[0]);
    const shared = new Uint8Array(new SharedArrayBuffer(2 ** 20));
    giveBack(shared);
    assert.equal(neighbours.join(), 'one,two');
    assert.equal(shared.length, 2 ** 20);
  });
});
