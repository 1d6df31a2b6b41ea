import { hasPython, skip } from '@hyperslab/testing';
import fc from 'fast-check';
import { assertAgreesWithXarray, type OperationCase } from './agree-with-xarray.ts';
import { type CubeOptions, randomCube } from './random-cube.ts';

/** An expression over dimensions and what it is in Python. `gone` are they as a list of Python, `stacked` the cube with them as "z". */
type Form = (names: string, gone: string, stacked: string) => { text: string; python: string };

const picked = (stacked: string, index: string) => `(lambda s: s.isel(z=${index}))(${stacked})`;
const place = (stacked: string, filled: string, name: string) =>
  `(lambda s: s.fillna(${filled}).${name}("z").where(s.notnull().any("z")))(${stacked})`;
const ofPresent = (stacked: string, condition: string, name: string) =>
  `(lambda s: (${condition}).where(s.notnull()).${name}("z"))(${stacked})`;

const forms: Record<string, { options?: CubeOptions; form: Form; tolerance?: number }> = {
  median: { form: (names, gone) => ({ text: `median(t, ${names})`, python: `t.median(${gone})` }) },
  'difference from the median': {
    form: (names, gone) => ({
      text: `t - median(t, ${names})`,
      python: `t.astype("float64") - t.astype("float64").median(${gone})`,
    }),
    tolerance: 1e-5,
  },
  percentile: {
    form: (names, gone) => ({
      text: `percentile(t, 37.5, ${names})`,
      python: `t.quantile(0.375, ${gone})`,
    }),
  },
  'percentiles of a list': {
    form: (names, gone) => ({
      text: `percentile(t, [0, 90, 100], ${names})`,
      python: `t.quantile([0, 0.9, 1], ${gone}).rename(quantile="percentile").transpose(..., "percentile")`,
    }),
  },
  'selected percentile': {
    form: (names, gone) => ({
      text: `percentile(t, [10, 90], ${names})[percentile=90]`,
      python: `t.quantile(0.9, ${gone})`,
    }),
  },
  'percentile by t-digest': {
    options: { longest: 3 },
    form: (names, gone) => ({
      text: `percentile(t, 80, ${names}, method=tdigest)`,
      python: `t.quantile(0.8, ${gone})`,
    }),
  },
  'std and var with ddof': {
    form: (names, gone) => ({
      text: `std(t, ${names}, ddof=1) + sqrt(var(t, ${names}, ddof=2))`,
      python: `t.astype("float64").std(${gone}, ddof=1) + t.astype("float64").var(${gone}, ddof=2) ** 0.5`,
    }),
    tolerance: 2e-4,
  },
  prod: {
    // Of numbers about 1, which float32 holds.
    form: (names, gone) => ({
      text: `prod(1 + t / 64, ${names})`,
      python: `(1 + t.astype("float64") / 64).prod(${gone}, min_count=1)`,
    }),
    tolerance: 1e-3,
  },
  first: {
    form: (names, _, stacked) => ({
      text: `first(t, ${names})`,
      python: picked(stacked, 's.notnull().argmax("z")'),
    }),
  },
  last: {
    form: (names, _, stacked) => ({
      text: `last(t, ${names})`,
      python: picked(`${stacked}.isel(z=slice(None, None, -1))`, 's.notnull().argmax("z")'),
    }),
  },
  argmin: {
    form: (names, _, stacked) => ({ text: `argmin(t, ${names})`, python: place(stacked, '1e9', 'argmin') }),
  },
  argmax: {
    form: (names, _, stacked) => ({ text: `argmax(t, ${names})`, python: place(stacked, '-1e9', 'argmax') }),
  },
  any: {
    options: { dtypes: ['int16'] },
    form: (names, _, stacked) => ({
      text: `any(t > 300, ${names})`,
      python: ofPresent(stacked, 's > 300', 'max'),
    }),
  },
  all: {
    options: { dtypes: ['int16'] },
    form: (names, _, stacked) => ({
      text: `all(t > -300, ${names})`,
      python: ofPresent(stacked, 's > -300', 'min'),
    }),
  },
  histogram: {
    form: (names, gone) => ({
      text: `histogram(t, [-50, -12.5, 0, 20, 50], ${names})`,
      python: `xr.apply_ufunc(lambda v: np.histogram(v[~np.isnan(v)], [-50, -12.5, 0, 20, 50])[0], t.astype("float64"), input_core_dims=[${gone}], output_core_dims=[["t_bin"]], vectorize=True)`,
    }),
  },
  covariance: {
    form: (names, gone) => ({
      text: `covariance(t, t * lat, ${names}, ddof=1)`,
      python: `xr.cov(t.astype("float64"), t * lat, ${gone}, ddof=1)`,
    }),
    options: { dimensions: ['lat'], dtypes: ['float64', 'int16'] },
    tolerance: 1e-9,
  },
  'correlation with what lacks dimensions': {
    form: (names, gone) => ({
      text: `correlation(level, t, ${names})`,
      python: `xr.corr(level, t.astype("float64"), ${gone}).transpose(*[d for d in t.dims if d not in ${gone}])`,
    }),
    // Whole numbers: of nothing but equal values xarray has no rounding either, and so no correlation.
    options: { dimensions: ['level'] },
    tolerance: 1e-5,
  },
};

