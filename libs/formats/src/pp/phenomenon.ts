import type { Attribute } from '@hyperslab/proto/array';
import { textAttributes } from './attributes.ts';
import { type PpHeader, stashOf } from './header.ts';
import { phenomenonTables } from './phenomenon-tables.ts';

/** What a field is of. */
export interface Phenomenon {
  /** Name of its variable: its standard name, or its code where there is none. */
  name: string;
  /** Its STASH code, where it has one. */
  stash: string | undefined;
  attributes: Attribute[];
}

/** Tells the phenomenon by STASH code, and for fields without one by LBFC (UM documentation paper F3, "LBUSER" and "LBFC"). */
export function phenomenonOf(header: PpHeader): Phenomenon {
  const { byStash, byFieldCode } = phenomenonTables();
  const stash = stashOf(header);
  const named = stash === undefined ? byFieldCode.get(String(header.lbfc)) : byStash.get(stash);
  const text = (value: string | undefined) => (value === '' ? undefined : value);
  return {
    name: text(named?.standardName) ?? stash ?? `field_code_${header.lbfc}`,
    stash,
    attributes: textAttributes({
      standard_name: text(named?.standardName),
      long_name: text(named?.longName),
      units: text(named?.units),
      um_stash_source: stash,
    }),
  };
}
