import type { AreaExtent } from '@hyperslab/plot/drawing';
import { mesh } from 'topojson-client';
import type { GeometryCollection, Topology } from 'topojson-specification';
import fineUrl from 'world-atlas/land-50m.json?url';
import coarseUrl from 'world-atlas/land-110m.json?url';

/** Lines of the coast. */
export type Coastlines = ReturnType<typeof mesh>;

const loaded = new Map<string, Promise<Coastlines>>();

/** Coastlines of Natural Earth: fine ones, which take longer to come, for areas smaller than half the globe. */
export function coastlines({ west, east, south, north }: AreaExtent): Promise<Coastlines> {
  const url = Math.max(east - west, (north - south) * 2) > 150 ? coarseUrl : fineUrl;
  const known = loaded.get(url) ?? load(url);
  loaded.set(url, known);
  known.catch(() => loaded.delete(url));
  return known;
}

async function load(url: string): Promise<Coastlines> {
  const topology = (await (await fetch(url)).json()) as Topology<{ land: GeometryCollection }>;
  return mesh(topology, topology.objects.land);
}
