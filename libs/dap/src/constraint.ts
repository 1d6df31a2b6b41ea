/** A box of an array: first index and extent in each dimension. */
export interface DapBox {
  origin: readonly number[];
  shape: readonly number[];
}

/**
 * `name[first:last]…`, which both protocols say alike (ESE-RFC-004, section 6.1.1; DAP4, volume 1, section 9.2). Without a stride in
 * the middle, which xpublish reads as the end.
 */
export function boxConstraint(id: string, { origin, shape }: DapBox): string {
  const ranges = origin.map((first, axis) => `[${first}:${first + shape[axis] - 1}]`);
  return id + ranges.join('');
}

/**
 * Suffix and query of a data request for some constraints, each of a variable or a box of one. Names of DAP2 are in its own
 * escapes already, which servers take off; what a URL can't hold is escaped, and brackets too, which newer servers refuse.
 */
export function dataRequest(protocol: 'dap2' | 'dap4', constraints: readonly string[]): string {
  if (protocol === 'dap4') {
    return `.dap?dap4.ce=${constraints.map((text) => escapeQuery(text)).join('%3B')}&dap4.checksum=true`;
  }
  return `.dods?${constraints.map(escapeDap2).join(',')}`;
}

/** Escapes all but what every server reads as it is. */
function escapeQuery(text: string): string {
  return encodeURIComponent(text).replaceAll('%2F', '/').replaceAll('%3A', ':');
}

/** The same, but for the %XX that are part of a name. */
function escapeDap2(text: string): string {
  return text
    .split(/(%[0-9a-f]{2})/i)
    .map((part, i) => (i % 2 === 1 ? part : escapeQuery(part)))
    .join('');
}

/** A name as a path of DAP4 has it: what stands between names is behind a backslash (volume 1, section 5.4). */
export function dap4Name(name: string): string {
  return name.replace(/[/."\\'[\];]/g, '\\$&');
}
