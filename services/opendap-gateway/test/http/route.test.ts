import assert from 'node:assert/strict';
import { isHyperslabError } from '@hyperslab/errors';
import { routeOf } from '../../src/http/route.ts';

describe('routeOf', () => {
  it('takes the whole path up to the last dot as the name', () => {
    assert.deepEqual(routeOf('/dap/a/b.c/d.nc@3.dods?t[0:1]'), {
      kind: 'dap',
      reference: 'a/b.c/d.nc@3',
      form: 'dods',
      query: 't[0:1]',
    });
    assert.deepEqual(routeOf('/dap/a%2Fb%403.das'), {
      kind: 'dap',
      reference: 'a/b@3',
      form: 'das',
      query: '',
    });
  });

  it('lists and probes', () => {
    for (const path of ['/', '/dap', '/dap/']) assert.equal(routeOf(path).kind, 'list');
    assert.deepEqual(routeOf('/livez'), { kind: 'probe', name: 'livez' });
  });

  it('refuses other paths', () => {
    for (const path of ['/dap/a', '/dap/.dds', '/dap/a.exe', '/else/a.dds', '/dapx/a.dds', ''])
      assert.throws(
        () => routeOf(path),
        (error) => isHyperslabError(error, 'DATASET_NOT_FOUND'),
        path,
      );
    assert.throws(
      () => routeOf('/dap/%ff.dds'),
      (error) => isHyperslabError(error, 'NAME_INVALID'),
    );
  });
});
