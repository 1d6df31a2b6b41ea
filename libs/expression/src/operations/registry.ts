import { inferDiff } from './diff/infer.ts';
import { inferInterpolate } from './interpolate/infer.ts';
import type { Infer } from './operation.ts';
import { inferReduction } from './reduce/infer.ts';
import { reductionSignatures } from './reduce/signature.ts';
import { inferRolling } from './rolling/infer.ts';
import { inferTimePart } from './time-part/infer.ts';
import { timePartSignatures } from './time-part/signature.ts';

/** What operations make of their arguments, by name: one for each signature. */
export const inferences: ReadonlyMap<string, Infer> = new Map<string, Infer>([
  ...reductionSignatures.map(({ name }): [string, Infer] => [name, inferReduction]),
  ['diff', inferDiff],
  ['interpolate', inferInterpolate],
  ['rolling', inferRolling],
  ...timePartSignatures.map(({ name }): [string, Infer] => [name, inferTimePart]),
]);
