import assert from 'node:assert/strict';
import type { DapProtocol } from '@hyperslab/dap';
import { HyperslabError } from '@hyperslab/errors';
import { withinLimits } from '@hyperslab/testing';
import fc from 'fast-check';
import { dods, indexAnswers } from './serve-answers.ts';

const dds = `Dataset { Grid { Array: Float32 t[lat = 2][4]; Maps: Float32 lat[lat = 2]; } t;
  Grid { Array: Float32 u[lat = 2]; Maps: Float32 lat[lat = 2]; } u; Structure { Byte b[n = 5]; Float32 /g/c[/g/x = 3]; } s; Float32 v%2Cw[n = 5]; } x;`;
const das = `Attributes { t { Float32 _FillValue 9.96921e+36; } lat { String units "x"; } v%2Cw { Int32 missing_value -2.14748e+09; } }`;
const dmr = `<Dataset xmlns="http://xml.opendap.org/ns/DAP/4.0#" dapVersion="4.0" name="x"><Dimension name="/g/x" size="3"/><Dimension name="y" size="2"/>
  <Float32 name="/g/t"><Dim name="/g/x"/><Dim name="/y"/><Attribute name="_ChunkSizes" type="Int32" value="2 1"/></Float32><Int64 name="k"><Dim name="/y"/></Int64>
  <Group name="h"><Dimension name="x" size="4"/><Byte name="b"><Dim name="x"/></Byte></Group></Dataset>`;
const values = dods({ declaration: 'Structure { Float32 lat[lat = 2]; } t;', values: [1, 2] });

/** An index, or an error that says what is wrong: never a defect of ours. */
async function indexesOrRefuses(protocol: DapProtocol, description: string, attributes: string) {
  try {
    await withinLimits(() =>
      indexAnswers(protocol, (suffix) =>
        suffix === '.dds' || suffix === '.dmr' ? description : suffix === '.das' ? attributes : values,
      ),
    );
  } catch (error) {
    assert.ok(error instanceof HyperslabError, String(error));
    assert.notEqual(error.reason, 'INTERNAL', error.message);
    assert.match(error.message, /^http:/);
  }
}

const sizes = fc.constantFrom(
  '0',
  '1',
  '5',
  '1048577',
  '4294967296',
  '9007199254740991',
  '99999999999999999',
);
const signs = fc.constantFrom(...'{}[];=:,"<>&/%.e-09 x');

/** A text with other numbers and signs in some places. */
const damaged = (text: string) =>
  fc
    .tuple(
      fc.array(fc.tuple(fc.nat(), sizes), { maxLength: 3 }),
      fc.array(fc.tuple(fc.nat(), signs), { maxLength: 2 }),
    )
    .map(([numbers, changes]) => {
      let found = text;
      for (const [at, size] of numbers) {
        const places = [...found.matchAll(/(?<![\w.])\d+/g)];
        const { index, 0: old } = places[at % places.length];
        found = found.slice(0, index) + size + found.slice(index + old.length);
      }
      for (const [at, sign] of changes) {
        const place = at % found.length;
        found = found.slice(0, place) + sign + found.slice(place + 1);
      }
      return found;
    });

describe('damaged data sets of OPeNDAP servers', function () {
  this.timeout(60_000);

  it('of DAP2 end in an index or a typed error', () =>
    fc.assert(
      fc.asyncProperty(damaged(dds), damaged(das), (description, attributes) =>
        indexesOrRefuses('dap2', description, attributes),
      ),
      { numRuns: 200 },
    ));

  it('of DAP4 end in an index or a typed error', () =>
    fc.assert(
      fc.asyncProperty(damaged(dmr), (description) => indexesOrRefuses('dap4', description, '')),
      { numRuns: 200 },
    ));

  it('whose names are in thousands of groups are described without what is so deep', async () => {
    const { index } = await indexAnswers('dap2', (suffix) =>
      suffix === '.dds'
        ? `Dataset { Int32 ${'/a'.repeat(20_000)}[${'/b'.repeat(20_000)} = 3]; Int32 c[${'/b'.repeat(20_000)} = 3]; } x;`
        : suffix === '.das'
          ? 'Attributes { }'
          : undefined,
    );
    assert.match(index.notes[0], /^"(\/a)+…" is left out: it is in more than 32 groups$/);
    assert.deepEqual(index.root!.variables[0].dimensions, ['/phony_dim_0']);
  });
});
