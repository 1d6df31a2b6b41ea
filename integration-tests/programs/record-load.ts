/**
 * Records the figures that a number of workers is decided by, every five seconds, as lines of JSON: what
 * libs/autoscaler/test/recorded is made with. `record-load.ts STATE SECONDS > burst.jsonl`
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { figuresOf } from '@hyperslab/autoscaler';
import { connect } from '@hyperslab/client';

const [state, seconds] = process.argv.slice(2);
const client = await connect({ state });
for (let timeS = 0; timeS < Number(seconds); timeS += 5) {
  console.log(JSON.stringify({ timeS, ...figuresOf(await client.cluster()) }));
  await sleep(5000);
}
client.close();
