import assert from 'node:assert/strict';
import { isHyperslabError } from '@hyperslab/errors';
import fc from 'fast-check';
import picomatch from 'picomatch';
import { parseGlob } from '../src/glob.ts';

const options = { nobracket: true, noextglob: true, nonegate: true };

describe('globs', () => {
  it('match what they say', () => {
    const cases: [pattern: string, matches: string, others: string][] = [
      ['/d/*.nc', 'a.nc a.b.nc', '.nc .a.nc x/a.nc a.ncx'],
      ['/d/a?c*', 'abc abcd', 'ac a/c xabc'],
      ['/d/{a,b{1,2},}c', 'ac b1c b2c c', 'bc abc'],
      ['/d/{8..11}.nc', '8.nc 9.nc 10.nc 11.nc', '08.nc 12.nc {8..11}.nc'],
      ['/d/t{08..10}', 't08 t09 t10', 't8 t11'],
      ['/d/{a}{b*', '{a}{b {a}{bc', 'ab'],
      ['/d/a(1)[2]+*', 'a(1)[2]+ a(1)[2]+x', 'a12'],
      ['/d/**/x', 'x a/x a/b/x', '.a/x a/.b/x ax'],
      ['/d/**.nc', 'a.nc a/b.nc', 'a/.b/c.nc .nc'],
      ['/d/a*/**', 'a/b ab/c/d', 'a ab a/.b a/b/.c/d'],
      ['/d/**/.x/*', '.x/a b/.x/a', '.y/.x/a .x/.a x/a'],
      ['/d/', 'a a/b', '.a a/.b'],
      ['/d/{a,b/c}/*.nc', 'a/1.nc b/c/1.nc', 'b/1.nc c/1.nc'],
    ];
    for (const [pattern, matches, others] of cases) {
      const glob = parseGlob(pattern);
      for (const path of matches.split(' ')) {
        assert.ok(glob.matches(`/d/${path}`), `${pattern} ${path}`);
        const folders = path.split('/').slice(0, -1);
        for (const i of folders.keys())
          assert.ok(glob.mayHold(`/d/${folders.slice(0, i + 1).join('/')}`), path);
      }
      for (const path of others.split(' ')) assert.ok(!glob.matches(`/d/${path}`), `${pattern} ${path}`);
    }
  });

  it('enter no folder in vain where their depth is fixed', () => {
    const glob = parseGlob('/d/a*/b/*.nc');
    assert.deepEqual(
      ['/d/a1', '/d/a1/b', '/d/x', '/d/a1/c', '/d/a1/b/c'].map((folder) => glob.mayHold(folder)),
      [true, true, false, false, false],
    );
    assert.ok(!parseGlob('/d/**/a').mayHold('/d/.git'));
  });

  it('match any names as picomatch does', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', '.', '*', '?'), minLength: 1, maxLength: 5 });
    const name = fc.oneof(
      word.filter((text) => !text.includes('**') && text !== '.'),
      fc.constantFrom('**', '{a,b}', '*{a,.b}', 'a{*b,?}'),
    );
    // At the end `**` stands for at least one name here, whatever is before it.
    const pattern = fc
      .tuple(fc.array(name, { maxLength: 3 }), word)
      .map(([names, last]) => [...names, last.replace(/\*+/g, '*')].join('/'))
      .filter((text) => !/(^|\/)\.(\/|$)/.test(text));
    const file = fc.string({ unit: fc.constantFrom('a', 'b', '.'), minLength: 1, maxLength: 5 });
    const path = fc
      .array(
        file.filter((text) => !/^\.+$/.test(text)),
        { minLength: 1, maxLength: 4 },
      )
      .map((names) => names.join('/'));
    fc.assert(
      fc.property(pattern, fc.array(path, { minLength: 20, maxLength: 20 }), (text, paths) => {
        const glob = parseGlob(`?/${text}`);
        const reference = picomatch(`?/${text}`, options);
        for (const each of paths)
          assert.equal(glob.matches(`a/${each}`), reference(`a/${each}`), `${text} ${each}`);
      }),
      { numRuns: 500 },
    );
  });

  it('end soon, whatever the pattern', () => {
    const name = 'tas_Amon_MPI-ESM1-2-LR_historical_r1i1p1f1_gn_185001-186912.nc';
    for (const stars of ['*?'.repeat(30), '*_'.repeat(6) + '*?'.repeat(12), '**/*?'.repeat(12)]) {
      const glob = parseGlob(`/d/${stars}zz`);
      assert.ok(!glob.matches(`/d/${name}`));
      assert.ok(!glob.matches(`/d/${'a/'.repeat(60)}${name}`));
    }
  });

  it('are refused when they stand for too much', () => {
    assert.ok(parseGlob(`/d/${'{a,b}'.repeat(10)}`).matches('/d/abababbbbb'));
    for (const rest of [
      '{a,b}'.repeat(11),
      '{1..1025}',
      `{1..1000}${'*?'.repeat(40)}`,
      `${'{'.repeat(4000)}${'}'.repeat(4000)}`,
      '*'.repeat(4097),
    ])
      assert.throws(
        () => parseGlob(`/d/${rest}`),
        (error) => isHyperslabError(error, 'URL_INVALID'),
      );
    assert.ok(!parseGlob(`/d/${'{'.repeat(2000)}${'}'.repeat(2000)}`).matches('/d/a'));
  });
});
