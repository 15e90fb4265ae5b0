/** What is behind the text of a pane; a program that cares chooses its colours by it. */
export type Background = 'dark' | 'light';

/**
 * Whether a program is in front of a light background, by COLORFGBG: `0;15`, the numbers of the colours of text and background,
 * sometimes with one between them. Rxvt, Konsole and iTerm2 set it.
 */
export function isLightBackground(environment: Readonly<Record<string, string>>): boolean {
  return /;(?:7|15)$/.test(environment.COLORFGBG ?? '');
}

/** Whether a colour as XParseColor writes it (`rgb:ffff/ffff/ffff`, one to four digits each) is nearer to white than to black; null: it is none. */
export function isLightColour(colour: string): boolean | null {
  const [, ...channels] =
    /^rgba?:([\da-f]{1,4})\/([\da-f]{1,4})\/([\da-f]{1,4})(?:\/[\da-f]{1,4})?$/i.exec(colour) ?? [];
  if (channels.length === 0) return null;
  const [red, green, blue] = channels.map((digits) => Number.parseInt(digits, 16) / (16 ** digits.length - 1));
  // As bright as an eye finds it (Rec. 709).
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.5;
}

/** What COLORFGBG says before such a background. */
export function backgroundValue(isLight: boolean): string {
  return isLight ? '0;15' : '15;0';
}

/** For a program in a pane. `background` null: that of the terminal that the person calls Forge in, dark when it does not say. */
export function backgroundVariable(
  background: Background | null,
  environment: Readonly<Record<string, string>>,
): Record<string, string> {
  const isLight = background === null ? isLightBackground(environment) : background === 'light';
  return { COLORFGBG: backgroundValue(isLight) };
}
