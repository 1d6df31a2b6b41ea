import type {
  ExpressionGraph,
  PlanNode,
  ResultCoordinate,
  ResultDescription,
} from '@hyperslab/proto/expression';
import { expressionTitle } from '../language/title.ts';
import { describeData } from './coordinate-data.ts';
import type { Field, FieldCoordinate } from './field.ts';
import { commonGridMapping } from './grid-mapping.ts';

/** What a result is, before any value is known: coordinates in order of dimensions, then auxiliary, then scalar. */
export function describeResult(node: PlanNode, field: Field, graph: ExpressionGraph): ResultDescription {
  const place = ({ isDimension, dimensions }: FieldCoordinate) => {
    if (isDimension) return node.dimensions.indexOf(dimensions[0]);
    return node.dimensions.length + (dimensions.length === 0 ? 1 : 0);
  };
  return {
    name: field.name || expressionTitle(graph),
    dtype: node.dtype,
    units: field.units,
    dimensions: [...node.dimensions],
    shape: [...node.shape],
    coordinates: [...field.coordinates].sort((a, b) => place(a) - place(b)).map(describeCoordinate),
    attributes: field.attributes,
    blockGrid: [],
    gridMapping: commonGridMapping(field.coordinates),
  };
}

function describeCoordinate(coordinate: FieldCoordinate): ResultCoordinate {
  const {
    name,
    dimensions,
    units,
    calendar,
    standardName,
    axis,
    longName = '',
    positive = '',
    isDimension,
    values,
    bounds,
    climatology = false,
  } = coordinate;
  return {
    name,
    dimensions: [...dimensions],
    units,
    calendar,
    standardName,
    axis,
    longName,
    positive,
    values: describeData(values),
    bounds: bounds === undefined ? undefined : describeData(bounds),
    isDimension,
    climatology,
  };
}
