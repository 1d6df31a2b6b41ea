/** Colours that canvases draw with, as the style sheet has them for light or dark. */
export function chartColours() {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string) => style.getPropertyValue(`--${name}`).trim();
  return {
    accent: colour('accent'),
    axis: colour('muted'),
    gridLine: colour('line'),
    text: colour('text'),
    surface: colour('surface'),
    bad: colour('bad'),
    series: [1, 2, 3, 4, 5].map((number) => colour(`series-${number}`)),
  };
}
