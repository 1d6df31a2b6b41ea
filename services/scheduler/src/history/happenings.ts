import { shortened } from '@hyperslab/errors';
import { ClusterEventKind, type ScalingDecision } from '@hyperslab/proto/scheduler';
import { jobState } from '../jobs/job-view.ts';
import type { JobRun, WorkerRun } from '../state/scheduler-state.ts';
import type { Happening } from './event-log.ts';

/** This scheduler leads from now on. */
export function leads(who: string): Happening {
  return {
    kind: ClusterEventKind.CLUSTER_EVENT_KIND_LEADER_CHANGED,
    message: `the scheduler on ${who} leads`,
  };
}

export function workerJoined({ id, address, slots }: WorkerRun): Happening {
  return {
    kind: ClusterEventKind.CLUSTER_EVENT_KIND_WORKER_JOINED,
    message: `worker ${address} joined with ${counted(slots, 'slot')}`,
    workerId: id,
  };
}

export function workerDraining(workerId: string, address: string): Happening {
  return {
    kind: ClusterEventKind.CLUSTER_EVENT_KIND_WORKER_DRAINING,
    message: `worker ${address} is about to go`,
    workerId,
  };
}

/** A worker is gone; `silent` when it only stopped reporting. */
export function workerLeft(workerId: string, address: string, silent: boolean): Happening {
  return {
    kind: ClusterEventKind.CLUSTER_EVENT_KIND_WORKER_LEFT,
    message: `worker ${address} ${silent ? 'fell silent and counts as gone' : 'left'}`,
    workerId,
  };
}

export function blocksLost(workerId: string, address: string, jobId: string, blocks: number): Happening {
  return {
    kind: ClusterEventKind.CLUSTER_EVENT_KIND_BLOCKS_LOST,
    message: `worker ${address} lost ${counted(blocks, 'block')} of job ${jobId}`,
    workerId,
    jobId,
    blocks,
  };
}

/** A worker that goes has handed on what it held. */
export function blocksHandedOver(workerId: string, address: string, blocks: number): Happening {
  return {
    kind: ClusterEventKind.CLUSTER_EVENT_KIND_BLOCKS_HANDED_OVER,
    message: `worker ${address} handed over ${counted(blocks, 'block')}`,
    workerId,
    blocks,
  };
}

export function jobAccepted({ id, kind, caller, description }: JobRun): Happening {
  return {
    kind: ClusterEventKind.CLUSTER_EVENT_KIND_JOB_ACCEPTED,
    message: `${kind} of ${shortened(description)} by ${caller}`,
    jobId: id,
  };
}

export function jobEnded(job: JobRun): Happening {
  const { id, kind, description, phase, error } = job;
  const why = error === undefined ? '' : `: ${shortened(error.message)}`;
  return {
    kind: ClusterEventKind.CLUSTER_EVENT_KIND_JOB_ENDED,
    message: `${kind} of ${shortened(description)} ${phase === 'cancelled' ? 'was cancelled' : phase}${why}`,
    jobId: id,
    jobState: jobState(job),
  };
}

export function published({ id, published, cubes, caller }: JobRun): Happening {
  return {
    kind: ClusterEventKind.CLUSTER_EVENT_KIND_PUBLISHED,
    message: `${caller} published ${published} with ${counted(cubes, 'cube')}`,
    jobId: id,
    published,
  };
}

/** The autoscaler wants another number of workers. */
export function scaled(scaling: ScalingDecision): Happening {
  return {
    kind: ClusterEventKind.CLUSTER_EVENT_KIND_SCALED,
    message: `${scaling.current} → ${counted(scaling.wanted, 'worker')}: ${scaling.reason.slice(0, 300)}`,
    scaling,
  };
}

function counted(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? '' : 's'}`;
}
