import assert from 'node:assert/strict';
import { crc32 } from 'node:zlib';
import { parseDas, parseDds } from '@hyperslab/dap';
import { isHyperslabError } from '@hyperslab/errors';
import type { IndexedVariable } from '@hyperslab/proto/index';
import { addDasAttributes } from '../../src/dap/das-attributes.ts';
import { nameGroups } from '../../src/dap/name-groups.ts';
import { type Answers, dods, floatsOf, indexAnswers } from './serve-answers.ts';

const told = ({ name, dimensions, inlineValues }: IndexedVariable) => [
  name,
  dimensions,
  inlineValues === undefined ? [] : floatsOf(inlineValues.data),
];

/** Answers of grids of one map each: its values, which are the array's too. */
function gridsOf(grids: Record<string, number[]>): Answers {
  const declare = (grid: string, size: number) =>
    `Grid { Array: Float32 ${grid}[lat = ${size}]; Maps: Float32 lat[lat = ${size}]; } ${grid};`;
  return (suffix, query) => {
    const declarations = Object.entries(grids).map(([grid, { length }]) => declare(grid, length));
    if (suffix === '.dds') return `Dataset { ${declarations.join(' ')} } x;`;
    if (suffix === '.das') return 'Attributes { lat { String units "degrees_north"; } }';
    const asked = query.split(',').map((id) => /^(\w+)\.(\w+)(\[0:0\])?$/.exec(id)!);
    return dods(
      ...asked.map(([, grid, field, first]) => {
        const values = first === undefined ? grids[grid] : grids[grid].slice(0, 1);
        return { declaration: `Structure { Float32 ${field}[lat = ${values.length}]; } ${grid};`, values };
      }),
    );
  };
}

