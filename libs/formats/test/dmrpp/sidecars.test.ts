import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { HyperslabError, type Reason } from '@hyperslab/errors';
import type { FileIndex, Group, IndexedVariable } from '@hyperslab/proto/index';
import { createStorage, memorySource } from '@hyperslab/storage';
import { sharedCorpora, withinLimits, withTemporaryDirectory } from '@hyperslab/testing';
import fc from 'fast-check';
import { indexFile } from '../../src/index.ts';
import { valuesOf, withStore } from '../zarr/reference.ts';

const namespace = 'xmlns:dmrpp="http://xml.opendap.org/dap/dmrpp/1.0.0#"';
const dataset = (content: string, attributes = 'dmrpp:version="3.21"') =>
  `<?xml version="1.0"?>\n<Dataset xmlns="http://xml.opendap.org/ns/DAP/4.0#" ${namespace} name="x.nc" ${attributes}>${content}</Dataset>`;
const int16 = (dims: number[], storage: string) =>
  `<Int16 name="v">${dims.map((size) => `<Dim size="${size}"/>`).join('')}${storage}</Int16>`;

/** Indexed without any data file, by roots that hold all of some hosts. */
async function indexed(document: string, url = 's3://bucket/run/x.nc.dmrpp'): Promise<FileIndex> {
  const storage = createStorage({ roots: ['s3://bucket/', 'https://data.example.org/', '/archive/'] });
  try {
    return await indexFile(memorySource(url, Buffer.from(document)), { storage });
  } finally {
    await storage.close();
  }
}

async function variableOf(document: string): Promise<IndexedVariable> {
  return (await indexed(document)).root!.variables[0];
}

async function refuses(reason: Reason, message: RegExp, document: string): Promise<void> {
  await assert.rejects(indexed(document), { reason, message });
}

/** Values of an int16 variable whose chunks lie in these bytes beside the sidecar. */
async function valuesIn(bytes: Uint8Array, document: string): Promise<number[]> {
  return withTemporaryDirectory(async (folder) => {
    await writeFile(join(folder, 'x.nc'), bytes);
    await writeFile(join(folder, 'x.nc.dmrpp'), document);
    return withStore(join(folder, 'x.nc.dmrpp'), async (store) => [
      ...((await valuesOf(store, store.variables.get('/v')!)).values as Int16Array),
    ]);
  });
}

