import { functionNames, reductionKindNames } from '@hyperslab/kernels';
import { operationNames } from './block-rules.ts';

/** All names that nodes of plans may have: who computes a plan knows each of them. */
export const planNames = {
  functions: functionNames,
  reductions: reductionKindNames,
  operations: operationNames,
};
