import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isBigInt, type MaskedArray, ravel, unravel } from '@hyperslab/array';
import { isHyperslabError } from '@hyperslab/errors';
import { hasPython, runPython, skip, withRandomSeed, withTemporaryDirectory } from '@hyperslab/testing';
import fc from 'fast-check';
import type { SampleVariable } from '../sample-dataset.ts';
import { cubesOf, randomVariable } from './random-variable.ts';
import { anyCuts, runInAnyOrder } from './run-in-any-order.ts';

/** An expression, and what it is in the names of `foreign/elementwise.py`. */
interface Formula {
  text: string;
  python: string;
}

interface Found {
  /** Why NumPy has no such result: an integer does not fit. */
  refused?: string;
  dimensions: string[];
  shape: number[];
  dtype: string;
  values: (string | null)[];
}

const operators = '+ - * / < <= > >= == != && ||'.split(' ');
const functions: Record<string, number> = {
  abs: 1,
  round: 1,
  sqrt: 1,
  isnan: 1,
  is_missing: 1,
  minimum: 2,
  maximum: 2,
  fill_missing: 2,
};

const literal = fc
  .constantFrom('-3', '0', '1', '2', '7', '300', '0.5', '-2.25', '1.0')
  .map((text): Formula => ({ text: `(${text})`, python: text }));

function called(name: string, all: readonly Formula[]): Formula {
  const texts = all.map(({ text }) => text);
  const python = `call("${name}", ${all.map((each) => each.python).join(', ')})`;
  if (operators.includes(name)) return { text: `(${texts.join(` ${name} `)})`, python };
  if (name === '!' || name === 'negate') return { text: `${name === '!' ? '!' : '-'}${texts[0]}`, python };
  return { text: `${name}(${texts.join(', ')})`, python };
}

/** Functions of the variables, the first argument of each being more than a number. */
const formula: fc.Arbitrary<Formula> = fc.letrec<{ array: Formula; any: Formula }>((tie) => {
  const calls = (names: readonly string[], ...more: fc.Arbitrary<Formula>[]) =>
    fc
      .tuple(fc.constantFrom(...names), tie('array'), ...more)
      .map(([name, ...all]) => called(name, all as Formula[]));
  const withArity = (arity: number) => Object.keys(functions).filter((name) => functions[name] === arity);
  return {
    any: fc.oneof({ weight: 3, arbitrary: tie('array') }, { weight: 1, arbitrary: literal }),
    array: fc.oneof(
      { maxDepth: 3, depthIdentifier: 'formula' },
      { weight: 2, arbitrary: fc.constantFrom('x', 'y', 'z').map((name) => ({ text: name, python: name })) },
      { weight: 1, arbitrary: calls(['!', 'negate', ...withArity(1)]) },
      { weight: 3, arbitrary: calls([...operators, ...withArity(2)], tie('any')) },
      { weight: 2, arbitrary: calls(['where'], tie('any')) },
      { weight: 1, arbitrary: calls(['where', 'clip'], tie('any'), tie('any')) },
    ),
  };
}).array;

/** Of no dimension to four, some of them empty: x has all, y and z some of them in any order. */
const variables: fc.Arbitrary<SampleVariable[]> = fc
  .array(
    fc.oneof(
      { weight: 1, arbitrary: fc.constant(0) },
      { weight: 11, arbitrary: fc.integer({ min: 1, max: 6 }) },
    ),
    { maxLength: 4 },
  )
  .chain((shape) =>
    // Rows that are long enough for kernels, of few.
    fc.constantFrom(shape, shape, shape, [...shape.slice(0, 2).map((length) => Math.min(length, 3)), 67]),
  )
  .chain((shape) => {
    const dimensions = ['a', 'b', 'c', 'd'].slice(0, shape.length);
    const other = (name: string) =>
      fc.shuffledSubarray(dimensions).chain((some) => {
        const lengths = some.map((each) => shape[dimensions.indexOf(each)]);
        return randomVariable(name, lengths, undefined, some);
      });
    return fc.tuple(randomVariable('x', shape), other('y'), other('z'));
  });

