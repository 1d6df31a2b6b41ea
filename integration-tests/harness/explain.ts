import type { Cluster } from './start-cluster.ts';

/** Says how long a part of the preparation took: the cluster tests of a run have a quarter of an hour together. */
export async function timed<T>(what: string, work: Promise<T>): Promise<T> {
  const start = performance.now();
  try {
    return await work;
  } finally {
    console.log(`    ${what}: ${((performance.now() - start) / 1000).toFixed(1)} s`);
  }
}

/** What is known of the pods of a namespace, for whoever has to find out why a test failed. */
export async function explainPods(cluster: Cluster, namespace: string): Promise<string> {
  const ask = async (...args: string[]) => {
    const { stdout, stderr } = await cluster.kubectl(['--namespace', namespace, ...args]);
    return `${stdout}${stderr}`.trim();
  };
  const { json } = await cluster.kubectl(['--namespace', namespace, 'get', 'pods', '--output', 'json']);
  const sections = [
    ['pods', await ask('get', 'pods,statefulsets,deployments,persistentvolumeclaims', '--output', 'wide')],
    ['events', lastLines(await ask('get', 'events', '--sort-by', '.lastTimestamp'), 30)],
  ];
  for (const pod of json?.items ?? []) {
    const { name } = pod.metadata;
    const statuses: { ready: boolean; restartCount: number }[] = pod.status.containerStatuses ?? [];
    if (statuses.length === 0 || statuses.some(({ ready }) => !ready))
      sections.push([`describe ${name}`, lastLines(await ask('describe', 'pod', name), 40)]);
    sections.push([`logs ${name}`, await ask('logs', name, '--all-containers', '--tail', '25')]);
    if (statuses.some(({ restartCount }) => restartCount > 0))
      sections.push([
        `logs before the restart of ${name}`,
        await ask('logs', name, '--previous', '--tail', '25'),
      ]);
  }
  return sections.map(([title, text]) => `--- ${title}\n${text}`).join('\n');
}

function lastLines(text: string, count: number): string {
  return text.split('\n').slice(-count).join('\n');
}
