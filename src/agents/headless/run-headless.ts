import type { StartRuntime } from '../../ports/agent-runtime.ts';
import { endTree, startTimeOf } from '../../processes/end-tree.ts';
import { literalPrompt } from '../literal-prompt.ts';
import { KeyReader } from '../terminal/key-reader.ts';
import { programStatus } from '../terminal/program-status.ts';
import { Bridge } from './bridge.ts';
import { ConversationKeys } from './conversation-keys.ts';
import { ConversationScreen, type ScreenOutput } from './conversation-screen.ts';
import { ConversationView } from './conversation-view.ts';
import type { HeadlessArguments } from './headless-arguments.ts';

/** Standard input as far as it is used. */
export interface HeadlessInput {
  setRawMode?(isRaw: boolean): unknown;
  on(event: 'data' | 'end', listener: (data: Uint8Array) => void): unknown;
  pause(): unknown;
}

export interface HeadlessOptions {
  arguments: HeadlessArguments;
  startRuntime: StartRuntime;
  env: Record<string, string>;
  stdin: HeadlessInput;
  stdout: ScreenOutput;
  cwd: string;
  /** Aborts when the process is asked to end. */
  leaving: AbortSignal;
}

/** How long what the agent left behind gets to end when it is left, in ms. */
const graceMs = 2_000;

/** Holds a conversation with a program in this terminal until the person leaves. */
export async function runHeadless(options: HeadlessOptions): Promise<void> {
  const { env, cwd, stdin, stdout } = options;
  const { name, command, conversation, isResumed, fork, record, silenceMs } = options.arguments;
  const { FORGE_PROMPT: prompt = '', ...programEnv } = env;
  const screen = new ConversationScreen(stdout);
  const view = new ConversationView(screen, name, record);
  const runtime = options.startRuntime({
    ...{ command, env: programEnv, cwd, conversation, isResumed, fork },
    hear: (event) => bridge.hear(event),
  });
  const bridge = new Bridge({ runtime, silenceMs, listener: view });
  view.bridge = bridge;
  screen.send(`\x1b]0;${name}\x07`);
  view.introduce([
    `${name} without a screen of its own, in ${cwd}`,
    ...(runtime.canAsk ? [] : ['It cannot ask for permission here: what it may not do is refused.']),
    ...(isResumed ? [`It goes on with the conversation ${conversation}.`] : []),
    ...(fork === null ? [] : ['It begins with a copy of another conversation.']),
  ]);
  const left = new Promise<void>((leave) => {
    const keys = new ConversationKeys(bridge, view, screen, leave);
    const reader = new KeyReader((key) => keys.press(key));
    stdin.setRawMode?.(true);
    stdin.on('data', (data) => reader.write(data));
    stdin.on('end', () => leave());
    options.leaving.addEventListener('abort', () => leave());
  });
  if (prompt !== '') bridge.say(literalPrompt(prompt));
  await left;
  await bridge.close();
  await endLeftovers(env.FORGE_SESSION, cwd);
  screen.send(programStatus('clear', name));
  screen.close(`${name} was left. Its work stays in the worktree.`);
  stdin.setRawMode?.(false);
  stdin.pause();
}

/** What programs of earlier prompts left running: this process is spared. */
async function endLeftovers(session: string | undefined, cwd: string): Promise<void> {
  if (session === undefined || process.platform !== 'linux') return;
  await endTree(process.pid, graceMs, { session, cwd, startTime: startTimeOf(process.pid) });
}
