import { quoted } from './quoted.ts';

/** The body that says why there is no other (ESE-RFC-004, section 7.4, "Error"). */
export function errorText(code: number, message: string): string {
  return `Error {\n    code = ${code};\n    message = ${quoted(message)};\n};\n`;
}
