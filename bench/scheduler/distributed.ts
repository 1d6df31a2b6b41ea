import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';

/** Two workers of one thread, each process of its own, as ours; the scheduler in the process of the client, as is usual. */
const program = `
import sys, time
from distributed import Client, LocalCluster
if __name__ == "__main__":
    tasks = int(sys.argv[1])
    with LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as cluster, Client(cluster) as client:
        client.gather(client.map(lambda i: i, range(1000)))
        times = []
        for n in range(3):
            start = time.perf_counter()
            futures = client.map(lambda i, n=n: i, range(tasks), pure=False)
            from distributed import wait
            wait(futures)
            times.append(time.perf_counter() - start)
            del futures
            time.sleep(1)
        print(sorted(times)[1])
`;

/** As many trivial tasks with Dask's distributed, in the same run; nothing where it is not installed. */
export async function* measureDistributed(python: string, tasks: number): AsyncGenerator<[string, string]> {
  if (!existsSync(python)) return;
  const { stdout } = await promisify(execFile)(python, ['-c', program, String(tasks)]);
  const seconds = Number(stdout.trim().split('\n').at(-1));
  yield [
    `${tasks} trivial tasks with distributed, two workers of one thread`,
    `${Math.round(tasks / seconds)} a second`,
  ];
}
