import assert from 'node:assert/strict';
import { isHyperslabError } from '@hyperslab/errors';
import fc from 'fast-check';
import { decodeObjects, encodeObjectList, objectCount } from '../../src/tasks/object-list.ts';

const objects = fc.array(
  fc.record({ url: fc.string({ unit: 'grapheme' }), size: fc.nat() }, { noNullPrototype: true }),
  {
    maxLength: 40,
  },
);

describe('object list', () => {
  it('gives back any run of its objects, also from shared memory', () => {
    fc.assert(
      fc.property(objects, fc.nat(50), fc.nat(50), (listed, first, count) => {
        const encoded = encodeObjectList(listed);
        const shared = new Uint8Array(new SharedArrayBuffer(encoded.length));
        shared.set(encoded);
        assert.equal(objectCount(shared), listed.length);
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
