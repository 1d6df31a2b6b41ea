/** A data set as its server describes it, in DAP2 (DDS and DAS) or DAP4 (DMR). */
export interface DapDataSet {
  name: string;
  /** DAP2 knows only the root. */
  root: DapGroup;
}

export interface DapGroup {
  name: string;
  attributes: DapAttribute[];
  /** Dimensions that are declared here; none in DAP2. */
  dimensions: { name: string; size: number; unlimited: boolean }[];
  /** In the order in which an answer has their values. */
  variables: DapVariable[];
  groups: DapGroup[];
}

/** A variable, or a field of one. */
export interface DapVariable {
  /** As the server writes it: in DAP2 with its %XX. */
  name: string;
  /** Of a map of a grid: another name for it, where maps of its own name in other grids are not the same. */
  ownName?: string;
  /**
   * An atomic type of either protocol ("Byte", "Float32", …; of an enumeration its base type), "Opaque", or what has fields:
   * "Structure", "Sequence", "Grid". Another name is a type that nothing is known of.
   */
  type: string;
  dimensions: DapDimension[];
  attributes: DapAttribute[];
  /** Fields; of a grid the array, and behind it the maps. */
  fields: DapVariable[];
}

export interface DapDimension {
  /** In DAP4 absolute ("/g/time"), in DAP2 a name; empty when it has none. */
  name: string;
  size: number;
}

export interface DapAttribute {
  name: string;
  /** As the server writes it: "Float32", "String", … */
  type: string;
  /** Texts, unquoted. */
  values: string[];
}

/** Values of one variable of an answer. */
export interface DapValues {
  /** Names from the group down to the field, joined by dots, behind the path of the group: "/g/s.x", or "t.t" in DAP2. */
  path: string;
  type: string;
  shape: number[];
  /** Little-endian, in row-major order; absent for texts and for what is only stepped over. */
  bytes?: Uint8Array;
  /** Of strings and URLs. */
  texts?: string[];
}
