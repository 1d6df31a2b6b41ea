import assert from 'node:assert/strict';
import {
  allChunks,
  boxRequest,
  chunkAt,
  dapUrl,
  dataRequest,
  decodeAnswer,
  errorIn,
  flatVariables,
  parseDapUrl,
  parseDas,
  parseDds,
  parseDmr,
  spaceBytes,
  valuesOf,
} from '@hyperslab/dap';
import { isHyperslabError } from '@hyperslab/errors';
import fc from 'fast-check';

const url = 'http://host/x.nc#dap2';
const ids = (dds: string) => flatVariables(parseDds(url, dds).root, '', 'dap2').map(({ id }) => id);

describe('descriptions of DAP', () => {
  it('DDS: grids are their arrays, maps that stand nowhere else are added, keywords in any case', () => {
    const dds = `Dataset {
      GRID { ARRAY: Float32 t[time = 2][lat = 3]; MAPS: Float64 time[time = 2]; Float64 lat[lat = 3]; } t;
      Float64 time[time = 2];
      Structure { int32 a; Structure { Byte b[4]; } inner; } s;
      Sequence { Float32 depth; } profile;
    } name;`;
    assert.deepEqual(ids(dds), ['t.t', 'time', 's.a', 's.inner.b', 'profile', 't.lat']);
    const [t, , a, b, profile] = flatVariables(parseDds(url, dds).root, '', 'dap2');
    assert.deepEqual([t.name, t.dimensions.map(({ name }) => name)], ['t', ['time', 'lat']]);
    assert.deepEqual([a.type, b.dimensions], ['Int32', [{ name: '', size: 4 }]]);
    assert.equal(profile.notComputable, 'it is a sequence of depth');
  });

  it('DAS: quotes, lists, octal bytes, containers in each other, aliases', () => {
    const das = parseDas(
      url,
      `Attributes { t { String long_name "a \\"b\\" \\\\ c"; Float32 valid_range -1.5, 2e3; alias x t.y; String g "gr\\303\\266\\303\\237er";
        inner { Byte flag 1; } } }`,
    );
    const [t] = das.containers;
    assert.deepEqual(
      t.attributes.map(({ values }) => values),
      [['a "b" \\ c'], ['-1.5', '2e3'], ['größer']],
    );
    assert.deepEqual(t.containers[0].attributes, [{ name: 'flag', type: 'Byte', values: ['1'] }]);
  });

  it('DMR: groups, relative and anonymous dimensions, enumerations, containers of attributes', () => {
    const { root } = parseDmr(
      url,
      `<?xml version="1.0"?><Dataset xmlns="http://xml.opendap.org/ns/DAP/4.0#" name="d" dapVersion="4.0" dmrVersion="1.0">
       <Dimension name="x" size="3"/>
       <Attribute name="c" type="Container"><Attribute name="a" type="Int32" value="1"><Value>2</Value></Attribute></Attribute>
       <Group name="g"><Enumeration name="e" basetype="UInt8"><EnumConst name="k" value="1"/></Enumeration>
       <Enum name="v" enum="e"><Dim name="x"/><Dim size="2"/></Enum></Group></Dataset>`,
    );
    assert.deepEqual(root.attributes, [{ name: 'c.a', type: 'Int32', values: ['1', '2'] }]);
    const [v] = flatVariables(root.groups[0], '/g', 'dap4');
    const dimensions = [
      { name: '/x', size: 3 },
      { name: '', size: 2 },
    ];
    assert.deepEqual([v.id, v.type, v.dimensions], ['/g/v', 'UInt8', dimensions]);
  });

  it('an XML document can neither grow by entities nor read others', () => {
    for (const entity of ['&lol;', '&#0;'])
      assert.throws(
        () =>
          parseDmr(
            url,
            `<!DOCTYPE d [<!ENTITY lol SYSTEM "file:///etc/passwd">]><Dataset name="${entity}"/>`,
          ),
        (error) => isHyperslabError(error, 'FORMAT_CORRUPT'),
      );
  });

  it('an error is one whatever its status', () => {
    assert.deepEqual(errorIn(Buffer.from('Error {\n code = 404;\n message = "no \\"x\\"\n here";\n};')), {
      code: 404,
      message: 'no "x" here',
    });
    const xml =
      '<?xml version="1.0"?><dap:Error xmlns:dap="x" httpcode="500"><dap:Message>bad</dap:Message></dap:Error>';
    assert.deepEqual(errorIn(Buffer.from(xml)), { code: 500, message: 'bad' });
    assert.equal(errorIn(Buffer.from('Dataset { } x;')), undefined);
  });
});

