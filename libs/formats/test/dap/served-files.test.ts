import assert from 'node:assert/strict';
import { join } from 'node:path';
import {
  allocateValues,
  copyRegion,
  decodeValues,
  elementCount,
  type NumericType,
  type NumericValues,
} from '@hyperslab/array';
import { allChunks, atomicType, dapUrl, parseDapUrl, spaceBytes } from '@hyperslab/dap';
import {
  type DapServerKind,
  hasPython,
  runPython,
  startDapServer,
  withTemporaryDirectory,
} from '@hyperslab/testing';
import { findDataSet } from '../../src/index.ts';
import { type IndexedStore, valuesOf, withStore } from '../zarr/reference.ts';

const script = join(import.meta.dirname, 'foreign/write-random.py');
const filesAtOnce = 6;

interface WrittenFile {
  name: string;
  variables: { path: string; dtype: string; shape: number[]; values: (string | number)[] }[];
}

/** What DAP2 makes of a type that it lacks: values are the same. */
const dap2Types: Record<string, string> = { int8: 'int16' };

/** Serves random files, indexes each data set, and compares all values with those that were written. */
async function compare(kind: DapServerKind, files: 'classic' | 'netcdf4'): Promise<void> {
  await withTemporaryDirectory(async (folder) => {
    const seed = Date.now() % 2 ** 31;
    const written = runPython<WrittenFile>(script, folder, seed, filesAtOnce, files);
    const server = await startDapServer(folder, kind);
    try {
      for (const file of written)
        await compareFile(server.dataSet(file.name), server.url, file, kind, `seed ${seed}`);
    } finally {
      await server.stop();
    }
  });
}

async function compareFile(
  dataSet: string,
  root: string,
  file: WrittenFile,
  kind: DapServerKind,
  seed: string,
) {
  const protocol = typeof kind === 'string' ? 'dap2' : 'dap4';
  const roots = { roots: [root] };
  await withStore(
    `${dataSet}#${protocol}`,
    async (store) => {
      assert.equal(store.index.format, protocol);
      // pydap describes data sets in DAP4 too, but answers no values in it.
      assert.equal(await findDataSet(dataSet, store.storage), `${dataSet}#${protocol}`);
      assert.equal(await findDataSet(`${dataSet}.html`, store.storage), `${dataSet}#${protocol}`);
      assert.equal(await findDataSet(`${root}none.nc`, store.storage), undefined);
      for (const { path, dtype, shape, values } of file.variables) {
        const what = `${seed}, ${file.name}, ${path}`;
        const variable = store.variables.get(path);
        assert.ok(variable, what);
        assert.deepEqual(variable.shape, shape, what);
        assert.equal(variable.dtype, (protocol === 'dap2' && dap2Types[dtype]) || dtype, what);
        assert.equal(variable.notComputable, '', what);
        const found = [...(await valuesOf(store, variable)).values];
        const asWritten = found.map((value) => (typeof values[0] === 'string' ? String(value) : value));
        assert.deepEqual(asWritten, values, what);
      }
      for (const url of store.index.others?.urls ?? []) await compareCut(store, url);
    },
    roots,
  );
}

/** The same values whether they are asked for at once, or cut into chunks and read by ranges that begin and end anywhere. */
async function compareCut({ storage }: IndexedStore, url: string): Promise<void> {
  const { protocol, dataSet, values: space } = parseDapUrl(url)!;
  const [whole] = await storage.open(url).read([{ offset: 0, length: spaceBytes(space!) }]);
  const cut = { ...space!, chunkShape: space!.shape.map((extent) => Math.ceil(extent / 2)) };
  const source = storage.open(dapUrl(protocol, dataSet, cut));
  const middle = Math.floor(whole.length / 3);
  const ranges = [
    { offset: middle, length: whole.length - middle },
    { offset: 0, length: middle },
  ];
  const [end, start] = await source.read(ranges);
  const dtype = atomicType(space!.type)!.dtype as NumericType;
  const found = allocateValues(dtype, elementCount(space!.shape));
  const bytes = Buffer.concat([start, end]);
  for (const { origin, shape, offset, length } of allChunks(cut)) {
    const chunk = decodeValues(dtype, bytes.subarray(offset, offset + length), elementCount(shape));
    const from = { arrayShape: shape, origin: shape.map(() => 0) };
    copyRegion(chunk as NumericValues, from, found, { arrayShape: space!.shape, origin }, shape);
  }
  assert.deepEqual(Buffer.from(found.buffer), Buffer.from(whole), url);
}

