/** What an answer to a range request says that it holds. */
export interface ContentRange {
  first: number;
  last: number;
  /** Length of the whole object; undefined when the server does not know. */
  total?: number;
}

/** Reads a Content-Range header of bytes (RFC 9110, section 14.4); undefined when it is none. */
export function parseContentRange(header: string | undefined): ContentRange | undefined {
  const match = /^bytes (\d+)-(\d+)\/(\d+|\*)$/i.exec(header?.trim() ?? '');
  if (match === null) return undefined;
  const [first, last] = [Number(match[1]), Number(match[2])];
  const total = match[3] === '*' ? undefined : Number(match[3]);
  const sensible = first <= last && (total === undefined || last < total);
  return sensible && Number.isSafeInteger(last) ? { first, last, total } : undefined;
}