describe('dmrpp: sidecars', () => {
  it('undo filters in the order of the document, without a version in that of HDF5', async () => {
    const shuffled = Uint8Array.from([1, 2, 3, 0, 0, 0]);
    const bytes = deflateSync(shuffled);
    const chunks = (type: string) =>
      int16(
        [3],
        `<dmrpp:chunks compressionType="${type}"><dmrpp:chunkDimensionSizes>3</dmrpp:chunkDimensionSizes><dmrpp:chunk offset="0" nBytes="${bytes.length}" chunkPositionInArray="[0]"/></dmrpp:chunks>`,
      );
    assert.deepEqual(await valuesIn(bytes, dataset(chunks('shuffle deflate'))), [1, 2, 3]);
    assert.deepEqual(await valuesIn(bytes, dataset(chunks('deflate shuffle'), '')), [1, 2, 3]);
    await assert.rejects(valuesIn(bytes, dataset(chunks('deflate shuffle'))), { reason: 'FORMAT_CORRUPT' });
  });

  it('skip filters of single chunks', async () => {
    const shuffled = Uint8Array.from([1, 2, 3, 0, 0, 0]);
    const packed = deflateSync(shuffled);
    const bytes = Buffer.concat([packed, shuffled, Uint8Array.from([7, 0, 8, 0, 9, 0])]);
    const chunk = (offset: number, length: number, at: number, mask: number) =>
      `<dmrpp:chunk offset="${offset}" nBytes="${length}" chunkPositionInArray="[${at}]" fm="${mask}"/>`;
    const chunks = (type: string) =>
      int16(
        [9],
        `<dmrpp:chunks compressionType="${type}"><dmrpp:chunkDimensionSizes>3</dmrpp:chunkDimensionSizes>${chunk(0, packed.length, 0, 0)}${chunk(packed.length, 6, 3, 2)}${chunk(packed.length + 6, 6, 6, 3)}</dmrpp:chunks>`,
      );
    assert.deepEqual(await valuesIn(bytes, dataset(chunks('shuffle deflate'))), [1, 2, 3, 1, 2, 3, 7, 8, 9]);
    // Bits may be those of HDF5's pipeline or of a fixed order.
    const { notComputable } = await variableOf(dataset(chunks('deflate shuffle')));
    assert.equal(notComputable, 'filters were skipped in some of its chunks');
  });

  it('lead to the file beside them, to URLs, and nowhere outside the roots', async () => {
    const document = (href: string, own = '') =>
      dataset(
        int16([1], `<dmrpp:chunks><dmrpp:chunk offset="4" nBytes="2"${own}/></dmrpp:chunks>`),
        href === '' ? '' : `dmrpp:href="${href}"`,
      );
    const leadsTo = async (url: string, href: string, own = '') =>
      (await indexed(document(href, own), url)).others!.urls;
    const placeholder = 'OPeNDAP_DMRpp_DATA_ACCESS_URL';
    for (const [from, href, to] of [
      ['s3://bucket/run/y.nc.dmrpp', placeholder, 's3://bucket/run/y.nc'],
      ['s3://bucket/run/y.nc.dmrpp', '', 's3://bucket/run/y.nc'],
      ['s3://bucket/run/y.dmrpp', placeholder, 's3://bucket/run/x.nc'],
      ['s3://bucket/run/y.nc.dmrpp', 'z/x y.nc', 's3://bucket/run/z/x y.nc'],
      ['s3://bucket/run/y.nc.dmrpp', '/other/x.nc', 's3://bucket/other/x.nc'],
      ['s3://bucket/run/y.nc.dmrpp', 'https://data.example.org/x.nc', 'https://data.example.org/x.nc'],
      ['https://data.example.org/a/y.nc.dmrpp', placeholder, 'https://data.example.org/a/y.nc'],
      ['file:///archive/y.nc.dmrpp', '/archive/b/x.nc', 'file:///archive/b/x.nc'],
      ['https://data.example.org/a/y.nc.dmrpp?sig=a/b', placeholder, 'https://data.example.org/a/y.nc'],
      ['https://data.example.org/a/y.dmrpp?sig=a/b.nc', placeholder, 'https://data.example.org/a/x.nc'],
      ['https://data.example.org/a/y.nc.dmrpp?sig=a/b', 'z/x.nc', 'https://data.example.org/a/z/x.nc'],
      ['https://data.example.org/a/y.nc.dmrpp', 'x%20y%23.nc', 'https://data.example.org/a/x%20y%23.nc'],
      ['https://data.example.org/a/y.nc.dmrpp', 'x y.nc', 'https://data.example.org/a/x%20y.nc'],
      ['https://data.example.org/a/y.nc.dmrpp', '100%.nc', 'https://data.example.org/a/100%25.nc'],
      ['s3://bucket/run/y.nc.dmrpp', 'x%20y.nc', 's3://bucket/run/x%20y.nc'],
    ] as const) {
      assert.deepEqual(await leadsTo(from, href), [to]);
    }
    assert.deepEqual(await leadsTo('s3://bucket/run/y.nc.dmrpp', placeholder, ' href="s3://bucket/1.h5"'), [
      's3://bucket/1.h5',
    ]);
    for (const href of [
      'http://169.254.169.254/x',
      's3://others/x',
      '../../../etc/passwd',
      'file:///etc/passwd',
    ])
      await refuses('OUTSIDE_ROOTS', /./, document(href));
    await assert.rejects(indexed(document('%2e%2e%2f%2e%2e/etc/passwd'), 'file:///archive/a/y.nc.dmrpp'), {
      reason: 'OUTSIDE_ROOTS',
    });
  });

  it('have each name once in a group, and find chunks by it', async () => {
    const at = (name: string, offset: number) =>
      `<Int16 name="${name}"><dmrpp:chunks><dmrpp:chunk offset="${offset}" nBytes="2"/></dmrpp:chunks></Int16>`;
    const group = (name: string, content: string) => `<Group name="${name}">${content}</Group>`;
    for (const [content, message] of [
      [group('g', at('t', 1)) + group('g', at('t', 2)), /each group of a group .* found "\/g" twice/],
      [group('g', at('t', 1) + at('t', 2)), /each variable of a group .* found "\/g\/t" twice/],
      [
        '<Dimension name="x" size="1"/><Dimension name="x" size="2"/>',
        /each dimension of a group .* "\/x" twice/,
      ],
      [group('a/b', at('t', 1)) + group('a', group('b', at('t', 2))), /"\/a\/b\/t" twice/],
      [at('a/b', 1) + group('a', at('b', 2)), /one group "\/a", found two/],
    ] as const)
      await refuses('FORMAT_CORRUPT', message, dataset(content));
    const content = at('t', 1) + group('t', at('t', 2)) + group('g', group('t', at('t', 3)));
    const found = async (text: string) => {
      const all = ({ name, variables, groups }: Group): [string, number[] | undefined][] => [
        ...variables.map(
          (each) => [`${name}/${each.name}`, each.chunks?.offsets] as [string, number[] | undefined],
        ),
        ...groups.flatMap(all),
      ];
      return all((await indexed(dataset(text))).root!);
    };
    assert.deepEqual(await found(content), [
      ['/t', [1]],
      ['t/t', [2]],
      ['t/t', [3]],
    ]);
    // Neither a path in a name nor a field of a structure leads to another variable.
    const structure = '<Structure name="s"><Int16 name="x"/></Structure>';
    assert.deepEqual(await found(at('b', 7) + at('a/b', 9) + structure + at('s.x', 5)), [
      ['/b', [7]],
      ['/s.x', undefined],
      ['a/b', [9]],
    ]);
  });

  it('of 60,000 groups take time by their number', async function () {
    this.timeout(60_000);
    let groups = '';
    for (let i = 0; i < 60_000; i++) groups += `<Group name="g${i}"/>`;
    assert.equal((await indexed(dataset(groups))).root!.groups.length, 60_000);
  });

  it('describe what is not read', async () => {
    const reasons: [content: string, reason: RegExp][] = [
      [int16([2], ''), /^the sidecar does not say where it is$/],
      [
        int16(
          [2],
          '<dmrpp:chunks compressionType="szip"><dmrpp:chunk offset="0" nBytes="4"/></dmrpp:chunks>',
        ),
        /^its filter "szip" is not supported$/,
      ],
      [int16([2], '<dmrpp:chunks LBChunk="true"/>'), /^its chunks are made of several blocks each$/],
      [
        int16([4], '<dmrpp:chunks><dmrpp:chunkDimensionSizes>2</dmrpp:chunkDimensionSizes></dmrpp:chunks>'),
        /^chunks are missing, and their fill value is not told$/,
      ],
      [
        int16(
          [2],
          '<dmrpp:chunks><dmrpp:block offset="0" nBytes="1"/><dmrpp:block offset="9" nBytes="3"/></dmrpp:chunks>',
        ),
        /^its blocks end within an element$/,
      ],
      [
        int16([9], '<dmrpp:chunks fillValue="unsupported-vlen"/>'),
        /^its maker could not describe it \(unsupported-vlen\)$/,
      ],
      [
        '<String name="v"><Dim size="2"/><dmrpp:chunks><dmrpp:chunk offset="0" nBytes="4"/></dmrpp:chunks></String>',
        /^its strings lie in the data file$/,
      ],
      [
        '<String name="v"><Dim size="2"/><dmrpp:FixedLengthStringArray string_length="4" pad="null"/></String>',
        /^its strings have a fixed length$/,
      ],
      [
        '<Structure name="v"><Dim size="2"/><Int16 name="a"/></Structure>',
        /^an element is a structure of a$/,
      ],
      ['<Opaque name="v"/>', /^an element is opaque bytes$/],
    ];
    for (const [content, reason] of reasons)
      assert.match((await variableOf(dataset(content))).notComputable, reason, content);
  });

  it('say what is wrong with them', async () => {
    const chunks = (inner: string, attributes = '') =>
      dataset(int16([4], `<dmrpp:chunks ${attributes}>${inner}</dmrpp:chunks>`));
    const sizes = '<dmrpp:chunkDimensionSizes>2</dmrpp:chunkDimensionSizes>';
    const at = (place: string) => `<dmrpp:chunk offset="0" nBytes="4" chunkPositionInArray="${place}"/>`;
    await refuses(
      'FORMAT_CORRUPT',
      /chunks at multiples of \[2\] within \[4\] of \/v, found one at \[1\]/,
      chunks(sizes + at('[1]')),
    );
    await refuses('FORMAT_CORRUPT', /within \[4\] of \/v, found one at \[4\]/, chunks(sizes + at('[4]')));
    await refuses(
      'FORMAT_CORRUPT',
      /one chunk for each place of \/v, found two at \[2\]/,
      chunks(sizes + at('[2]') + at('[2]')),
    );
    await refuses(
      'FORMAT_CORRUPT',
      /8 bytes of \/v, found 6 bytes/,
      chunks('<dmrpp:chunk offset="0" nBytes="6"/>'),
    );
    await refuses(
      'FORMAT_CORRUPT',
      /byteOrder of "v" to be LE or BE, found "XE"/,
      chunks('', 'byteOrder="XE"'),
    );
    await refuses(
      'FORMAT_CORRUPT',
      /whole numbers in "offset"/,
      chunks('<dmrpp:chunk offset="-1" nBytes="8"/>'),
    );
    await refuses(
      'FORMAT_CORRUPT',
      /base64 in dmrpp:compact/,
      dataset(int16([2], '<dmrpp:compact>#</dmrpp:compact>')),
    );
    await refuses(
      'FORMAT_CORRUPT',
      /4 bytes of \/v, found 3 bytes/,
      dataset(int16([2], '<dmrpp:compact>AAAA</dmrpp:compact>')),
    );
    await refuses('FORMAT_CORRUPT', /./, dataset(int16([4], '<dmrpp:chunks>')));
  });

  it('of the corpora are indexed without their data files (needs the corpora)', async function () {
    const corpora = sharedCorpora();
    const folder = corpora && join(corpora, 'dap-pydap/src/pydap/tests/data/dmrs');
    if (folder === undefined || !existsSync(folder)) return this.skip();
    const names = readdirSync(folder).filter((name) => name.endsWith('.dmrpp'));
    assert.equal(names.length, 5);
    for (const name of names) {
      const document: string = readFileSync(join(folder, name), 'utf8').replaceAll(
        '/sidecar/',
        's3://bucket/',
      );
      const index = await indexed(document, `s3://bucket/${name}`);
      const all = (group: Group): IndexedVariable[] => [...group.variables, ...group.groups.flatMap(all)];
      const variables = all(index.root!);
      assert.deepEqual(
        variables.filter(({ notComputable }) => notComputable !== ''),
        [],
        name,
      );
      const located = variables.reduce(
        (sum, { chunks }) => sum + chunks!.lengths.filter((length) => length > 0).length,
        0,
      );
      const stated: number = document.match(/<dmrpp:chunk /g)?.length ?? 0;
      // An array in one piece is cut into several chunks where it is large.
      assert.ok(located >= stated, `${name}: ${located} chunks of ${stated}`);
    }
  });
});

