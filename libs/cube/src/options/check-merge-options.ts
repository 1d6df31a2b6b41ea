import type { MergeOptions } from '@hyperslab/proto/merge';
import { compileRule } from './dimension-rule.ts';

/** Throws INVALID_ARGUMENT for options that no files could be merged with, before any file is looked at. */
export function checkMergeOptions({ dimensions }: MergeOptions): void {
  for (const rule of dimensions) compileRule(rule);
}
