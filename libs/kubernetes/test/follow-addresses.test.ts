import assert from 'node:assert/strict';
import { followAddresses } from '../src/endpoints/follow-addresses.ts';

describe('addresses', () => {
  it('that are named one by one are known at once, without Kubernetes', async () => {
    const addresses = followAddresses(['a:1', 'b:2']);
    await addresses.known(new AbortController().signal);
    assert.deepEqual(addresses.current(), ['a:1', 'b:2']);
    addresses.close();
  });

  for (const wrong of [
    'kubernetes:workers:7403',
    'kubernetes:///workers',
    'kubernetes:///Workers:1',
    'kubernetes://a/b/c:1',
  ])
    it(`refuse ${wrong}`, () => {
      assert.throws(() => followAddresses([wrong]), { reason: 'INVALID_ARGUMENT', message: /SERVICE:PORT/ });
    });
});
