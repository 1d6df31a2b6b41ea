import assert from 'node:assert/strict';
import { isHyperslabError } from '@hyperslab/errors';
import { lookupElsewhere } from '../../src/http/link-local.ts';

describe('names of hosts', () => {
  const lookupOf = (...addresses: string[]) =>
    lookupElsewhere((_host, _options, callback) =>
      callback(
        null,
        addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
      ),
    );
  const ask = (lookup: ReturnType<typeof lookupOf>, all: boolean) =>
    new Promise((resolve, reject) => {
      lookup('host', { all }, (error, address) => (error === null ? resolve(address) : reject(error)));
    });

  it('lead where they say', async () => {
    assert.equal(await ask(lookupOf('192.0.2.1', '::1'), false), '192.0.2.1');
    assert.deepEqual(await ask(lookupOf('192.0.2.1'), true), [{ address: '192.0.2.1', family: 4 }]);
  });

  it('lead to no address where clouds tell credentials', async () => {
    const others = ['fd00:ec2::254', 'fd20:ce::254', '100.100.100.200', '168.63.129.16'];
    for (const address of ['169.254.169.254', 'fe80::1', '::ffff:169.254.169.254', ...others]) {
      await assert.rejects(ask(lookupOf('192.0.2.1', address), true), (error) =>
        isHyperslabError(error, 'OUTSIDE_ROOTS'),
      );
    }
  });
});
