import { calendars } from '@hyperslab/cube';
import { hasPython, skip } from '@hyperslab/testing';
import fc from 'fast-check';
import { assertAgreesWithXarray, type OperationCase } from './agree-with-xarray.ts';
import { type RandomCube, randomCube } from './random-cube.ts';

const dated = calendars.filter((calendar) => calendar !== 'none');
const reductions = ['mean', 'min', 'max', 'std', 'var', 'median', 'count'];
const inTime = [...reductions, 'first', 'last'];

function inOrder({ variables }: RandomCube, python: string): string {
  return `${python}.transpose(*${JSON.stringify(variables[0].dimensions)})`;
}

const coarsened: fc.Arbitrary<OperationCase> = fc
  .record({
    cube: randomCube({ dimensions: ['lat'], longest: 11 }),
    operation: fc.constantFrom(...reductions),
    sizes: fc.tuple(...['time', 'level', 'lat', 'lon'].map(() => fc.integer({ min: 1, max: 4 }))),
    boundary: fc.constantFrom('trim', 'pad'),
  })
  .map(({ cube, operation, sizes, boundary }) => {
    const names = Object.keys(cube.lengths).filter((_, i) => i < 3);
    const windows = names.map((name, i) => [name, Math.min(sizes[i], cube.lengths[name])] as const);
    const written = windows.map(([name, size]) => `${name}=${size}`).join(', ');
    return {
      cube,
      text: `coarsen(t, ${operation}, ${written}, boundary=${boundary})`,
      python: `t.drop_vars("time", errors="ignore").astype("float64").coarsen(${written}, boundary="${boundary}").${operation}()`,
    };
  });

const resampled: fc.Arbitrary<OperationCase> = fc
  .record({
    cube: randomCube({ dimensions: ['time'], longest: 16, calendars: dated }),
    operation: fc.constantFrom(...inTime.filter((name) => name !== 'count')),
    frequency: fc.constantFrom('6h', '5h', '1D', '5D', 'MS', '2MS', 'QS', 'QS-DEC', 'YS', '90min'),
  })
  .map(({ cube, operation, frequency }) => ({
    cube,
    text: `resample(t, ${operation}, time="${frequency}")`,
    python: inOrder(cube, `t.astype("float64").resample(time="${frequency}").${operation}()`),
  }));

const grouped: fc.Arbitrary<OperationCase> = fc
  .record({
    cube: randomCube({ dimensions: ['time'], longest: 16, calendars: dated }),
    operation: fc.constantFrom(...inTime),
    by: fc.constantFrom('month', 'hour', 'dayofyear', 'year', 'day'),
    form: fc.nat({ max: 2 }),
  })
  .map(({ cube, operation, by, form }) => {
    const groups = `t.astype("float64").groupby("time.${by}")`;
    const dimensions = cube.variables[0].dimensions.map((name) => (name === 'time' ? by : name));
    if (form === 0) {
      const mean = `(${groups} - ${groups}.mean()).transpose(*${JSON.stringify(cube.variables[0].dimensions)})`;
      return { cube, text: `anomaly(t, time=${by})`, python: mean };
    }
    const python = `${groups}.${operation}().transpose(*${JSON.stringify(dimensions)})`;
    if (form === 1) return { cube, text: `group(t, ${operation}, time=${by})`, python };
    return { cube, text: `group(t, ${operation}, time=${by})[${by}=#0]`, python: `${python}.isel(${by}=0)` };
  });

describe('groups', () => {
  for (const [name, cases] of Object.entries({ coarsened, resampled, grouped })) {
    it(`agree with xarray: ${name}`, async function () {
      this.timeout(120_000);
      if (!hasPython('xarray', 'cftime')) skip(this, 'no xarray; "npm test" installs it');
      await assertAgreesWithXarray(cases, { anyType: true, tolerance: 1e-5 });
    });
  }
});
