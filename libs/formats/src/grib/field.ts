import type { GridDefinition } from './grid/grid.ts';
import type { Product } from './product/product.ts';

/** A field of a file: where it lies, and what its message says of it. */
export interface Field {
  /** First octet of its message. */
  offset: number;
  /** Octets to the end of the message or, of a message with several fields, to the end of the field's data. */
  length: number;
  edition: 1 | 2;
  /** Which field of its message it is, from 0; undefined when it is the only one. */
  number: number | undefined;
  storedDtype: 'float32' | 'float64';
  product: Product;
  /** Shared by fields of equal grids. */
  grid: GridDefinition;
  /** Vertical coordinate parameters: a and b of model levels, as a rule. */
  verticalCoordinates: readonly number[];
}

/** What a message was read as: its fields, and where it ends; or why it was left out. */
export interface Message {
  /** First octet after it. */
  end: number;
  fields: Field[];
  /** What of it was left out, and why. */
  notes: string[];
}
