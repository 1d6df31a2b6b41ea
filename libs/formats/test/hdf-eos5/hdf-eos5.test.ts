import assert from 'node:assert/strict';
import { join } from 'node:path';
import { HyperslabError } from '@hyperslab/errors';
import { hasPython, runPython, sharedData, withTemporaryDirectory } from '@hyperslab/testing';
import fc from 'fast-check';
import { parseObjectDescription } from '../../src/hdf-eos5/object-description.ts';
import { eosStructures } from '../../src/hdf-eos5/structures.ts';
import { readStored } from '../../src/index.ts';
import { dimensionsOf, indexPath, variablesOf } from '../hdf5/reference.ts';

describe('hdf-eos5', () => {
  it('names the dimensions of swaths (needs ../shared/data)', async function () {
    const data = sharedData();
    if (data === undefined) this.skip();
    const { index } = await indexPath(join(data, 'nc4/MLS-Aura_L2GP-IWC_v02-21-c02_2007d210.he5'));
    const [iwc, iwp] = ['/HDFEOS/SWATHS/IWC', '/HDFEOS/SWATHS/IWP'];
    assert.deepEqual(
      dimensionsOf(index.root!).filter(([path]) => path.startsWith('/HDFEOS/')),
      [
        [`${iwc}/nTimes`, 3495, false],
        [`${iwc}/nLevels`, 29, false],
        [`${iwp}/nTimes`, 3495, false],
        [`${iwp}/nLevels`, 1, false],
      ],
    );
    const variables = variablesOf(index.root);
    const dimensions = (path: string) => variables.get(path)?.dimensions;
    assert.deepEqual(dimensions(`${iwc}/Data Fields/L2gpValue`), [`${iwc}/nTimes`, `${iwc}/nLevels`]);
    // A link to the one before.
    assert.deepEqual(dimensions(`${iwc}/Data Fields/IWC`), [`${iwc}/nTimes`, `${iwc}/nLevels`]);
    assert.deepEqual(dimensions(`${iwc}/Geolocation Fields/Latitude`), [`${iwc}/nTimes`]);
    assert.deepEqual(dimensions(`${iwp}/Geolocation Fields/Pressure`), [`${iwp}/nLevels`]);
  });

  const latitudes = { U: [40 + 1 / 3, 0, -40 - 1 / 3], L: [-40 - 1 / 3, 0, 40 + 1 / 3] };
  for (const [origin, expected] of Object.entries(latitudes)) {
    it(`gives grids of longitude and latitude their coordinates, from the corner ${origin}L (needs Python)`, async function () {
      if (!hasPython('h5py')) this.skip();
      await withTemporaryDirectory(async (folder) => {
        const path = join(folder, 'grid.he5');
        const script = join(import.meta.dirname, 'write-grid.py');
        runPython(script, path, `HE5_HDFE_GD_${origin}L`, 'HE5_HDFE_CENTER');
        const { source, index } = await indexPath(path);
        const grid = '/HDFEOS/GRIDS/OZONE GRID';
        const variables = variablesOf(index.root);
        const values = async (name: string) => {
          const variable = variables.get(`${grid}/${name}`)!;
          assert.deepEqual(variable.dimensions, [`${grid}/${name}`]);
          return [...(await readStored(variable, source, index.version!)).values].map(Number);
        };
        assert.deepEqual(await values('XDim'), [-135, -45, 45, 135]);
        (await values('YDim')).forEach((value, i) => {
          assert.ok(Math.abs(value - expected[i]) < 1e-12, String(value));
        });
        const dimensions = (name: string) => variables.get(`${grid}/Data Fields/${name}`)!.dimensions;
        assert.deepEqual(dimensions('Ozone'), [`${grid}/nLevels`, `${grid}/YDim`, `${grid}/XDim`]);
        assert.deepEqual(dimensions('Count'), [`${grid}/Unlim`, `${grid}/XDim`]);
        const unlimited = dimensionsOf(index.root!).find(([name]) => name === `${grid}/Unlim`);
        assert.deepEqual(unlimited, [`${grid}/Unlim`, 5, true]);
        assert.match(dimensions('Other')[0], /phony_dim/);
      });
    });
  }

  it('takes any text for structural metadata', () => {
    const line = fc.oneof(
      fc.constantFrom(
        'GROUP=GridStructure',
        'GROUP=GRID_1',
        'END_GROUP=GRID_1',
        'XDim=9',
        'OBJECT=Dimension_1',
      ),
      fc.constantFrom(
        'GridName="x"',
        'DimList=("a",',
        'Size=99999999999999999999',
        'UpperLeftPointMtrs=()',
        'GROUP=Dimension',
      ),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 200 }), (lines) => {
        try {
          for (const { dimensions } of eosStructures(parseObjectDescription(lines.join('\n'))))
            assert.ok(dimensions);
        } catch (error) {
          assert.ok(error instanceof HyperslabError, String(error));
        }
      }),
    );
  });

  it('takes lines of a million spaces as they are, in time that grows with them', () => {
    const spaces = ' '.repeat(2 ** 20);
    const { children } = parseObjectDescription(
      [`${spaces}GROUP${spaces}=${spaces}a`, `XDim=1${spaces}2${spaces}`, `${spaces}x`, `y${spaces}z`].join(
        '\n',
      ),
    );
    assert.deepEqual(
      children.map(({ name, values }) => [name, values.get('XDim')]),
      [['a', `1${spaces}2`]],
    );
  });
});
