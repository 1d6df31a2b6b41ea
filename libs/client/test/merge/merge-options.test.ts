import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeArray } from '@hyperslab/array';
import { isHyperslabError } from '@hyperslab/errors';
import { withTemporaryDirectory } from '@hyperslab/testing';
import fc from 'fast-check';
import { mergeOptions } from '../../src/merge/merge-options.ts';
import { parseDimension } from '../../src/merge/parse-dimension.ts';
import { parseOverlay } from '../../src/merge/parse-overlay.ts';
import { parseSetting } from '../../src/merge/parse-setting.ts';

const refused = (body: () => unknown, message: RegExp) =>
  assert.throws(body, (error) => {
    assert.ok(isHyperslabError(error, 'INVALID_ARGUMENT'), String(error));
    assert.match(error.message, message);
    return true;
  });

describe('options of a merge', () => {
  it('name dimensions by a pattern of the URL or a global attribute', () => {
    assert.deepEqual(parseDimension('realization=ensemble_(\\d+)'), {
      name: 'realization',
      attribute: '',
      pattern: 'ensemble_(\\d+)',
    });
    assert.deepEqual(parseDimension('a=b=(.)'), { name: 'a', attribute: '', pattern: 'b=(.)' });
    assert.deepEqual(parseDimension('run=@start'), { name: 'run', attribute: 'start', pattern: '' });
    assert.deepEqual(parseDimension('run=@source/_(\\d+)/x'), {
      name: 'run',
      attribute: 'source',
      pattern: '_(\\d+)/x',
    });
    for (const text of ['', 'run', 'run=', '=x', 'run=@', 'run=@/x'])
      refused(() => parseDimension(text), /expected NAME=PATTERN/);
  });

  it('set attributes of variables and of the whole', () => {
    const setting = (text: string) => {
      const { change } = parseSetting(text);
      assert.ok(change?.$case === 'set');
      return [change.value.variable, change.value.attribute?.name, change.value.attribute?.strings[0]];
    };
    assert.deepEqual(setting('t.units=m s-1'), ['t', 'units', 'm s-1']);
    assert.deepEqual(setting('forecast/t.v2.units=a=b.c'), ['forecast/t.v2', 'units', 'a=b.c']);
    assert.deepEqual(setting('.title='), ['', 'title', '']);
    for (const text of ['t', 't=K', 't.=K', '='])
      refused(() => parseSetting(text), /expected VARIABLE.ATTRIBUTE=VALUE/);
  });

  it('read an overlay in the order drop, rename, remove, set, add', () => {
    const changes = parseOverlay(
      `
set:
  t: {units: K, flag_values: [1, 2], scale: 0.5}
  .: {title: A run}
rename: {tas_x: t}
drop: [junk]
remove: {t: history, u: [a, b]}
add:
  height: {values: 2, attributes: {units: m}}
  station: {values: [north, south], dimension: n}
  member: {values: [1, 2], dimension: m, dtype: int32}
`,
      'o.yaml',
    );
    assert.deepEqual(
      changes.map(({ change }) => change?.$case),
      ['drop', 'rename', 'remove', 'remove', 'remove', 'set', 'set', 'set', 'set', 'add', 'add', 'add'],
    );
    const sets = changes.flatMap(({ change }) => (change?.$case === 'set' ? [change.value] : []));
    assert.deepEqual(
      sets.map(({ variable, attribute }) => [
        variable,
        attribute?.name,
        attribute?.dtype,
        attribute?.strings,
        attribute?.numbers,
      ]),
      [
        ['t', 'units', 'char', ['K'], []],
        ['t', 'flag_values', 'int32', [], [1, 2]],
        ['t', 'scale', 'float64', [], [0.5]],
        ['', 'title', 'char', ['A run'], []],
      ],
    );
    const added = changes.flatMap(({ change }) => (change?.$case === 'add' ? [change.value] : []));
    assert.deepEqual(
      added.map(({ name, dimension, values }) => {
        const array = decodeArray(values!);
        return [name, dimension, array.dtype, array.shape, [...(array.values as string[])]];
      }),
      [
        ['height', '', 'float64', [], [2]],
        ['station', 'n', 'string', [2], ['north', 'south']],
        ['member', 'm', 'int32', [2], [1, 2]],
      ],
    );
    assert.deepEqual(parseOverlay('', 'empty.yaml'), []);
  });

  it('refuse an overlay that says something else, naming it', () => {
    for (const [text, message] of [
      ['- a', /overlay o\.yaml: expected names with values in the document/],
      ['renames: {}', /"renames" is unknown; expected drop, rename/],
      ['set: {t: K}', /in set\.t, found "K"/],
      ['set: {t: {units: true}}', /for set\.t\.units, found true/],
      ['drop: [1]', /list of names in drop/],
      ['add: {h: {values: [1]}}', /add\.h: expected values/],
      ['add: {h: {values: 1.5, dtype: int32}}', /add\.h: expected values/],
      ['add: {h: {values: 300, dtype: int8}}', /add\.h: expected values/],
      ['add: {h: {value: 1}}', /add\.h: expected values/],
      ['set: {t: [', /expected YAML/],
      ['a: &a [1]\nset: {t: {x: *b}}', /expected YAML/],
    ] as const)
      refused(() => parseOverlay(text, 'o.yaml'), message);
    // Aliases of aliases, which would be a billion texts.
    const laughs = [
      'a0: &a0 [x, x]',
      ...Array.from({ length: 30 }, (_, i) => `a${i + 1}: &a${i + 1} [${Array(9).fill(`*a${i}`).join()}]`),
    ];
    refused(() => parseOverlay(laughs.join('\n'), 'o.yaml'), /expected YAML/);
  });

  it('end in changes or a typed error, whatever an overlay holds', () => {
    const value = fc.oneof(
      fc.string(),
      fc.double(),
      fc.boolean(),
      fc.constant(null),
      fc.array(fc.jsonValue(), { maxLength: 3 }),
      fc.jsonValue(),
    );
    const keys = fc.constantFrom('drop', 'rename', 'remove', 'set', 'add', 'other');
    const document = fc.dictionary(keys, fc.oneof(value, fc.dictionary(fc.string(), value)));
    const text = fc.oneof(
      fc.string(),
      document.map((each) => JSON.stringify(each)),
    );
    fc.assert(
      fc.property(text, (yaml) => {
        try {
          assert.ok(Array.isArray(parseOverlay(yaml, 'o')));
        } catch (error) {
          assert.ok(isHyperslabError(error, 'INVALID_ARGUMENT'), String(error));
        }
      }),
    );
  });

  it('put settings of the command line after those of overlays, which are files', async () => {
    await withTemporaryDirectory(async (directory) => {
      await writeFile(join(directory, 'o.yaml'), 'set: {t: {units: K}}\n');
      const { changes, allowMissing } = await mergeOptions({
        overlays: ['o.yaml'],
        set: ['t.units=degC'],
        directory,
        allowMissing: true,
      });
      const units = changes.map(({ change }) =>
        change?.$case === 'set' ? change.value.attribute?.strings[0] : '',
      );
      assert.deepEqual(units, ['K', 'degC']);
      assert.equal(allowMissing, true);
      await assert.rejects(mergeOptions({ overlays: ['gone.yaml'], directory }), (error) =>
        isHyperslabError(error, 'INVALID_ARGUMENT'),
      );
    });
  });
});
