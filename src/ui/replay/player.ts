/** How fast a recording is played; `+` and `-` go from one to the next. */
export const speeds = [0.25, 0.5, 1, 2, 4, 8, 16] as const;

/** Where playing stands. This file reads no clock: time comes in as ticks. */
export interface Player {
  /** Seconds of the recording. */
  at: number;
  readonly length: number;
  speed: number;
  isPaused: boolean;
}

export type PlayerAction =
  /** So many ms of the person's time have passed. */
  | { type: 'tick'; ms: number }
  | { type: 'pause' }
  /** So many seconds from here. */
  | { type: 'seek'; by: number }
  /** To a moment, and stop there. */
  | { type: 'step'; to: number | null }
  /** To a share of the whole, 0 to 1. */
  | { type: 'jump'; share: number }
  | { type: 'speed'; by: 1 | -1 };

/** The player after the action. At its end it pauses; going on from there begins again. */
export function play(player: Player, action: PlayerAction): Player {
  switch (action.type) {
    case 'tick':
      if (player.isPaused) return player;
      return ended(placed(player, player.at + (action.ms / 1000) * player.speed));
    case 'pause':
      if (player.isPaused && player.at >= player.length) return { ...player, at: 0, isPaused: false };
      return { ...player, isPaused: !player.isPaused };
    case 'seek':
      return placed(player, player.at + action.by);
    case 'step':
      return action.to === null ? player : { ...placed(player, action.to), isPaused: true };
    case 'jump':
      return placed(player, player.length * action.share);
    case 'speed':
      return { ...player, speed: nextSpeed(player.speed, action.by) };
  }
}

function placed(player: Player, at: number): Player {
  return { ...player, at: Math.min(player.length, Math.max(0, at)) };
}

function ended(player: Player): Player {
  return player.at >= player.length ? { ...player, isPaused: true } : player;
}

function nextSpeed(speed: number, by: 1 | -1): number {
  const next = by > 0 ? speeds.find((other) => other > speed) : speeds.findLast((other) => other < speed);
  return next ?? speed;
}
