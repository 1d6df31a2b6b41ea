import assert from 'node:assert/strict';
import { createStorage } from '@hyperslab/storage';
import { Manifest } from '../../src/icechunk/manifest.ts';
import { objectName } from '../../src/icechunk/object-id.ts';
import { parseRepoInfo } from '../../src/icechunk/repo-info.ts';
import { parseSnapshot } from '../../src/icechunk/snapshot.ts';
import { VirtualLocations } from '../../src/icechunk/virtual-locations.ts';
import { indexFile } from '../../src/index.ts';
import { type MemoryStore, storageOf } from '../zarr/reference.ts';
import { icechunkFile, type Table, text, uint32s, type Vector } from './flat-buffer.ts';

const snapshotName = 'snapshots/00000000000000000000';
const manifestIds = [0, 1, 2].map((number) => Uint8Array.from([...new Uint8Array(11), number]));
const mebibyte = 1024 * 1024;

function id(number: number): Uint8Array {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt32LE(number);
  return bytes;
}

function groupNode(number: number, path: string, metadata = '{"zarr_format":3,"node_type":"group"}'): Table {
  return { fields: [id(number), text(path), text(metadata), Uint8Array.of(2)] };
}

/** An array of one dimension in chunks of one element, each of which lies in one of these regions of the manifest. */
function arrayNode(number: number, path: string, size: number, regions: Table[]): Table {
  const metadata = JSON.stringify({
    zarr_format: 3,
    node_type: 'array',
    shape: [size],
    data_type: 'int8',
    chunk_grid: { name: 'regular', configuration: { chunk_shape: [1] } },
    chunk_key_encoding: { name: 'default', configuration: { separator: '/' } },
    fill_value: 0,
    codecs: [{ name: 'bytes' }],
  });
  const data: Table = { fields: [undefined, undefined, regions] };
  return { fields: [id(number), text(path), text(metadata), Uint8Array.of(1), data] };
}

function region(from: number, to: number, manifestNumber = 0): Table {
  return { fields: [manifestIds[manifestNumber], uint32s([from, to], 1)] };
}

function snapshot(nodes: Table[]): Uint8Array {
  return icechunkFile(1, { fields: [undefined, undefined, nodes] });
}

/** A manifest with so many chunks, of a byte each, of the array with an id. */
function manifest(number: number, chunks: number): Uint8Array {
  return manifestOf(
    number,
    Array.from({ length: chunks }, (_, i) => [uint32s([i]), { count: 1, bytes: Uint8Array.of(i % 100) }]),
  );
}

/** The same with any fields of its references. */
function manifestOf(number: number, references: Table['fields'][]): Uint8Array {
  const array = { fields: [id(number), references.map((fields) => ({ fields }))] };
  return icechunkFile(2, { fields: [undefined, [array]] });
}

async function indexed(nodes: Table[], ...manifests: Uint8Array[]) {
  const store: MemoryStore = new Map([
    [snapshotName, snapshot(nodes)],
    ...manifests.map((file, i) => [`manifests/${objectName(manifestIds[i])}`, file] as const),
  ]);
  const storage = storageOf(store);
  return await indexFile(storage.open(`mem:/x/${snapshotName}`), { storage });
}

/** A repo info file whose configuration (a FlexBuffer) has so many times one container "files", of so many members. */
function repoInfo(containers: number, members: number): Uint8Array {
  const bytes = Buffer.alloc(256 + 9 * members + 9 * containers);
  let end = 0;
  const uint32 = (value: number) => {
    end = bytes.writeUInt32LE(value, end);
  };
  const textAt = (value: string) => {
    uint32(value.length);
    const at = end;
    end += bytes.write(`${value}\0`, end);
    return at;
  };
  const [key, name, location, other, files, url] = [
    ...['virtual_chunk_containers', 'name', 'url_prefix', 'x', 'files', 's3://archive/run'],
  ].map(textAt);
  const nothing = 0;
  const ofText = (5 << 2) | 2;
  const ofMap = (9 << 2) | 2;
  const mapAt = (entries: readonly (readonly [key: number, value: number, type: number])[]) => {
    const keys = end + 4;
    uint32(entries.length);
    for (const [at] of entries) uint32(end - at);
    uint32(end - keys);
    uint32(4);
    uint32(entries.length);
    const map = end;
    for (const [, at] of entries) uint32(at === nothing ? 0 : end - at);
    for (const [, , type] of entries) bytes[end++] = type;
    return map;
  };
  const filler = Array.from({ length: members - 2 }, () => [other, nothing, 0] as const);
  const container = mapAt([[name, files, ofText], [location, url, ofText], ...filler]);
  const all = mapAt(Array.from({ length: containers }, () => [other, container, ofMap] as const));
  const root = mapAt([[key, all, ofMap]]);
  uint32(end - root);
  bytes[end++] = ofMap;
  bytes[end++] = 4;
  const configuration = { count: end, bytes: bytes.subarray(0, end) };
  return icechunkFile(6, { fields: [...new Array<undefined>(9), configuration] });
}

