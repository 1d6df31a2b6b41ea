import assert from 'node:assert/strict';
import { crc32 } from 'node:zlib';
import { decodeAnswer, flatVariables, parseDapUrl, parseDas, parseDds, parseDmr } from '@hyperslab/dap';
import { HyperslabError } from '@hyperslab/errors';
import { withinLimits } from '@hyperslab/testing';
import fc from 'fast-check';

const url = 'http://host/x.nc#dap4';
const dds = `Dataset {
  Grid { Array: Int16 t[time = 2][lat = 3]; Maps: Float64 time[time = 2]; Float32 lat[lat = 3]; } t;
  Structure { Byte b[n = 5]; String s[2]; Url u; } st;
  Sequence { Float32 depth; } q;
} x;
`;
const das = `Attributes { t { String units "K \\"x\\""; Float32 valid_range 1, 2; Alias a b; inner { Byte c 1; } } NC_GLOBAL { String title "a"; } }`;
const dmr = `<?xml version="1.0" encoding="UTF-8"?>
<Dataset xmlns="http://xml.opendap.org/ns/DAP/4.0#" dapVersion="4.0" dmrVersion="1.0" name="x">
<Dimension name="x" size="3"/><Enumeration name="e" basetype="Int8"><EnumConst name="a" value="1"/></Enumeration>
<Int16 name="v"><Dim name="/x"/><Attribute name="units" type="String"><Value>K</Value></Attribute></Int16>
<String name="s"><Dim size="2"/></String><Enum name="k" enum="/e"/><Opaque name="o"/>
<Structure name="st"><Float64 name="f"/><Dim name="/x"/></Structure>
<Sequence name="q"><Int32 name="i"/></Sequence></Dataset>`;

const frame = (flags: number, data: Uint8Array) => {
  const head = Buffer.alloc(4);
  head.writeUInt32BE(data.length);
  head[0] = flags;
  return Buffer.concat([head, data]);
};
const words = (...numbers: number[]) => {
  const bytes = Buffer.alloc(numbers.length * 8);
  for (const [i, number] of numbers.entries()) bytes.writeBigUInt64LE(BigInt(number), 8 * i);
  return bytes;
};
const parts = [
  Buffer.from([1, 0, 2, 0, 3, 0]),
  Buffer.concat([words(2), Buffer.from('ab'), words(0)]),
  Buffer.from([1]),
  Buffer.concat([words(3), Buffer.from('xyz')]),
  words(1, 2, 3),
  Buffer.concat([words(2), Buffer.from([1, 0, 0, 0, 2, 0, 0, 0])]),
];
const checked = Buffer.concat(
  parts.map((part) => {
    const sum = Buffer.alloc(4);
    sum.writeUInt32LE(crc32(part));
    return Buffer.concat([part, sum]);
  }),
);
const dap4 = Buffer.concat([
  frame(4, Buffer.from(dmr)),
  frame(4, checked.subarray(0, 40)),
  frame(5, checked.subarray(40)),
]);
const counted = (count: number, data: number[]) => Buffer.from([0, 0, 0, count, 0, 0, 0, count, ...data]);
const dods = Buffer.concat([
  Buffer.from(`${dds.replace(/ {2}Sequence.*\n/, '')}Data:\n`),
  counted(
    6,
    Array.from({ length: 24 }, (_, i) => (i % 4 === 3 ? i : 0)),
  ),
  counted(2, new Array(16).fill(1)),
  counted(3, new Array(12).fill(2)),
  counted(5, [1, 2, 3, 4, 5, 0, 0, 0]),
  Buffer.from([0, 0, 0, 2, 0, 0, 0, 1, 97, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 98, 99, 0, 0]),
]);

