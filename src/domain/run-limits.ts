/** What a run may use before a person is asked; null: as much as it likes. Letting it go on grants the same again. */
export interface RunLimits {
  /** Of the clock on the wall, while an agent is at work. */
  minutes: number | null;
  /** Calls of the model. */
  turns: number | null;
  /** In and out, caches included. */
  tokens: number | null;
}

export interface RunUse {
  ms: number;
  turns: number;
  tokens: number;
}

/** Which limit is reached, and how it goes on; null: none. */
export function usedUp({ minutes, turns, tokens }: RunLimits, used: RunUse): string | null {
  const reached =
    minutes !== null && used.ms >= minutes * 60_000
      ? `It has taken ${minutes} min (runLimits.minutes).`
      : turns !== null && used.turns >= turns
        ? `It has called its model ${used.turns} times (runLimits.turns: ${turns}).`
        : tokens !== null && used.tokens >= tokens
          ? `It has used ${used.tokens} tokens (runLimits.tokens: ${tokens}).`
          : null;
  return reached && `${reached} Let it go on for as much again, accept its work, or cancel it.`;
}
