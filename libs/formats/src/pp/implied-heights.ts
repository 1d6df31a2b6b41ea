/**
 * Heights in metres that a STASH code implies, whatever the level words say: screen temperatures at 1.5 m, winds at 10 m and
 * 50 m. The facts are those of Iris' `um_cf_map` (SciTools, BSD-3-Clause).
 */
export const impliedHeights: Readonly<Record<string, number>> = {
  m01s03i209: 10,
  m01s03i210: 10,
  m01s03i225: 10,
  m01s03i226: 10,
  m01s03i227: 10,
  m01s03i230: 10,
  m01s03i236: 1.5,
  m01s03i237: 1.5,
  m01s03i245: 1.5,
  m01s03i247: 1.5,
  m01s03i250: 1.5,
  m01s03i281: 1.5,
  m01s03i365: 10,
  m01s03i366: 10,
  m01s03i463: 10,
  m01s15i212: 50,
  m01s15i213: 50,
};
