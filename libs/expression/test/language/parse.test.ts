import assert from 'node:assert/strict';
import { timeComponents } from '@hyperslab/cube';
import { isHyperslabError } from '@hyperslab/errors';
import { arityOf, functionNames, reductionNames } from '@hyperslab/kernels';
import type {
  ExpressionGraph,
  ExpressionNode,
  OperationArgument,
  Selector,
} from '@hyperslab/proto/expression';
import fc from 'fast-check';
import { formatExpression, parseExpression, validateGraph } from '../../src/index.ts';
import type { Option, Signature } from '../../src/operations/signature.ts';
import { signatures } from '../../src/operations/signatures.ts';

const canonical = (text: string) => formatExpression(parseExpression(text));

/** Lets fast-check make a tree as nodes in the order in which the parser makes them. */
type Grow = (nodes: ExpressionNode[]) => number;
const push = (nodes: ExpressionNode[], kind: ExpressionNode['kind']) => nodes.push({ kind }) - 1;

const name = fc.oneof(
  fc.constantFrom('t', 'x_wind', 'mean', 'dim 2', 'group/t', 'a"b', 'a\\', ':', 'a:b', 'été'),
  fc.string({ minLength: 1, maxLength: 8 }),
);
const anyIndex = fc.integer();
const index = fc.option(anyIndex, { nil: undefined });
const value = fc.oneof(
  fc.constantFrom('850', '-10.5', '2026-11-22', '2026-11-22T06:00', 'a b'),
  fc.string({ minLength: 1, maxLength: 8 }),
);
const values = fc.array(fc.oneof(value, fc.constant('')), { minLength: 1, maxLength: 3 });
const selector: fc.Arbitrary<Selector> = fc.record({
  name,
  by: fc.oneof(
    fc
      .array(anyIndex, { minLength: 1, maxLength: 3 })
      .map((indices): Selector['by'] => ({ $case: 'indexList', value: { indices } })),
    values.map((each): Selector['by'] => ({ $case: 'valueList', value: { values: each } })),
    fc
      .record({
        values,
        within: fc.option(fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }), { nil: undefined }),
        keepsDimension: fc.boolean(),
      })
      .map((each): Selector['by'] => ({
        $case: 'nearest',
        value: {
          ...each,
          within: each.within === 0 ? 0 : each.within,
          keepsDimension: each.keepsDimension || each.values.length > 1,
        },
      })),
    anyIndex.map((each): Selector['by'] => ({ $case: 'index', value: each })),
    fc
      .record({ start: index, end: index, step: index })
      .map((each): Selector['by'] => ({ $case: 'indices', value: each })),
    fc.oneof(value, fc.constant('')).map((each): Selector['by'] => ({ $case: 'value', value: each })),
    fc
      .record({ from: fc.oneof(value, fc.constant('')), to: fc.oneof(value, fc.constant('')) })
      .map((each): Selector['by'] => ({ $case: 'values', value: each })),
  ),
});

const component: fc.Arbitrary<Selector> = fc.record({
  name,
  component: fc.constantFrom(...timeComponents),
  by: fc.oneof(
    value.map((each): Selector['by'] => ({ $case: 'value', value: each })),
    values.map((each): Selector['by'] => ({ $case: 'valueList', value: { values: each } })),
    fc.record({ from: value, to: value }).map((each): Selector['by'] => ({ $case: 'values', value: each })),
  ),
});

/** An argument of an operation: an array that is still to grow, or a value. */
interface MadeArgument {
  name: string;
  grow?: Grow;
  value?: OperationArgument['value'];
}

const text = fc.oneof(name, fc.constantFrom('1D', '2026-11-22', '850', 'area', 'e5', ''));
const number = fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer());
const list = fc.oneof(
  fc.array(number, { maxLength: 3 }).map((numbers) => ({ numbers, texts: [] })),
  fc.array(text, { maxLength: 3 }).map((texts) => ({ numbers: [], texts })),
);

/** A value of what an argument of an operation may be. */
function valueOfKind({
  kind,
  words = [],
}: Pick<Option, 'kind' | 'words'>): fc.Arbitrary<MadeArgument['value']> {
  const texts = {
    name,
    word: fc.constantFrom(...(words.length > 0 ? words : ['none'])),
    reduction: fc.constantFrom(...reductionNames),
    text,
  };
  if (kind in texts) return texts[kind as 'name'].map((value) => ({ $case: 'text', value }));
  if (kind === 'integer') return fc.integer().map((value) => ({ $case: 'number', value }));
  if (kind === 'number') return number.map((value) => ({ $case: 'number', value }));
  return fc.oneof(
    number.map((value) => ({ $case: 'number' as const, value })),
    text.map((value) => ({ $case: 'text' as const, value })),
    list.map((value) => ({ $case: 'list' as const, value })),
  );
}

