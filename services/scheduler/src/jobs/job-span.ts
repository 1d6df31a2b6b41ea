import { attributeNames, parseTraceparent, spanNames, startSpan } from '@hyperslab/telemetry';
import type { JobRun } from '../state/scheduler-state.ts';

/** Tells of a job that has ended in the trace of its submit, if somebody records that. */
export function recordJob({ id, kind, phase, traceparent, submittedMs, endedMs }: JobRun): void {
  const parent = parseTraceparent(traceparent);
  if (parent === undefined) return;
  const attributes = {
    [attributeNames.job[0]]: id,
    [attributeNames.jobKind[0]]: kind,
    [attributeNames.jobPhase[0]]: phase,
  };
  startSpan(spanNames.job[0], { parent, attributes, startMs: submittedMs }).end(endedMs);
}