describe('icechunk: hostile stores', function () {
  this.timeout(60_000);

  it('with one node many times', () => {
    const node = groupNode(1, '/');
    const refuses = (nodes: Table[], message: RegExp) =>
      assert.throws(() => parseSnapshot(snapshot(nodes), 'mem:/x'), { reason: 'FORMAT_CORRUPT', message });
    const bare = groupNode(1, '/', '');
    refuses(new Array<Table>(1_000_000).fill(bare), /one node "\/" .*, found two/);
    refuses([node, groupNode(2, '/a'), groupNode(3, '/a')], /one node "\/a" .*, found two/);
    refuses([node, groupNode(2, '/a'), groupNode(2, '/b')], /one node with the id of \/b .*, found two/);
    const many = Array.from({ length: 262_145 }, (_, i) => groupNode(i, `/${i}`, ''));
    refuses(many, /at most 262144 nodes .*, found more/);
    const groups = Array.from({ length: 1000 }, (_, i) => groupNode(i + 2, `/${i}`));
    assert.equal(parseSnapshot(snapshot([node, ...groups]), 'mem:/x').length, 1001);
  });

  it('with containers of virtual chunks that have the same many members', () => {
    const containers = (count: number, members: number) => parseRepoInfo(repoInfo(count, members), 'mem:/x');
    assert.equal(containers(3, 4).container('files'), 's3://archive/run/');
    assert.equal(containers(3, 4).container('none'), undefined);
    const message = /containers of virtual chunks with few members, found more/;
    assert.throws(() => containers(60_000, 60_000).container('none'), { reason: 'FORMAT_CORRUPT', message });
  });

  it('with a container that many locations name, whose configuration is read once', async () => {
    const storage = createStorage({ roots: ['s3://archive/'] });
    let reads = 0;
    const locations = new VirtualLocations(storage, 'mem:/x/', async () => {
      reads++;
      return parseRepoInfo(repoInfo(1, 2), 'mem:/x/repo');
    });
    const names = Array.from({ length: 100 }, (_, i) => `${i}.nc`);
    const urls = await Promise.all(names.map((name) => locations.resolve(`vcc://files/${name}`)));
    assert.deepEqual(
      urls,
      names.map((name) => `s3://archive/run/${name}`),
    );
    assert.equal(reads, 1);
    await storage.close();
  });

  it('with many branches that have the same long name', () => {
    const branch = { fields: [text('m'.repeat(mebibyte))] };
    const repo = (count: number) =>
      icechunkFile(6, { fields: [undefined, undefined, new Array<Table>(count).fill(branch)] });
    assert.equal(parseRepoInfo(repo(1_000_000), 'mem:/x').branch('main'), undefined);
    assert.throws(() => parseRepoInfo(repo(1_100_000), 'mem:/x').branch('main'), {
      reason: 'FORMAT_CORRUPT',
      message: /at most 1048576 branches or tags/,
    });
  });

  it('with vectors and texts that are longer than what they are for', async () => {
    const root = groupNode(1, '/');
    const refuses = async (message: RegExp, body: () => unknown) =>
      assert.rejects(async () => body(), { reason: 'FORMAT_CORRUPT', message });
    const extents: Table = { fields: [manifestIds[0], uint32s(new Array<number>(130).fill(0), 65)] };
    await refuses(/extents of at most 64 dimensions .*, found 65/, () =>
      parseSnapshot(snapshot([root, arrayNode(2, '/t', 1, [extents])]), 'mem:/x'),
    );
    const chunksOf = (fields: Table['fields']) => [
      ...new Manifest(manifestOf(2, [fields]), 'mem:/x').chunksOf('0200000000000000', 1),
    ];
    await refuses(/at most 64 numbers .*, found 65/, () =>
      chunksOf([uint32s(new Array<number>(65).fill(0))]),
    );
    const location = [uint32s([0]), undefined, undefined, undefined, undefined, text('s3://archive/a.nc')];
    assert.equal(chunksOf([...location, text('"tag"')]).length, 1);
    await refuses(/a text of at most 1024 bytes .*, found 1025 bytes/, () =>
      chunksOf([...location, text('x'.repeat(1025))]),
    );
    const array = { fields: [id(2), []] };
    await refuses(
      /one array with the id 0200000000000000 .*, found two/,
      () => new Manifest(icechunkFile(2, { fields: [undefined, [array, array]] }), 'mem:/x'),
    );
  });

  it('with a large dictionary of locations', async () => {
    const packed = [undefined, undefined, undefined, undefined, undefined, undefined, undefined, text('x')];
    const file = (dictionary: Vector) => {
      const array = { fields: [id(2), [{ fields: [uint32s([0]), ...packed] }]] };
      return new Manifest(icechunkFile(2, { fields: [undefined, [array], dictionary] }), 'mem:/x');
    };
    const large = text('x'.repeat(mebibyte + 1));
    assert.throws(() => [...file(large).chunksOf('0200000000000000', 1)], {
      reason: 'FORMAT_UNSUPPORTED',
      message: /a dictionary of locations of more than 1048576 bytes is not supported/,
    });
  });

  it('with manifests that contradict each other, or their array', async () => {
    const root = groupNode(1, '/');
    const refuses = (message: RegExp, regions: Table[], ...manifests: Uint8Array[]) =>
      assert.rejects(indexed([root, arrayNode(2, '/t', 3, regions)], ...manifests), {
        reason: 'FORMAT_CORRUPT',
        message,
      });
    const [whole, twice] = [manifest(2, 3), [region(0, 3, 0), region(2, 3, 1)]];
    await refuses(/t\/c\/2 at byte 0: expected one chunk for each place, found two/, twice, whole, whole);
    const apart = [region(0, 2, 0), region(2, 3, 1)];
    const { root: read } = await indexed([root, arrayNode(2, '/t', 3, apart)], whole, whole);
    assert.deepEqual(read!.variables[0].chunks!.lengths, [1, 1, 1]);
    const square: Table = { fields: [manifestIds[0], uint32s([0, 3, 0, 1], 2)] };
    await refuses(/extents of 1 dimensions in a manifest of \/t, found 2/, [square], whole);
  });

  it('with more bytes of chunks in manifests than an index holds', async () => {
    const bytes = { count: 90 * mebibyte, bytes: new Uint8Array(90 * mebibyte) };
    const manifests = [0, 1, 2].map((at) => manifestOf(2, [[uint32s([at]), bytes]]));
    const regions = [0, 1, 2].map((at) => region(at, at + 1, at));
    await assert.rejects(indexed([groupNode(1, '/'), arrayNode(2, '/t', 3, regions)], ...manifests), {
      reason: 'TOO_LARGE',
      message: /^mem:\/x\/: expected at most 268435456 bytes in references themselves, found 283115520/,
    });
  });

  it('with manifests that lead to the same chunks again and again', async () => {
    const root = groupNode(1, '/');
    const { root: read } = await indexed([root, arrayNode(2, '/t', 3, [region(0, 3)])], manifest(2, 3));
    assert.deepEqual(read!.variables[0].chunks!.lengths, [1, 1, 1]);
    const regions = Array.from({ length: 1024 }, () => region(0, 1));
    await assert.rejects(indexed([root, arrayNode(2, '/t', 1, regions)], manifest(2, 20_000)), {
      reason: 'FORMAT_UNSUPPORTED',
      message: /a store of so many references to chunks is not supported/,
    });
  });
});
