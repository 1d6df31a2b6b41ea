import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { FoundPack } from '../../src/kept/find-packs.ts';
import { indexName } from '../../src/kept/index-name.ts';
import { isFresh, isOfOtherClock, isSettled } from '../../src/kept/is-settled.ts';
import { keepUnder } from '../../src/kept/keep-under.ts';
import { planKept } from '../../src/kept/plan-kept.ts';

/** The name of an object "a" in state 1, … */
const name = (url: string, state: number) => indexName(url, { size: 1, etag: '', modifiedUs: state });

/** A pack of frames, each a list of names. */
function pack(key: string, ...frames: Buffer[][]): FoundPack {
  return {
    key,
    frames: frames.map((_, i) => 100 + i),
    counts: frames.map(({ length }) => length),
    names: Buffer.concat(frames.flat()),
  };
}

describe('kept indexes of a listing', () => {
  it('are those of the very states, from the newest pack', () => {
    const packs = [pack('new', [name('b', 2)]), pack('old', [name('a', 1)], [name('b', 1), name('b', 2)])];
    const { packs: used, places, replaced } = planKept([name('a', 1), name('b', 2), name('c', 1)], packs);
    assert.deepEqual(used, ['new', 'old']);
    assert.deepEqual(places, [
      { pack: 1, offset: 0, length: 100, position: 0 },
      { pack: 0, offset: 0, length: 100, position: 0 },
      undefined,
    ]);
    assert.deepEqual(replaced, []);
    const { places: changed } = planKept([name('a', 2)], packs);
    assert.deepEqual(changed, [undefined]);
  });

  it('are made one pack when there are many, but for packs with what others publish', () => {
    const objects = [...'abcdefgh'];
    const names = objects.map((url) => name(url, 1));
    const packs = objects.map((url) => pack(url, [name(url, 1)]));
    assert.deepEqual(planKept(names.slice(1), packs).replaced, []);
    assert.deepEqual(planKept(names, packs).replaced, objects);
    const foreign = [...packs, pack('foreign', [name('a', 1), name('z', 1)])];
    assert.deepEqual(planKept(names, foreign).replaced, objects);
    // Of a state that is gone: it serves nobody.
    assert.deepEqual(planKept([name('a', 2)], [pack('stale', [name('a', 1)])]).replaced, ['stale']);
  });

  it('name no object twice, whatever is where', () => {
    const named = fc.tuple(fc.constantFrom(...'abcdef'), fc.nat(2)).map(([url, state]) => name(url, state));
    const frames = fc.array(fc.array(named, { maxLength: 4 }), { maxLength: 3 });
    fc.assert(
      fc.property(fc.array(frames, { maxLength: 12 }), fc.nat(2), (all, state) => {
        const packs = all.map((each, i) => pack(`p${i}`, ...each));
        const names = [...'abcdef'].map((url) => name(url, state));
        const { packs: used, places, replaced } = planKept(names, packs);
        for (const [i, place] of places.entries()) {
          const holders = packs.filter(({ names: has }) => has.includes(names[i]));
          assert.equal(place !== undefined, holders.length > 0);
          if (place === undefined) continue;
          const holder = packs.find(({ key }) => key === used[place.pack])!;
          const frame = holder.frames.findIndex(
            (_, at) => holder.frames.slice(0, at).reduce((sum, length) => sum + length, 0) === place.offset,
          );
          const before = holder.counts.slice(0, frame).reduce((sum, count) => sum + count, 0);
          const at = 16 * (before + place.position);
          assert.deepEqual(Buffer.from(holder.names.subarray(at, at + 16)), names[i]);
        }
        for (const key of replaced)
          assert.ok(packs.some((each) => each.key === key && !each.names.includes(name('z', 0))));
      }),
    );
  });
});

