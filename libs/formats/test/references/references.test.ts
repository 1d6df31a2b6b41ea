import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { decodeValues } from '@hyperslab/array';
import { isHyperslabError, type Reason } from '@hyperslab/errors';
import { memorySource } from '@hyperslab/storage';
import { hasPython, runPython, withTemporaryDirectory } from '@hyperslab/testing';
import fc from 'fast-check';
import { indexFile } from '../../src/index.ts';
import { parseJson } from '../../src/json/parse-json.ts';
import { parseReferences, type Reference } from '../../src/references/parse-references.ts';
import { storageOf, valuesOf, withStore } from '../zarr/reference.ts';

const script = join(import.meta.dirname, 'foreign/write-references.py');
const parse = (document: object) =>
  parseReferences(parseJson(Buffer.from(JSON.stringify(document)), 'mem:refs.json'), 'mem:refs.json');

async function refuses(reason: Reason, message: RegExp, body: () => unknown): Promise<void> {
  await assert.rejects(
    async () => body(),
    (error) => {
      assert.ok(isHyperslabError(error, reason), String(error));
      assert.match(error.message, message);
      return true;
    },
  );
}

const array = {
  '.zgroup': '{"zarr_format": 2}',
  'v/.zarray': JSON.stringify({
    zarr_format: 2,
    shape: [4],
    chunks: [2],
    dtype: '<u2',
    compressor: null,
    filters: null,
    fill_value: 7,
    order: 'C',
  }),
};

