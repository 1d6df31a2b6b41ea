import assert from 'node:assert/strict';
import type { Client, Dataset, PublishOptions } from '@hyperslab/client';
import { sharedData } from '@hyperslab/testing';
import { assertValues } from '../harness/assert-values.ts';
import { type MeshOfStores, startMeshOfStores, storeKinds } from '../harness/data-stores.ts';
import { inParallel } from '../harness/in-parallel.ts';
import { type ReferenceArray, referenceCollections } from '../harness/reference-values.ts';

interface ReferenceCube extends ReferenceArray {
  /** Name for xarray, standard name for Iris. */
  name: string;
  dims?: string[];
  dim_coords?: string[];
  coord_dims?: Record<string, number[]>;
}

interface Collection {
  files: string[];
  cubes?: ReferenceCube[];
  variables?: ReferenceCube[];
  dims?: Record<string, number>;
}

const folder = sharedData();
const collections = Object.entries(referenceCollections() ?? {}).filter(
  ([, { files }]) => files !== undefined,
) as [string, Collection][];
/** Where the member is in the names of files only. */
const options: Record<string, PublishOptions> = {
  GloSea4_ensemble: { dimensions: ['realization=ensemble_(\\d+)'] },
};
/** cfgrib's name of the dimension along which forecasts of one run lie. */
const ownNames: Record<string, string> = { step: 'time' };

describe('real collections', function () {
  this.timeout(300_000);
  let stores: MeshOfStores;
  let client: Client;

  before(async function () {
    if (folder === undefined || collections.length === 0) {
      console.log('skipped: the shared data are not beside the repository');
      this.skip();
    }
    stores = await startMeshOfStores(folder);
    client = await stores.mesh.client();
  });
  after(() => stores?.stop());

  for (const store of storeKinds) {
    for (const [name, collection] of collections) {
      it(`merges ${name} on ${store}`, async function () {
        if (stores.urlOf(store, '') === undefined) this.skip();
        const published = `collections/${store}/${name}`;
        const urls = collection.files.map((file) => stores.urlOf(store, file)!);
        await client.publish(published, urls, options[name]);
        const dataset = await client.open(published);
        const references = [...(collection.cubes ?? []), ...(collection.variables ?? [])];
        assert.ok(references.length > 0);
        await inParallel(references, 2, (reference) => compareCube(dataset, `${store} ${name}`, reference));
      });
    }
  }

  async function compareCube(dataset: Dataset, collection: string, reference: ReferenceCube): Promise<void> {
    const what = `${collection} ${reference.name}`;
    const computed = await variableOf(dataset, reference.name).compute();
    assertValues(computed, reference, what);
    if (reference.dims !== undefined) {
      const dimensions = reference.dims.map((dimension) => ownNames[dimension] ?? dimension);
      assert.deepEqual(computed.dimensions, dimensions, what);
    }
    for (const [coordinate, axes] of Object.entries(reference.coord_dims ?? {})) {
      const cube = dataset.parameters().find(({ standardName }) => standardName === reference.name)!;
      const found = cube.coordinates.find(
        ({ variable, standardName }) => variable === coordinate || standardName === coordinate,
      );
      assert.ok(found, `${what} has the coordinate ${coordinate}`);
      // Iris repeats the start of a run over its times; here a coordinate has the dimensions along which it differs.
      const spanned = axes.map((axis) => cube.dimensions[axis]);
      const isRepeated = coordinate === 'forecast_reference_time';
      const expected = isRepeated ? spanned.filter((name) => found.dimensions.includes(name)) : spanned;
      assert.deepEqual(found.dimensions, expected, `${what}: dimensions of ${coordinate}`);
    }
  }
});

/** A reference names a variable (xarray) or the standard name of a cube (Iris). */
function variableOf(dataset: Dataset, name: string) {
  const stored = dataset.metadata.variables.some((variable) => variable.name === name);
  return stored ? dataset.variable(name) : dataset.cube(name);
}
