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
import { hasPython, runPython, sharedCorpora, sharedData } from '@hyperslab/testing';

const numbersOf = ({ bytes, type, texts }: DapValues): (number | bigint | string)[] => {
  if (texts !== undefined) return texts;
  const view = new DataView(bytes!.buffer, bytes!.byteOffset, bytes!.byteLength);
  const kind = type === 'Byte' || type === 'Char' ? 'UInt8' : type;
  const reader = `get${kind.replace(/^(U?Int)64$/, 'Big$164').replace('UInt', 'Uint')}` as 'getFloat32';
  const width = Number(/\d+$/.exec(kind)![0]) / 8;
  return Array.from({ length: bytes!.length / width }, (_, i) => view[reader](i * width, true));
};

/** Values of a dump in CDL, by their paths. */
function dumped(cdl: string): Map<string, string[]> {
  const found = new Map<string, string[]>();
  const groups: string[] = [];
  let section = '';
  const parts =
    /^\s*(?:group: (\w+) \{|(\}) \/\/ group \w+$|(data|variables|dimensions|types):\s*$|(\w+) =\s*((?:"(?:[^"\\]|\\.)*"|[^";])*);)/gm;
  for (const [, group, end, heading, name, text] of cdl.matchAll(parts)) {
    if (group !== undefined) groups.push(group);
    else if (end !== undefined) groups.pop();
    section = heading ?? (name === undefined ? '' : section);
    if (name === undefined || section !== 'data') continue;
    found.set(['', ...groups, name].join('/'), text.match(/"(?:[^"\\]|\\.)*"|[^\s,{}]+/g) ?? []);
  }
  return found;
}

/** Constants of the enumerations of a text in CDL. */
function constantsOf(cdl: string): Map<string, number> {
  const lists = [...cdl.matchAll(/enum \w+ \{([^}]*)\}/g)].map(([, list]) => list).join();
  return new Map([...lists.matchAll(/(\w+) = (\d+)/g)].map(([, name, value]) => [name, Number(value)]));
}

/** Fill values of netCDF-C (NC_FILL_USHORT, _UINT, _FLOAT), and the one that the enumerations have. */
const fills = [65535, 4294967295, 9.969209968386869e36, 127];

/** Values of an answer by the paths of its variables; those of a structure's members in their order. */
function byVariable(answer: DapValues[]): Map<string, (number | bigint | string)[]> {
  const found = new Map<string, (number | bigint | string)[]>();
  for (const values of answer) {
    const path = values.path.split('.')[0];
    const read = values.type === 'Char' ? [Buffer.from(values.bytes!).toString('latin1')] : numbersOf(values);
    found.set(path, [...(found.get(path) ?? []), ...read]);
  }
  return found;
}

const isFraction = (value: number | bigint | string) => typeof value === 'number' && !Number.isInteger(value);

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
      const answer: Uint8Array = readFileSync(join(folder, 'daptestfiles', name));
      const cdl: string = readFileSync(join(folder, 'baselineraw', name.replace(/\.dap$/, '.dmp')), 'utf8');
      const [dump, constants] = [dumped(cdl), constantsOf(cdl)];
      for (const [path, found] of byVariable(decodeAnswer('dap4', name, answer))) {
        const expected = dump.get(path);
        assert.ok(expected, `${name} ${path}`);
        assert.equal(found.length, expected.length, `${name} ${path}`);
        for (const [i, text] of expected.entries()) {
          const what: string = `${name} ${path}[${i}]: expected ${text}, found ${found[i]}`;
          const number = asNumber(text);
          if (text.startsWith('"')) assert.equal(found[i], unquoted(text), what);
          else if (typeof number === 'bigint' && !isFraction(found[i]))
            assert.equal(BigInt(found[i]), number, what);
          else if (number !== undefined)
            assert.ok(Math.abs(Number(found[i]) - Number(number)) <= 1e-6 * Math.abs(Number(number)), what);
          else if (text === '_') assert.ok(fills.includes(Number(found[i])), what);
          else assert.equal(found[i], constants.get(text), what);
          compared++;
        }
      }
    }
    assert.ok(compared > 150, `${compared}`);
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

  it('of Hyrax: values as pydap reads them (needs shared corpora and Python)', function () {
    this.timeout(30_000);
    if (sharedCorpora() === undefined || !hasPython('pydap')) {
      console.log('      skipped: no shared corpora, or no Python with pydap');
      this.skip();
    }
    const answers = join(sharedCorpora()!, 'dap-pydap/src/pydap/tests/data/daps');
    const paths = readdirSync(answers).map((name) => join(answers, name));
    const script = join(import.meta.dirname, 'foreign/describe-answers.py');
    let compared = 0;
    for (const { path, variables } of runPython<{ path: string; variables: Record<string, number[]> }>(
      script,
      ...paths,
    )) {
      const found = byVariable(decodeAnswer('dap4', path, new Uint8Array(readFileSync(path))));
      const expected = Object.entries(variables).map(([name, values]) => [`/${name}`, values] as const);
      assert.deepEqual(found, new Map(expected), path);
      compared += expected.length;
    }
    assert.equal(compared, 8);
  });

  it('of Hyrax, their DMR, and of DAP2 servers (needs shared corpora)', function () {
    if (sharedCorpora() === undefined) {
      console.log('      skipped: no shared corpora');
      this.skip();
    }
    const corpus = join(sharedCorpora()!, 'dap-pydap/src/pydap/tests/data');
    const read = (path: string) => new Uint8Array(readFileSync(join(corpus, path)));
    const text = (path: string) => readFileSync(join(corpus, path), 'utf8');
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
