import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { MultiLineString } from 'geojson';
import { mesh } from 'topojson-client';
import type { GeometryCollection, Topology } from 'topojson-specification';
import type { AreaExtent } from './extent.ts';

type Scale = '110m' | '50m' | '10m';

const loaded = new Map<Scale, Promise<MultiLineString>>();

/** Coastlines of Natural Earth, as fine as an area of that size shows. */
export function coastlines({ west, east, south, north }: AreaExtent): Promise<MultiLineString> {
  const size = Math.max(east - west, (north - south) * 2);
  const scale: Scale = size > 150 ? '110m' : size > 12 ? '50m' : '10m';
  const known = loaded.get(scale) ?? load(scale);
  loaded.set(scale, known);
  return known;
}

async function load(scale: Scale): Promise<MultiLineString> {
  const file = fileURLToPath(import.meta.resolve(`world-atlas/land-${scale}.json`));
  const topology = JSON.parse(await readFile(file, 'utf8')) as Topology<{ land: GeometryCollection }>;
  return mesh(topology, topology.objects.land);
}
