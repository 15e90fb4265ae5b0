import { age, clockTime } from '../base/age.ts';
import type { SessionStatus } from './session.ts';

/** `limited until 14:05, 12m left`, on the person's clock; of any other state its name. */
export function stateWord({ state, until }: SessionStatus, now: number): string {
  if (state !== 'limited' || until == null) return state;
  return `limited until ${clockTime(until)}, ${age(until - now)} left`;
}