/** A part of what x has a share in, sometimes. */
function partOf({ text, python }: Formula, [x]: readonly SampleVariable[], wanted: boolean): Formula {
  const at = x.array.shape.findIndex((length) => length > 1);
  if (!wanted || at < 0) return { text, python };
  const name = x.dimensions[at];
  return {
    text: `fill_missing(where(x == x, ${text}), ${text})[${name}=#1:]`,
    python: `part(call("fill_missing", call("where", call("==", x, x), ${python}), ${python}), "${name}")`,
  };
}

const cases = fc
  .tuple(variables, formula, fc.boolean(), anyCuts)
  .map(([all, made, wanted, cuts]) => ({ variables: all, cuts, ...partOf(made, all, wanted) }));

function pythonVariable({ name, dimensions, array }: SampleVariable) {
  const { dtype, shape, mask } = array;
  const values = Array.from(array.values as Float64Array, (value) =>
    Number.isNaN(value) ? 'nan' : Number(value),
  );
  return { name, dimensions, dtype, shape, values, mask: [...(mask ?? new Uint8Array(values.length))] };
}

/** Elements as if dimensions were in the order of the alphabet, null where they are missing. */
function inOrder({ values, mask, shape }: MaskedArray, dimensions: readonly string[]) {
  const order = dimensions.toSorted().map((name) => dimensions.indexOf(name));
  const ordered = order.map((axis) => shape[axis]);
  const elements = Array.from({ length: values.length }, (_, i) => {
    const index = unravel(i, ordered);
    const at = ravel(
      dimensions.map((_, axis) => index[order.indexOf(axis)]),
      shape,
    );
    return mask?.[at] ? null : (values as Float64Array)[at];
  });
  return { shape: ordered, elements };
}

describe('functions of elements', () => {
  it('agree with NumPy to the value and the mask, nested and broadcast, for any types and shapes', async function () {
    this.timeout(240_000);
    if (!hasPython('numpy')) skip(this, 'no numpy; "npm test" installs it');
    await withRandomSeed((seed) =>
      withTemporaryDirectory(async (folder) => {
        const sampled = fc.sample(cases, { seed, numRuns: 400 });
        const file = join(folder, 'cases.json');
        const written = sampled.map((each) => ({
          python: each.python,
          variables: each.variables.map(pythonVariable),
        }));
        await writeFile(file, JSON.stringify(written));
        const found = runPython<Found>(join(import.meta.dirname, '../foreign/elementwise.py'), file);
        assert.equal(found.length, sampled.length);
        for (const [i, each] of sampled.entries()) {
          const about = each.variables.map(
            ({ name, dimensions, array }) => `${name}(${dimensions}) ${array.shape} ${array.dtype}`,
          );
          const what = `${each.text} of ${about.join('; ')}`;
          const run = () => runInAnyOrder(each.text, cubesOf(...each.variables), each.cuts, what);
          if (found[i].refused !== undefined) {
            await assert.rejects(run, (error) => isHyperslabError(error, 'EXPRESSION_INVALID'), what);
            continue;
          }
          const { plan, result } = await run();
          const { dimensions } = plan.result!;
          const { shape, elements } = inOrder(result, dimensions);
          assert.deepEqual(
            [dimensions.toSorted(), shape, result.dtype],
            [found[i].dimensions, found[i].shape, found[i].dtype],
            what,
          );
          const read = (text: string) => (isBigInt(result.dtype) ? BigInt(text) : Number(text));
          elements.forEach((element, at) => {
            const value = found[i].values[at];
            const wanted = value === null ? null : read(value);
            const isSame = element === wanted || (Number.isNaN(element) && Number.isNaN(wanted));
            assert.ok(isSame, `${what}: at ${at}: ${element}, numpy has ${wanted}`);
          });
        }
      }),
    );
  });
});