function argument(
  inner: fc.Arbitrary<Grow>,
  slot: Pick<Option, 'kind' | 'words'>,
  option: fc.Arbitrary<string>,
): fc.Arbitrary<MadeArgument> {
  if (slot.kind !== 'array')
    return fc.record({ name: option, value: valueOfKind(slot) }) as fc.Arbitrary<MadeArgument>;
  const grown = fc.record({ name: option, grow: inner });
  const words = (slot.words ?? []).map((word) =>
    option.map((each): MadeArgument => ({ name: each, value: { $case: 'text', value: word } })),
  );
  return fc.oneof(grown, ...words);
}

/** Operations with any of the arguments that their signatures have; a reduction has an option, else it is another node. */
const isPlain = ({ name: each }: Signature) => (reductionNames as readonly string[]).includes(each);
const withArguments = signatures.filter((each) => !isPlain(each) || each.options!.length > 0);
const operation = (inner: fc.Arbitrary<Grow>): fc.Arbitrary<{ name: string; arguments: MadeArgument[] }> =>
  fc.constantFrom(...withArguments).chain((signature) => {
    const { parameters, options = [], byName } = signature;
    const places = parameters.flatMap((parameter) => {
      const one = argument(inner, parameter, fc.constant(''));
      return parameter.repeated
        ? fc.array(one, { minLength: parameter.optional ? 0 : 1, maxLength: 3 })
        : fc.tuple(one);
    });
    const named = options.map((option) =>
      fc
        .option(argument(inner, option, fc.constant(option.name)), { nil: undefined })
        .filter((made) => made !== undefined || (option.required !== true && !isPlain(signature))),
    );
    const known = options.map((option) => option.name);
    const others =
      byName === undefined
        ? fc.constant([])
        : fc.uniqueArray(
            argument(
              inner,
              byName,
              name.filter((each) => !known.includes(each)),
            ),
            {
              maxLength: 2,
              selector: (made) => made.name,
            },
          );
    return fc.tuple(fc.tuple(...places), fc.tuple(...named), others).map(([first, second, third]) => ({
      name: signature.name,
      arguments: [...first.flat(), ...second.filter((made) => made !== undefined), ...third],
    }));
  });

const tree: fc.Arbitrary<Grow> = fc.letrec<{ tree: Grow }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    fc.double({ noNaN: true, noDefaultInfinity: true }).map(
      (constant): Grow =>
        (nodes) =>
          push(nodes, { $case: 'constant', value: constant }),
    ),
    fc.oneof(fc.integer(), fc.maxSafeInteger()).map(
      (integer): Grow =>
        (nodes) =>
          push(nodes, { $case: 'integer', value: integer }),
    ),
    fc
      .record({
        dataset: fc.constantFrom('', 'other', 'a/b.c@3', 'x@latest', 'y@operational'),
        variable: name,
      })
      .map(
        (source): Grow =>
          (nodes) =>
            push(nodes, { $case: 'source', value: source }),
      ),
    fc.constantFrom(...functionNames).chain((each) =>
      fc.tuple(...Array.from({ length: arityOf(each) }, () => tie('tree'))).map(
        (inputs): Grow =>
          (nodes) => {
            const numbers = inputs.map((grow) => grow(nodes));
            return push(nodes, { $case: 'call', value: { function: each, arguments: numbers } });
          },
      ),
    ),
    fc.tuple(tie('tree'), fc.array(fc.oneof(selector, component), { minLength: 1, maxLength: 3 })).map(
      ([input, selectors]): Grow =>
        (nodes) => {
          const number = input(nodes);
          return push(nodes, { $case: 'select', value: { input: number, selectors } });
        },
    ),
    fc.tuple(tie('tree'), tie('tree'), name).map(
      ([input, condition, along]): Grow =>
        (nodes) => {
          const numbers = [input, condition].map((grow) => grow(nodes));
          const selectors: Selector[] = [{ name: along, by: { $case: 'mask', value: numbers[1] } }];
          return push(nodes, { $case: 'select', value: { input: numbers[0], selectors } });
        },
    ),
    fc.tuple(tie('tree'), fc.oneof(fc.constantFrom('degC', 'm s-1', 'a"b'), fc.string({ maxLength: 8 }))).map(
      ([input, units]): Grow =>
        (nodes) => {
          const number = input(nodes);
          return push(nodes, { $case: 'convert', value: { input: number, units } });
        },
    ),
    operation(tie('tree')).map(
      ({ name: each, arguments: made }): Grow =>
        (nodes) => {
          const given = made.map(({ name: option, grow, value }) => ({
            name: option,
            value: grow === undefined ? value : { $case: 'node' as const, value: grow(nodes) },
          }));
          return push(nodes, { $case: 'operation', value: { name: each, arguments: given } });
        },
    ),
    fc.tuple(fc.constantFrom(...reductionNames), tie('tree'), fc.array(name, { maxLength: 3 })).map(
      ([operation, input, dimensions]): Grow =>
        (nodes) => {
          const number = input(nodes);
          return push(nodes, { $case: 'reduce', value: { operation, input: number, dimensions } });
        },
    ),
  ),
})).tree;

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

