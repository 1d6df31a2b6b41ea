import { type DapTarget, dapUrl } from '@hyperslab/dap';
import type { ByteSource } from '../store.ts';
import { answerSource } from './answer-source.ts';
import type { DapAccess } from './fetch-answer.ts';
import { valuesSource } from './values-source.ts';

/** What a URL of a data set means, as an object: its description, an answer about it, or the values of a variable. */
export function dapSource(target: DapTarget, access: DapAccess): ByteSource {
  const { protocol, dataSet, request, values } = target;
  if (values !== undefined) {
    return valuesSource(dapUrl(protocol, dataSet, values), { ...target, values }, access);
  }
  const isDescription = request === '.dds' || request === '.dmr';
  return answerSource(dapUrl(protocol, dataSet, isDescription ? '' : request), target, access);
}
