/** What the page is told of datasets, in JSON. The server and the page share these types and nothing else. */
export interface DatasetPage {
  datasets: DatasetLine[];
  /** For the next page; empty on the last. */
  next: string;
}

/** A line of the list of datasets. */
export interface DatasetLine {
  name: string;
  version: number;
  title: string;
  cubes: number;
  /** ISO 8601. */
  published: string;
  publisher: string;
}

/** An attribute as text. */
export interface AttributeText {
  name: string;
  text: string;
}

/** A version of a dataset. */
export interface DatasetView {
  name: string;
  version: number;
  /** "NAME@3". */
  reference: string;
  title: string;
  published: string;
  publisher: string;
  attributes: AttributeText[];
  parameters: ParameterLine[];
}

/** What the picker shows of a parameter. */
export interface ParameterLine {
  name: string;
  standardName: string;
  longName: string;
  units: string;
  dtype: string;
  cellMethods: string;
  sizes: { dimension: string; size: number }[];
  /** Why it can't be read; empty otherwise. */
  notComputable: string;
}

/** All that is known of a parameter. */
export interface ParameterView extends ParameterLine {
  dataset: string;
  dimensions: DimensionView[];
  /** The two dimensions that a picture shows, and what tells where its cells lie; absent for lines and numbers. */
  grid?: { rows: number; columns: number; kind: GridKind };
  scalars: { name: string; text: string; units: string }[];
  attributes: AttributeText[];
  pieces: PiecesView;
}

/** What tells where the cells of a grid lie: nothing, for one of indices. */
type GridKind = 'rectilinear' | 'curvilinear' | 'rotated' | 'index';

/** A dimension and what labels its indices. */
export interface DimensionView {
  name: string;
  size: number;
  /** Coordinate that labels it; the dimension's own name where there is none. */
  label: string;
  units: string;
  axis: string;
  isTime: boolean;
  /** A label for each index; empty where there are too many or none. */
  texts: string[];
}

/** What a parameter was merged from, as far as the catalog tells. */
export interface PiecesView {
  pieces: number;
  objects: number;
  objectBytes: number;
  bytesRead: number;
  sources: string[];
  expression: string;
  notes: string[];
  manifest?: { sha256: string; bytes: number };
  chunks: ChunkRun[];
}

/** How the chunks of a parameter are cut along one dimension. */
export interface ChunkRun {
  dimension: string;
  chunks: number;
  /** Smallest and largest extent of a chunk. */
  smallest: number;
  largest: number;
}

/** Head of a frame with a slice; the values follow, row by row. */
export interface SliceHead {
  rows: number;
  columns: number;
  /** Distance of the indices that are shown. */
  step: number;
  /** Where the slice lies in the dimensions that it does not show. */
  places: { axis: number; text: string }[];
  /** Smallest and largest value; absent when none is there. */
  range?: [number, number];
  missing: number;
  nan: number;
}

/** Head of a frame with latitudes and longitudes: of rows and columns, of each cell, or none. */
export interface GridHead {
  kind: 'rectilinear' | 'curvilinear' | 'index';
  rows: number;
  columns: number;
  step: number;
}

/** Values along one dimension. */
export interface SeriesView {
  name: string;
  units: string;
  along: string;
  /** Distance of the indices. */
  step: number;
  indices: number[];
  /** Coordinate along the dimension; empty where there is none. */
  label: string;
  labelUnits: string;
  isTime: boolean;
  x: number[];
  /** A label for each value; empty where there are none. */
  texts: string[];
  /** null where there is no number. */
  values: (number | null)[];
  missing: number;
  nan: number;
}
