import { isFloat, type NumericType } from '@hyperslab/array';
import { HyperslabError, shortened } from '@hyperslab/errors';
import { floatOf, type Literal, promote, promoteLiteral, widenForLiteral } from '../promotion.ts';

/** What is known of an argument before its values: its type, or the literal that it is. */
export type ArgumentType = NumericType | Literal;

type NumberOperation = (x: number, y: number) => number;
type BigIntOperation = (x: bigint, y: bigint) => bigint | number;

/**
 * How a function's arguments and result are typed:
 * `same` result of the promoted type; `float` computed and answered in floating point; `quotient` the same, integers
 * always in float64; `power` integers stay only under an integer literal that is natural; `test` answers int8, 1 for
 * true (as xarray stores booleans; signed, so that a difference of two is no 255). By masks go: `choice`, which is `where`, whose first argument is
 * a condition; `presence`, typed as a test is; `filling`, typed as `same`.
 */
type Typing = 'same' | 'float' | 'quotient' | 'power' | 'test' | 'choice' | 'presence' | 'filling';

interface ElementwiseFunction {
  arity: number;
  /** How many of the last arguments may be left out. @default 0 */
  optional?: number;
  typing: Typing;
  /**
   * On numbers: exact in float64; a float32 result is rounded once, which for + - * / sqrt is the float32 result. What goes by masks has no operation.
   */
  number?: NumberOperation;
  /** On integers of up to 32 bits, where it differs; the result wraps. */
  integer?: NumberOperation;
  /** On 64-bit integers, where the function is defined on them; the result wraps. */
  bigint?: BigIntOperation;
}

const same = (
  arity: number,
  number: NumberOperation,
  bigint: BigIntOperation,
  integer?: NumberOperation,
): ElementwiseFunction => ({ arity, typing: 'same', number, bigint, integer });
const float = (number: NumberOperation, arity = 1): ElementwiseFunction => ({
  arity,
  typing: 'float',
  number,
});
const test = (arity: number, number: NumberOperation, bigint: BigIntOperation): ElementwiseFunction => ({
  arity,
  typing: 'test',
  number,
  bigint,
});
const rounding = (number: NumberOperation): ElementwiseFunction =>
  same(
    1,
    number,
    (x) => x,
    (x) => x,
  );

/** The elementwise functions, as numpy defines them. Operations name nothing but their parameters: see `specialise`. */
const table: Record<string, ElementwiseFunction> = {
  '+': same(
    2,
    (x, y) => x + y,
    (x, y) => x + y,
  ),
  '-': same(
    2,
    (x, y) => x - y,
    (x, y) => x - y,
  ),
  '*': same(
    2,
    (x, y) => x * y,
    (x, y) => x * y,
    (x, y) => Math.imul(x, y),
  ),
  '/': { arity: 2, typing: 'quotient', number: (x, y) => x / y },
  '^': {
    arity: 2,
    typing: 'power',
    // IEEE 754 pow: 1 to any power, and -1 to an infinite one, is 1; JavaScript says NaN.
    number: (x, y) => (x === 1 || (x === -1 && (y === Infinity || y === -Infinity)) ? 1 : x ** y),
    integer: (x, y) => {
      let result = 1;
      let base = x;
      for (let rest = y; rest > 0; rest = Math.floor(rest / 2)) {
        if (rest % 2 === 1) result = Math.imul(result, base);
        base = Math.imul(base, base);
      }
      return result;
    },
    bigint: (x, y) => {
      let result = 1n;
      let base = x;
      for (let rest = y; rest > 0n; rest /= 2n) {
        if (rest % 2n === 1n) result = BigInt.asIntN(64, result * base);
        base = BigInt.asIntN(64, base * base);
      }
      return result;
    },
  },
  '<': test(
    2,
    (x, y) => (x < y ? 1 : 0),
    (x, y) => (x < y ? 1 : 0),
  ),
  '<=': test(
    2,
    (x, y) => (x <= y ? 1 : 0),
    (x, y) => (x <= y ? 1 : 0),
  ),
  '>': test(
    2,
    (x, y) => (x > y ? 1 : 0),
    (x, y) => (x > y ? 1 : 0),
  ),
  '>=': test(
    2,
    (x, y) => (x >= y ? 1 : 0),
    (x, y) => (x >= y ? 1 : 0),
  ),
  '==': test(
    2,
    (x, y) => (x === y ? 1 : 0),
    (x, y) => (x === y ? 1 : 0),
  ),
  '!=': test(
    2,
    (x, y) => (x !== y ? 1 : 0),
    (x, y) => (x !== y ? 1 : 0),
  ),
  // NaN is true, as in numpy and C.
  '&&': test(
    2,
    (x, y) => (x !== 0 && y !== 0 ? 1 : 0),
    (x, y) => (x !== 0n && y !== 0n ? 1 : 0),
  ),
  '||': test(
    2,
    (x, y) => (x !== 0 || y !== 0 ? 1 : 0),
    (x, y) => (x !== 0n || y !== 0n ? 1 : 0),
  ),
  '!': test(
    1,
    (x) => (x === 0 ? 1 : 0),
    (x) => (x === 0n ? 1 : 0),
  ),
  negate: same(
    1,
    (x) => -x,
    (x) => -x,
  ),
  abs: same(
    1,
    (x) => Math.abs(x),
    (x) => (x < 0n ? -x : x),
  ),
  // Of NaN, Math.min and Math.max answer other bits once they are compiled.
  minimum: same(
    2,
    (x, y) => {
      const least = Math.min(x, y);
      return Number.isNaN(least) ? Number.NaN : least;
    },
    // biome-ignore lint/complexity/useMathMinMax: Math refuses bigints
    (x, y) => (x <= y ? x : y),
  ),
  maximum: same(
    2,
    (x, y) => {
      const greatest = Math.max(x, y);
      return Number.isNaN(greatest) ? Number.NaN : greatest;
    },
    // biome-ignore lint/complexity/useMathMinMax: Math refuses bigints
    (x, y) => (x >= y ? x : y),
  ),
  floor: rounding((x) => Math.floor(x)),
  ceil: rounding((x) => Math.ceil(x)),
  // Halves go to the even neighbour; Math.round takes them up.
  round: rounding((x) => {
    const up = Math.round(x);
    return up - x === 0.5 && up % 2 !== 0 ? up - 1 : up;
  }),
  sqrt: float((x) => Math.sqrt(x)),
  exp: float((x) => Math.exp(x)),
  log: float((x) => Math.log(x)),
  log10: float((x) => Math.log10(x)),
  sin: float((x) => Math.sin(x)),
  cos: float((x) => Math.cos(x)),
  tan: float((x) => Math.tan(x)),
  asin: float((x) => Math.asin(x)),
  acos: float((x) => Math.acos(x)),
  atan: float((x) => Math.atan(x)),
  atan2: float((x, y) => Math.atan2(x, y), 2),
  isnan: test(
    1,
    (x) => (Number.isNaN(x) ? 1 : 0),
    () => 0,
  ),
  where: { arity: 3, optional: 1, typing: 'choice' },
  is_missing: { arity: 1, typing: 'presence' },
  fill_missing: { arity: 2, typing: 'filling' },
};

