import type { SQLInputValue } from 'node:sqlite';
import type { DatasetFilter } from '../find/dataset-filter.ts';

/** The trigram index knows nothing shorter (SQLite, FTS5, "The Trigram Tokenizer"). */
const shortestIndexed = 3;

/** SQL and its values for the latest versions after a name that a filter holds for, by name. */
export function findQuery(
  filter: DatasetFilter,
  after: string,
  limit: number,
): { sql: string; values: SQLInputValue[] } {
  const conditions = ['latest.name > ?'];
  const values: SQLInputValue[] = [after];
  if (filter.prefix) {
    conditions.push('latest.name >= ? AND substr(latest.name, 1, ?) = ?');
    values.push(filter.prefix, [...filter.prefix].length, filter.prefix);
  }
  for (const word of filter.words) {
    const indexed = [...word].length >= shortestIndexed;
    conditions.push(
      `latest.id IN (SELECT rowid FROM search WHERE ${indexed ? 'search MATCH ?' : 'instr(text, ?) > 0'})`,
    );
    values.push(indexed ? `"${word.replaceAll('"', '""')}"` : word);
  }
  const cube = cubeConditions(filter);
  if (cube.conditions.length > 0) {
    const holds = cube.conditions.join(' AND ');
    conditions.push(`EXISTS (SELECT 1 FROM cubes WHERE dataset = latest.id AND ${holds})`);
    values.push(...cube.values);
  }
  return {
    sql:
      'SELECT versions.* FROM latest JOIN versions USING (name, version) ' +
      `WHERE ${conditions.join(' AND ')} ORDER BY latest.name LIMIT ?`,
    values: [...values, limit],
  };
}

function cubeConditions({ parameter, timeStart, timeEnd, area }: DatasetFilter) {
  const conditions: string[] = [];
  const values: SQLInputValue[] = [];
  const add = (condition: string, ...more: SQLInputValue[]) => {
    conditions.push(condition);
    values.push(...more);
  };
  if (parameter) add('? IN (cubes.name, standard_name, long_name)', parameter);
  if (timeStart) add('time_end >= ?', timeStart);
  if (timeEnd) add('time_start <= ?', timeEnd);
  if (area) {
    add('north >= ? AND south <= ?', area.south, area.north);
    const overlaps = area.longitudes.flatMap(([west, east]) => [
      { condition: '(east1 >= ? AND west1 <= ?)', west, east },
      { condition: '(east2 >= ? AND west2 <= ?)', west, east },
    ]);
    add(
      `(${overlaps.map(({ condition }) => condition).join(' OR ')})`,
      ...overlaps.flatMap(({ west, east }) => [west, east]),
    );
  }
  return { conditions, values };
}
