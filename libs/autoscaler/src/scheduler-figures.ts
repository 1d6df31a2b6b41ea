import { type ScalingDecision, SchedulerServiceClient } from '@hyperslab/proto/scheduler';
import { call, connect } from '@hyperslab/rpc/calls';
import { type Figures, figuresOf } from './policy/figures.ts';

/** The scheduler, as the autoscaler knows it. */
export interface FigureSource {
  figures(signal: AbortSignal): Promise<Figures>;
  /** Tells a decision, for people to see. */
  report(decision: ScalingDecision, signal: AbortSignal): Promise<void>;
  close(): void;
}

/** Shorter than the time between decisions need be: who answers late is asked again. */
const deadlineMs = 5_000;

/** The scheduler at an address; it is dialled when it is first asked. */
export function connectFigures(address: string): FigureSource {
  const client = connect(SchedulerServiceClient, address, { caller: 'autoscaler' });
  return {
    async figures(signal) {
      return figuresOf(await call(client, 'getCluster', {}, { deadlineMs, signal }));
    },
    async report(decision, signal) {
      await call(client, 'reportScaling', { decision }, { deadlineMs, signal });
    },
    close: () => client.close(),
  };
}
