import { type DescribedObject, listValue, textValue } from './object-description.ts';

/** A swath, grid or zonal average: a group of fields that share named dimensions. */
export interface EosStructure {
  /** Path of its group. */
  path: string;
  /** Sizes by name; -1 for one without end. */
  dimensions: Map<string, number>;
  /** Names of the dimensions of each field. */
  fields: Map<string, string[]>;
  grid?: EosGrid;
}

/** Where the cells of a grid lie. */
interface EosGrid {
  /** "HE5_GCTP_GEO" for longitudes and latitudes. */
  projection: string;
  /** First and last x, first and last y of its outer edge, as written. */
  upperLeft: number[];
  lowerRight: number[];
  /** Which corner the first cell lies at: "HE5_HDFE_GD_UL", …LL, …UR, …LR. */
  origin: string;
  /** Where in its cell a value stands: "HE5_HDFE_CENTER", …CORNER. */
  registration: string;
}

const kinds = [
  { group: 'SwathStructure', folder: 'SWATHS', nameKey: 'SwathName' },
  { group: 'GridStructure', folder: 'GRIDS', nameKey: 'GridName' },
  { group: 'ZaStructure', folder: 'ZAS', nameKey: 'ZaName' },
];

/** The structures that the metadata of an HDF-EOS5 file declares (HDF-EOS Interface Based on HDF5, vol. 1, "Structural Metadata"). */
export function eosStructures(description: DescribedObject): EosStructure[] {
  return kinds.flatMap(({ group, folder, nameKey }) => {
    const declared = description.children.find(({ name }) => name === group)?.children ?? [];
    return declared.map((object) => structure(object, `/HDFEOS/${folder}/${textValue(object, nameKey)}`));
  });
}

function structure(object: DescribedObject, path: string): EosStructure {
  const sizes = children(object, 'Dimension').map((dimension): [string, number] => [
    textValue(dimension, 'DimensionName'),
    numberOf(dimension.values.get('Size')),
  ]);
  const isGrid = object.values.has('XDim');
  const gridSizes = isGrid
    ? ['XDim', 'YDim'].map((name): [string, number] => [name, numberOf(object.values.get(name))])
    : [];
  const fields = ['GeoField', 'DataField'].flatMap((kind) =>
    children(object, kind).map((field): [string, string[]] => [
      textValue(field, `${kind}Name`),
      listValue(field, 'DimList'),
    ]),
  );
  return {
    path,
    dimensions: new Map([...gridSizes, ...sizes]),
    fields: new Map(fields),
    grid: isGrid ? gridOf(object) : undefined,
  };
}

function gridOf(object: DescribedObject): EosGrid {
  return {
    projection: textValue(object, 'Projection'),
    upperLeft: listValue(object, 'UpperLeftPointMtrs').map(Number),
    lowerRight: listValue(object, 'LowerRightMtrs').map(Number),
    origin: textValue(object, 'GridOrigin') || 'HE5_HDFE_GD_UL',
    registration: textValue(object, 'PixelRegistration') || 'HE5_HDFE_CENTER',
  };
}

function children(object: DescribedObject, group: string): DescribedObject[] {
  return object.children.find(({ name }) => name === group)?.children ?? [];
}

function numberOf(text: string | undefined): number {
  return /^\d+$/.test(text ?? '') ? Number(text) : -1;
}
