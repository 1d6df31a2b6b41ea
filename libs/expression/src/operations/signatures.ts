import { cumulateSignatures } from './cumulate/signature.ts';
import { diffSignature } from './diff/signature.ts';
import { expandSignature } from './expand/signature.ts';
import { groupSignatures } from './groups/signatures.ts';
import { histogramSignature } from './histogram/signature.ts';
import { interpolateSignature } from './interpolate/signature.ts';
import { joinSignatures } from './join/signature.ts';
import { pairSignatures } from './pairs/signature.ts';
import { percentileSignature } from './percentile/signature.ts';
import { placeSignatures } from './places/signature.ts';
import { pointsSignature } from './points/signature.ts';
import { reductionSignatures } from './reduce/signature.ts';
import { regridSignature } from './regrid/signature.ts';
import { rollingSignature } from './rolling/signature.ts';
import { type Signature, usageOf } from './signature.ts';
import { squeezeSignature } from './squeeze/signature.ts';
import { timePartSignatures } from './time-part/signature.ts';
import { transposeSignature } from './transpose/signature.ts';
import { trendSignature } from './trend/signature.ts';

/** All operations, in the order of lists. Functions that take arrays alone are not among them. */
export const signatures: readonly Signature[] = [
  ...reductionSignatures,
  percentileSignature,
  ...placeSignatures,
  ...pairSignatures,
  trendSignature,
  histogramSignature,
  diffSignature,
  ...groupSignatures,
  interpolateSignature,
  regridSignature,
  pointsSignature,
  rollingSignature,
  ...cumulateSignatures,
  transposeSignature,
  expandSignature,
  squeezeSignature,
  ...joinSignatures,
  ...timePartSignatures,
];

const byName = new Map(signatures.map((signature) => [signature.name, signature]));

/** The operation of a name; undefined when there is none. */
export function signatureNamed(name: string): Signature | undefined {
  return byName.get(name);
}

/** A line for each operation: how it is written, and what comes out. */
export function operationUsages(): { usage: string; summary: string }[] {
  return signatures.map((signature) => ({ usage: usageOf(signature), summary: signature.summary }));
}