describe('states of objects', () => {
  it('have names of their own, by tag where there is one', () => {
    const version = { size: 5, etag: '', modifiedUs: 7 };
    const names = [
      indexName('a', version),
      indexName('b', version),
      indexName('a', { ...version, size: 6 }),
      indexName('a', { ...version, modifiedUs: 8 }),
      indexName('a', { ...version, etag: '"x"' }),
      indexName('a', { ...version, etag: '"y"' }),
    ];
    assert.equal(new Set(names.map((each) => each.toString('hex'))).size, names.length);
    assert.deepEqual(indexName('a', { ...version, etag: '"x"', modifiedUs: 8 }), names[4]);
    const file = { changedUs: 9, inode: '1' };
    const files = [file, { ...file, changedUs: 10 }, { ...file, inode: '2' }];
    const ofFiles = files.map((each) => indexName('a', { ...version, file: each }));
    assert.equal(new Set([...names, ...ofFiles].map((each) => each.toString('hex'))).size, 9);
  });

  it('are settled once the clock that tells them has gone on', () => {
    const at = (modifiedMs: number, etag = '') => ({ size: 1, etag, modifiedUs: modifiedMs * 1000 });
    assert.equal(isSettled('file:///a', at(8_000), 10_000), true);
    assert.equal(isSettled('file:///a', at(8_001), 10_000), false);
    assert.equal(isSettled('file:///a', at(12_000), 10_000), false);
    assert.equal(isSettled('https://a/b', at(9_000, '"x"'), 10_000), false);
    assert.equal(isSettled('s3://a/b', at(9_000, '"x"'), 10_000), true);
    assert.equal(isSettled('https://a/b', { size: 1, etag: '', modifiedUs: 0 }, 10_000), false);
    assert.equal(isSettled('https://a/b', { size: 1, etag: '"x"', modifiedUs: 0 }, 10_000), true);
    assert.equal(isSettled('https://a/b', { size: 1, etag: 'W/"x"', modifiedUs: 0 }, 10_000), false);
  });

  it('of files are settled once the time of their change has gone by, whatever time of modification was set', () => {
    const changed = (changedUs: number) => ({
      ...{ size: 1, etag: '', modifiedUs: 1_000_000 },
      file: { changedUs, inode: '7' },
    });
    assert.equal(isSettled('file:///a', changed(9_979_999), 10_000), true);
    assert.equal(isSettled('file:///a', changed(9_990_001), 10_000), false);
    assert.equal(isSettled('file:///a', changed(11_000_001), 10_000), false);
    // Of a file system that tells whole seconds.
    assert.equal(isSettled('file:///a', changed(9_000_000), 10_000), false);
    assert.equal(isSettled('file:///a', changed(8_000_000), 10_000), true);
  });

  it('are fresh for a time, and not for ever where clocks differ', () => {
    const version = { size: 1, etag: '', modifiedUs: 100_000_000 };
    assert.equal(isFresh(version, 10_000, 105_000), true);
    assert.equal(isFresh(version, 10_000, 95_000), true);
    assert.equal(isFresh(version, 10_000, 110_000), false);
    assert.equal(isFresh(version, 10_000, 50_000), false);
    assert.equal(isFresh(version, 0, 100_000), false);
    assert.equal(isFresh({ ...version, modifiedUs: 0 }, 10_000, 5), false);
  });

  it('are told by the clock of the store where that is known', () => {
    for (const clockAheadMs of [-3_600_000, 3_600_000]) {
      const at = (ageMs: number) => ({
        size: 1,
        etag: '',
        modifiedUs: (1e10 + clockAheadMs - ageMs) * 1000,
        clockAheadMs,
      });
      assert.deepEqual([isFresh(at(9_999), 10_000, 1e10), isFresh(at(10_000), 10_000, 1e10)], [true, false]);
      assert.deepEqual([isOfOtherClock(at(0), 1e10), isOfOtherClock(at(-1), 1e10)], [false, true]);
      assert.deepEqual(
        [59_999, 60_000].map((ageMs) => isSettled('https://a/b', at(ageMs), 1e10)),
        [false, true],
      );
    }
  });
});

describe('where indexes are kept', () => {
  it('follows from the folder that the URLs share, and from the code', () => {
    const same = keepUnder('code', ['/data/run/*.nc']);
    assert.match(same, /^indexes\/code\/[0-9a-f]{16}$/);
    for (const urls of [
      ['/data/run/'],
      ['/data/run/a.nc', '/data/run/b.nc'],
      ['/data/run/a/*.nc', '/data/run/b{1,2}/x/*.nc'],
      ['/data/run/m?/**'],
    ])
      assert.equal(keepUnder('code', urls), same, urls.join());
    assert.notEqual(keepUnder('code', ['/data/run2/*.nc']), same);
    assert.notEqual(keepUnder('other', ['/data/run/']), same);
    assert.equal(keepUnder('', ['/data/run/']), '');
    assert.equal(keepUnder('code', ['s3://a/b', '/data/c']), keepUnder('code', ['x']));
  });

  it('is found whatever kinds of URLs are mixed, in any order', () => {
    const kinds = [
      '/data/a/*.nc',
      '/',
      '/x.nc',
      's3://b/x.nc',
      'file:///data/a/b.nc',
      'https://h/*.nc',
      'x',
      '',
    ];
    for (const a of kinds)
      for (const b of kinds) {
        assert.equal(keepUnder('code', [a, b]), keepUnder('code', [b, a]), `${a} and ${b}`);
        for (const c of kinds) assert.match(keepUnder('code', [a, b, c]), /^indexes\/code\/[0-9a-f]{16}$/);
      }
  });
});
