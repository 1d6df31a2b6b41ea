import assert from 'node:assert/strict';
import { join } from 'node:path';
import { repository, sharedCorpora } from '@hyperslab/testing';
import { indexPath, variablesOf } from './reference.ts';

describe('hdf5: attributes that are no numbers or strings', () => {
  it('are text in CDL notation; references are noted as left out', async () => {
    const { index } = await indexPath(join(repository, 'fixtures/hdf5/types.latest.h5'));
    const owner = index.root!.groups.find(({ name }) => name === 'owner')!;
    assert.deepEqual(owner.attributes.find(({ name }) => name === 'compound')?.strings, ['{1, 2}']);
    assert.equal(
      owner.attributes.find(({ name }) => name === 'reference'),
      undefined,
    );
    assert.ok(
      index.notes.some(
        (note) => note === 'attribute "reference" of /owner was left out: an element is a reference',
      ),
    );
  });

  it('are nested as the type is', async function () {
    const corpora = sharedCorpora();
    if (corpora === undefined) this.skip();
    const { index } = await indexPath(join(corpora!, 'netcdf-c-files/nc_test4/ref_tst_xplatform2_1.nc'));
    assert.match(index.root!.attributes[0].strings[1], /^\{\{42\.4\d+, 2\}, \{42\.4\d+, 2\}\}$/);
    const compound = await indexPath(join(corpora!, 'netcdf-c-files/nc_test4/ref_tst_compounds.nc'));
    const [obs] = variablesOf(compound.index.root).values();
    assert.deepEqual(obs.attributes[0].strings, ['{-99, -99, -99, -99, -99}']);
  });
});
