import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type DapGroup,
  type DapValues,
  decodeAnswer,
  flatVariables,
  parseDas,
  parseDds,
  parseDmr,
} from '@hyperslab/dap';
import { sharedCorpora, sharedData } from '@hyperslab/testing';

const numbersOf = ({ bytes, type, texts }: DapValues): (number | bigint | string)[] => {
  if (texts !== undefined) return texts;
  const view = new DataView(bytes!.buffer, bytes!.byteOffset, bytes!.byteLength);
  const kind = type === 'Byte' || type === 'Char' ? 'UInt8' : type;
  const reader = `get${kind.replace(/^(U?Int)64$/, 'Big$164').replace('UInt', 'Uint')}` as 'getFloat32';
  const width = Number(/\d+$/.exec(kind)![0]) / 8;
  return Array.from({ length: bytes!.length / width }, (_, i) => view[reader](i * width, true));
};

/** Values of a dump in CDL, by the last part of their names. */
function dumped(cdl: string): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const data of cdl.split(/^\s*data:\s*$/m).slice(1)) {
    for (const [, name, text] of data.matchAll(/^\s*(\w+) =\s*((?:"(?:[^"\\]|\\.)*"|[^";])*);/gm)) {
      found.set(
        name,
        (text.match(/"(?:[^"\\]|\\.)*"|[^\s,]+/g) ?? []).map((each) => each.trim()),
      );
    }
  }
  return found;
}

/** A number of CDL; undefined for what is told by another word. */
function asNumber(text: string): number | bigint | undefined {
  const digits = /^(-?\d+)(?:U?L{0,2}|UB|B|S|US)?$/i.exec(text);
  if (digits !== null) return BigInt(digits[1]);
  const value = Number(text.replace(/[fd]$/, ''));
  return Number.isNaN(value) ? undefined : value;
}

const unquoted = (text: string) =>
  text.slice(1, -1).replace(/\\(.)/g, (_, sign: string) => ({ n: '\n', r: '\r', t: '\t' })[sign] ?? sign);

const pathsOf = (group: DapGroup, path: string): string[] => [
  ...flatVariables(group, path, 'dap4').map((variable) => variable.path),
  ...group.groups.flatMap((child) => pathsOf(child, `${path}/${child.name}`)),
];

describe('answers of other DAP4 servers', () => {
  const folder = sharedData() && join(sharedData()!, 'dap/dap4');

  it('of the test server of netCDF: values, lengths and checksums (needs shared data)', function () {
    if (folder === undefined) {
      console.log('      skipped: no shared data');
      this.skip();
    }
    const names = readdirSync(join(folder, 'daptestfiles'));
    assert.ok(names.length > 35);
    let compared = 0;
    for (const name of names) {
      const answer = new Uint8Array(readFileSync(join(folder, 'daptestfiles', name)));
      const dump = dumped(readFileSync(join(folder, 'baselineraw', name.replace(/\.dap$/, '.dmp')), 'utf8'));
      for (const values of decodeAnswer('dap4', name, answer)) {
        const key = values.path.slice(values.path.lastIndexOf('/') + 1);
        const expected = values.path.split('/').length > 2 ? undefined : dump.get(key);
        if (expected === undefined) continue;
        const found = numbersOf(values);
        expected.forEach((text, i) => {
          if (text.startsWith('"') && values.texts !== undefined)
            assert.equal(found[i], unquoted(text), `${name} ${key}`);
          const number = asNumber(text);
          if (number === undefined || values.texts !== undefined) return;
          const near =
            typeof number === 'bigint'
              ? BigInt(Number.isInteger(found[i]) ? (found[i] as number) : found[i]) === number
              : true;
          const close = Math.abs(Number(found[i]) - Number(number)) <= 1e-6 * Math.abs(Number(number));
          assert.ok(near && close, `${name} ${key}[${i}]: expected ${text}, found ${found[i]}`);
          compared++;
        });
      }
    }
    assert.ok(compared > 60, `${compared}`);
  });

  it('of that server: every DMR names what its answer holds (needs shared data)', function () {
    if (folder === undefined) {
      console.log('      skipped: no shared data');
      this.skip();
    }
    for (const name of readdirSync(join(folder, 'dmrtestfiles'))) {
      const { root } = parseDmr(name, readFileSync(join(folder, 'dmrtestfiles', name), 'utf8'));
      const known = new Set(pathsOf(root, ''));
      const answer: Uint8Array = readFileSync(join(folder, 'daptestfiles', name.replace('.dmr', '.dap')));
      for (const { path } of decodeAnswer('dap4', name, answer))
        assert.ok(known.has(path), `${name}: ${path}`);
    }
  });

  it('of Hyrax, and of DAP2 servers (needs shared corpora)', function () {
    if (sharedCorpora() === undefined) {
      console.log('      skipped: no shared corpora');
      this.skip();
    }
    const corpus = join(sharedCorpora()!, 'dap-pydap/src/pydap/tests/data');
    const read = (path: string) => new Uint8Array(readFileSync(join(corpus, path)));
    const text = (path: string) => readFileSync(join(corpus, path), 'utf8');
    const answers = Object.fromEntries(
      readdirSync(join(corpus, 'daps')).map((name) => [
        name.slice(0, 10),
        decodeAnswer('dap4', name, read(`daps/${name}`)),
      ]),
    );
    const shapes = (values: DapValues[]) => values.map(({ path, type, shape }) => `${path} ${type} ${shape}`);
    assert.deepEqual(shapes(answers.coads_clim), ['/SST Float32 1,4,4']);
    assert.deepEqual(shapes(answers['2022010209']), ['/sea_ice_fraction Int8 1,501,2']);
    // Longitudes of the MUR grid are a hundredth of a degree apart.
    const longitudes = numbersOf(answers['2022053109'][0]) as number[];
    for (const [i, value] of longitudes.slice(1).entries())
      assert.ok(Math.abs(value - longitudes[i] - 0.01) < 1e-4);
    for (const name of readdirSync(join(corpus, 'dmrs'))) parseDmr(name, text(`dmrs/${name}`));
    assert.deepEqual(numbersOf(decodeAnswer('dap2', 'x', read('coads_climatology.nc.dods'))[0]), [21, 23]);
    const simple = decodeAnswer('dap2', 'x', read('test.01.dods'));
    assert.deepEqual(
      simple.map((values) => numbersOf(values)[0]),
      [0, 1, 0, 0, 0, 0, 1000, 'This is a data test string (pass 0).', 'http://www.dods.org'],
    );
    assert.equal(parseDas('x', text('rainfall_time_malaysia.cdp.das')).containers.length, 7);
    assert.equal(parseDds('x', text('flatgroup.dds')).root.variables.length, 6);
  });
});
