import { expect, test } from 'vitest';
import { inputMark } from '../../src/agents/gemini/rules.ts';
import { type InputScreen, inputText, isInInput } from '../../src/domain/input-screen.ts';

/** A screen with the cursor at ▮. */
function screen(...rows: string[]): InputScreen {
  const y = rows.findIndex((row) => row.includes('▮'));
  const [before = '', behind = ''] = rows[y]?.split('▮') ?? [];
  const clean = rows.map((row) => row.replace('▮', ''));
  return { rows: clean, before: [...clean.slice(0, y), before], behind, isPasteOn: true };
}

test.each<{ says: string; text: string; rows: string[]; isThere: boolean }>([
  { says: 'a line', text: 'fix it', rows: ['❯ fix it▮'], isThere: true },
  { says: 'the same line, said before', text: 'fix it', rows: ['❯ fix it', '● Done.', '❯ ▮'], isThere: false },
  {
    says: 'a text in a frame, wrapped',
    text: 'fix the login now',
    rows: ['│ ❯ fix the │', '│   login now▮ │'],
    isThere: true,
  },
  {
    says: 'the end of a long text',
    text: `${'x '.repeat(900)}the end of it`,
    rows: ['  x x x', '  the end of it▮'],
    isThere: true,
  },
  { says: 'wide letters', text: '漢字 🙂', rows: ['› 漢字 🙂▮'], isThere: true },
  { says: 'a text without letters', text: '?!', rows: ['› ?!▮'], isThere: true },
  { says: 'other text', text: 'fix it', rows: ['❯ fix that▮'], isThere: false },
  { says: 'the mark of a paste', text: 'long', rows: ['❯ [Pasted text #1 +39 lines]▮'], isThere: true },
  { says: 'another mark of a paste', text: 'long', rows: ['› [Pasted Content 3000 chars]▮'], isThere: true },
  { says: 'a third one', text: 'long', rows: ['┃  [Pasted ~3 lines] ▮'], isThere: true },
  { says: 'a picture and a line', text: '/w/a.png what is it?', rows: ['› [Image #1] what is it?▮'], isThere: true },
  { says: 'a picture behind its line', text: '/w/a.png what?', rows: ['┃  what?[Image 1] ▮'], isThere: true },
  {
    says: 'a named picture and a line',
    text: String.raw`@/w/my\ shot.png what is it?`,
    rows: [' > [Image my shot.png] what is it?▮'],
    isThere: true,
  },
  {
    says: 'another line behind a picture',
    text: '@/w/a.png what is it?',
    rows: [' > [Image a.png] why?▮'],
    isThere: false,
  },
  { says: 'a line that a shell has taken', text: 'make', rows: ['$ make', '▮'], isThere: false },
])('$says is in the input: $isThere', ({ text, rows, isThere }) => {
  expect(isInInput(text, screen(...rows), null)).toBe(isThere);
});

test.each<{ says: string; rows: string[]; isThere: boolean }>([
  { says: 'with a new line behind it', rows: [' > fix it', '   ▮'], isThere: true },
  { says: 'the mark of a paste, and a new line', rows: [' > [Pasted Text: 9 lines]', '   ▮'], isThere: true },
  { says: 'said before', rows: [' > fix it', '✦ Done.', ' > ▮  Type your message'], isThere: false },
])('in an input that is known by its mark: $says', ({ rows, isThere }) => {
  expect(isInInput('fix it', screen(...rows), inputMark)).toBe(isThere);
});

test('right above an empty input it was said, and does not stand in it', () => {
  const rows = ['› talk about it', '  and more', '────', '› ▮'];
  expect(isInInput('talk about it\nand more', screen(...rows), /^[›…]\s*/)).toBe(false);
  expect(isInInput('talk about it\nand more', screen('› talk about it', '  and more▮'), /^[›…]\s*/)).toBe(true);
});

test('behind a picture too, with a new line behind it', () => {
  const seen = screen(' > [Image my shot.png] fix it', '   ▮');
  expect(isInInput(String.raw`@/w/my\ shot.png fix it`, seen, inputMark)).toBe(true);
});

test.each<{ says: string; rows: string[]; draft: string | null }>([
  { says: 'empty', rows: ['❯ ▮Try "fix it"'], draft: '' },
  { says: 'text', rows: ['❯ earlier', '● Done.', '❯ half a▮'], draft: 'half a' },
  { says: 'several lines', rows: ['❯ half', '  a▮'], draft: 'half\n  a' },
  { says: 'a dialog', rows: ['Trust it?', ' ▮❯ No', '   Yes'], draft: null },
])('the input holds $says', ({ rows, draft }) => {
  expect(inputText(screen(...rows), /^❯\s*/)).toBe(draft);
});
