import type { Terminal } from '@xterm/headless';
import type { CellLink } from '../../domain/cells.ts';
import { isAllowedLink } from '../../domain/links.ts';
import { setLink } from './internals.ts';

/** Links whose name is remembered, so that what a program writes later joins them: more than a screen shows. */
const namedMax = 256;

/** Longest name of a link, in UTF-16 units; a longer one counts as none. */
const nameMax = 250;

/**
 * Hyperlinks (OSC 8), in place of the emulator's own, which looks through all lines of a link with each character and never
 * lets go of a link that is not closed. Where a link may not lead, its text is plain.
 */
export class Links {
  readonly #named = new Map<string, CellLink>();

  constructor(terminal: Terminal) {
    terminal.parser.registerOscHandler(8, (data) => {
      const [, parameters, uri] = /^([^;]*);(.*)$/s.exec(data) ?? [];
      if (parameters === undefined || uri === undefined) return true;
      setLink(terminal, isAllowedLink(uri) ? this.#link(nameIn(parameters), uri) : null);
      return true;
    });
  }

  #link(name: string, uri: string): CellLink {
    const id = inheritedName.test(name) ? '' : name;
    if (name === '') return { uri, id };
    const key = `${name};${uri}`;
    const link = this.#named.get(key) ?? { uri, id };
    this.#named.delete(key);
    this.#named.set(key, link);
    if (this.#named.size > namedMax) this.#named.delete(this.#named.keys().next().value as string);
    return link;
  }
}

/** What a snapshot calls links that have no name, to tell them apart. */
const inheritedName = /^~\d+$/;

function nameIn(parameters: string): string {
  const name = /(?:^|:)id=([^:]*)/.exec(parameters)?.[1] ?? '';
  return name.length > nameMax ? '' : name;
}
