import { elementCount } from '@hyperslab/array';
import { hasPython, skip } from '@hyperslab/testing';
import fc from 'fast-check';
import type { SampleVariable } from '../sample-dataset.ts';
import { assertAgreesWithXarray, type OperationCase } from './agree-with-xarray.ts';
import { cubesOf, inPython, randomVariable } from './random-variable.ts';

/** No dimension to six, some of them empty. */
const anyShape = fc
  .array(fc.integer({ min: 0, max: 4 }), { maxLength: 6 })
  .filter((shape) => elementCount(shape) <= 600);

type Form = (x: SampleVariable, dimensions: readonly string[]) => [text: string, python: string] | undefined;

const listed = (names: readonly string[]) => names.map((name) => `, ${name}`).join('');
const quoted = (names: readonly string[]) => JSON.stringify(names);
/** What a reduction is of nothing, which Python refuses or has a number for, is missing. */
const orMissing = (python: string, x: string, gone: readonly string[]) =>
  `(${python} if all(x.sizes[d] for d in ${quoted(gone)}) else ${x}.astype("float64").sum(${quoted(gone)}) * np.nan)`;
/** The same of what Python refuses where any dimension is empty. */
const whereFull = (python: string, x: string, gone: readonly string[]) =>
  `(${python} if ${x}.size > 0 else ${x}.astype("float64").sum(${quoted(gone)}) * np.nan)`;
const stacked = (x: string, gone: readonly string[]) =>
  `${x}.stack(z=${quoted(gone)}).transpose("z", ...).drop_vars(["z", *${quoted(gone)}])`;

function reduction(name: string, python: (x: string, gone: string) => string): Form {
  return reductionOf('x', name, python);
}

function reductionOf(what: string, name: string, python: (x: string, gone: string) => string): Form {
  return (x, some) => {
    // No names stand for all dimensions.
    const gone = some.length === 0 ? x.dimensions : some;
    const of = inPython(x);
    return [`${name}(${what}${listed(some)})`, orMissing(python(of, quoted(gone)), of, gone)];
  };
}

function place(name: 'argmin' | 'argmax', filled: string): Form {
  return (x, some) => {
    const gone = x.dimensions.filter((each) => some.includes(each));
    if (gone.length === 0) return undefined;
    const python = `(lambda s: s.fillna(${filled}).${name}("z").where(s.notnull().any("z")))(${stacked(inPython(x), gone)})`;
    return [`${name}(x${listed(gone)})`, whereFull(python, inPython(x), gone)];
  };
}

const along =
  (form: (dimension: string, length: number, x: string) => [string, string] | undefined): Form =>
  (x, [dimension]) => {
    if (dimension === undefined) return undefined;
    return form(dimension, x.array.shape[x.dimensions.indexOf(dimension)], inPython(x));
  };

