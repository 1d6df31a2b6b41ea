import type { IndexRange } from '@hyperslab/array';
import { wholeSelection } from '@hyperslab/array';
import { HyperslabError } from '@hyperslab/errors';
import type { DapDataset, Declaration } from '../model/declare.ts';
import { findTarget } from './find-target.ts';
import type { ProjectionClause } from './parse-constraint.ts';

/** Values that are asked for: a hyperslab of a variable. */
export interface Part {
  declaration: Declaration;
  /** One for each dimension that clients see. */
  ranges: IndexRange[];
}

/** A line of the answer. A Grid of which only some parts are asked for is a Structure of these. */
export type Projection =
  | { kind: 'array'; array: Part }
  | { kind: 'grid'; array: Part; maps: Part[] }
  | { kind: 'structure'; id: string; parts: Part[] };

/**
 * What a constraint asks of a dataset, in the order of the dataset.
 * @param clauses none for everything
 * @throws HyperslabError VARIABLE_NOT_FOUND, or INVALID_ARGUMENT for indices outside a dimension
 */
export function project({ declarations }: DapDataset, clauses: readonly ProjectionClause[]): Projection[] {
  if (clauses.length === 0)
    return declarations.map((declaration) => whole(declaration, wholeSelection(declaration.shape)));
  const asked = new Map<Declaration, Map<Declaration, IndexRange[]>>();
  for (const clause of clauses) {
    const { declaration, part } = findTarget(declarations, clause.path);
    const parts = asked.get(declaration) ?? new Map<Declaration, IndexRange[]>();
    asked.set(declaration, parts);
    const ranges = rangesOf(part ?? declaration, clause);
    if (part) ask(parts, part, ranges, clause);
    else for (const each of partsOf(declaration, ranges)) ask(parts, each.declaration, each.ranges, clause);
  }
  return declarations.flatMap((declaration) => {
    const parts = asked.get(declaration);
    return parts ? [assemble(declaration, parts)] : [];
  });
}

/** A variable's own values, then those of its maps. */
function partsOf(declaration: Declaration, ranges: IndexRange[]): Part[] {
  const maps = declaration.maps ?? [];
  return [
    { declaration, ranges },
    ...maps.map((map, axis) => ({ declaration: map, ranges: [ranges[axis]] })),
  ];
}

function whole(declaration: Declaration, ranges: IndexRange[]): Projection {
  const [array, ...maps] = partsOf(declaration, ranges);
  return declaration.maps ? { kind: 'grid', array, maps } : { kind: 'array', array };
}

function assemble(declaration: Declaration, asked: Map<Declaration, IndexRange[]>): Projection {
  const ranges = asked.get(declaration);
  if (ranges !== undefined) {
    const parts = partsOf(declaration, ranges);
    const fits = parts.every((part) => sameRanges(asked.get(part.declaration), part.ranges));
    if (fits) return whole(declaration, ranges);
  }
  const inOrder = [declaration, ...new Set(declaration.maps)].filter((part) => asked.has(part));
  const parts = inOrder.map((part) => ({ declaration: part, ranges: asked.get(part)! }));
  return { kind: 'structure', id: declaration.id, parts };
}

function ask(
  parts: Map<Declaration, IndexRange[]>,
  part: Declaration,
  ranges: IndexRange[],
  { path }: ProjectionClause,
): void {
  const known = parts.get(part);
  if (known && !sameRanges(known, ranges))
    throw new HyperslabError(
      'INVALID_ARGUMENT',
      `constraint: "${path}" is asked for twice with other indices`,
    );
  parts.set(part, ranges);
}

function sameRanges(a: readonly IndexRange[] | undefined, b: readonly IndexRange[]): boolean {
  return (
    a?.every(
      ({ start, count, step }, axis) =>
        start === b[axis].start && count === b[axis].count && step === b[axis].step,
    ) === true
  );
}

function rangesOf(
  { shape, dimensions, variable }: Declaration,
  { path, slices }: ProjectionClause,
): IndexRange[] {
  if (slices.length === 0) return wholeSelection(shape);
  if (slices.length !== shape.length)
    throw new HyperslabError(
      'INVALID_ARGUMENT',
      `constraint: "${path}" has ${shape.length} dimensions, found ${slices.length} brackets`,
      { variable: variable.name },
    );
  return slices.map(({ start, stride, stop }, axis) => {
    if (stride < 1 || start > stop || stop >= shape[axis])
      throw new HyperslabError(
        'INVALID_ARGUMENT',
        `constraint: "${path}" [${start}:${stride}:${stop}]: dimension "${dimensions[axis]}" has indices 0 to ${shape[axis] - 1}, first to last`,
        { variable: variable.name, dimension: dimensions[axis] },
      );
    return { start, count: Math.floor((stop - start) / stride) + 1, step: stride };
  });
}
