/**
 * A name that netCDF readers take without quoting (CF conventions, section 2.3): letters, digits and underscores. An
 * expression becomes its words: "mean(t, time)" is mean_t_time.
 */
export function netcdfName(name: string): string {
  const words = name.replaceAll(/[^A-Za-z0-9_]+/g, '_').replaceAll(/^_+|_+$/g, '');
  if (words === '') return 'value';
  return /^[A-Za-z]/.test(words) ? words : `v_${words}`;
}
