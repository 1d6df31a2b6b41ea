import { inferCumulate } from './cumulate/infer.ts';
import { cumulateSignatures } from './cumulate/signature.ts';
import { inferDiff } from './diff/infer.ts';
import { inferExpand } from './expand/infer.ts';
import { inferCoarsen } from './groups/coarsen.ts';
import { inferAnomaly, inferClimatology, inferGroup } from './groups/group-by.ts';
import { inferResample } from './groups/resample.ts';
import { inferHistogram } from './histogram/infer.ts';
import { inferInterpolate } from './interpolate/infer.ts';
import { inferBest } from './join/best.ts';
import { inferConcat, inferEnsemble, inferStack } from './join/infer.ts';
import type { Infer } from './operation.ts';
import { inferPairs } from './pairs/infer.ts';
import { inferPercentile } from './percentile/infer.ts';
import { inferArgExtreme, inferIdxExtreme } from './places/infer.ts';
import { inferPoints } from './points/infer.ts';
import { inferReduction } from './reduce/infer.ts';
import { reductionSignatures } from './reduce/signature.ts';
import { inferRegrid } from './regrid/infer.ts';
import { inferRolling } from './rolling/infer.ts';
import { inferSqueeze } from './squeeze/infer.ts';
import { inferTimePart } from './time-part/infer.ts';
import { timePartSignatures } from './time-part/signature.ts';
import { inferTranspose } from './transpose/infer.ts';
import { inferTrend } from './trend/infer.ts';

/** What operations make of their arguments, by name: one for each signature. */
export const inferences: ReadonlyMap<string, Infer> = new Map<string, Infer>([
  ...reductionSignatures.map(({ name }): [string, Infer] => [name, inferReduction]),
  ['percentile', inferPercentile],
  ['argmin', inferArgExtreme],
  ['argmax', inferArgExtreme],
  ['idxmin', inferIdxExtreme],
  ['idxmax', inferIdxExtreme],
  ['covariance', inferPairs],
  ['correlation', inferPairs],
  ['trend', inferTrend],
  ['histogram', inferHistogram],
  ['diff', inferDiff],
  ['coarsen', inferCoarsen],
  ['resample', inferResample],
  ['group', inferGroup],
  ['climatology', inferClimatology],
  ['anomaly', inferAnomaly],
  ['interpolate', inferInterpolate],
  ['rolling', inferRolling],
  ...cumulateSignatures.map(({ name }): [string, Infer] => [name, inferCumulate]),
  ['transpose', inferTranspose],
  ['expand', inferExpand],
  ['squeeze', inferSqueeze],
  ['concat', inferConcat],
  ['stack', inferStack],
  ['ensemble', inferEnsemble],
  ['best', inferBest],
  ['points', inferPoints],
  ['regrid', inferRegrid],
  ...timePartSignatures.map(({ name }): [string, Infer] => [name, inferTimePart]),
]);
