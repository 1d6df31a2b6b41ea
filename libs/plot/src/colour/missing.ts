/** How missing values look: hatched, as no colour of a scale is. */
export const missingColours = { light: 0xe4e4e4, dark: 0xb4b4b4 };
/** Pixels from one line of the hatching to the next. */
export const missingStep = 6;
