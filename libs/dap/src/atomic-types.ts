/** How wide values of an atomic type are, and what data type they have here. */
export interface AtomicType {
  dtype: string;
  /** Bytes of a value; 0 for texts. */
  width: number;
  /** Bytes of a value of an array in XDR, where it is another: 16 bits travel as 32 (RFC 4506, section 4.1). */
  xdrWidth: number;
}

function numbers(dtype: string, width: number, xdrWidth = width): AtomicType {
  return { dtype, width, xdrWidth };
}

const text: AtomicType = { dtype: 'string', width: 0, xdrWidth: 0 };

/** Atomic types of DAP2 (ESE-RFC-004, section 4.1) and of DAP4 (volume 1, section 5.5), by name. */
const types = new Map<string, AtomicType>([
  ['Byte', numbers('uint8', 1)],
  ['Int8', numbers('int8', 1)],
  ['UInt8', numbers('uint8', 1)],
  ['Char', numbers('char', 1)],
  ['Int16', numbers('int16', 2, 4)],
  ['UInt16', numbers('uint16', 2, 4)],
  ['Int32', numbers('int32', 4)],
  ['UInt32', numbers('uint32', 4)],
  ['Int64', numbers('int64', 8)],
  ['UInt64', numbers('uint64', 8)],
  ['Float32', numbers('float32', 4)],
  ['Float64', numbers('float64', 8)],
  ['String', text],
  ['URL', text],
  ['Url', text],
]);

/** The atomic type of a name; undefined for others. */
export function atomicType(name: string): AtomicType | undefined {
  return types.get(name);
}
