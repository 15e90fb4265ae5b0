import { createElement } from 'react';
import { DisposableStack } from '../base/disposable.ts';
import type { PlayedRecording } from '../ports/played-recording.ts';
import { Replay } from './replay/replay.tsx';
import { ReplayModel } from './replay/replay-model.ts';
import { detectColourDepth } from './screen/colour-depth.ts';
import { detectFeatures } from './screen/terminal-features.ts';
import type { TerminalDevice } from './terminal/outer-terminal.ts';
import { runDashboard } from './terminal/run-dashboard.ts';

export interface OpenReplayOptions extends TerminalDevice {
  /** Disposed at the end. */
  recording: PlayedRecording;
  /** 1 is as it was. */
  speed: number;
  env: Record<string, string>;
}

/** Plays a recording on the terminal until the person leaves. */
export async function openReplay({ recording, speed, env, ...device }: OpenReplayOptions): Promise<void> {
  const held = new DisposableStack();
  const model = held.use(new ReplayModel(recording, speed));
  const left = Promise.withResolvers<void>();
  try {
    const terminal = held.use(
      runDashboard({
        ...device,
        element: createElement(Replay, { model, onLeave: left.resolve }),
        // Nobody types into a recording: every key is for the replay, the leader of a dashboard too.
        leader: 'ctrl+q',
        typing: () => null,
        onLeader: () => {},
        colours: detectColourDepth(env),
        features: detectFeatures(env),
      }),
    );
    await Promise.race([left.promise, terminal.finished]);
  } finally {
    held.dispose();
  }
}
