import type { PlayedRecording } from '../../ports/played-recording.ts';
import type { Player, PlayerAction } from './player.ts';

type Moments = Pick<PlayedRecording, 'timeAfter' | 'timeBefore'>;

interface PlayerKey {
  keys: readonly string[];
  action(player: Player, moments: Moments): PlayerAction;
}

const always = (action: PlayerAction) => () => action;

/** Every key of a replay but those that leave. */
const playerKeys: readonly PlayerKey[] = [
  { keys: [' '], action: always({ type: 'pause' }) },
  { keys: ['left'], action: always({ type: 'seek', by: -5 }) },
  { keys: ['right'], action: always({ type: 'seek', by: 5 }) },
  { keys: ['down'], action: always({ type: 'seek', by: -30 }) },
  { keys: ['up'], action: always({ type: 'seek', by: 30 }) },
  { keys: [','], action: ({ at }, moments) => ({ type: 'step', to: moments.timeBefore(at) }) },
  { keys: ['.'], action: ({ at }, moments) => ({ type: 'step', to: moments.timeAfter(at) }) },
  { keys: ['+', '='], action: always({ type: 'speed', by: 1 }) },
  { keys: ['-'], action: always({ type: 'speed', by: -1 }) },
  { keys: ['home'], action: always({ type: 'jump', share: 0 }) },
  { keys: ['end'], action: always({ type: 'jump', share: 1 }) },
  ...Array.from({ length: 10 }, (_, tenth) => ({
    keys: [String(tenth)],
    action: always({ type: 'jump', share: tenth / 10 }),
  })),
];

/** What the key does; null when it means nothing. */
export function actionOfKey(key: string, player: Player, moments: Moments): PlayerAction | null {
  return playerKeys.find(({ keys }) => keys.includes(key))?.action(player, moments) ?? null;
}

export const leaveKeys: readonly string[] = ['q', 'escape', 'ctrl+c'];
