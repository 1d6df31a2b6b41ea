import { createHash } from 'node:crypto';
import { Plan } from '@hyperslab/proto/expression';

/** What tells a plan from others: the hash of its bytes; and how many these are. */
export function encodePlan(plan: Plan): { fingerprint: string; planBytes: number } {
  const encoded = Plan.encode(plan).finish();
  return { fingerprint: createHash('sha256').update(encoded).digest('hex'), planBytes: encoded.length };
}
