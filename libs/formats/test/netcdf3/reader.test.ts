import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { HyperslabError, isHyperslabError, type Reason } from '@hyperslab/errors';
import { type ByteRange, memorySource, type ReadOptions } from '@hyperslab/storage';
import {
  pythonPath,
  repository,
  sharedCorpora,
  sharedData,
  toolPath,
  withinLimits,
  withTemporaryDirectory,
} from '@hyperslab/testing';
import fc from 'fast-check';
import { indexFile, readStored } from '../../src/index.ts';
import { type ClassicFile, headerBytes } from './classic-bytes.ts';
import { assertAsReference, type ReferenceFile } from './reference.ts';

const fixtures = join(repository, 'fixtures/netcdf3');
const expected = JSON.parse(readFileSync(join(fixtures, 'expected.json'), 'utf8')) as Record<
  string,
  ReferenceFile
>;
const fixture = (name: string) => new Uint8Array(readFileSync(join(fixtures, name)));

async function rejectsWith(reason: Reason, promise: Promise<unknown>, text: RegExp): Promise<void> {
  await assert.rejects(promise, (error) => {
    assert.ok(isHyperslabError(error, reason), String(error));
    assert.match(error.message, text);
    return true;
  });
}

describe('netcdf3: files that netCDF-C wrote', () => {
  for (const [name, reference] of Object.entries(expected)) {
    it(`reads ${name}`, () => assertAsReference(memorySource(name, fixture(name)), reference));
  }
});

function isClassic(path: string): boolean {
  return statSync(path).isFile() && readFileSync(path).toString('latin1', 0, 3) === 'CDF';
}

/** Folders of the corpora that hold files in CDL. */
const textFolders = ['netcdf-c-files/ncdump/cdl', 'netcdf-c-files/nczarr_test', 'cf-compliance'];
/** The one file of the corpora that netCDF-C refuses. */
const damaged = 'netcdf-c-files/nc_test/bad_cdf5_begin.nc';

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true }).map((name) => join(folder, String(name)));
}

/** Descriptions by netCDF-C of files that are not in the repository. */
function describeFiles(python: string, paths: readonly string[]): Record<string, ReferenceFile> {
  const script = join(fixtures, 'describe.py');
  const output = execFileSync(python, ['-B', script, ...paths], { maxBuffer: 2 ** 28 });
  return JSON.parse(output.toString());
}

describe('netcdf3: real files (needs ../shared/data and Python)', function () {
  this.timeout(60_000);
  it('are read as netCDF-C reads them', async function () {
    const data = sharedData();
    const python = pythonPath();
    if (data === undefined || python === undefined) this.skip();
    const paths = ['nc3', 'nc3_64bit', 'derived']
      .flatMap((folder) =>
        readdirSync(join(data, folder), { recursive: true }).map((name) => join(data, folder, String(name))),
      )
      .filter(isClassic);
    assert.ok(paths.length > 30);
    for (const [path, reference] of Object.entries(describeFiles(python, paths))) {
      await assertAsReference(memorySource(path, new Uint8Array(readFileSync(path))), reference);
    }
  });
});

