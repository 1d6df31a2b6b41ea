import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from '@hyperslab/testing';
import { allowSimd, openRegion, reserveArena, shareArena, warmKernels } from '../../src/index.ts';
import { simd } from '../../src/wasm/simd.ts';

describe('kernels of a thread', () => {
  afterEach(() => allowSimd(true));

  it('are those that the sources export, and each runs', () => {
    const read = (name: string) => readFileSync(join(repository, `libs/kernels/assembly/${name}.ts`), 'utf8');
    const sources = [...read('index').matchAll(/^export \* from '\.\/(\w+)';/gm)].map(([, name]) => name);
    assert.ok(sources.includes('sums'));
    const exported = sources.flatMap((name) =>
      [...read(name).matchAll(/^export function (\w+)\(/gm)].map(([, found]) => found),
    );
    assert.deepEqual(Object.keys(simd()!.kernels).toSorted(), exported.toSorted());
    assert.equal(warmKernels(), exported.length);
  });

  it('are none when they are turned off', () => {
    allowSimd(false);
    assert.equal(simd(), undefined);
    assert.equal(warmKernels(), 0);
    using region = openRegion();
    assert.ok(!(region.zeros('int8', 100).buffer instanceof SharedArrayBuffer));
  });

  it('have an arena of their own, or one that is shared, which is said before they are used', () => {
    assert.ok(simd() !== undefined);
    assert.throws(() => shareArena(reserveArena(2 ** 20), 1), /in use/);
  });
});
