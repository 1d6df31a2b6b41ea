import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { HyperslabError, isHyperslabError, type Reason } from '@hyperslab/errors';
import { memorySource, type Storage } from '@hyperslab/storage';
import { repository, withinLimits } from '@hyperslab/testing';
import fc from 'fast-check';
import { indexFile, readStored } from '../../src/index.ts';
import { readRows } from '../../src/parquet/read-rows.ts';
import { type MemoryStore, storageOf } from '../zarr/reference.ts';

const folder = join(repository, 'fixtures/references');
const root = 'refs.parquet/.zmetadata';
const files = [root, 'refs.parquet/v/refs.0.parq', 'refs.parquet/v/refs.1.parq'];

const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
  entry.isFile(),
);
const intact: MemoryStore = new Map(
  entries.map((entry) => {
    const path = join(entry.parentPath, entry.name);
    return [path.slice(folder.length + 1), new Uint8Array(readFileSync(path))];
  }),
);

async function read(store: MemoryStore): Promise<number[]> {
  const storage = storageOf(store);
  const source = storage.open(`mem:/x/${root}`);
  const { root: group, version, others } = await indexFile(source, { storage });
  const variable = group!.variables.find(({ notComputable }) => notComputable === '');
  if (variable === undefined) return [];
  const other = others && { others, storage };
  return [...(await readStored(variable, source, version!, undefined, other)).values].map(Number);
}

/** Values, or an error that says what is wrong with which object. */
async function readsOrRefuses(store: MemoryStore): Promise<void> {
  try {
    await withinLimits(() => read(store));
  } catch (error) {
    assert.ok(error instanceof HyperslabError, String((error as Error).stack));
    assert.notEqual(error.reason, 'INTERNAL', error.message);
    assert.match(error.message, /mem:/);
  }
}

async function refuses(reason: Reason, message: RegExp, body: () => Promise<unknown>): Promise<void> {
  await assert.rejects(body, (error) => {
    assert.ok(isHyperslabError(error, reason), String(error));
    assert.match(error.message, message);
    return true;
  });
}

const withMetadata = (change: (text: string) => string): MemoryStore =>
  new Map([...intact, [root, Buffer.from(change(Buffer.from(intact.get(root)!).toString()))]]);

describe('references in Parquet: what a store may lack or claim', function () {
  this.timeout(120_000);

  it('parts, whole objects and bytes are read; what has no reference is missing', async () => {
    const values = [100, 101, 102, 103, 104, 105, 106, 107, 1, 2, 500, 501, 7, 7, 114, 115];
    assert.deepEqual(await read(intact), [...values, 7, 7, 7, 7, 7, 7, 7, 7]);
    const fewer = new Map(intact);
    fewer.delete(files[1]);
    assert.deepEqual((await read(fewer)).slice(0, 10), [7, 7, 7, 7, 7, 7, 7, 7, 1, 2]);
  });

  it('another number of references than the metadata say is refused', async () => {
    const size = (text: string) => (found: string) =>
      found.replace('"record_size":4', `"record_size":${text}`);
    const message =
      /v\/refs\.\d\.parq at byte 0: expected \d+ to \d+ references, as the metadata have it, found 4/;
    await refuses('FORMAT_CORRUPT', message, () => read(withMetadata(size('3'))));
    await refuses('FORMAT_CORRUPT', message, () => read(withMetadata(size('5'))));
    await refuses('FORMAT_CORRUPT', /"record_size" of the references/, () => read(withMetadata(size('0'))));
    await refuses('FORMAT_CORRUPT', /"record_size" of the references/, () =>
      read(withMetadata(size('null'))),
    );
  });

  it('more files than a store of references has are not asked for', () =>
    refuses('TOO_LARGE', /at most 65536 files of references, found more, of 4 references each/, () =>
      read(withMetadata((text) => text.replace('"shape":[24]', '"shape":[8000000]'))),
    ));

  it('a group beside it on a server that lists nothing is no store without chunks', async () => {
    const group = Buffer.from('{"zarr_format": 2}');
    const beside = storageOf(new Map([...intact, ['refs.parquet/.zgroup', group]]));
    const inMemory = (url: string) => url.replace('http://host/', 'mem:/x/');
    const storage: Storage = {
      ...beside,
      open: (url) => ({ ...beside.open(inMemory(url)), url }),
    };
    await refuses(
      'FORMAT_UNSUPPORTED',
      /a group beside references in Parquet is not supported; publish http:/,
      () => indexFile(storage.open('http://host/refs.parquet/.zgroup'), { storage }),
    );
  });

  it('a lone array is refused by name', () =>
    refuses('FORMAT_UNSUPPORTED', /a lone array of references in Parquet/, () =>
      read(withMetadata((text) => text.replaceAll('v\\/', ''))),
    ));

  it('with some bytes changed, or a file cut off', () =>
    fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...files),
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 }),
        fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.nat(300)),
        async (key, changes, cut) => {
          const bytes = intact.get(key)!.slice();
          for (const [at, byte] of changes) bytes[at % bytes.length] = byte;
          await readsOrRefuses(
            new Map([...intact, [key, bytes.subarray(0, Math.max(0, bytes.length - cut))]]),
          );
        },
      ),
      { numRuns: 1500 },
    ));

  it('with the largest numbers anywhere', () =>
    fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...files.slice(1)),
        fc.nat(),
        fc.integer({ min: 2, max: 9 }),
        async (key, at, count) => {
          const bytes = intact.get(key)!.slice();
          const place = at % (bytes.length - count);
          bytes.fill(255, place, place + count);
          bytes[place + count - 1] = 3;
          await readsOrRefuses(new Map([...intact, [key, bytes]]));
        },
      ),
      { numRuns: 1000 },
    ));

  it('a changed page is noticed by its checksum', async () => {
    const bytes = intact.get(files[2])!.slice();
    const at = Buffer.from(bytes).indexOf('data.bin');
    bytes[at]++;
    await refuses('CHECKSUM_MISMATCH', /refs\.1\.parq at byte \d+: expected checksum \d+ of a page/, () =>
      read(new Map([...intact, [files[2], bytes]])),
    );
  });

  it('lists in lists, each of many elements, take no memory', async () => {
    const nested = Array.from({ length: 4000 }, () => [0xf9, 0x80, 0x80, 0x80, 0x0e]).flat();
    const metadata = Buffer.from([0x19, ...nested]);
    const trailer = Buffer.alloc(8);
    trailer.writeUInt32LE(metadata.length, 0);
    trailer.write('PAR1', 4);
    const bytes = Buffer.concat([Buffer.from('PAR1'), metadata, trailer]);
    const source = memorySource('mem:/x.parq', bytes);
    await refuses('FORMAT_CORRUPT', /mem:\/x\.parq at byte \d+: expected a list within/, async () =>
      readRows(source, await source.stat(), { columns: ['path'], toValue: () => null, wanted: 1 }),
    );
  });
});