describe('data sets of OPeNDAP servers (needs Python)', function () {
  this.timeout(120_000);
  const dap4 = (order: 'little' | 'big', checks: 'checked' | 'flagged' | 'plain', chunkBytes: number) =>
    ({ order, checks, chunkBytes }) as const;
  const kinds: [string, DapServerKind, 'classic' | 'netcdf4', string[]][] = [
    ['pydap, DAP2', 'pydap', 'classic', ['pydap', 'netCDF4']],
    ['xpublish, DAP2', 'xpublish', 'classic', ['xpublish_opendap', 'netCDF4']],
    ['DAP4 with checksums', dap4('little', 'checked', 16_000_000), 'netcdf4', ['netCDF4']],
    ['DAP4, big-endian, in small chunks', dap4('big', 'checked', 100), 'netcdf4', ['netCDF4']],
    ['DAP4 without checksums', dap4('little', 'plain', 1000), 'netcdf4', ['netCDF4']],
    ['DAP4 without checksums, as flags say', dap4('big', 'flagged', 4096), 'netcdf4', ['netCDF4']],
  ];
  for (const [name, kind, files, modules] of kinds) {
    it(`${name}: values are those of the files`, async function () {
      if (!hasPython(...modules)) this.skip();
      await compare(kind, files);
    });
  }

  it('pydap, which rounds fill values: those of the file are among what is missing', async function () {
    if (!hasPython('pydap', 'netCDF4')) this.skip();
    await withTemporaryDirectory(async (folder) => {
      const [fills] = runPython<Record<string, number>>(
        join(import.meta.dirname, 'foreign/write-fill-values.py'),
        folder,
      );
      const server = await startDapServer(folder, 'pydap');
      try {
        const { index } = await withStore(`${server.dataSet('fills.nc')}#dap2`, async (store) => store, {
          roots: [server.url],
        });
        const { variables } = index.root!;
        for (const [name, fill] of Object.entries(fills)) {
          const { attributes } = variables.find((each) => each.name === name)!;
          const { numbers } = attributes.find((each) => each.name === '_FillValue')!;
          assert.ok(numbers.includes(fill), `${name}: expected ${fill}, found ${numbers}`);
        }
        assert.match(index.notes.join(), /may have rounded numbers to six digits: .* of "default_i4"/);
      } finally {
        await server.stop();
      }
    });
  });

  it('pydap, DAP2: names with signs that constraints have', async function () {
    if (!hasPython('pydap', 'netCDF4')) this.skip();
    await withTemporaryDirectory(async (folder) => {
      const [names] = runPython<string[]>(join(import.meta.dirname, 'foreign/write-names.py'), folder);
      const server = await startDapServer(folder, 'pydap');
      try {
        await withStore(
          `${server.dataSet('names.nc')}#dap2`,
          async (store) => {
            for (const [at, name] of names.entries()) {
              const small = store.variables.get(`/${name}_1`)!;
              assert.deepEqual([...(await valuesOf(store, small)).values], [at, at, at, at], name);
              const large = await valuesOf(store, store.variables.get(`/${name}`)!);
              assert.equal(large.values.length, 40_000);
              assert.ok(
                large.values.every((value, i) => value === at * 100_000 + i),
                name,
              );
            }
          },
          { roots: [server.url] },
        );
      } finally {
        await server.stop();
      }
    });
  });

  it('pydap reads the same from our DAP4 server, which no other program wrote', async function () {
    if (!hasPython('pydap', 'netCDF4')) this.skip();
    await withTemporaryDirectory(async (folder) => {
      runPython(script, folder, 1, 2, 'netcdf4');
      const server = await startDapServer(folder, dap4('little', 'checked', 1000));
      try {
        const differing = runPython(join(import.meta.dirname, 'foreign/read-pydap.py'), server.url, folder);
        assert.deepEqual(differing, []);
      } finally {
        await server.stop();
      }
    });
  });
});
