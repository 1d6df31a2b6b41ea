import type { StoredAttribute } from '../hdf5/attribute-message.ts';
import type { Dataset } from '../hdf5/dataset.ts';
import { elementTypeOf, isNumberElement } from '../hdf5/element-type.ts';
import { parseGlobalHeapId, readGlobalHeapObject } from '../hdf5/global-heap.ts';
import type { MetadataFile } from '../hdf5/metadata-file.ts';
import { readNumbers } from '../hdf5/numbers.ts';
import { readStrings } from '../hdf5/string-elements.ts';
import { attributeNames } from './reserved-attributes.ts';

/** What a dataset says of dimensions (HDF5 Dimension Scale Specification; NetCDF-4 format, "Dimensions"). */
export interface ScaleMarks {
  /** It is a dimension scale. */
  isScale: boolean;
  /** Its NAME; netCDF writes its own sentence into a scale that is no variable. */
  scaleName: string;
  /** Number that netCDF gave to its dimension. */
  dimensionId?: number;
  /** Numbers of all its dimensions, of a coordinate variable with several. */
  coordinateIds: number[];
  /** Address of the scale of each dimension, of several the last, as in netCDF-C; nothing where none is attached. */
  scales: (number | undefined)[];
}

const noVariable = 'This is a netCDF dimension but not a netCDF variable';

/** Whether a scale is only a dimension, as netCDF marks it. */
export function isDimensionOnly(marks: ScaleMarks): boolean {
  return marks.isScale && marks.scaleName.startsWith(noVariable);
}

/** Reads the marks of a dataset; what is not as the specifications have it counts as absent. */
export async function readScaleMarks(file: MetadataFile, dataset: Dataset): Promise<ScaleMarks> {
  const find = (name: string) => dataset.attributes.find((attribute) => attribute.name === name);
  const isScale = (await textOf(file, find(attributeNames.class))) === 'DIMENSION_SCALE';
  return {
    isScale,
    scaleName: isScale ? await textOf(file, find(attributeNames.scaleName)) : '',
    dimensionId: numbersOf(find(attributeNames.dimensionId))[0],
    coordinateIds: numbersOf(find(attributeNames.coordinates)),
    scales: await readDimensionList(file, find(attributeNames.dimensionList)),
  };
}

async function textOf(file: MetadataFile, attribute: StoredAttribute | undefined): Promise<string> {
  if (attribute === undefined) return '';
  const { type, data } = attribute;
  const isText = type.class === 'string' || (type.class === 'vlen' && type.text);
  if (!isText || data.length < type.size) return '';
  const [text] = await readStrings(file, data.fresh(), type, 1);
  return text;
}

function numbersOf(attribute: StoredAttribute | undefined): number[] {
  if (attribute === undefined) return [];
  const element = elementTypeOf(attribute.type);
  if (!isNumberElement(element)) return [];
  return readNumbers(attribute.data.fresh(), element, Math.floor(attribute.data.length / element.width))
    .numbers;
}

/** DIMENSION_LIST: for each dimension a list of references to scales, in the global heap. */
async function readDimensionList(
  file: MetadataFile,
  attribute: StoredAttribute | undefined,
): Promise<(number | undefined)[]> {
  const type = attribute?.type;
  if (
    attribute === undefined ||
    type?.class !== 'vlen' ||
    type.base.class !== 'reference' ||
    !type.base.toObject
  )
    return [];
  const data = attribute.data.fresh();
  const ids = Array.from({ length: Math.floor(data.length / type.size) }, () => parseGlobalHeapId(data));
  return Promise.all(
    ids.map(async (id) => {
      const references = await readGlobalHeapObject(file, id);
      if (references === undefined || references.length < file.space.offsetSize) return undefined;
      references.seek(references.length - file.space.offsetSize);
      return references.address();
    }),
  );
}
