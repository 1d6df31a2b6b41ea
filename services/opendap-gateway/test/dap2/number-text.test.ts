import assert from 'node:assert/strict';
import fc from 'fast-check';
import { numberText } from '../../src/dap2/number-text.ts';

describe('numberText', () => {
  it('marks floating-point numbers as such', () => {
    assert.equal(numberText(1, 'Int32'), '1');
    assert.equal(numberText(1, 'Float64'), '1.0');
    assert.equal(numberText(Math.fround(1e20), 'Float32'), '1e+20');
    assert.equal(numberText(Math.fround(0.1), 'Float32'), '0.1');
    assert.equal(numberText(-0, 'Float64'), '-0.0');
    assert.equal(numberText(Number.NaN, 'Float32'), 'NaN');
    assert.equal(numberText(-1 / 0, 'Float64'), '-Infinity');
  });

  it('loses nothing', () => {
    fc.assert(
      fc.property(fc.double(), (value) => assert.ok(Object.is(Number(numberText(value, 'Float64')), value))),
    );
    fc.assert(
      fc.property(fc.float(), (value) =>
        assert.ok(Object.is(Math.fround(Number(numberText(value, 'Float32'))), value)),
      ),
    );
  });
});