describe('validateGraph', () => {
  it('does not quote long names at length', () => {
    const long = 'x'.repeat(60_000);
    const source: ExpressionNode['kind'] = { $case: 'source', value: { dataset: '', variable: 't' } };
    const select = (by: Selector['by']): ExpressionNode['kind'] => ({
      $case: 'select',
      value: { input: 0, selectors: [{ name: long, by }] },
    });
    const refused = [
      () => parseExpression(`t ${long}`),
      () => parseExpression(`${long}(t)`),
      ...[
        select(undefined),
        select({ $case: 'index', value: 0.5 }),
        { $case: 'call' as const, value: { function: long, arguments: [0] } },
        { $case: 'reduce' as const, value: { operation: long, input: 0, dimensions: [] } },
      ].map((kind) => () => validateGraph({ nodes: [{ kind: source }, { kind }] })),
    ];
    for (const body of refused) {
      assert.throws(body, (error) => {
        assert.ok(isHyperslabError(error, 'EXPRESSION_INVALID'), String(error));
        assert.ok(error.message.length < 600 && error.message.includes('x…"'), error.message.slice(0, 600));
        assert.ok(JSON.stringify(error.details).length < 300, 'short details');
        return true;
      });
    }
  });

  const graph = (...kinds: ExpressionNode['kind'][]): ExpressionGraph => ({
    nodes: kinds.map((kind) => ({ kind })),
  });
  const t: ExpressionNode['kind'] = { $case: 'source', value: { dataset: '', variable: 't' } };

  it('refuses what no text could mean', () => {
    validateGraph(graph(t, { $case: 'reduce', value: { operation: 'median', input: 0, dimensions: [] } }));
    const wrong: [ExpressionGraph, RegExp][] = [
      [graph(), /0 nodes/],
      [graph(undefined), /no known kind/],
      [graph({ $case: 'call', value: { function: 'sqrt', arguments: [0] } }), /refers to node 0/],
      [
        graph(t, { $case: 'call', value: { function: 'sqrt', arguments: [0, 0] } }),
        /2 arguments; expected 1/,
      ],
      [graph(t, { $case: 'call', value: { function: 'rm', arguments: [0] } }), /"rm" is unknown/],
      [
        graph(t, { $case: 'reduce', value: { operation: 'mode', input: 0, dimensions: [] } }),
        /"mode" is unknown/,
      ],
      [graph({ $case: 'constant', value: Number.NaN }), /finite number/],
      [graph(t, { $case: 'select', value: { input: 0, selectors: [] } }), /selects by nothing/],
      [
        graph(t, { $case: 'select', value: { input: 0, selectors: [{ name: 'x', by: undefined }] } }),
        /not by what/,
      ],
      [
        graph(t, {
          $case: 'select',
          value: { input: 0, selectors: [{ name: 'x', by: { $case: 'index', value: 1.5 } }] },
        }),
        /whole numbers/,
      ],
      ...(
        [
          [{ $case: 'indexList', value: { indices: [] } }, /lists 0 values/],
          [{ $case: 'valueList', value: { values: Array(70_000).fill('1') } }, /lists 70000 values/],
          [
            { $case: 'nearest', value: { values: ['1', '2'], within: undefined, keepsDimension: false } },
            /drops its dimension/,
          ],
          [{ $case: 'nearest', value: { values: ['1'], within: -1, keepsDimension: false } }, /within -1/],
          [{ $case: 'mask', value: 1 }, /refers to node 1/],
        ] as [Selector['by'], RegExp][]
      ).map(([by, message]): [ExpressionGraph, RegExp] => [
        graph(t, { $case: 'select', value: { input: 0, selectors: [{ name: 'x', by }] } }),
        message,
      ]),
      ...(['week', 'month'] as const).map((component): [ExpressionGraph, RegExp] => [
        graph(t, {
          $case: 'select',
          value: { input: 0, selectors: [{ name: 'x', component, by: { $case: 'index', value: 0 } }] },
        }),
        component === 'week' ? /"week" is no part of a time/ : /is selected by values/,
      ]),
      [graph({ $case: 'source', value: { dataset: '', variable: '' } }), /names no variable/],
    ];
    for (const [each, message] of wrong) assert.throws(() => validateGraph(each), message);
  });

  it('refuses to write a shared graph out when it grows beyond bounds', () => {
    const nodes: ExpressionNode[] = [{ kind: t }];
    for (let i = 0; i < 100; i++)
      nodes.push({ kind: { $case: 'call', value: { function: '+', arguments: [i, i] } } });
    validateGraph({ nodes });
    assert.throws(() => formatExpression({ nodes }), /longer than 65536/);
  });
});
