import assert from 'node:assert/strict';
import { isHyperslabError } from '@hyperslab/errors';
import type { ExpressionGraph } from '@hyperslab/proto/expression';
import fc from 'fast-check';
import { formatExpression, parseExpression, validateGraph } from '../../src/index.ts';
import { tree } from './random-tree.ts';

const canonical = (text: string) => formatExpression(parseExpression(text));

describe('parseExpression', () => {
  it('reads back every tree from its canonical text', () => {
    fc.assert(
      fc.property(tree, (grow) => {
        const graph: ExpressionGraph = { nodes: [] };
        grow(graph.nodes);
        const text = formatExpression(graph);
        // fast-check makes records without a prototype.
        assert.deepEqual(parseExpression(text), structuredClone(graph), text);
        validateGraph(graph);
      }),
      { numRuns: 500 },
    );
  });

  it('binds operators as mathematics does', () => {
    assert.equal(canonical('a+b*c^d^e'), 'a + b * c^d^e');
    assert.equal(canonical('((a+b)*c)^2'), '((a + b) * c)^2');
    assert.equal(canonical('a-(b-c)-d'), 'a - (b - c) - d');
    assert.equal(canonical('(a^b)^c'), '(a^b)^c');
    assert.equal(canonical('-a^2 + 2^-b'), '-a^2 + 2^-b');
    assert.equal(canonical('!a && b<1 || c'), '!a && b < 1 || c');
    assert.deepEqual(parseExpression('-2').nodes, [{ kind: { $case: 'integer', value: -2 } }]);
    assert.equal(parseExpression('-2^2').nodes.at(-1)?.kind?.$case, 'call');
  });

  it('reads what is short for other functions as these', () => {
    assert.equal(canonical('2 * clip(t - u, 0, max(v, x))'), '2 * minimum(maximum(t - u, 0), max(v, x))');
    // Jobs are known by their nodes, whose order counts.
    const short = parseExpression('clip(t, 1 - u, sqrt(2.0 * v))');
    assert.deepEqual(short, parseExpression('minimum(maximum(t, 1 - u), sqrt(2.0 * v))'));
    validateGraph(short);
    for (const [given, count] of [
      ['t', 1],
      ['t, 1', 2],
      ['t, 1, 2, 3', 4],
    ])
      assert.throws(
        () => parseExpression(`clip(${given})`),
        new RegExp(`"clip" has ${count} arguments; expected 3`),
      );
    assert.throws(() => parseExpression('clipp(t, 1, 2)'), /did you mean clip\?/);
  });

  it('tells integers from numbers with a point or an exponent, whatever their value', () => {
    assert.equal(canonical('t*2 + u*2.0 + 2.'), 't * 2 + u * 2.0 + 2.0');
    assert.equal(canonical('1e6*t - -3.0 - 1e21 + 10'), '1000000.0 * t - -3.0 - 1e+21 + 10');
    assert.deepEqual(parseExpression('2.0').nodes, [{ kind: { $case: 'constant', value: 2 } }]);
    assert.deepEqual(parseExpression('-0').nodes, [{ kind: { $case: 'integer', value: 0 } }]);
    assert.throws(() => parseExpression('t*9007199254740993'), /an integer below 2\^53/);
  });

  it('reads the selections of the design', () => {
    const select = parseExpression(
      'air_temperature[pressure=850, latitude=40:60, time="2026-11-22T06:00":"2026-11-22T12:00", "dim 2"=#0:#6, x=#3]',
    ).nodes[1].kind;
    assert.deepEqual(select?.$case === 'select' && select.value.selectors, [
      { name: 'pressure', by: { $case: 'value', value: '850' } },
      { name: 'latitude', by: { $case: 'values', value: { from: '40', to: '60' } } },
      { name: 'time', by: { $case: 'values', value: { from: '2026-11-22T06:00', to: '2026-11-22T12:00' } } },
      { name: 'dim 2', by: { $case: 'indices', value: { start: 0, end: 6, step: undefined } } },
      { name: 'x', by: { $case: 'index', value: 3 } },
    ]);
  });

  it('reads lists, nearest values, parts of times and conditions', () => {
    const select = parseExpression(
      't[p=[850, 5e2], time=#[0, -1], latitude~51.5 within 0.5, x~[1, "a b"], month(time)=6:8, y=mask(y > 0)]',
    );
    const { kind } = select.nodes.at(-1)!;
    assert.deepEqual(kind?.$case === 'select' && kind.value.selectors, [
      { name: 'p', by: { $case: 'valueList', value: { values: ['850', '5e2'] } } },
      { name: 'time', by: { $case: 'indexList', value: { indices: [0, -1] } } },
      {
        name: 'latitude',
        by: { $case: 'nearest', value: { values: ['51.5'], within: 0.5, keepsDimension: false } },
      },
      {
        name: 'x',
        by: { $case: 'nearest', value: { values: ['1', 'a b'], within: undefined, keepsDimension: true } },
      },
      { name: 'time', component: 'month', by: { $case: 'values', value: { from: '6', to: '8' } } },
      { name: 'y', by: { $case: 'mask', value: 3 } },
    ]);
    const same = 't[x=#-3:#-1, y=#::#-1, x=mask, mask=mask(a && b[c=#0]), season(time)=[DJF, JJA]]';
    assert.equal(
      canonical(same),
      't[x=#-3:#-1, y=::#-1, x=mask, mask=mask(a && b[c=#0]), season(time)=[DJF, JJA]]',
    );
  });

  it('tells datasets from variables in quotes', () => {
    const source = (text: string) => parseExpression(text).nodes[0].kind?.value;
    assert.deepEqual(source('"other@operational:t"'), { dataset: 'other@operational', variable: 't' });
    assert.deepEqual(source('"other/dataset@3:t"'), { dataset: 'other/dataset@3', variable: 't' });
    assert.deepEqual(source('"forecast/t"'), { dataset: '', variable: 'forecast/t' });
    assert.deepEqual(source('":a:b"'), { dataset: '', variable: 'a:b' });
    assert.deepEqual(source('"a b:c"'), { dataset: '', variable: 'a b:c' });
  });

  it('says where something else was expected', () => {
    const cases: [text: string, message: RegExp][] = [
      ['', /character 1: expected a name, a number or "\(", found the end/],
      ['a b', /character 3: expected an operator or the end, found "b"/],
      ['1 < 2 < 3', /character 7: .*comparisons do not chain/],
      ['(a', /character 3: expected an operator or "\)", found the end/],
      ['"abc', /expected a closing quote/],
      ['t[time]', /expected "=" or "~" after the name/],
      ['t[weeks(time)=3]', /character 3: expected one of year month season .*, found "weeks"/],
      ['t[month(time)=#3]', /expected values of month, as 6, 6:8/],
      ['t[month(time)~3]', /parts of a time are whole numbers/],
      ['t[x=[]]', /expected a value, found "\]"/],
      ['t[x=#[1, a]]', /expected an index, found "a"/],
      ['t[x=[1 2]]', /expected "," or "\]", found "2"/],
      ['t[x~]', /expected a value, or a list of values/],
      ['t[x~1 without 2]', /expected "within" and a distance/],
      ['t[x~1 within]', /expected a distance in the units/],
      ['t[x=mask(]', /expected a name, a number/],
      ['t[x=mask(y]', /expected an operator or "\)"/],
      [`t${'[x=mask(t'.repeat(300)}`, /nested deeper than 200/],
      ['t[time=]', /expected a value/],
      ['t[x=#-]', /expected an index after "-", found "]"/],
      ['t[x=#9007199254740993]', /below 2\^53/],
      ['mean(t, 3)', /expected the name of a dimension, found "3"/],
      ['menn(t)', /function "menn" is unknown; did you mean mean\?/],
      ['negate(t)', /function "negate" is unknown/],
      ['sin(1, 2)', /"sin" has 2 arguments; expected 1/],
      ['where(t)', /"where" has 1 arguments; expected 2 or 3/],
      ['where(t, t, t, t)', /"where" has 4 arguments; expected 2 or 3/],
      ['is_missing(t, 1)', /"is_missing" has 2 arguments; expected 1/],
      ['fill_missing(t)', /"fill_missing" has 1 arguments; expected 2/],
      ['is_missng(t)', /did you mean is_missing\?/],
      ['1e999', /within the range of float64/],
      ['('.repeat(9999), /nested deeper than 200/],
      ['-'.repeat(9999), /nested deeper than 200/],
      [Array(5000).fill('a').join('+'), /more than 4096 parts/],
      ['a'.repeat(70_000), /70000 characters long/],
    ];
    for (const [text, message] of cases) {
      assert.throws(
        () => parseExpression(text),
        (error) =>
          isHyperslabError(error, 'EXPRESSION_INVALID') &&
          message.test(error.message) &&
          !error.message.includes('\n'),
        text.slice(0, 40),
      );
    }
  });

  it('answers any text with a graph or an EXPRESSION_INVALID', () => {
    const characters = fc.constantFrom(
      ...'abt1.2(){}[],=:#~"\\+-*/^<>!&| \n',
      ...['mean(', 'where(', 't[', 'mask(', 'month(time)=', '#[', ' within '],
    );
    fc.assert(
      fc.property(fc.array(characters, { maxLength: 60 }), (parts) => {
        try {
          validateGraph(parseExpression(parts.join('')));
        } catch (error) {
          assert.ok(isHyperslabError(error, 'EXPRESSION_INVALID'), String(error));
        }
      }),
      { numRuns: 1000 },
    );
  });
});
