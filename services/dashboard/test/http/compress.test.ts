import assert from 'node:assert/strict';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { chooseEncoding, compress, takesEncoding } from '../../src/http/compress.ts';

describe('compression', () => {
  it('is the best that a client takes, and none for what is short', () => {
    assert.equal(chooseEncoding('gzip, deflate, br', 5000), 'br');
    assert.equal(chooseEncoding('gzip', 5000), 'gzip');
    assert.equal(chooseEncoding('br;q=0, gzip;q=0.5', 5000), 'gzip');
    assert.equal(chooseEncoding('deflate', 5000), 'identity');
    assert.equal(chooseEncoding(undefined, 5000), 'identity');
    assert.equal(chooseEncoding('br', 100), 'identity');
    assert.equal(takesEncoding('br', 'gzip'), false);
  });

  it('gives back the same bytes', async () => {
    const bytes = Uint8Array.from({ length: 9000 }, (_, i) => (i * i) % 251);
    for (const effort of ['quick', 'small'] as const) {
      assert.deepEqual(new Uint8Array(brotliDecompressSync(await compress(bytes, 'br', effort))), bytes);
      assert.deepEqual(new Uint8Array(gunzipSync(await compress(bytes, 'gzip', effort))), bytes);
    }
    assert.equal(await compress(bytes, 'identity', 'quick'), bytes);
  });
});
