import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { ThrowAwayWorld } from './throw-away-world.ts';

/** Whether there is a tmux to compare with. */
export function hasTmux(): boolean {
  return spawnSync('tmux', ['-V']).status === 0;
}

/** A tmux of its own: no settings of the machine, no status line, and a socket inside the world's folder. */
export class TmuxServer {
  readonly #server: string[];
  readonly #env: Record<string, string>;

  constructor({ root, env }: ThrowAwayWorld) {
    this.#server = ['-S', join(root, 'tmux'), '-f', '/dev/null'];
    this.#env = env;
  }

  /** A session of `panes` tiled panes, each with `command`; the command line that attaches to it. */
  newSession(name: string, command: string, panes: number): string[] {
    // A server lives as long as it has a session, and settings are made on a server: one that does nothing holds it.
    this.#tmux('new-session', '-d', '-s', `${name}-holder`, 'cat');
    this.#tmux('set', '-g', 'history-limit', '2000');
    this.#tmux('set', '-s', 'escape-time', '0');
    this.#tmux('set', '-g', 'status', 'off');
    this.#tmux('new-session', '-d', '-x', '200', '-y', '60', '-s', name, command);
    for (let n = 1; n < panes; n++) {
      this.#tmux('split-window', '-t', name, command);
      this.#tmux('select-layout', '-t', name, 'tiled');
    }
    return ['tmux', ...this.#server, 'attach', '-t', name];
  }

  dispose(): void {
    spawnSync('tmux', [...this.#server, 'kill-server'], { env: this.#env });
  }

  #tmux(...args: string[]): void {
    execFileSync('tmux', [...this.#server, ...args], { env: this.#env });
  }
}
