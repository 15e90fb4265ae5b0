import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { ThrowAwayWorld } from './throw-away-world.ts';

/** Whether there is a tmux to compare with. */
export function hasTmux(): boolean {
  return spawnSync('tmux', ['-V']).status === 0;
}

/** A tmux of its own, which ends with its world: no settings of the machine, no status line, a socket inside the world's folder. */
export class TmuxServer {
  readonly #server: string[];
  readonly #env: Record<string, string>;
  #isStarted = false;

  constructor({ root, env, ends }: ThrowAwayWorld) {
    ends.push(() => spawnSync('tmux', [...this.#server, 'kill-server'], { env }));
    this.#server = ['-S', join(root, 'tmux'), '-f', '/dev/null'];
    this.#env = env;
  }

  /** A session of `panes` tiled panes, each with `command`; the command line that attaches to it. */
  newSession(
    name: string,
    command: string | ((pane: number) => string),
    panes = 1,
    { cols = 200, rows = 60 } = {},
  ): string[] {
    const commandOf = typeof command === 'string' ? () => command : command;
    this.start();
    this.#tmux('new-session', '-d', '-x', String(cols), '-y', String(rows), '-s', name, commandOf(0));
    for (let n = 1; n < panes; n++) {
      this.#tmux('split-window', '-t', name, commandOf(n));
      this.#tmux('select-layout', '-t', name, 'tiled');
    }
    return ['tmux', ...this.#server, 'attach', '-t', name];
  }

  /** The server without any session of ours, unless it runs; its process id. `history`: lines kept a pane. */
  start(history = 2000): number {
    if (!this.#isStarted) {
      this.#isStarted = true;
      // A server lives as long as it has a session, and settings are made on a server: one that does nothing holds it.
      this.#tmux('new-session', '-d', '-s', 'holder', 'cat');
      this.#tmux('set', '-g', 'history-limit', String(history));
      this.#tmux('set', '-s', 'escape-time', '0');
      this.#tmux('set', '-g', 'status', 'off');
    }
    return Number(this.#tmux('display-message', '-p', '#{pid}'));
  }

  #tmux(...args: string[]): string {
    return execFileSync('tmux', [...this.#server, ...args], { env: this.#env, encoding: 'utf8' });
  }
}
