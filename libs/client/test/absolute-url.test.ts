import assert from 'node:assert/strict';
import { absoluteUrl } from '../src/absolute-url.ts';

describe('absolute URLs', () => {
  it('makes paths absolute and keeps what has a scheme', () => {
    assert.equal(absoluteUrl('data/*.nc', '/work'), '/work/data/*.nc');
    assert.equal(absoluteUrl('../run/', '/work/a'), '/work/run/');
    assert.equal(absoluteUrl('/abs/x.nc', '/work'), '/abs/x.nc');
    assert.equal(absoluteUrl('s3://bucket/key', '/work'), 's3://bucket/key');
    assert.equal(absoluteUrl('https://host/a.nc', '/work'), 'https://host/a.nc');
  });
});
