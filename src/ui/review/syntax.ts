import { type DiffLine, type FileDiff, type Hunk, numberOn, type Side } from '../../domain/diff/file-diff.ts';
import { HighlightThread } from './highlight-thread.ts';
import type { Span } from './read-highlight.ts';

/** Lines that are coloured at once. What begins before them, as a long comment, is not known to them. */
const linesAtOnce = 120;
/** UTF-16 units of a line that is coloured: longer ones are made by programs. */
const lineLengthMax = 500;

/** Colours of languages for the lines that are looked at: they come after these were drawn, told by `onChange`. */
export class Syntax {
  readonly #onChange: () => void;
  readonly #thread: HighlightThread | null;
  readonly #spans = new WeakMap<DiffLine, Span[]>();
  readonly #asked = new WeakSet<DiffLine>();
  #waiting: { language: string; lines: readonly DiffLine[] }[] = [];
  #isWorking = false;

  /** `program`: the thread; null: there are no colours. */
  constructor(program: URL | null, onChange: () => void) {
    this.#thread = program && new HighlightThread(program);
    this.#onChange = onChange;
  }

  /** Null: not known, or not yet. */
  spansOf(file: FileDiff, hunk: Hunk, line: DiffLine): readonly Span[] | null {
    const spans = this.#spans.get(line);
    if (spans || this.#asked.has(line) || !this.#thread) return spans ?? null;
    const first = Math.floor(hunk.lines.indexOf(line) / linesAtOnce) * linesAtOnce;
    const lines = hunk.lines.slice(first, first + linesAtOnce);
    for (const asked of lines) this.#asked.add(asked);
    const language = languageOf(file.path);
    if (language !== null) this.#waiting.push({ language, lines });
    if (!this.#isWorking && this.#waiting.length > 0) void this.#work(this.#thread);
    return null;
  }

  dispose(): void {
    this.#waiting = [];
    this.#thread?.dispose();
  }

  async #work(thread: HighlightThread): Promise<void> {
    this.#isWorking = true;
    // What was looked at last is what is seen.
    for (let next = this.#waiting.pop(); next; next = this.#waiting.pop()) {
      // What is on both sides is coloured as on the new one.
      const sides = (['old', 'new'] as const satisfies Side[]).map((side) => linesOn(next.lines, side));
      const texts = sides.map((lines) => lines.map(textOf).join('\n'));
      for (const [side, spans] of (await thread.ask(next.language, texts)).entries())
        for (const [at, line] of (sides[side] ?? []).entries()) this.#spans.set(line, spans[at] ?? []);
      this.#onChange();
    }
    this.#isWorking = false;
  }
}

function linesOn(lines: readonly DiffLine[], side: Side): DiffLine[] {
  return lines.filter((line) => numberOn(line, side) !== null);
}

function textOf({ text }: DiffLine): string {
  return text.length > lineLengthMax ? '' : text;
}

/** What the end of a name says; files without one are known by their names. */
function languageOf(path: string): string | null {
  const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase();
  const dot = name.lastIndexOf('.');
  return dot >= 0 ? name.slice(dot + 1) : (byName[name] ?? null);
}

const byName: Record<string, string> = { makefile: 'makefile', gemfile: 'ruby', rakefile: 'ruby' };
