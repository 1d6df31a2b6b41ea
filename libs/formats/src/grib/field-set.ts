import type { Layout } from '@hyperslab/proto/array';
import type { FieldSet } from '@hyperslab/proto/index';
import type { Field } from './field.ts';
import type { FieldGroup } from './field-groups.ts';
import { hasTurnedVectors } from './grid/grid.ts';
import type { GridContent } from './grid/grid-content.ts';
import type { Parameter } from './parameter.ts';
import type { Product } from './product/product.ts';
import { type AttributeValue, describedVariable } from './variables.ts';

/** The fields of a group as the index has them. */
export function fieldSet(group: FieldGroup, content: GridContent): FieldSet {
  const { parameter, first, identity, offsets, lengths, columns } = group;
  const { storedDtype } = first;
  const missing = {
    name: '_FillValue',
    dtype: storedDtype,
    strings: [],
    numbers: [Number.NaN],
    integers: [],
  };
  const described = describedVariable(parameter.name, storedDtype, {
    ...parameterAttributes(parameter, first),
    ...content.fieldAttributes,
    ...identity,
  });
  const shape = content.fieldDimensions.map(({ size }) => size);
  return {
    variable: {
      ...described,
      attributes: [...described.attributes, missing],
      dimensions: content.fieldDimensions.map(({ path }) => path),
      shape,
      fillValue: Number.NaN,
    },
    offsets,
    lengths,
    ...layoutsOf(group, shape),
    coordinates: columns.map(({ coordinate }) => coordinate),
  };
}

/** Layouts that occur, in the order of their first field, and which one each field has; empty when there is one only. */
function layoutsOf(
  { configurations, first }: FieldGroup,
  shape: number[],
): { layouts: Layout[]; layoutOf: number[] } {
  const numbers = new Map<string, number>();
  const layoutOf = configurations.map((configuration) => {
    const number = numbers.get(configuration) ?? numbers.size;
    numbers.set(configuration, number);
    return number;
  });
  return {
    layouts: [...numbers.keys()].map((configuration) => ({
      storedDtype: first.storedDtype,
      chunkShape: shape,
      codecs: [
        { name: 'bytes', configuration: '{"endian":"little"}' },
        { name: 'grib', configuration },
      ],
      edgeChunksPadded: true,
    })),
    layoutOf: numbers.size === 1 ? [] : layoutOf,
  };
}

/** What the codec is told: which field of the message, how a grid of two dimensions is scanned, and that doubles are wanted. */
export function configurationOf(
  { edition, number, storedDtype, grid: { scan } }: Field,
  shape: readonly number[],
): string {
  const [nj, ni] = shape;
  return JSON.stringify({
    edition,
    ...(number === undefined ? {} : { field: number }),
    ...(shape.length === 2 ? { scan, ni, nj } : {}),
    ...(storedDtype === 'float32' ? {} : { dtype: storedDtype }),
  });
}

function parameterAttributes(parameter: Parameter, field: Field): Record<string, AttributeValue> {
  const { standardName, longName, units } = parameter;
  const { product, grid } = field;
  const standard = hasTurnedVectors(grid) ? alongGrid(standardName) : standardName;
  const methods = cellMethods(product);
  const unnamed = product.statistics.filter(({ method }) => method === undefined).map(({ group }) => group);
  return {
    ...(standard === '' ? {} : { standard_name: standard }),
    long_name: longName,
    ...(units === '' ? {} : { units }),
    ...(methods === '' ? {} : { cell_methods: methods }),
    ...(unnamed.length === 0 ? {} : { GRIB_statistic: unnamed.join(' ') }),
  };
}

/** Components along the axes of a grid are not those to the east and north. */
function alongGrid(standardName: string): string {
  return standardName.replace(/^eastward_(wind.*)$/, 'x_$1').replace(/^northward_(wind.*)$/, 'y_$1');
}

/** What was done, in the order in which it was (CF conventions, section 7.3). */
function cellMethods({ area, statistics, ensemble }: Product): string {
  const method = (axis: string, name: string | undefined) => (name === undefined ? [] : [`${axis}: ${name}`]);
  return [
    ...method('area', area?.method),
    ...statistics.flatMap((statistic) => method('time', statistic.method)),
    ...method('realization', ensemble?.method),
  ].join(' ');
}
