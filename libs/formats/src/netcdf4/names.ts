const notCoordinatePrefix = '_nc4_non_coord_';

/**
 * Name of a variable. netCDF puts a prefix before that of a variable which is named as a dimension but is no coordinate
 * of it, since the dimension's scale has the name.
 */
export function variableName(name: string): string {
  return name.startsWith(notCoordinatePrefix) ? name.slice(notCoordinatePrefix.length) : name;
}
