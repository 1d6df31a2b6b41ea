/** A new session that opens a dataset: prints how long that took from `connect()`, and the memory of the process. */
import { connect } from '@hyperslab/client';

const [state, reference] = process.argv.slice(2);
const started = performance.now();
const client = await connect({ state });
const dataset = await client.open(reference);
const milliseconds = performance.now() - started;
const cubes = dataset.parameters().length;
console.log(JSON.stringify({ milliseconds, rssMib: process.memoryUsage.rss() / 2 ** 20, cubes }));
client.close();