describe('netcdf3: files of the corpora (need ../shared/corpora, ncgen and Python)', function () {
  this.timeout(120_000);
  it('in CDL are read as netCDF-C reads them', async function () {
    const corpora = sharedCorpora();
    const python = pythonPath();
    const ncgen = toolPath('ncgen');
    if (corpora === undefined || python === undefined || ncgen === undefined) this.skip();
    // The "big" texts make sparse files of gigabytes, whose values nobody wants to read.
    const texts = textFolders.flatMap((folder) =>
      filesBelow(join(corpora, folder)).filter((path) => /\/(?!big)[^/]*\.cdl$/.test(path)),
    );
    await withTemporaryDirectory(async (made) => {
      for (const [i, text] of texts.entries()) {
        const path = join(made, `${i}_${basename(text, '.cdl')}.nc`);
        try {
          execFileSync(ncgen, ['-k', 'cdf5', '-o', path, text], { stdio: 'ignore' });
        } catch {
          // Groups and types of netCDF-4, which classic files can't hold.
        }
      }
      const paths = filesBelow(made).filter(isClassic);
      assert.ok(paths.length > 150, `${paths.length} files`);
      for (const [path, reference] of Object.entries(describeFiles(python, paths))) {
        await assertAsReference(memorySource(path, new Uint8Array(readFileSync(path))), reference);
      }
    });
  });

  it('that are binary are read as netCDF-C reads them', async function () {
    const corpora = sharedCorpora();
    const python = pythonPath();
    if (corpora === undefined || python === undefined) this.skip();
    const paths = filesBelow(corpora).filter((path) => path.endsWith('.nc') && !path.endsWith(damaged));
    const classic = paths.filter(isClassic);
    assert.equal(classic.length, 15);
    for (const [path, reference] of Object.entries(describeFiles(python, classic))) {
      await assertAsReference(memorySource(path, new Uint8Array(readFileSync(path))), reference);
    }
  });

  it('the one that is damaged is refused', async function () {
    const corpora = sharedCorpora();
    if (corpora === undefined) this.skip();
    const bytes = readFileSync(join(corpora, damaged));
    await rejectsWith(
      'FORMAT_CORRUPT',
      indexFile(memorySource('bad.nc', bytes)),
      /^bad\.nc at byte \d+: expected/,
    );
  });
});

describe('netcdf3: records', () => {
  const name = 'cdf2_every_type.nc';
  const streaming = (bytes: Uint8Array) => {
    bytes.fill(0xff, 4, 8);
    return bytes;
  };

  it('are counted by the length of the file while a writer streams', async () => {
    for (const streamed of [name, 'cdf1_lone_i2.nc', 'cdf1_no_records.nc']) {
      await assertAsReference(memorySource(streamed, streaming(fixture(streamed))), expected[streamed]);
    }
  });

  it('count only when they are whole', async () => {
    const bytes = streaming(fixture('cdf1_lone_i2.nc'));
    const index = await indexFile(memorySource('x', bytes.subarray(0, bytes.length - 1)));
    assert.deepEqual(index.root!.variables[1].shape, [4, 3]);
  });

  it('may lack the padding of the last', async () => {
    // 163 bytes: of the last record, three of four bytes are there.
    const bytes = fixture('cdf1_lone_i1.nc');
    assert.equal(bytes.length % 4, 3);
    await assertAsReference(memorySource('x', bytes), expected['cdf1_lone_i1.nc']);
  });

  it('must all be there', async () => {
    for (const [fileName, reference] of Object.entries(expected)) {
      const last = reference.variables.filter(({ shape }) => !shape.includes(0));
      if (last.length === 0) continue;
      const cut = fixture(fileName).subarray(0, fixture(fileName).length - 4);
      await rejectsWith(
        'FORMAT_CORRUPT',
        indexFile(memorySource('x', cut)),
        /^x at byte \d+: expected the values of/,
      );
    }
  });
});

describe('netcdf3: texts', () => {
  const words = (...values: number[]) => Buffer.concat(values.map((value) => Buffer.from([0, 0, 0, value])));

  it('that are no UTF-8 are Latin-1, in which 0x85 is a control and no ellipsis', async () => {
    const text = Buffer.from([0x63, 0xe9, 0x85, 0x00]);
    // No records, no dimensions, one attribute "t" of four characters, no variables.
    const head = [Buffer.from('CDF\x01'), words(0, 0, 0, 12, 1, 1), Buffer.from('t\0\0\0'), words(2, 4)];
    const file = Buffer.concat([...head, text, words(0, 0)]);
    const { root } = await indexFile(memorySource('x', file));
    assert.deepEqual(root!.attributes[0].strings, ['c\xe9\x85']);
  });
});

