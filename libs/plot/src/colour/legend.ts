import { numberLabels } from '../axis/number-label.ts';
import { fitText, round, svgText } from '../svg/svg-text.ts';
import { type ColourScale, cssColour } from './colour-scale.ts';
import { missingColours, missingStep } from './missing.ts';

/** Where the legend stands. */
export interface LegendBox {
  x: number;
  y: number;
  height: number;
}

/** Width that the legend takes, with its labels. */
export const legendWidth = 96;
const barWidth = 18;

/** A colour bar with its numbers and units, and what missing values look like where there are some. */
export function legend(scale: ColourScale, units: string, hasMissing: boolean, box: LegendBox): string {
  const { x, y } = box;
  const height = box.height - (hasMissing ? 34 : 0);
  const [low, high] = scale.domain;
  const bands = 128;
  const bar = Array.from({ length: bands }, (_, i) => {
    const top = y + (height * (bands - 1 - i)) / bands;
    const colour = cssColour(scale.colourOf(low + ((i + 0.5) / bands) * (high - low)));
    // A little taller than its band: no seam shows between two.
    return `<rect x="${x}" y="${round(top)}" width="${barWidth}" height="${round(height / bands + 0.6)}" fill="${colour}"/>`;
  });
  const labels = numberLabels(scale.ticks);
  const ticks = scale.ticks.map((tick, i) => {
    const at = y + height * (1 - (tick - low) / (high - low));
    return `<path d="M${x + barWidth} ${round(at)}h4" stroke="#222"/>${svgText(x + barWidth + 7, at, labels[i], { size: 11 })}`;
  });
  const frame = `<rect x="${x}" y="${y}" width="${barWidth}" height="${height}" fill="none" stroke="#222" stroke-width="0.8"/>`;
  const name = svgText(x + legendWidth - 8, y + height / 2, fitText(units, 12, height), {
    anchor: 'middle',
    rotate: -90,
  });
  return [...bar, frame, ...ticks, name, hasMissing ? missingSwatch(x, y + height + 16) : ''].join('\n');
}

function missingSwatch(x: number, y: number): string {
  return `<defs><pattern id="missing" width="${missingStep}" height="${missingStep}" patternUnits="userSpaceOnUse"><rect width="${missingStep}" height="${missingStep}" fill="${cssColour(missingColours.light)}"/><path d="M-1 1l2 -2M0 ${missingStep}L${missingStep} 0M${missingStep - 1} ${missingStep + 1}l2 -2" stroke="${cssColour(missingColours.dark)}"/></pattern></defs>
<rect x="${x}" y="${y}" width="${barWidth}" height="14" fill="url(#missing)" stroke="#222" stroke-width="0.8"/>${svgText(x + barWidth + 7, y + 7, 'missing', { size: 11 })}`;
}