describe('data sets of OPeNDAP servers, as they are indexed', function () {
  this.timeout(20_000);

  it('maps of one name that differ between grids are coordinates of their own grids', async () => {
    const { index } = await indexAnswers(
      'dap2',
      gridsOf({ a: [10, 20], b: [-50, -60], c: [1, 2, 3], d: [10, 20], e: [-50, -60] }),
    );
    assert.deepEqual(index.root!.variables.map(told), [
      ['a', ['/lat'], [10, 20]],
      ['b', ['/b.lat'], [-50, -60]],
      ['c', ['/c.lat'], [1, 2, 3]],
      ['d', ['/lat'], [10, 20]],
      ['e', ['/b.lat'], [-50, -60]],
      ['lat', ['/lat'], [10, 20]],
      ['b.lat', ['/b.lat'], [-50, -60]],
      ['c.lat', ['/c.lat'], [1, 2, 3]],
    ]);
    assert.deepEqual(
      index.root!.dimensions.map(({ name, size }) => [name, size]),
      [
        ['lat', 2],
        ['b.lat', 2],
        ['c.lat', 3],
      ],
    );
    assert.deepEqual(index.notes, [
      '"lat" of "b" is not known to be that of others: it is "b.lat"',
      '"lat" of "c" is not known to be that of others: it is "c.lat"',
    ]);
    for (const name of ['lat', 'b.lat', 'c.lat']) {
      const variable = index.root!.variables.find((each) => each.name === name)!;
      assert.deepEqual(variable.attributes[0].strings, ['degrees_north']);
    }
  });

  it('maps whose values are not answered are like no other, where some are', async () => {
    const grids = { a: [10, 20], b: [-50, -60], c: [1, 2], d: [10, 20] };
    const answers = gridsOf(grids);
    const refusing =
      (refused: RegExp): Answers =>
      (suffix, query, response) =>
        suffix === '.dods' && refused.test(query) ? 500 : answers(suffix, query, response);
    const lats = async (refused: RegExp) => {
      const { index } = await indexAnswers('dap2', refusing(refused));
      return index.root!.variables.slice(0, 4).map(({ dimensions }) => dimensions[0]);
    };
    assert.deepEqual(await lats(/[bc]\.lat/), ['/lat', '/b.lat', '/c.lat', '/lat']);
    assert.deepEqual(await lats(/\.lat/), ['/lat', '/lat', '/lat', '/lat']);
  });

  it('a variable of one, as messages name it, is refused before all of it is read', async () => {
    const told = 'x#dap2&variable=t&type=Byte&shape=1000000000&chunks=1000000';
    for (const url of [told, 'x#dap2&answer=.das']) {
      const requests: string[] = [];
      const answers: Answers = (suffix, query) => {
        requests.push(query);
        if (suffix === '.das') return 'Attributes { }';
        const shape = query === 't[0:0]' ? 1 : 1_000_000;
        const head = Buffer.from(`Dataset { Byte t[${shape}]; } x;\nData:\n........`);
        head.writeUInt32BE(shape, head.length - 8);
        head.writeUInt32BE(shape, head.length - 4);
        return Buffer.concat([head, Buffer.alloc(shape + (-shape & 3))]);
      };
      await assert.rejects(indexAnswers('dap2', answers, url), (error) => {
        assert.ok(isHyperslabError(error, 'FORMAT_UNSUPPORTED'), String(error));
        return /a part of a data set is not supported; publish the data set, http:.*\/x#dap2$/.test(
          error.message,
        );
      });
      assert.ok(requests.length <= 2, requests.join());
    }
  });

  it('the time of an empty variable, which comes first, is not that of all', async () => {
    const { index } = await indexAnswers('dap2', (suffix, query, response) => {
      response.setHeader('last-modified', 'Thu, 01 Jan 2026 00:00:00 GMT');
      if (suffix === '.dds') return 'Dataset { Float32 e[n = 0]; Float32 t[x = 2][y = 2]; } x;';
      if (suffix === '.das') return 'Attributes { }';
      return query === 't[0:0][0:0]'
        ? dods({ declaration: 'Float32 t[x = 1][y = 1];', values: [1] })
        : undefined;
    });
    const times = index.others!.versions.map(({ size, modifiedUs }) => [size, modifiedUs]);
    const modifiedUs = Date.UTC(2026, 0, 1) * 1000;
    assert.deepEqual(times, [
      [0, modifiedUs],
      [16, modifiedUs],
    ]);
  });

  it('maps that only grids have keep the attributes that a DAS has beside the grids', () => {
    const dds = 'Dataset { Grid { Array: Float32 t[time = 2]; Maps: Float64 time[time = 2]; } t; } x;';
    const dataSet = parseDds('x', dds);
    addDasAttributes(dataSet, parseDas('x', 'Attributes { t { String u "K"; } time { String units "h"; } }'));
    const { variables } = nameGroups(dataSet, 'dap2', new Set());
    assert.deepEqual(
      variables.map(({ name, attributes }) => [name, ...attributes.map((each) => each.name)]),
      [
        ['t', 'u'],
        ['time', 'units'],
      ],
    );
    assert.deepEqual(dataSet.root.attributes, []);
  });

  it('flattened groups have their dimensions and coordinates', async () => {
    const declared = '<Dimension name="/g/lat" size="3"/><Dimension name="y" size="2"/>';
    const lat = '<Float32 name="/g/lat"><Dim name="/g/lat"/></Float32>';
    const dmr = (variables: string) =>
      `<Dataset xmlns="http://xml.opendap.org/ns/DAP/4.0#" dapVersion="4.0" name="x">${declared}${variables}</Dataset>`;
    const { index } = await indexAnswers('dap4', (suffix, query) => {
      if (suffix === '.dmr') {
        return dmr(`${lat}<Float32 name="/g/t"><Dim name="/g/lat"/><Dim name="/y"/></Float32>`);
      }
      if (!query.includes('lat')) return undefined;
      const values = Buffer.from(new Float32Array([1, 2, 3]).buffer);
      const sum = Buffer.alloc(4);
      sum.writeUInt32LE(crc32(values));
      const frame = (flags: number, data: Uint8Array) => {
        const head = Buffer.alloc(4);
        head.writeUInt32BE(data.length);
        head[0] = flags;
        return Buffer.concat([head, data]);
      };
      return Buffer.concat([frame(4, Buffer.from(dmr(lat))), frame(5, Buffer.concat([values, sum]))]);
    });
    const [g] = index.root!.groups;
    assert.deepEqual([g.name, ...g.dimensions.map(({ name, size }) => [name, size])], ['g', ['lat', 3]]);
    assert.deepEqual(g.variables.map(told), [
      ['lat', ['/g/lat'], [1, 2, 3]],
      ['t', ['/g/lat', '/y'], []],
    ]);
    assert.deepEqual(
      index.root!.dimensions.map(({ name }) => name),
      ['y'],
    );
  });

  it('names that are the same but for their escapes are noted', () => {
    const notes: string[] = [];
    const dds = 'Dataset { Float32 a%2Eb; Float32 a.b; Float32 /g/t; Float32 g/t; } x;';
    nameGroups(parseDds('x', dds), 'dap2', new Set(), notes);
    assert.deepEqual(notes, [
      '"a.b" is left out: another variable has its name but for escapes or slashes',
      '"g/t" is left out: another variable has its name but for escapes or slashes',
    ]);
  });

  const small = Array.from({ length: 40 }, (_, i) => `Float32 v${i}[n = 3];`).join(' ');
  const withTexts: Answers = (suffix) =>
    suffix === '.dds'
      ? `Dataset { ${small} String s; } x;`
      : suffix === '.das'
        ? 'Attributes { }'
        : undefined;

  it('a server that is busy, or cuts an answer off, refuses the data set', async () => {
    for (const status of [429, 503]) {
      await assert.rejects(
        indexAnswers('dap2', (suffix, query) => withTexts(suffix, query, undefined!) ?? status),
        (error) => isHyperslabError(error, 'STORAGE_UNAVAILABLE'),
      );
    }
    await assert.rejects(
      indexAnswers('dap2', (suffix, query, response) => {
        if (suffix === '.dods') response.destroy();
        return withTexts(suffix, query, response);
      }),
      (error) => isHyperslabError(error, 'STORAGE_UNAVAILABLE'),
    );
    const cut = dods({ declaration: 'String s;', values: 'abcdefgh' }).slice(0, -3);
    await assert.rejects(
      indexAnswers('dap2', (suffix) =>
        suffix === '.dds' ? 'Dataset { String s; } x;' : suffix === '.das' ? 'Attributes { }' : cut,
      ),
      (error) => isHyperslabError(error, 'SHORT_READ'),
    );
  });

  it('a server that breaks off where a name begins with another is not asked for such a part, as xpublish', async () => {
    const grid = (name: string, maps: string) =>
      `Grid { Array: Float32 ${name}[time = 2][n = 2]; Maps: ${maps} } ${name};`;
    const declared = `Float32 time[time = 2]; ${grid('time_bnds', 'Float32 time[time = 2];')} ${grid('air', '')}`;
    const { index, requests } = await indexAnswers('dap2', (suffix, query, response) => {
      if (suffix === '.dds') return `Dataset { ${declared} } x;`;
      if (suffix === '.das') return 'Attributes { }';
      if (query === 'time') return dods({ declaration: 'Float32 time[time = 2];', values: [1, 2] });
      if (query === 'air.air[0:0][0:0]')
        return dods({ declaration: 'Structure { Float32 air[1][1]; } air;', values: [3] });
      return void response.destroy();
    });
    assert.equal(requests.filter((path) => path.includes('time_bnds')).length, 0);
    const ids = index.others!.urls.map((url) => new URLSearchParams(url.split('#')[1]).get('variable'));
    assert.deepEqual(ids, ['time_bnds.time_bnds', 'air.air']);
  });

  it('texts that xpublish writes without their length are described, and none is cut', async () => {
    for (const text of ['\0', 'abcd', 'ab']) {
      const { index } = await indexAnswers('dap2', (suffix, query) => {
        const declared = 'Grid { Array: String crs; Maps: } crs;';
        if (suffix === '.dds') return `Dataset { ${declared} Float32 t[n = 1]; } x;`;
        if (suffix === '.das') return 'Attributes { }';
        if (query === 't') return dods({ declaration: 'Float32 t[n = 1];', values: [1] });
        const counts = Buffer.from([0, 0, 0, 1, 0, 0, 0, 1]);
        const head = Buffer.from(`Dataset { ${declared} } x;\nData:\n`);
        return query.startsWith('crs') ? Buffer.concat([head, counts, Buffer.from(text)]) : undefined;
      });
      const [crs, t] = index.root!.variables;
      assert.match(crs.notComputable, /or its server does not answer them/, text);
      assert.deepEqual(told(t), ['t', ['/n'], [1]]);
    }
  });

  it('texts that a server writes wrongly, as pydap those with NUL, are described beside the rest', async () => {
    // "", "a" and "b": a byte of NUL behind the first length.
    const wrong = Buffer.from('0000000300000000000000000161000000000000016200000000', 'hex').subarray(0, 25);
    const { index } = await indexAnswers('dap2', (suffix, query) => {
      if (suffix === '.dds') return 'Dataset { String name[n = 3]; Float32 t[n = 3]; } x;';
      if (suffix === '.das') return 'Attributes { }';
      if (query === 't') return dods({ declaration: 'Float32 t[n = 3];', values: [1, 2, 3] });
      return query === 'name'
        ? Buffer.concat([Buffer.from('Dataset { String name[n = 3]; } x;\nData:\n'), wrong])
        : undefined;
    });
    assert.deepEqual(index.root!.variables.map(told), [
      ['name', ['/n'], []],
      ['t', ['/n'], [1, 2, 3]],
    ]);
    assert.match(index.root!.variables[0].notComputable, /or its server does not answer them/);
    assert.match(
      index.notes[0],
      /^values were not answered: .* bytes of the texts of "name", found an answer that/,
    );
  });

  it('a server that answers none of the values is asked few times', async () => {
    const { index, requests } = await indexAnswers('dap2', (suffix, query) =>
      withTexts(suffix, query, undefined!),
    );
    assert.ok(requests.length <= 20, String(requests.length));
    assert.match(index.notes[0], /^values were not answered: http.*: the server answered 404/);
    const text = index.root!.variables.at(-1)!;
    assert.match(text.notComputable, /its server does not answer them/);
  });

  it('one that answers no lists is asked one by one', async () => {
    const { index, requests } = await indexAnswers('dap2', (suffix, query) => {
      if (suffix !== '.dods' || query.includes(',')) return withTexts(suffix, query, undefined!);
      if (query === 's') return dods({ declaration: 'String s;', values: 'text' });
      return dods({ declaration: `Float32 ${query}[n = 3];`, values: [1, 2, Number(query.slice(1))] });
    });
    assert.deepEqual(index.notes, []);
    assert.equal(requests.filter((path) => path.includes('.dods')).length, 42);
    assert.deepEqual(told(index.root!.variables[39]), ['v39', ['/n'], [1, 2, 39]]);
    assert.equal(index.root!.variables[40].notComputable, '');
  });

  it('an index holds so many values at most, others are read by chunks', async () => {
    const names = Array.from({ length: 400 }, (_, i) => `v${i}`);
    const { index } = await indexAnswers('dap2', (suffix, query) => {
      if (suffix === '.dds') {
        return `Dataset { ${names.map((name) => `Float32 ${name}[n = 16000];`).join(' ')} } x;`;
      }
      if (suffix === '.das') return 'Attributes { }';
      const asked = query.split(',').map((name) => `Float32 ${name}[n = 16000];`);
      return dods(...asked.map((declaration) => ({ declaration, values: new Array(16_000).fill(1) })));
    });
    const held = index.root!.variables.filter(({ inlineValues }) => inlineValues !== undefined);
    assert.ok(held.length > 200 && held.length < 300, String(held.length));
    assert.equal(index.others!.urls.length, 400 - held.length);
  });

  it('arrays of any length are described', async () => {
    const { index } = await indexAnswers('dap2', (suffix) =>
      suffix === '.dds'
        ? 'Dataset { Float32 t[9007199254740991][2]; String s[9007199254740991][9007199254740991]; Float32 z[9007199254740991][9007199254740991][0]; } x;'
        : suffix === '.das'
          ? 'Attributes { }'
          : undefined,
    );
    assert.deepEqual(
      index.root!.variables.map(({ notComputable }) => notComputable.slice(0, 26)),
      ['it has more than 2^53 byte', 'its texts are too many or ', ''],
    );
  });

  it('many variables take time that grows with them, too many are refused', async () => {
    const names = Array.from({ length: 30_000 }, (_, i) => `Byte a${i}[${i + 70_000}];`);
    const flat = nameGroups(parseDds('x', `Dataset { ${names.join('')} } x;`), 'dap2', new Set());
    assert.equal(flat.dimensions.length, 30_000);
    const fields = Array.from({ length: 50_000 }, (_, i) => i);
    const dataSet = parseDds(
      'x',
      `Dataset { Structure {${fields.map((i) => `Byte a${i};`).join('')}} s; } x;`,
    );
    const das = `Attributes { s {${fields.map((i) => `a${i} { Int32 n ${i}; }`).join('')}} }`;
    addDasAttributes(dataSet, parseDas('x', das));
    assert.deepEqual(dataSet.root.variables[0].fields[49_999].attributes[0].values, ['49999']);
    await assert.rejects(
      indexAnswers('dap2', (suffix) =>
        suffix === '.dds' ? `Dataset {${'Byte a;'.repeat(70_000)}} x;` : 'Attributes { }',
      ),
      (error) =>
        isHyperslabError(error, 'FORMAT_UNSUPPORTED') && /a data set of 70001 var/.test(error.message),
    );
  });
});