describe('dmrpp: damaged sidecars', function () {
  this.timeout(60_000);
  const document = dataset(
    `<Dimension name="x" size="4"/><Enumeration name="e" basetype="Byte"><EnumConst name="a" value="0"/></Enumeration>
    <Float32 name="x"><Dim name="/x"/><dmrpp:chunks fillValue="nan" byteOrder="LE" compressionType="shuffle deflate"><dmrpp:chunkDimensionSizes>2</dmrpp:chunkDimensionSizes><dmrpp:chunk offset="10" nBytes="20" chunkPositionInArray="[2]" fm="1"/></dmrpp:chunks></Float32>
    <Group name="g"><Enum name="k" enum="/e"><dmrpp:compact>AA==</dmrpp:compact></Enum>
    <Int64 name="b"><Dim size="6"/><dmrpp:chunks><dmrpp:block offset="0" nBytes="16"/><dmrpp:block offset="99" nBytes="32"/></dmrpp:chunks></Int64>
    <String name="t"><Dim size="3"/><dmrpp:vlsa><v c="2">a</v><v>b</v></dmrpp:vlsa></String></Group>`,
  );

  it('end in an index or a typed error', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.tuple(
            fc.nat(document.length - 1),
            fc.oneof(fc.constantFrom('0', '9', '<', '"', '&', ' '), fc.string()),
          ),
          { minLength: 1, maxLength: 4 },
        ),
        fc.nat(20),
        async (changes, cut) => {
          let text = document;
          for (const [at, part] of changes) text = text.slice(0, at) + part + text.slice(at + 1);
          if (cut === 0) text = text.slice(0, -50);
          await withinLimits(() => indexed(text)).catch((error) => {
            assert.ok(error instanceof HyperslabError, String(error));
            assert.notEqual(error.reason, 'INTERNAL', error.message);
          });
        },
      ),
      { numRuns: 1500 },
    ));

  it('that claim huge arrays, or hold entities in entities, take no memory', async () => {
    const huge = int16(
      [2 ** 40, 2 ** 13],
      '<dmrpp:chunks fillValue="0"><dmrpp:chunkDimensionSizes>1 1</dmrpp:chunkDimensionSizes></dmrpp:chunks>',
    );
    assert.match((await variableOf(dataset(huge))).notComputable, /more chunks than an index may hold/);
    const one = '<dmrpp:chunks fillValue="0"/>';
    const { notComputable } = await variableOf(dataset(int16([2 ** 45], one)));
    assert.match(notComputable, /more chunks than an index may hold/);
    const texts =
      '<String name="v"><Dim size="9007199254740991"/><dmrpp:vlsa><v c="9007199254740991">a</v></dmrpp:vlsa></String>';
    assert.match((await variableOf(dataset(texts))).notComputable, /too long or too many/);
    const bomb = `<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>${dataset('<String name="&b;"/>').slice(22)}`;
    await assert.rejects(indexed(bomb), (error) => error instanceof HyperslabError);
  });
});