describe('answers of DAP2', () => {
  const dods = (dds: string, ...body: number[]) =>
    Buffer.concat([Buffer.from(`${dds}\nData:\n`), Buffer.from(body)]);
  const read = (answer: Uint8Array) => decodeAnswer('dap2', url, answer);

  it('16 bits travel as 32, bytes are padded, lone bytes stand at either end', () => {
    const dds = 'Dataset { Int16 a[n = 2]; Byte b[n = 2]; Byte c; Byte d; Byte e; UInt16 f; } x;';
    const body = [
      0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 1, 2, 0xff, 0xff, 0xff, 0xfe, 0, 0, 0, 2, 0, 0, 0, 2, 7, 8, 0, 0,
    ];
    const found = read(dods(dds, ...body, 9, 0, 0, 0, 0, 0, 0, 200, 5, 0, 0, 5, 0xff, 0xff, 0xff, 0xff));
    assert.deepEqual(
      found.map(({ path, bytes }) => [path, ...bytes!]),
      [
        ['a', 2, 1, 0xfe, 0xff],
        ['b', 7, 8],
        ['c', 9],
        ['d', 200],
        ['e', 5],
        ['f', 0xff, 0xff],
      ],
    );
  });

  const counted = (count: number, ...bytes: number[]) => [0, 0, 0, count, 0, 0, 0, count, ...bytes];
  const five = counted(5, 1, 2, 3, 4, 5);

  it('padding is left out where a count tells so, or nothing comes behind', () => {
    const numbers = counted(2, 0, 0, 0, 7, 0, 0, 0, 8);
    const dds = 'Byte m[n = 5]; Int32 k;';
    for (const [declared, ...bodies] of [
      ['Byte m[n = 5]; Int32 a[2];', five, numbers],
      [
        'Byte m[n = 5]; Int32 k; Int32 a[2]; Byte l[n = 5]; Int32 c;',
        five,
        [0, 0, 0, 9],
        numbers,
        five,
        [0, 0, 0, 6],
      ],
      ['Int32 k; Byte m[n = 5];', [0, 0, 0, 9], five],
      ['Grid { Array: Byte m[n = 5]; Maps: Int32 n[n = 2]; } m;', five, numbers],
    ] as [string, ...number[][]][]) {
      const found = read(dods(`Dataset { ${declared} } x;`, ...bodies.flat()));
      const [m] = found.filter(({ type }) => type === 'Byte');
      assert.deepEqual([...m.bytes!], [1, 2, 3, 4, 5], declared);
      const expected: Record<string, number[]> = { k: [9], a: [7, 8], c: [6], 'm.n': [7, 8] };
      for (const { path, bytes } of found.filter(({ path }) => path in expected))
        assert.deepEqual([...new Int32Array(bytes!.slice().buffer)], expected[path], `${declared} ${path}`);
    }
    assert.throws(
      () => read(dods(`Dataset { ${dds} } x;`, ...five, 0, 0, 0, 9)),
      (error) => isHyperslabError(error, 'SHORT_READ'),
    );
  });

  it('an answer that was cut off is not taken for one without padding', () => {
    const element = fc.constantFrom('Byte', 'Int16', 'Int32', 'Float64');
    const extent = fc.option(fc.integer({ min: 0, max: 9 }), { nil: undefined });
    const variables = fc.array(fc.tuple(element, extent), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(
        variables,
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 1, max: 120 }),
        (all, cut, first) => {
          let next = first;
          const values: number[][] = [];
          const body: number[] = [];
          const declared = all.map(([type, size], at) => {
            const wide = { Byte: 1, Int16: 4, Int32: 4, Float64: 8 }[type]!;
            const bytes = Array.from({ length: (size ?? 1) * wide }, (_, i) =>
              i % wide === wide - 1 ? next++ % 128 : 0,
            );
            const padding = new Array(-bytes.length & 3).fill(0);
            if (size === undefined) body.push(...(type === 'Byte' ? padding.concat(bytes) : bytes));
            else body.push(...counted(size), ...bytes, ...padding);
            values.push(bytes.filter((_, i) => i % wide === wide - 1));
            return `${type} v${at}${size === undefined ? '' : `[${size}]`};`;
          });
          const whole = dods(`Dataset { ${declared.join(' ')} } x;`, ...body);
          const told = (answer: Uint8Array) =>
            read(answer).map(({ type, bytes }) => {
              const width = { Byte: 1, Int16: 2, Int32: 4, Float64: 8 }[type]!;
              return [...bytes!].filter((_, i) => i % width === 0);
            });
          assert.deepEqual(told(whole), values);
          try {
            // Padding at the end is all that may be missing.
            assert.deepEqual(told(whole.subarray(0, -Math.min(cut, body.length))), values);
          } catch (error) {
            assert.ok(
              isHyperslabError(error, 'SHORT_READ') || isHyperslabError(error, 'FORMAT_CORRUPT'),
              String(error),
            );
          }
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('16 bits are those of their sign', () => {
    const dds = (type: string) => `Dataset { ${type} a[n = 1]; } x;`;
    const told = (type: string, ...word: number[]) => [
      ...read(dods(dds(type), ...counted(1, ...word)))[0].bytes!,
    ];
    assert.deepEqual(told('Int16', 0xff, 0xff, 0x80, 0), [0, 0x80]);
    assert.deepEqual(told('UInt16', 0xff, 0xff, 0x80, 0), [0, 0x80]);
    assert.deepEqual(told('UInt16', 0, 0, 0xff, 0xfe), [0xfe, 0xff]);
    assert.throws(() => told('Int16', 0, 0, 0x9c, 0x40), /16 bits in the values of "a", found 40000/);
    for (const type of ['Int16', 'UInt16'])
      assert.throws(() => told(type, 0xff, 0xff, 0x63, 0xc0), /16 bits in the values of "a", found -40000/);
  });

  it('a count, a value or a name that does not fit is refused', () => {
    const refused: [Buffer, RegExp][] = [
      [dods('Dataset { Int32 a[n = 2]; } x;', 0, 0, 0, 3, 0, 0, 0, 3), /a count of 2 values of "a".*found 3/],
      [dods('Dataset { Int16 a; } x;', 0, 1, 0, 0), /16 bits in the values of "a", found 65536/],
      [dods('Dataset { Byte a; } x;', 1, 0, 0, 2), /one byte of the values of "a", found 1 0 0 2/],
      [dods('Dataset { Int32 a; } x;', 0, 0, 0, 1, 9), /4 bytes of values, found 1 more/],
      [dods('Dataset { Sequence { Int32 a; } s; } x;', 0), /numbers and texts alone, found "s", a Sequence/],
    ];
    for (const [answer, message] of refused) assert.throws(() => read(answer), message);
    const [a] = read(dods('Dataset { Int32 a; } x;', 0, 0, 0, 1));
    assert.throws(
      () => valuesOf(url, [a], { id: 'b', type: 'Int32' }, []),
      /values of "b", found those of "a"/,
    );
    assert.throws(
      () => valuesOf(url, [a], { id: 'a', type: 'Int32' }, [1]),
      /"a" with the shape \[1\], found \[\]/,
    );
    assert.throws(() => valuesOf(url, [a], { id: 'a', type: 'Float32' }, []), /of type Float32, found Int32/);
  });
});

describe('URLs of DAP', () => {
  it('say a data set in several ways', () => {
    for (const text of ['dap4://h/x.nc', 'http://h/x.nc#dap4', 'http://h/x.nc#mode=dap4', 'DAP4://h/x.nc']) {
      const { protocol, dataSet, request } = parseDapUrl(text)!;
      assert.deepEqual([protocol, dataSet, request], ['dap4', 'http://h/x.nc', '.dmr'], text);
    }
    assert.equal(parseDapUrl('https://h/x.nc#dap2')!.dataSet, 'https://h/x.nc');
    for (const text of ['http://h/x.nc', 'http://h/x.nc#page', 's3://b/x#dap2', '/x#dap4', 'http://h/#dap44'])
      assert.equal(parseDapUrl(text), undefined, text);
    assert.throws(() => parseDapUrl('http://h/x.nc?t#dap2'), /without a constraint/);
  });

  it('that are invalid are told without passwords', () => {
    for (const text of [
      'http://u:secret@h/x?t#dap2',
      'dap4://u:s@secret@h/x?t',
      'http://u:secret@h:99999#dap4&variable=',
      'http:///secret@h/x@y#dap4&answer=',
    ]) {
      assert.throws(
        () => parseDapUrl(text) ?? assert.fail(),
        (error) =>
          isHyperslabError(error, 'URL_INVALID') &&
          !JSON.stringify([error.message, error.details]).includes('secret'),
        text,
      );
    }
    assert.throws(
      () => parseDapUrl('http://h/a@b?t#dap2'),
      /^HyperslabError: http:\/\/h\/a@b\?t#dap2: expected the URL/,
    );
  });

  it('say values whole: what is written is read', () => {
    const extents = fc.array(fc.tuple(fc.nat(50), fc.integer({ min: 1, max: 9 })), { maxLength: 4 });
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), extents, (id, sizes) => {
        const shape = sizes.map(([extent]) => extent);
        const space = { id, type: 'Float32', width: 4, shape, chunkShape: sizes.map(([, chunk]) => chunk) };
        assert.deepEqual(parseDapUrl(dapUrl('dap2', 'http://h/x', space))!.values, space);
      }),
    );
    assert.throws(
      () => parseDapUrl('http://h/x#dap4&variable=a&type=Int32&shape=3&chunks=0'),
      /expected a variable/,
    );
    assert.throws(() => parseDapUrl('http://h/x#dap4&variable=a&type=String&shape=3&chunks=1'), /expected/);
    const large = 'http://h/x#dap4&variable=a&type=Int32&shape=100000,10,100000';
    assert.equal(parseDapUrl(`${large}&chunks=1,100000,1677721`)!.values!.width, 4);
    assert.throws(
      () => parseDapUrl(`${large}&chunks=17,10,100000`),
      /expected chunks of at most 67108864 bytes/,
    );
  });

  it('say answers whole, which are suffix and query of the data set alone', () => {
    const ids = fc.array(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(fc.constantFrom('dap2' as const, 'dap4' as const), ids, (protocol, constraints) => {
        const request = dataRequest(protocol, constraints);
        const target = parseDapUrl(dapUrl(protocol, 'http://h/x', request))!;
        assert.deepEqual(target, { protocol, dataSet: 'http://h/x', request });
      }),
    );
    assert.equal(parseDapUrl('http://h/x#dap2&answer=.das')!.request, '.das');
    for (const answer of [
      '',
      '/../../s',
      '/%2e%2e/s',
      '2/s',
      '.das/../s',
      '.dap',
      '.dap/../s?x',
      '.dmr#',
      '@h/s',
    ]) {
      assert.throws(
        () => parseDapUrl(`http://h/x#dap4&answer=${answer}`),
        /expected an answer that is/,
        answer,
      );
    }
  });

  it('requests escape what a URL can not hold, and escapes of names only once', () => {
    const box = { origin: [0, 2], shape: [1, 3] };
    const asked = { id: 'a%20b', type: 'Int8', shape: [5, 5] };
    assert.equal(boxRequest('dap2', asked, box), '.dods?a%20b%5B0:0%5D%5B2:4%5D');
    assert.match(
      boxRequest('dap4', { ...asked, id: '/g/a b' }, box),
      /^\.dap\?dap4\.ce=\/g\/a%20b%5B0:0%5D%5B2:4%5D&/,
    );
    assert.equal(boxRequest('dap2', { ...asked, shape: [1, 3] }, { ...box, origin: [0, 0] }), '.dods?a%20b');
  });

  it('chunks lie one after another, and every byte is in the one that says so', () => {
    const sizes = fc.array(fc.tuple(fc.integer({ min: 1, max: 7 }), fc.integer({ min: 1, max: 8 })), {
      maxLength: 4,
    });
    fc.assert(
      fc.property(sizes, fc.nat(), (extents, at) => {
        const space = {
          width: 2,
          shape: extents.map(([extent]) => extent),
          chunkShape: extents.map(([, chunk]) => chunk),
        };
        let end = 0;
        let elements = 0;
        for (const chunk of allChunks(space)) {
          assert.equal(chunk.offset, end);
          end += chunk.length;
          elements += chunk.shape.reduce((product, extent) => product * extent, 1);
          for (const [axis, start] of chunk.origin.entries()) assert.equal(start % space.chunkShape[axis], 0);
        }
        assert.deepEqual([end, elements * 2], [spaceBytes(space), spaceBytes(space)]);
        const offset = at % spaceBytes(space);
        const { offset: start, length } = chunkAt(space, offset);
        assert.ok(start <= offset && offset < start + length);
      }),
    );
  });
});
