import { scaleLinear } from 'd3-scale';
import { interpolateRdBu, interpolateViridis } from 'd3-scale-chromatic';

/** Values as colours. */
export interface ColourScale {
  /** Ends of the scale. */
  domain: [number, number];
  ticks: number[];
  /** Red, green and blue of a value, 0 to 255, packed as 0xRRGGBB; values past an end have the colour of the end. */
  colourOf(value: number): number;
}

const steps = 256;
/** Values on both sides of zero, neither four times the other, are differences or directions. */
const balanced = 4;

/** A scale for values between two ends: from dark to light, or to both sides of white where they lie around zero. */
export function colourScale(smallest: number, largest: number): ColourScale {
  const isDiverging =
    smallest < 0 && largest > 0 && largest / -smallest < balanced && -smallest / largest < balanced;
  const [first, last] = isDiverging ? both(Math.max(-smallest, largest)) : apart(smallest, largest);
  const scale = scaleLinear().domain([first, last]).nice(8);
  const [low, high] = scale.domain();
  const table = Array.from({ length: steps }, (_, i) => {
    const share = i / (steps - 1);
    return parse(isDiverging ? interpolateRdBu(1 - share) : interpolateViridis(share));
  });
  return {
    domain: [low, high],
    ticks: scale.ticks(8),
    colourOf(value) {
      const step = Math.floor(((value - low) / (high - low)) * steps);
      return table[Math.max(0, Math.min(steps - 1, step))];
    },
  };
}

function both(end: number): [number, number] {
  return [-end, end];
}

/** Equal values get a scale all the same. */
function apart(smallest: number, largest: number): [number, number] {
  if (smallest < largest) return [smallest, largest];
  const distance = Math.abs(smallest) * 0.01 || 1;
  return [smallest - distance, smallest + distance];
}

/** d3 writes some scales as #rrggbb and others as rgb(r, g, b). */
function parse(text: string): number {
  if (text.startsWith('#')) return Number.parseInt(text.slice(1), 16);
  const [red, green, blue] = text.match(/\d+/g)!.map(Number);
  return (red << 16) | (green << 8) | blue;
}

/** A packed colour as CSS writes it. */
export function cssColour(colour: number): string {
  return `#${colour.toString(16).padStart(6, '0')}`;
}
