/** A new session that opens a dataset: prints the milliseconds from `connect()` on. */
import { connect } from '@hyperslab/client';

const [state, name] = process.argv.slice(2);
const started = performance.now();
const client = await connect({ state });
await client.open(name);
console.log(performance.now() - started);
client.close();
