import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { HyperslabError, isHyperslabError } from '@hyperslab/errors';
import { memorySource } from '@hyperslab/storage';
import { repository, withinLimits } from '@hyperslab/testing';
import fc from 'fast-check';
import { indexFile, readStored } from '../../src/index.ts';

const archive = new Uint8Array(readFileSync(join(repository, 'fixtures/zarr/run.zarr.zip')));
const expected = JSON.parse(readFileSync(join(repository, 'fixtures/zarr/values.json'), 'utf8'));

async function read(bytes: Uint8Array): Promise<(number | null)[]> {
  const source = memorySource('mem:run.zarr.zip', bytes);
  const index = await indexFile(source);
  const variable = index.root!.variables.find(({ name }) => name === 't');
  // Damage may have renamed it.
  if (variable === undefined || variable.notComputable !== '') return [];
  const { values } = await readStored(variable, source, index.version!);
  return Array.from(values as Float64Array, (value) => (Number.isNaN(value) ? null : value));
}

/** The archive with a comment behind its end, and with ZIP64 records before it. */
function withComment(text: string): Uint8Array {
  const bytes = new Uint8Array(Buffer.concat([archive, Buffer.from(text)]));
  new DataView(bytes.buffer).setUint16(archive.length - 2, text.length, true);
  return bytes;
}

function withZip64Records(): Uint8Array {
  const end = Buffer.from(archive.subarray(archive.length - 22));
  const [length, offset] = [end.readUInt32LE(12), end.readUInt32LE(16)];
  const end64 = Buffer.alloc(56);
  end64.writeUInt32LE(0x06064b50, 0);
  end64.writeBigUInt64LE(44n, 4);
  end64.writeBigUInt64LE(BigInt(length), 40);
  end64.writeBigUInt64LE(BigInt(offset), 48);
  const locator = Buffer.alloc(20);
  locator.writeUInt32LE(0x07064b50, 0);
  locator.writeBigUInt64LE(BigInt(archive.length - 22), 8);
  end.writeUInt32LE(0xffffffff, 12);
  end.writeUInt32LE(0xffffffff, 16);
  return new Uint8Array(Buffer.concat([archive.subarray(0, -22), end64, locator, end]));
}

describe('zarr: zip archives', () => {
  it('are read by their members, stored and deflated', async () => {
    assert.deepEqual(await read(archive), expected.t);
    const { root } = await indexFile(memorySource('mem:a.zip', archive));
    const { layout, chunks } = root!.variables.find(({ name }) => name === 't')!;
    assert.equal(layout!.codecs.at(-1)!.name, 'deflate_raw');
    assert.equal(new Set(chunks!.skippedCodecs).size, 2, 'one chunk is deflated, one is not');
  });

  it('are read with a comment, and with ZIP64 records', async () => {
    assert.deepEqual(await read(withComment('made by hand')), expected.t);
    assert.deepEqual(await read(withZip64Records()), expected.t);
  });

  it('say what is wrong with them', async () => {
    const cut = archive.subarray(0, archive.length - 30);
    await assert.rejects(read(cut), /expected the end of a zip archive/);
    const renamed = new Uint8Array(
      Buffer.from(Buffer.from(archive).toString('latin1').replaceAll('zarr.json', 'data.json'), 'latin1'),
    );
    await assert.rejects(read(renamed), (error) => {
      assert.ok(isHyperslabError(error, 'FORMAT_UNKNOWN'));
      assert.match(
        error.message,
        /expected a Zarr store in the zip archive, found members such as "data\.json"/,
      );
      return true;
    });
  });

  it('end in values or a typed error when damaged', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(archive.length - 1), fc.nat(255)), { minLength: 1, maxLength: 3 }),
        fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, fc.nat(archive.length)),
        async (changes, cut) => {
          const bytes = archive.slice(0, archive.length - cut);
          for (const [at, byte] of changes) if (at < bytes.length) bytes[at] = byte;
          try {
            await withinLimits(() => read(bytes));
          } catch (error) {
            assert.ok(error instanceof HyperslabError, String(error));
            assert.notEqual(error.reason, 'INTERNAL');
          }
        },
      ),
      { numRuns: 500 },
    ));
});
