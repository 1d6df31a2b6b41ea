import type { ComputedArray, ComputedCoordinate } from '@hyperslab/client';

/** A computed array without its dimensions of one index: they say where a picture is taken, not what it shows. */
export function squeeze(array: ComputedArray): ComputedArray {
  const single = new Set(array.dimensions.filter((_, axis) => array.shape[axis] === 1));
  const kept = array.dimensions.flatMap((dimension, axis) => (single.has(dimension) ? [] : [axis]));
  return {
    ...array,
    dimensions: kept.map((axis) => array.dimensions[axis]),
    shape: kept.map((axis) => array.shape[axis]),
    coordinates: array.coordinates.map((coordinate) => squeezeCoordinate(coordinate, single)),
  };
}

function squeezeCoordinate(coordinate: ComputedCoordinate, single: ReadonlySet<string>): ComputedCoordinate {
  const kept = coordinate.dimensions.flatMap((dimension, axis) => (single.has(dimension) ? [] : [axis]));
  return {
    ...coordinate,
    dimensions: kept.map((axis) => coordinate.dimensions[axis]),
    shape: kept.map((axis) => coordinate.shape[axis]),
  };
}