/** Names of the elementwise operators and functions. */
export const functionNames: readonly string[] = Object.keys(table);

/** The function of a name. Throws EXPRESSION_INVALID for an unknown one. */
export function functionNamed(name: string): ElementwiseFunction {
  if (Object.hasOwn(table, name)) return table[name];
  throw new HyperslabError(
    'EXPRESSION_INVALID',
    `function "${shortened(name)}" is unknown; known are ${functionNames.join(' ')}`,
    { function: shortened(name) },
  );
}

/** Numbers of arguments that a function may have, ascending. Throws EXPRESSION_INVALID for an unknown one. */
export function aritiesOf(name: string): number[] {
  const { arity, optional = 0 } = functionNamed(name);
  return Array.from({ length: optional + 1 }, (_, i) => arity - optional + i);
}

/**
 * The type that the arguments are brought to before a function is applied (`where`: those but the condition). Throws
 * EXPRESSION_INVALID for an integer literal that the type of a result of integers does not hold.
 */
export function computeType(name: string, types: readonly ArgumentType[]): NumericType {
  const { typing } = functionNamed(name);
  if (typing === 'choice') return promoted(types.slice(1), promoteLiteral);
  if (typing === 'power') return powerType(types);
  if (typing === 'same' || typing === 'filling') return promoted(types, promoteLiteral);
  if (typing === 'test' || typing === 'presence') return promoted(types, widenForLiteral);
  const common = promoted(types, promoteAnyInteger);
  if (typing === 'float') return floatOf(common);
  return isFloat(common) ? common : 'float64';
}

/** Type of a function's result: the type of its arguments together, or int8 for a comparison. */
export function resultType(name: string, types: readonly ArgumentType[]): NumericType {
  const { typing } = functionNamed(name);
  return typing === 'test' || typing === 'presence' ? 'int8' : computeType(name, types);
}

function promoted(types: readonly ArgumentType[], withLiteral: typeof promoteLiteral): NumericType {
  const arrays = types.filter((type) => !isLiteral(type));
  const literals = types.filter(isLiteral);
  // Literals alone are int64 or float64, as numpy's arrays of them.
  if (arrays.length === 0) return literals.every((each) => typeof each === 'bigint') ? 'int64' : 'float64';
  return literals.reduce(withLiteral, arrays.reduce(promote));
}

/** Where the result is floating an integer literal needs no place in the integer type. */
function promoteAnyInteger(dtype: NumericType, literal: Literal): NumericType {
  return typeof literal === 'bigint' ? dtype : promoteLiteral(dtype, literal);
}

function isLiteral(type: ArgumentType): type is Literal {
  return typeof type !== 'string';
}

function powerType(types: readonly ArgumentType[]): NumericType {
  const [base, exponent] = types;
  const isNatural = typeof exponent === 'bigint' && exponent >= 0n;
  const staysInteger = isNatural && typeof base !== 'number';
  const common = promoted(types, staysInteger ? promoteLiteral : promoteAnyInteger);
  return isFloat(common) || staysInteger ? common : 'float64';
}
