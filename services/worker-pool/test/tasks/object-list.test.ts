import assert from 'node:assert/strict';
import { isHyperslabError } from '@hyperslab/errors';
import { ListingRemarks } from '@hyperslab/proto/index';
import fc from 'fast-check';
import { decodeObjects, decodeRemarks, encodeObjectList, objectCount } from '../../src/tasks/object-list.ts';

const indexName = fc.uint8Array({ minLength: 16, maxLength: 16 });
const kept = fc.record(
  { pack: fc.nat(), offset: fc.maxSafeNat(), length: fc.nat(), position: fc.nat() },
  { noNullPrototype: true },
);
const object = fc.record(
  { url: fc.string({ unit: 'grapheme' }), size: fc.nat(), indexName, kept },
  { noNullPrototype: true, requiredKeys: ['url', 'size', 'indexName'] },
);
const objects = fc.array(object, { maxLength: 40 });
const texts = fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 4 });

describe('object list', () => {
  it('gives back any run of its objects, also from shared memory', () => {
    fc.assert(
      fc.property(objects, texts, fc.nat(50), fc.nat(50), (listed, packs, first, count) => {
        const remarks = ListingRemarks.fromPartial({
          keepUnder: 'indexes/a',
          packs,
          leftOut: [{ url: 'b' }],
        });
        const encoded = encodeObjectList(listed, remarks);
        const shared = new Uint8Array(new SharedArrayBuffer(encoded.length));
        shared.set(encoded);
        assert.equal(objectCount(shared), listed.length);
        assert.deepEqual(decodeRemarks(shared), remarks);
        assert.deepEqual(decodeObjects(shared, first, count), listed.slice(first, first + count));
      }),
    );
  });

  it('is refused when it is cut off', () => {
    fc.assert(
      fc.property(objects, fc.nat(), (listed, cut) => {
        if (listed.length === 0) return;
        const encoded = encodeObjectList(listed.map((object) => ({ ...object, url: `${object.url}/x` })));
        const torn = encoded.subarray(0, cut % encoded.length);
        assert.throws(
          () => decodeObjects(torn, 0, listed.length),
          (error) => isHyperslabError(error, 'INTERNAL'),
        );
      }),
    );
  });
});
