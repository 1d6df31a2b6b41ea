import { type DapServer, isFinal, isPassing } from './dap-server.ts';
import type { NamedVariable } from './group-content.ts';
import { readFirst } from './read-first.ts';

/**
 * How arrays of grids are asked for: as `t.t`, which brings the array alone (ESE-RFC-004, section 6.1.1), or, of servers that don't know
 * that, as `t`, which may bring its maps too. One grid's answer tells for all. Nothing where names stay as they are.
 */
export async function chooseGridIds(
  server: DapServer,
  variables: readonly NamedVariable[],
): Promise<Map<NamedVariable, string>> {
  const isGrid = ({ ofGrid, dtype, dimensions }: NamedVariable) =>
    ofGrid && dtype !== '' && dimensions.every(({ size }) => size > 0);
  const grids = variables.filter(isGrid);
  if (grids.length === 0) return new Map();
  try {
    await readFirst(server, plainest(grids, variables));
    return new Map();
  } catch (error) {
    if (isFinal(error) || isPassing(error)) throw error;
    return new Map(grids.map((grid) => [grid, grid.id.slice(0, grid.id.lastIndexOf('.'))]));
  }
}

/** So many grids are looked at for one with a plain name. */
const mostLookedAt = 64;

/**
 * The grid that tells for all: escapes and texts may be another reason not to be answered. So may a name that begins with another's
 * (`time_bnds`), of which xpublish cuts both, and breaks off.
 */
function plainest(grids: readonly NamedVariable[], variables: readonly NamedVariable[]): NamedVariable {
  const plain = grids
    .filter(({ id, dtype }) => !id.includes('%') && dtype !== 'string')
    .slice(0, mostLookedAt);
  const begins = (name: string) =>
    variables.some((other) => other.name !== name && name.startsWith(other.name));
  return plain.find(({ name }) => !begins(name)) ?? plain[0] ?? grids[0];
}
