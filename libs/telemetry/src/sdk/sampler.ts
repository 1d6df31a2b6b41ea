import { type Context, SpanKind, trace } from '@opentelemetry/api';
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  ParentBasedSampler,
  type Sampler,
  SamplingDecision,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace';

const plain: Record<string, (ratio: number) => Sampler> = {
  always_on: () => new AlwaysOnSampler(),
  always_off: () => new AlwaysOffSampler(),
  traceidratio: (ratio) => new TraceIdRatioBasedSampler(ratio),
};

/**
 * The sampler that OTEL_TRACES_SAMPLER and OTEL_TRACES_SAMPLER_ARG name (OpenTelemetry, "General SDK configuration").
 * What is not understood is said, and the default taken: every trace whose caller has not decided otherwise.
 */
export function samplerOf(env: NodeJS.ProcessEnv, warn: (message: string) => void): Sampler {
  const name = env.OTEL_TRACES_SAMPLER || 'parentbased_always_on';
  const root = plain[name.replace(/^parentbased_/, '')];
  if (root === undefined) {
    warn(`OTEL_TRACES_SAMPLER: ${name} is not known; every trace is recorded`);
    return rootsOfRequests(new ParentBasedSampler({ root: new AlwaysOnSampler() }));
  }
  const sampler = root(ratioOf(env.OTEL_TRACES_SAMPLER_ARG, warn));
  return rootsOfRequests(
    name.startsWith('parentbased_') ? new ParentBasedSampler({ root: sampler }) : sampler,
  );
}

function ratioOf(text: string | undefined, warn: (message: string) => void): number {
  if (text === undefined || text === '') return 1;
  const ratio = Number(text);
  if (ratio >= 0 && ratio <= 1) return ratio;
  warn(`OTEL_TRACES_SAMPLER_ARG: expected a number from 0 to 1, found ${text}; every trace is recorded`);
  return 1;
}

/**
 * A call that a process makes by itself (a worker that connects, the catalog that sends its events on) begins no trace:
 * only what somebody asked for does. Who is called learns of it, for the context that is sent on is not sampled.
 */
function rootsOfRequests(sampler: Sampler): Sampler {
  return {
    shouldSample(context: Context, traceId, name, kind, attributes, links) {
      if (kind === SpanKind.CLIENT && trace.getSpanContext(context) === undefined)
        return { decision: SamplingDecision.NOT_RECORD };
      return sampler.shouldSample(context, traceId, name, kind, attributes, links);
    },
    toString: () => `RootsOfRequests{${sampler}}`,
  };
}
