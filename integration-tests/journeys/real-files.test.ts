import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { Client, ComputedArray } from '@hyperslab/client';
import { sharedData } from '@hyperslab/testing';
import { assertValues } from '../harness/assert-values.ts';
import { inParallel } from '../harness/in-parallel.ts';
import { type ReferenceFile, type ReferenceVariable, referenceFiles } from '../harness/reference-values.ts';
import { type Mesh, startMesh } from '../harness/start-mesh.ts';

const folder = sharedData();
const files = Object.entries(referenceFiles() ?? {}).filter(
  ([path, file]) => file.reader?.startsWith('netCDF4') || /\.zarr\d?$/.test(path),
);

/** Name under which a file is published: what names may hold of its path. */
function nameOf(path: string): string {
  return `real/${path.replaceAll(/[^A-Za-z0-9._/-]/g, '-')}`;
}

/** Compounds and variable-length lists are described, not computed. */
function isComputable(path: string, variable: ReferenceVariable): boolean {
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
  const silent = !['_FillValue', 'missing_value'].some((name) => Object.hasOwn(reference.attributes, name));
  if (fill === undefined || !silent || reference.count_missing === undefined) return computed;
  const mask = Uint8Array.from(computed.values as Int8Array, (value) => Number(value === fill));
  return { ...computed, mask, missing: mask.reduce((sum, missing) => sum + missing, 0) };
}

describe('real files of NetCDF and Zarr', function () {
  this.timeout(600_000);
  let mesh: Mesh;
  let client: Client;

  before(async function () {
    if (folder === undefined || files.length === 0) {
      console.log('skipped: the shared data are not beside the repository');
      this.skip();
    }
    mesh = await startMesh({ roots: [folder] });
    client = await mesh.client();
  });
  after(() => mesh?.stop());

  it('are all published', async () => {
    await inParallel(files, 4, async ([path]) => {
      const { version } = await client.publish(nameOf(path), [join(folder!, path)]).catch((error) => {
        throw new Error(`${path}: ${error.message}`);
      });
      assert.equal(version, 1, path);
    });
  });

  it('have the values that netCDF4-python and zarr-python read, through compute', async () => {
    await inParallel(files, 4, ([path, file]) => compareFile(path, file));
  });

  it('are averaged as the reference averages them', async () => {
    const averaged = files.flatMap(([path, { variables }]) => {
      const first = Object.entries(variables).find(
        ([, variable]) => variable.mean !== undefined && isComputable(path, variable) && !isOneByte(variable),
      );
      return first === undefined ? [] : [{ path, variable: first[0], reference: first[1] }];
    });
    await inParallel(averaged, 4, async ({ path, variable, reference }) => {
      const dataset = await client.open(nameOf(path));
      const { values } = await dataset.variable(variable).mean().compute();
      const scale = Math.max(Math.abs(reference.min!), Math.abs(reference.max!));
      const difference = Math.abs(Number(values[0]) - reference.mean!);
      assert.ok(difference <= 1e-6 * scale, `${path} ${variable}: mean ${values[0]}, not ${reference.mean}`);
    });
  });

  async function compareFile(path: string, file: ReferenceFile): Promise<void> {
    const dataset = await client.open(nameOf(path));
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
