export interface HostileOptions {
  /** Marks, joiners and characters beyond the last column without wrap: cells that no other bytes can make. */
  hasMarks?: boolean;
}

/** Bytes that a program might print to break an emulator: sequences with odd numbers, cut ones, text, characters of all kinds. */
export function hostileStream(random: () => number, parts: number, { hasMarks = true }: HostileOptions = {}): Buffer {
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
  const number = () => pick(['', '', '0', '1', '2', '3', '5', '12', '80', '999', '9999', '99999999', '-1']);
  const numbers = () => Array.from({ length: Math.floor(random() * 3) }, number).join(pick([';', ';', ':']));
  const makers: (() => string | Buffer)[] = [
    () => pick(texts),
    () => pick(hasMarks ? [...texts, ...marked] : texts),
    () => pick(controls),
    () => pick(controls),
    () => `\x1b[${numbers()}${pick(finals)}`,
    () => `\x1b[${numbers()}${pick(finals)}`,
    () => `\x1b[${pick(prefixes)}${numbers()}${pick(intermediates)}${pick(finals)}`,
    () => `\x1b[?${pick(hasMarks ? [...privateModes, '7'] : privateModes)}${pick(['h', 'l', 's', 'r', '$p'])}`,
    () => `\x1b[${pick(['4', '20', '2'])}${pick(['h', 'l'])}`,
    () => `\x1b${pick(escapes)}`,
    () => `\x1b]${pick(oscs)}${pick(['\x07', '\x1b\\', '\x9c', '\x18', ''])}`,
    () => `\x1b${pick(['P', '_', '^', 'X'])}${pick(strings)}${pick(['\x1b\\', '\x18', '\x07', ''])}`,
    () => Buffer.from(Array.from({ length: 1 + Math.floor(random() * 4) }, () => Math.floor(random() * 256))),
  ];
  return Buffer.concat(Array.from({ length: parts }, () => Buffer.from(pick(makers)() as string)));
}

const texts = [
  ...[
    'a',
    'plain text',
    ' ',
    'x'.repeat(40),
    '漢字',
    '🙂',
    '👩‍👩‍👧',
    'ﷺ',
    '한국어',
    '\u00a0',
    '\u202e',
    '\u0000',
    '❤️',
    '🇩🇪🇫🇷',
  ],
];
const marked = [
  ...['e\u0301\u0302', 'ก็', '\u200d', '\ufe0f', '\u0301'.repeat(30), '\u1100\u1161\u11a8', 'नमस्ते', '\u00ad', '1️⃣'],
];
const controls = [
  '\r',
  '\n',
  '\r\n',
  '\b',
  '\t',
  '\x07',
  '\x0b',
  '\x0c',
  '\x0e',
  '\x0f',
  '\x7f',
  '\x18',
  '\u0085',
  '\u008d',
];
const finals = [...'@ABCDEFGHIJKLMPSTXZ`abcdefghlmnpqrstuvwxyz{|}~'];
const prefixes = ['', '?', '>', '<', '=', '!'];
const intermediates = ['', '', ' ', '$', "'", '"', '*', '#'];
const privateModes = [
  ...['1', '3', '5', '6', '9', '12', '25', '45', '47', '66', '1000', '1002', '1003', '1004', '1005', '1006', '1007'],
  ...['1015', '1047', '1048', '1049', '2004', '2026', '47;1049;1047;3', '9001'],
];
const escapes = [
  ...['7', '8', 'c', 'D', 'E', 'H', 'M', 'N', 'O', 'Z', '=', '>', '\\', '#8', '#3', '#6', '(0', '(B', ')0', '*A', '+B'],
  ...['%G', '%@', 'n', 'o', '|', '}', '~', '/A', '-A', ' F', '', '\x1b', '['],
];
const oscs = [
  ...[
    '0;title',
    '2;title\nwith\x01controls',
    '4;1;?',
    '8;;http://a',
    '8;id=x;file:///etc/passwd',
    '8;;',
    '10;?',
    '52;c;?',
  ],
  ...['7501;?', '7501;state=idle', '104', '1337;File=:AAAA', '99999999999;x', ';', ''],
];
const strings = ['$q\nevil', '$qm', '$qr', '+q544e', '1;2|', 'Gq=2', 'tmux;\x1b\x1b[31m', 'q#0;2;0;0;0~', ''];
