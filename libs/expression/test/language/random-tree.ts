import { timeComponents } from '@hyperslab/cube';
import { aritiesOf, functionNames, reductionNames } from '@hyperslab/kernels';
import type { ExpressionNode, OperationArgument, Selector } from '@hyperslab/proto/expression';
import fc from 'fast-check';
import type { Option, Signature } from '../../src/operations/signature.ts';
import { signatures } from '../../src/operations/signatures.ts';

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

/** Trees of all kinds of nodes, with any names, selections and options. */
export const tree: fc.Arbitrary<Grow> = fc.letrec<{ tree: Grow }>((tie) => ({
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
    fc
      .constantFrom(...functionNames.flatMap((each) => aritiesOf(each).map((arity) => ({ each, arity }))))
      .chain(({ each, arity }) =>
        fc.tuple(...Array.from({ length: arity }, () => tie('tree'))).map(
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
