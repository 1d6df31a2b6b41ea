import assert from 'node:assert/strict';
import { decodeArray } from '@hyperslab/array';
import { isHyperslabError, type Reason } from '@hyperslab/errors';
import type { FileIndex, IndexedVariable } from '@hyperslab/proto/index';
import { indexFile, readStored } from '../../src/index.ts';
import { storageOf } from './reference.ts';

/** Documents are written as JSON, values as bytes. */
async function index(documents: Record<string, unknown>, root: string): Promise<FileIndex> {
  const encode = (value: unknown) =>
    value instanceof Uint8Array ? value : Buffer.from(JSON.stringify(value));
  const storage = storageOf(new Map(Object.entries(documents).map(([key, value]) => [key, encode(value)])));
  return indexFile(storage.open(`mem:/x/${root}`), { storage });
}

const v3 = (change: object = {}) => ({
  zarr_format: 3,
  node_type: 'array',
  shape: [4],
  data_type: 'float32',
  chunk_grid: { name: 'regular', configuration: { chunk_shape: [2] } },
  chunk_key_encoding: { name: 'default', configuration: { separator: '/' } },
  fill_value: 0,
  codecs: [{ name: 'bytes', configuration: { endian: 'little' } }],
  ...change,
});
const v2 = (change: object = {}) => ({
  zarr_format: 2,
  shape: [4],
  chunks: [2],
  dtype: '<f4',
  compressor: null,
  filters: null,
  fill_value: 0,
  order: 'C',
  ...change,
});

async function lone(document: object): Promise<IndexedVariable> {
  const root = 'chunks' in document ? '.zarray' : 'zarr.json';
  return (await index({ [root]: document }, root)).root!.variables[0];
}

async function refuses(
  reason: Reason,
  message: RegExp,
  documents: Record<string, unknown>,
  root: string,
): Promise<void> {
  await assert.rejects(index(documents, root), (error) => {
    assert.ok(isHyperslabError(error, reason), String(error));
    assert.match(error.message, message);
    return true;
  });
}

