import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { Client } from '@hyperslab/client';
import { repository } from '@hyperslab/testing';
import { type MeshOfStores, startMeshOfStores, storeKinds } from '../harness/data-stores.ts';

/** What fixtures/references/make.py writes: parts of objects, bytes, a whole object, and chunks that are not there (NaN). */
const values = [
  100,
  101,
  102,
  103,
  104,
  105,
  106,
  107,
  1,
  2,
  500,
  501,
  NaN,
  NaN,
  114,
  115,
  ...Array(8).fill(NaN),
];

// kerchunk's references in Parquet, and what they lead to, from a folder, from a web server and from S3.
describe('references in Parquet', function () {
  this.timeout(180_000);
  let stores: MeshOfStores;
  let client: Client;

  before(async () => {
    stores = await startMeshOfStores(join(repository, 'fixtures/references'));
    client = await stores.mesh.client();
  });
  after(() => stores?.stop());

  for (const store of storeKinds) {
    it(`are published by folder and by metadata, and read, on ${store}`, async function () {
      if (stores.urlOf(store, '') === undefined) this.skip();
      for (const [number, path] of ['refs.parquet', 'refs.parquet/', 'refs.parquet/.zmetadata'].entries()) {
        const name = `references/${store}/${number}`;
        await client.publish(name, [stores.urlOf(store, path)!]);
        const computed = await (await client.open(name)).variable('v').compute();
        const found = Array.from(computed.values as Float32Array, (value, at) =>
          computed.mask?.[at] === 1 ? NaN : Number(value),
        );
        assert.deepEqual(found, values, path);
      }
    });
  }
});
