/**
 * Every control sequence that Forge may ever send to the person's terminal. A test parses what is sent and refuses the
 * rest: what agents print reaches the terminal as cells only.
 */
export interface AllowedSequence {
  name: string;
  /** Matches the whole sequence. */
  pattern: RegExp;
}

export const allowedSequences: readonly AllowedSequence[] = [
  { name: 'move the cursor to row and column', pattern: /^\u001b\[\d{1,4};\d{1,4}H$/ },
  { name: 'move the cursor right', pattern: /^\u001b\[\d{0,4}C$/ },
  { name: 'erase characters', pattern: /^\u001b\[\d{1,4}X$/ },
  { name: 'rows that scroll: from and to, and all again', pattern: /^\u001b\[(?:\d{1,4};\d{1,4})?r$/ },
  { name: 'scroll them up or down', pattern: /^\u001b\[\d{1,4}[ML]$/ },
  { name: 'erase the screen', pattern: /^\u001b\[2J$/ },
  { name: 'colours and attributes', pattern: /^\u001b\[[\d;]*m$/ },
  {
    name: 'style and colour of underlines',
    pattern: /^\u001b\[(?:4:[2-5]|58:5:\d{1,3}|58:2::\d{1,3}:\d{1,3}:\d{1,3})m$/,
  },
  {
    name: 'begin or end a link',
    pattern: /^\u001b\]8;(?:id=forge\d{1,16};(?:https?:\/\/|mailto:)[!-~]{1,2083}|;)\u001b\\$/i,
  },
  { name: 'cursor shape', pattern: /^\u001b\[[0-6] q$/ },
  { name: 'cursor shown or hidden', pattern: /^\u001b\[\?25[hl]$/ },
  { name: 'begin or end a synchronized frame', pattern: /^\u001b\[\?2026[hl]$/ },
  { name: 'enter or leave the alternate screen', pattern: /^\u001b\[\?1049[hl]$/ },
  { name: 'automatic wrap off and on', pattern: /^\u001b\[\?7[hl]$/ },
  { name: 'bracketed paste', pattern: /^\u001b\[\?2004[hl]$/ },
  { name: 'focus events', pattern: /^\u001b\[\?1004[hl]$/ },
  { name: 'mouse reports', pattern: /^\u001b\[\?100[0236][hl]$/ },
  { name: 'ordinary cursor keys, and the keypad', pattern: /^\u001b(?:\[\?1l|[=>])$/ },
  { name: 'flags of the kitty keyboard protocol', pattern: /^\u001b\[(?:>\d{1,2}|=\d{1,2};1|<)u$/ },
  { name: 'modifyOtherKeys of xterm', pattern: /^\u001b\[>4(?:;[012])?m$/ },
  { name: 'what the keyboard can tell, and an answer that every terminal gives', pattern: /^\u001b\[(?:\?u|\?4m|c)$/ },
  { name: 'copy text to the clipboard', pattern: /^\u001b\]52;c;[A-Za-z0-9+/]*={0,2}\u0007$/ },
  {
    name: 'a notification on the desktop',
    pattern:
      /^\u001b\](?:9;forge: [^\u0000-\u001f\u007f-\u009f]{0,400}\u0007|777;notify;forge;[^;\u0000-\u001f\u007f-\u009f]{0,400}\u0007|99;;forge: [^\u0000-\u001f\u007f-\u009f]{0,400}\u001b\\)$/,
  },
  { name: 'bell', pattern: /^\u0007$/ },
];

/** The first thing in `output` that may not be sent: a sequence outside the table, or a stray control character. Or null. */
export function findForbidden(output: string): string | null {
  for (const [token] of output.matchAll(tokenPattern)) {
    if (!isControl.test(token)) continue;
    if (!allowedSequences.some(({ pattern }) => pattern.test(token))) return token;
  }
  return null;
}

// An OSC or DCS with its terminator, a CSI, any other escape with one character, one control character, or text.
const tokenPattern =
  /\u001b[\]P_^X][^\u0007\u001b]*(?:\u0007|\u001b\\)?|\u001b\[[\u0030-\u003f]*[\u0020-\u002f]*[\u0040-\u007e]?|\u001b[^[]?|[\u0000-\u001f\u007f-\u009f]|[^\u0000-\u001f\u007f-\u009f]+/g;
const isControl = /^[\u0000-\u001f\u007f-\u009f]/;
