import { closeLink } from '../screen/painter.ts';

/** Sent when Forge takes the terminal. Automatic wrap is off: a character wider than believed must not scroll the screen. */
export const enterSequence = '\u001b[?1049h\u001b[?25l\u001b[?7l\u001b[?2004h\u001b[?1004h\u001b[m\u001b[2J';

/**
 * Sent when Forge gives the terminal back: everything that it ever switches on is off, the shell's screen is shown. What a
 * terminal may not know comes before it, see `OuterModes.leave`.
 */
export const leaveSequence =
  '\u001b[?2026l\u001b[r\u001b[m\u001b[?1000l\u001b[?1002l\u001b[?1003l\u001b[?1006l\u001b[?1004l\u001b[?2004l\u001b[?7h\u001b[0 q\u001b[?25h\u001b[?1049l';

/** Sent at the next start after Forge was killed: also what programs in panes may have left, were they ever let through. */
export const repairSequence = `${closeLink}\u001b[<u\u001b[>4m\u001b[?1l\u001b>${leaveSequence}`;

/** `text` for the clipboard of the person's terminal (OSC 52); null when it is longer than terminals take. */
export function copySequence(text: string): string | null {
  const encoded = Buffer.from(text, 'utf8').toString('base64');
  return encoded.length > copyBase64Max ? null : `\u001b]52;c;${encoded}\u0007`;
}

export const bellSequence = '\u0007';

/** Characters of base64: xterm and tmux take about 100,000 bytes in one sequence. */
const copyBase64Max = 99_000;
