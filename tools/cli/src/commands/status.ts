import { formatByteSize } from '@hyperslab/config';
import type { Context } from '../context.ts';
import { exitStatus } from '../exit-status.ts';
import { textTable } from '../output/text-table.ts';
import { readServices } from '../status/read-services.ts';
import { readWorkers } from '../status/read-workers.ts';

/** How the mesh is: its services, and the workers that the scheduler knows. Exit status 5 when no service answers. */
export async function status(context: Context): Promise<number> {
  const client = await context.client();
  const services = await readServices(client.endpoints, context.state);
  const workers = services.some(({ name, ready }) => name === 'scheduler' && ready)
    ? await readWorkers(client, context.signal)
    : [];
  context.print({ services, workers }, () => {
    const serviceRows = services.map(({ name, pid, address, ready }) => [
      name,
      pid ?? '-',
      address,
      ready ? 'ready' : 'not ready',
    ]);
    const workerRows = workers.map((worker) => [
      worker.address,
      `${worker.running}/${worker.slots}`,
      formatByteSize(worker.rss),
      formatByteSize(worker.memory_limit),
      formatByteSize(worker.block_bytes),
      formatByteSize(worker.spilled_bytes),
    ]);
    return [
      textTable(['service', 'pid', 'address', 'state'], serviceRows),
      textTable(['worker', 'tasks', 'memory', 'limit', 'blocks', 'on disk'], workerRows),
    ].join('\n\n');
  });
  return services.some(({ ready }) => ready) ? exitStatus.done : exitStatus.unreachable;
}
