import assert from 'node:assert/strict';
import { fileVariables } from '../../src/cf/file-variables.ts';
import { fileRoles } from '../../src/cf/roles.ts';
import { buildIndex, type FileSketch } from '../build-index.ts';

function rolesOf(sketch: Omit<FileSketch, 'url'>) {
  return fileRoles(fileVariables(buildIndex({ url: 'f', ...sketch })));
}

const hybrid = {
  dimensions: { time: 2, lev: 3, y: 4, x: 5, bnds: 2, len: 6 },
  unlimited: ['time'],
  variables: {
    t: {
      dimensions: ['time', 'lev', 'y', 'x'],
      attributes: {
        coordinates: 'lat lon label gone',
        grid_mapping: 'crs',
        cell_measures: 'area: cell_area',
        ancillary_variables: 't_flag',
      },
    },
    t_flag: { dimensions: ['time', 'lev', 'y', 'x'] },
    cell_area: { dimensions: ['y', 'x'] },
    orography: { dimensions: ['y', 'x'] },
    time: { dimensions: ['time'], attributes: { bounds: 'time_bnds', units: 'days since 2000-01-01' } },
    time_bnds: { dimensions: ['time', 'bnds'] },
    lev: { dimensions: ['lev'], attributes: { formula_terms: 'a: a b: b ps: ps', bounds: 'lev_bnds' } },
    lev_bnds: { dimensions: ['lev', 'bnds'], attributes: { formula_terms: 'a: a_bnds b: b ps: ps' } },
    a: { dimensions: ['lev'] },
    b: { dimensions: ['lev'] },
    a_bnds: { dimensions: ['lev', 'bnds'] },
    ps: { dimensions: ['time', 'y', 'x'] },
    lat: { dimensions: ['y', 'x'] },
    lon: { dimensions: ['y', 'x'] },
    label: { dtype: 'char', dimensions: ['len'] },
    crs: { dtype: 'int32' },
  },
} satisfies Omit<FileSketch, 'url'>;

describe('roles of variables', () => {
  it('tell parameters from what gives them meaning', () => {
    const { fields } = rolesOf(hybrid);
    assert.deepEqual([...fields].sort(), ['/orography', '/ps', '/t']);
  });

  it('link a parameter to its coordinates, their bounds and its grid mapping', () => {
    const links = rolesOf(hybrid)
      .links('/t')
      .map(({ path, role }) => `${role} ${path}`);
    assert.deepEqual(links, [
      'dimension /time',
      'bounds /time_bnds',
      'dimension /lev',
      'bounds /lev_bnds',
      'auxiliary /lat',
      'auxiliary /lon',
      'auxiliary /label',
      'grid_mapping /crs',
    ]);
  });

  it('find fields that do not lie along time', () => {
    assert.deepEqual([...rolesOf(hybrid).constant].sort(), ['/cell_area', '/orography']);
  });

  it('compare what supports, never data', () => {
    const { supporting } = rolesOf(hybrid);
    for (const path of ['/time', '/time_bnds', '/a', '/lat', '/crs', '/label'])
      assert.ok(supporting.has(path), path);
    for (const path of ['/t', '/t_flag', '/ps']) assert.ok(!supporting.has(path), path);
  });

  it('take no coordinate for bounds that has not one dimension more', () => {
    const { links } = rolesOf({
      dimensions: { lev: 3, ilev: 4 },
      variables: {
        t: { dimensions: ['lev'] },
        lev: { dimensions: ['lev'], attributes: { bounds: 'ilev' } },
        ilev: { dimensions: ['ilev'] },
      },
    });
    assert.deepEqual(
      links('/t').map(({ path }) => path),
      ['/lev'],
    );
  });

  it('leave out listed coordinates of other dimensions', () => {
    const { links } = rolesOf({
      dimensions: { x: 3, z: 4 },
      variables: {
        t: { dimensions: ['x'], attributes: { coordinates: 'height' } },
        height: { dimensions: ['z'] },
      },
    });
    assert.deepEqual(links('/t'), []);
  });
});
