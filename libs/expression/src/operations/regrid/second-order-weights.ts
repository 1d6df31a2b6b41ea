import { elementCount, type MaskedArray } from '@hyperslab/array';
import {
  type Axis,
  type SecondOrderRows,
  secondOrderBetweenAxes,
  secondOrderBytes,
  secondOrderRows,
} from '@hyperslab/kernels';
import type { Box } from '../../task/box.ts';
import { type AxisParameters, axisOf } from '../interpolate/axis-parameters.ts';
import { cellsBytes, stripBytes } from './held-bytes.ts';
import { type AxesGrid, type FieldsGrid, type RegridParameters, samePole } from './parameters.ts';
import { cellsIn } from './places.ts';
import { keptRows } from './row-cache.ts';
import { secondOrderSpans } from './second-order-spans.ts';
import { coordinateKeys, textOf } from './weights-key.ts';

/** The weights of a box of targets over the part of the source that `secondOrderSpans` tells. `parts` are the node's inputs. */
export function secondOrderWeights(
  parameters: RegridParameters,
  box: Box,
  parts: readonly MaskedArray[],
): SecondOrderRows {
  const coordinates = coordinateKeys(parts).join();
  const key = `${textOf(parameters)} ${box.origin}+${box.shape} ${coordinates}`;
  return keptRows(key, stripBytes(parameters, elementCount(box.shape)), () => {
    const value = rowsFor(parameters, box, parts, coordinates);
    return { value, bytes: secondOrderBytes(value) + key.length };
  });
}

function rowsFor(
  parameters: RegridParameters,
  box: Box,
  parts: readonly MaskedArray[],
  coordinates: string,
): SecondOrderRows {
  const grid = parameters.source!.grid;
  const wanted = parameters.target.grid as AxesGrid | FieldsGrid;
  const spans = secondOrderSpans(parameters, box);
  const sourceBox = { origin: spans.map(({ start }) => start), shape: spans.map(({ count }) => count) };
  const key = `cells of ${textOf(parameters)} ${JSON.stringify(spans)} ${coordinates}`;
  const { most, kept } = cellsBytes(parameters, elementCount(sourceBox.shape));
  if (grid.kind === 'axes' && wanted.kind === 'axes' && samePole(grid, wanted)) {
    // In the latitudes and longitudes that both have: on which globe does not matter.
    const rows = keptRows(key, most, () => {
      const cells = cellsIn({ ...grid, pole: undefined }, sourceBox, parts);
      return { value: secondOrderBetweenAxes(axesIn(grid, sourceBox), cells), bytes: kept };
    });
    return rows(axesIn(wanted, box));
  }
  const rows = keptRows(key, most, () => ({
    value: secondOrderRows(cellsIn(grid, sourceBox, parts)),
    bytes: kept,
  }));
  return rows(cellsIn(wanted, box, parts));
}

function axesIn({ latitude, longitude }: AxesGrid, { origin, shape }: Box) {
  return {
    latitude: axisPart(latitude, origin[0], shape[0]),
    longitude: axisPart(longitude, origin[1], shape[1]),
  };
}

function axisPart(parameters: AxisParameters, start: number, count: number): Axis {
  const { points, bounds, ...rest } = axisOf(parameters);
  return {
    ...rest,
    points: points.slice(start, start + count),
    bounds: bounds.slice(2 * start, 2 * (start + count)),
  };
}
