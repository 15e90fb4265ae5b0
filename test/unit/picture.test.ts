import { expect, test } from 'vitest';
import { CellBuffer } from '../../src/domain/cells.ts';
import { renderPicture } from '../../src/ui/picture/render-picture.ts';
import { TestScreen } from '../support/test-screen.ts';

function picture(cols: number, rows: number, bytes: string): string {
  const screen = new TestScreen(cols, rows);
  screen.write(bytes);
  const buffer = new CellBuffer(cols, rows);
  screen.blit(buffer, 0, 0, cols, rows);
  screen.dispose();
  return renderPicture(buffer);
}

test('characters have their own places, wide ones too, and markup is text', () => {
  const svg = picture(12, 1, 'a <b>漢&');
  expect(svg).toContain('<tspan x="18 27 36" y="14" fill="#d7dae0">&lt;b&gt;</tspan>');
  expect(svg).toContain('<tspan x="63" y="14" fill="#d7dae0">&amp;</tspan>');
  expect(svg).toContain('<tspan x="45" y="14" fill="#d7dae0">漢</tspan>');
});

test('colours, inverse and underline are drawn', () => {
  const svg = picture(8, 1, '\u001b[1;38;2;1;2;3mx\u001b[m\u001b[7mi\u001b[m\u001b[4mu\u001b[m');
  expect(svg).toContain('fill="#010203" font-weight="700">x<');
  expect(svg).toContain('<rect x="9" y="0" width="9" height="19" fill="#d7dae0"/>');
  expect(svg).toContain('<rect x="18" y="16" width="9" height="1" fill="#d7dae0"/>');
});

test('lines are drawn, so that they meet', () => {
  expect(picture(3, 1, '┌─┐').match(/<path /g)).toHaveLength(3);
});