const forms: readonly Form[] = [
  (x) => ['x', inPython(x)],
  (x) => ['x * 2.0 - 1.0', `${inPython(x)}.astype("float64") * 2 - 1`],
  (x) => [
    'where(x > 1, x / 2.0, x / 4.0)',
    `xr.where(${inPython(x)} > 1, ${inPython(x)} / 2, ${inPython(x)} / 4)`,
  ],
  (x) => {
    const of = `${inPython(x)}.astype("float64")`;
    return ['fill_missing(where(x == x && x > 0, x * 1.0), -1)', `${of}.where(${of} > 0).fillna(-1)`];
  },
  (x) => ['fill_missing(isnan(x), 1)', `${inPython(x)}.isnull()`],
  (x) => ['x + mean(x)', orMissing(`${inPython(x)} + ${inPython(x)}.mean()`, inPython(x), [])],
  reduction('mean', (x, gone) => `${x}.mean(${gone})`),
  reduction('sum', (x, gone) => `${x}.sum(${gone}, min_count=1)`),
  reduction('min', (x, gone) => `${x}.min(${gone})`),
  reduction('max', (x, gone) => `${x}.max(${gone})`),
  reduction('std', (x, gone) => `${x}.std(${gone})`),
  reduction('var', (x, gone) => `${x}.var(${gone})`),
  reduction('median', (x, gone) => `${x}.median(${gone})`),
  ...['mean', 'sum', 'median', 'std'].map((name) =>
    reductionOf('where(x > 3, x)', name, (x, gone) => {
      const least = name === 'sum' ? ', min_count=1' : '';
      return `${x}.where(${x} > 3).${name}(${gone}${least})`;
    }),
  ),
  (x, some) => {
    const gone = some.length === 0 ? x.dimensions : some;
    const python = `${inPython(x)}.where(${inPython(x)} > 3).quantile(0.4, ${quoted(gone)})`;
    return [`percentile(where(x > 3, x), 40${listed(some)})`, whereFull(python, inPython(x), gone)];
  },
  (x, some) => {
    const gone = some.length === 0 ? x.dimensions : some;
    return [
      `count(where(x > 3, x)${listed(some)})`,
      `${inPython(x)}.where(${inPython(x)} > 3).count(${quoted(gone)})`,
    ];
  },
  along((dimension, length, x) =>
    length < 2
      ? undefined
      : [
          `fill_missing(where(x > 3, x), max(x, ${dimension}))[${dimension}=#1:]`,
          `${x}.where(${x} > 3).fillna(${x}.max("${dimension}")).isel(${dimension}=slice(1, None))`,
        ],
  ),
  (x, some) => {
    const gone = some.length === 0 ? x.dimensions : some;
    return [`count(x${listed(some)})`, `${inPython(x)}.count(${quoted(gone)})`];
  },
  (x, some) => {
    const gone = some.length === 0 ? x.dimensions : some;
    const python = `${inPython(x)}.quantile(0.4, ${quoted(gone)})`;
    return [`percentile(x, 40${listed(some)})`, whereFull(python, inPython(x), gone)];
  },
  place('argmin', '1e9'),
  place('argmax', '-1e9'),
  along((dimension, _, x) => [`cumsum(x, ${dimension})`, `${x}.cumsum("${dimension}")`]),
  along((dimension, length, x) =>
    length < 2 ? undefined : [`diff(x * 1.0, ${dimension})`, `${x}.astype("float64").diff("${dimension}")`],
  ),
  along((dimension, length, x) =>
    // A part of nothing is refused.
    length < 2 ? undefined : [`x[${dimension}=#1:]`, `${x}.isel(${dimension}=slice(1, None))`],
  ),
  along((dimension, length, x) =>
    length === 0 ? undefined : [`x[${dimension}=#::#-1]`, `${x}.isel(${dimension}=slice(None, None, -1))`],
  ),
  along((dimension, length, x) =>
    length === 0 ? undefined : [`x[${dimension}=#-1]`, `${x}.isel(${dimension}=-1)`],
  ),
  (x) => (x.dimensions.length < 2 ? undefined : ['transpose(x)', `${inPython(x)}.T`]),
  along((dimension, length, x) => {
    if (length === 0) return undefined;
    const size = Math.min(2, length);
    return [
      `coarsen(x, max, ${dimension}=${size}, boundary=pad)`,
      `${x}.astype("float64").coarsen(${dimension}=${size}, boundary="pad").max()`,
    ];
  }),
  along((dimension, length, x) =>
    length === 0
      ? undefined
      : [
          `rolling(x, mean, ${dimension}=${length}, min_periods=1)`,
          `${x}.rolling(${dimension}=${length}, min_periods=1).mean()`,
        ],
  ),
  along((dimension, _, x) => [
    `concat(x, x, along=${dimension})`,
    `xr.concat([${x}, ${x}], "${dimension}").transpose(*x.dims)`,
  ]),
  (x) => ['stack(x, x, member=[1, 2])', `xr.concat([${inPython(x)}, ${inPython(x)}], "member")`],
  along((dimension, length, x) =>
    length === 0
      ? undefined
      : [
          `mean(x, ${dimension}, weights=where(x == x, 2.0, 2.0))`,
          `${x}.astype("float64").mean("${dimension}")`,
        ],
  ),
];

describe('operations on arrays of any shape', () => {
  it('agree with xarray, from no dimension to six, with empty ones', async function () {
    this.timeout(240_000);
    if (!hasPython('xarray')) skip(this, 'no xarray; "npm test" installs it');
    const cases: fc.Arbitrary<OperationCase> = anyShape
      .chain((shape) => randomVariable('x', shape))
      .chain((x) => fc.tuple(fc.constant(x), fc.subarray(x.dimensions), fc.constantFrom(...forms)))
      .map(([x, some, form]) => ({ x, made: form(x, some) }))
      .filter(({ made }) => made !== undefined)
      .map(({ x, made }) => ({ cube: cubesOf(x), text: made![0], python: made![1] }));
    // About twenty of each form.
    await assertAgreesWithXarray(cases, { runs: 25 * forms.length, anyType: true, tolerance: 1e-5 });
  });
});