describe('references', function () {
  this.timeout(60_000);

  it('that kerchunk makes of NetCDF-4, one file and joined (needs Python and kerchunk)', async function () {
    if (!hasPython('kerchunk', 'netCDF4')) this.skip();
    await withTemporaryDirectory(async (folder) => {
      const seed = Date.now() % 2 ** 31;
      const [expected] = runPython<Record<'single' | 'joined', number[]>>(script, folder, seed);
      for (const [file, values] of [
        ['single.json', expected.single],
        ['flat.json', expected.single],
        ['joined.json', expected.joined],
      ] as const) {
        await withStore(join(folder, file), async (store) => {
          assert.equal(store.index.format, 'references');
          // Nothing of the data files was read.
          assert.ok(store.index.bytesRead <= store.index.version!.size + 65536);
          const variable = store.variables.get('/t')!;
          assert.equal(variable.notComputable, '');
          const found = [...(await valuesOf(store, variable)).values].map(Number);
          assert.deepEqual(found, values, `seed ${seed}, ${file}`);
        });
      }
    });
  });

  it('hold bytes, lead to parts and whole objects, and to nothing', () =>
    withTemporaryDirectory(async (folder) => {
      await writeFile(join(folder, 'data.bin'), Uint8Array.from([9, 9, 1, 0, 2, 0]));
      await writeFile(join(folder, 'whole.bin'), Uint8Array.from([3, 0, 4, 0]));
      const read = async (chunks: object) => {
        const path = join(folder, 'refs.json');
        await writeFile(path, JSON.stringify({ version: 1, refs: { ...array, ...chunks } }));
        return withStore(path, async (store) => [
          ...(await valuesOf(store, store.variables.get('/v')!)).values,
        ]);
      };
      const file = pathToFileURL(join(folder, 'data.bin')).href;
      assert.deepEqual(await read({ 'v/0': [file, 2, 4], 'v/1': ['whole.bin'] }), [1, 2, 3, 4]);
      assert.deepEqual(await read({ 'v/0': 'base64:BQAGAA==' }), [5, 6, 7, 7]);
      assert.deepEqual(await read({ 'v/1': 'a\u0000b\u0000', 'v/0': 'c\u0000d\u0000' }), [99, 100, 97, 98]);
    }));

  it('hold many short texts beside much else', () =>
    withTemporaryDirectory(async (folder) => {
      const count = 12_000;
      const texts = Array.from({ length: count }, (_, i) => String(i % 97).padStart(2, '0'));
      const strings = { shape: [count], chunks: [1], dtype: '|S2', fill_value: '' };
      const bytes = { shape: [2e7], chunks: [2e7], dtype: '|u1', fill_value: 0 };
      const common = { zarr_format: 2, compressor: null, filters: null, order: 'C' };
      const refs = {
        '.zgroup': array['.zgroup'],
        'a/.zarray': JSON.stringify({ ...common, ...bytes }),
        'a/0': 'A'.repeat(2e7),
        's/.zarray': JSON.stringify({ ...common, ...strings }),
        ...Object.fromEntries(texts.map((text, i) => [`s/${i}`, text])),
      };
      const path = join(folder, 'refs.json');
      await writeFile(path, JSON.stringify({ version: 1, refs }));
      await withStore(path, async (store) => {
        const { inlineValues } = store.variables.get('/s')!;
        assert.deepEqual(decodeValues('string', inlineValues!.data, count), texts);
      });
    }));

  it('to messages of GRIB are described where they stand for places of points', () =>
    withTemporaryDirectory(async (folder) => {
      const path = join(folder, 'refs.json');
      const filters = (name: string) => [{ id: 'grib', var: name, dtype: 'float64' }];
      const metadata = (name: string) =>
        JSON.stringify({ ...JSON.parse(array['v/.zarray']), dtype: '<f8', filters: filters(name) });
      const refs = { ...array, 'v/.zarray': metadata('latitude'), 't/.zarray': metadata('t2m') };
      await writeFile(path, JSON.stringify({ version: 1, refs }));
      await withStore(path, async ({ variables }) => {
        assert.equal(variables.get('/t')!.notComputable, '');
        assert.deepEqual(variables.get('/t')!.layout!.codecs.at(-1), {
          name: 'grib',
          configuration: '{"dtype":"float64"}',
        });
        assert.match(variables.get('/v')!.notComputable, /computed of the grid of a GRIB message/);
      });
    }));

  it('count relative URLs from their folder, whatever the query of a web address has', async () => {
    const url = 'http://host/run/refs.json?signature=a/b/';
    const document = Buffer.from(JSON.stringify({ version: 1, refs: { ...array, 'v/0': ['d.bin', 2, 4] } }));
    const storage = { ...storageOf(new Map()), open: (target: string) => memorySource(target, document) };
    const { others } = await indexFile(storage.open(url), { storage });
    assert.deepEqual(others!.urls, ['http://host/run/d.bin']);
  });

  it('lead nowhere outside the roots', () =>
    withTemporaryDirectory(async (folder) => {
      const path = join(folder, 'refs.json');
      for (const url of ['/etc/passwd', 'http://169.254.169.254/latest/', '../x', 's3://bucket/key']) {
        await writeFile(path, JSON.stringify({ version: 1, refs: { ...array, 'v/0': [url, 0, 4] } }));
        await refuses('OUTSIDE_ROOTS', /./, () => withStore(path, async () => undefined));
      }
    }));

  it('ask for no more bytes than metadata and texts may take', () =>
    withTemporaryDirectory(async (folder) => {
      const path = join(folder, 'refs.json');
      await writeFile(join(folder, 'data.bin'), 'bytes');
      const refusesWith = async (reason: Reason, message: RegExp, refs: object) => {
        await writeFile(path, JSON.stringify({ version: 1, refs: { ...array, ...refs } }));
        await refuses(reason, message, () => withStore(path, async () => undefined));
      };
      const endless = ['data.bin', 0, 9e15];
      await refusesWith('TOO_LARGE', /data\.bin: expected metadata of at most/, { 'w/.zarray': endless });
      const texts = (change: object) => ({
        'v/.zarray': JSON.stringify({ ...JSON.parse(array['v/.zarray']), fill_value: null, ...change }),
        'v/0': endless,
      });
      const message = /v\/: chunk 0: codec "bytes": .* found 9000000000000000/;
      await refusesWith('FORMAT_CORRUPT', message, texts({ dtype: '<U2' }));
      await refusesWith('FORMAT_CORRUPT', message, texts({ dtype: '|O', filters: [{ id: 'vlen-utf8' }] }));
    }));

  it('are made by templates and generators', () => {
    const references = parse({
      version: 1,
      templates: { u: 's3://bucket/run', n: '{{u}}/{{i}}' },
      gen: [
        {
          key: 'v/{{i}}.{{j}}',
          url: '{{n}}.nc',
          offset: '{{(i + 1) * 1000 + j}}',
          length: '1000',
          dimensions: { i: { stop: 3, step: 2 }, j: [4, 5] },
        },
      ],
      refs: { '.zgroup': {}, 'w/0': ['{{u}}.nc', 1, 2] },
    });
    const part = (url: string, offset: number, length: number): Reference => ({
      kind: 'part',
      url,
      offset,
      length,
    });
    assert.equal(references.size, 6);
    assert.deepEqual(references.get('v/2.5'), part('s3://bucket/run/2.nc', 3005, 1000));
    assert.deepEqual(references.get('v/0.4'), part('s3://bucket/run/0.nc', 1004, 1000));
    assert.deepEqual(references.get('w/0'), part('s3://bucket/run.nc', 1, 2));
  });

  it('say what is wrong with them', async () => {
    await refuses('FORMAT_CORRUPT', /"v\/0" of the references to be a text, \[URL\] or/, () =>
      parse({ refs: { 'v/0': ['u', 1] } }),
    );
    await refuses('FORMAT_CORRUPT', /"version" of the references to be 1, found 2/, () =>
      parse({ version: 2, refs: {} }),
    );
    await refuses('FORMAT_UNSUPPORTED', /the template \{\{f\(c='x'\)\}\} is not supported/, () =>
      parse({ version: 1, refs: { 'v/0': ["{{f(c='x')}}"] } }),
    );
    const endless = { key: '{{i}}', url: 'u', dimensions: { i: { stop: 1e9 } } };
    await refuses('FORMAT_CORRUPT', /"dimensions" of a generator/, () =>
      parse({ version: 1, gen: [endless], refs: {} }),
    );
  });

  it('are bounded in what a small document makes of templates', async () => {
    const one = { key: 'k/{{i}}', url: '{{a}}', dimensions: { i: { stop: 2 } } };
    const made = (template: string, url: string, generator: object = {}) =>
      parse({ version: 1, templates: { a: template }, gen: [{ ...one, url, ...generator }], refs: {} });
    assert.equal(made('x'.repeat(8192), '{{a}}').size, 2);
    const tooLong = /a template of more than 8192 characters is not supported/;
    await refuses('FORMAT_UNSUPPORTED', tooLong, () => made('x'.repeat(8193), '{{a}}'));
    await refuses('FORMAT_UNSUPPORTED', tooLong, () => made('x'.repeat(100), '{{a}}'.repeat(100)));
    await refuses('FORMAT_UNSUPPORTED', tooLong, () => made('{{a}}'.repeat(1000), '{{a}}{{a}}'));
    await refuses('FORMAT_UNSUPPORTED', tooLong, () => made('', `{{0${'+1'.repeat(5000)}}}`));
    await refuses('FORMAT_UNSUPPORTED', /more than 268435456 characters together/, () =>
      made('x'.repeat(8192), '{{a}}', { key: 'same', dimensions: { i: { stop: 4e6 } } }),
    );
    const stop = { stop: 4 * 1024 * 1024 };
    const many = Object.fromEntries(Array.from({ length: 64 }, (_, i) => [`i${i}`, stop]));
    await refuses('FORMAT_CORRUPT', /indices of at most 4194304 references/, () =>
      made('', '', { dimensions: many }),
    );
    const again = { key: 'same', url: 'u', dimensions: { i: { stop: 3e6 } } };
    await refuses('FORMAT_CORRUPT', /indices of at most 4194304 references/, () =>
      parse({ version: 1, gen: [again, again], refs: {} }),
    );
    await refuses('FORMAT_CORRUPT', /at most 64 dimensions/, () =>
      made('', '', { dimensions: { ...many, i64: [] } }),
    );
  });

  it('may hold braces that nothing closes', () => {
    const url = '{{'.repeat(4096);
    const refs = Object.fromEntries(Array.from({ length: 4000 }, (_, i) => [`k${i}`, [url]]));
    assert.deepEqual(parse({ version: 1, refs }).get('k9'), { kind: 'whole', url });
  });

  it('hide a template behind an index for one generator only', () => {
    const gen = [
      { key: 'a/{{i}}', url: '{{i}}', dimensions: { i: [7] } },
      { key: 'b/{{j}}', url: '{{i}}', dimensions: { j: [8] } },
    ];
    const references = parse({ version: 1, templates: { i: 'text' }, gen, refs: {} });
    assert.deepEqual(references.get('a/7'), { kind: 'whole', url: '7' });
    assert.deepEqual(references.get('b/8'), { kind: 'whole', url: 'text' });
  });

  it('end in references or a typed error whatever they are', () => {
    const value = fc.oneof(
      fc.string(),
      fc.array(fc.oneof(fc.string(), fc.integer(), fc.constant('{{a*a//0}}')), { maxLength: 4 }),
      fc.jsonValue(),
    );
    const document = fc.record({
      version: fc.constantFrom(1, 1, 1, 'x'),
      templates: fc.oneof(fc.dictionary(fc.constantFrom('a', 'b'), fc.string()), fc.jsonValue()),
      gen: fc.oneof(
        fc.constant([]),
        fc.array(
          fc.record({
            key: fc.string(),
            url: fc.constantFrom('{{i}}', '{{((i)', ''),
            dimensions: fc.jsonValue(),
          }),
        ),
      ),
      refs: fc.dictionary(fc.string(), value),
    });
    fc.assert(
      fc.property(document, (content) => {
        try {
          parse(content);
        } catch (error) {
          assert.ok(
            isHyperslabError(error, 'FORMAT_CORRUPT') || isHyperslabError(error, 'FORMAT_UNSUPPORTED'),
            String(error),
          );
        }
      }),
      { numRuns: 300 },
    );
  });
});
