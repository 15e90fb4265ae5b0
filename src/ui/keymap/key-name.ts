import type { Key } from 'ink';

/** Named keys in the words of the action table. */
const named: [flag: keyof Key, name: string][] = [
  ['upArrow', 'up'],
  ['downArrow', 'down'],
  ['leftArrow', 'left'],
  ['rightArrow', 'right'],
  ['pageUp', 'pageup'],
  ['pageDown', 'pagedown'],
  ['home', 'home'],
  ['end', 'end'],
  ['return', 'enter'],
  ['escape', 'escape'],
  ['tab', 'tab'],
  ['backspace', 'backspace'],
  ['delete', 'delete'],
];

/** What was pressed, as names of the action table. Several keys that came in one read are several names. */
export function keyNames(input: string, key: Key): string[] {
  const special = named.find(([flag]) => key[flag]);
  if (special) return [special[1]];
  if (key.ctrl) return [`ctrl+${input}`];
  if (key.meta) return [`alt+${input}`];
  return [...input];
}
