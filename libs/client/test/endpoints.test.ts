import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isHyperslabError } from '@hyperslab/errors';
import { withTemporaryDirectory } from '@hyperslab/testing';
import { connect } from '../src/connect.ts';
import { findEndpoints, parseEndpoints } from '../src/endpoints.ts';

const file = JSON.stringify({
  catalog: '127.0.0.1:1',
  scheduler: '127.0.0.1:2',
  worker_pool: '127.0.0.1:3,127.0.0.1:33',
  metadata_backup: '127.0.0.1:4',
  opendap_gateway: 'http://127.0.0.1:5',
});
const addresses = { HYPERSLAB_CATALOG: 'a:1', HYPERSLAB_SCHEDULER: 'b:2', HYPERSLAB_WORKERS: 'c:3, d:4' };

describe('finding the mesh', () => {
  it('reads the keys of endpoints.json', () => {
    assert.deepEqual(parseEndpoints(file, 'f'), {
      catalog: '127.0.0.1:1',
      scheduler: '127.0.0.1:2',
      workers: ['127.0.0.1:3', '127.0.0.1:33'],
      metadataBackup: '127.0.0.1:4',
      opendapGateway: 'http://127.0.0.1:5',
      dashboard: undefined,
    });
  });

  it('refuses what is no endpoints.json, naming the file', () => {
    for (const text of [
      '',
      '[',
      'null',
      '"x"',
      '{}',
      '{"catalog": 7}',
      '{"catalog": "a:1", "scheduler": ""}',
    ]) {
      assert.throws(
        () => parseEndpoints(text, '/some/endpoints.json'),
        (error) =>
          isHyperslabError(error, 'INVALID_ARGUMENT') && error.message.includes('/some/endpoints.json'),
        text,
      );
    }
  });

  it('takes the state directory before the environment, and the environment before the default', async () => {
    await withTemporaryDirectory(async (state) => {
      await writeFile(join(state, 'endpoints.json'), file);
      assert.equal(findEndpoints({ state, env: addresses }).catalog, '127.0.0.1:1');
      assert.deepEqual(findEndpoints({ env: addresses }).workers, ['c:3', 'd:4']);
      const env = { HYPERSLAB_ENDPOINTS: join(state, 'endpoints.json') };
      assert.equal(findEndpoints({ env }).scheduler, '127.0.0.1:2');
      const { catalog, scheduler, workers } = findEndpoints({ catalog: 'x:9', state, env });
      assert.deepEqual([catalog, scheduler, workers], ['x:9', undefined, []], 'never of two meshes');
      const alone = findEndpoints({ env: { ...env, HYPERSLAB_CATALOG: 'a:1' } });
      assert.deepEqual([alone.catalog, alone.scheduler, alone.workers], ['a:1', undefined, []]);
    });
  });

  it('misses an address only when its service is called', async () => {
    const client = await connect({ env: { HYPERSLAB_CATALOG: '127.0.0.1:1' } });
    await assert.rejects(
      () => client.cluster(),
      (error) => isHyperslabError(error, 'INVALID_ARGUMENT') && /HYPERSLAB_SCHEDULER/.test(error.message),
    );
    client.close();
  });

  it('takes all workers, the first one once', () => {
    const text = JSON.stringify({ ...JSON.parse(file), worker_pool: 'a:1', workers: ['a:1', 'b:2'] });
    assert.deepEqual(parseEndpoints(text, 'f').workers, ['a:1', 'b:2']);
    const bad = JSON.stringify({ ...JSON.parse(file), workers: 'b:2' });
    assert.throws(() => parseEndpoints(bad, 'f'), /"workers" is no list/);
  });

  it('says where it looked when there is no mesh', async () => {
    await withTemporaryDirectory(async (folder) => {
      const state = join(folder, 'absent');
      assert.throws(
        () => findEndpoints({ state }),
        (error) =>
          isHyperslabError(error, 'UNAVAILABLE') && error.message.includes(join(state, 'endpoints.json')),
      );
      await mkdir(join(state, 'endpoints.json'), { recursive: true });
      assert.throws(
        () => findEndpoints({ state }),
        (error) => isHyperslabError(error, 'UNAVAILABLE') && error.message.includes('EISDIR'),
      );
    });
  });
});