describe('netcdf3: large files', () => {
  const large: ClassicFile = {
    version: 2,
    records: 0,
    dimensions: [
      ['y', 40_000],
      ['x', 50_000],
    ],
    // The size of a variable past 4 GiB is written as 2^32 - 1.
    variables: [
      { name: 'a', dimensions: [0, 1], type: 5, size: 2 ** 32 - 1, begin: 1000 },
      { name: 'b', dimensions: [0], type: 5, size: 160_000, begin: 8_000_001_000 },
    ],
  };
  /** A source of zeros after a header. */
  const sparse = (file: ClassicFile, size: number) => {
    const head = headerBytes(file);
    return {
      url: 'sparse.nc',
      stat: async () => ({ size, etag: '', modifiedUs: 1 }),
      read: async (ranges: readonly ByteRange[], options?: ReadOptions) =>
        ranges.map(({ offset, length }) => {
          options?.onRequest?.({ offset, length, startedMs: 0 });
          const bytes = new Uint8Array(length);
          bytes.set(head.subarray(offset, offset + length));
          return bytes;
        }),
    };
  };

  it('have variables past 4 GiB, in chunks of at most 4 MiB', async () => {
    const index = await indexFile(sparse(large, 8_000_161_000));
    const [a, b] = index.root!.variables;
    assert.deepEqual(a.shape, [40_000, 50_000]);
    assert.deepEqual(a.layout!.chunkShape, [20, 50_000]);
    assert.equal(a.chunks!.offsets.length, 2000);
    assert.equal(a.chunks!.offsets[1999] + a.chunks!.lengths[1999], 8_000_001_000);
    assert.deepEqual(b.chunks, { offsets: [8_000_001_000], lengths: [160_000], skippedCodecs: [] });
    assert.equal(index.bytesRead, 65_536);
  });

  it('must be as long as they say', async () => {
    await rejectsWith('FORMAT_CORRUPT', indexFile(sparse(large, 8_000_160_999)), /"b" up to byte 8000161000/);
  });

  it('may have headers longer than what is read at first', async () => {
    const names = Array.from({ length: 3000 }, (_, i) => `a variable with a long name, number ${i}`);
    const variables = names.map((text, i) => ({
      name: text,
      dimensions: [],
      type: 4,
      size: 4,
      begin: 500_000 + 4 * i,
    }));
    const index = await indexFile(sparse({ version: 1, records: 0, dimensions: [], variables }, 512_000));
    assert.equal(index.root!.variables.length, 3000);
    assert.equal(index.root!.variables[2999].name, names[2999]);
  });
});

