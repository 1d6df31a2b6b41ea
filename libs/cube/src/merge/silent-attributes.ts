// What every program writes anew into each file. That it differs says nothing about the data.
const silent = new Set([
  'history',
  'nco',
  'cdo',
  'cdi',
  'tracking_id',
  'uuid',
  'id',
  'name',
  'file_name',
  'filename',
  'timestamp',
  'creation_date',
  'date_created',
  'date_modified',
  'date_issued',
  'date',
  'created',
  'time_coverage_start',
  'time_coverage_end',
  '_ncproperties',
  'history_of_appended_files',
  'nco_openmp_thread_number',
]);

/** True for attributes that may differ between files without a remark. */
export function isSilent(name: string, ignored: readonly string[] = []): boolean {
  return silent.has(name.toLowerCase()) || ignored.includes(name);
}