const along: Record<
  string,
  { form: (name: string) => { text: string; python: string }; tolerance?: number }
> = {
  idxmin: { form: (name) => ({ text: `idxmin(t, ${name})`, python: `t.idxmin("${name}")` }) },
  idxmax: { form: (name) => ({ text: `idxmax(t, ${name})`, python: `t.idxmax("${name}")` }) },
  'idxmax of a part': {
    form: (name) => {
      const other = name === 'lat' ? 'level' : 'lat';
      return { text: `idxmax(t, ${name})[${other}=#0]`, python: `t.idxmax("${name}").isel(${other}=0)` };
    },
  },
  'slope of a trend': {
    form: (name) => ({ text: `trend(t, ${name})`, python: slope(name) }),
    tolerance: 1e-5,
  },
  'intercept of a trend': {
    form: (name) => ({
      text: `trend(t, ${name}, output=intercept)`,
      python: `t.mean("${name}") - ${slope(name)} * ${name}.where(t.notnull()).mean("${name}")`,
    }),
    tolerance: 1e-5,
  },
};

function slope(name: string): string {
  const here = `${name}.where(t.notnull())`;
  return `(xr.cov(t.astype("float64"), ${here}, "${name}", ddof=0) / ${here}.var("${name}"))`;
}

/** Reductions over any of the dimensions. */
function overSome({ options, form }: (typeof forms)[string]): fc.Arbitrary<OperationCase> {
  return randomCube({ dimensions: ['time'], longest: 6, ...options }).chain((cube) =>
    fc.subarray(cube.variables[0].dimensions, { minLength: 1 }).map((gone) => {
      const list = `[${gone.map((each) => `"${each}"`).join(', ')}]`;
      return { cube, ...form(gone.join(', '), list, `t.stack(z=${list})`) };
    }),
  );
}

/** Reductions along one dimension. */
function overOne({ form }: (typeof along)[string]): fc.Arbitrary<OperationCase> {
  return fc
    .record({
      cube: randomCube({ dimensions: ['lat', 'level'], longest: 6 }),
      name: fc.constantFrom('lat', 'level'),
    })
    .map(({ cube, name }) => ({ cube, ...form(name) }));
}

describe('reductions by name', () => {
  const all = [...Object.values(forms), ...Object.values(along)];
  for (const tolerance of new Set(all.map((each) => each.tolerance))) {
    it(`agree with xarray to ${tolerance ?? 'the last digits'}`, async function () {
      this.timeout(240_000);
      if (!hasPython('xarray')) skip(this, 'no xarray; "npm test" installs it');
      const cases = [
        ...Object.values(forms)
          .filter((each) => each.tolerance === tolerance)
          .map(overSome),
        ...Object.values(along)
          .filter((each) => each.tolerance === tolerance)
          .map(overOne),
      ];
      await assertAgreesWithXarray(fc.oneof(...cases), { runs: 25 * cases.length, anyType: true, tolerance });
    });
  }
});
