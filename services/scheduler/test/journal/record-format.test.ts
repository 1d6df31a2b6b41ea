import assert from 'node:assert/strict';
import fc from 'fast-check';
import { decodeRecords, encodeRecord } from '../../src/journal/record-format.ts';

const payloads = fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 12 });

function fileOf(records: Uint8Array[]): Buffer {
  return Buffer.concat(records.map(encodeRecord));
}

describe('journal records', () => {
  it('come back as they were written', () => {
    fc.assert(
      fc.property(payloads, (records) => {
        const file = fileOf(records);
        const { payloads: found, length } = decodeRecords(file);
        assert.deepEqual(
          found.map((bytes) => [...bytes]),
          records.map((bytes) => [...bytes]),
        );
        assert.equal(length, file.length);
      }),
    );
  });

  it('end where the file is torn, and keep all before that', () => {
    fc.assert(
      fc.property(payloads, fc.nat(), (records, cut) => {
        const file = fileOf(records);
        const torn = file.subarray(0, cut % (file.length + 1));
        const { payloads: found, length } = decodeRecords(torn);
        assert.ok(length <= torn.length);
        assert.deepEqual(fileOf(found), file.subarray(0, length));
      }),
    );
  });

  it('never give back a damaged record', () => {
    fc.assert(
      fc.property(payloads, fc.nat(), fc.nat(7), (records, at, bit) => {
        const file = fileOf(records);
        if (file.length === 0) return;
        const damaged = Buffer.from(file);
        damaged[at % file.length] ^= 1 << bit;
        const { payloads: found } = decodeRecords(damaged);
        assert.deepEqual(fileOf(found), file.subarray(0, fileOf(found).length));
        assert.ok(found.length < records.length);
      }),
    );
  });
});
