import { elementCount, type MaskedArray } from '@hyperslab/array';
import { HyperslabError } from '@hyperslab/errors';
import { ordinaryMemory } from '@hyperslab/kernels';
import type { Dataset } from '@hyperslab/proto/cube';
import { Plan, type PlanSource } from '@hyperslab/proto/expression';
import { evaluate } from '../task/evaluate.ts';
import { leavesOf } from '../task/leaves.ts';
import { fetchLeaf } from '../task/load-leaf.ts';
import { PartMap } from '../task/part-map.ts';
import { preparePlan } from '../task/prepared-plan.ts';
import { type ReadVariable, takeRanges } from './coordinate-data.ts';
import type { NodeTable } from './node-table.ts';

/** What is needed to know values before anything is planned. */
export interface Known {
  table: NodeTable;
  sources: readonly PlanSource[];
  datasets: ReadonlyMap<string, Dataset>;
  read?: ReadVariable;
}

/** Values before planning are those of coordinates; more than these are no coordinate. */
const mostElements = 2 ** 24;

/**
 * The values of a node that is made of coordinates, and of what datasets carry inline, alone. Throws EXPRESSION_INVALID for one that
 * takes values which only a computation reads.
 */
export async function knownValues(known: Known, node: number, what: string): Promise<MaskedArray> {
  const { nodes } = known.table;
  const { shape } = nodes[node];
  const plan = Plan.fromPartial({ sources: [...known.sources], nodes });
  const prepared = preparePlan(plan);
  const box = { origin: shape.map(() => 0), shape };
  const leaves = leavesOf(nodes, [{ node, box }]);
  for (const leaf of leaves) {
    const { kind } = nodes[leaf.node];
    const source = kind?.$case === 'read' ? known.sources[kind.value.source] : undefined;
    if (source !== undefined && isCoordinate(known, source)) continue;
    const of = source === undefined ? 'a reduction' : `"${source.variable!.name}"`;
    throw new HyperslabError(
      'EXPRESSION_INVALID',
      `${what} depends on ${of}, whose values are not known before they are computed; use coordinates only, or where(condition, x)`,
    );
  }
  if (elementCount(shape) > mostElements)
    throw new HyperslabError(
      'TOO_LARGE',
      `${what} has more than ${mostElements} values; select a part first`,
    );
  const io = {
    fetchSource: async (number: number, ranges: Parameters<typeof takeRanges>[1]) => {
      const { variable, dataset } = known.sources[number];
      const values = await known.read?.(datasetNamed(known, dataset)!, variable!);
      if (values !== undefined) return () => takeRanges(values, ranges, []);
      throw new HyperslabError(
        'NOT_COMPUTABLE',
        `values of coordinate "${variable!.name}" are not at hand; select by index`,
      );
    },
    readBlock: noBlocks,
    readParts: noBlocks,
  };
  const decoders = await Promise.all(
    leaves.map((leaf) => fetchLeaf(prepared, leaf, io, new Map(), ordinaryMemory)),
  );
  const loaded = new PartMap<MaskedArray>();
  for (const [i, leaf] of leaves.entries()) loaded.add(leaf, decoders[i](ordinaryMemory));
  return evaluate(nodes, [{ node, box }], loaded, ordinaryMemory)[0];
}

async function noBlocks(): Promise<never> {
  throw new HyperslabError('INTERNAL', 'coordinates have no blocks');
}

function isCoordinate(known: Known, { variable, dataset }: PlanSource): boolean {
  if (variable!.data?.$case === 'inlineValues') return true;
  const cubes = datasetNamed(known, dataset)?.cubes ?? [];
  return cubes.some(({ coordinates }) =>
    coordinates.some((each) => each.variable === variable!.name || each.bounds === variable!.name),
  );
}

function datasetNamed({ datasets }: Known, reference: string): Dataset | undefined {
  return [...datasets.values()].find(({ name, version }) => `${name}@${version}` === reference);
}
