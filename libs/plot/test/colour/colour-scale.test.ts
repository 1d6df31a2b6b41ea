import assert from 'node:assert/strict';
import { colourScale } from '../../src/colour/colour-scale.ts';

const brightness = (colour: number) => (colour >> 16) + ((colour >> 8) & 0xff) + (colour & 0xff);

describe('colourScale', () => {
  it('goes from dark to light', () => {
    const { colourOf, domain } = colourScale(0, 10);
    assert.deepEqual(domain, [0, 10]);
    const all = [0, 2.5, 5, 7.5, 10].map((value) => brightness(colourOf(value)));
    assert.deepEqual(
      all,
      [...all].sort((a, b) => a - b),
    );
    assert.equal(colourOf(-5), colourOf(0));
    assert.equal(colourOf(50), colourOf(10));
  });

  it('goes to both sides of white for values around zero', () => {
    const { colourOf, domain } = colourScale(-8, 5);
    assert.equal(domain[0], -domain[1]);
    assert.ok(brightness(colourOf(0)) > 700);
    assert.ok(colourOf(8) >> 16 > (colourOf(8) & 0xff), 'positive is red');
    assert.ok(colourOf(-8) >> 16 < (colourOf(-8) & 0xff), 'negative is blue');
  });

  it('has a range for equal values', () => {
    for (const value of [0, 273.15, -1e-9]) {
      const { domain, ticks } = colourScale(value, value);
      assert.ok(domain[0] < value && value < domain[1], `${domain}`);
      assert.ok(ticks.length > 1);
    }
  });
});
