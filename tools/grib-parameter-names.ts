const unitNames: readonly [RegExp, string][] = [
  [
    /^(|~|-|\?+|numeric|integer.*|justanumber|code.*|index|categor.*|count|dimensionless|\(?-?[01] ?(-|to) ?1\)?|0to1)$/i,
    '1',
  ],
  [
    /^(proportion|fraction|reserved|no unit|missing|various|ccittia5|\(?(code )?table.*|byte|amount|image\^data|-\/\+|non-dim|pure number|keine|yes.*|sea=.*|0\.\..*)$/i,
    '1',
  ],
  [/^10?\s?gpm$/i, 'm'],
  [/^gpm$/i, 'm'],
  [/^deg(ree)?s?[. ]*true$|^degree coming from$|^deg(rees?)?$/i, 'degree'],
  [/^deg(ree)?s? ?c$|^c$/i, 'degC'],
  [/^deg(ree)? n$/i, 'degrees_north'],
  [/^deg(ree)? e$/i, 'degrees_east'],
  [/^m of water equivalent$/i, 'm'],
  [/^m of water equivalent s\*\*-1$/i, 'm s-1'],
  [/^psu$/i, '1e-3'],
  [/^dobson$/i, 'DU'],
];

/** Units as UDUNITS spells them: "m2 s-2". */
export function udunits(text: string): string {
  const trimmed = text.trim();
  const known = unitNames.find(([pattern]) => pattern.test(trimmed));
  if (known !== undefined) return known[1];
  return trimmed
    .replace(/^10(?:\*\*|\^)(?=\d)/, '1e')
    .replace(/\*\*|\^/g, '')
    .replace(/\bper day\b/g, 'day-1')
    .replace(/(?<=\w)\/(?=[A-Za-z])/g, '/')
    .replace(/^1\/(\w+)$/, '$1-1')
    .replace(/^\/(\w+)$/, '$1-1');
}

/** A short name that an expression can name: digits at the beginning go behind the first letter ("2dfd" is "d2fd"). */
export function identifier(name: string): string {
  const moved = name.replace(/^(\d+)([A-Za-z])/, '$2$1').replace(/[^A-Za-z0-9_]+/g, '_');
  return /^[A-Za-z_]/.test(moved) ? moved : `_${moved}`;
}