const readers: [string, Uint8Array, (bytes: Uint8Array) => unknown][] = [
  [
    'DDS',
    Buffer.from(dds),
    (bytes) => flatVariables(parseDds(url, Buffer.from(bytes).toString()).root, '', 'dap2'),
  ],
  ['DAS', Buffer.from(das), (bytes) => parseDas(url, Buffer.from(bytes).toString())],
  [
    'DMR',
    Buffer.from(dmr),
    (bytes) => flatVariables(parseDmr(url, Buffer.from(bytes).toString()).root, '', 'dap4'),
  ],
  ['answer of DAP2', dods, (bytes) => decodeAnswer('dap2', url, bytes)],
  ['answer of DAP4', dap4, (bytes) => decodeAnswer('dap4', url, bytes)],
];

/** A result, or an error that names the server: never a defect of ours, never without end. */
function readsOrRefuses(read: (bytes: Uint8Array) => unknown, bytes: Uint8Array): void {
  try {
    withinLimits(() => read(bytes));
  } catch (error) {
    assert.ok(error instanceof HyperslabError, String(error));
    assert.notEqual(error.reason, 'INTERNAL', error.message);
    assert.ok(error.message.startsWith(url), error.message);
  }
}

describe('damaged answers of DAP', function () {
  this.timeout(60_000);

  it('are whole to begin with', () => {
    for (const [name, bytes, read] of readers) assert.ok(read(bytes) !== undefined, name);
    assert.equal(decodeAnswer('dap4', url, dap4).length, 3);
  });

  for (const [name, bytes, read] of readers) {
    it(`${name}: with some bytes changed, cut off or repeated`, () => {
      const change = fc.tuple(
        fc.nat(),
        fc.oneof(fc.nat(255), fc.constantFrom(...Buffer.from('{}[];"<>&/=\\0\xff', 'latin1'))),
      );
      fc.assert(
        fc.property(fc.array(change, { maxLength: 4 }), fc.nat(400), fc.nat(3), (changes, cut, times) => {
          const damaged = new Uint8Array(bytes);
          for (const [at, byte] of changes) damaged[at % damaged.length] = byte;
          const end = times === 0 ? Math.max(0, damaged.length - cut) : damaged.length;
          readsOrRefuses(read, damaged.subarray(0, end));
          if (times === 3) readsOrRefuses(read, Buffer.concat([damaged, damaged.subarray(cut)]));
        }),
        { numRuns: 1500 },
      );
    });

    it(`${name}: with numbers of any size`, () => {
      const text = Buffer.from(bytes).toString('latin1');
      const places = [...text.matchAll(/\d+/g)];
      const number = fc.constantFrom(
        '0',
        '-1',
        '4294967295',
        '9007199254740991',
        '9007199254740993',
        '1e9',
        '9'.repeat(40),
      );
      fc.assert(
        fc.property(fc.nat(), number, (at, value) => {
          const place = places[at % places.length];
          const changed = text.slice(0, place.index) + value + text.slice(place.index + place[0].length);
          readsOrRefuses(read, Buffer.from(changed, 'latin1'));
        }),
        { numRuns: 300 },
      );
    });
  }

  it('of DAP4: any count of rows, bytes or chunks ends soon', () => {
    const huge = [0, 1, 0x7fffffff, 2 ** 53 - 1, 2 ** 53];
    fc.assert(
      fc.property(fc.nat(), fc.constantFrom(...huge), fc.boolean(), (at, count, inFrame) => {
        const damaged = Buffer.from(dap4);
        const values = dap4.length - checked.length;
        if (inFrame) damaged.writeUInt32BE(count % 2 ** 32, at % (damaged.length - 4));
        else damaged.writeBigUInt64LE(BigInt(count), values + (at % (checked.length - 8)));
        readsOrRefuses((bytes) => decodeAnswer('dap4', url, bytes), damaged);
      }),
      { numRuns: 1000 },
    );
  });

  it('nothing of any number of elements is nothing, however many dimensions say so', () => {
    const dims = (sizes: number[]) => sizes.map((size) => `<Dim size="${size}"/>`).join('');
    const answer = (sizes: number[], ...values: Uint8Array[]) => {
      const text = `<Dataset name="x"><Float32 name="z">${dims(sizes)}</Float32><Float32 name="t"><Dim size="2"/></Float32></Dataset>`;
      return Buffer.concat([frame(12, Buffer.from(text)), frame(5, Buffer.concat(values))]);
    };
    const huge = new Array(25).fill(2 ** 53 - 1);
    for (const sizes of [[...huge, 0], [0, ...huge], [0]]) {
      const [z, t] = decodeAnswer('dap4', url, answer(sizes, Buffer.from([1, 2, 3, 4, 5, 6, 7, 8])));
      assert.deepEqual([z.bytes!.length, ...t.bytes!], [0, 1, 2, 3, 4, 5, 6, 7, 8]);
      assert.throws(() => decodeAnswer('dap4', url, answer(sizes)), /8 bytes of the values of "t"/);
    }
    assert.throws(() => decodeAnswer('dap4', url, answer(huge)), /Infinity bytes of the values of "z"/);
    const dds = `Dataset { Float32 z${huge.map((size) => `[${size}]`).join('')}[0]; Byte t; } x;\nData:\n`;
    const [, t] = decodeAnswer(
      'dap2',
      url,
      Buffer.concat([Buffer.from(dds), Buffer.alloc(8), Buffer.from([0, 0, 0, 7])]),
    );
    assert.deepEqual([...t.bytes!], [7]);
  });

  it('a changed byte of values does not pass where there are checksums', () => {
    const values = dap4.length - checked.length;
    fc.assert(
      fc.property(
        // But for the flags of the last chunk, of which the first chunk's are believed.
        fc.integer({ min: values + 20, max: dap4.length - 1 }).filter((at) => at !== values + 36),
        fc.integer({ min: 1, max: 255 }),
        (at, bits) => {
          const damaged = Buffer.from(dap4);
          damaged[at] ^= bits;
          assert.throws(() => decodeAnswer('dap4', url, damaged), HyperslabError);
        },
      ),
    );
  });

  it('long texts are read in time and memory of their length', () => {
    const length = 1_000_000;
    const [a] = parseDas(
      url,
      `Attributes { a { String b "${'x\\"'.repeat(length)}"; String c ${'y '.repeat(length)}; } }`,
    ).containers;
    assert.deepEqual(
      a.attributes.map(({ values }) => values[0].length),
      [2 * length, 2 * length - 1],
    );
    assert.throws(
      () => parseDds(url, `Dataset { Int32 "${'z'.repeat(length)}`),
      /a text that ends with a quote/,
    );
  });

  it('deep structures and documents are refused', () => {
    const deep = 'Structure {'.repeat(1e5);
    assert.throws(() => parseDds(url, `Dataset {${deep}`), /at most 32 structures/);
    assert.throws(() => parseDas(url, `Attributes {${'a {'.repeat(1e5)}`), /at most 32 containers/);
    assert.throws(() => parseDds(url, `Dataset {${'Byte a;'.repeat(1e6)}`), /at most 2097152 words/);
    assert.throws(() => parseDmr(url, `<Dataset>${'<a/>'.repeat(2e6)}</Dataset>`), /at most 262144 elements/);
    const attributes = Array.from({ length: 3e5 }, (_, i) => `a${i}=""`).join(' ');
    const many = `<a ${attributes}/>`.repeat(4);
    assert.throws(() => parseDmr(url, `<Dataset>${many}</Dataset>`), /at most 1048576 attributes/);
    assert.throws(() => parseDmr(url, `<Dataset>${'<Group name="g">'.repeat(1e5)}`), /64 in each other/);
  });

  it('any URL is one of DAP, another, or invalid', () => {
    const member = fc.constantFrom(
      'variable=a',
      'type=Int8',
      'shape=1,2',
      'chunks=1,1',
      'shape=1e9',
      'answer=.das',
      'chunks=0',
      '&',
      '%',
    );
    fc.assert(
      fc.property(fc.array(member), fc.string(), (members, tail) => {
        try {
          parseDapUrl(`http://h/x#dap4&${members.join('&')}${tail}`);
        } catch (error) {
          assert.ok(error instanceof HyperslabError && error.reason === 'URL_INVALID', String(error));
        }
      }),
    );
  });
});
