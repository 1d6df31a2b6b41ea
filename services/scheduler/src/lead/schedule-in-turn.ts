import { rename } from 'node:fs/promises';
import { asHyperslabError, HyperslabError } from '@hyperslab/errors';
import { HeldLease, openKubernetes, openLease } from '@hyperslab/kubernetes';
import { SchedulerServiceService, WorkerLinkServiceService } from '@hyperslab/proto/scheduler';
import { type RunningService, type ServiceEnvironment, serve } from '@hyperslab/rpc';
import { journalPath, type Scheduling, startScheduling } from '../start-scheduling.ts';
import type { Fence } from './fence.ts';
import { ownPod } from './own-pod.ts';
import { switchedService } from './switched-service.ts';
import { whileAway } from './while-away.ts';

/** Renewals that fit into a lease; three of four may fail. */
const renewalsPerLease = 5;

/**
 * One of several schedulers, of which the holder of a lease schedules and the others stand by. A life has one turn: who
 * loses the lease ends its process, and begins again as one that stands by.
 */
export async function scheduleInTurn(
  environment: ServiceEnvironment,
  leaseName: string,
): Promise<RunningService> {
  const { config, log, metrics } = environment;
  const api = await openKubernetes();
  const namespace = config.podNamespace ?? api.namespace;
  const pod = ownPod(api, namespace, config.podName);
  // A life before this one may have ended without a word.
  await pod.unmarkLeader();

  const stopped = new AbortController();
  const renewMs = config.leaseDuration / renewalsPerLease;
  const store = openLease(api, namespace, leaseName, renewMs);
  const lease = new HeldLease(store, { identity: pod.identity, leaseMs: config.leaseDuration, renewMs, log });
  let scheduling: Scheduling | undefined;

  const standby = () =>
    new HyperslabError(
      'UNAVAILABLE',
      `scheduler: standby; the leader is ${lease.holder || 'not known yet'}; try again`,
      { leader: lease.holder },
    );
  const fence: Fence = () => {
    if (lease.isValid()) return;
    log.fatal({ lease: leaseName }, 'the lease has run out; others may lead by now');
    process.exit(1);
  };
  const calls = switchedService(SchedulerServiceService, standby);
  const links = switchedService(WorkerLinkServiceService, standby);
  const server = await serve({
    service: 'scheduler',
    bind: config.bind,
    port: config.schedulerPort,
    allowedHosts: config.allowedHosts,
    services: [calls.service, links.service],
    log,
    metrics,
    readiness: () => scheduling?.problem(),
    requestTimeoutMs: config.requestTimeout,
  });

  const turn = takeTurn().catch((error) => {
    if (stopped.signal.aborted) return;
    log.fatal({ err: asHyperslabError(error) }, 'could not take over');
    process.exit(1);
  });
  lease.lost.then((error) => {
    log.fatal({ err: error, lease: leaseName }, 'the lease is lost');
    process.exit(1);
  });

  async function takeTurn(): Promise<void> {
    log.info({ lease: leaseName, identity: pod.identity }, 'standing by');
    await Promise.race([lease.gained, aborted(stopped.signal)]);
    if (stopped.signal.aborted) return;
    log.info({ lease: leaseName, predecessor: lease.predecessor }, 'leading');
    // What only plain computations had written there may be of an older turn than the backup's.
    const path = journalPath(config.state);
    await rename(path, `${path}.before`).catch(unlessMissing);
    scheduling = await startScheduling(environment, { fence, signal: stopped.signal });
    if (stopped.signal.aborted) return;
    calls.switchOn(scheduling.schedulerService, stopped.signal);
    links.switchOn(scheduling.workerLinkService, stopped.signal);
    const { predecessor } = lease;
    if (predecessor !== undefined) await whileAway(() => pod.unmark(predecessor), stopped.signal);
    await whileAway(() => pod.markLeader(), stopped.signal);
    log.info('serving');
  }

  return {
    async stop(graceMs) {
      stopped.abort(standby());
      // It may be taking over just now, and mark the pod as its last act.
      await turn;
      await pod
        .unmarkLeader()
        .catch((error) => log.warn({ err: error }, 'the pod keeps its label for a while'));
      scheduling?.wind();
      await server.stop(graceMs);
      await scheduling?.close();
      await lease.release();
    },
  };
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

function unlessMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}