describe('zarr: metadata', () => {
  it('may have texts in a chunk each, in time that grows with them', async () => {
    const [rows, columns] = [100, 1_000];
    const documents: Record<string, unknown> = {
      '.zarray': v2({ shape: [rows, columns], chunks: [1, 1], dtype: '|S6', fill_value: '' }),
    };
    for (let row = 0; row < rows; row++)
      for (let column = 0; column < columns; column++)
        documents[`${row}.${column}`] = Buffer.from(`${row}-${column}`.padEnd(6, '\0'));
    const [texts] = (await index(documents, '.zarray')).root!.variables;
    assert.ok(texts.inlineValues !== undefined, texts.notComputable);
    const { values } = decodeArray(texts.inlineValues);
    assert.deepEqual([values[0], values[1_001], values[rows * columns - 1]], ['0-0', '1-1', '99-999']);
  });

  it('state fill values in many ways', async () => {
    const fills: [dataType: string, stated: unknown, found: number | string][] = [
      ['float32', 'NaN', Number.NaN],
      ['float32', '-Infinity', -Infinity],
      ['float32', '0x3fc00000', 1.5],
      ['float64', '0x7ff8000000000000', Number.NaN],
      ['float32', 1e20, Math.fround(1e20)],
      ['bool', true, 1],
      ['uint8', 255, 255],
    ];
    for (const [data_type, fill_value, found] of fills) {
      const variable = await lone(
        v3({ data_type, fill_value, codecs: [{ name: 'bytes', configuration: { endian: 'big' } }] }),
      );
      assert.deepEqual(
        [variable.fillValue, variable.notComputable],
        [found, ''],
        `${data_type} ${fill_value}`,
      );
    }
    const wrong = await lone(v3({ data_type: 'int8', fill_value: 300 }));
    assert.equal(wrong.notComputable, 'its fill value 300 is no int8');
    assert.equal((await lone(v2({ fill_value: null }))).fillValue, undefined);
    assert.equal(
      (await lone(v2({ dtype: '<M8[s]', fill_value: 'NaT' }))).fillInteger,
      '-9223372036854775808',
    );
  });

  it('describe arrays with what is not known here', async () => {
    const grid = { name: 'rectilinear', configuration: {} };
    const sharding = (codecs: object[], index_codecs: object[]) => ({
      codecs: [{ name: 'sharding_indexed', configuration: { chunk_shape: [1], codecs, index_codecs } }],
    });
    const bytes = { name: 'bytes', configuration: { endian: 'little' } };
    const reasons: [object, RegExp][] = [
      [v3({ chunk_grid: grid }), /^its chunk grid "rectilinear" is not supported$/],
      [v3({ storage_transformers: [{ name: 'x' }] }), /^its storage transformers/],
      [v3({ surprise: { must_understand: true } }), /^its extension "surprise" is not supported$/],
      [v3({ surprise: 1 }), /^its extension "surprise"/],
      [v3({ data_type: 'complex64' }), /^an element is a complex number$/],
      [v3({ data_type: { name: 'fancy' } }), /^its type .*fancy.* is not known$/],
      [v3({ codecs: [bytes, { name: 'new' }] }), /^codec "new" is not supported$/],
      [v3(sharding(sharding([bytes], [bytes]).codecs, [bytes])), /^its shards hold shards$/],
      [v3(sharding([bytes], [bytes, { name: 'gzip' }])), /^the index of its shards has other codecs/],
      [
        v3({ codecs: [...sharding([bytes], [bytes]).codecs, { name: 'gzip' }] }),
        /^codec "gzip" around its shards/,
      ],
      [v2({ dtype: [['a', '<i4']] }), /^an element is a compound of a$/],
      [v2({ compressor: { id: 'lzma' } }), /^codec "lzma" is not supported$/],
      [v2({ dtype: '|O', filters: [{ id: 'pickle' }] }), /^an element is a Python object$/],
      [v2({ shape: [2 ** 40], chunks: [1] }), /^its grid of 1099511627776 chunks is too large/],
      [
        v3({
          shape: [2],
          chunk_grid: { name: 'regular', configuration: { chunk_shape: [2 ** 25] } },
          ...sharding([bytes], [bytes]),
        }),
        /^its shards have room for 33554432 chunks, too many for an index$/,
      ],
      [v2({ shape: [2 ** 40], chunks: [2 ** 40] }), /^its chunks of \d+ bytes are larger than 4 GiB$/],
    ];
    for (const [document, reason] of reasons) assert.match((await lone(document)).notComputable, reason);
    assert.equal((await lone(v3({ ignorable: { must_understand: false } }))).notComputable, '');
  });

  it('are refused where they break the specification', async () => {
    const refusals: [object, RegExp][] = [
      [v3({ shape: [-1] }), /"shape" of (?:\/|the store) to be a list of at most 64 whole numbers/],
      [
        v3({ dimension_names: ['a', 'b'] }),
        /"dimension_names" of (?:\/|the store) to be a name or null for each of 1 dimensions/,
      ],
      [v3({ codecs: [] }), /one from arrays to bytes/],
      [v3({ codecs: [{ name: 'bytes' }] }), /"bytes" with "endian" for elements of 4 bytes/],
      [
        v3({ codecs: [{ name: 'transpose', configuration: { order: [1] } }] }),
        /a permutation of 1 dimensions/,
      ],
      [v3({ node_type: 'table' }), /"node_type" of (?:\/|the store) to be "array" or "group"/],
    ];
    for (const [document, message] of refusals)
      await refuses('FORMAT_CORRUPT', message, { 'zarr.json': document }, 'zarr.json');
    await refuses(
      'FORMAT_CORRUPT',
      /"chunks" of (?:\/|the store) to be an extent/,
      { '.zarray': v2({ chunks: [0] }) },
      '.zarray',
    );
    await refuses(
      'FORMAT_CORRUPT',
      /"zarr_format" of the store to be 2 or 3/,
      { 'zarr.json': v3({ zarr_format: 4 }) },
      'zarr.json',
    );
    const group = { zarr_format: 3, node_type: 'group', attributes: {}, surprise: true };
    await refuses(
      'FORMAT_UNSUPPORTED',
      /extension "surprise" of (?:\/|the store) is not/,
      { 'zarr.json': group },
      'zarr.json',
    );
    const upwards = { zarr_consolidated_format: 1, metadata: { '../x/.zarray': v2() } };
    await refuses('FORMAT_CORRUPT', /a path of at most 64 names/, { '.zmetadata': upwards }, '.zmetadata');
    const parquet = { metadata: { '.zgroup': { zarr_format: 2 } }, record_size: 0 };
    await refuses(
      'FORMAT_CORRUPT',
      /"record_size" of the references/,
      { '.zmetadata': parquet },
      '.zmetadata',
    );
  });

  it('share dimensions by name and length, and number those without a name', async () => {
    const named = (shape: number[], names?: (string | null)[]) =>
      v3({
        shape,
        chunk_grid: { name: 'regular', configuration: { chunk_shape: shape } },
        dimension_names: names,
      });
    const group = { zarr_format: 3, node_type: 'group', attributes: {} };
    const { root } = await index(
      {
        'zarr.json': group,
        'a/zarr.json': named([3, 4], ['y', 'x']),
        'b/zarr.json': named([3, 3, 5], ['y', null, 'x']),
        'c/zarr.json': named([3, 3]),
        'g/zarr.json': group,
        'g/d/zarr.json': named([3, 9], ['y', 'x']),
      },
      'zarr.json',
    );
    const dimensions = Object.fromEntries(root!.variables.map(({ name, dimensions: own }) => [name, own]));
    assert.deepEqual(dimensions, {
      a: ['/y', '/x'],
      b: ['/y', '/phony_dim_0', '/phony_dim_1'],
      c: ['/phony_dim_0', '/phony_dim_2'],
    });
    assert.deepEqual(root!.groups[0].variables[0].dimensions, ['/y', '/g/x']);
    assert.deepEqual(
      root!.groups[0].dimensions.map(({ name, size }) => [name, size]),
      [['x', 9]],
    );
  });

  it('make attributes of what JSON has', async () => {
    const attributes = {
      text: 'a',
      texts: ['a', 'b'],
      whole: 5,
      large: 2 ** 40,
      real: [1.5, 2],
      nested: { a: [1] },
      flag: true,
      _FillValue: 'AAAAAAAA+H8=',
      valid_max: 9,
    };
    const found = (await lone(v3({ attributes }))).attributes.map(
      ({ name, dtype, strings, numbers, integers }) => [name, dtype, ...strings, ...numbers, ...integers],
    );
    assert.deepEqual(found, [
      ['text', 'char', 'a'],
      ['texts', 'string', 'a', 'b'],
      ['whole', 'int32', 5],
      ['large', 'int64', '1099511627776'],
      ['real', 'float64', 1.5, 2],
      ['nested', 'char', '{"a": [1]}'],
      ['flag', 'char', 'true'],
      ['_FillValue', 'float32', Number.NaN],
      ['valid_max', 'float32', 9],
    ]);
  });

  it('make a fill value missing where xarray wrote them', async () => {
    const missing = ({ root }: FileIndex) =>
      root!.variables[0].attributes.find(({ name }) => name === '_FillValue')?.numbers;
    const documents = { '.zarray': v2({ fill_value: -999 }) };
    assert.equal(missing(await index(documents, '.zarray')), undefined);
    assert.deepEqual(
      missing(await index({ ...documents, '.zattrs': { _ARRAY_DIMENSIONS: ['x'] } }, '.zarray')),
      [-999],
    );
  });

  it('may not say that chunks lie in folders, or that none is there', async () => {
    const storage = storageOf(
      new Map<string, Uint8Array>([
        ['.zgroup', Buffer.from('{"zarr_format": 2}')],
        ['a/.zarray', Buffer.from(JSON.stringify(v2({ shape: [2, 2], chunks: [1, 2], dtype: '|u1' })))],
        ['a/0/0', Uint8Array.from([1, 2])],
        ['a/1/0', Uint8Array.from([3, 4])],
        ['b/.zarray', Buffer.from(JSON.stringify(v2()))],
      ]),
    );
    const source = storage.open('mem:/x/.zgroup');
    const found = await indexFile(source, { storage });
    assert.deepEqual(found.notes, ['/b holds its fill value only: no chunk of it is there']);
    const other = { others: found.others!, storage };
    const { values } = await readStored(found.root!.variables[0], source, found.version!, undefined, other);
    assert.deepEqual([...values], [1, 2, 3, 4]);
  });
});
