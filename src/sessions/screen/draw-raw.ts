import { type CellLink, underlineStyle } from '../../domain/cells.ts';
import { styleOf, underlineColourOf, underlineStyleOf } from './blit.ts';
import { styleCodes } from './draw-rows.ts';
import { cellMask, linkOf, type RawLine, type RawStyle } from './internals.ts';

/**
 * Addresses of links in one picture, in characters, then links are left out: those of a screen whose every cell has one of its
 * own would take 20 MB, and each segment of a recording begins with a picture.
 */
const linkCharactersMax = 1024 * 1024;

/** Writes cells as the emulator keeps them: blanks that nobody wrote stay such, and links keep what tells them apart. */
export class RawPen {
  #style = '';
  /** What it was made for: nearly every cell looks as the one before it. */
  #last: Partial<RawStyle> = {};
  #link: CellLink | null = null;
  #linkCharacters = 0;
  readonly #linkNumbers = new Map<CellLink, number>();

  /** The whole row as it stands from its first column on. `isWhole`: up to the last column, so that the next is its wrap. */
  row(line: RawLine, cols: number, isWhole: boolean): string {
    const { _data: data, _combined: combined, _extendedAttrs: extended } = line;
    let text = '';
    let skipped = 0;
    for (let x = 0; x < cols; x++) {
      const content = data[x * 3] ?? 0;
      const foreground = data[x * 3 + 1] ?? 0;
      const background = data[x * 3 + 2] ?? 0;
      const isLast = isWhole && x === cols - 1;
      const width = content >>> cellMask.widthShift;
      if (width === 0 && x > 0 && (data[x * 3 - 3] ?? 0) >>> cellMask.widthShift === 2) continue;
      // Half of a wide character without its other half shows as a blank.
      const isCut =
        width === 0 || (width === 2 && (x === cols - 1 || (data[x * 3 + 3] ?? 0) >>> cellMask.widthShift !== 0));
      const isUnwritten = (content & (cellMask.codePoint | cellMask.isCombined)) === 0;
      if (isUnwritten && foreground === 0 && background === 0 && !isLast) {
        skipped++;
        continue;
      }
      if (skipped > 0) text += right(skipped);
      skipped = 0;
      const marks = background & cellMask.hasExtended ? extended[x] : undefined;
      const { foreground: sameColour, background: sameGround, extended: sameMarks } = this.#last;
      if (foreground !== sameColour || background !== sameGround || marks !== sameMarks) {
        text += this.style({ foreground, background, extended: marks });
      }
      if (isUnwritten && foreground === 0 && background >>> 26 === 0 && !isLast) text += `\x1b[X${right(1)}`;
      else text += isCut ? ' ' : apart(characters(content, combined[x]));
    }
    return text;
  }

  /** What makes the next characters look so. */
  style(look: Partial<RawStyle>): string {
    const { foreground, background, extended } = look;
    this.#last = look;
    const { foreground: colour, background: ground, attributes } = styleOf(foreground ?? 0, background ?? 0);
    const has = extended && (background ?? 0) & cellMask.hasExtended ? extended : null;
    const lines = has === null || !((foreground ?? 0) & cellMask.underline) ? 0 : underlineStyleOf(has);
    const underlineColour = extended ? underlineColourOf(extended) : 0;
    const isProtected = ((background ?? 0) & cellMask.isProtected) !== 0;
    const style = `${styleCodes(colour, ground, attributes | (lines & underlineStyle.mask), underlineColour)}${isProtected ? '\x1b[1"q' : ''}`;
    const text = style === (this.#style || styleCodes(0, 0, 0)) ? '' : style;
    this.#style = style;
    return text + this.#linkTo(has === null ? null : linkOf(has));
  }

  /** Nothing of what was written so far shapes what follows. */
  end(): string {
    return this.style({});
  }

  #linkTo(wanted: CellLink | null): string {
    if (wanted === this.#link) return '';
    const link = this.#linkCharacters < linkCharactersMax ? wanted : null;
    if (link === this.#link) return '';
    this.#link = link;
    this.#linkCharacters += link?.uri.length ?? 0;
    return link === null ? '\x1b]8;;\x1b\\' : `\x1b]8;id=${link.id || this.#nameOf(link)};${link.uri}\x1b\\`;
  }

  #nameOf(link: CellLink): string {
    const number = this.#linkNumbers.get(link) ?? this.#linkNumbers.size + 1;
    this.#linkNumbers.set(link, number);
    return `~${number}`;
  }
}

/** SI, which does nothing else here, keeps a character from joining the one before it. */
function apart(text: string): string {
  const code = text.charCodeAt(0);
  const isAlone = code < 0x300 || (code >= 0x2500 && code < 0x25a0) || (code >= 0x3041 && code < 0xa000);
  return isAlone ? text : `\x0f${text}`;
}

/** Text of a cell; '' for the right half of a wide one. */
export function characters(content: number, combined: string | undefined): string {
  if (content >>> cellMask.widthShift === 0) return '';
  if (content & cellMask.isCombined) return combined ?? ' ';
  const codePoint = content & cellMask.codePoint;
  return codePoint === 0 ? ' ' : String.fromCodePoint(codePoint);
}

function right(count: number): string {
  return `\x1b[${count === 1 ? '' : count}C`;
}
