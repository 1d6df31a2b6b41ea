import assert from 'node:assert/strict';
import type { Client, Dataset } from '@hyperslab/client';
import { isHyperslabError } from '@hyperslab/errors';
import { heavyExpression } from '../harness/heavy-expression.ts';
import { type Mesh, startMesh } from '../harness/start-mesh.ts';
import { until } from '../harness/until.ts';

const thousand = `[${Array.from({ length: 1000 }, (_, i) => i).join(', ')}]`;
/** An array that is a thousand times larger for each name. */
const expanded = (text: string, ...names: string[]) =>
  names.reduce((inner, name) => `expand(${inner}, ${name}=${thousand})`, text);

/** What is asked, and the reason that it is refused with. */
const refused: [what: string, text: string, reason: string][] = [
  ['nothing', '', 'EXPRESSION_INVALID'],
  ['a text without an end', '"air_temperature', 'EXPRESSION_INVALID'],
  ['300 levels', `${'('.repeat(300)}1${')'.repeat(300)}`, 'EXPRESSION_INVALID'],
  ['5,000 parts', new Array(5_000).fill('1').join('+'), 'EXPRESSION_INVALID'],
  ['70,000 characters', `1${' '.repeat(70_000)}+ 1`, 'EXPRESSION_INVALID'],
  ['10^18 elements', expanded('1.0 * time', 'a', 'b', 'c', 'd', 'e', 'f'), 'TOO_LARGE'],
  ['a name that nobody has', 'mean(nothing_like_that)', 'VARIABLE_NOT_FOUND'],
  ['a dataset that nobody has', '"nobody/has:that"', 'DATASET_NOT_FOUND'],
  ['an operation that there is none of', 'medain(air_temperature, time)', 'EXPRESSION_INVALID'],
  ['an option twice', 'rolling(air_temperature, mean, time=2, time=3)', 'EXPRESSION_INVALID'],
  ['a window longer than there is', 'rolling(air_temperature, mean, time=100000)', 'EXPRESSION_INVALID'],
  ['units that do not fit', 'air_temperature + x_wind', 'EXPRESSION_INVALID'],
  ['a dimension that is there already', 'expand(air_temperature, time=[1, 2])', 'EXPRESSION_INVALID'],
  ['a percentile beyond 100', 'percentile(air_temperature, 101, time)', 'EXPRESSION_INVALID'],
  ['a grid without end', 'regrid(air_temperature, step=0.0000000001)', 'EXPRESSION_INVALID'],
];

describe('hostile expressions', function () {
  this.timeout(120_000);
  let mesh: Mesh;
  let client: Client;
  let run: Dataset;

  before(async () => {
    mesh = await startMesh({ sample: true, env: { HYPERSLAB_KEPT_RESULT_BYTES: '0' } });
    client = await mesh.client();
    run = await client.open('sample/run');
  });

  after(() => mesh?.stop());

  /** Nothing runs and nothing is held any more. */
  const givenBack = () =>
    until('all is given back', async () => {
      const { tasksRunning, tasksQueued, heldBytes } = await client.cluster();
      return tasksRunning + tasksQueued + heldBytes === 0 ? true : undefined;
    });

  for (const [what, text, reason] of refused)
    it(`are refused with what is wrong: ${what}`, async () => {
      await assert.rejects(
        async () => run.expression(text).compute(),
        (error: Error) => isHyperslabError(error, reason as never) && error.message.length < 1_000,
      );
    });

  it('divide by zero, and take roots and logarithms of what has none', async () => {
    const values = async (text: string) => {
      const { values: found, mask } = await run.expression(text).compute();
      assert.equal(mask, undefined);
      return [...new Set([...(found as Float64Array)].map(String))];
    };
    const t = 'air_temperature[time=#0]';
    assert.deepEqual(await values(`${t} / 0`), ['Infinity']);
    assert.deepEqual(await values(`-${t} / 0`), ['-Infinity']);
    assert.deepEqual(await values(`(${t} - ${t}) / 0`), ['NaN']);
    assert.deepEqual(await values(`sqrt(-${t})`), ['NaN']);
    assert.deepEqual(await values(`mean(sqrt(-${t}))`), ['NaN']);
    assert.deepEqual(await values(`count(sqrt(-${t}))`), ['0']);
  });

  it('are cancelled while they run, and what they took is given back', async () => {
    for (let seed = 1; seed <= 3; seed++) {
      const stop = new AbortController();
      const text = heavyExpression('air_temperature', { terms: 40, seed });
      const onProgress = ({
        tasksRunning = 0,
        tasksDone = 0,
      }: {
        tasksRunning?: number;
        tasksDone?: number;
      }) => {
        if (tasksRunning + tasksDone > 0) stop.abort();
      };
      const computed = run.expression(text).compute({ signal: stop.signal, onProgress });
      await assert.rejects(computed, (error: Error) => isHyperslabError(error, 'CANCELLED'));
    }
    await givenBack();
    const { values } = await run.expression('count(air_temperature)').compute();
    assert.ok(Number(values[0]) > 0);
    await givenBack();
  });
});
