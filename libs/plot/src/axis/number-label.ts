/** Labels of ticks with as many decimals as their distance needs; powers of ten for very large and small numbers. */
export function numberLabels(ticks: readonly number[]): string[] {
  const largest = Math.max(...ticks.map(Math.abs), 0);
  const distance = ticks.length > 1 ? Math.abs(ticks[1] - ticks[0]) : largest;
  if (largest >= 1e6 || (distance > 0 && distance < 1e-4)) return ticks.map(scientific);
  const decimals = distance > 0 ? Math.max(0, Math.ceil(-Math.log10(distance) - 1e-9)) : 0;
  const exact = ticks.every((tick) => Math.abs(tick - Number(tick.toFixed(decimals))) <= distance * 1e-6);
  return ticks.map((tick) => minus(tick.toFixed(exact ? decimals : decimals + 1)));
}

function scientific(tick: number): string {
  // Twelve digits: what is further behind is the rounding of the steps.
  return tick === 0 ? '0' : minus(Number(tick.toPrecision(12)).toExponential());
}

/** The true minus sign is as wide as a digit. */
function minus(text: string): string {
  return text.replace(/^-/, '−').replace('e+', 'e');
}
