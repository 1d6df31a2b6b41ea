import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Client, ComputedArray } from '@hyperslab/client';
import { isHyperslabError } from '@hyperslab/errors';
import { sharedData } from '@hyperslab/testing';
import { assertValues } from '../harness/assert-values.ts';
import { type MeshOfStores, type StoreKind, startMeshOfStores, storeKinds } from '../harness/data-stores.ts';
import { inParallel } from '../harness/in-parallel.ts';
import { type ReferenceFile, type ReferenceVariable, referenceFiles } from '../harness/reference-values.ts';

const folder = sharedData();
const files = Object.entries(referenceFiles() ?? {}).filter(
  ([path, file]) => /^(netCDF4|h5py)/.test(file.reader ?? '') || /\.zarr\d?$/.test(path),
);

/** Name under which a file of a store is published: what names may hold of its path. */
function nameOf(store: StoreKind, path: string): string {
  return `real/${store}/${path.replaceAll(/[^A-Za-z0-9._/-]/g, '-')}`;
}

/** Whether a server that lists nothing can't tell what is in it: a group of Zarr that says nothing of what is below. */
function needsListing(path: string): boolean {
  if (!/\.zarr\d?$/.test(path) || existsSync(join(folder!, path, '.zmetadata'))) return false;
  const root = join(folder!, path, 'zarr.json');
  if (!existsSync(root)) return !existsSync(join(folder!, path, '.zarray'));
  const { node_type, consolidated_metadata } = JSON.parse(readFileSync(root, 'utf8'));
  return node_type === 'group' && (consolidated_metadata ?? null) === null;
}

/** Compounds, variable-length lists and references are described, not computed. */
function isComputable(path: string, variable: ReferenceVariable): boolean {
  if (path === 'hdf5_features/references.hdf5' && variable.dtype_raw === 'object') return false;
  return !variable.dtype_raw.startsWith('|V') && path !== 'hdf5_features/test_vlen1.nc';
}

/** netCDF's default fill values of one-byte types (netcdf.h, NC_FILL_BYTE, NC_FILL_CHAR, NC_FILL_UBYTE). */
const oneByteFills: Record<string, number> = { '|i1': -127, '|S1': 0, '|u1': 255 };

function isOneByte({ dtype_raw }: ReferenceVariable): boolean {
  return Object.hasOwn(oneByteFills, dtype_raw);
}

/**
 * A computed array with the mask that the reference reader gives it. netCDF4-python takes the default fill of one-byte
 * types for missing too; we do not, as the netCDF users' guide advises ("Fill values": all 256 values may be data).
 */
function withReferenceFill(computed: ComputedArray, reference: ReferenceVariable): ComputedArray {
  const fill = oneByteFills[reference.dtype_raw];
  const { attributes } = reference;
  if (fill === undefined || attributes === undefined || reference.count_missing === undefined)
    return computed;
  if (['_FillValue', 'missing_value'].some((name) => Object.hasOwn(attributes, name))) return computed;
  const mask = Uint8Array.from(computed.values as Int8Array, (value) => Number(value === fill));
  return { ...computed, mask, missing: mask.reduce((sum, missing) => sum + missing, 0) };
}

describe('real files of NetCDF and Zarr', function () {
  this.timeout(600_000);
  let stores: MeshOfStores;
  let client: Client;

  before(async function () {
    if (folder === undefined || files.length === 0) {
      console.log('skipped: the shared data are not beside the repository');
      this.skip();
    }
    stores = await startMeshOfStores(folder);
    client = await stores.mesh.client();
  });
  after(() => stores?.stop());

  for (const store of storeKinds) {
    const [refused, readable] = [true, false].map((isRefused) =>
      files.filter(([path]) => (store === 'http' && needsListing(path)) === isRefused),
    );

    describe(`on ${store}`, () => {
      before(function () {
        if (stores.urlOf(store, '') === undefined) this.skip();
      });

      it('are all published', async () => {
        await inParallel(readable, 4, async ([path]) => {
          const urls = [stores.urlOf(store, path)!];
          const { version } = await client.publish(nameOf(store, path), urls).catch((error) => {
            throw new Error(`${path}: ${error.message}`);
          });
          assert.equal(version, 1, path);
        });
      });

      it('have the values that netCDF4-python, h5py and zarr-python read, through compute', async () => {
        await inParallel(readable, 4, ([path, file]) => compareFile(store, path, file));
      });

      if (refused.length > 0) {
        it('are refused by name where only a listing would tell what there is', async () => {
          for (const [path] of refused) {
            await assert.rejects(
              client.publish(nameOf(store, path), [stores.urlOf(store, path)!]),
              (error) => {
                assert.ok(isHyperslabError(error, 'FORMAT_UNSUPPORTED'), String(error));
                assert.match(
                  error.message,
                  /a Zarr group without consolidated metadata on a server that lists nothing/,
                );
                return true;
              },
            );
          }
        });
      }
    });
  }

  describe('published from a folder', () => {
    it('are averaged as the reference averages them', async () => {
      const averaged = files.flatMap(([path, { variables }]) => {
        const first = Object.entries(variables).find(
          ([, variable]) =>
            variable.mean !== undefined && isComputable(path, variable) && !isOneByte(variable),
        );
        return first === undefined ? [] : [{ path, variable: first[0], reference: first[1] }];
      });
      await inParallel(averaged, 4, async ({ path, variable, reference }) => {
        const dataset = await client.open(nameOf('file', path));
        const { values } = await dataset.variable(variable).mean().compute();
        const scale = Math.max(Math.abs(reference.min!), Math.abs(reference.max!));
        const difference = Math.abs(Number(values[0]) - reference.mean!);
        assert.ok(
          difference <= 1e-6 * scale,
          `${path} ${variable}: mean ${values[0]}, not ${reference.mean}`,
        );
      });
    });
  });

  async function compareFile(store: StoreKind, path: string, file: ReferenceFile): Promise<void> {
    const dataset = await client.open(nameOf(store, path));
    for (const [name, reference] of Object.entries(file.variables)) {
      if (!isComputable(path, reference)) continue;
      const computed = await dataset
        .variable(name)
        .compute()
        .catch((error) => {
          throw new Error(`${path} ${name}: ${error.message}`);
        });
      assertValues(withReferenceFill(computed, reference), reference, `${path} ${name}`);
    }
  }
});
