import assert from 'node:assert/strict';
import { withoutStoreParts } from '../../src/tasks/store-roots.ts';

const left = (...urls: string[]) =>
  withoutStoreParts(urls.map((url) => ({ url, size: 1, etag: '', modifiedUs: 0 }))).map(({ url }) => url);

describe('objects that are parts of a store', () => {
  it('are left out: the most telling metadata object stays', () => {
    assert.deepEqual(
      left(
        's3://b/x.zarr/.zgroup',
        's3://b/x.zarr/.zmetadata',
        's3://b/x.zarr/t/.zarray',
        's3://b/x.zarr/t/0.0',
      ),
      ['s3://b/x.zarr/.zmetadata'],
    );
    assert.deepEqual(left('file:///x/c/0', 'file:///x/zarr.json'), ['file:///x/zarr.json']);
    assert.deepEqual(left('file:///x/.zarray', 'file:///x/0'), ['file:///x/.zarray']);
  });

  it('belong to the topmost folder with metadata', () => {
    assert.deepEqual(
      left('file:///d/a/t/zarr.json', 'file:///d/a/t/c/0', 'file:///d/a/zarr.json', 'file:///d/b/zarr.json'),
      ['file:///d/a/zarr.json', 'file:///d/b/zarr.json'],
    );
  });

  it('are those of an Icechunk store too, of both versions', () => {
    const id = '1CECHNKREP0F1RSTCMT0';
    const parts = (root: string) => [
      `${root}chunks/${id}`,
      `${root}config.yaml`,
      `${root}manifests/${id}`,
      `${root}snapshots/${id}`,
    ];
    assert.deepEqual(
      left(
        ...parts('s3://b/1/'),
        's3://b/1/refs/branch.dev/ref.json',
        's3://b/1/refs/branch.main/ref.json',
        ...parts('s3://b/2/'),
        's3://b/2/overwritten/repo.30708016380837.DNXXS8QFQHVNZBHGJRX0',
        's3://b/2/repo',
        's3://b/3/repo',
        's3://b/3/x.nc',
      ),
      ['s3://b/1/refs/branch.main/ref.json', 's3://b/2/repo', 's3://b/3/repo', 's3://b/3/x.nc'],
    );
  });

  it('are not what lies beside a store', () => {
    const beside = ['file:///d/a.nc', 'file:///d/x.zarr.nc', 'file:///d/y/b.nc'];
    assert.deepEqual(left(...beside, 'file:///d/x.zarr/zarr.json', 'file:///d/x.zarr/c/0'), [
      ...beside,
      'file:///d/x.zarr/zarr.json',
    ]);
    assert.deepEqual(left(...beside), beside);
  });
});
