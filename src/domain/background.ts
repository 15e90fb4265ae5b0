/** What is behind the text of a pane; a program that cares chooses its colours by it. */
export type Background = 'dark' | 'light';

/**
 * Whether a program is in front of a light background, by COLORFGBG: `0;15`, the numbers of the colours of text and background,
 * sometimes with one between them. Rxvt, Konsole and iTerm2 set it.
 */
export function isLightBackground(environment: Readonly<Record<string, string>>): boolean {
  return /;(?:7|15)$/.test(environment.COLORFGBG ?? '');
}

/** For a program in a pane. `background` null: that of the terminal that the person calls Forge in, dark when it does not say. */
export function backgroundVariable(
  background: Background | null,
  environment: Readonly<Record<string, string>>,
): Record<string, string> {
  const isLight = background === null ? isLightBackground(environment) : background === 'light';
  return { COLORFGBG: isLight ? '0;15' : '15;0' };
}
