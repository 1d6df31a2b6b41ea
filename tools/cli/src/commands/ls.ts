import type { Context } from '../context.ts';
import { usageError } from '../context.ts';
import { textTable } from '../output/text-table.ts';

/** Options of `hyperslab ls`. */
export interface LsOptions {
  parameter?: string;
  from?: string;
  to?: string;
  area?: string;
  prefix?: string;
}

/** Lists the latest versions of the datasets that fit. */
export async function ls(context: Context, [query]: string[], options: LsOptions): Promise<void> {
  const client = await context.client();
  const search = {
    query,
    parameter: options.parameter,
    timeStart: options.from,
    timeEnd: options.to,
    area: options.area === undefined ? undefined : parseArea(options.area),
    prefix: options.prefix,
    signal: context.signal,
  };
  const found = await Array.fromAsync(client.list(search), ({ name, version, title, cubes }) => ({
    name,
    version,
    title,
    cubes,
  }));
  context.print(found, () => {
    if (found.length === 0) return query ? `nothing fits "${query}"` : 'nothing is published yet';
    const rows = found.map(({ name, version, cubes, title }) => [name, version, cubes, title]);
    return textTable(['name', 'version', 'cubes', 'title'], rows);
  });
}

/** "west,south,east,north" in degrees. */
function parseArea(text: string) {
  const edges = text.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  if (edges.length !== 4 || !edges.every(Number.isFinite)) {
    throw usageError(`--area ${text}: expected west,south,east,north in degrees, as in -10,35,30,60`);
  }
  const [west, south, east, north] = edges;
  return { west, south, east, north };
}
