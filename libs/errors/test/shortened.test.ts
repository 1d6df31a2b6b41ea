import assert from 'node:assert/strict';
import { shortened } from '../src/index.ts';

describe('shortened', () => {
  it('keeps what is short, and cuts what is long between characters', () => {
    assert.equal(shortened('x'.repeat(80)), 'x'.repeat(80));
    assert.equal(shortened('x'.repeat(60_000)), `${'x'.repeat(79)}…`);
    assert.equal(shortened(`${'x'.repeat(78)}😀😀`), `${'x'.repeat(78)}…`);
  });
});
