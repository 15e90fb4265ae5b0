import { plainText } from '../../base/text.ts';
import { paletteRgb } from '../../domain/palette.ts';
import type { ProgramStatus } from '../../domain/session.ts';
import type { Emulator } from '../screen/emulator.ts';

/** Longest title that is kept, in characters. */
const titleMax = 200;
/** Longest message of a program's status that is kept, in characters. */
const messageMax = 500;

/** As many colours are told for one sequence: all there are. */
const coloursMax = 256;

const grey = 'rgb:d4d4/d4d4/d4d4';
const black = 'rgb:1414/1414/1818';
const white = 'rgb:ffff/ffff/ffff';

/** What a program hears when it asks for the colours of text, background and cursor, as XParseColor wants them. */
const darkColours: Record<number, string> = { 10: grey, 11: black, 12: grey };
const lightColours: Record<number, string> = { 10: black, 11: white, 12: black };

/** The terminal that a program is answered as. */
export interface TerminalIdentity {
  version: string;
  isLight: boolean;
}

export interface ProgramSignals {
  onTitle(title: string): void;
  onBell(): void;
  onStatus(status: Omit<ProgramStatus, 'at'>): void;
}

/**
 * Makes the emulator answer a program's questions, once and in the host alone, as one known terminal; and hears what the
 * program says of itself. No answer holds text that the program chose: numbers of modes and colours that there are, at most.
 */
export function answerQueries(
  { terminal, input }: Emulator,
  { version, isLight }: TerminalIdentity,
  reply: (bytes: string) => void,
  signals: ProgramSignals,
): void {
  const { parser } = terminal;
  // DA1, DA2, DSR, CPR, DECRQM and the size in cells: the emulator's own answers.
  terminal.onData(reply);
  terminal.onTitleChange((title) => signals.onTitle(plainText(title).slice(0, titleMax)));
  terminal.onBell(() => signals.onBell());
  parser.registerCsiHandler({ prefix: '>', final: 'q' }, () => {
    reply(`\x1bP>|forge(${version})\x1b\\`);
    return true;
  });
  // Kitty keyboard and modifyOtherKeys: what is in force. Whoever types for the program translates (docs/adr/0007-keyboard-protocols.md).
  parser.registerCsiHandler({ prefix: '?', final: 'u' }, () => {
    reply(`\x1b[?${input.kittyKeyboard}u`);
    return true;
  });
  parser.registerCsiHandler({ prefix: '?', final: 'm' }, ([resource]) => {
    if (resource === 4) reply(`\x1b[>4;${input.modifyOtherKeys}m`);
    return true;
  });
  parser.registerCsiHandler({ prefix: '?', intermediates: '$', final: 'p' }, ([mode]) => {
    const value = input.modeReport(Number(mode));
    if (value !== null) reply(`\x1b[?${mode};${value}$y`);
    return value !== null;
  });
  // The colour scheme, as the protocol of DEC mode 2031 asks for it.
  parser.registerCsiHandler({ prefix: '?', final: 'n' }, ([what]) => {
    if (what === 996) reply(`\x1b[?997;${isLight ? 2 : 1}n`);
    return what === 996;
  });
  for (const [code, value] of Object.entries(isLight ? lightColours : darkColours)) {
    parser.registerOscHandler(Number(code), (data) => {
      if (data === '?') reply(`\x1b]${code};${value}\x1b\\`);
      return true;
    });
  }
  parser.registerOscHandler(4, (data) => {
    reply(paletteAnswers(data));
    return true;
  });
  // The clipboard is the person's: it is neither written nor read here.
  parser.registerOscHandler(52, () => true);
  parser.registerOscHandler(7501, (data) => {
    if (data.trim().startsWith('?')) reply('\x1b]7501;?\x1b\\');
    else {
      const status = parseProgramStatus(data);
      if (status) signals.onStatus(status);
    }
    return true;
  });
}

/** `NUMBER;?` any number of times: the colours that a terminal has when nobody gave it others, each in an answer of its own. */
function paletteAnswers(data: string): string {
  const asked = data.split(';', 2 * coloursMax);
  let answers = '';
  for (let at = 0; at + 1 < asked.length; at += 2) {
    const index = /^\d{1,3}$/.test(asked[at]) && asked[at + 1] === '?' ? Number(asked[at]) : coloursMax;
    if (index < coloursMax) answers += `\x1b]4;${index};${xParseColour(paletteRgb(index))}\x1b\\`;
  }
  return answers;
}

function xParseColour(rgb: number): string {
  const [, red, green, blue] = /(..)(..)(..)/.exec(rgb.toString(16).padStart(6, '0')) ?? [];
  return `rgb:${red}${red}/${green}${green}/${blue}${blue}`;
}

const states = ['idle', 'working', 'blocked', 'done', 'error', 'clear'] as const;

/** `state=blocked:app=claude-code:kind=permission:msg=<base64>`; null when it is not that. */
export function parseProgramStatus(data: string): Omit<ProgramStatus, 'at'> | null {
  const fields = new Map<string, string>();
  for (const part of data.split(/[:;]/)) {
    const at = part.indexOf('=');
    if (at > 0) fields.set(part.slice(0, at).trim(), part.slice(at + 1));
  }
  const state = states.find((candidate) => candidate === fields.get('state'));
  if (!state) return null;
  return {
    state,
    app: plainText(fields.get('app') ?? '').slice(0, 40),
    kind: plainOrNull(fields.get('kind')),
    message: plainOrNull(decode(fields.get('msg'))),
  };
}

function decode(text: string | undefined): string | undefined {
  return text === undefined ? undefined : Buffer.from(text, 'base64').toString('utf8');
}

function plainOrNull(text: string | undefined): string | null {
  const plain = plainText(text ?? '').trim();
  return plain === '' ? null : plain.slice(0, messageMax);
}
