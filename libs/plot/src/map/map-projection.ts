import {
  type GeoProjection,
  geoAzimuthalEqualArea,
  geoEquirectangular,
  geoMercator,
  geoNaturalEarth1,
  geoOrthographic,
  geoPath,
} from 'd3-geo';
import { type AreaExtent, isAround } from './extent.ts';

/** Projections by name. */
export const projectionNames = [
  'equirectangular',
  'mercator',
  'natural-earth',
  'equal-area',
  'orthographic',
] as const;
export type ProjectionName = (typeof projectionNames)[number];

const factories: Record<ProjectionName, () => GeoProjection> = {
  equirectangular: geoEquirectangular,
  mercator: geoMercator,
  'natural-earth': geoNaturalEarth1,
  'equal-area': geoAzimuthalEqualArea,
  orthographic: geoOrthographic,
};
const azimuthal: ReadonlySet<ProjectionName> = new Set(['equal-area', 'orthographic']);

/** Whether a projection fills its frame; the others have the outline of the globe for a frame. */
export function isFramed(name: ProjectionName): boolean {
  return name !== 'natural-earth' && name !== 'orthographic';
}

/** A projection that fills a frame with an area. */
export interface FittedMap {
  projection: GeoProjection;
  name: ProjectionName;
  height: number;
}

/** Beyond these, a map has no readable shape. */
const flattest = 0.25;
const tallest = 1.4;

/** Equirectangular round the globe, equal-area around a pole, else Mercator. */
function usualProjection(extent: AreaExtent): ProjectionName {
  const { south, north } = extent;
  if (isAround(extent)) return north < -40 || south > 40 ? 'equal-area' : 'equirectangular';
  if (north > 84 || south < -84) return extent.east - extent.west > 90 ? 'equal-area' : 'equirectangular';
  return north - south > 140 ? 'equirectangular' : 'mercator';
}

/** Fits a projection to an area in a frame of a given width; the height follows from the area's shape. */
export function fitProjection(extent: AreaExtent, width: number, name = usualProjection(extent)): FittedMap {
  const projection = factories[name]();
  const middle = (extent.west + extent.east) / 2;
  const around = isAround(extent);
  if (azimuthal.has(name)) {
    const polar = around && name === 'equal-area';
    const latitude = polar ? (extent.north + extent.south > 0 ? 90 : -90) : (extent.south + extent.north) / 2;
    projection.rotate([polar && latitude < 0 ? 0 : -middle, -latitude]);
  } else projection.rotate([-middle, 0]);
  // Of a globe seen from afar, half is always hidden: it is shown whole.
  const outline =
    name === 'orthographic' && around
      ? { type: 'Sphere' as const }
      : { type: 'MultiPoint' as const, coordinates: outlinePoints(extent, name) };
  projection.fitWidth(width, outline);
  const [[, top], [, bottom]] = geoPath(projection).bounds(outline);
  const height = Math.round(Math.max(flattest * width, Math.min(tallest * width, bottom - top)));
  // A narrow area is fitted to the height, and then centred.
  projection.fitExtent(
    [
      [0, 0],
      [width, height],
    ],
    outline,
  );
  projection.clipExtent([
    [0, 0],
    [width, height],
  ]);
  return { projection, name, height };
}

/** Points all along the edges of an area, kept off the places that a projection has at infinity. */
function outlinePoints({ west, east, south, north }: AreaExtent, name: ProjectionName): [number, number][] {
  const limit = name === 'mercator' ? 84 : 90;
  const clip = (latitude: number) => Math.max(-limit, Math.min(limit, latitude));
  const points: [number, number][] = [];
  const steps = 72;
  // A little inside: on the date line itself a point may fall to either end of the map.
  const inset = Math.min(0.001, (east - west) / 1000);
  for (let i = 0; i <= steps; i++) {
    const longitude = west + inset + ((east - west - 2 * inset) * i) / steps;
    const latitude = clip(south + ((north - south) * i) / steps);
    points.push([longitude, clip(south)], [longitude, clip(north)]);
    points.push([west + inset, latitude], [east - inset, latitude]);
  }
  return points;
}
