import assert from 'node:assert/strict';
import { absoluteUrl } from '../src/absolute-url.ts';

describe('absolute URLs', () => {
  it('makes paths absolute and keeps what has a scheme', () => {
    assert.equal(absoluteUrl('data/*.nc', '/home'), '/home/data/*.nc');
    assert.equal(absoluteUrl('../run/', '/home/a'), '/home/run/');
    assert.equal(absoluteUrl('/abs/x.nc', '/home'), '/abs/x.nc');
    assert.equal(absoluteUrl('s3://bucket/key', '/home'), 's3://bucket/key');
    assert.equal(absoluteUrl('https://host/a.nc', '/home'), 'https://host/a.nc');
  });

  it('takes no empty text for the working directory', () => {
    for (const text of ['', ' ']) assert.throws(() => absoluteUrl(text, '/home'), /an empty text is no URL/);
  });
});
