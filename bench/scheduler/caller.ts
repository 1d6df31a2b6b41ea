/** A caller that computes an expression again and again until it is ended: `node bench/scheduler/caller.ts CALLER DATASET EXPRESSION CATALOG SCHEDULER WORKER…`. Tells its parent of each time. */
import { connect } from '@hyperslab/client';

const [caller, dataset, expression, catalog, scheduler, ...workers] = process.argv.slice(2);
process.on('disconnect', () => process.exit(0));
const client = await connect({ catalog, scheduler, workers, caller });
const run = await client.open(dataset);
for (;;) {
  const startMs = performance.now();
  await run.expression(expression).compute();
  process.send?.(performance.now() - startMs);
}
