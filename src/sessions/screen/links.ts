import type { Terminal } from '@xterm/headless';
import { isAllowedLink } from '../../domain/links.ts';
import { type HeldLink, setLink } from './internals.ts';

/** Links whose name is remembered, so that what a program writes later joins them: more than a screen shows. */
const namedMax = 256;

/** Longest name of a link, in UTF-16 units; a longer one counts as none. */
const nameMax = 250;

/**
 * What the links of a terminal may hold, in characters: some 30,000 usual links, or 2,000 of the longest. Each cell of the history may
 * have one of its own: in 1,000 lines of 80 they were 180 MB.
 */
const charactersMax = 4 * 1024 * 1024;

/** What a link costs beside its address, in characters. */
const linkCharacters = 64;

/**
 * Hyperlinks (OSC 8), in place of the emulator's own, which looks through all lines of a link with each character and never
 * lets go of a link that is not closed. Where a link may not lead, its text is plain; and so is the text of the oldest links when
 * there are too many.
 */
export class Links {
  readonly #named = new Map<string, HeldLink>();
  /** All links of the newer and of the older half of `charactersMax`. */
  #newer: HeldLink[] = [];
  #older: HeldLink[] = [];
  #newerCharacters = 0;

  constructor(terminal: Terminal) {
    terminal.parser.registerOscHandler(8, (data) => {
      const [, parameters, uri] = /^([^;]*);(.*)$/s.exec(data) ?? [];
      if (parameters === undefined || uri === undefined) return true;
      // The address may be a slice of all the data, which it then holds.
      setLink(terminal, isAllowedLink(uri) ? this.#link(nameIn(parameters), uri, data.length) : null);
      return true;
    });
  }

  #link(name: string, uri: string, characters: number): HeldLink {
    const id = inheritedName.test(name) ? '' : name;
    if (name === '') return this.#hold(uri, id, characters);
    const key = `${name};${uri}`;
    const known = this.#named.get(key);
    const held = known?.link ? known : this.#hold(uri, id, characters);
    this.#named.delete(key);
    this.#named.set(key, held);
    if (this.#named.size > namedMax) this.#named.delete(this.#named.keys().next().value as string);
    return held;
  }

  #hold(uri: string, id: string, characters: number): HeldLink {
    const held = { link: { uri, id } };
    this.#newer.push(held);
    this.#newerCharacters += characters + linkCharacters;
    if (this.#newerCharacters > charactersMax / 2) {
      for (const old of this.#older) old.link = null;
      this.#older = this.#newer;
      this.#newer = [];
      this.#newerCharacters = 0;
    }
    return held;
  }
}

/** What a snapshot calls links that have no name, to tell them apart. */
const inheritedName = /^~\d+$/;

function nameIn(parameters: string): string {
  const name = /(?:^|:)id=([^:]*)/.exec(parameters)?.[1] ?? '';
  return name.length > nameMax ? '' : name;
}
