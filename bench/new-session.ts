/**
 * A new session that opens a dataset, in a process whose modules are loaded: prints the milliseconds from `connect()` on, in
 * a process that has spoken to nobody, and for a second session of the same process, as JSON.
 */
import { connect } from '@hyperslab/client';

const [state, name] = process.argv.slice(2);

async function session(): Promise<number> {
  const started = performance.now();
  const client = await connect({ state });
  await client.open(name);
  const took = performance.now() - started;
  client.close();
  return took;
}

console.log(JSON.stringify({ process: await session(), session: await session() }));
