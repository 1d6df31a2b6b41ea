import { formatByteSize } from '@hyperslab/config';
import { stackedBar } from './bars.ts';
import type { ClusterPicture, SeenWorker } from './cluster-picture.ts';
import { memoryKinds, memorySigns } from './memory-kinds.ts';

/** A row for each worker, by address; memory as a bar of its kinds, so wide. */
export function workerRows({ workers }: ClusterPicture, barWidth: number): string[][] {
  return [...workers.values()]
    .sort((a, b) => a.info.address.localeCompare(b.info.address, 'en', { numeric: true }))
    .map((worker) => workerRow(worker, barWidth));
}

function workerRow({ info, rates }: SeenWorker, barWidth: number): string[] {
  const { address, running, slots, draining, report } = info;
  const rate = (bytes: number | undefined) => (bytes === undefined ? '-' : `${formatByteSize(bytes)}/s`);
  const bar =
    report === undefined
      ? ''
      : stackedBar(
          Object.entries(memoryKinds(report)).map(
            ([kind, bytes]) => [memorySigns[kind as keyof typeof memorySigns], bytes] as const,
          ),
          report.memoryLimit,
          barWidth,
        );
  return [
    address,
    rates === undefined ? '-' : `${Math.round(rates.cores * 100)} %`,
    `${running}/${slots}`,
    `${bar}|`,
    report === undefined ? '-' : `${formatByteSize(report.rss)} / ${formatByteSize(report.memoryLimit)}`,
    formatByteSize(report?.cacheBytes ?? 0),
    rate(rates?.networkSent),
    rate(rates?.networkReceived),
    rate(rates?.storageBytes),
    draining ? 'draining' : '',
  ];
}
