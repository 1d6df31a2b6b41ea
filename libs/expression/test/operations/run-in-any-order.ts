import assert from 'node:assert/strict';
import type { MaskedArray } from '@hyperslab/array';
import type { Plan } from '@hyperslab/proto/expression';
import fc from 'fast-check';
import { assemble, planText, runPlan } from '../run-plan.ts';
import { sampleDataset } from '../sample-dataset.ts';
import type { RandomCube } from './random-cube.ts';

/** Into how many blocks and tiles the first variable of a cube is cut, about. */
export interface Cuts {
  blocks: number;
  tiles: number;
}

export const anyCuts: fc.Arbitrary<Cuts> = fc.record({
  blocks: fc.constantFrom(1, 4, 20, 60),
  tiles: fc.constantFrom(1, 10, 100),
});

/**
 * Computes an expression twice, the second time with tasks in another order, which must give equal bits.
 * @param what for messages
 */
export async function runInAnyOrder(
  text: string,
  { variables, cubes }: RandomCube,
  cuts: Cuts,
  what: string,
): Promise<{ plan: Plan; result: MaskedArray }> {
  const bytes = 8 * variables[0].array.values.length;
  const targetBlockBytes = Math.max(64, bytes / cuts.blocks);
  const tileBytes = Math.max(64, bytes / cuts.tiles);
  const plan = await planText(text, sampleDataset(variables, cubes), { targetBlockBytes });
  const blocks = await runPlan(plan, variables, { tileBytes, random: Math.random });
  assert.deepEqual(await runPlan(plan, variables, { tileBytes }), blocks, `${what}: bits`);
  return { plan, result: assemble(plan, blocks) };
}
