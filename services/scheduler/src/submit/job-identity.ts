import { createHash, randomUUID } from 'node:crypto';
import type { JobAccepted } from '@hyperslab/proto/scheduler';
import {
  JobPriority,
  SubmitComputeRequest,
  SubmitInspectRequest,
  SubmitPublishRequest,
} from '@hyperslab/proto/scheduler';
import type { JobDefinition, JobKind } from '../state/scheduler-state.ts';

export type JobRequest = NonNullable<JobAccepted['request']>;

/** What a request asks for. */
export function jobKind(request: JobRequest): JobKind {
  if (request.$case === 'compute') return request.value.persist ? 'persist' : 'compute';
  return request.$case;
}

/** How urgent it is. */
export function jobPriority({ value: { priority } }: JobRequest): JobDefinition['priority'] {
  if (priority === JobPriority.JOB_PRIORITY_HIGH) return 'high';
  return priority === JobPriority.JOB_PRIORITY_LOW ? 'low' : 'normal';
}

/**
 * Identity of the job of a request: the same caller's same request_id gives the same one, so that a client that
 * submits again after a restart finds its job. Without a request_id every request is a job of its own.
 */
export function jobIdOf(caller: string, request: JobRequest): string {
  const requestId = request.value.requestId || randomUUID();
  return createHash('sha256').update(`${caller}\0${requestId}`).digest('hex').slice(0, 20);
}

/** Hash of what a request asks for. */
export function contentOf(request: JobRequest): string {
  return createHash('sha256').update(request.$case).update(encode(request)).digest('hex');
}

function encode(request: JobRequest): Uint8Array {
  // How urgent it is does not make it another.
  const priority = undefined;
  if (request.$case === 'compute')
    return SubmitComputeRequest.encode({ ...request.value, priority }).finish();
  if (request.$case === 'publish')
    return SubmitPublishRequest.encode({ ...request.value, priority }).finish();
  return SubmitInspectRequest.encode({ ...request.value, priority }).finish();
}
