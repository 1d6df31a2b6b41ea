import type { Packing } from '@hyperslab/proto/array';
import type { IndexedVariable } from '@hyperslab/proto/index';
import type { Link } from '../cf/roles.ts';

/** A variable of one file: what is merged into a cube. */
export interface Piece {
  /** Number of its file, in the order of the arguments. */
  file: number;
  /** Without its chunk table; pieces that are alike share the object. */
  variable: IndexedVariable;
  /** Number of its chunk table in the collection's log; absent where its values are known and need no chunks. */
  chunks?: number;
  packing: Packing;
  /** Its attributes as a key. */
  attributesKey: string;
  /** Contents of the linked variables, in the order of the group's links. */
  contents: number[];
  /** Content of the variable itself where it was compared; -1 for data. */
  own: number;
  /** Its part is missing data: the file has no such variable, or no file lies in the place. */
  absent?: 'file' | 'place';
}

/** Pieces that could be one variable: alike in all that does not come from the place in the whole. */
export interface PieceGroup {
  path: string;
  isField: boolean;
  /** Files of a run are likely to repeat it. */
  isConstant: boolean;
  /** Paths of dimensions. */
  dimensions: string[];
  /** Dimensions that can grow in some file. */
  unlimited: Set<string>;
  links: GroupLink[];
  /** What is shared, as text: standard name, cell methods; for the account of why two groups are apart. */
  traits: Record<string, string>;
  pieces: Piece[];
}

export interface GroupLink extends Link {
  /** Paths of the linked variable's dimensions. */
  dimensions: string[];
}
