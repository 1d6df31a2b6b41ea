import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';

/** Two workers of one thread, each process of its own, as ours; the scheduler in the process of the client, as is usual. */
const program = `
import sys, time
from distributed import Client, LocalCluster, wait
if __name__ == "__main__":
    tasks = int(sys.argv[1])
    with LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as cluster, Client(cluster) as client:
        wait(client.map(lambda i: i, range(1000)))
        start, cpu = time.perf_counter(), time.process_time()
        futures = client.map(lambda i: i + 1, range(tasks))
        wait(futures)
        seconds, cpu_seconds = time.perf_counter() - start, time.process_time() - cpu
        trips = []
        for number in range(700):
            start = time.perf_counter()
            client.submit(lambda i: i + 1, -number, pure=False).result()
            trips.append(time.perf_counter() - start)
        print(seconds, cpu_seconds, sorted(trips[600:])[50])
`;

/** As many trivial tasks with Dask's distributed, in the same run, and jobs of one task, of which the seventh hundred counts; nothing where it is not installed. */
export async function* measureDistributed(python: string, tasks: number): AsyncGenerator<[string, string]> {
  if (!existsSync(python)) return;
  const { stdout } = await promisify(execFile)(python, ['-c', program, String(tasks)]);
  const [seconds, cpuSeconds, tripSeconds] = stdout.trim().split('\n').at(-1)?.split(' ').map(Number) ?? [];
  yield [
    `${tasks} trivial tasks with distributed, two workers of one thread`,
    `${Math.round(tasks / seconds)} a second; ${Math.round((cpuSeconds / tasks) * 1e6)} µs of processor time a task in the ` +
      'process of scheduler and client',
  ];
  yield [
    'a job of one task with distributed, to its value in the client, 100 times after 600',
    `median ${(tripSeconds * 1000).toFixed(1)} ms`,
  ];
}
