import assert from 'node:assert/strict';
import { isHyperslabError } from '@hyperslab/errors';
import fc from 'fast-check';
import { ListedObjects } from '../../src/tasks/listed-objects.ts';
import { withoutStoreParts } from '../../src/tasks/store-roots.ts';

const object = (url: string) => ({ url, size: 1, etag: '', modifiedUs: 0 });

describe('objects as they are listed', () => {
  it('are those that are no parts of stores, whatever their order', () => {
    const name = fc.constantFrom('.zgroup', '.zmetadata', '.zarray', 'zarr.json', '0.0', 'c', 'repo', 'b.nc');
    const folders = fc.array(fc.constantFrom('a', 'b', 'snapshots'), { maxLength: 3 });
    const url = fc.tuple(folders, name).map(([path, last]) => `s3://bucket/${[...path, last].join('/')}`);
    fc.assert(
      fc.property(fc.array(fc.tuple(url, fc.boolean()), { maxLength: 20 }), (urls) => {
        const listed = new ListedObjects();
        for (const [each, isWanted] of urls) listed.add(object(each), isWanted);
        const wanted = new Set(urls.flatMap(([each, isWanted]) => (isWanted ? [each] : [])));
        const expected = withoutStoreParts([...new Set(urls.map(([each]) => each))].map(object), wanted);
        // What was asked for may be listed again, after it was left out as a part.
        assert.deepEqual(
          listed
            .all()
            .map((found) => found.url)
            .sort(),
          expected.map((found) => found.url).sort(),
        );
      }),
      { numRuns: 1000 },
    );
  });

  it('are refused when there are too many, and parts of stores are none of them', () => {
    const listed = new ListedObjects(3);
    listed.add(object('s3://b/run.zarr/.zgroup'));
    for (let chunk = 0; chunk < 10_000; chunk++) listed.add(object(`s3://b/run.zarr/t/${chunk}`));
    listed.add(object('s3://b/x.nc'));
    listed.add(object('s3://b/y.nc'));
    listed.add(object('s3://b/y.nc'));
    assert.equal(listed.all().length, 3);
    assert.throws(
      () => listed.add(object('s3://b/z.nc')),
      (error) => {
        assert.ok(isHyperslabError(error, 'TOO_LARGE'));
        assert.match(error.message, /expected at most 3 objects, found more up to s3:\/\/b\/z\.nc/);
        return true;
      },
    );
  });
});
