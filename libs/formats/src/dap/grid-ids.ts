import { boxRequest, dapUrl, decodeAnswer, valuesOf } from '@hyperslab/dap';
import type { NamedVariable } from './group-content.ts';
import { type DapServer, isFinal } from './small-values.ts';

/**
 * How arrays of grids are asked for: as `t.t`, which brings the array alone (ESE-RFC-004, section 6.1.1), or, of servers that don't know
 * that, as `t`, which may bring its maps too. The first grid's answer tells for all.
 */
export async function chooseGridIds(
  server: DapServer,
  variables: readonly NamedVariable[],
): Promise<Map<NamedVariable, string>> {
  const grids = variables.filter(
    ({ ofGrid, dimensions }) => ofGrid && dimensions.every(({ size }) => size > 0),
  );
  const [first] = grids;
  if (first === undefined || (await isAnswered(server, first))) return new Map();
  return new Map(grids.map((grid) => [grid, grid.id.slice(0, grid.id.lastIndexOf('.'))]));
}

async function isAnswered(
  { protocol, dataSet, storage, signal }: DapServer,
  grid: NamedVariable,
): Promise<boolean> {
  const shape = grid.dimensions.map(() => 1);
  const request = boxRequest(protocol, grid, { origin: shape.map(() => 0), shape });
  try {
    const source = storage.open(dapUrl(protocol, dataSet, request));
    const { size } = await source.stat(signal);
    const [answer] = await source.read([{ offset: 0, length: size }], { signal });
    valuesOf(source.url, decodeAnswer(protocol, source.url, answer), grid, shape);
    return true;
  } catch (error) {
    if (isFinal(error)) throw error;
    return false;
  }
}
