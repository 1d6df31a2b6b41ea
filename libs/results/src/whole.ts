import { allocateValues, elementCount } from '@hyperslab/array';
import { rechunk } from './rechunk/rechunk.ts';
import type { Result, ResultBox } from './result.ts';

/** What is gathered in memory at most, bytes: texts, and what has no dimensions. */
const mostBytes = 256 * 2 ** 20;

/** A result that comes whole: of no dimensions, of texts, or of nothing. */
export function comesWhole({ head }: Result): boolean {
  return head.shape.length === 0 || head.dtype === 'string' || elementCount(head.shape) === 0;
}

/** Gathers a result that comes whole. Throws TOO_LARGE. */
export async function gather({ head, blocks }: Result, scratchBeside: string): Promise<ResultBox> {
  const { dtype, shape } = head;
  const options = { dtype, shape, chunk: shape.map((extent) => Math.max(1, extent)), scratchBeside };
  let whole: ResultBox | undefined;
  for await (const chunk of rechunk(blocks(), { ...options, memoryBytes: mostBytes })) whole = chunk;
  const nothing = () => (dtype === 'string' ? [] : allocateValues(dtype, 0));
  return whole ?? { dtype, origin: shape.map(() => 0), shape: [...shape], values: nothing() };
}