describe('netcdf3: hostile files', () => {
  const base: ClassicFile = {
    version: 5,
    records: 1,
    dimensions: [
      ['t', 0],
      ['x', 4],
    ],
    variables: [{ name: 'v', dimensions: [0, 1], type: 5, size: 16, begin: 200 }],
  };
  const index = (file: ClassicFile) => {
    const bytes = new Uint8Array(300);
    bytes.set(headerBytes(file));
    return indexFile(memorySource('x', bytes));
  };

  it('the base of these is read', async () => {
    assert.deepEqual((await index(base)).root!.variables[0].shape, [1, 4]);
  });

  const broken: [what: string, change: Partial<ClassicFile>, text: RegExp][] = [
    ['more records than fit', { records: 2 ** 40 }, /up to byte/],
    [
      'a dimension of 2^52',
      {
        dimensions: [
          ['t', 0],
          ['x', 2 ** 52],
        ],
      },
      /size below 2\^53/,
    ],
    [
      'a negative begin',
      { variables: [{ ...base.variables[0], begin: Number.MAX_SAFE_INTEGER * 1024 }] },
      /offset/,
    ],
    ['values in the header', { variables: [{ ...base.variables[0], begin: 8 }] }, /after the header/],
    ['a dimension that is not there', { variables: [{ ...base.variables[0], dimensions: [7] }] }, /below 2/],
    [
      'a record dimension in the middle',
      { variables: [{ ...base.variables[0], dimensions: [1, 0] }] },
      /first/,
    ],
    ['an unknown type', { variables: [{ ...base.variables[0], type: 12 }] }, /data type from 1 to 11/],
    ['two variables of a name', { variables: [base.variables[0], base.variables[0]] }, /"v" twice/],
    [
      'two dimensions of a name',
      {
        dimensions: [
          ['x', 0],
          ['x', 4],
        ],
      },
      /expected each dimension to have a name of its own, found "x" twice/,
    ],
    ['an empty name', { variables: [{ ...base.variables[0], name: '' }] }, /a name/],
    [
      'a type of CDF-5 in CDF-1',
      { version: 1, variables: [{ ...base.variables[0], type: 11 }] },
      /from 1 to 6/,
    ],
  ];
  for (const [what, change, text] of broken) {
    it(`with ${what} are refused`, () => rejectsWith('FORMAT_CORRUPT', index({ ...base, ...change }), text));
  }

  it('with another list than the specification has are refused', async () => {
    const bytes = Buffer.alloc(300);
    bytes.set(headerBytes(base));
    // After the version and the number of records.
    bytes.writeUInt32BE(13, 12);
    const text = /expected the list of dimensions \(tag 10\) or its absence \(0, 0\), found/;
    await rejectsWith('FORMAT_CORRUPT', indexFile(memorySource('x', bytes)), text);
  });

  it('with a name that is no UTF-8 are refused', async () => {
    const bytes = Buffer.alloc(300);
    bytes.set(headerBytes(base));
    bytes[bytes.lastIndexOf('v')] = 0xff;
    const text = /expected UTF-8 text, found other bytes/;
    await rejectsWith('FORMAT_CORRUPT', indexFile(memorySource('x', bytes)), text);
  });

  it('with two dimensions of length 0 are refused', async () => {
    const dimensions: ClassicFile['dimensions'] = [
      ['t', 0],
      ['x', 0],
    ];
    const text =
      /a classic file with 2 dimensions of length 0 is not supported; write it again with one record/;
    await rejectsWith('FORMAT_UNSUPPORTED', index({ ...base, dimensions }), text);
  });

  it('with counts past the file are refused before memory is taken', async () => {
    for (const at of [8, 16, 40]) {
      const bytes = headerBytes({ ...base, version: 1 });
      bytes.fill(0x7f, at, at + 4);
      await rejectsWith('FORMAT_CORRUPT', indexFile(memorySource('x', bytes)), /./);
    }
  });

  it('are answered with an index or a typed error, whatever was damaged', async function () {
    this.timeout(20_000);
    const names = Object.keys(expected).filter((name) => /every_type|lone|random_[0-3]/.test(name));
    const damage = fc.record({
      name: fc.constantFrom(...names),
      flips: fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 }),
      cut: fc.oneof(fc.constant(0), fc.nat(200)),
    });
    await fc.assert(
      fc.asyncProperty(damage, async ({ name, flips, cut }) => {
        const bytes = fixture(name);
        // Headers are where damage tells; values are just other values.
        for (const [at, value] of flips) bytes[at % Math.min(bytes.length, 900)] = value;
        const source = memorySource('x', bytes.subarray(0, bytes.length - Math.min(cut, bytes.length)));
        try {
          await withinLimits(async () => {
            const found = await indexFile(source);
            for (const variable of found.root!.variables) await readStored(variable, source, found.version!);
          });
        } catch (error) {
          assert.ok(error instanceof HyperslabError, `${String(error)} ${(error as Error).stack}`);
          assert.ok(/^FORMAT_/.test(error.reason), error.message);
        }
      }),
      { numRuns: 1500 },
    );
  });
});
