import assert from 'node:assert/strict';
import fc from 'fast-check';
import { attributeName, dapName } from '../../src/model/dap-name.ts';

describe('dapName', () => {
  it('writes what DAP2 forbids as bytes', () => {
    assert.equal(dapName('a/b.c ü%'), 'a%2Fb%2Ec%20%C3%BC%25');
    assert.equal(attributeName('a.b c'), 'a.b%20c');
  });

  it('is undone by percent-decoding, so that no two names become one', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (name) => {
        assert.match(dapName(name), /^[A-Za-z0-9_%-]*$/);
        assert.equal(decodeURIComponent(dapName(name)), name);
      }),
    );
  });
});
