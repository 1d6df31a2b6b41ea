import type { Attribute } from '@hyperslab/proto/array';
import { numberAttribute, textAttribute, textAttributes } from './attributes.ts';
import type { PpHeader } from './header.ts';

/** Radius of the sphere of the Unified Model, in metres. */
const earthRadius = 6_371_229;

/** Poles that lie closer to the geographic one, in degrees, are it: header words are rounded. */
const poleTolerance = 0.0001;

/** A coordinate system of maps. */
export interface Horizontal {
  x: { name: string; attributes: Attribute[] };
  y: { name: string; attributes: Attribute[] };
  /** Name and attributes of the grid mapping variable. */
  mapping: { name: string; attributes: Attribute[] };
  /** Where its north pole is, if it is rotated; degrees. */
  pole?: { latitude: number; longitude: number };
}

const geographic: Horizontal = {
  x: axis('longitude', 'degrees_east', 'X'),
  y: axis('latitude', 'degrees_north', 'Y'),
  mapping: {
    name: 'latitude_longitude',
    attributes: [
      textAttribute('grid_mapping_name', 'latitude_longitude'),
      numberAttribute('earth_radius', 'float64', earthRadius),
    ],
  },
};

/**
 * Latitudes and longitudes, or those about a pole at BPLAT, BPLON. A rotated pole of 90° N, 0° or 180° E is no rotation;
 * nor are zeros in a header whose LBCODE says that there is none: words that do not apply are zero.
 */
export function horizontalOf({ lbcode, bplat, bplon }: PpHeader): Horizontal {
  const differs = (angle: number, from: number) => Math.abs(angle - from) > poleTolerance;
  const isUnset = bplat === 0 && bplon === 0 && lbcode < 100;
  const isRotated = differs(bplat, 90) || (differs(bplon, 0) && differs(bplon, 180));
  if (!isRotated || isUnset) return geographic;
  return {
    pole: { latitude: bplat, longitude: bplon },
    x: axis('grid_longitude', 'degrees', 'X'),
    y: axis('grid_latitude', 'degrees', 'Y'),
    mapping: {
      name: 'rotated_latitude_longitude',
      attributes: [
        textAttribute('grid_mapping_name', 'rotated_latitude_longitude'),
        numberAttribute('grid_north_pole_latitude', 'float64', bplat),
        numberAttribute('grid_north_pole_longitude', 'float64', bplon),
        numberAttribute('north_pole_grid_longitude', 'float64', 0),
        numberAttribute('earth_radius', 'float64', earthRadius),
      ],
    },
  };
}

function axis(name: string, units: string, letter: string): { name: string; attributes: Attribute[] } {
  return { name, attributes: textAttributes({ standard_name: name, units, axis: letter }) };
}
