import type { DiffLine, FileDiff, Hunk, Side } from '../../domain/diff/file-diff.ts';
import { numberOn } from '../../domain/diff/file-diff.ts';
import { readHighlight, type Span } from './read-highlight.ts';

type Highlighter = typeof import('highlight.js/lib/common')['default'];

/** Lines that are coloured at once. What begins before them, as a long comment, is not known to them. */
const linesAtOnce = 120;
/** UTF-16 units of a line that is coloured: longer ones are made by programs. */
const lineLengthMax = 500;
/** A language of which so many lines take longer than this is left without colours, in ms. */
const tooSlowMs = 400;

/** Colours of languages for the lines that are looked at: made after they were drawn, and told by `onChange`. */
export class Syntax {
  readonly #onChange: () => void;
  readonly #spans = new WeakMap<DiffLine, Span[]>();
  readonly #asked = new WeakSet<DiffLine>();
  readonly #given = new Set<string>();
  #waiting: { language: string; lines: readonly DiffLine[] }[] = [];
  #highlighter: Highlighter | null = null;
  #isWorking = false;
  #isDisposed = false;

  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  /** Null: not known, or not yet. */
  spansOf(file: FileDiff, hunk: Hunk, line: DiffLine): readonly Span[] | null {
    const spans = this.#spans.get(line);
    if (spans || this.#asked.has(line)) return spans ?? null;
    const first = Math.floor(hunk.lines.indexOf(line) / linesAtOnce) * linesAtOnce;
    const lines = hunk.lines.slice(first, first + linesAtOnce);
    for (const asked of lines) this.#asked.add(asked);
    const language = languageOf(file.path);
    if (language !== null) this.#waiting.push({ language, lines });
    if (!this.#isWorking && this.#waiting.length > 0) void this.#work();
    return null;
  }

  dispose(): void {
    this.#isDisposed = true;
  }

  async #work(): Promise<void> {
    this.#isWorking = true;
    this.#highlighter ??= (await import('highlight.js/lib/common')).default;
    for (let next = this.#waiting.pop(); next && !this.#isDisposed; next = this.#waiting.pop()) {
      // Between two parts keys are heard.
      await new Promise((done) => setImmediate(done));
      this.#colour(next.language, next.lines);
      this.#onChange();
    }
    this.#isWorking = false;
  }

  #colour(language: string, lines: readonly DiffLine[]): void {
    const known = this.#highlighter as Highlighter;
    if (this.#given.has(language) || !known.getLanguage(language)) return;
    const began = performance.now();
    // What is on both sides is coloured as on the new one.
    for (const side of ['old', 'new'] as const satisfies Side[]) {
      const own = lines.filter((line) => numberOn(line, side) !== null);
      const text = own.map((line) => (line.text.length > lineLengthMax ? '' : line.text)).join('\n');
      const { value } = known.highlight(text, { language, ignoreIllegals: true });
      for (const [index, spans] of readHighlight(value).entries()) {
        const line = own[index];
        if (line) this.#spans.set(line, spans);
      }
    }
    if (performance.now() - began > tooSlowMs) this.#given.add(language);
  }
}

/** What the end of a name says; files without one are known by their names. */
function languageOf(path: string): string | null {
  const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase();
  const dot = name.lastIndexOf('.');
  return dot >= 0 ? name.slice(dot + 1) : (byName[name] ?? null);
}

const byName: Record<string, string> = { makefile: 'makefile', gemfile: 'ruby', rakefile: 'ruby' };
