import { createHash } from 'node:crypto';
import { atomicType, type DapDataSet, type DapVariable } from '@hyperslab/dap';
import type { DapServer } from './dap-server.ts';
import { readSmallValues, type ValuesWanted } from './small-values.ts';

/** A larger map is compared with none. */
const mostMapBytes = 1024 * 1024;
const mostBytes = 16 * 1024 * 1024;

/** A map, the array of its grid, and which of the array's dimensions it belongs to. */
interface GridMap extends ValuesWanted {
  grid: string;
  map: DapVariable;
  array: DapVariable;
  axis: number;
}

/**
 * Maps of one name that are not the same in all grids of a DAP2 data set get names of their own, as their dimensions do: those that are
 * like the first keep the name, others have that of their grid before it ("b.lat"). They are the same when type, length and values
 * are; too large ones are never known to be. One that is a variable of the data set too is that, if it is as long. Answers what was
 * renamed, as notes. Throws as `readSmallValues` does.
 */
export async function separateMaps(server: DapServer, { root }: DapDataSet): Promise<string[]> {
  const variables = new Map(root.variables.map((variable) => [variable.name, variable]));
  const byName = Map.groupBy(gridMaps(root.variables, ''), ({ map }) => map.name);
  const groups = [...byName].map(([name, maps]) => ({ name, maps, variable: variables.get(name) }));
  const unsure = groups.filter(({ maps, variable }) => variable === undefined && maps.length > 1);
  const states = await statesOf(
    server,
    unsure.flatMap(({ maps }) => maps),
  );
  const notes: string[] = [];
  for (const { name, maps, variable } of groups) {
    const stateOf = (each: GridMap) =>
      variable === undefined ? (states.get(each) ?? each.id) : lengthsOf(each.map);
    const first = variable === undefined ? stateOf(maps[0]) : lengthsOf(variable);
    for (const [state, alike] of Map.groupBy(maps, stateOf)) {
      if (state === first) continue;
      for (const each of alike) rename(each, alike[0].id);
      notes.push(`"${name}" of "${alike[0].grid}" is not known to be that of others: it is "${alike[0].id}"`);
    }
  }
  return notes;
}

function* gridMaps(variables: readonly DapVariable[], outer: string): Iterable<GridMap> {
  for (const { name, type, dimensions, fields } of variables) {
    const grid = outer + name;
    if (type === 'Structure' && dimensions.length === 0) yield* gridMaps(fields, `${grid}.`);
    if (type !== 'Grid') continue;
    const [array, ...maps] = fields;
    for (const [axis, map] of maps.entries()) {
      const dtype = atomicType(map.type)?.dtype ?? '';
      const { type: mapType, dimensions: mapDimensions } = map;
      yield {
        id: `${grid}.${map.name}`,
        type: mapType,
        dtype,
        dimensions: mapDimensions,
        grid,
        map,
        array,
        axis,
      };
    }
  }
}

/**
 * A text for each map: equal for equal ones. Those that are too large have none. Where a server answers some of them, others that it does
 * not answer are like no other; where it answers none, length is all that will ever be told.
 */
async function statesOf(server: DapServer, maps: readonly GridMap[]): Promise<Map<GridMap, string>> {
  let bytes = 0;
  const readable = maps.filter(({ dimensions, type }) => {
    const own = dimensions.reduce((product, { size }) => product * size, atomicType(type)?.width ?? 0);
    if (own <= mostMapBytes) bytes += own;
    return own <= mostMapBytes && bytes <= mostBytes;
  });
  const wanted = readable.filter(
    ({ dtype, dimensions }) => dtype !== '' && dimensions.every(({ size }) => size > 0),
  );
  const { values } = await readSmallValues(server, wanted);
  const unknown = new Set(values.size === 0 ? [] : wanted.filter((each) => !values.has(each)));
  return new Map(
    readable.map((each) => {
      const data = values.get(each)?.data;
      if (unknown.has(each)) return [each, each.id];
      const told = data === undefined ? '' : createHash('sha256').update(data).digest('hex');
      return [each, `${each.type} ${lengthsOf(each.map)} ${told}`];
    }),
  );
}

function lengthsOf({ dimensions }: DapVariable): string {
  return dimensions.map(({ size }) => size).join();
}

function rename({ map, array, axis }: GridMap, name: string): void {
  map.ownName = name;
  const own = ({ size }: { size: number }) => ({ name, size });
  map.dimensions = map.dimensions.map(own);
  array.dimensions = array.dimensions.map((dimension, at) => (at === axis ? own(dimension) : dimension));
}
